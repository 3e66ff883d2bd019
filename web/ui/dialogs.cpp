// Dialogs: questions, the forms of projects, areas, labels, views, tokens and git links, and the keyboard
// help.
#include <array>
#include <cmath>

#include "web/commands/keymap.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/popups.hpp"
#include "web/widgets/rich_text.hpp"
#include "web/widgets/text_area.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

// A form is measured in one pass and drawn in the next: `draws` false only moves y.
struct FormPen {
  float x = 0;
  float y = 0;
  float w = 0;
  bool draws = false;
};

struct FieldLook {
  HeldText id;
  HeldText label;
  HeldText placeholder = {};
  bool takes_focus = false;
};

// True when `text` was changed by typing.
bool form_field(Outbox& out,
                FormPen& pen,
                const FieldLook& field,
                std::string text,
                void (*put)(Dialog&, std::string),
                const Dialog& dialog) {
  const float height = is_phone() ? touch_field_height : field_height;
  const float top = pen.y;
  pen.y += 22 + height + 10;
  if (!pen.draws) return false;
  draw_text(pen.x, top + 9, field.label, theme::small_medium, theme::colors().text_secondary);
  TextFieldOptions options;
  options.name = field.label;
  options.placeholder = field.placeholder;
  options.takes_focus = field.takes_focus;
  const TextFieldEvents events = text_field(field.id, {pen.x, top + 22, pen.w, height}, text, options);
  if (!events.changed) return false;
  Dialog next = dialog;
  put(next, std::move(text));
  out.change(DialogChanged{std::move(next)});
  return true;
}

void color_field(Outbox& out, FormPen& pen, const Dialog& dialog) {
  const float top = pen.y;
  pen.y += 22 + 30 + 8;
  if (!pen.draws) return;
  draw_text(pen.x, top + 9, "Colour", theme::small_medium, theme::colors().text_secondary);
  const a11y::Scope scope(
      scope_node(id_of("colors"), {pen.x, top + 22, pen.w, 30}, Aria::radiogroup, "Colour"));
  const ArrowRegion region;
  const theme::Hue chosen = theme::hue_of(dialog.color);
  const float step = std::min(32.0f, pen.w / static_cast<float>(theme::hue_count));
  for (std::size_t i = 0; i < theme::hue_count; ++i) {
    const auto hue = static_cast<theme::Hue>(i);
    const Rect r{pen.x + step * static_cast<float>(i), top + 22, step, 30};
    a11y::Node node;
    node.role = Aria::radio;
    node.name = theme::name_of(hue);
    node.checked = hue == chosen ? Tri::yes : Tri::no;
    const ItemState state = item(id_of(theme::name_of(hue)), r, node);
    canvas().AddCircleFilled({r.center_x(), r.center_y()}, 9, theme::label_colors(hue).dot);
    if (hue == chosen) draw_check(r.center_x(), r.center_y(), 14, theme::colors().bg_raised, 1.6f);
    if (state.has_ring || state.hovered)
      canvas().AddCircle({r.center_x(), r.center_y()}, 12, theme::colors().focus_ring, 0, 1.5f);
    tooltip(state, r, theme::name_of(hue));
    if (!state.clicked) continue;
    Dialog next = dialog;
    next.color = theme::hex_of(hue);
    out.change(DialogChanged{std::move(next)});
  }
}

void scope_field(Outbox& out, FormPen& pen, const Dialog& dialog) {
  const float top = pen.y;
  pen.y += 22 + 28 + 10;
  if (!pen.draws) return;
  draw_text(pen.x, top + 9, "May", theme::small_medium, theme::colors().text_secondary);
  constexpr std::array<std::string_view, 3> scopes{"read", "write", "admin"};
  const std::array<Segment, 3> segments{
      {{nullptr, "Read"}, {nullptr, "Read and write"}, {nullptr, "Everything"}}};
  int chosen = 1;
  for (int i = 0; i < 3; ++i) {
    if (scopes[static_cast<std::size_t>(i)] == dialog.second) chosen = i;
  }
  if (const auto picked = segmented("scope", pen.x, top + 22 + 14, "May", segments, chosen)) {
    Dialog next = dialog;
    next.second = scopes[static_cast<std::size_t>(*picked)];
    out.change(DialogChanged{std::move(next)});
  }
}

void paragraph(FormPen& pen, std::string_view text, ImU32 color) {
  if (text.empty()) return;
  const float height = wrapped_height(pen.w, text, theme::body);
  if (pen.draws) {
    draw_wrapped(pen.x, pen.y, pen.w, text, theme::body, color);
    mirror(id_of(text), {pen.x, pen.y, pen.w, height}, {.role = Aria::text, .name = text});
  }
  pen.y += height + 10;
}

std::string date_or_none(const std::optional<Date>& date) {
  return date ? to_string(*date) : std::string("none");
}

// What both sides wrote, line by line.
void compare(const State& state, FormPen& pen, const Dialog& dialog) {
  for (const Conflict& conflict : state.conflicts) {
    if (conflict.issue_id.uuid != dialog.entity_id) continue;
    const IssuePatch& mine = conflict.mine;
    const Issue& theirs = conflict.theirs;
    const auto pair =
        [&](std::string_view what, const std::string& my_value, const std::string& their_value) {
          paragraph(pen, std::string(what) + ", mine: " + my_value, theme::colors().text_primary);
          paragraph(pen, std::string(what) + ", theirs: " + their_value, theme::colors().text_secondary);
        };
    if (mine.title) pair("Title", *mine.title, theirs.title);
    if (mine.description) pair("Text", mine.description->substr(0, 600), theirs.description.substr(0, 600));
    if (mine.priority)
      pair("Priority", std::string(title_of(*mine.priority)), std::string(title_of(theirs.priority)));
    if (mine.status_id) {
      const Status* a = find_status(state.entities, *mine.status_id);
      const Status* b = find_status(state.entities, theirs.status_id);
      pair("Status", a ? a->name : "?", b ? b->name : "?");
    }
    if (mine.due_date) pair("Due", date_or_none(*mine.due_date), date_or_none(theirs.due_date));
  }
}

void form_body(const State& state, Outbox& out, FormPen& pen) {
  const Dialog& dialog = state.dialog;
  const auto put_name = [](Dialog& d, std::string text) { d.name = std::move(text); };
  const auto put_description = [](Dialog& d, std::string text) { d.description = std::move(text); };
  const auto put_second = [](Dialog& d, std::string text) { d.second = std::move(text); };
  const auto put_third = [](Dialog& d, std::string text) { d.third = std::move(text); };
  switch (dialog.kind) {
    case DialogKind::new_project:
    case DialogKind::edit_project:
      form_field(out, pen, {"name", "Name", "Relay 2.0", true}, dialog.name, put_name, dialog);
      form_field(out,
                 pen,
                 {"description", "Description", "What it is for"},
                 dialog.description,
                 put_description,
                 dialog);
      form_field(out, pen, {"end", "Ends on", "2026-07-31, or empty"}, dialog.second, put_second, dialog);
      break;
    case DialogKind::new_area:
    case DialogKind::edit_area:
      form_field(out, pen, {"name", "Name", "Home lab", true}, dialog.name, put_name, dialog);
      form_field(out, pen, {"description", "Description"}, dialog.description, put_description, dialog);
      color_field(out, pen, dialog);
      break;
    case DialogKind::new_label:
    case DialogKind::edit_label:
      form_field(out, pen, {"name", "Name", "bug", true}, dialog.name, put_name, dialog);
      color_field(out, pen, dialog);
      break;
    case DialogKind::save_view:
      form_field(out, pen, {"name", "Name", "Bugs due this week", true}, dialog.name, put_name, dialog);
      form_field(out, pen, {"query", "Query"}, dialog.description, put_description, dialog);
      break;
    case DialogKind::new_token:
      form_field(out, pen, {"name", "Name", "neovim", true}, dialog.name, put_name, dialog);
      scope_field(out, pen, dialog);
      form_field(out, pen, {"days", "Expires after days", "empty: never"}, dialog.third, put_third, dialog);
      break;
    case DialogKind::git_link:
      form_field(
          out, pen, {"repository", "Repository", "owner/name", true}, dialog.second, put_second, dialog);
      form_field(out,
                 pen,
                 {"what", "Branch, pull request URL or commit", "128-ws-reconnect"},
                 dialog.third,
                 put_third,
                 dialog);
      break;
    case DialogKind::compare_conflict:
      compare(state, pen, dialog);
      break;
    default:
      break;
  }
}

void buttons(const State& state, Outbox& out, Rect bar) {
  const Dialog& dialog = state.dialog;
  if (dialog.kind == DialogKind::compare_conflict) {
    const IssueId id{dialog.entity_id};
    if (button_right(bar, "theirs", "Take theirs", {})) out.run("conflict.take_theirs", id);
    if (button_right(bar, "mine", "Keep mine", {.kind = ButtonKind::primary}))
      out.run("conflict.keep_mine", id);
    if (button_right(bar, "later", "Later", {.kind = ButtonKind::ghost, .keys = "Esc"}))
      out.change(DialogClosed{});
    return;
  }
  const std::string_view word =
      dialog.confirm_label.empty() ? "Save" : std::string_view(dialog.confirm_label);
  const ButtonKind kind = dialog.is_danger ? ButtonKind::danger : ButtonKind::primary;
  if (button_right(bar, "confirm", word, {.kind = kind, .keys = dialog.is_danger ? "" : "⏎"}))
    out.run("dialog.confirm");
  const ImGuiID cancel = id_of("cancel");
  if (dialog.kind == DialogKind::confirm && appeared(id_of("opened"))) set_focus(cancel, true);
  if (button_right(bar, "cancel", "Cancel", {.keys = "Esc"})) out.change(DialogClosed{});
}

// ---- keyboard help ----

struct HelpPen {
  Rect column;
  float y = 0;
};

float help_height(const HelpSection& section) {
  return 30 + 26 * static_cast<float>(section.commands.size()) + 12;
}

void help_section(const HelpSection& section, Rect r) {
  const theme::Palette& c = theme::colors();
  const a11y::Scope scope(
      scope_node(id_of(title_of(section.scope)), r, Aria::region, title_of(section.scope)));
  draw_text(r.x, r.y + 12, title_of(section.scope), theme::small_strong, c.text_primary);
  horizontal_line(r.x, r.y + 25, r.w, c.border_subtle);
  float y = r.y + 30;
  for (const Command* command : section.commands) {
    const std::string keys = keys_of(command->id);
    const float width = keys_width(keys);
    draw_keys(r.x + 84 - width, y + 13, keys);
    const std::string name = keys + ": " + std::string(command->title);
    mirror(id_of(command->id), {r.x, y, r.w, 26}, {.role = Aria::text, .name = name});
    text_line({r.x + 96, y, r.w - 96, 26}, command->title, theme::body, c.text_secondary);
    y += 26;
  }
}

void keyboard_help_popup(const State& state, Outbox& out) {
  const theme::Palette& c = theme::colors();
  const Layer layer("help", LayerKind::modal, window_rect());
  const IdScope ids("help");
  const Rect window = window_rect();
  fill(window, c.bg_scrim);
  const bool phone = is_phone();
  const Rect r =
      phone ? window : centered(window, std::min(980.0f, window.w - 48), std::min(760.0f, window.h - 64));
  if (layer.is_pressed_outside(r)) out.change(DialogClosed{});
  popup_box(r, phone ? 0.0f : 12.0f);
  a11y::Node dialog = scope_node(id_of("dialog"), r, Aria::dialog, "Keyboard");
  dialog.modal = true;
  const a11y::Scope scope(dialog);
  Rect rest = inset(r, 20, 14);
  Rect head = cut_top(rest, 32, 8);
  if (icon_button_right(head, "close", icons::x, "Close", {.keys = "Esc"})) out.change(DialogClosed{});
  draw_text(head.x, head.center_y(), "Keyboard", theme::title, c.text_primary);
  const std::vector<HelpSection> sections = keyboard_help(state);
  const int columns = phone ? 1 : 2;
  const float width = (rest.w - 24 * static_cast<float>(columns - 1) - 10) / static_cast<float>(columns);
  std::array<float, 2> heights{};
  std::vector<std::pair<int, float>> places;
  for (const HelpSection& section : sections) {
    const int column = columns == 2 && heights[1] < heights[0] ? 1 : 0;
    places.emplace_back(column, heights[static_cast<std::size_t>(column)]);
    heights[static_cast<std::size_t>(column)] += help_height(section);
  }
  const Scroll scroll("sections", rest, std::max(heights[0], heights[1]));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const float x = rest.x + (width + 24) * static_cast<float>(places[i].first);
    const Rect place{x, scroll.top() + places[i].second, width, help_height(sections[i])};
    if (place.bottom() >= rest.y && place.y <= rest.bottom()) help_section(sections[i], place);
  }
}

}  // namespace

void dialog_popup(const State& state, Outbox& out) {
  const Dialog& dialog = state.dialog;
  if (dialog.kind == DialogKind::none) return;
  if (dialog.kind == DialogKind::keyboard_help) {
    keyboard_help_popup(state, out);
    return;
  }
  const theme::Palette& c = theme::colors();
  const Layer layer("dialog", LayerKind::modal, window_rect());
  const IdScope ids("dialog");
  const Rect window = window_rect();
  fill(window, c.bg_scrim);
  const float width = std::min(dialog.kind == DialogKind::confirm ? 400.0f : 460.0f, window.w - 24);
  FormPen pen{0, 0, width - 32, false};
  pen.y = 16 + 22 + 8;
  paragraph(pen, dialog.text, 0);
  form_body(state, out, pen);
  paragraph(pen, dialog.error, 0);
  const Rect r = centered(window, width, pen.y + 4 + 28 + 16);
  popup_box(r, 12);
  a11y::Node node = scope_node(
      id_of("box"), r, dialog.kind == DialogKind::confirm ? Aria::alertdialog : Aria::dialog, dialog.title);
  node.modal = true;
  node.description = dialog.text;
  const a11y::Scope scope(node);
  text_line({r.x + 16, r.y + 16, r.w - 32, 22}, dialog.title, theme::title, c.text_primary);
  FormPen draw_pen{r.x + 16, r.y + 16 + 22 + 8, width - 32, true};
  paragraph(draw_pen, dialog.text, c.text_secondary);
  form_body(state, out, draw_pen);
  paragraph(draw_pen, dialog.error, c.signal_danger);
  buttons(state, out, {r.x + 16, r.bottom() - 44, r.w - 32, 28});
}

}  // namespace dits::web
