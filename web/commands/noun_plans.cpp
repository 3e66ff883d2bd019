// Projects, areas, labels, workflows and saved views: their dialogs and what those save.
#include <array>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "web/commands/session_plans.hpp"
#include "web/store/display.hpp"

namespace dits::web {

namespace {

constexpr std::array<std::string_view, 8> palette_colors{
    "#2E83E6", "#0B7285", "#2B8A3E", "#A67C00", "#C2410C", "#B42318", "#8B5CC7", "#8B8276"};

template <typename Noun, typename NounId>
const Noun* find_noun(const std::vector<Noun>& nouns, const Uuid& id) {
  for (const Noun& noun : nouns) {
    if (noun.id == NounId{id}) return &noun;
  }
  return nullptr;
}

template <typename Noun>
Plan save(std::optional<Noun> before, Noun after, Timestamp now, std::string title) {
  after.updated_at = now;
  if (!before) after.created_at = now;
  if (const auto valid = validate(after); !valid) return refuse(valid.error().message);
  Plan plan = change_view(Saved<Noun>{std::move(before), std::move(after)});
  plan.title = std::move(title);
  return plan;
}

template <typename Noun>
Plan remove(const Noun* noun, Timestamp now, const char* kind) {
  if (noun == nullptr || noun->deleted_at) return refuse("It is gone already");
  Saved<Noun> saved{*noun, *noun};
  saved.after.deleted_at = now;
  Plan plan;
  plan.title = std::string("Deleted ") + kind + " “" + noun->name + "”";
  plan.changes.emplace_back(std::move(saved));
  return plan;
}

// The argument's id, whatever noun it is of.
Uuid id_argument(const Invocation& invocation) {
  return std::visit(
      [](const auto& value) -> Uuid {
        if constexpr (requires { value.uuid; }) {
          return value.uuid;
        } else {
          return {};
        }
      },
      invocation.argument);
}

Plan with_route(Plan plan, Screen screen, const Uuid& id) {
  if (plan.complaint.empty()) plan.effects.emplace_back(GoTo{route_to(screen, id), false});
  return plan;
}

Plan save_project(const State& state, const Dialog& dialog) {
  const Project* known = find_noun<Project, ProjectId>(state.entities.projects, dialog.entity_id);
  Project project = known != nullptr ? *known : Project{};
  if (known == nullptr) project.id = ProjectId{fresh_uuid(state)};
  project.name = name_from(dialog.name);
  project.description = dialog.description;
  if (dialog.second.empty()) {
    project.end_date.reset();
  } else {
    const auto end = parse_date(dialog.second);
    if (!end) return refuse("The end is not a day: write it as 2026-07-31");
    project.end_date = *end;
  }
  if (known != nullptr)
    return save<Project>(*known, project, state.now, "Edit project “" + project.name + "”");
  return with_route(save<Project>({}, project, state.now, "Create project “" + project.name + "”"),
                    Screen::project,
                    project.id.uuid);
}

Plan save_area(const State& state, const Dialog& dialog) {
  const Area* known = find_noun<Area, AreaId>(state.entities.areas, dialog.entity_id);
  Area area = known != nullptr ? *known : Area{};
  if (known == nullptr) area.id = AreaId{fresh_uuid(state)};
  area.name = name_from(dialog.name);
  area.description = dialog.description;
  if (!dialog.color.empty()) area.color = dialog.color;
  if (known != nullptr) return save<Area>(*known, area, state.now, "Edit area “" + area.name + "”");
  return with_route(
      save<Area>({}, area, state.now, "Create area “" + area.name + "”"), Screen::area, area.id.uuid);
}

Plan save_label(const State& state, const Dialog& dialog) {
  const Label* known = find_noun<Label, LabelId>(state.entities.labels, dialog.entity_id);
  Label label = known != nullptr ? *known : Label{};
  if (known == nullptr) label.id = LabelId{fresh_uuid(state)};
  label.name = name_from(dialog.name);
  if (!dialog.color.empty()) label.color = dialog.color;
  for (const Label& other : state.entities.labels) {
    if (other.id != label.id && !other.deleted_at && fold_case(other.name) == fold_case(label.name)) {
      return refuse("There is a label of this name already");
    }
  }
  const std::string title = (known != nullptr ? "Edit label “" : "Create label “") + label.name + "”";
  return save<Label>(known != nullptr ? std::optional<Label>(*known) : std::nullopt, label, state.now, title);
}

Plan save_view(const State& state, const Dialog& dialog) {
  SavedView view;
  view.id = SavedViewId{fresh_uuid(state)};
  view.name = name_from(dialog.name);
  view.query = dialog.description.empty() ? state.list.query_text : dialog.description;
  view.settings = to_text(state.list.display);
  for (const SavedView& other : state.entities.views)
    view.position = std::max(view.position, other.position + 1);
  return with_route(
      save<SavedView>({}, view, state.now, "Save view “" + view.name + "”"), Screen::view, view.id.uuid);
}

Plan save_git_link(const Dialog& dialog) {
  GitIntegration link;
  link.repository = std::string(trim(dialog.second));
  const std::string what(trim(dialog.third));
  if (what.rfind("http://", 0) == 0 || what.rfind("https://", 0) == 0) {
    link.pr_url = what;
  } else {
    const bool is_hex = what.size() >= 7 && what.size() <= 64 &&
                        what.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    (is_hex ? link.commit_hash : link.branch_name) = what;
  }
  if (what.find("gitlab") != std::string::npos) link.provider = GitProvider::gitlab;
  if (what.find("bitbucket") != std::string::npos) link.provider = GitProvider::bitbucket;
  Plan plan;
  Invocation next;
  next.command = "issue.links";
  next.argument = std::move(link);
  next.targets = {IssueId{dialog.entity_id}};
  plan.then.push_back(std::move(next));
  return plan;
}

Plan save_token(const Dialog& dialog) {
  const std::string name = name_from(dialog.name);
  if (name.empty()) return refuse("Give the token a name, so that you know it later");
  TokenRequest token{name, dialog.second.empty() ? "write" : dialog.second, 0};
  for (const char c : dialog.third) {
    if (c < '0' || c > '9' || token.days > 3650) return refuse("Days must be a number up to 3650");
    token.days = token.days * 10 + (c - '0');
  }
  Plan plan;
  Invocation next;
  next.command = "token.new";
  next.argument = std::move(token);
  plan.then.push_back(std::move(next));
  return plan;
}

}  // namespace

Plan plan_new_noun(const State& state, const Invocation& invocation, DialogKind kind) {
  Dialog dialog;
  dialog.kind = kind;
  dialog.confirm_label = "Create";
  if (const auto* name = argument_as<std::string>(invocation)) dialog.name = *name;
  switch (kind) {
    case DialogKind::new_project:
      dialog.title = "New project";
      break;
    case DialogKind::new_area:
      dialog.title = "New area";
      dialog.color = palette_colors[state.entities.areas.size() % palette_colors.size()];
      break;
    case DialogKind::new_label:
      dialog.title = "New label";
      dialog.color = palette_colors[state.entities.labels.size() % palette_colors.size()];
      break;
    default:
      return refuse("There is no such dialog");
  }
  return change_view(DialogChanged{std::move(dialog)});
}

Plan plan_edit_noun(const State& state, const Invocation& invocation, DialogKind kind) {
  Dialog dialog;
  dialog.kind = kind;
  dialog.confirm_label = "Save";
  dialog.entity_id = id_argument(invocation);
  if (dialog.entity_id == Uuid{}) dialog.entity_id = state.route.entity_id;
  if (kind == DialogKind::edit_project) {
    const Project* project = find_project(state.entities, ProjectId{dialog.entity_id});
    if (project == nullptr) return refuse("Which project?");
    dialog.title = "Edit project";
    dialog.name = project->name;
    dialog.description = project->description;
    if (project->end_date) dialog.second = to_string(*project->end_date);
  } else if (kind == DialogKind::edit_area) {
    const Area* area = find_area(state.entities, AreaId{dialog.entity_id});
    if (area == nullptr) return refuse("Which area?");
    dialog.title = "Edit area";
    dialog.name = area->name;
    dialog.description = area->description;
    dialog.color = area->color;
  } else {
    const Label* label = find_label(state.entities, LabelId{dialog.entity_id});
    if (label == nullptr) return refuse("Which label?");
    dialog.title = "Edit label";
    dialog.name = label->name;
    dialog.color = label->color;
  }
  return change_view(DialogChanged{std::move(dialog)});
}

Plan plan_delete_noun(const State& state, const Invocation& invocation) {
  const Entities& entities = state.entities;
  Plan plan;
  if (const auto* id = argument_as<ProjectId>(invocation)) {
    plan = remove(find_project(entities, *id), state.now, "project");
  } else if (const auto* area = argument_as<AreaId>(invocation)) {
    plan = remove(find_area(entities, *area), state.now, "area");
  } else if (const auto* label = argument_as<LabelId>(invocation)) {
    plan = remove(find_label(entities, *label), state.now, "label");
  } else if (const auto* view = argument_as<SavedViewId>(invocation)) {
    plan = remove(find_view(entities, *view), state.now, "view");
  } else if (const auto* workflow = argument_as<WorkflowId>(invocation)) {
    plan = remove(find_workflow(entities, *workflow), state.now, "workflow");
  } else {
    return refuse("Delete what?");
  }
  const bool was_here = plan.complaint.empty() && state.route.entity_id == id_argument(invocation) &&
                        state.route.entity_id != Uuid{};
  if (was_here) plan.effects.emplace_back(GoTo{route_to(Screen::all), true});
  return plan;
}

Plan plan_project_status(const State& state, const Invocation& invocation, ProjectStatus status) {
  const auto* given = argument_as<ProjectId>(invocation);
  const ProjectId id = given != nullptr ? *given : ProjectId{state.route.entity_id};
  const Project* project = find_project(state.entities, id);
  if (project == nullptr) return refuse("Which project?");
  Project after = *project;
  after.status = status;
  return save<Project>(
      *project, std::move(after), state.now, project->name + ": " + std::string(title_of(status)));
}

Plan plan_save_view(const State& state, const Invocation& invocation) {
  Dialog dialog;
  dialog.kind = DialogKind::save_view;
  dialog.title = "Save this view";
  dialog.confirm_label = "Save view";
  dialog.description = state.list.query_text;
  if (const auto* name = argument_as<std::string>(invocation)) dialog.name = *name;
  if (state.list.error) return refuse("The query has an error: " + state.list.error->message);
  return change_view(DialogChanged{std::move(dialog)});
}

// The query and the display of the screen into the view that is open.
Plan plan_update_view(const State& state, const Invocation&) {
  const SavedView* view = find_view(state.entities, SavedViewId{state.route.entity_id});
  if (state.route.screen != Screen::view || view == nullptr) return refuse("No saved view is open");
  if (state.list.error) return refuse("The query has an error: " + state.list.error->message);
  SavedView after = *view;
  after.query = state.list.query_text;
  after.settings = to_text(state.list.display);
  return save<SavedView>(*view, std::move(after), state.now, "Update view “" + view->name + "”");
}

Plan plan_save_workflow(const State& state, const Invocation& invocation) {
  const auto* workflow = argument_as<Workflow>(invocation);
  if (workflow == nullptr) return refuse("Which workflow?");
  Workflow after = *workflow;
  std::uint64_t n = 0;
  const Workflow* known = find_workflow(state.entities, after.id);
  if (known == nullptr) after.id = WorkflowId{fresh_uuid(state, n++)};
  std::int32_t position = 0;
  for (Status& status : after.statuses) {
    if (!status.id.is_set()) status.id = StatusId{fresh_uuid(state, n++)};
    status.workflow_id = after.id;
    status.position = position++;
  }
  const std::string title = (known != nullptr ? "Edit workflow “" : "Create workflow “") + after.name + "”";
  return save<Workflow>(
      known != nullptr ? std::optional<Workflow>(*known) : std::nullopt, std::move(after), state.now, title);
}

Plan plan_dialog_form(const State& state, const Dialog& dialog) {
  switch (dialog.kind) {
    case DialogKind::new_project:
    case DialogKind::edit_project:
      return save_project(state, dialog);
    case DialogKind::new_area:
    case DialogKind::edit_area:
      return save_area(state, dialog);
    case DialogKind::new_label:
    case DialogKind::edit_label:
      return save_label(state, dialog);
    case DialogKind::save_view:
      return save_view(state, dialog);
    case DialogKind::git_link:
      return save_git_link(dialog);
    case DialogKind::new_token:
      return save_token(dialog);
    case DialogKind::confirm: {
      Plan plan;
      Invocation next;
      next.command = dialog.command;
      next.argument = std::string("confirmed");
      next.targets = dialog.targets;
      plan.then.push_back(std::move(next));
      return plan;
    }
    case DialogKind::none:
    case DialogKind::keyboard_help:
    case DialogKind::compare_conflict:
      break;
  }
  return {};
}

}  // namespace dits::web
