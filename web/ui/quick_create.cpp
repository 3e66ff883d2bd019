// A new issue: the title first, the rest beside it, Ctrl Enter makes it.
#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/ui/popups.hpp"
#include "web/widgets/text_area.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

// Which attribute's choices stand open under its chip.
enum class Choice { none, status, priority, project, labels, due };
struct Memory {
  Choice open = Choice::none;
  Rect anchor;
  Date month;
  std::string filter;
  float chips_height = 44;  // all lines of them, from the frame before
};
Memory memory;

void change(Outbox& out, const QuickCreate& draft) { out.change(QuickCreateChanged{draft}); }

struct ChipText {
  HeldText id;
  std::string text;
  bool is_set = true;
  float sign = 0;
};

// Where the next chip stands; they go on in a new line where one is full.
struct ChipPen {
  Rect bar;
  Rect line;
};

// A button of 28 with a sign; toggles its choices.
Rect chip(ChipPen& pen, const ChipText& look, Choice choice, std::string_view label) {
  const theme::Palette& c = theme::colors();
  const float width = std::min(190.0f, text_width(look.text, theme::small_medium)) + 20 + look.sign;
  if (pen.line.w < width && pen.line.x > pen.bar.x) {
    pen.line = {pen.bar.x, pen.line.y + 36, pen.bar.w, pen.line.h};
  }
  const Rect r = middle(cut_left(pen.line, width, 6), 28);
  const std::string name = std::string(label) + ": " + look.text;
  a11y::Node node;
  node.role = Aria::button;
  node.name = name;
  node.has_popup = true;
  node.expanded = memory.open == choice ? Tri::yes : Tri::no;
  const ItemState state = item(id_of(look.id), r, node);
  fill(r, c.bg_raised, 6);
  if (state.hovered) fill(r, c.bg_hover, 6);
  outline(r, memory.open == choice ? c.focus_ring : c.border_default, 6);
  if (state.has_ring) focus_ring(r, 6);
  draw_text_in({r.x + 10 + look.sign, r.y, r.w - 16 - look.sign, r.h},
               look.text,
               theme::small_medium,
               look.is_set ? c.text_secondary : c.text_tertiary);
  if (state.clicked) {
    memory.open = memory.open == choice ? Choice::none : choice;
    memory.anchor = r;
    memory.filter.clear();
  }
  return r;
}

struct ChoiceRow {
  std::string text;
  bool is_chosen = false;
};

// A row of the open choices. True when it was pressed.
bool choice_row(Rect r, std::size_t index, const ChoiceRow& row, float sign) {
  const theme::Palette& c = theme::colors();
  a11y::Node node;
  node.role = Aria::option;
  node.name = row.text;
  node.selected = row.is_chosen ? Tri::yes : Tri::no;
  const ItemState state = item(id_of(index + 1), r, node);
  if (state.hovered) fill(r, c.bg_hover, 6);
  if (row.is_chosen) fill(r, c.bg_selected, 6);
  if (state.has_ring) outline(r, c.focus_ring, 6, 2);
  draw_text_in({r.x + 10 + sign, r.y, r.w - 40 - sign, r.h}, row.text, theme::body, c.text_primary);
  if (row.is_chosen) draw_icon(r.right() - 16, r.center_y(), icons::check, 14, c.accent_text);
  return state.clicked;
}

struct ListPen {
  Rect view;
  float y = 0;
  std::size_t index = 0;

  Rect next() {
    const Rect r{view.x, y, view.w, 30};
    y += 30;
    ++index;
    return r;
  }
};

void status_choices(const State& state, Outbox& out, ListPen& pen) {
  for (const Status* status : statuses_for(state, state.quick_create.project_id)) {
    const Rect r = pen.next();
    const bool pressed =
        choice_row(r, pen.index, {status->name, status->id == state.quick_create.status_id}, 24);
    draw_ring(r.x + 17, r.center_y(), ring_of(status_kind(*status)), 14, theme::colors().bg_raised);
    if (!pressed) continue;
    QuickCreate draft = state.quick_create;
    draft.status_id = status->id;
    change(out, draft);
    memory.open = Choice::none;
  }
}

void priority_choices(const State& state, Outbox& out, ListPen& pen) {
  for (const Priority priority :
       {Priority::urgent, Priority::high, Priority::medium, Priority::low, Priority::none}) {
    const Rect r = pen.next();
    const bool pressed = choice_row(
        r, pen.index, {std::string(title_of(priority)), priority == state.quick_create.priority}, 24);
    draw_bars(r.x + 17, r.center_y(), bars_of(priority));
    if (!pressed) continue;
    QuickCreate draft = state.quick_create;
    draft.priority = priority;
    change(out, draft);
    memory.open = Choice::none;
  }
}

void project_choices(const State& state, Outbox& out, ListPen& pen) {
  const auto put = [&](ProjectId project, AreaId area) {
    QuickCreate draft = state.quick_create;
    draft.project_id = project;
    draft.area_id = area;
    change(out, draft);
    memory.open = Choice::none;
  };
  const bool is_inbox = !state.quick_create.project_id.is_set() && !state.quick_create.area_id.is_set();
  Rect r = pen.next();
  if (choice_row(r, pen.index, {"Inbox", is_inbox}, 24)) put({}, {});
  draw_icon(r.x + 17, r.center_y(), icons::inbox, 14, theme::colors().text_tertiary);
  for (const Project* project : shown_projects(state)) {
    r = pen.next();
    if (choice_row(r, pen.index, {project->name, project->id == state.quick_create.project_id}, 24))
      put(project->id, {});
    const Progress progress = project_progress(state, project->id);
    draw_progress_ring(
        r.x + 17,
        r.center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())));
  }
  for (const Area* area : shown_areas(state)) {
    r = pen.next();
    if (choice_row(r, pen.index, {area->name, area->id == state.quick_create.area_id}, 24)) put({}, area->id);
    draw_square(r.x + 16, r.center_y(), theme::hue_of(area->color));
  }
}

void label_choices(const State& state, Outbox& out, ListPen& pen) {
  for (const Label* label : shown_labels(state)) {
    const Rect r = pen.next();
    const std::vector<LabelId>& chosen = state.quick_create.label_ids;
    const auto at = std::find(chosen.begin(), chosen.end(), label->id);
    const bool pressed = choice_row(r, pen.index, {label->name, at != chosen.end()}, 20);
    draw_label_dot(r.x + 16, r.center_y(), theme::hue_of(label->color));
    if (!pressed) continue;
    QuickCreate draft = state.quick_create;
    if (at != chosen.end()) {
      draft.label_ids.erase(draft.label_ids.begin() + (at - chosen.begin()));
    } else {
      draft.label_ids.push_back(label->id);
      std::sort(draft.label_ids.begin(), draft.label_ids.end());
    }
    change(out, draft);
  }
}

std::size_t choice_count(const State& state) {
  switch (memory.open) {
    case Choice::status:
      return statuses_for(state, state.quick_create.project_id).size();
    case Choice::priority:
      return 5;
    case Choice::project:
      return 1 + shown_projects(state).size() + shown_areas(state).size();
    case Choice::labels:
      return std::max<std::size_t>(1, shown_labels(state).size());
    default:
      return 0;
  }
}

void due_choices(const State& state, Outbox& out, Rect r) {
  MonthGrid grid;
  grid.today = state.today;
  grid.chosen = state.quick_create.due_date;
  CivilDate first =
      civil_from_date(memory.month.days != 0 ? memory.month : grid.chosen.value_or(state.today));
  first.day = 1;
  grid.month = date_from_civil(first);
  const MonthEvents events = month_grid(r, grid);
  if (events.month) memory.month = *events.month;
  if (!events.picked) return;
  QuickCreate draft = state.quick_create;
  draft.due_date = draft.due_date == events.picked ? std::nullopt : events.picked;
  change(out, draft);
  memory.open = Choice::none;
}

void choices(const State& state, Outbox& out) {
  if (memory.open == Choice::none) return;
  const Layer layer("quick-choices", LayerKind::modal, window_rect());
  const IdScope ids("choices");
  const bool is_date = memory.open == Choice::due;
  const float rows = 30 * static_cast<float>(choice_count(state));
  const float shown = is_date ? month_grid_height + 10 : std::min(rows, 240.0f);
  const float width = is_date ? 246.0f : 260.0f;
  const Rect window = window_rect();
  const float x = std::clamp(memory.anchor.x, 8.0f, std::max(8.0f, window.w - width - 8));
  const float below = memory.anchor.bottom() + 4;
  const float y = below + shown + 10 > window.h ? memory.anchor.y - shown - 14 : below;
  const Rect r{x, y, width, shown + 10};
  if (layer.is_pressed_outside(r) || ImGui::IsKeyPressed(ImGuiKey_Escape)) memory.open = Choice::none;
  popup_box(r);
  const Rect inner = inset(r, is_date ? 10.0f : 5.0f, 5);
  const a11y::Scope scope(scope_node(id_of("list"), r, Aria::listbox, "Choices"));
  if (is_date) {
    due_choices(state, out, inner);
    return;
  }
  const ArrowRegion region;
  const Scroll scroll("rows", inner, rows);
  ListPen pen{inner, scroll.top()};
  switch (memory.open) {
    case Choice::status:
      status_choices(state, out, pen);
      break;
    case Choice::priority:
      priority_choices(state, out, pen);
      break;
    case Choice::project:
      project_choices(state, out, pen);
      break;
    case Choice::labels:
      label_choices(state, out, pen);
      break;
    default:
      break;
  }
}

void attribute_bar(const State& state, Rect bar) {
  ChipPen pen{bar, {bar.x, bar.y, bar.w, 44}};
  const theme::Palette& c = theme::colors();
  const QuickCreate& draft = state.quick_create;
  const StatusId status_id =
      draft.status_id.is_set() ? draft.status_id : default_status(state, draft.project_id);
  const Status* status = find_status(state.entities, status_id);
  Rect r = chip(pen, {"status", status ? status->name : "Status", true, 20}, Choice::status, "Status");
  draw_ring(r.x + 17, r.center_y(), status ? ring_of(status_kind(*status)) : Ring::todo, 14, c.bg_raised);
  r = chip(pen,
           {"priority", std::string(title_of(draft.priority)), draft.priority != Priority::none, 20},
           Choice::priority,
           "Priority");
  draw_bars(r.x + 17, r.center_y(), bars_of(draft.priority));
  const Project* project = find_project(state.entities, draft.project_id);
  const Area* area = find_area(state.entities, draft.area_id);
  const std::string place = project ? project->name : area ? area->name : "Inbox";
  r = chip(pen, {"project", place, true, 20}, Choice::project, "Project");
  if (project) {
    const Progress progress = project_progress(state, project->id);
    draw_progress_ring(
        r.x + 17,
        r.center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())));
  } else if (area) {
    draw_square(r.x + 16, r.center_y(), theme::hue_of(area->color));
  } else {
    draw_icon(r.x + 17, r.center_y(), icons::inbox, 14, c.text_tertiary);
  }
  std::string labels;
  for (const LabelId id : draft.label_ids) {
    if (const Label* label = find_label(state.entities, id))
      labels += (labels.empty() ? "" : ", ") + label->name;
  }
  r = chip(
      pen, {"labels", labels.empty() ? "Labels" : labels, !labels.empty(), 20}, Choice::labels, "Labels");
  draw_icon(r.x + 17, r.center_y(), icons::tag, 14, c.text_tertiary);
  r = chip(
      pen,
      {"due", draft.due_date ? day_label(state, *draft.due_date) : "Due", draft.due_date.has_value(), 20},
      Choice::due,
      "Due");
  draw_icon(r.x + 17, r.center_y(), icons::calendar, 14, c.text_tertiary);
  const float height = pen.line.bottom() - bar.y;
  if (height == memory.chips_height) return;
  memory.chips_height = height;
  wake_within(0);
}

}  // namespace

void quick_create_popup(const State& state, Outbox& out) {
  if (!state.quick_create.is_open) {
    memory = {};
    return;
  }
  const theme::Palette& c = theme::colors();
  const QuickCreate& draft = state.quick_create;
  {
    const Layer layer("quick-create", LayerKind::modal, window_rect());
    const IdScope ids("quick-create");
    const Rect window = window_rect();
    fill(window, c.bg_scrim);
    const bool phone = is_phone();
    const float width = phone ? window.w : std::min(640.0f, window.w - 24);
    const float height = 48 + 36 + 8 + 120 + memory.chips_height + 52 + (draft.error.empty() ? 0.0f : 24.0f);
    const Rect r{(window.w - width) / 2, phone ? 0.0f : std::min(112.0f, window.h * 0.12f), width, height};
    if (layer.is_pressed_outside(r)) out.change(QuickCreateClosed{});
    popup_box(r, phone ? 0.0f : 12.0f);
    a11y::Node node = scope_node(id_of("dialog"), r, Aria::dialog, "New issue");
    node.modal = true;
    const a11y::Scope scope(node);
    Rect rest = inset(r, 16, 0);
    Rect head = cut_top(rest, 48);
    if (icon_button_right(head, "close", icons::x, "Close, the draft is kept", {.keys = "Esc"}))
      out.change(QuickCreateClosed{});
    const Issue* parent = find_issue(state.entities, draft.parent_issue_id);
    const std::string title = parent ? "New sub-issue of " + issue_name(*parent) : std::string("New issue");
    text_line(head, title, theme::small_medium, c.text_tertiary);
    std::string name = draft.title;
    TextFieldOptions options;
    options.name = "Title";
    options.placeholder = "What is to be done?";
    options.takes_focus = true;
    options.is_bare = true;
    options.style = theme::title;
    const TextFieldEvents events = text_field("title", cut_top(rest, 36, 8), name, options);
    if (events.submitted) set_focus(id_of("text"), false);
    if (events.changed) {
      QuickCreate next = draft;
      next.title = name;
      change(out, next);
    }
    std::string text = draft.description;
    TextAreaOptions area;
    area.name = "Description";
    area.placeholder = "Description in Markdown";
    area.is_bare = true;
    area.is_covered = memory.open != Choice::none || state.picker.kind != PickerKind::none;
    area.style = phone ? theme::TextStyle{theme::Face::ui, 16, 22} : theme::prose;
    if (text_area("text", cut_top(rest, 120), text, area).changed) {
      QuickCreate next = draft;
      next.title = name;
      next.description = text;
      change(out, next);
    }
    attribute_bar(state, cut_top(rest, memory.chips_height));
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
    if (checkbox(
            "keep", {bar.x, bar.y, 170, bar.h}, "Create another", draft.keeps_open ? Tri::yes : Tri::no)) {
      QuickCreate next = draft;
      next.keeps_open = !draft.keeps_open;
      change(out, next);
    }
    draw_text(bar.x + 23, bar.center_y(), "Create another", theme::small, c.text_secondary);
  }
  choices(state, out);
}

}  // namespace dits::web
