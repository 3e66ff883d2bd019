// The mirror as text: names, states, nesting, and what readers send back.
#include "web/platform/mirror.hpp"

#include <doctest/doctest.h>

#include "web/platform/headless.hpp"
#include "web/platform/mirror_frame.hpp"

namespace dits {

namespace {

using a11y::Role;
using a11y::Tri;

struct Screen {
  int clicks = 0;
  std::string title = "Old";

  void draw() {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({400, 300});
    ImGui::Begin("screen", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    {
      const a11y::Scope list(
          {.id = 1, .role = Role::grid, .name = "Issues", .min = {0, 0}, .max = {400, 100}, .row_count = 61});
      a11y::node({.id = 2,
                  .role = Role::row,
                  .name = "Fix it",
                  .min = {0, 0},
                  .max = {400, 20},
                  .selected = Tri::yes,
                  .row_index = 3});
      a11y::node({.id = 3, .role = Role::row, .name = "Below the fold", .min = {0, 900}, .max = {400, 920}});
    }
    ImGui::SetCursorScreenPos({10, 120});
    if (ImGui::Button("New issue", {100, 30}) || a11y::take_click(4)) ++clicks;
    a11y::node({.id = 4,
                .role = Role::button,
                .name = "New issue",
                .min = {10, 120},
                .max = {110, 150},
                .disabled = false});
    a11y::take_value(5, title);
    a11y::node({.id = 5,
                .role = Role::textbox,
                .name = "Title",
                .min = {10, 160},
                .max = {110, 180},
                .value = title});
    ImGui::End();
  }
};

}  // namespace

TEST_CASE("The mirror reads as one line a node, nested as the scopes are, without what is clipped away") {
  HeadlessPlatform platform(400, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});

  CHECK(platform.mirror_text() ==
        "grid \"Issues\" [rowcount=61]\n"
        "  row \"Fix it\" [selected] [rowindex=3]\n"
        "button \"New issue\"\n"
        "textbox \"Title\": Old\n");
  CHECK(platform.sees("row", "Fix it"));
  CHECK_FALSE(platform.sees("row", "Below the fold"));
  CHECK(platform.count("row") == 1);
}

TEST_CASE("A click with the mouse and an activation by a reader reach the same widget, once each") {
  HeadlessPlatform platform(400, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});

  platform.click("button", "New issue");
  CHECK(screen.clicks == 1);
  platform.activate("button", "New issue");
  CHECK(screen.clicks == 2);
  platform.advance(1000);
  CHECK(screen.clicks == 2);
}

TEST_CASE("A value written through the mirror arrives at the widget's text") {
  HeadlessPlatform platform(400, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});

  platform.fill("textbox", "Title", "New: 日本語");
  CHECK(screen.title == "New: 日本語");
  CHECK(platform.value_of("textbox", "Title") == "New: 日本語");
}

TEST_CASE("Of values that come faster than frames the newest counts, and none is lost") {
  HeadlessPlatform platform(400, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  const ImGuiID title = 5;
  std::string typed;
  for (const char letter : std::string("faster than frames")) {
    typed += letter;
    a11y::push_value(title, typed);
  }
  platform.draw();
  CHECK(screen.title == "faster than frames");
}

TEST_CASE("Separators of the wire form in a name cannot break it") {
  HeadlessPlatform platform(400, 300);
  Screen screen;
  screen.title =
      "a\x1e"
      "b\x1f"
      "c";
  platform.start({.frame = [&] { screen.draw(); }});

  CHECK(platform.value_of("textbox", "Title") == "a b c");
}

TEST_CASE("Every role has a name that ARIA knows") {
  CHECK(a11y::name_of(Role::image) == "img");
  CHECK(a11y::name_of(Role::text) == "generic");
  CHECK(a11y::name_of(Role::switch_) == "switch");
  CHECK(a11y::name_of(Role::splitter) == "separator");
  CHECK(a11y::name_of(Role::textbox) == "textbox");
  CHECK(a11y::name_of(Role::dialog) == "dialog");
}

}  // namespace dits
