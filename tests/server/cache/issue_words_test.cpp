// What is remembered of words must never miss an issue whose text fits.
#include "server/cache/issue_words.hpp"

#include <algorithm>
#include <memory>

#include <doctest/doctest.h>

#include "shared/core/text.hpp"
#include "tests/shared/support/random_query.hpp"

namespace dits {
namespace {

using query::TextPattern;
using query::test::Random;
using Numbers = std::vector<std::int64_t>;

UserWords words_of(const std::vector<std::string>& texts, std::size_t most = 1000) {
  IssueWordsBuilder builder(most);
  for (std::size_t at = 0; at < texts.size(); ++at)
    builder.add(static_cast<std::int64_t>(at) + 1, fold_case(texts[at]));
  UserWords words;
  words.most = most;
  words.layers.push_back(std::make_shared<const IssueWords>(builder.finish()));
  return words;
}

std::optional<Numbers> find(const UserWords& words, const std::string& text) {
  const bool has_wildcard = text.find('*') != std::string::npos;
  const std::string folded = fold_case(text);
  return words.find(TextPattern{has_wildcard ? "*" + folded + "*" : folded, has_wildcard});
}

const std::vector<std::string> pieces{
    "a", "b",  "ab", "Ba", "1", "0",  "é",  "Ж", "ſ",  "İ", "日", "本",     "語",     "한",     "กา",
    ".", "-",  "/",  ":",  "@", "_",  "'",  " ", "\n", "(", "\"", "“",      "、",     "…",      "–",
    "#", "\\", "%",  "😀",  "𐐀", "ａ", "İİ", "x", "y",  "z", "\t", "\u00a0", "\u00b5", "\u200b", "ab.ab"};

std::string random_text(Random& random, std::size_t most_pieces) {
  std::string text;
  for (std::size_t count = random.below(most_pieces + 1); count > 0; --count) text += random.pick(pieces);
  if (random.chance(5)) {  // longer than any word that is kept whole
    for (std::size_t count = 40 + random.below(200); count > 0; --count)
      text += static_cast<char>('a' + random.below(3));
  }
  return text;
}

// At a letter's beginning.
std::size_t boundary(const std::string& text, std::size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return at;
}

}  // namespace

TEST_CASE("every text that has a pattern in it is among those that are found") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<std::string> texts;
    for (int count = 0; count < 30; ++count) texts.push_back(random_text(random, 25));
    const UserWords words = words_of(texts);
    std::size_t narrowed = 0;
    for (int count = 0; count < 200; ++count) {
      // A piece of a text, or anything; now and then with a star for a part of it.
      std::string wanted = random.chance(80) ? random.pick(texts) : random_text(random, 4);
      const std::size_t begin = boundary(wanted, random.below(wanted.size() + 1));
      const std::size_t end = boundary(wanted, begin + random.below(60));
      wanted = wanted.substr(begin, end - begin);
      if (random.chance(40)) {
        const std::size_t first = boundary(wanted, random.below(wanted.size() + 1));
        const std::size_t last = boundary(wanted, first + random.below(4));
        wanted.replace(first, last - std::min(first, last), "*");
      }
      const bool has_wildcard = wanted.find('*') != std::string::npos;
      const std::string folded = fold_case(wanted);
      const TextPattern pattern{has_wildcard ? "*" + folded + "*" : folded, has_wildcard};
      const std::optional<Numbers> found = words.find(pattern);
      if (!found) continue;
      ++narrowed;
      CAPTURE(wanted);
      for (std::size_t at = 0; at < texts.size(); ++at) {
        CAPTURE(texts[at]);
        if (query::contains(fold_case(texts[at]), pattern))
          CHECK(std::ranges::binary_search(*found, static_cast<std::int64_t>(at) + 1));
      }
    }
    CHECK(narrowed > 50);
  }
}

TEST_CASE("words, versions, addresses, paths and pairs of characters tell issues apart") {
  const UserWords words = words_of({"The timeout of 12.4.7, see https://example.org/a/b?c=d",
                                    "Reads src/main.cpp; TIMEOUTS vary (12.4.17)",
                                    "中文分词 and 中国",
                                    ""});
  CHECK(find(words, "timeout") == Numbers{1, 2});
  CHECK(find(words, "imeouts") == Numbers{2});
  CHECK(find(words, "12.4.7") == Numbers{1});
  CHECK(find(words, "12.4.") == Numbers{1, 2});
  CHECK(find(words, "https://example.org/a/b") == Numbers{1});
  CHECK(find(words, "src/main") == Numbers{2});
  CHECK(find(words, "文分") == Numbers{3});
  CHECK(find(words, "中分") == Numbers{});
  CHECK(find(words, "国") == Numbers{3});
  CHECK(find(words, "time*vary") == Numbers{2});
  CHECK(find(words, "nothing like it") == Numbers{});
  CHECK_FALSE(find(words, "--"));  // no letter: any text may have it
  CHECK_FALSE(find(words, "*"));
  CHECK_FALSE(find(words, ""));
}

TEST_CASE("a search that too many issues may fit is not narrowed, but by another word of it") {
  std::vector<std::string> texts(30, "common word");
  texts.push_back("common rare");
  const UserWords words = words_of(texts, 10);
  CHECK_FALSE(find(words, "common"));
  CHECK_FALSE(find(words, "omm"));
  CHECK(find(words, "rare") == Numbers{31});
  CHECK(find(words, "common*rare") == Numbers{31});
  CHECK(find(words, "common rare") == Numbers{31});
}

TEST_CASE("what was changed since is a layer of its own, and a query's terms are put together") {
  UserWords words = words_of({"first apple", "second pear", "third plum"});
  IssueWordsBuilder changed(words.most);
  changed.add(2, "second cherry");
  changed.add(4, "fourth apple");
  words.layers.push_back(std::make_shared<const IssueWords>(changed.finish()));
  CHECK(words.layers[1]->issue_count() == 2);
  CHECK(find(words, "apple") == Numbers{1, 4});
  CHECK(find(words, "pear") == Numbers{2});  // what an issue has no more does no harm
  CHECK(find(words, "cherry") == Numbers{2});

  const auto text = [](const std::string& wanted) {
    query::PlanNode node;
    node.kind = query::PlanNode::Kind::test;
    node.test.kind = query::TestKind::text;
    node.test.text = {wanted, false};
    return node;
  };
  const auto group = [](query::PlanNode::Kind kind, std::vector<query::PlanNode> children) {
    query::PlanNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
  };
  using Kind = query::PlanNode::Kind;
  query::PlanNode other;
  other.kind = Kind::test;
  other.test.kind = query::TestKind::number;
  CHECK_FALSE(words.find(other));
  CHECK(words.find(group(Kind::all, {text("apple"), other})) == Numbers{1, 4});
  CHECK(words.find(group(Kind::all, {text("apple"), text("fourth")})) == Numbers{4});
  CHECK(words.find(group(Kind::any, {text("apple"), text("plum")})) == Numbers{1, 3, 4});
  CHECK_FALSE(words.find(group(Kind::any, {text("apple"), other})));
  CHECK_FALSE(words.find(group(Kind::negation, {text("apple")})));
  CHECK_FALSE(words.find(group(Kind::all, {})));
}

TEST_CASE("a word costs its letters and some bytes for each issue that has it") {
  IssueWordsBuilder builder(100'000);
  for (std::int64_t number = 1; number <= 50'000; ++number)
    builder.add(number, "word" + std::to_string(number % 500));
  const IssueWords words = builder.finish();
  CHECK(words.bytes() < 50'000 * 2 + 500 * 20 + 1000);
  CHECK(words.find("word499", 1000)->size() == 100);
}

}  // namespace dits
