// Which parts of the canvas are drawn anew. The canvas here is an array of numbers, on which a rectangle
// mixes its colour into what lies below.
#include "web/platform/damage.hpp"

#include <cstddef>
#include <random>

#include <doctest/doctest.h>

#include "web/platform/headless.hpp"

namespace dits {

namespace {

constexpr int width = 300;
constexpr int height = 200;
constexpr float scale = 1.5F;
constexpr ImVec2 origin = {10, 20};

struct Rectangle {
  PixelBox box;
  ImU32 color = 1;
  PixelBox clip = {0, 0, width, height};
  ImTextureID texture = 1;
};

using Picture = std::vector<Rectangle>;
using Canvas = std::vector<ImU32>;

ImVec2 point(int x, int y) {
  return {origin.x + static_cast<float>(x) / scale, origin.y + static_cast<float>(y) / scale};
}

// The picture as Dear ImGui hands it over: each rectangle two triangles, in a command of its own.
struct Frame {
  explicit Frame(const Picture& picture) : list(ImGui::GetDrawListSharedData()) {
    for (const Rectangle& each : picture) {
      ImDrawCmd command;
      const ImVec2 least = point(each.clip.left, each.clip.top);
      const ImVec2 most = point(each.clip.right, each.clip.bottom);
      command.ClipRect = {least.x + 0.01F, least.y + 0.01F, most.x + 0.01F, most.y + 0.01F};
      command.TexRef = ImTextureRef(each.texture);
      command.VtxOffset = static_cast<unsigned>(list.VtxBuffer.Size);
      command.IdxOffset = static_cast<unsigned>(list.IdxBuffer.Size);
      command.ElemCount = 6;
      list.CmdBuffer.push_back(command);
      list.VtxBuffer.push_back({point(each.box.left, each.box.top), {0, 0}, each.color});
      list.VtxBuffer.push_back({point(each.box.right, each.box.top), {1, 0}, each.color});
      list.VtxBuffer.push_back({point(each.box.right, each.box.bottom), {1, 1}, each.color});
      list.VtxBuffer.push_back({point(each.box.left, each.box.bottom), {0, 1}, each.color});
      for (const ImDrawIdx index : {0U, 1U, 2U, 0U, 2U, 3U}) list.IdxBuffer.push_back(index);
    }
    data.CmdLists.push_back(&list);
    data.DisplayPos = origin;
    data.DisplaySize = {static_cast<float>(width) / scale, static_cast<float>(height) / scale};
    data.FramebufferScale = {scale, scale};
  }

  ImDrawList list;
  ImDrawData data;
};

void fill(Canvas& canvas, const Rectangle& rectangle, const PixelBox& box) {
  const PixelBox shown = both(both(rectangle.box, rectangle.clip), box);
  for (int y = shown.top; y < shown.bottom; ++y) {
    for (int x = shown.left; x < shown.right; ++x) {
      ImU32& pixel = canvas[static_cast<std::size_t>(y * width + x)];
      pixel = pixel * 31 + rectangle.color * 7 + static_cast<ImU32>(rectangle.texture);
    }
  }
}

// As the renderer does: clears each box, and draws in it what reaches there.
void draw(Canvas& canvas, const Picture& picture, const Repaint& repaint) {
  for (const PixelBox& box : repaint.boxes) {
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) canvas[static_cast<std::size_t>(y * width + x)] = 0;
    }
    for (std::size_t at = 0; at < picture.size(); ++at) {
      if (!both(repaint.reach[at], box).is_empty()) fill(canvas, picture[at], box);
    }
  }
}

long long area_of(const Repaint& repaint) {
  long long area = 0;
  for (const PixelBox& box : repaint.boxes) area += box.area();
  return area;
}

Repaint repainted(Damage& damage, const Picture& picture) {
  return damage.repaint(Frame(picture).data, width, height);
}

const Rectangle background = {{0, 0, width, height}, 5};

}  // namespace

TEST_CASE("The first picture is drawn as a whole, the same one again not at all") {
  const HeadlessPlatform platform;
  Damage damage;
  const Picture picture = {background, {{20, 20, 60, 30}, 3}};
  CHECK(repainted(damage, picture).boxes == std::vector<PixelBox>{{0, 0, width, height}});
  CHECK(repainted(damage, picture).boxes.empty());
  damage.forget();
  CHECK(area_of(repainted(damage, picture)) == width * height);
  CHECK(damage.repaint(Frame(picture).data, width, height - 1).boxes ==
        std::vector<PixelBox>{{0, 0, width, height - 1}});
}

TEST_CASE(
    "What changed is drawn anew: colour, place, texture, clip, order; what lies outside of its clip is not") {
  const HeadlessPlatform platform;
  const Rectangle row = {{20, 20, 60, 30}, 3};
  const Rectangle other = {{30, 22, 50, 28}, 9};
  const Picture before = {background, row, other};
  struct Case {
    const char* what;
    Picture after;
    bool is_seen;
  };
  const std::vector<Case> cases = {
      {"colour", {background, {row.box, 4}, other}, true},
      {"place", {background, {{21, 20, 61, 30}, 3}, other}, true},
      {"texture", {background, {row.box, 3, row.clip, 2}, other}, true},
      {"clip", {background, {row.box, 3, {0, 0, 40, height}}, other}, true},
      {"order", {background, other, row}, true},
      {"gone", {background, row}, true},
      {"out of sight", {background, row, other, {{100, 100, 150, 150}, 3, {0, 0, 90, 90}}}, false},
  };
  for (const auto& [what, after, is_seen] : cases) {
    CAPTURE(what);
    Damage damage;
    (void)repainted(damage, before);
    const Repaint repaint = repainted(damage, after);
    CHECK(repaint.boxes.empty() != is_seen);
    CHECK(area_of(repaint) < width * height / 4);
  }
}

TEST_CASE("What shows other pixels of its texture is drawn anew, and nothing else") {
  const HeadlessPlatform platform;
  Damage damage;
  const Picture picture = {background, {{20, 20, 60, 30}, 3, background.clip, 2}};
  (void)repainted(damage, picture);
  damage.texture_changed(2, {0.2F, 0.2F}, {0.4F, 0.3F});
  const Repaint repaint = repainted(damage, picture);
  REQUIRE(repaint.boxes.size() == 1);
  CHECK(both(repaint.boxes[0], picture[1].box) == picture[1].box);
  CHECK(area_of(repaint) < width * height / 4);
  (void)repainted(damage, picture);
  damage.texture_changed(2, {1.1F, 0.2F}, {1.2F, 0.3F});
  damage.texture_changed(3, {0, 0}, {1, 1});
  CHECK(repainted(damage, picture).boxes.empty());
}

TEST_CASE("Two changes far from each other are two boxes, and many changes are few") {
  const HeadlessPlatform platform;
  Damage damage;
  Picture picture = {background, {{0, 0, 10, 10}, 1}, {{290, 190, 300, 200}, 1}};
  (void)repainted(damage, picture);
  picture[1].color = picture[2].color = 2;
  const Repaint repaint = repainted(damage, picture);
  CHECK(repaint.boxes.size() == 2);
  CHECK(area_of(repaint) <= 3 * 64 * 16);
  for (int at = 0; at < 40; ++at)
    picture.push_back({{at * 37 % 290, at * 61 % 190, at * 37 % 290 + 4, at * 61 % 190 + 4}, 7});
  CHECK(repainted(damage, picture).boxes.size() <= 6);
}

TEST_CASE("A canvas that is drawn in parts is the canvas that is drawn as a whole, whatever changes") {
  const HeadlessPlatform platform;
  std::mt19937 random(20261130);
  const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  const auto any_box = [&] {
    const int left = below(width + 40) - 20;
    const int top = below(height + 40) - 20;
    return PixelBox{left, top, left + 1 + below(below(4) == 0 ? width : 30), top + 1 + below(20)};
  };
  const PixelBox all = {0, 0, width, height};
  Damage damage;
  Canvas canvas(static_cast<std::size_t>(width * height), 0);
  Picture picture = {background};
  int parts = 0;
  for (int round = 0; round < 300; ++round) {
    for (int change = below(3); change >= 0; --change) {
      const auto at = static_cast<std::size_t>(below(static_cast<int>(picture.size())));
      if (const int kind = below(4); kind == 0 && picture.size() > 1)
        picture.erase(picture.begin() + static_cast<std::ptrdiff_t>(at));
      else if (kind == 1)
        picture[at].color = static_cast<ImU32>(below(1000));
      else
        picture.insert(
            picture.begin() + static_cast<std::ptrdiff_t>(at),
            {any_box(), static_cast<ImU32>(below(1000)), below(3) == 0 ? both(any_box(), all) : all});
    }
    const Repaint repaint = repainted(damage, picture);
    draw(canvas, picture, repaint);
    parts += !repaint.boxes.empty() && area_of(repaint) < width * height ? 1 : 0;
    Canvas whole(canvas.size(), 0);
    for (const Rectangle& each : picture) fill(whole, each, all);
    REQUIRE(canvas == whole);
  }
  CHECK(parts > 100);
}

}  // namespace dits
