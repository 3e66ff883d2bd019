// Titles: drawn in one way on every screen, by what of them has room, and in the order in which they are
// read.
#include "web/ui/titles.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "imgui.h"
#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"
#include "web/ui/popups.hpp"

namespace dits::web::test {

namespace {

constexpr std::array faces{theme::Face::ui, theme::Face::medium, theme::Face::semibold, theme::Face::mono};

// How often this character stands among the corners that were drawn, in any face up to the size of headings.
int count_drawn(const ImVector<ImDrawVert>& corners, ImWchar character) {
  std::vector<ImVec2> places;
  for (const theme::Face face : faces) {
    for (float size = 9; size < 30; ++size) {
      ImFontBaked* baked = theme::font(face)->GetFontBaked(size);
      if (!baked->IsGlyphLoaded(character)) continue;
      const ImFontGlyph* glyph = baked->FindGlyphNoFallback(character);
      if (glyph != nullptr) places.emplace_back(glyph->U0, glyph->V0);
    }
  }
  return static_cast<int>(std::count_if(corners.begin(), corners.end(), [&](const ImDrawVert& corner) {
    return std::any_of(places.begin(), places.end(), [&](const ImVec2& place) {
      return place.x == corner.uv.x && place.y == corner.uv.y;
    });
  }));
}

int count_on_screen(ImWchar character) {
  int count = 0;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
    count += count_drawn(list->VtxBuffer, character);
  return count;
}

// What `draw` draws: above all windows, since a new one is not seen in its first frame.
template <typename Draw>
ImVector<ImDrawVert> drawn(const Draw& draw) {
  ImGui::NewFrame();
  ImGui::Begin("canvas");
  ImVector<ImDrawVert> corners;
  {
    const widgets::OnTop on_top;
    const ImVector<ImDrawVert>& all = ImGui::GetForegroundDrawList()->VtxBuffer;
    const int before = all.Size;
    draw();
    for (int at = before; at < all.Size; ++at) corners.push_back(all[at]);
  }
  ImGui::End();
  ImGui::EndFrame();
  return corners;
}

bool are_same(const ImVector<ImDrawVert>& a, const ImVector<ImDrawVert>& b) {
  return a.Size > 0 &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
           return one.pos.x == other.pos.x && one.pos.y == other.pos.y && one.uv.x == other.uv.x;
         });
}

constexpr ImWchar ellipsis = 0x2026;
constexpr theme::TextStyle style = theme::body;
constexpr Rect place{20, 40, 120, 20};
constexpr ImU32 ink = IM_COL32_WHITE;

}  // namespace

TEST_CASE("a title that has no room ends in an ellipsis: on one line or several, with code or a colon") {
  const Stage stage;
  for (const char* title : {"Fix: the words that are many on several lines of it, and more of them",
                            "Fix `some code` in words that are many on several lines of it, and more",
                            "`code` and `much more code` and `more of it` again, `and again`, and more"}) {
    CAPTURE(std::string(title));
    CHECK(count_drawn(drawn([&] { title_line(place, title, style, ink); }), ellipsis) == 1);
    CHECK(count_drawn(drawn([&] { draw_title(place, title, style, ink, 1); }), ellipsis) == 1);
    CHECK(count_drawn(drawn([&] { draw_title(place, title, style, ink, 2); }), ellipsis) == 1);
    CHECK(count_drawn(drawn([&] { draw_title(place, title, style, ink); }), ellipsis) == 0);
    const Rect wide{20, 40, 900, 20};
    CHECK(count_drawn(drawn([&] { title_line(wide, title, style, ink); }), ellipsis) == 0);
    CHECK(count_drawn(drawn([&] { draw_title(wide, title, style, ink, 2); }), ellipsis) == 0);
  }
}

TEST_CASE("a title that goes from right to left is drawn as such a text is, with its code and emoji") {
  const Stage stage;
  const Rect wide{20, 40, 400, 20};
  for (const auto& [title, words] :
       {std::pair{"תיקון: `code` עוד", "תיקון: code עוד"}, std::pair{"תיקון :x: עוד", "תיקון ❌ עוד"}}) {
    CAPTURE(std::string(title));
    CHECK(are_same(drawn([&, t = title] { draw_title(wide, t, style, ink); }),
                   drawn([&, w = words] { widgets::draw_wrapped(wide.x, wide.y, wide.w, w, style, ink); })));
    CHECK(are_same(drawn([&, t = title] { title_line(wide, t, style, ink); }),
                   drawn([&, w = words] { widgets::text_line(wide, w, style, ink); })));
    CHECK(title_width(title, style) == widgets::text_width(words, style));
  }
}

TEST_CASE("what was searched for is found in a title's words, code and emoji") {
  const Stage stage;
  const auto corners = [&](const std::vector<MatchRange>& matches) {
    return drawn([&] { draw_matched_title(20, 40, "Use `move` :x: here", matches, style, ink, 400); }).Size;
  };
  CHECK(count_drawn(drawn([&] {
                      draw_matched_title(20, 40, "Use `move` :x: here", {{5, 9}}, style, ink, 400);
                    }),
                    '`') == 0);
  // Each stretch that matched has a ground.
  CHECK(corners({{0, 3}, {15, 17}}) > corners({{0, 3}}));
  CHECK(corners({{0, 3}, {5, 7}}) > corners({{0, 3}}));
  CHECK(corners({{0, 3}, {11, 14}}) > corners({{0, 3}}));
}

TEST_CASE("no screen shows the backticks of a title or the name of an emoji in it") {
  Stage stage;
  const auto rename = [&](std::int64_t number) {
    Issue changed = *find_issue(stage.state.entities, stage.issue(number));
    changed.title = "Late `now` :white_check_mark:";
    IssuesArrived arrived;
    arrived.issues.push_back(changed);
    stage.change(Change{std::move(arrived)});
  };
  const auto check_screen = [&](const char* name) {
    CAPTURE(std::string(name));
    stage.platform.request_frames();
    stage.platform.draw();
    CHECK(count_on_screen('L') > 0);
    CHECK(count_on_screen('`') == 0);
    CHECK(count_on_screen('_') == 0);
  };
  for (const float width : {1440.0f, 390.0f}) {
    stage.platform.resize(width, 900);
    for (const std::int64_t number : {128, 141, 144, 181, 150}) rename(number);
    for (const char* url :
         {"/issues", "/issues?layout=board", "/upcoming?layout=calendar", "/today", "/inbox"}) {
      stage.go(url);
      check_screen(url);
    }
    stage.go("/issues");
    stage.run("palette.open");
    stage.platform.fill("combobox", "Command", "Late");
    check_screen("palette");
    stage.change(PaletteClosed{});
    Toast toast;
    toast.text = "Created “Late `now` :white_check_mark:”";
    stage.go("/settings");
    stage.change(ToastShown{toast});
    check_screen("toast");
    stage.change(ToastDismissed{stage.state.toasts.back().id});
  }
}

}  // namespace dits::web::test
