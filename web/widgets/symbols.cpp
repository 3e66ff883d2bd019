// The recipes of design/COMPONENTS.md for the small signs.
#include "web/widgets/symbols.hpp"

#include <array>
#include <cmath>

namespace dits::widgets {

namespace {

constexpr float pi = 3.14159265f;
constexpr float top = -pi / 2;  // twelve o'clock

float radians(float degrees) { return degrees * pi / 180; }

void draw_arc(ImVec2 center, float radius, float from, float to, ImU32 color, float thickness) {
  canvas().PathArcTo(center, radius, from, to);
  canvas().PathStroke(color, 0, thickness);
}

// Calls `cap` for each word of `keys` with its place from the left; returns the width of all.
template <typename Cap>
float lay_keys(std::string_view keys, const Cap& cap) {
  float x = 0;
  while (!keys.empty()) {
    const std::size_t space = keys.find(' ');
    const std::string_view word = keys.substr(0, space);
    if (!word.empty()) {
      if (x > 0) x += 2;
      const float width = std::max(18.0f, std::round(text_width(word, theme::mono_small_medium)) + 10);
      cap(x, width, word);
      x += width;
    }
    keys = space == std::string_view::npos ? std::string_view{} : keys.substr(space + 1);
  }
  return x;
}

}  // namespace

ImU32 ring_color(Ring ring) {
  const theme::Palette& c = theme::colors();
  switch (ring) {
    case Ring::backlog:
      return c.status_backlog;
    case Ring::todo:
      return c.status_todo;
    case Ring::progress:
      return c.status_progress;
    case Ring::review:
      return c.status_review;
    case Ring::done:
      return c.status_done;
  }
  return c.status_todo;
}

void draw_ring(float x, float y, Ring ring, float size, ImU32 behind) {
  const float k = size / 14;
  const float radius = 5.5f * k;
  const float thickness = 1.6f * k;
  const ImVec2 center{x, y};
  const ImU32 color = ring_color(ring);
  switch (ring) {
    case Ring::backlog:
      for (int i = 0; i < 8; ++i) {
        const float from = radians(45.0f * static_cast<float>(i));
        draw_arc(center, radius, from, from + radians(25.2f), color, thickness);
      }
      return;
    case Ring::done:
      canvas().AddCircleFilled(center, 6.3f * k, color);
      draw_check(x, y, size, behind ? behind : theme::colors().bg_canvas);
      return;
    case Ring::todo:
      canvas().AddCircle(center, radius, color, 0, thickness);
      return;
    case Ring::progress:
    case Ring::review: {
      canvas().AddCircle(center, radius, color, 0, thickness);
      canvas().PathLineTo(center);
      canvas().PathArcTo(center, 3.2f * k, top, top + radians(ring == Ring::progress ? 180 : 270));
      if (ring == Ring::progress) {
        canvas().PathFillConvex(color);
      } else {
        canvas().PathFillConcave(color);
      }
      return;
    }
  }
}

ImU32 bars_color(Bars bars) {
  const theme::Palette& c = theme::colors();
  switch (bars) {
    case Bars::none:
      return c.priority_none;
    case Bars::low:
      return c.priority_low;
    case Bars::medium:
      return c.priority_medium;
    case Bars::high:
      return c.priority_high;
    case Bars::urgent:
      return c.priority_urgent;
  }
  return c.priority_none;
}

void draw_bars(float x, float y, Bars bars, float size) {
  const float k = size / 14;
  const float left = std::round(x - size / 2);
  const float up = std::round(y - size / 2);
  const ImU32 color = bars_color(bars);
  ImDrawList& list = canvas();
  const auto rect = [&](float rx, float ry, float rw, float rh, float radius, ImU32 fill_color) {
    list.AddRectFilled(
        {left + rx * k, up + ry * k}, {left + (rx + rw) * k, up + (ry + rh) * k}, fill_color, radius * k);
  };
  if (bars == Bars::urgent) {
    rect(0.5f, 0.5f, 13, 13, 3, color);
    rect(6.2f, 3, 1.7f, 5, 0, theme::colors().bg_canvas);
    rect(6.2f, 9.4f, 1.7f, 1.8f, 0, theme::colors().bg_canvas);
    return;
  }
  if (bars == Bars::none) {
    for (const float at : {1.5f, 5.8f, 10.1f}) rect(at, 6.3f, 2.6f, 1.6f, 0, color);
    return;
  }
  const int filled = static_cast<int>(bars);
  for (int i = 0; i < 3; ++i) {
    const auto n = static_cast<float>(i);
    rect(1 + n * 4.4f,
         9 - n * 3.5f,
         3,
         4 + n * 3.5f,
         0.8f,
         i < filled ? color : theme::colors().border_default);
  }
}

void draw_progress_ring(float x, float y, float done, float size) {
  const float thickness = size < 20 ? 2 : size / 9;
  const float radius = size / 2 - thickness / 2 - 0.3f;
  canvas().AddCircle({x, y}, radius, theme::colors().border_default, 0, thickness);
  if (done >= 1) {
    canvas().AddCircle({x, y}, radius, theme::colors().status_done, 0, thickness);
  } else if (done > 0) {
    draw_arc({x, y}, radius, top, top + 2 * pi * done, theme::colors().accent_base, thickness);
  }
}

void draw_label_dot(float x, float y, theme::Hue hue) {
  canvas().AddCircleFilled({x, y}, 4, theme::label_colors(hue).dot);
}

void draw_square(float x, float y, theme::Hue hue) {
  canvas().AddRectFilled({x - 5, y - 5}, {x + 5, y + 5}, theme::label_colors(hue).dot, 3);
}

void draw_logo(float x, float y, float size) {
  const float k = size / 18;
  const float left = x - size / 2;
  const float up = y - size / 2;
  canvas().AddCircle({left + 7.4f * k, up + 11 * k}, 4.9f * k, theme::colors().accent_base, 0, 2.4f * k);
  canvas().AddRectFilled({left + 12.6f * k, up + 1.6f * k},
                         {left + 15.2f * k, up + 17 * k},
                         theme::colors().text_primary,
                         0.6f * k);
}

void draw_avatar(float x, float y, ImU32 color, std::string_view initial, const char* icon) {
  canvas().AddCircleFilled({x, y}, 10, color);
  const ImU32 ink = theme::colors().bg_canvas;
  if (icon) {
    draw_icon(x, y, icon, 11, ink);
  } else {
    draw_text(x - text_width(initial, theme::caption_strong) / 2, y, initial, theme::caption_strong, ink);
  }
}

float chip_width(std::string_view text, float max_width) {
  return std::min(max_width, std::round(text_width(text, theme::caption_medium)) + 12);
}

float draw_chip(float x, float center_y, std::string_view text, theme::Hue hue, float max_width) {
  const theme::LabelColors& colors = theme::label_colors(hue);
  const Rect r{std::round(x), std::round(center_y - 9), chip_width(text, max_width), 18};
  fill(r, colors.bg, 4);
  draw_text_in(inset(r, 6, 0), text, theme::caption_medium, colors.fg);
  return r.w;
}

float keys_width(std::string_view keys) {
  return lay_keys(keys, [](float, float, std::string_view) {});
}

float draw_keys(float x, float center_y, std::string_view keys, CapStyle style) {
  const theme::Palette& c = theme::colors();
  ImU32 line = c.border_default;
  ImU32 ink = c.text_secondary;
  if (style == CapStyle::waiting) {
    line = c.accent_base;
    ink = c.accent_text;
  } else if (style == CapStyle::on_dark) {
    line = c.text_tertiary;
    ink = c.bg_canvas;
  }
  return lay_keys(keys, [&](float at, float width, std::string_view word) {
    const Rect cap{std::round(x + at), std::round(center_y - 9), width, 18};
    if (style != CapStyle::on_dark) fill(cap, c.bg_raised, 4);
    outline(cap, line, 4);
    fill({cap.x + 2, cap.bottom() - 2, cap.w - 4, 1}, line);
    draw_text(cap.center_x() - text_width(word, theme::mono_small_medium) / 2,
              cap.center_y() - 0.5f,
              word,
              theme::mono_small_medium,
              ink);
  });
}

void draw_skeleton_bar(float x, float center_y, float width) {
  fill({x, std::round(center_y - 5), width, 10}, theme::colors().border_subtle, 4);
}

}  // namespace dits::widgets
