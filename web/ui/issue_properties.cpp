// Properties: what an issue is, each with its picker behind it.
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

struct Property {
  HeldText label;
  std::string value;
  std::string_view command;
  HeldText keys;
  ImU32 color = 0;
  bool is_strong = false;
};

ImU32 value_ink(const Property& property) {
  if (property.value.empty()) return theme::colors().text_tertiary;
  return property.color ? property.color : theme::colors().text_primary;
}

// Label, answering value, key. Returns the place of the value.
ItemState property_row(
    Outbox& out, const Issue& issue, const Property& property, Rect r, Rect& value_place, bool shows_keys) {
  const theme::Palette& c = theme::colors();
  Rect rest = r;
  const Rect label = cut_left(rest, 84);
  draw_text_in(label, property.label, theme::small, c.text_tertiary);
  const std::string name =
      std::string(property.label) + ": " + (property.value.empty() ? "none" : property.value);
  a11y::Node node;
  node.role = Aria::button;
  node.name = name;
  node.has_popup = true;
  node.shortcut = property.keys;
  const Rect target{rest.x - 6, rest.y, rest.w + 6, rest.h};
  const ItemState state = item(id_of(property.label), target, node);
  if (state.hovered) fill(target, c.bg_hover, 5);
  if (state.has_ring) focus_ring(inset(target, 1), 5);
  if (shows_keys && !property.keys.empty()) {
    const std::string_view keys = property.keys;
    const std::string_view first = keys.substr(0, keys.find(' '));
    const float width = keys_width(first);
    const Rect caps = cut_right(rest, width, 6);
    const std::string_view shown = property.label;
    if (shown == "Status" || shown == "Priority" || state.hovered) draw_keys(caps.x, caps.center_y(), first);
  } else {
    tooltip(state, target, property.label, property.keys);
  }
  if (state.clicked) run_below(out, {rest.x, r.y, rest.w, r.h}, property.command, {}, {issue.id});
  value_place = rest;
  return state;
}

void draw_value(Rect r, float indent, const Property& property) {
  Rect text = r;
  text.x += indent;
  text.w -= indent;
  text_line(text,
            property.value.empty() ? "None" : std::string_view(property.value),
            property.is_strong ? theme::body_medium : theme::body,
            value_ink(property));
}

std::string relative_days(Date date, Date today) {
  const int days = date.days - today.days;
  if (days == 0) return "today";
  if (days == 1) return "tomorrow";
  if (days == -1) return "yesterday";
  if (days > 0 && days < 60) return "in " + std::to_string(days) + " days";
  if (days < 0 && days > -60) return std::to_string(-days) + " days ago";
  return {};
}

// "Thu 16 Jul", with the year only when it is another one.
std::string date_text(const State& state, Date date) {
  std::string text = full_date_label(date);
  if (civil_from_date(date).year == civil_from_date(state.today).year && text.size() > 5)
    text.resize(text.size() - 5);
  return text;
}

void labels_row(const State& state, Outbox& out, const Issue& issue, Rect r) {
  const std::vector<const Label*> labels = labels_of(state, issue);
  Property property{"Labels", "", "issue.labels.pick", "t"};
  for (const Label* label : labels) property.value += (property.value.empty() ? "" : ", ") + label->name;
  Rect place;
  property_row(out, issue, property, r, place, false);
  if (labels.empty()) {
    draw_value(place, 0, property);
    return;
  }
  const float x = draw_chips(place.x, place.center_y(), place.right() - 24, labels);
  draw_icon(x + 8, place.center_y(), icons::plus, 13, theme::colors().text_tertiary);
}

void draw_project_ring(const State& state, ProjectId id, float x, float y, float size) {
  const Progress progress = project_progress(state, id);
  const float total = static_cast<float>(std::max(1u, progress.total()));
  draw_progress_ring(x, y, static_cast<float>(progress.closed) / total, size);
}

}  // namespace

void issue_properties(const State& state, Outbox& out, const Issue& issue, Flow& flow, bool shows_keys) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("properties");
  const float rows = 8 * 28.0f;
  const a11y::Scope scope(
      scope_node(id_of("form"), {flow.x, flow.y, flow.w, rows}, Aria::form, "Properties"));
  Rect place;
  const Status* status = status_of(state, issue);
  const auto next_row = [&] {
    const Rect r = flow.take(26);
    flow.y += 2;
    return r;
  };
  const Property status_row{"Status", status ? status->name : "", "issue.status.pick", "s s"};
  property_row(out, issue, status_row, next_row(), place, shows_keys);
  draw_ring(place.x + 7, place.center_y(), ring_of(kind_of(state, issue)), 14, c.bg_raised);
  draw_value(place, 21, status_row);

  const Property priority{"Priority", std::string(title_of(issue.priority)), "issue.priority.pick", "p p"};
  property_row(out, issue, priority, next_row(), place, shows_keys);
  draw_bars(place.x + 7, place.center_y(), bars_of(issue.priority));
  draw_value(place, 21, priority);

  const Project* project = find_project(state.entities, issue.project_id);
  const Property project_row{"Project", project ? project->name : "", "issue.move.pick", "a"};
  property_row(out, issue, project_row, next_row(), place, shows_keys);
  if (project) draw_project_ring(state, project->id, place.x + 7, place.center_y(), 14);
  draw_value(place, project ? 21 : 0, project_row);

  const Area* area = find_area(state.entities, issue.area_id);
  const Property area_row{"Area", area ? area->name : "", "issue.move.pick", "a"};
  property_row(out, issue, area_row, next_row(), place, shows_keys);
  if (area) draw_square(place.x + 6, place.center_y(), theme::hue_of(area->color));
  draw_value(place, area ? 19 : 0, area_row);

  labels_row(state, out, issue, next_row());

  const Property start{
      "Start", issue.start_date ? date_text(state, *issue.start_date) : "", "issue.start.pick", "d s"};
  property_row(out, issue, start, next_row(), place, shows_keys);
  draw_value(place, 0, start);

  const DueLabel due = due_label(state, issue);
  const bool is_urgent = due.tone == DueTone::overdue || due.tone == DueTone::today;
  const bool is_soon =
      issue.due_date && due.tone == DueTone::normal && issue.due_date->days - state.today.days <= 2;
  const Property due_row{
      "Due",
      issue.due_date ? date_text(state, *issue.due_date) : "",
      "issue.due.pick",
      "d d",
      is_soon ? c.signal_warning : due_color(due.tone == DueTone::normal ? DueTone::normal : due.tone),
      is_urgent || is_soon};
  property_row(out, issue, due_row, next_row(), place, shows_keys);
  draw_value(place, 0, due_row);
  if (issue.due_date && due.tone != DueTone::done) {
    const float x = place.x + text_width(due_row.value, theme::body_medium) + 8;
    draw_text_in({x, place.y, std::max(0.0f, place.right() - x), place.h},
                 relative_days(*issue.due_date, state.today),
                 theme::body,
                 c.text_tertiary);
  }

  const Issue* parent = parent_of(state, issue);
  const Property parent_row{"Parent", parent ? parent->title : "", "issue.parent.pick", "r p"};
  property_row(out, issue, parent_row, next_row(), place, shows_keys);
  float indent = 0;
  if (parent)
    indent =
        draw_text(place.x, place.center_y(), std::to_string(parent->number), theme::mono, c.text_tertiary) +
        7;
  if (!parent) return draw_value(place, indent, parent_row);
  title_line({place.x + indent, place.y, place.w - indent, place.h},
             parent->title,
             theme::body,
             value_ink(parent_row));
}

namespace {

struct ChipPen {
  Flow& flow;
  float x = 0;

  // Room for a chip of this content width; starts a new line where the row is full.
  Rect place(float content) {
    const float width = std::min(flow.w, content + 22);
    if (x > 0 && x + width > flow.w) {
      x = 0;
      flow.y += 42;
    }
    const Rect r{flow.x + x, flow.y, width, 36};
    x += width + 6;
    return r;
  }
};

bool property_chip(Rect r, std::string_view id, std::string_view name) {
  const theme::Palette& c = theme::colors();
  a11y::Node node;
  node.role = Aria::button;
  node.name = name;
  node.has_popup = true;
  const ItemState state = item(id_of(id), r, node);
  fill(r, state.held ? c.bg_sunken : c.bg_raised, 8);
  outline(r, c.border_default, 8);
  return state.clicked;
}

}  // namespace

void issue_property_chips(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("properties");
  ChipPen pen{flow};
  const auto chip =
      [&](std::string_view label, const std::string& text, float sign, std::string_view command, ImU32 ink) {
        const Rect r = pen.place(text_width(text, theme::body) + sign);
        const std::string name = std::string(label) + ": " + text;
        if (property_chip(r, label, name)) run_below(out, r, command, {}, {issue.id});
        draw_text_in({r.x + 11 + sign, r.y, r.w - 20 - sign, r.h}, text, theme::body, ink);
        return r;
      };
  const Status* status = status_of(state, issue);
  Rect r = chip("Status", status ? status->name : "None", 23, "issue.status.pick", c.text_primary);
  draw_ring(r.x + 19, r.center_y(), ring_of(kind_of(state, issue)), 16, c.bg_raised);
  r = chip("Priority", std::string(title_of(issue.priority)), 22, "issue.priority.pick", c.text_primary);
  draw_bars(r.x + 18.5f, r.center_y(), bars_of(issue.priority), 15);
  const DueLabel due = due_label(state, issue);
  const ImU32 due_ink = due.tone == DueTone::normal ? c.text_primary : due_color(due.tone);
  r = chip("Due",
           issue.due_date ? date_text(state, *issue.due_date) : "No due date",
           22,
           "issue.due.pick",
           issue.due_date ? due_ink : c.text_tertiary);
  draw_icon(r.x + 18.5f, r.center_y(), icons::calendar, 15, issue.due_date ? due_ink : c.text_tertiary);
  const ImU32 start_ink = issue.start_date ? c.text_primary : c.text_tertiary;
  r = chip("Start",
           issue.start_date ? "From " + date_text(state, *issue.start_date) : "No start date",
           22,
           "issue.start.pick",
           start_ink);
  draw_icon(r.x + 18.5f, r.center_y(), icons::calendar_range, 15, start_ink);
  const Project* project = find_project(state.entities, issue.project_id);
  r = chip("Project",
           project ? project->name : "No project",
           22,
           "issue.move.pick",
           project ? c.text_primary : c.text_tertiary);
  draw_project_ring(state, issue.project_id, r.x + 18.5f, r.center_y(), 15);
  const Area* area = find_area(state.entities, issue.area_id);
  r = chip(
      "Area", area ? area->name : "No area", 22, "issue.move.pick", area ? c.text_primary : c.text_tertiary);
  if (area) {
    draw_square(r.x + 18.5f, r.center_y(), theme::hue_of(area->color));
  } else {
    draw_icon(r.x + 18.5f, r.center_y(), icons::box, 15, c.text_tertiary);
  }
  const Issue* parent = parent_of(state, issue);
  r = chip("Parent",
           parent ? title_words(issue_name(*parent)) : "No parent",
           22,
           "issue.parent.pick",
           parent ? c.text_primary : c.text_tertiary);
  draw_icon(r.x + 18.5f, r.center_y(), icons::corner_down_right, 15, c.text_tertiary);
  const std::vector<const Label*> labels = labels_of(state, issue);
  float width = 18;
  for (const Label* label : labels) width += chip_width(label->name) + 4;
  r = pen.place(width);
  if (property_chip(r, "Labels", "Labels")) run_below(out, r, "issue.labels.pick", {}, {issue.id});
  const float x = draw_chips(r.x + 11, r.center_y(), r.right() - 24, labels);
  draw_icon(x + 8, r.center_y(), icons::plus, 14, c.text_tertiary);
  flow.y += 36 + 14;
}

}  // namespace dits::web
