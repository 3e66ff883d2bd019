// Drawing and pressing of the simple controls.
#include "web/widgets/controls.hpp"

#include <cmath>
#include <string>

#include "web/theme/icons.hpp"

namespace dits::widgets {

namespace {

theme::TextStyle label_style(const ButtonOptions& options) {
  return options.is_large ? theme::body_medium : theme::small_medium;
}

struct ButtonInk {
  ImU32 fill = 0;
  ImU32 line = 0;
  ImU32 text = 0;
};

ButtonInk ink_of(const ButtonOptions& options, const ItemState& state) {
  const theme::Palette& c = theme::colors();
  switch (options.kind) {
    case ButtonKind::primary:
      if (options.is_disabled) return {c.bg_sunken, c.border_subtle, c.text_disabled};
      return {state.hovered ? c.accent_hover : c.accent_base, 0, c.text_on_accent};
    case ButtonKind::ghost:
    case ButtonKind::ghost_danger: {
      const ImU32 text = options.kind == ButtonKind::ghost ? c.text_secondary : c.signal_danger;
      return {0, 0, options.is_disabled ? c.text_disabled : text};
    }
    case ButtonKind::danger:
      return {c.bg_raised, c.border_default, options.is_disabled ? c.text_disabled : c.signal_danger};
    case ButtonKind::plain:
      break;
  }
  if (options.is_disabled) return {c.bg_raised, c.border_subtle, c.text_disabled};
  return {c.bg_raised, c.border_default, c.text_secondary};
}

void cover(Rect r, const ItemState& state, float radius) {
  if (state.held) {
    fill(r, theme::colors().bg_pressed, radius);
  } else if (state.hovered) {
    fill(r, theme::colors().bg_hover, radius);
  }
}

// What answers to a finger: at least 44 high, and as wide as asked, around what is drawn.
Rect touch_target(Rect r, float least_width = 0) {
  if (!is_phone()) return r;
  const float width = std::max(r.w, least_width);
  const float height = std::max(r.h, 44.0f);
  return {r.center_x() - width / 2, r.center_y() - height / 2, width, height};
}

// "d d" is spoken "d d", "Ctrl K" as ARIA writes it.
std::string spoken_keys(std::string_view keys) {
  std::string spoken(keys);
  const std::size_t at = spoken.find("Ctrl ");
  if (at == 0) spoken.replace(0, 5, "Control+");
  constexpr std::string_view enter = "⏎";
  if (const std::size_t sign = spoken.find(enter); sign != std::string::npos)
    spoken.replace(sign, enter.size(), "Enter");
  return spoken;
}

}  // namespace

float button_width(std::string_view label, const ButtonOptions& options) {
  float width = options.is_large ? 28.0f : 20.0f;
  if (!label.empty()) width += std::round(text_width(label, label_style(options)));
  if (options.icon) width += 14 + (label.empty() ? 0.0f : 6.0f);
  if (!options.keys.empty()) width += 6 + std::round(text_width(options.keys, theme::mono_small_medium));
  return width;
}

bool button(std::string_view id, Rect r, std::string_view label, const ButtonOptions& options) {
  const std::string spoken = spoken_keys(options.keys);
  a11y::Node node;
  node.role = Aria::button;
  node.name = options.name.empty() ? label : options.name.view();
  node.disabled = options.is_disabled;
  node.shortcut = spoken;
  const ItemState state = item(id_of(id), touch_target(r), node);
  const ButtonInk ink = ink_of(options, state);
  if (ink.fill) fill(r, ink.fill, 6);
  if (options.kind != ButtonKind::primary || state.held) cover(r, state, 6);
  if (ink.line) outline(r, ink.line, 6);
  if (state.has_ring) focus_ring(r, 6);

  const float content = button_width(label, options) - (options.is_large ? 28.0f : 20.0f);
  float x = std::round(r.x + std::max(options.is_large ? 14.0f : 10.0f, (r.w - content) / 2));
  if (options.icon) {
    draw_icon(x + 7, r.center_y(), options.icon, 14, ink.text);
    x += 20;
  }
  const float room = r.right() - x - 6;
  const bool is_cut = draw_text_in({x, r.y, room, r.h}, label, label_style(options), ink.text);
  x += std::round(text_width(label, label_style(options))) + 6;
  if (!options.keys.empty() && x < r.right()) {
    draw_text(x, r.center_y(), options.keys, theme::mono_small_medium, theme::with_alpha(ink.text, 0.8f));
  }
  if (!options.tip.empty()) {
    tooltip(state, r, options.tip);
  } else if (is_cut) {
    tooltip(state, r, label);
  }
  return state.clicked;
}

bool button_right(
    Rect& bar, std::string_view id, std::string_view label, const ButtonOptions& options, float gap) {
  const float height = options.is_large ? large_button_height : button_height;
  return button(id, middle(cut_right(bar, button_width(label, options), gap), height), label, options);
}

bool button_left(
    Rect& bar, std::string_view id, std::string_view label, const ButtonOptions& options, float gap) {
  const float height = options.is_large ? large_button_height : button_height;
  return button(id, middle(cut_left(bar, button_width(label, options), gap), height), label, options);
}

bool icon_button(
    std::string_view id, Rect r, const char* icon, std::string_view name, const IconButtonOptions& options) {
  const theme::Palette& c = theme::colors();
  const std::string spoken = spoken_keys(options.keys);
  a11y::Node node;
  node.role = Aria::button;
  node.name = name;
  node.disabled = options.is_disabled;
  node.shortcut = spoken;
  node.has_popup = options.has_popup;
  if (options.is_active) node.pressed = Tri::yes;
  const ItemState state = item(id_of(id), touch_target(r, 40), node);
  if (options.is_active) fill(r, c.bg_selected, 6);
  cover(r, state, 6);
  if (state.has_ring) focus_ring(r, 6);
  ImU32 ink = options.color ? options.color : c.text_secondary;
  if (options.is_active) ink = c.accent_text;
  if (options.is_disabled) ink = c.text_disabled;
  draw_icon(r.center_x(), r.center_y(), icon, options.icon_size, ink);
  tooltip(state, r, name, options.keys);
  return state.clicked;
}

bool icon_button_right(Rect& bar,
                       std::string_view id,
                       const char* icon,
                       std::string_view name,
                       const IconButtonOptions& options) {
  return icon_button(id, middle(cut_right(bar, options.size), options.size), icon, name, options);
}

bool text_button(
    std::string_view id, float x, float center_y, std::string_view label, theme::TextStyle style) {
  const Rect r{x, center_y - 11, text_width(label, style), 22};
  a11y::Node node;
  node.role = Aria::button;
  node.name = label;
  const ItemState state = item(id_of(id), touch_target(r), node);
  if (state.has_ring) focus_ring(r, 3);
  draw_text(x, center_y, label, style, theme::colors().accent_text);
  if (state.hovered) horizontal_line(x, center_y + style.size * 0.6f, r.w, theme::colors().accent_text);
  return state.clicked;
}

bool toggle(std::string_view id, float x, float center_y, std::string_view name, bool is_on) {
  const Rect r{x, center_y - 8, 28, 16};
  a11y::Node node;
  node.role = Aria::switch_;
  node.name = name;
  node.checked = is_on ? Tri::yes : Tri::no;
  const ItemState state = item(id_of(id), touch_target(inset(r, -4, -6), 44), node);
  fill(r, is_on ? theme::colors().accent_base : theme::colors().border_strong, 8);
  canvas().AddCircleFilled({is_on ? r.x + 20 : r.x + 8, r.center_y()}, 6, theme::colors().bg_raised);
  if (state.has_ring) focus_ring(r, 8);
  return state.clicked;
}

void draw_checkbox(float x, float center_y, Tri state, float size) {
  const theme::Palette& c = theme::colors();
  const Rect box{std::round(x), std::round(center_y - size / 2), size, size};
  if (state == Tri::yes) {
    fill(box, c.accent_base, 4);
    draw_check(box.center_x(), box.center_y(), size, c.text_on_accent, 1.4f);
  } else {
    fill(box, c.bg_raised, 4);
    outline(box, c.border_strong, 4, 1.5f);
    if (state == Tri::mixed) fill(centered(box, 7, 1.5f), c.accent_base);
  }
}

bool checkbox(std::string_view id, Rect r, std::string_view name, Tri state, float size) {
  a11y::Node node;
  node.role = Aria::checkbox;
  node.name = name;
  node.checked = state;
  const ItemState item_state = item(id_of(id), r, node);
  draw_checkbox(r.x, r.center_y(), state, size);
  if (item_state.has_ring) focus_ring({r.x, r.center_y() - size / 2, size, size}, 4);
  return item_state.clicked;
}

void draw_radio(float x, float center_y, bool is_on) {
  const ImVec2 center{x + 8, center_y};
  canvas().AddCircleFilled(center, 8, theme::colors().bg_raised);
  if (is_on) {
    canvas().AddCircle(center, 5.5f, theme::colors().accent_base, 0, 5);
  } else {
    canvas().AddCircle(center, 7.25f, theme::colors().border_strong, 0, 1.5f);
  }
}

namespace {

float segment_width(const Segment& segment) {
  return 20 + (segment.icon ? 14 + (segment.text.empty() ? 0.0f : 6.0f) : 0.0f) +
         std::round(text_width(segment.text, theme::small_medium));
}

}  // namespace

float segmented_width(std::span<const Segment> segments) {
  float width = 2;
  for (const Segment& segment : segments) width += segment_width(segment) + 2;
  return width;
}

std::optional<int> segmented(std::string_view id,
                             float x,
                             float center_y,
                             std::string_view name,
                             std::span<const Segment> segments,
                             int chosen,
                             Aria role) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(id);
  const Rect track{std::round(x), std::round(center_y - 14), segmented_width(segments), 28};
  const a11y::Scope scope(scope_node(id_of("track"), track, role, name));
  const ArrowRegion region;
  fill(track, c.bg_sunken, 7);
  std::optional<int> picked;
  float at = track.x + 2;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    const bool is_on = static_cast<int>(i) == chosen;
    const Rect r{at, track.y + 2, segment_width(segment), 24};
    at += r.w + 2;
    a11y::Node node;
    node.role = role == Aria::tablist ? Aria::tab : Aria::radio;
    node.name = segment.text;
    (role == Aria::tablist ? node.selected : node.checked) = is_on ? Tri::yes : Tri::no;
    const ItemState state = item(id_of(i + 1), touch_target(r), node);
    if (is_on) {
      fill(r, c.bg_raised, 5);
      outline(inset(r, -1), c.border_default, 6);
    } else {
      cover(r, state, 5);
    }
    if (state.has_ring) focus_ring(r, 5);
    float text_x = r.x + 10;
    if (segment.icon) {
      draw_icon(text_x + 7, r.center_y(), segment.icon, 14, is_on ? c.accent_text : c.text_secondary);
      text_x += 20;
    }
    draw_text(
        text_x, r.center_y(), segment.text, theme::small_medium, is_on ? c.text_primary : c.text_secondary);
    tooltip(state, r, segment.keys.empty() ? std::string_view{} : segment.text.view(), segment.keys);
    if (state.clicked && !is_on) picked = static_cast<int>(i);
  }
  return picked;
}

std::optional<int> tabs(
    std::string_view id, Rect r, std::string_view name, std::span<const Segment> segments, int chosen) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(id);
  const a11y::Scope scope(scope_node(id_of("tabs"), r, Aria::tablist, name));
  const ArrowRegion region;
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_default);
  std::optional<int> picked;
  float x = r.x;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool is_on = static_cast<int>(i) == chosen;
    const float width = text_width(segments[i].text, theme::body_medium);
    const Rect tab{x, r.y, width, r.h};
    x += width + 18;
    a11y::Node node;
    node.role = Aria::tab;
    node.name = segments[i].text;
    node.selected = is_on ? Tri::yes : Tri::no;
    const ItemState state = item(id_of(i + 1), touch_target(inset(tab, -6, 0)), node);
    draw_text(tab.x,
              tab.center_y(),
              segments[i].text,
              theme::body_medium,
              is_on || state.hovered ? c.text_primary : c.text_secondary);
    if (is_on) fill({tab.x, tab.bottom() - 2, tab.w, 2}, c.accent_base);
    if (state.has_ring) focus_ring(inset(tab, -2, 4), 4);
    if (state.clicked && !is_on) picked = static_cast<int>(i);
  }
  return picked;
}

bool banner(std::string_view id, Rect r, const BannerOptions& options) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(id);
  fill(r, options.tint, options.radius);
  const std::string words = std::string(options.strong) + ' ' + std::string(options.text);
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::status, words));
  Rect line = inset(r, 12, 0);
  bool is_pressed = false;
  if (!options.action.empty()) {
    const Rect action = cut_right(line, text_width(options.action, theme::small_medium), 12);
    is_pressed = text_button("action", action.x, action.center_y(), options.action);
  }
  draw_icon(line.x + 7, line.center_y(), options.icon, 14, options.ink);
  float x = line.x + 22;
  x += draw_text(x, line.center_y(), options.strong, theme::small_strong, c.text_primary) + 8;
  text_line(
      {x, line.y, std::max(0.0f, line.right() - x), line.h}, options.text, theme::small, c.text_secondary);
  return is_pressed;
}

}  // namespace dits::widgets
