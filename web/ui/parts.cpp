// Shared drawing of issues.
#include "web/ui/parts.hpp"

#include <cmath>
#include <cstring>
#include <unordered_map>

#include "web/theme/icons.hpp"

namespace dits::web {

namespace {
bool has_mac_keys = false;
}

Ring ring_of(StatusKind kind) {
  switch (kind) {
    case StatusKind::backlog:
      return Ring::backlog;
    case StatusKind::todo:
      return Ring::todo;
    case StatusKind::progress:
      return Ring::progress;
    case StatusKind::review:
      return Ring::review;
    case StatusKind::done:
      return Ring::done;
  }
  return Ring::todo;
}

Bars bars_of(Priority priority) {
  switch (priority) {
    case Priority::none:
      return Bars::none;
    case Priority::low:
      return Bars::low;
    case Priority::medium:
      return Bars::medium;
    case Priority::high:
      return Bars::high;
    case Priority::urgent:
      return Bars::urgent;
  }
  return Bars::none;
}

const char* icon_named(std::string_view name) {
  static const std::unordered_map<std::string_view, const char*> by_name = [] {
    std::unordered_map<std::string_view, const char*> map;
    for (const auto& icon : icons::all_icons) map.emplace(icon.name, icon.glyph);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? icons::circle : found->second;
}

void use_mac_keys(bool is_mac) { has_mac_keys = is_mac; }

std::string joined_keys(const std::vector<std::string>& caps) {
  std::string keys;
  for (const std::string& cap : caps) {
    if (!keys.empty()) keys += ' ';
    keys += cap;
  }
  return keys;
}

std::string keys_of(std::string_view command_id) { return joined_keys(key_caps(command_id, has_mac_keys)); }

ImU32 signal_color(Signal signal) {
  const theme::Palette& c = theme::colors();
  switch (signal) {
    case Signal::danger:
      return c.signal_danger;
    case Signal::today:
      return c.status_progress;
    case Signal::active:
      return c.accent_base;
    case Signal::none:
      return 0;
  }
  return 0;
}

ImU32 due_color(DueTone tone) {
  const theme::Palette& c = theme::colors();
  switch (tone) {
    case DueTone::overdue:
      return c.signal_danger;
    case DueTone::today:
      return c.signal_warning;
    case DueTone::normal:
      return c.text_secondary;
    case DueTone::done:
      return c.text_tertiary;
  }
  return c.text_secondary;
}

std::string number_text(const Issue& issue) {
  return issue.number > 0 ? '#' + std::to_string(issue.number) : std::string("new");
}

std::string issue_name(const Issue& issue) { return number_text(issue) + ' ' + issue.title; }

float draw_chips_to_left(float right,
                         float center_y,
                         const std::vector<const Label*>& labels,
                         std::size_t max_chips) {
  if (labels.empty()) return right;
  const std::size_t shown = std::min(max_chips, labels.size());
  float width = 0;
  for (std::size_t i = 0; i < shown; ++i) width += chip_width(labels[i]->name) + 4;
  std::string more;
  if (labels.size() > shown) {
    more = '+' + std::to_string(labels.size() - shown);
    width += text_width(more, theme::caption_medium) + 4;
  }
  float x = std::round(right - width + 4);
  const float begin = x;
  for (std::size_t i = 0; i < shown; ++i) {
    x += draw_chip(x, center_y, labels[i]->name, theme::hue_of(labels[i]->color)) + 4;
  }
  if (!more.empty()) draw_text(x, center_y, more, theme::caption_medium, theme::colors().text_tertiary);
  return begin;
}

float draw_chips(float x, float center_y, float max_x, const std::vector<const Label*>& labels) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float width = chip_width(labels[i]->name);
    if (x + width > max_x) {
      const std::string more = '+' + std::to_string(labels.size() - i);
      x += draw_text(x, center_y, more, theme::caption_medium, theme::colors().text_tertiary) + 4;
      break;
    }
    x += draw_chip(x, center_y, labels[i]->name, theme::hue_of(labels[i]->color)) + 4;
  }
  return x;
}

float draw_sub_issue_count(float x, float center_y, Progress progress, float ring_size) {
  if (progress.total() == 0) return 0;
  const float done = static_cast<float>(progress.closed) / static_cast<float>(progress.total());
  draw_progress_ring(x + ring_size / 2, center_y, done, ring_size);
  const std::string text = std::to_string(progress.closed) + '/' + std::to_string(progress.total());
  return ring_size + 4 +
         draw_text(x + ring_size + 4, center_y, text, theme::mono_small, theme::colors().text_tertiary);
}

void run_invocation(Outbox& out, const Invocation& invocation) {
  if (invocation.has_anchor) {
    out.run_at(invocation.anchor_x,
               invocation.anchor_y,
               invocation.command,
               invocation.argument,
               invocation.targets);
  } else {
    out.run(invocation.command, invocation.argument, invocation.targets);
  }
}

void run_below(
    Outbox& out, Rect anchor, std::string_view command, Argument argument, std::vector<IssueId> targets) {
  out.run_at(anchor.x, anchor.bottom() + 2, command, std::move(argument), std::move(targets));
}

void go(Outbox& out, Route route) { out.run("go.route", std::move(route)); }

}  // namespace dits::web
