// What goes to the browser as one picture, and what is drawn character by character.
#include "web/widgets/text_runs.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits::widgets {
namespace {

// "plain|<shaped>|plain", from left to right.
std::string told(std::string_view text) {
  std::string out;
  for (const TextRun& run : text_runs(text)) {
    if (!out.empty()) out += '|';
    out += run.is_shaped ? "<" + std::string(run.text) + ">" : std::string(run.text);
  }
  return out;
}

}  // namespace

TEST_CASE("runs are what depends on its neighbours, and nothing else") {
  const std::pair<const char*, const char*> texts[] = {
      {"", ""},
      {"plain", ""},
      {"Gr\u00F6\u00DFe, \u0416\u0443\u043A, \u4E2D\u6587, \U0001F680 \u2603", ""},
      {"a \U0001F468\u200D\U0001F469\u200D\U0001F467 b",
       "a |<\U0001F468\u200D\U0001F469\u200D\U0001F467>| b"},
      {"\U0001F44D\U0001F3FD!", "<\U0001F44D\U0001F3FD>|!"},
      {"\U0001F1E6\U0001F1F9\U0001F1E9\U0001F1EA", "<\U0001F1E6\U0001F1F9>|<\U0001F1E9\U0001F1EA>"},
      {"1\uFE0F\u20E3 of 2", "<1\uFE0F\u20E3>| of 2"},
      {"e\u0323\u0301x", "<e\u0323\u0301>|x"},
      {"see \u0939\u093F\u0928\u094D\u0926\u0940 now", "see |<\u0939\u093F\u0928\u094D\u0926\u0940>| now"},
      {"\u0E19\u0E49\u0E33", "<\u0E19\u0E49\u0E33>"},
      // Its words and what stands between them go to the browser together, which puts them in order.
      {"\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD (1) abc",
       "<\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD (1) abc>"},
      // An emoji has colours, the letters beside it have that of the text.
      {"\u0645\u0631 \U0001F680 \u05E9", "< \u05E9>|<\U0001F680>|<\u0645\u0631 >"},
      {"see \u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD now",
       "see |<\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD>| now"},
  };
  for (const auto& [text, wanted] : texts) {
    CAPTURE(text);
    CHECK(told(text) == wanted);
  }
}

TEST_CASE("a long text that goes from right to left is several pictures, the first one rightmost") {
  std::string text;
  for (int at = 0; at < 60; ++at) text += "\u05E9\u05DC\u05D5\u05DD ";
  const std::vector<TextRun> runs = text_runs(text);
  REQUIRE(runs.size() > 2);
  CHECK(runs.back().text.data() == text.data());
  std::size_t bytes = 0;
  for (const TextRun& run : runs) {
    CHECK(run.is_shaped);
    CHECK(run.text.size() <= 96);
    bytes += run.text.size();
  }
  CHECK(bytes == text.size());
}

TEST_CASE("a text is cut between what people take for characters") {
  const std::string text = "a\U0001F468\u200D\U0001F469b\u0301c";
  const std::size_t family = std::string("\U0001F468\u200D\U0001F469").size();
  for (std::size_t at = 0; at <= text.size(); ++at) {
    CAPTURE(at);
    const std::size_t cut = cut_before(text, at);
    CHECK(cut <= at);
    const bool is_between =
        cut == 0 || cut == 1 || cut == 1 + family || cut == 4 + family || cut == text.size();
    CHECK(is_between);
  }
  CHECK(cut_before(text, text.size()) == text.size());
  CHECK(cut_before(text, family) == 1);
}

TEST_CASE("the first letter says where a text begins") {
  CHECK(begins_right_to_left("\u05E9\u05DC\u05D5\u05DD"));
  CHECK(begins_right_to_left("12 - \u0645 abc"));
  CHECK_FALSE(begins_right_to_left("abc \u05E9"));
  CHECK_FALSE(begins_right_to_left("\u4E2D \u05E9"));
  CHECK_FALSE(begins_right_to_left("12"));
  CHECK_FALSE(begins_right_to_left(""));
}

}  // namespace dits::widgets
