// Shapes and text.
#include "web/widgets/paint.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include "imgui_internal.h"
#include "web/platform/long_text.hpp"
#include "web/widgets/shaping.hpp"
#include "web/widgets/text_runs.hpp"

namespace dits::widgets {

namespace {

constexpr float cap_height = 0.728f;  // of the em, in Inter and JetBrains Mono alike
int on_top_depth = 0;

const char* begin_of(std::string_view text) { return text.data(); }
const char* end_of(std::string_view text) { return text.data() + text.size(); }

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

// What was drawn from this corner on leans, about its baseline, to the right.
void slant(int first, float baseline) {
  constexpr float slope = 0.2f;
  ImVector<ImDrawVert>& corners = canvas().VtxBuffer;
  for (int at = first; at < corners.Size; ++at) corners[at].pos.x += (baseline - corners[at].pos.y) * slope;
}

// The end of the line that starts at `start`: after the last word that fits, before its space.
const char* line_end(theme::TextStyle style, const char* start, const char* end, float width) {
  const char* wrap = theme::font(style.face)->CalcWordWrapPosition(style.size, start, end, width);
  if (wrap == start && start < end) ++wrap;
  while (wrap < end && (static_cast<unsigned char>(*wrap) & 0xC0u) == 0x80u) ++wrap;
  return wrap;
}

}  // namespace

float snap(float value) {
  const float scale = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  return std::round(value * scale) / scale;
}

Rect snapped(Rect r) {
  const float x = snap(r.x);
  const float y = snap(r.y);
  return {x, y, snap(r.right()) - x, snap(r.bottom()) - y};
}

ImDrawList& canvas() {
  return on_top_depth > 0 ? *ImGui::GetForegroundDrawList() : *ImGui::GetWindowDrawList();
}

OnTop::OnTop() { ++on_top_depth; }
OnTop::~OnTop() { --on_top_depth; }

void fill(Rect r, ImU32 color, float radius, ImDrawFlags corners) {
  const Rect s = snapped(r);
  canvas().AddRectFilled(s.min(), s.max(), color, radius, corners);
}

void outline(Rect r, ImU32 color, float radius, float thickness) {
  const Rect s = snapped(r);
  const float d = (thickness - 1) / 2;  // AddRect itself moves in by half a pixel
  canvas().AddRect({s.x + d, s.y + d},
                   {s.right() - d, s.bottom() - d},
                   color,
                   std::max(0.0f, radius - thickness / 2),
                   0,
                   thickness);
}

void dashed_outline(Rect r, ImU32 color, float radius, float thickness, float dash, float gap) {
  const Rect s = inset(snapped(r), thickness / 2);
  ImDrawList& list = canvas();
  list.PathRect(s.min(), s.max(), radius);
  ImVector<ImVec2> path;
  path.swap(list._Path);
  list._Path.resize(0);
  if (path.Size < 2) return;
  path.push_back(path[0]);
  float left = dash;
  bool is_drawn = true;
  for (int i = 0; i + 1 < path.Size; ++i) {
    ImVec2 a = path[i];
    const ImVec2 b = path[i + 1];
    float length = std::hypot(b.x - a.x, b.y - a.y);
    while (length > 0.001f) {
      const float step = std::min(left, length);
      const ImVec2 c{a.x + (b.x - a.x) * step / length, a.y + (b.y - a.y) * step / length};
      if (is_drawn) list.AddLine(a, c, color, thickness);
      a = c;
      length -= step;
      left -= step;
      if (left <= 0.001f) {
        is_drawn = !is_drawn;
        left = is_drawn ? dash : gap;
      }
    }
  }
}

void horizontal_line(float x, float y, float width, ImU32 color) { fill({x, y, width, 1}, color); }
void vertical_line(float x, float y, float height, ImU32 color) { fill({x, y, 1, height}, color); }

void shadow(Rect r, float radius, int level) {
  const bool dark = theme::is_dark();
  const float alpha = level == 2 ? (dark ? 0.075f : 0.014f) : (dark ? 0.07f : 0.018f);
  const float spread = level == 2 ? 1.5f : 1.0f;
  const float drop = level == 2 ? 2.0f : 1.0f;
  const ImU32 color = theme::with_alpha(IM_COL32_BLACK, alpha);
  for (int i = level == 2 ? 7 : 3; i >= 0; --i) {
    const float e = spread * static_cast<float>(i);
    const float y = drop + 0.5f * static_cast<float>(i);
    canvas().AddRectFilled({r.x - e, r.y - e + y}, {r.right() + e, r.bottom() + e + y}, color, radius + e);
  }
}

void popup_box(Rect r, float radius, ImU32 line) {
  cover_long_texts(r.min(), r.max());
  shadow(r, radius);
  fill(r, theme::colors().bg_raised, radius);
  outline(r, line ? line : theme::colors().border_default, radius);
}

float text_width(std::string_view text, theme::TextStyle style) {
  if (text.empty()) return 0;
  text = shaped(text);
  return theme::font(style.face)->CalcTextSizeA(style.size, FLT_MAX, 0, begin_of(text), end_of(text)).x;
}

float draw_text(float x, float center_y, std::string_view text, theme::TextStyle style, ImU32 color) {
  if (text.empty()) return 0;
  ImFont* font = theme::font(style.face);
  const float baseline = std::round(center_y + style.size * cap_height / 2);
  const float top = baseline - font->GetFontBaked(style.size)->Ascent;
  const std::string_view drawn = shaped(text);
  const int first = canvas().VtxBuffer.Size;
  canvas().AddText(font, style.size, {std::round(x), top}, color, begin_of(drawn), end_of(drawn));
  if (style.is_slanted) slant(first, baseline);
  return text_width(text, style);
}

// By its clusters, and measured anew: a part of a run may be wider or narrower than it was in the whole.
static std::size_t bytes_of_runs_within(std::string_view text, theme::TextStyle style, float width) {
  std::size_t best = 0;
  std::size_t low = 0;                 // no better cut up to here
  std::size_t high = text.size() + 1;  // too long
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t cut = cut_before(text, middle);
    if (cut > best && text_width(text.substr(0, cut), style) > width) {
      high = cut;
    } else {
      best = std::max(best, cut);
      low = middle;
    }
  }
  return best;
}

std::size_t bytes_within(std::string_view text, theme::TextStyle style, float width) {
  // No character is so narrow, or takes so many bytes, that more than these have room: a long text of runs is
  // not looked at as a whole for each of its lines.
  const std::string_view near = text.substr(0, static_cast<std::size_t>(std::max(0.0f, width)) * 8 + 64);
  if (shaped(near).data() != near.data()) return bytes_of_runs_within(near, style, width);
  const char* rest = nullptr;
  theme::font(style.face)->CalcTextSizeA(style.size, width, 0, begin_of(text), end_of(text), &rest);
  return static_cast<std::size_t>(rest - begin_of(text));
}

std::string_view fitting_prefix(std::string_view text, theme::TextStyle style, float width, bool& is_cut) {
  is_cut = bytes_within(text, style, width + 0.5f) < text.size();
  if (!is_cut) return text;
  std::size_t length = bytes_within(text, style, std::max(0.0f, width - text_width(ellipsis, style)));
  while (length > 0 && text[length - 1] == ' ') --length;
  return text.substr(0, length);
}

bool draw_text_in(Rect r, std::string_view text, theme::TextStyle style, ImU32 color, Align align) {
  if (r.w <= 0 || text.empty()) return false;
  bool is_cut = false;
  const std::string_view part = fitting_prefix(text, style, r.w, is_cut);
  if (is_cut) {
    // Behind the text, which is to its left where it goes that way.
    const bool is_backwards = begins_right_to_left(part);
    const float before = is_backwards ? text_width(ellipsis, style) : 0;
    const float w = draw_text(r.x + before, r.center_y(), part, style, color);
    if (r.w >= 8) draw_text(is_backwards ? r.x : r.x + w, r.center_y(), ellipsis, style, color);
    return true;
  }
  float x = r.x;
  if (align != Align::left) {
    const float free = r.w - text_width(text, style);
    x += align == Align::right ? free : free / 2;
  }
  draw_text(x, r.center_y(), text, style, color);
  return false;
}

float draw_wrapped(float x,
                   float y,
                   float width,
                   std::string_view text,
                   theme::TextStyle style,
                   ImU32 color,
                   int max_lines) {
  const char* at = begin_of(text);
  const char* end = end_of(text);
  float top = y;
  int line = 0;
  while (at < end) {
    const char* stop = line_end(style, at, end, width);
    const char* newline = static_cast<const char*>(ImMemchr(at, '\n', static_cast<std::size_t>(stop - at)));
    if (newline) stop = newline;
    ++line;
    const bool is_last = max_lines > 0 && line == max_lines;
    if (color) {
      if (is_last && stop < end) {
        draw_text_in(
            {x, top, width, style.line_height}, {at, static_cast<std::size_t>(end - at)}, style, color);
      } else {
        const std::string_view part(at, static_cast<std::size_t>(stop - at));
        const float free = begins_right_to_left(part) ? std::max(0.0f, width - text_width(part, style)) : 0;
        draw_text(x + free, top + style.line_height / 2, part, style, color);
      }
    }
    top += style.line_height;
    if (is_last) break;
    at = stop;
    if (at < end && *at == '\n') {
      ++at;
    } else {
      while (at < end && *at == ' ') ++at;
    }
  }
  return top - y;
}

float wrapped_height(float width, std::string_view text, theme::TextStyle style, int max_lines) {
  return draw_wrapped(0, 0, width, text, style, 0, max_lines);
}

void draw_icon(float x, float y, const char* icon, float size, ImU32 color) {
  ImFont* font = theme::font(theme::Face::icons);
  canvas().AddText(font, size, {std::round(x - size / 2), std::round(y - size / 2)}, color, icon);
}

void draw_check(float x, float y, float size, ImU32 color, float thickness) {
  const float k = size / 14;
  const std::array<ImVec2, 3> points{
      {{x - 2.7f * k, y + 0.2f * k}, {x - 0.8f * k, y + 2.1f * k}, {x + 2.8f * k, y - 1.8f * k}}};
  canvas().AddPolyline(points.data(), 3, color, 0, thickness * k);
}

}  // namespace dits::widgets
