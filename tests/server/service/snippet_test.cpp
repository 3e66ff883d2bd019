#include "server/service/snippet.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace dits;

namespace {

// With [ and ] in place of the characters around what was found.
std::string shown(std::string_view text, const std::vector<std::string>& wanted) {
  std::string snippet = snippet_of(text, wanted);
  std::replace(snippet.begin(), snippet.end(), '\x02', '[');
  std::replace(snippet.begin(), snippet.end(), '\x03', ']');
  return snippet;
}

std::string numbered_words(int first, int last) {
  std::string text;
  for (int at = first; at <= last; ++at) text += (text.empty() ? "w" : " w") + std::to_string(at);
  return text;
}

}  // namespace

TEST_CASE("a snippet is the part of a text where most of the words found stand together") {
  CHECK(shown("", {"a"}).empty());
  CHECK(shown("... !", {"a"}).empty());
  CHECK(shown("One (two) three.", {"two"}) == "One ([two]) three");
  CHECK(shown("Größe, GRÖßE und grö", {"größe"}) == "[Größe], [GRÖßE] und grö");
  CHECK(shown("a big fix, fixed", {"fix"}) == "a big [fix], fixed");
  CHECK(shown("say hello world", {"hello world"}) == "say [hello] [world]");
  CHECK(shown("only words", {"nothing"}) == "only words");

  const std::string text =
      "fix " + numbered_words(1, 60) + " the fix of the crash " + numbered_words(61, 120) + " fix";
  const std::string snippet = shown(text, {"fix", "crash"});
  CHECK(snippet == numbered_words(52, 60) + " the [fix] of the [crash] " + numbered_words(61, 70));
  CHECK(shown(text, {"other"}) == "fix " + numbered_words(1, 23));
}

TEST_CASE("however much is typed, a text is compared with a few words of it") {
  std::vector<std::string> wanted{numbered_words(1, 32)};
  wanted.push_back("other");
  CHECK(shown("w1 w32 other", wanted) == "[w1] [w32] other");
}
