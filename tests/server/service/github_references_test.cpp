// References in texts from GitHub: found where the markdown parser sees running text, and nowhere else.
#include "server/service/github_references.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "shared/markdown/blocks.hpp"

using namespace dits;

namespace {

constexpr std::string_view home = "https://github.com/example/tool";

// Issues 3, 7 and 12 of example/tool are here as 1, 2 and 3; 5 of other/repo is 50.
std::optional<std::int64_t> number_here(const GithubAddress& to) {
  if (to.home == "https://github.com/other/repo" && to.number == 5) return 50;
  if (to.home != home) return std::nullopt;
  return to.number == 3    ? std::optional<std::int64_t>(1)
         : to.number == 7  ? std::optional<std::int64_t>(2)
         : to.number == 12 ? std::optional<std::int64_t>(3)
                           : std::nullopt;
}

std::string brought(std::string_view text) { return GithubText(text, home).with_numbers(number_here); }

void collect_mentions(const std::vector<markdown::Block>& blocks, std::vector<std::int64_t>& numbers) {
  const auto take = [&](const std::vector<markdown::Span>& spans) {
    for (const markdown::Span& span : spans) {
      if (span.kind == markdown::SpanKind::mention) numbers.push_back(span.number);
    }
  };
  for (const markdown::Block& block : blocks) {
    take(block.spans);
    for (const auto& row : block.rows) {
      for (const auto& cell : row) take(cell);
    }
    collect_mentions(block.children, numbers);
  }
}

}  // namespace

TEST_CASE("references become numbers of here, or links to where they lead") {
  const std::pair<std::string, std::string> cases[] = {
      {"Fixes #3.", "Fixes #1."},
      {"#3, #7 (#12) [#3] _#3_ **#7**", "#1, #2 (#3) [#1] _#1_ **#2**"},
      {"see #99", "see [#99](https://github.com/example/tool/issues/99)"},
      {"GH-12, gh-3 and GH-4", "#3, #1 and [GH-4](https://github.com/example/tool/issues/4)"},
      {"example/tool#12 other/repo#3 other/repo#5",
       "#3 [other/repo#3](https://github.com/other/repo/issues/3) #50"},
      {"https://github.com/example/tool/issues/3 <https://github.com/example/tool/pull/7>.", "#1 #2."},
      {"(https://github.com/example/tool/issues/3), https://github.com/example/tool/issues/12.", "(#1), #3."},
      {"https://github.com/example/tool/issues/99", "https://github.com/example/tool/issues/99"},
      {"[#3](https://github.com/example/tool/issues/3) and [#98](https://github.com/example/tool/issues/98)",
       "#1 and [#98](https://github.com/example/tool/issues/98)"},
      {"- [ ] #3\n- [x] #99", "- [ ] #1\n- [x] [#99](https://github.com/example/tool/issues/99)"},
      {"| a | b |\n|---|---|\n| #3 | GH-7 |", "| a | b |\n|---|---|\n| #1 | #2 |"},
      {"# About #3\n\n> #7\n> #12", "# About #1\n\n> #2\n> #3"},
      {"\\#3 \\\\#99 \\#99",
       "\\#1 \\\\[#99](https://github.com/example/tool/issues/99) "
       "[#99](https://github.com/example/tool/issues/99)"},
      {"<details>\n\n#3\n\n</details>", "<details>\n\n#1\n\n</details>"},
      {"<p>#3 and #99</p>", "<p>#1 and <a href=\"https://github.com/example/tool/issues/99\">#99</a></p>"},
      {"<b>#99</b>", "<b>[#99](https://github.com/example/tool/issues/99)</b>"},
      {"#12… #12–#3 #12—#7 «#3» #12&nbsp;b", "#3… #3–#1 #3—#2 «#1» #3&nbsp;b"},
      {"日本#12 #12日本 見てexample/tool#3、GH-12。", "日本#3 #3日本 見て#1、#3。"},
      {"https://github.com/example/tool/issues/12,https://github.com/example/tool/issues/7", "#3,#2"},
      {"https://github.com/example/tool/issues/99,https://github.com/example/tool/issues/7",
       "<https://github.com/example/tool/issues/99>,#2"},
      {"http://github.com/example/tool/issues/12/ https://github.com/example/tool/issues/3/.", "#3 #1."}};
  for (const auto& [text, expected] : cases) CHECK(brought(text) == expected);
}

TEST_CASE("code, links, tags, comments and what only looks like a reference stay as they are") {
  const std::string texts[] = {"`#3` and ``GH-12``",
                               "```\n#3 example/tool#3\nhttps://github.com/example/tool/issues/3\n```",
                               "    #3 in an indented block",
                               "~~~\n#3",
                               "[see #3](https://example.org/#3)",
                               "[fix](https://github.com/example/tool/issues/3)",
                               "![#3](https://example.org/3.png)",
                               "<!-- #3 -->",
                               "<a href=\"https://github.com/example/tool/issues/3\">here</a>",
                               "<code>#3</code> <kbd>GH-3</kbd>",
                               "<pre>\n#3\n</pre>",
                               "https://github.com/example/tool/issues/3#issuecomment-1",
                               "https://github.com/example/tool/pull/7/files",
                               "https://github.com/example/tool/issues/33x",
                               "item#3 ##3 #3a #03 #1234567890 C# & &#51;",
                               "HIGH-12 AGH-3 x-GH-3",
                               "é#3 #3é ж#3 éGH-3 https://github.com/example/tool/issues/3/x",
                               "`a` and no reference at all"};
  for (const std::string& text : texts) CHECK(brought(text) == text);
}

TEST_CASE("whatever surrounds it, no mention of the text is left with a number of there") {
  const std::string wraps[] = {"@",
                               "*@*",
                               "**@** x",
                               "~~@~~",
                               "> @",
                               "1. @",
                               "* a\n  * @",
                               "x @, @.",
                               "(@)[@]",
                               "| @ |\n|-|\n| @ |",
                               "<b>@</b>",
                               "<p>@\n@",
                               "<div>\n\n@\n</div>",
                               "@\n===",
                               "`a` @ `b`",
                               "\"@\"",
                               "a<br>@",
                               "[a]: x\n\n@",
                               "<li>@</li>",
                               "\\@"};
  const std::string references[] = {
      "#3", "#99", "GH-3", "GH-99", "example/tool#7", "a/b#8", "https://github.com/example/tool/issues/12"};
  for (const std::string& wrap : wraps) {
    for (const std::string& reference : references) {
      std::string text;
      for (const char c : wrap) c == '@' ? text += reference : text += c;
      const std::string result = brought(text);
      CAPTURE(text);
      CAPTURE(result);
      std::vector<std::int64_t> numbers;
      collect_mentions(markdown::parse(result), numbers);
      for (const std::int64_t number : numbers) CHECK(number <= 3);
      if (reference == "#99") CHECK(numbers.empty());
      if (reference == "#3" || reference == "GH-3") CHECK_FALSE(numbers.empty());
    }
  }
}

TEST_CASE("in a text that is here already links are followed, and numbers left alone") {
  const auto followed = [](std::string_view text) {
    return GithubText(text, {}).with_links_followed(number_here);
  };
  CHECK(followed(
            "#3 [#12](https://github.com/example/tool/issues/12) https://github.com/example/tool/issues/7") ==
        "#3 #3 #2");
  CHECK(
      followed("[GH-99](https://github.com/example/tool/issues/99) "
               "`[#3](https://github.com/example/tool/issues/3)`") ==
      "[GH-99](https://github.com/example/tool/issues/99) `[#3](https://github.com/example/tool/issues/3)`");
}

TEST_CASE("the time that a text takes grows with its length alone") {
  for (const std::string& piece : {std::string("[#1](https://github.com/a/b/issues/1"),
                                   std::string("a/b#"),
                                   std::string("["),
                                   std::string("\\"),
                                   std::string("#1 "),
                                   std::string("<https://github.com/"),
                                   std::string("a/")}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    CHECK(brought(text).size() >= text.size());
  }
}
