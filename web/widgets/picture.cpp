#include "web/widgets/picture.hpp"

#include <algorithm>

#include "web/platform/pictures.hpp"
#include "web/widgets/item.hpp"
#include "web/widgets/paint.hpp"

namespace dits::widgets {

namespace {

constexpr float highest = 480;
constexpr float placeholder_width = 320;
constexpr float placeholder_height = 56;

ImVec2 size_of(const Picture& shown, float width) {
  if (shown.state != Picture::State::ready) return {std::min(width, placeholder_width), placeholder_height};
  const float scale = std::min({1.0f, width / shown.width, highest / shown.height});
  return {shown.width * scale, shown.height * scale};
}

}  // namespace

float picture_height(float width, const std::string& url) { return size_of(picture_at(url), width).y; }

float picture(
    std::string_view id, float x, float y, float width, const std::string& url, std::string_view text) {
  const theme::Palette& c = theme::colors();
  const Picture shown = picture_at(url);
  const std::string name = text.empty() ? std::string("Picture") : std::string(text);
  const ImVec2 size = size_of(shown, width);
  const Rect r{x, y, size.x, size.y};
  if (shown.state == Picture::State::ready) {
    const ImTextureRef texture(shown.texture);
    canvas().AddImageRounded(texture, r.min(), r.max(), {0, 0}, {1, 1}, IM_COL32_WHITE, 4);
  } else {
    fill(r, c.bg_sunken, 4);
    const bool has_failed = shown.state == Picture::State::failed;
    const std::string words = has_failed ? name + " cannot be shown" : "Loading " + name;
    text_line({r.x + 12, r.y, r.w - 24, r.h}, words, theme::small, c.text_tertiary);
  }
  outline(r, c.border_subtle, 4);
  mirror(id_of(id), r, {.role = Aria::image, .name = name});
  return r.h;
}

bool thumbnail(Rect r, const std::string& url) {
  const Picture shown = picture_at(url);
  if (shown.state != Picture::State::ready || shown.width <= 0 || shown.height <= 0) return false;
  const float scale = std::max(r.w / shown.width, r.h / shown.height);
  const float u = r.w / (shown.width * scale) / 2;
  const float v = r.h / (shown.height * scale) / 2;
  const ImTextureRef texture(shown.texture);
  canvas().AddImageRounded(
      texture, r.min(), r.max(), {0.5f - u, 0.5f - v}, {0.5f + u, 0.5f + v}, IM_COL32_WHITE, 3);
  outline(r, theme::colors().border_subtle, 3);
  return true;
}

}  // namespace dits::widgets
