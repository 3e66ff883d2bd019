// Texts of any length: what a frame draws of them does not grow with them, and what ended the program is
// plain.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "imgui.h"
#include "tests/allocations/allocations.hpp"
#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"
#include "web/ui/markdown_layout.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/paint.hpp"

namespace dits::web::test {

namespace {

struct Cost {
  int corners = 0;
  std::size_t allocations = 0;
};

struct TextStage : Stage {
  explicit TextStage(const std::string& text) {
    show(text);
    go("/issues/128");
    scroll(1);  // where the page stood is remembered beyond a stage
  }

  void show(const std::string& text) {
    Issue changed = *find_issue(state.entities, issue(128));
    changed.description = text;
    changed.has_description = true;
    IssuesArrived arrived;
    arrived.issues.push_back(changed);
    change(Change{std::move(arrived)});
  }

  // Of a frame in which nothing is new.
  Cost of_a_frame() {
    platform.draw();
    const int before = platform.frame_stats().frames;
    const std::size_t allocated = dits::test::count_allocations();
    platform.request_frames(1);
    platform.draw();
    const int frames = std::max(1, platform.frame_stats().frames - before);
    return {ImGui::GetDrawData()->TotalVtxCount,
            (dits::test::count_allocations() - allocated) / static_cast<std::size_t>(frames)};
  }

  // To the top (1) or to the end (-1).
  void scroll(float direction) {
    for (int turn = 0; turn < 40; ++turn) platform.scroll(500, 500, direction * 1e6f);
  }
};

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

struct Kind {
  const char* name;
  std::string head;
  std::string row;
};

std::vector<Kind> kinds() {
  return {
      {"boxes", "", "- [ ] a box\n"},
      {"ticked boxes", "", "- [x] a *done* box\n"},
      {"items", "", "- x\n"},
      {"numbered items", "", "1. x\n"},
      {"rows", "|a|b|\n|-|-|\n", "| `x` | y |\n"},
      {"short rows of a wide table", "|" + repeated("c|", 128) + "\n|" + repeated("-|", 128) + "\n", "|x\n"},
      {"paragraphs", "", "word\n\n"},
      {"lines", "", "word\n"},
      {"words", "", "word "},
      {"one word", "", "wooooooord"},
      {"code words", "", "`a b` "},
      {"links", "", "[a](/b) "},
      {"quotes", "", "> a\n\n"},
      {"headings", "", "# a\n"},
      {"code", "```\n", "int x;\n"},
      {"rules", "", "---\n"},
      {"details", "", "<details><summary>a</summary>\n\nb\n\n</details>\n\n"},
      {"open details", "", "<details open><summary>a</summary>\n\nb\n\n</details>\n\n"},
      {"nested items", "", "- a\n  - b\n    - c\n"}};
}

}  // namespace

TEST_CASE("what a frame draws of a text does not grow with it, wherever it is scrolled to") {
  for (const Kind& kind : kinds()) {
    CAPTURE(std::string(kind.name));
    TextStage few(kind.head + repeated(kind.row, 1'000));
    const Cost of_few = few.of_a_frame();
    const Cost of_many = [&] {
      TextStage many(kind.head + repeated(kind.row, 10'000));
      const Cost at_top = many.of_a_frame();
      many.scroll(-1);
      const Cost at_end = many.of_a_frame();
      return Cost{std::max(at_top.corners, at_end.corners), std::max(at_top.allocations, at_end.allocations)};
    }();
    CHECK(of_many.corners < 2 * of_few.corners + 4'000);
    CHECK(of_many.corners < 65'536);
    CHECK(of_many.allocations < 2 * of_few.allocations + 2'000);
  }
}

TEST_CASE("the last box of five thousand can be reached, and is the one that is ticked") {
  TextStage stage(repeated("- [ ] box\n", 4'999) + "- [ ] the last one\n\nEnd of the text");
  CHECK_FALSE(stage.platform.sees("checkbox", "the last one"));
  stage.scroll(-1);
  for (int turn = 0; turn < 30 && !stage.platform.sees("checkbox", "the last one"); ++turn)
    stage.platform.scroll(500, 500, 3);
  REQUIRE(stage.platform.sees("checkbox", "the last one"));
  CHECK(stage.platform.sees("paragraph", "End of the text"));
  stage.platform.click("checkbox", "the last one");
  REQUIRE(stage.has_run("issue.tick"));
  CHECK(std::get<std::int64_t>(stage.ran.back().argument) == 4'999);
}

TEST_CASE("the tab key goes from box to box beyond what is seen") {
  TextStage stage(repeated("- [ ] box\n", 300) + "- [ ] the last one\n");
  stage.platform.activate("checkbox", "box");
  stage.ran.clear();
  for (int turn = 0; turn < 400 && !stage.platform.sees("checkbox", "the last one"); ++turn)
    stage.platform.press("Tab");
  CHECK(stage.platform.sees("checkbox", "the last one"));
}

TEST_CASE(
    "a text that ended the program is shown as it was written, with a sentence, until it is asked for "
    "again") {
  ended_drawings() = {};
  TextStage stage("A **bold** word");
  REQUIRE(stage.platform.sees("paragraph", "A bold word"));
  REQUIRE_FALSE(ended_drawings().begun.empty());
  ended_drawings().names.insert(ended_drawings().begun.back());
  stage.platform.request_frames();
  stage.platform.draw();
  CHECK_FALSE(stage.platform.sees("paragraph", "A bold word"));
  CHECK(stage.platform.sees("code", "A **bold** word"));
  CHECK(stage.platform.mirror_text().find("DITS ended when it last drew this text") != std::string::npos);

  SUBCASE("another text is not blamed") {
    stage.show("A **bolder** word");
    CHECK(stage.platform.sees("paragraph", "A bolder word"));
  }
  SUBCASE("it is drawn again when that is wanted") {
    stage.platform.click("button", "Draw it with its formatting again");
    CHECK(stage.platform.sees("paragraph", "A bold word"));
  }
  ended_drawings() = {};
}

TEST_CASE("details open and fold by click and key, say so to a reader, and stay so when the text changes") {
  const auto text = [](const char* box) {
    return std::string("<details><summary>More *of* it</summary>\n\n- [") + box +
           "] inner\n\n</details>\n\n- [ ] outer\n\n<details "
           "open><summary>Shown</summary>\n\nwords\n\n</details>";
  };
  TextStage stage(text(" "));
  CHECK(stage.platform.sees("button", "More *of* it"));
  CHECK_FALSE(stage.platform.sees("checkbox", "inner"));
  CHECK(stage.platform.sees("paragraph", "words"));
  CHECK(stage.platform.mirror_text().find("expanded=false") != std::string::npos);

  stage.platform.click("checkbox", "outer");
  CHECK(std::get<std::int64_t>(stage.ran.back().argument) == 1);

  stage.platform.click("button", "More *of* it");
  REQUIRE(stage.platform.sees("checkbox", "inner"));
  CHECK(stage.platform.mirror_text().find("expanded=false") == std::string::npos);
  stage.platform.click("checkbox", "inner");
  CHECK(std::get<std::int64_t>(stage.ran.back().argument) == 0);
  stage.show(text("x"));
  CHECK(stage.platform.sees("checkbox", "inner"));

  stage.show("Another text");
  stage.show(text("x"));
  CHECK(stage.platform.sees("checkbox", "inner"));

  stage.platform.activate("button", "Shown");
  CHECK_FALSE(stage.platform.sees("paragraph", "words"));
  const auto has_keys = [&] {
    const std::string mirror = stage.platform.mirror_text();
    const std::size_t at = mirror.find("\"Shown\"");
    return at != std::string::npos &&
           mirror.substr(at, mirror.find('\n', at) - at).find("focused") != std::string::npos;
  };
  for (int turn = 0; turn < 200 && !has_keys(); ++turn) stage.platform.press("Tab");
  REQUIRE(has_keys());
  stage.platform.press("Enter");
  CHECK(stage.platform.sees("paragraph", "words"));
  stage.platform.press("Enter");
  CHECK_FALSE(stage.platform.sees("paragraph", "words"));
}

TEST_CASE("the key that goes to the next box opens what that lies in") {
  TextStage stage("- [ ] first\n\n<details><summary>Folded</summary>\n\n- [ ] second\n\n</details>");
  CHECK_FALSE(stage.platform.sees("checkbox", "second"));
  PageItemMoved moved;
  moved.item = 1;
  stage.change(Change{moved});
  stage.platform.request_frames();
  stage.platform.draw();
  CHECK(stage.platform.sees("checkbox", "second"));
}

TEST_CASE("a plain text of any length costs no more than what is seen") {
  ended_drawings() = {};
  TextStage stage(repeated("| x | y |\n", 10'000));
  ended_drawings().names.insert(ended_drawings().begun.back());
  stage.platform.request_frames();
  stage.platform.draw();
  CHECK(stage.of_a_frame().corners < 65'536);
  ended_drawings() = {};
}

namespace {

// What the mirror says of the text that is shown, each line without the indentation that all have.
std::string told_of(TextStage& stage, std::string_view first) {
  const std::string mirror = stage.platform.mirror_text();
  const std::size_t at = mirror.find(first);
  if (at == std::string::npos) return "nothing of it";
  const std::size_t line = mirror.rfind('\n', at) + 1;
  const std::size_t indent = at - line;
  std::string told;
  for (std::size_t begin = line; begin < mirror.size();) {
    const std::size_t end = mirror.find('\n', begin);
    const std::string row = mirror.substr(begin, end - begin);
    if (row.find_first_not_of(' ') < indent || row.find("heading \"Activity\"") != std::string::npos) break;
    told += row.substr(indent) + '\n';
    begin = end + 1;
  }
  return told;
}

bool has_keys(const TextStage& stage, const std::string& node) {
  const std::string mirror = stage.platform.mirror_text();
  const std::size_t at = mirror.find(node);
  return at != std::string::npos &&
         mirror.substr(at, mirror.find('\n', at) - at).find("focused") != std::string::npos;
}

}  // namespace

TEST_CASE("readers find in a text what stands in it: lists, tables, links, code, quotes") {
  TextStage stage(
      "- one\n  - inner\n- [x] done [it](/a)\n\n1. first\n\n> said\n\n"
      "| A | `B` |\n| - | - |\n| 1 | [two](https://x.y) |\n\n"
      "Run `make` or see **[the *docs*](https://d.e/f)** and #141.\n\n## Head [link](https://h.i)\n");
  CHECK(told_of(stage, "list\n") ==
        "list\n"
        "  listitem\n"
        "    paragraph \"one\"\n"
        "    list\n"
        "      listitem\n"
        "        paragraph \"inner\"\n"
        "  listitem\n"
        "    checkbox \"done it\" [checked]\n"
        "    link \"it\": /a\n"
        "list\n"
        "  listitem\n"
        "    paragraph \"first\"\n"
        "blockquote\n"
        "  paragraph \"said\"\n"
        "table \"Table\" [rowcount=2] [colcount=2]\n"
        "  row [rowindex=1]\n"
        "    columnheader \"A\" [colindex=1]\n"
        "    columnheader [colindex=2]\n"
        "      code \"B\"\n"
        "  row [rowindex=2]\n"
        "    cell \"1\" [colindex=1]\n"
        "    cell [colindex=2]\n"
        "      link \"two\": https://x.y\n"
        "paragraph\n"
        "  generic \"Run \"\n"
        "  code \"make\"\n"
        "  generic \" or see \"\n"
        "  link \"the docs\": https://d.e/f\n"
        "  generic \" and \"\n"
        "  link \"#141\": /issues/141\n"
        "  generic \".\"\n"
        "heading \"Head link\" [level=3]\n"
        "  link \"link\": https://h.i\n");
}

TEST_CASE("Tab goes to each link and box of a text in order, and Enter follows it") {
  for (const char* url : {"/issues/128", "/issues"}) {
    CAPTURE(std::string(url));
    TextStage stage(
        "See [one](https://a.b/1) and [two](https://a.b/2), #141.\n\n- [ ] a box [three](/today)\n");
    stage.go(url);
    std::vector<std::string> met;
    for (int turn = 0; turn < 200 && met.size() < 5; ++turn) {
      stage.platform.press("Tab");
      for (const char* node :
           {"link \"one\"", "link \"two\"", "link \"#141\"", "checkbox \"a box three\"", "link \"three\""}) {
        if (has_keys(stage, node)) met.emplace_back(node);
      }
    }
    CHECK(met ==
          std::vector<std::string>{
              "link \"one\"", "link \"two\"", "link \"#141\"", "checkbox \"a box three\"", "link \"three\""});
    stage.ran.clear();
    stage.platform.press("Enter");
    CHECK(stage.has_run("go.route"));
  }
}

TEST_CASE(
    "a link that is pressed, by its first word or its last, is followed: its own places within the app") {
  TextStage stage("Read [all of it](https://a.b/1).\n\nSee #141.");
  stage.platform.click("link", "all of it");
  REQUIRE(stage.has_run("open.url"));
  CHECK(std::get<std::string>(stage.ran.back().argument) == "https://a.b/1");
  stage.platform.activate("link", "#141");
  REQUIRE(stage.has_run("go.route"));
}

TEST_CASE("a link over several lines opens a tab from each of them: by the middle button, and with Ctrl") {
  TextStage stage("[" + repeated("word ", 60) + "](/issues/141)");
  const auto opens_tab_at = [&](float y, int button) {
    stage.ran.clear();
    stage.platform.click_at(400, y, button);
    return stage.has_run("open.url") && std::get<std::string>(stage.ran.back().argument) == "/issues/141";
  };
  float first = 0;
  float last = 0;
  for (float y = 100; y < 600; y += 8) {
    if (!opens_tab_at(y, ImGuiMouseButton_Middle)) continue;
    if (first == 0) first = y;
    last = y;
  }
  REQUIRE(first > 0);
  REQUIRE(last - first > prose_style().line_height);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, true);
  CHECK(opens_tab_at(last, ImGuiMouseButton_Left));
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, false);
  CHECK_FALSE(opens_tab_at(last, ImGuiMouseButton_Left));
  CHECK(stage.has_run("go.route"));
}

TEST_CASE("a link in the preview opens in a tab: what is being written stays") {
  TextStage stage("words");
  Editor editor;
  editor.kind = EditorKind::description;
  editor.issue_id = stage.issue(128);
  stage.change(EditorOpened{editor});
  for (const char* address : {"https://a.b/1", "/issues/141"}) {
    CAPTURE(std::string(address));
    stage.change(EditorTyped{std::string("see [it](") + address + ")", true});
    stage.ran.clear();
    stage.platform.click("link", "it");
    REQUIRE(stage.has_run("open.url"));
    CHECK(std::get<std::string>(stage.ran.back().argument) == address);
    CHECK(stage.state.editor.kind == EditorKind::description);
  }
}

TEST_CASE("the mark of a footnote leads to it, and its number back") {
  TextStage stage("Begin[^far].\n\n" + repeated("word\n\n", 300) + "[^far]: The note");
  REQUIRE(stage.platform.sees("link", "[1]"));
  CHECK_FALSE(stage.platform.sees("paragraph", "The note"));
  stage.ran.clear();
  stage.platform.click("link", "[1]");
  CHECK(stage.platform.sees("paragraph", "The note"));
  stage.platform.advance(0);
  CHECK(has_keys(stage, "link \"Back to note 1\""));
  CHECK_FALSE(stage.platform.sees("link", "[1]"));
  stage.platform.press("Enter");
  CHECK(stage.platform.sees("link", "[1]"));
  CHECK(stage.ran.empty());
}

TEST_CASE("long lines of code and wide tables are moved sideways: their bar has the arrow keys") {
  const std::string wide = repeated("a long line ", 60);
  for (const std::string& text :
       {"```\n" + wide + "\n```", "|" + repeated("column|", 30) + "\n|" + repeated("-|", 30)}) {
    TextStage stage(text);
    REQUIRE(stage.platform.sees("slider", "Scroll sideways"));
    for (int turn = 0; turn < 200 && !has_keys(stage, "slider"); ++turn) stage.platform.press("Tab");
    REQUIRE(stage.platform.mirror_text().find("[valuenow=0]") != std::string::npos);
    stage.platform.press("ArrowRight");
    CHECK(stage.platform.mirror_text().find("[valuenow=60]") != std::string::npos);
    stage.platform.press("ArrowLeft");
    CHECK(stage.platform.mirror_text().find("[valuenow=0]") != std::string::npos);
  }
  CHECK_FALSE(TextStage("```\nshort\n```\n\n|a|b|\n|-|-|").platform.sees("slider", "Scroll sideways"));
}

namespace {

// Characters whose sides lean, of all that was drawn.
int leaning_characters() {
  int count = 0;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    const auto& corners = list->VtxBuffer;
    for (int at = 0; at + 6 <= list->IdxBuffer.Size; at += 3) {
      const ImDrawIdx* index = &list->IdxBuffer[at];
      if (index[3] != index[0] || index[2] != index[4] || index[5] != index[0] + 3) continue;
      const ImDrawVert& top = corners[index[0]];
      const ImDrawVert& bottom = corners[index[5]];
      if (top.uv.x == bottom.uv.x && top.pos.y < bottom.pos.y && top.pos.x > bottom.pos.x + 0.5f) ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("what is italic leans, and nothing else does") {
  const TextStage upright("Some **bold** `code` ~~struck~~ words");
  CHECK(leaning_characters() == 0);
  TextStage stage("Some *italic* words");
  CHECK(leaning_characters() == 6);
  stage.show("***bold*** <cite>too</cite>");
  CHECK(leaning_characters() == 7);
}

TEST_CASE("headings are told apart by their size, down to the fourth") {
  const TextStage stage("x");  // a window to measure in
  for (int level = 1; level < 4; ++level) CHECK(heading_style(level).size > heading_style(level + 1).size);
  CHECK(heading_style(4).face != prose_style().face);
}

TEST_CASE("a title with code is as high as its lines, and no wider than its place") {
  const TextStage stage("x");  // a window to measure in
  const theme::TextStyle style = theme::body;
  CHECK(title_width("plain", style) == widgets::text_width("plain", style));
  CHECK(title_width("`code` :bug:", style) < widgets::text_width("`code` :bug:", style) + 8);
  CHECK(title_width("a `b`", style) > widgets::text_width("a b", style));
  CHECK(title_height(400, "one `line`", style) == style.line_height);
  CHECK(title_height(60, "some `words` on `several` lines", style) > 2 * style.line_height);
  CHECK(title_height(60, "some `words` on `several` lines", style, 2) == 2 * style.line_height);
}

TEST_CASE("a middle click on a row or a card opens its issue in a tab, as one with Ctrl does") {
  for (const char* url : {"/issues", "/issues?layout=board"}) {
    for (const int button : {ImGuiMouseButton_Middle, ImGuiMouseButton_Left}) {
      CAPTURE(std::string(url));
      CAPTURE(button);
      Stage stage;
      stage.go(url);
      stage.ran.clear();
      ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, button == ImGuiMouseButton_Left);
      for (float y = 130; y < 500 && !stage.has_run("open.url"); y += 20)
        stage.platform.click_at(400, y, button);
      REQUIRE(stage.has_run("open.url"));
      CHECK(std::get<std::string>(stage.ran.back().argument).starts_with("/issues/1"));
      CHECK(stage.ran.size() == 1);
      CHECK(stage.state.list.selected.empty());
    }
  }
}

TEST_CASE("a mention that is rested on tells its issue, to the mouse and to the keyboard") {
  const char* card = "#141 Resume token expires before the laptop wakes, In Progress, bug, due Today";
  TextStage stage("See #141.");
  SUBCASE("the mouse") {
    stage.platform.click("link", "#141");  // and there it stays
    stage.go("/issues/128");
    stage.platform.advance(300);
    CHECK_FALSE(stage.platform.sees("tooltip", card));
    stage.platform.advance(200);
    CHECK(stage.platform.sees("tooltip", card));
    stage.platform.move_mouse(2, 2);
    CHECK_FALSE(stage.platform.sees("tooltip", card));
  }
  SUBCASE("the keyboard") {
    for (int turn = 0; turn < 200 && !has_keys(stage, "link \"#141\""); ++turn) stage.platform.press("Tab");
    stage.platform.advance(500);
    CHECK(stage.platform.sees("tooltip", card));
  }
  SUBCASE("of an issue that is not there nothing is told but that") {
    stage.show("See #999.");
    for (int turn = 0; turn < 200 && !has_keys(stage, "link \"#999\""); ++turn) stage.platform.press("Tab");
    stage.platform.advance(500);
    CHECK(stage.platform.count("tooltip") == 0);
  }
}

}  // namespace dits::web::test
