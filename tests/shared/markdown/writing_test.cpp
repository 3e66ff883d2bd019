#include "shared/markdown/writing.hpp"

#include <doctest/doctest.h>

namespace dits::markdown {

namespace {

// "a [b] c": the selection stands between the marks «», the caret is |.
struct Marked {
  std::string text;
  Selection selection;
};
Marked unmarked(std::string text) {
  Marked marked;
  if (const std::size_t caret = text.find('|'); caret != std::string::npos) {
    text.erase(caret, 1);
    return {text, {caret, caret}};
  }
  const std::string open = "«";
  const std::string close = "»";
  marked.selection.begin = text.find(open);
  text.erase(marked.selection.begin, open.size());
  marked.selection.end = text.find(close);
  text.erase(marked.selection.end, close.size());
  marked.text = text;
  return marked;
}

std::string marked(std::string text, Selection selection) {
  if (selection.begin == selection.end) return text.insert(selection.begin, "|");
  text.insert(selection.end, "»");
  return text.insert(selection.begin, "«");
}

std::string after(Stroke stroke, const std::string& before, std::string_view pasted = {}) {
  Marked from = unmarked(before);
  const std::optional<Edit> edit = edit_for(stroke, from.text, from.selection, pasted);
  if (!edit) return "(none)";
  from.text.replace(edit->place.begin, edit->place.end - edit->place.begin, edit->text);
  return marked(from.text, edit->after);
}

}  // namespace

TEST_CASE("Enter in a list goes on with the next item, and ends the list from an empty one") {
  using enum Stroke;
  CHECK(after(line_break, "- one|") == "- one\n- |");
  CHECK(after(line_break, "- on|e") == "- on\n- |e");
  CHECK(after(line_break, "a\n  * one|\nb") == "a\n  * one\n  * |\nb");
  CHECK(after(line_break, "- [x] done|") == "- [x] done\n- [ ] |");
  CHECK(after(line_break, "9. nine|") == "9. nine\n10. |");
  CHECK(after(line_break, "3) three|") == "3) three\n4) |");
  CHECK(after(line_break, "> said|") == "> said\n> |");
  CHECK(after(line_break, "a\n- |") == "a\n|");
  CHECK(after(line_break, "- [ ] |") == "|");
  CHECK(after(line_break, "plain|") == "(none)");
  CHECK(after(line_break, "|- one") == "(none)");
  CHECK(after(line_break, "- «one»") == "(none)");
  CHECK(after(line_break, "```\n- one|\n```") == "(none)");
  CHECK(after(line_break, "```\ncode\n```\n- one|") == "```\ncode\n```\n- one\n- |");
  CHECK(after(line_break, "-one|") == "(none)");
  CHECK(after(line_break, "2026. |") == "|");
}

TEST_CASE("Tab moves items and selected lines, and is left to the page elsewhere") {
  using enum Stroke;
  CHECK(after(indent, "- one|") == "  - one|");
  CHECK(after(indent, "1. one|") == "   1. one|");
  CHECK(after(outdent, "  - one|") == "- one|");
  CHECK(after(outdent, "- one|") == "(none)");
  CHECK(after(indent, "plain|") == "(none)");
  CHECK(after(indent, "> said|") == "(none)");
  CHECK(after(indent, "«a\n\nb»") == "  «a\n\n  b»");
  CHECK(after(outdent, "  «a\n b\nc»") == "«a\nb\nc»");
  CHECK(after(indent, "«a\nb\n»c") == "  «a\n  b\n»c");
  CHECK(after(outdent, "\t- one|") == "- one|");
}

TEST_CASE("An address pasted over words makes them a link") {
  using enum Stroke;
  CHECK(after(paste, "see «this» now", "https://dits.dev/a?b=c") ==
        "see [this](https://dits.dev/a?b=c)| now");
  CHECK(after(paste, "see «this»", "https://dits.dev/a\n") == "see [this](https://dits.dev/a)|");
  CHECK(after(paste, "see |", "https://dits.dev") == "(none)");
  CHECK(after(paste, "see «this»", "no address") == "(none)");
  CHECK(after(paste, "see «this»", "https://a.dev and more") == "(none)");
  CHECK(after(paste, "«https://old.dev/x»", "https://new.dev/x") == "(none)");
  CHECK(after(paste, "«two\nlines»", "https://new.dev/x") == "(none)");
  CHECK(after(paste, "```\n«code»\n```", "https://new.dev/x") == "(none)");
}

TEST_CASE("What is set is taken back when it is done again") {
  using enum Stroke;
  CHECK(after(bold, "a «b» c") == "a **«b»** c");
  CHECK(after(bold, "a **«b»** c") == "a «b» c");
  CHECK(after(bold, "a «**b**» c") == "a «b» c");
  CHECK(after(bold, "a | c") == "a **|** c");
  CHECK(after(emphasis, "«é»") == "_«é»_");
  CHECK(after(code, "«x»") == "`«x»`");
  CHECK(after(code, "«x\ny»") == "```|\nx\ny\n```");
  CHECK(after(link, "«x»") == "[x](«url»)");
  CHECK(after(link, "«https://dits.dev»") == "[|](https://dits.dev)");
  CHECK(after(list, "a|") == "- a|");
  CHECK(after(list, "- a|") == "a|");
  CHECK(after(list, "|") == "- |");
  CHECK(after(list, "«a\n\nb»") == "- «a\n\n- b»");
  CHECK(after(check_list, "- a|") == "- [ ] a|");
  CHECK(after(check_list, "  - [x] a|") == "  a|");
  CHECK(after(list, "1. a|") == "- a|");
  CHECK(after(quote, "«a\nb»") == "> «a\n> b»");
  CHECK(after(quote, "> «a\n> b»") == "«a\nb»");
  CHECK(after(quote, "- a|") == "> - a|");
}

TEST_CASE("A sign calls for choices where it begins a word, a line for blocks") {
  const auto sign = [](const std::string& before) {
    const Marked from = unmarked(before);
    const std::optional<TypedSign> found = sign_before(from.text, from.selection.begin);
    return found ? std::string(1, found->sign) + "@" + std::to_string(found->begin) + ":" + found->typed
                 : std::string("(none)");
  };
  CHECK(sign("See #|") == "#@4:");
  CHECK(sign("See #pai|nt") == "#@4:pai");
  CHECK(sign("(#12|") == "#@1:12");
  CHECK(sign("#|") == "(none)");
  CHECK(sign("##|") == "(none)");
  CHECK(sign("# He|") == "(none)");
  CHECK(sign("#12|") == "#@0:12");
  CHECK(sign("C#|") == "(none)");
  CHECK(sign("by @|") == "@@3:");
  CHECK(sign("by @31 ju|") == "@@3:31 ju");
  CHECK(sign("by @ x|") == "(none)");
  CHECK(sign("me@exa|") == "(none)");
  CHECK(sign("so :sm|") == ":@3:sm");
  CHECK(sign("so :|") == "(none)");
  CHECK(sign("at 12:30|") == "(none)");
  CHECK(sign("/ta|") == "/@0:ta");
  CHECK(sign("a /ta|") == "(none)");
  CHECK(sign("a\n  /|") == "/@4:");
  CHECK(sign("```\nSee #pai|") == "(none)");
  CHECK(sign("See #paint it|") == "(none)");
  CHECK(sign("https://x|") == "(none)");
}

TEST_CASE("Lengths as browsers count them") {
  CHECK(utf16_length("aé字") == 3);
  CHECK(utf16_length("👍") == 2);
}

}  // namespace dits::markdown
