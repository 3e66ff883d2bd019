// Choices at the caret of a text: what calls for them, what they offer, and what taking one writes.
#include "web/commands/caret_menu.hpp"

#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/commands/keymap.hpp"
#include "web/store/layers.hpp"

namespace dits::web::test {

namespace {

std::vector<std::string> rows_for(const Stage& stage, char sign, const std::string& typed) {
  CaretMenu menu;
  menu.sign = sign;
  menu.typed = typed;
  std::vector<std::string> written;
  for (const CaretRow& row : caret_rows(stage.state, menu)) written.push_back(row.written);
  return written;
}

std::string key_in(const State& state, const char* key) {
  Chord chord;
  chord.key = key;
  chord.in_text = true;
  const KeyAnswer answer = answer_key(state, chord);
  return answer.invocation ? answer.invocation->command : "";
}

}  // namespace

TEST_CASE("Issues are found by number and by words, the open ones first") {
  Stage stage;
  CHECK(rows_for(stage, '#', "128") == std::vector<std::string>{"#128 "});
  CHECK(rows_for(stage, '#', "12").size() == 3);
  CHECK(rows_for(stage, '#', "outbox") == std::vector<std::string>{"#133 "});
  CHECK(rows_for(stage, '#', "zzz").empty());
  CHECK(rows_for(stage, '#', "").size() == 8);
}

TEST_CASE("Days are those that the due picker understands") {
  Stage stage;
  CHECK(rows_for(stage, '@', "fri") == std::vector<std::string>{"2026-07-17 "});
  CHECK(rows_for(stage, '@', "31 jul") == std::vector<std::string>{"2026-07-31 "});
  CHECK(rows_for(stage, '@', "").size() == 4);
  CHECK(rows_for(stage, '@', "bob").empty());
}

TEST_CASE("Emoji by a part of their names, blocks by theirs") {
  Stage stage;
  CHECK(rows_for(stage, ':', "rocket") == std::vector<std::string>{"🚀 "});
  CHECK(rows_for(stage, ':', "bug") == std::vector<std::string>{"🐛 "});
  CHECK(rows_for(stage, ':', "+1") == std::vector<std::string>{"👍 "});
  CHECK(rows_for(stage, '/', "check") == std::vector<std::string>{"- [ ] "});
  CHECK(rows_for(stage, '/', "").size() == 10);
}

TEST_CASE("A sign in a text opens the choices, typing filters them, Enter writes one in its place") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.comment");
  stage.platform.fill("textbox", "Comment", "See #");
  CHECK(stage.platform.sees("listbox", "Mention an issue"));
  stage.platform.fill("textbox", "Comment", "See #outb");
  CHECK(stage.platform.count("option") == 1);
  CHECK(key_in(stage.state, "Enter") == "caret.take");
  CHECK(key_in(stage.state, "Tab") == "caret.take");
  stage.run("caret.take");
  stage.platform.write_in_place("#outb", "#133 ", 0);
  stage.platform.advance(50);
  CHECK(stage.state.editor.text == "See #133 ");
  CHECK_FALSE(stage.platform.sees("listbox", "Mention an issue"));
  CHECK(key_in(stage.state, "Enter").empty());
}

TEST_CASE("Esc puts the choices away with the text as it is, until another sign is typed") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.comment");
  stage.platform.fill("textbox", "Comment", "See #ou");
  CHECK(key_in(stage.state, "Escape") == "caret.close");
  stage.run("caret.close");
  CHECK(stage.state.editor.kind == EditorKind::comment);
  CHECK(stage.state.editor.text == "See #ou");
  stage.platform.fill("textbox", "Comment", "See #out");
  CHECK_FALSE(stage.platform.sees("listbox", "Mention an issue"));
  CHECK(key_in(stage.state, "Escape") == "editor.leave");
  stage.platform.fill("textbox", "Comment", "See #out by @fr");
  CHECK(stage.platform.sees("listbox", "Write a date"));
}

// Typed within one frame over a text that was marked whole: nothing in between was seen.
TEST_CASE(
    "What was put away is that sign, not its place: another text that is typed at once has its choices") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.comment");
  stage.platform.fill("textbox", "Comment", "by @31 dec");
  stage.run("caret.close");
  stage.platform.fill("textbox", "Comment", "by @31");
  CHECK_FALSE(stage.platform.sees("listbox", "Write a date"));
  stage.platform.fill("textbox", "Comment", "so :rocke");
  CHECK(stage.platform.sees("listbox", "Emoji"));
  stage.run("caret.close");
  stage.platform.fill("textbox", "Comment", "so :bug");
  CHECK(stage.platform.sees("listbox", "Emoji"));
}

TEST_CASE("A new issue's text has them too, and they close with it") {
  Stage stage;
  stage.go("/inbox");
  stage.run("issue.new");
  stage.platform.fill("textbox", "Description", "/ta");
  CHECK(stage.platform.sees("option", "Table"));
  CHECK(top_part(stage.state) == Part::menu);
  stage.change(QuickCreateClosed{});
  CHECK(top_part(stage.state) == Part::page);
}

TEST_CASE("The palette is reached over the choices, and keys of the text stay the text's") {
  Stage stage;
  stage.go("/issues/128");
  stage.run("issue.comment");
  stage.platform.fill("textbox", "Comment", "See #");
  Chord chord;
  chord.in_text = chord.control = true;
  chord.key = "k";
  CHECK(answer_key(stage.state, chord).invocation->command == "palette.open");
  chord.key = "Enter";
  CHECK(answer_key(stage.state, chord).invocation->command == "editor.save_and_leave");
  CHECK(key_in(stage.state, "x").empty());
}

}  // namespace dits::web::test
