// Which-key and toasts: they lie over the screen and take nothing away from it.
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "web/commands/keymap.hpp"
#include "web/store/layers.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/popups.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

// Statuses have their rings, as everywhere.
std::optional<Ring> ring_of_command(std::string_view id) {
  constexpr std::array<std::pair<std::string_view, Ring>, 5> rings{{{"issue.status.backlog", Ring::backlog},
                                                                    {"issue.status.todo", Ring::todo},
                                                                    {"issue.status.progress", Ring::progress},
                                                                    {"issue.status.review", Ring::review},
                                                                    {"issue.status.done", Ring::done}}};
  for (const auto& [command, ring] : rings) {
    if (command == id) return ring;
  }
  return std::nullopt;
}

void which_key_cell(Outbox& out, const WhichKeyRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  const std::string_view text = row.command->hint.empty() ? row.command->title : row.command->hint;
  a11y::Node node;
  node.role = Aria::menuitem;
  node.name = text;
  node.shortcut = row.key;
  const ItemState state = item(id_of(index + 1), r, node, item_no_tab_stop);
  if (row.is_current) {
    fill(r, c.bg_selected, 6);
  } else if (state.hovered) {
    fill(r, c.bg_hover, 6);
  }
  float x = r.x + 8;
  x += draw_keys(x, r.center_y(), row.key) + 10;
  if (const auto ring = ring_of_command(row.command->id)) {
    draw_ring(x + 7.5f, r.center_y(), *ring, 14, c.bg_raised);
  } else {
    draw_icon(x + 7.5f, r.center_y(), icon_named(row.command->icon), 15, c.text_tertiary);
  }
  x += 25;
  const float room = r.right() - x - (row.is_current ? 26.0f : 6.0f);
  draw_text_in({x, r.y, room, r.h}, text, theme::body, c.text_primary);
  if (row.is_current)
    draw_icon(x + std::min(room, text_width(text, theme::body)) + 12,
              r.center_y(),
              icons::check,
              14,
              c.accent_text);
  if (state.clicked) {
    out.run(row.command->id);
    out.change(KeysPending{});
  }
}

// The words of the panel's head: what the prefix is about.
std::string prefix_title(std::string_view prefix) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> titles{{{"g", "Go to"},
                                                                                 {"v", "View"},
                                                                                 {"s", "Status"},
                                                                                 {"p", "Priority"},
                                                                                 {"d", "Dates"},
                                                                                 {"r", "Relations"},
                                                                                 {"y", "Copy"},
                                                                                 {"z", "Appearance"}}};
  for (const auto& [key, title] : titles) {
    if (key == prefix) return std::string(title);
  }
  return "Keys";
}

}  // namespace

void which_key_panel(const State& state, Outbox& out, Rect body) {
  if (state.pending.keys.empty() || is_phone()) return;
  if (!shows_which_key(state)) {
    wake_within(210);
    return;
  }
  const theme::Palette& c = theme::colors();
  const std::vector<WhichKeyRow> rows = which_key_rows(state);
  if (rows.empty()) return;
  const int columns = body.w > 640 ? 4 : 2;
  const auto lines = static_cast<float>((static_cast<int>(rows.size()) + columns - 1) / columns);
  const float height = 10 + 26 + 6 + 32 * lines + 12;
  const Rect r{body.x + 12, body.bottom() - 12 - height, body.w - 24, height};
  const Layer layer("which-key", LayerKind::floating, inset(r, -16));
  const IdScope ids("which-key");
  popup_box(r);
  const a11y::Scope scope(scope_node(id_of("menu"), r, Aria::menu, "Next key"));
  Rect rest = inset(r, 14, 10);
  const Rect head = cut_top(rest, 26, 6);
  float x =
      head.x + draw_keys(head.x, head.center_y(), joined_keys(state.pending.keys), CapStyle::waiting) + 8;
  x += draw_text(
           x, head.center_y(), prefix_title(state.pending.keys.front()), theme::body_strong, c.text_primary) +
       8;
  const std::vector<IssueId> targets = target_issues(state);
  if (rows.front().command->needs_issue && !targets.empty()) {
    const Issue* issue = find_issue(state.entities, targets.front());
    const std::string of = targets.size() > 1 ? "of " + std::to_string(targets.size()) + " issues"
                           : issue            ? "of " + number_text(*issue)
                                              : std::string();
    draw_text(x, head.center_y(), of, theme::body, c.text_tertiary);
  }
  const float step = (rest.w + 10) / static_cast<float>(columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % columns);
    const auto line = static_cast<float>(static_cast<int>(i) / columns);
    which_key_cell(out, rows[i], {rest.x + step * column, rest.y + 32 * line, step - 10, 32}, i);
  }
}

namespace {

struct ToastLook {
  const char* icon;
  ImU32 color;
};
ToastLook look_of(ToastKind kind) {
  const theme::Palette& c = theme::colors();
  switch (kind) {
    case ToastKind::success:
      return {icons::circle_check, c.signal_success};
    case ToastKind::warning:
      return {icons::cloud_upload, c.signal_warning};
    case ToastKind::error:
      return {icons::circle_alert, c.signal_danger};
    case ToastKind::info:
      return {icons::info, c.text_secondary};
  }
  return {icons::info, c.text_secondary};
}

constexpr std::int64_t toast_ms = 6000;

float action_width(std::string_view label, std::string_view keys) {
  return label.empty() ? 0 : button_width(label, {.kind = ButtonKind::ghost, .keys = keys});
}

bool offers_undo(const Toast& toast) { return toast.action_command == "edit.undo"; }

// Of its step, and not of one that was done since.
std::string_view action_label(const State& state, const Toast& toast) {
  const bool is_gone = offers_undo(toast) && toast.undo_depth != state.undo_depth;
  return is_gone ? std::string_view{} : std::string_view(toast.action_label);
}

// Where the key would be typed into a field it does not stand.
std::string_view action_keys(const State& state, const Toast& toast) {
  return offers_undo(toast) && state.mode == Mode::normal && !is_phone() ? "u" : "";
}

void draw_toast(const State& state, Outbox& out, const Toast& toast, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(toast.id + 1u);
  const std::string layer_name = "toast" + std::to_string(toast.id);
  const Layer layer(layer_name.c_str(), LayerKind::floating, inset(r, -16));
  const ToastLook look = look_of(toast.kind);
  popup_box(r, 8, toast.kind == ToastKind::error ? c.signal_danger : 0);
  const a11y::Scope scope(scope_node(id_of("row"), r, Aria::listitem, toast.text));
  Rect row = r;
  row.x += 14;
  row.w -= 20;
  draw_icon(row.x + 8, row.center_y(), look.icon, 16, look.color);
  row.x += 26;
  row.w -= 26;
  if (toast.stays && icon_button_right(row, "close", icons::x, "Dismiss", {}))
    out.change(ToastDismissed{toast.id});
  const auto act = [&](const std::string& command) {
    Argument argument;
    if (toast.entity_id != Uuid{}) argument = IssueId{toast.entity_id};
    out.run(command, argument);
    out.change(ToastDismissed{toast.id});
  };
  if (!toast.second_label.empty() &&
      button_right(row, "second", toast.second_label, {.kind = ButtonKind::ghost}))
    act(toast.second_command);
  const std::string_view label = action_label(state, toast);
  if (!label.empty() &&
      button_right(row, "action", label, {.kind = ButtonKind::ghost, .keys = action_keys(state, toast)}))
    act(toast.action_command);
  const float height = title_height(row.w, toast.text, theme::body);
  draw_title({row.x, row.center_y() - height / 2, row.w, 0}, toast.text, theme::body, c.text_primary);
  if (toast.stays || is_hovered(r)) return;
  const std::int64_t age = state.now.unix_ms - toast.shown_at.unix_ms;
  if (age >= toast_ms) {
    out.change(ToastDismissed{toast.id});
  } else {
    wake_within(static_cast<int>(toast_ms - age) + 1);
  }
}

}  // namespace

void toasts(const State& state, Outbox& out, Rect body) {
  if (state.toasts.empty()) return;
  const a11y::Scope log(scope_node(id_of("toasts"), body, Aria::log, "Messages"));
  // Fields stand at the end of a page more than at its head: what is being typed there stays in sight.
  const Part part = top_part(state);
  const bool is_above = part == Part::field || part == Part::editor || part == Part::menu;
  float y = is_above ? body.y + theme::header_height + 10 : body.bottom() - 14;
  const std::size_t count = std::min<std::size_t>(3, state.toasts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Toast& toast = state.toasts[state.toasts.size() - 1 - i];
    const float actions = action_width(action_label(state, toast), action_keys(state, toast)) +
                          action_width(toast.second_label, {}) + (toast.stays ? 28.0f : 0.0f);
    const float wanted = 56 + title_width(toast.text, theme::body) + actions + 12;
    const float width = std::min(std::clamp(wanted, 300.0f, 520.0f), body.w - 28);
    // It may name an issue by its title. A sentence that does not fit goes on below: it can be read whole.
    const float room = width - 56 - actions;
    const float height = std::max(40.0f, title_height(std::max(room, 80.0f), toast.text, theme::body) + 22);
    if (!is_above) y -= height;
    draw_toast(state, out, toast, {body.right() - 14 - width, y, width, height});
    y += is_above ? height + 8 : -8;
  }
}

}  // namespace dits::web
