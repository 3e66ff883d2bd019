// Labels, statuses, projects and saved views: lists with Edit and Delete.
#include <array>

#include "web/theme/icons.hpp"
#include "web/ui/settings_sections.hpp"

namespace dits::web {

namespace {

void empty_line(Flow& flow, std::string_view text) {
  draw_text(flow.x, flow.take(30).center_y(), text, theme::body, theme::colors().text_tertiary);
}

std::vector<float> parts() {
  return is_phone() ? std::vector<float>{0.52f, 0.48f} : std::vector<float>{0.46f, 0.28f, 0.26f};
}
std::vector<std::string_view> heads(std::string_view second) {
  return is_phone() ? std::vector<std::string_view>{"Name", ""}
                    : std::vector<std::string_view>{"Name", second, ""};
}

std::string open_text(std::uint32_t open) { return std::to_string(open) + " open"; }

}  // namespace

void labels_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  Rect bar = section_head(flow, "Labels", "Coloured words for issues. Deleting one takes it off its issues.");
  if (button_right(bar, "new", "New label", {.kind = ButtonKind::primary, .icon = icons::plus}))
    out.run("label.new");
  const std::vector<const Label*> labels = shown_labels(state);
  if (labels.empty()) {
    empty_line(flow, "There are no labels yet.");
    return;
  }
  SettingsTable table = begin_table(flow, parts(), heads("Issues"), labels.size());
  for (const Label* label : labels) {
    const IdScope ids(UuidHash{}(label->id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    draw_chip(cells[0].x, cells[0].center_y(), label->name, theme::hue_of(label->color), cells[0].w);
    if (!is_phone())
      draw_text_in(cells[1], open_text(label_count(state, label->id)), theme::body, c.text_secondary);
    Rect end = cells.back();
    const std::string remove = "Delete " + label->name;
    const std::string edit = "Edit " + label->name;
    if (button_right(end, "delete", "Delete", {.kind = ButtonKind::ghost_danger, .name = remove}, 2))
      out.run("noun.delete", label->id);
    if (button_right(end, "edit", "Edit", {.kind = ButtonKind::ghost, .name = edit}, 2))
      out.run("label.edit", label->id);
  }
}

void workflow_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  section_head(flow, "Workflow", "The statuses of an issue, in order. Closed ones finish it.");
  for (const Workflow& workflow : state.entities.workflows) {
    if (workflow.deleted_at) continue;
    const IdScope ids(UuidHash{}(workflow.id.uuid) | 1u);
    const Project* project = find_project(state.entities, workflow.project_id);
    const std::string title = workflow.name + (project ? ", for " + project->name : ", for all projects");
    SettingsTable table =
        begin_table(flow, {0.5f, 0.2f, 0.3f}, {title, "Closed", ""}, workflow.statuses.size());
    for (std::size_t i = 0; i < workflow.statuses.size(); ++i) {
      const Status& status = workflow.statuses[i];
      const IdScope status_ids(i + 1);
      const std::vector<Rect> cells = next_row(table);
      draw_ring(cells[0].x + 7, cells[0].center_y(), ring_of(status_kind(status)), 14, c.bg_raised);
      text_line({cells[0].x + 23, cells[0].y, cells[0].w - 23, cells[0].h},
                status.name,
                theme::body_medium,
                c.text_primary);
      const std::string closed = status.name + " finishes an issue";
      if (toggle("closed", cells[1].x, cells[1].center_y(), closed, status.is_closed)) {
        Workflow next = workflow;
        next.statuses[i].is_closed = !status.is_closed;
        out.run("workflow.save", std::move(next));
      }
      Rect end = cells[2];
      const auto move = [&](std::size_t to) {
        Workflow next = workflow;
        std::swap(next.statuses[i], next.statuses[to]);
        out.run("workflow.save", std::move(next));
      };
      const std::string down = "Move " + status.name + " down";
      const std::string up = "Move " + status.name + " up";
      if (icon_button_right(
              end, "down", icons::arrow_down, down, {.is_disabled = i + 1 == workflow.statuses.size()}))
        move(i + 1);
      if (icon_button_right(end, "up", icons::arrow_up, up, {.is_disabled = i == 0})) move(i - 1);
    }
  }
}

void projects_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  Rect bar = section_head(flow, "Projects and areas", "Projects end; areas go on.");
  if (button_right(bar, "new-area", "New area", {.icon = icons::plus})) out.run("area.new");
  if (button_right(bar, "new-project", "New project", {.kind = ButtonKind::primary, .icon = icons::plus}))
    out.run("project.new");
  const std::vector<const Project*> projects = shown_projects(state);
  const std::vector<const Area*> areas = shown_areas(state);
  if (projects.empty() && areas.empty()) {
    empty_line(flow, "There are none yet.");
    return;
  }
  SettingsTable table = begin_table(flow, parts(), heads("State"), projects.size() + areas.size());
  for (const Project* project : projects) {
    const IdScope ids(UuidHash{}(project->id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    const Progress progress = project_progress(state, project->id);
    draw_progress_ring(
        cells[0].x + 7,
        cells[0].center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())));
    text_line({cells[0].x + 23, cells[0].y, cells[0].w - 23, cells[0].h},
              project->name,
              theme::body_medium,
              c.text_primary);
    if (!is_phone())
      draw_text_in(cells[1],
                   std::string(title_of(project->status)) + ", " + open_text(progress.open),
                   theme::body,
                   c.text_secondary);
    Rect end = cells.back();
    const std::string remove = "Delete " + project->name;
    const std::string edit = "Edit " + project->name;
    if (button_right(end, "delete", "Delete", {.kind = ButtonKind::ghost_danger, .name = remove}, 2))
      out.run("noun.delete", project->id);
    if (button_right(end, "edit", "Edit", {.kind = ButtonKind::ghost, .name = edit}, 2))
      out.run("project.edit", project->id);
  }
  for (const Area* area : areas) {
    const IdScope ids(UuidHash{}(area->id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    draw_square(cells[0].x + 6, cells[0].center_y(), theme::hue_of(area->color));
    text_line({cells[0].x + 23, cells[0].y, cells[0].w - 23, cells[0].h},
              area->name,
              theme::body_medium,
              c.text_primary);
    if (!is_phone())
      draw_text_in(
          cells[1], "Area, " + open_text(area_progress(state, area->id).open), theme::body, c.text_secondary);
    Rect end = cells.back();
    const std::string remove = "Delete " + area->name;
    const std::string edit = "Edit " + area->name;
    if (button_right(end, "delete", "Delete", {.kind = ButtonKind::ghost_danger, .name = remove}, 2))
      out.run("noun.delete", area->id);
    if (button_right(end, "edit", "Edit", {.kind = ButtonKind::ghost, .name = edit}, 2))
      out.run("area.edit", area->id);
  }
}

void views_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  section_head(flow, "Saved views", "Queries with a name. Save one from the query bar.");
  const std::vector<const SavedView*> views = shown_views(state);
  if (views.empty()) {
    empty_line(flow, "There are no saved views yet.");
    return;
  }
  // A phone has no room beside each other for a name and its query.
  const bool phone = is_phone();
  SettingsTable table = begin_table(
      flow,
      phone ? std::vector<float>{0.75f, 0.25f} : std::vector<float>{0.32f, 0.48f, 0.2f},
      phone ? std::vector<std::string_view>{"View", ""} : std::vector<std::string_view>{"Name", "Query", ""},
      views.size());
  for (const SavedView* view : views) {
    const IdScope ids(UuidHash{}(view->id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    const Rect cell = cells[0];
    text_line(
        phone ? Rect{cell.x, cell.y + 5, cell.w, 19} : cell, view->name, theme::body_medium, c.text_primary);
    text_line(phone ? Rect{cell.x, cell.y + 24, cell.w, 18} : cells[1],
              view->query,
              phone ? theme::mono_small : theme::mono,
              c.text_secondary);
    Rect end = cells.back();
    const std::string remove = "Delete " + view->name;
    if (button_right(end, "delete", "Delete", {.kind = ButtonKind::ghost_danger, .name = remove}, 2))
      out.run("noun.delete", view->id);
  }
}

}  // namespace dits::web
