#include "tests/web/support/world.hpp"

#include <algorithm>

#include "shared/json/issue_json.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

int below(std::mt19937& random, int limit) {
  return static_cast<int>(random() % static_cast<unsigned>(limit));
}

template <typename Noun, typename NounId>
Noun named(NounId id, std::string name) {
  Noun noun;
  noun.id = id;
  noun.name = std::move(name);
  noun.created_at = noun.updated_at = Timestamp{world_now.unix_ms - ms_per_day};
  return noun;
}

}  // namespace

Uuid world_uuid(std::uint64_t number) { return make_uuid_v7(world_now.unix_ms - 1'000'000, 7, number); }
StatusId world_status(int at) { return StatusId{world_uuid(10 + static_cast<std::uint64_t>(at))}; }
IssueId world_issue(std::int64_t number) {
  return IssueId{world_uuid(1000 + static_cast<std::uint64_t>(number))};
}
ProjectId world_project(int at) { return ProjectId{world_uuid(20 + static_cast<std::uint64_t>(at))}; }
LabelId world_label(int at) { return LabelId{world_uuid(30 + static_cast<std::uint64_t>(at))}; }

SnapshotBegan world_snapshot() {
  SnapshotBegan began;
  began.change_id = 10;
  began.me = named<User>(UserId{world_uuid(2)}, "Marek");
  began.me.email = "marek@dits.dev";
  began.projects = {named<Project>(world_project(0), "Relay 2.0"),
                    named<Project>(world_project(1), "Blog redesign")};
  began.areas = {named<Area>(AreaId{world_uuid(25)}, "Home lab")};
  began.labels = {named<Label>(world_label(0), "bug"),
                  named<Label>(world_label(1), "sync"),
                  named<Label>(world_label(2), "docs")};
  Workflow workflow = named<Workflow>(WorkflowId{world_uuid(1)}, "Default Workflow");
  std::int32_t position = 0;
  for (const char* name : {"Backlog", "To Do", "In Progress", "In Review", "Done"}) {
    Status status = named<Status>(world_status(position), name);
    status.workflow_id = workflow.id;
    status.position = position++;
    status.is_closed = status.name == "Done";
    workflow.statuses.push_back(status);
  }
  began.workflows = {workflow};
  SavedView view = named<SavedView>(SavedViewId{world_uuid(40)}, "Open bugs");
  view.query = "is:open label:bug";
  began.views = {view};
  return began;
}

Issue random_issue(std::int64_t number, std::mt19937& random) {
  constexpr const char* words[] = {
      "socket", "retry", "Outbox", "crash", "token", "Übersicht", "draw", "frame", "sync", "index"};
  Issue issue;
  issue.id = world_issue(number);
  issue.number = number;
  for (int at = 0; at < 3; ++at) issue.title += (at > 0 ? " " : "") + std::string(words[below(random, 10)]);
  issue.status_id = world_status(below(random, 5));
  issue.priority = static_cast<Priority>(below(random, 5));
  if (below(random, 3) > 0) issue.project_id = world_project(below(random, 2));
  if (below(random, 4) == 0) issue.area_id = AreaId{world_uuid(25)};
  for (int at = 0; at < 3; ++at) {
    if (below(random, 3) == 0) issue.label_ids.push_back(world_label(at));
  }
  const Date today = date_of(world_now);
  if (below(random, 3) == 0) issue.due_date = Date{today.days + below(random, 30) - 10};
  if (below(random, 6) == 0) issue.start_date = Date{issue.due_date.value_or(today).days - below(random, 5)};
  if (issue.status_id == world_status(4))
    issue.completed_at = Timestamp{world_now.unix_ms - below(random, 5) * ms_per_day};
  if (number > 1 && below(random, 6) == 0)
    issue.parent_issue_id = world_issue(1 + below(random, static_cast<int>(number) - 1));
  issue.position = static_cast<double>(number);
  issue.created_at = Timestamp{world_now.unix_ms - below(random, 1000) * 60'000};
  issue.updated_at = Timestamp{issue.created_at.unix_ms + below(random, 1000)};
  issue.has_description = false;
  return issue;
}

State make_world(int count, std::uint32_t seed) {
  std::mt19937 random(seed);
  State state;
  reduce(state, Ticked{world_now, {}, 1, seed});
  SnapshotBegan began = world_snapshot();
  for (int at = 0; at < count / 8; ++at) {
    IssueRelation relation;
    relation.id = RelationId{world_uuid(500'000 + static_cast<std::uint64_t>(at))};
    relation.source_id = world_issue(1 + below(random, count));
    relation.target_id = world_issue(1 + below(random, count));
    relation.type = below(random, 2) == 0 ? RelationType::blocks : RelationType::relates_to;
    if (relation.source_id != relation.target_id) began.relations.push_back(relation);
  }
  Route route;
  route.screen = Screen::all;
  reduce(state, Navigated{route});
  reduce(state, SignedIn{began.me});
  reduce(state, began);
  IssuesArrived arrived;
  for (int number = 1; number <= count; ++number) arrived.issues.push_back(random_issue(number, random));
  reduce(state, std::move(arrived));
  reduce(state, SnapshotEnded{10});
  return state;
}

Change random_change(const State& state, std::mt19937& random) {
  const auto& issues = state.entities.issues;
  const Issue& issue = issues[static_cast<std::size_t>(below(random, static_cast<int>(issues.size())))];
  IssuePatch patch;
  switch (below(random, 12)) {
    case 0:
      patch.status_id = world_status(below(random, 5));
      break;
    case 1:
      patch.priority = static_cast<Priority>(below(random, 5));
      break;
    case 2:
      patch.project_id = below(random, 3) == 0 ? ProjectId{} : world_project(below(random, 2));
      break;
    case 3:
      patch.label_ids = std::vector<LabelId>{world_label(below(random, 3))};
      break;
    case 4:
      patch.due_date = std::optional<Date>(Date{state.today.days + below(random, 9) - 4});
      break;
    case 5:
      patch.due_date = std::optional<Date>();
      break;
    case 6:
      patch.title = "Renamed " + std::to_string(random() % 100);
      break;
    case 7:
      patch.parent_issue_id =
          issue.number > 1 ? world_issue(1 + below(random, static_cast<int>(issue.number) - 1)) : IssueId{};
      break;
    case 8:
      if (issue.deleted_at) return IssuesRestored{{issue.id}, state.now};
      return IssuesTrashed{{issue.id}, state.now};
    case 9: {
      std::mt19937 other(static_cast<std::uint32_t>(random()));
      Issue made = random_issue(static_cast<std::int64_t>(issues.size()) + 1, other);
      made.id = IssueId{world_uuid(2'000'000 + issues.size())};
      return IssueCreated{std::move(made)};
    }
    case 10: {
      IssueRelation relation;
      relation.id = RelationId{world_uuid(900'000 + random() % 100'000)};
      relation.source_id = issue.id;
      relation.target_id =
          issues[static_cast<std::size_t>(below(random, static_cast<int>(issues.size())))].id;
      relation.type = RelationType::blocks;
      if (relation.source_id != relation.target_id) return RelationAdded{relation};
      patch.priority = Priority::low;
      break;
    }
    default:
      if (!state.entities.relations.empty()) {
        return RelationRemoved{state.entities.relations[random() % state.entities.relations.size()]};
      }
      patch.priority = Priority::high;
  }
  return IssuesPatched{{{issue.id, patch}}, state.now};
}

std::string describe_issues(const State& state) {
  IssueFields fields = IssueFields::lean();
  for (const IssueField field : {IssueField::updated_at, IssueField::completed_at, IssueField::version})
    fields.remove(field);
  std::vector<std::string> lines;
  for (const Issue& issue : state.entities.issues) {
    if (issue.id.is_set()) lines.push_back(dump(issue_to_json(issue, fields)));
  }
  for (const IssueRelation& relation : state.entities.relations)
    lines.push_back("relation " + to_string(relation.id));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string describe_derived(const State& state) {
  std::string text;
  const auto number = [&](const char* name, std::uint64_t value) {
    text += std::string(name) + "=" + std::to_string(value) + " ";
  };
  for (Slot slot = 0; slot < state.entities.issues.size(); ++slot) {
    const IssueFacts& facts = state.entities.facts[slot];
    number("#", static_cast<std::uint64_t>(state.entities.issues[slot].number));
    number("blockers", facts.open_blockers);
    number("blocks", facts.blocks_open);
    number("children", facts.children);
    number("closed", facts.closed_children);
    number("smart", facts.smart);
    number("views", facts.views);
    text += facts.folded_title + "\n";
  }
  const Counts& counts = state.counts;
  for (const std::uint32_t count : {counts.inbox,
                                    counts.today,
                                    counts.desk,
                                    counts.done_today,
                                    counts.upcoming,
                                    counts.next,
                                    counts.logbook,
                                    counts.trash,
                                    counts.open,
                                    counts.all}) {
    number("count", count);
  }
  for (const Project& project : state.entities.projects) {
    const Progress progress = project_progress(state, project.id);
    number("open", progress.open);
    number("closed", progress.closed);
  }
  for (const Label& label : state.entities.labels) number("label", label_count(state, label.id));
  for (const SavedView& view : state.entities.views) number("view", view_count(state, view.id));
  text += "\nlist:";
  for (const Slot slot : state.list.result.rows)
    text += " " + std::to_string(state.entities.issues[slot].number);
  number("\ntotal", state.list.result.total);
  return text;
}

}  // namespace dits::web::test
