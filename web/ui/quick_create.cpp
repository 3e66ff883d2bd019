// A new issue: the title first, the rest beside it, Ctrl Enter makes it.
// Attributes that stand among the words of the title are chips at once.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "imgui.h"
#include "shared/core/text.hpp"
#include "web/store/inline_draft.hpp"
#include "web/store/layers.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/popups.hpp"
#include "web/ui/quick_create_hints.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_area.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

using query::InlineAttribute;
using query::InlineKind;

constexpr float notice_height = 20;

float chips_height = 44;  // all lines of them, from the frame before

void change(Outbox& out, const QuickCreate& draft) { out.change(QuickCreateChanged{draft}); }

struct ChipText {
  HeldText id;
  std::string text;
  bool is_set = true;
};

// What a chip's choices are, and the command that takes one.
struct ChipChoices {
  PickerKind kind = PickerKind::none;
  std::string_view command;
};

// Where the next chip stands; they go on in a new line where one is full.
struct ChipPen {
  const State& state;
  Outbox& out;
  Rect bar;
  Rect line;
};

// A button of 28 with a sign of 20 at its left end; opens its choices.
Rect chip(ChipPen& pen, const ChipText& look, const ChipChoices& choices, std::string_view label) {
  constexpr float sign = 20;
  const theme::Palette& c = theme::colors();
  const Picker& open = pen.state.picker;
  const bool is_open = open.is_for_form && open.kind == choices.kind;
  const float width = std::min(190.0f, text_width(look.text, theme::small_medium)) + 20 + sign;
  if (pen.line.w < width && pen.line.x > pen.bar.x) {
    pen.line = {pen.bar.x, pen.line.y + 36, pen.bar.w, pen.line.h};
  }
  const Rect r = middle(cut_left(pen.line, width, 6), 28);
  a11y::Node node;
  node.role = Aria::button;
  node.name = std::string(label) + ": " + look.text;
  node.has_popup = true;
  node.expanded = is_open ? Tri::yes : Tri::no;
  const ItemState state = item(id_of(look.id), r, node);
  fill(r, c.bg_raised, 6);
  if (state.hovered) fill(r, c.bg_hover, 6);
  outline(r, is_open ? c.focus_ring : c.border_default, 6);
  if (state.has_ring) focus_ring(r, 6);
  draw_text_in({r.x + 10 + sign, r.y, r.w - 16 - sign, r.h},
               look.text,
               theme::small_medium,
               look.is_set ? c.text_secondary : c.text_tertiary);
  if (state.clicked) {
    Picker picker;
    picker.kind = choices.kind;
    picker.command = choices.command;
    picker.is_for_form = true;
    picker.has_anchor = true;
    picker.anchor_x = r.x;
    picker.anchor_y = r.bottom() + 4;
    pen.out.change(PickerOpened{std::move(picker)});
  }
  return r;
}

void place_chip(ChipPen& pen, const Issue& issue) {
  const theme::Palette& c = theme::colors();
  const Project* project = find_project(pen.state.entities, issue.project_id);
  const Area* area = find_area(pen.state.entities, issue.area_id);
  std::string place = project ? project->name : std::string();
  if (area) place += (place.empty() ? "" : ", ") + area->name;
  const bool is_set = !place.empty();
  const Rect r =
      chip(pen, {"project", is_set ? place : "Inbox"}, {PickerKind::project_or_area, "form.set"}, "Project");
  if (project) {
    const Progress progress = project_progress(pen.state, project->id);
    draw_progress_ring(
        r.x + 17,
        r.center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())));
  } else if (area) {
    draw_square(r.x + 16, r.center_y(), theme::hue_of(area->color));
  } else {
    draw_icon(r.x + 17, r.center_y(), icons::inbox, 14, c.text_tertiary);
  }
}

void day_chip(ChipPen& pen, const std::optional<Date>& day, bool is_start) {
  const std::string_view label = is_start ? "Start" : "Due";
  const Rect r = chip(
      pen,
      {is_start ? "start" : "due", day ? day_label(pen.state, *day) : std::string(label), day.has_value()},
      {is_start ? PickerKind::start_date : PickerKind::due_date, is_start ? "form.start" : "form.due"},
      label);
  const char* icon = is_start ? icons::calendar_clock : icons::calendar;
  draw_icon(r.x + 17, r.center_y(), icon, 14, theme::colors().text_tertiary);
}

void attribute_bar(const State& state, Outbox& out, Rect bar, const Issue& issue) {
  ChipPen pen{state, out, bar, {bar.x, bar.y, bar.w, 44}};
  const theme::Palette& c = theme::colors();
  const Status* status = find_status(state.entities, issue.status_id);
  Rect r =
      chip(pen, {"status", status ? status->name : "Status"}, {PickerKind::status, "form.set"}, "Status");
  draw_ring(r.x + 17, r.center_y(), status ? ring_of(status_kind(*status)) : Ring::todo, 14, c.bg_raised);
  r = chip(pen,
           {"priority", std::string(title_of(issue.priority)), issue.priority != Priority::none},
           {PickerKind::priority, "form.set"},
           "Priority");
  draw_bars(r.x + 17, r.center_y(), bars_of(issue.priority));
  place_chip(pen, issue);
  std::string labels;
  for (const LabelId id : issue.label_ids) {
    if (const Label* label = find_label(state.entities, id))
      labels += (labels.empty() ? "" : ", ") + label->name;
  }
  const bool has_labels = !labels.empty();
  r = chip(pen,
           {"labels", has_labels ? labels : "Labels", has_labels},
           {PickerKind::labels, "form.set"},
           "Labels");
  draw_icon(r.x + 17, r.center_y(), icons::tag, 14, c.text_tertiary);
  if (issue.start_date) day_chip(pen, issue.start_date, true);
  day_chip(pen, issue.due_date, false);
  const float height = pen.line.bottom() - bar.y;
  if (height == chips_height) return;
  chips_height = height;
  wake_within(0);
}

// Attributes within the title, as the chips that they are; what names nothing is underlined.
std::vector<ColoredSpan> title_spans(const State& state, const std::vector<InlineAttribute>& attributes) {
  const theme::Palette& c = theme::colors();
  std::vector<ColoredSpan> spans;
  for (const InlineAttribute& one : attributes) {
    if (one.kind == InlineKind::escape) continue;
    ColoredSpan span{one.begin, one.end, c.accent_text, c.accent_tint, false};
    if (!one.is_taken()) {
      span = {one.begin, one.end, c.text_primary, 0, true};
    } else if (const Label* label = find_label(state.entities, one.label_id)) {
      const theme::LabelColors& colors = theme::label_colors(theme::hue_of(label->color));
      span.color = colors.fg;
      span.background = colors.bg;
    }
    spans.push_back(span);
  }
  return spans;
}

// The attribute that a Backspace behind it shall take back: the last letter of its word is gone.
const InlineAttribute* taken_back(const std::vector<InlineAttribute>& attributes,
                                  std::string_view before,
                                  std::string_view after) {
  if (!ImGui::IsKeyPressed(ImGuiKey_Backspace) || after.size() >= before.size()) return nullptr;
  const std::size_t gone = before.size() - after.size();
  for (const InlineAttribute& one : attributes) {
    if (!one.is_taken() || one.kind == InlineKind::escape || one.end - one.begin < gone) continue;
    const std::string_view word_rest = before.substr(0, one.end - gone);
    std::size_t letter = one.end - gone;
    const bool is_one_letter = (take_code_point(before, letter), letter == one.end);
    if (is_one_letter && after.substr(0, word_rest.size()) == word_rest &&
        after.substr(word_rest.size()) == before.substr(one.end)) {
      return &one;
    }
  }
  return nullptr;
}

// Whether the title is what was pasted and nothing else, though on one line.
bool is_pasted_alone(std::string_view title, std::string_view pasted) {
  const auto without_blanks = [](std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) {
      return c != ' ' && c != '\n' && c != '\r' && c != '\t';
    });
    return out;
  };
  return without_blanks(title) == without_blanks(pasted);
}

// The title's field; what is wrong with its attributes, but for the word that is being typed.
std::string title_row(const State& state,
                      Outbox& out,
                      Rect r,
                      QuickCreate& draft,
                      const std::vector<InlineAttribute>& attributes) {
  const std::vector<ColoredSpan> spans = title_spans(state, attributes);
  std::string name = draft.title;
  TextFieldOptions options;
  options.name = "Title";
  options.placeholder = "What is to be done?";
  options.takes_focus = true;
  options.is_bare = true;
  options.style = theme::title;
  options.spans = spans;
  const TextFieldEvents events = text_field("title", r, name, options);
  if (events.submitted) set_focus(id_of("text"), false);
  if (events.changed) {
    if (const InlineAttribute* one = taken_back(attributes, draft.title, name)) {
      leave_alone(draft, *one);
      place_caret(text_field_id("title"), static_cast<int>(one->end));
      wake_within(0);
    } else {
      draft.title = name;
      draft.lines =
          is_pasted_alone(name, events.pasted) ? titles_in(events.pasted) : std::vector<std::string>{};
      forget_left_alone(draft);
    }
    change(out, draft);
  }
  for (const InlineAttribute& one : attributes) {
    const bool is_being_typed = events.focused && static_cast<std::size_t>(events.caret) == one.end;
    if (!one.is_taken() && !is_being_typed) return one.problem + "; it stays in the title";
  }
  return {};
}

}  // namespace

void quick_create_popup(const State& state, Outbox& out) {
  if (!state.quick_create.is_open) {
    chips_height = 44;
    return;
  }
  static float notice = 0;  // room for what is wrong, from the frame before
  const theme::Palette& c = theme::colors();
  QuickCreate draft = state.quick_create;
  const Layer layer("quick-create", LayerKind::modal, window_rect());
  const IdScope ids("quick-create");
  const Rect window = window_rect();
  fill(window, c.bg_scrim);
  const bool phone = is_phone();
  const float width = phone ? window.w : std::min(640.0f, window.w - 24);
  const std::vector<InlineAttribute> attributes = inline_attributes(state, draft);
  const Issue issue = issue_of(state, draft);
  const std::vector<Slot> similar = draft.lines.empty() ? similar_to(state, issue) : std::vector<Slot>{};
  const float hints = similar_height(similar) + lines_height(draft);
  const float height =
      48 + 36 + 8 + notice + hints + 120 + chips_height + 52 + (draft.error.empty() ? 0.0f : 24.0f);
  const Rect r{(window.w - width) / 2, phone ? 0.0f : std::min(112.0f, window.h * 0.12f), width, height};
  if (layer.is_pressed_outside(r)) out.change(QuickCreateClosed{});
  popup_box(r, phone ? 0.0f : 12.0f);
  a11y::Node node = scope_node(id_of("dialog"), r, Aria::dialog, "New issue");
  node.modal = true;
  const a11y::Scope scope(node);
  Rect rest = inset(r, 16, 0);
  Rect head = cut_top(rest, 48);
  const Issue* parent = find_issue(state.entities, issue.parent_issue_id);
  const std::string title = parent ? "New sub-issue of " + issue_name(*parent) : std::string("New issue");
  title_line({head.x, head.y, head.w - 36, head.h}, title, theme::small_medium, c.text_tertiary);
  const std::string wrong = title_row(state, out, cut_top(rest, 36), draft, attributes);
  const Rect below = cut_top(rest, notice + 8);
  if (!wrong.empty() && notice > 0) {
    text_line({below.x, below.y, below.w, notice_height}, wrong, theme::small, c.text_tertiary);
    mirror(id_of("wrong"), below, {.role = Aria::status, .name = wrong});
  }
  if (const float room = wrong.empty() ? 0 : notice_height; room != notice) {
    notice = room;
    wake_within(0);
  }
  const Rect hint = cut_top(rest, hints);
  draw_lines_offer(state, out, hint, draft);
  std::string text = draft.description;
  TextAreaOptions area;
  area.name = "Description";
  area.placeholder = "Description in Markdown";
  area.is_bare = true;
  area.is_covered = is_covered(state, Part::form);
  area.style = phone ? theme::TextStyle{theme::Face::ui, 16, 22} : theme::prose;
  area.is_markdown = true;
  const TextAreaEvents events = text_area("text", cut_top(rest, 120), text, area);
  follow_caret(state, out, events, text);
  if (events.changed) {
    draft.description = text;
    change(out, draft);
  }
  attribute_bar(state, out, cut_top(rest, chips_height), issue);
  if (!draft.error.empty()) field_error(rest.x, cut_top(rest, 24).y, rest.w, draft.error);
  Rect bar = rest;
  horizontal_line(r.x + 1, bar.y, r.w - 2, c.border_subtle);
  const bool is_empty = draft.title.empty();
  if (button_right(bar,
                   "create",
                   "Create",
                   {.kind = ButtonKind::primary,
                    .keys = phone ? "" : "Ctrl ⏎",
                    .is_disabled = is_empty,
                    .tip = is_empty ? "It needs a title" : ""}))
    out.run("issue.create");
  if (checkbox("keep", {bar.x, bar.y, 170, bar.h}, "Create another", draft.keeps_open ? Tri::yes : Tri::no)) {
    draft.keeps_open = !draft.keeps_open;
    change(out, draft);
  }
  draw_text(bar.x + 23, bar.center_y(), "Create another", theme::small, c.text_secondary);
  // The last ones for Tab, though they stand at the head: what is written comes first.
  draw_similar(state, out, hint, similar);
  if (icon_button_right(head, "close", icons::x, "Close, the draft is kept", {.keys = "Esc"}))
    out.change(QuickCreateClosed{});
}

}  // namespace dits::web
