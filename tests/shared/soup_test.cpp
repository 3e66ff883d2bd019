// Whatever the text: it is read without harm, and what is read is written so that it is read again.
#include "tests/support/soup.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "shared/core/text.hpp"
#include "shared/markdown/blocks.hpp"
#include "shared/markdown/links.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/studio.hpp"
#include "shared/query/parser.hpp"
#include "shared/query/print.hpp"

namespace dits {

namespace {

using query::test::Random;
using test::soup;
using Pieces = std::vector<std::string_view>;

void check_spans(const std::vector<markdown::Span>& spans) {
  for (const markdown::Span& span : spans) {
    const bool has_target = span.kind == markdown::SpanKind::link ||
                            (span.kind == markdown::SpanKind::image && !span.target.empty());
    if (has_target) REQUIRE(markdown::is_safe_link(span.target));
    REQUIRE(is_storable_text(span.text));
  }
}

void check_blocks(const std::vector<markdown::Block>& blocks, std::size_t depth) {
  REQUIRE(depth <= markdown::max_block_depth + 4);
  for (const markdown::Block& block : blocks) {
    check_spans(block.spans);
    for (const auto& row : block.rows) {
      for (const auto& cell : row) check_spans(cell);
    }
    check_blocks(block.children, depth + 1);
  }
}

}  // namespace

TEST_CASE("whatever is written as a query is printed so that it is the same query") {
  Random random(1);
  const Pieces pieces = {"a",     "*",    "#",       "12",     ",",         ":",        "-",
                         "(",     ")",    "\"",      "\\",     " ",         " ",        "OR ",
                         "NOT ",  "AND ", "text:",   "label:", "due:",      "sort:",    "is:",
                         "open",  "7d",   "..",      "<",      ">=",        "2026-02",  "+",
                         "title", "no:",  "parent:", "high",   "priority:", "\xC3\xA4", "\xE3\x80\x80",
                         "today"};
  int good = 0;
  for (int round = 0; round < 40'000; ++round) {
    const std::string text = soup(random, pieces, 12);
    CAPTURE(text);
    const query::Parsed parsed = query::read_query(text);
    if (parsed.problem) continue;
    ++good;
    const std::string printed = query::print_query(parsed.query);
    const query::Parsed again = query::read_query(printed);
    REQUIRE_MESSAGE(!again.problem, printed);
    REQUIRE_MESSAGE(again.query == parsed.query, printed);
  }
  CHECK(good > 1'000);
}

TEST_CASE("whatever is typed into Studio's filter is written so that it is the same filter") {
  Random random(2);
  const Pieces pieces = {"a", "b_1", " ", " ", " is ", " null", " not ", " and ", "=",          "<",
                         ">", "!",   "~", "'", "''",   "\"",    "x y",   "IS",    "2026-01-02", ";"};
  int good = 0;
  for (int round = 0; round < 40'000; ++round) {
    const std::string text = soup(random, pieces, 12);
    CAPTURE(text);
    const Result<StudioFilter> filter = parse_studio_filter(text);
    if (!filter) continue;
    ++good;
    const std::string printed = filter_text(*filter);
    const Result<StudioFilter> again = parse_studio_filter(printed);
    REQUIRE_MESSAGE(again.has_value(), printed);
    REQUIRE_MESSAGE(again->words == filter->words, printed);
    REQUIRE(again->conditions.size() == filter->conditions.size());
    for (std::size_t at = 0; at < filter->conditions.size(); ++at) {
      REQUIRE(condition_text(again->conditions[at]) == condition_text(filter->conditions[at]));
      REQUIRE(again->conditions[at].op == filter->conditions[at].op);
    }
  }
  CHECK(good > 1'000);
}

TEST_CASE("whatever a file is called, its name can be kept and stays as it is") {
  Random random(3);
  const Pieces pieces = {"a",
                         "/",
                         "\\",
                         ".",
                         "..",
                         " ",
                         "\t",
                         "\x7F",
                         "\"",
                         "\xC3\xA4",
                         "\xE2\x80\x8B",
                         ":",
                         "*",
                         ".tar.gz",
                         "0123456789012345678901234567890123456789012345678901234567890123456789",
                         "\xF0\x9F\x98\x80"};
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = soup(random, pieces, 10);
    CAPTURE(text);
    Attachment file;
    file.file_name = attachment_name_from(text);
    REQUIRE(attachment_name_from(file.file_name) == file.file_name);
    REQUIRE(file.file_name.size() <= 255);
    REQUIRE(is_storable_text(file.file_name));
    REQUIRE(file.file_name.find_first_of("/\\\"") == std::string::npos);
  }
}

TEST_CASE("whatever is written as markdown is parsed without harm, and leads nowhere dangerous") {
  Random random(4);
  const Pieces pieces = {"a",
                         " ",
                         "\n",
                         "\n\n",
                         "*",
                         "**",
                         "_",
                         "~",
                         "~~",
                         "`",
                         "```\n",
                         "[",
                         "]",
                         "(",
                         ")",
                         "![",
                         "](",
                         "]()",
                         "<",
                         ">",
                         "<b>",
                         "</b>",
                         "<a href=\"",
                         "javascript:x",
                         "https://x.y",
                         "\">",
                         "</a>",
                         "<!--",
                         "-->",
                         "<div>",
                         "</div>\n",
                         "<pre>",
                         "</pre>",
                         "<img src=x>",
                         "<li>",
                         "<summary>",
                         "# ",
                         "- ",
                         "- [ ] ",
                         "1. ",
                         "> ",
                         "|",
                         "|a|b|\n|-|-|\n|",
                         "---\n",
                         "#12",
                         "&amp;",
                         "&",
                         "\\",
                         "\t",
                         "    ",
                         "www.a.b",
                         "\xC3\xA4",
                         "[x]: /y\n"};
  for (int round = 0; round < 60'000; ++round) {
    const std::string text = soup(random, pieces, 16);
    CAPTURE(text);
    check_blocks(markdown::parse(text), 0);
  }
}

}  // namespace dits
