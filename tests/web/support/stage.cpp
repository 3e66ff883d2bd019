#include "tests/web/support/stage.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <doctest/doctest.h>

#include "imgui.h"
#include "web/commands/command.hpp"
#include "web/store/reduce.hpp"
#include "web/theme/fonts.hpp"
#include "web/theme/fonts_data.hpp"
#include "web/ui/app_screen.hpp"
#include "web/widgets/item.hpp"

namespace dits::web::test {

namespace {

constexpr std::int64_t now_ms = 1'784'016'300'000;  // 2026-07-14T08:05:00Z

Uuid uuid(std::uint64_t number) { return make_uuid_v7(now_ms - 1'000'000, 0, number); }

template <typename Noun, typename NounId>
Noun named(NounId id, std::string name) {
  Noun noun;
  noun.id = id;
  noun.name = std::move(name);
  noun.created_at = {now_ms - 10 * ms_per_day};
  noun.updated_at = noun.created_at;
  return noun;
}

Workflow workflow() {
  Workflow made = named<Workflow>(WorkflowId{uuid(1)}, "Default Workflow");
  std::int32_t position = 0;
  for (const char* name : {"Backlog", "To Do", "In Progress", "In Review", "Done"}) {
    Status status = named<Status>(StatusId{uuid(10 + static_cast<std::uint64_t>(position))}, name);
    status.workflow_id = made.id;
    status.position = position++;
    status.is_closed = status.name == "Done";
    made.statuses.push_back(status);
  }
  return made;
}

struct Sample {
  std::int64_t number;
  const char* title;
  int status;  // 0 Backlog … 4 Done
  Priority priority;
  std::vector<std::uint64_t> labels;  // 0 bug, 1 sync, 2 docs
  int due_in_days = 1000;             // 1000: no date
  bool has_project = true;
};

std::vector<Sample> samples() {
  using enum Priority;
  return {{128, "WebSocket reconnect drops queued edits after sleep", 2, urgent, {0, 1}, 2},
          {141, "Resume token expires before the laptop wakes", 2, high, {0}, 0},
          {133, "Outbox survives a crash between write and fsync", 3, high, {1}, 1},
          {144, "Clock skew makes \"edited 3 s from now\" appear", 1, high, {0}, -1},
          {137, "Back-pressure: stop reading when the queue is full", 1, high, {1}, 6},
          {122, "Document the wire protocol", 1, low, {2}, 15},
          {150, "Drop Node 18 from the test matrix", 0, none, {}},
          {125, "Heartbeat every 20 s, not 60", 4, high, {1}},
          {181, "An unsorted thought", 1, none, {}, 1000, false}};
}

Issue issue_from(const Sample& sample) {
  Issue issue;
  issue.id = IssueId{uuid(1000 + static_cast<std::uint64_t>(sample.number))};
  issue.number = sample.number;
  issue.title = sample.title;
  issue.priority = sample.priority;
  issue.status_id = StatusId{uuid(10 + static_cast<std::uint64_t>(sample.status))};
  if (sample.has_project) issue.project_id = ProjectId{uuid(20)};
  for (const std::uint64_t label : sample.labels) issue.label_ids.push_back(LabelId{uuid(30 + label)});
  if (sample.due_in_days < 1000) {
    issue.due_date = Date{date_of(Timestamp{now_ms}).days + sample.due_in_days};
  }
  if (sample.status == 4) issue.completed_at = Timestamp{now_ms - 3 * ms_per_day};
  issue.created_at = {now_ms - 4 * ms_per_day};
  issue.updated_at = {now_ms - 240'000};
  issue.has_description = sample.number == 128;
  if (issue.has_description) {
    issue.description =
        "The socket reconnects with a `4409`.\n\n### Expected\n\n- [x] Outbox is kept\n- [ ] Token is "
        "refreshed\n\n"
        "```cpp\nint main() {}\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nSee #141.\n";
  }
  return issue;
}

SnapshotBegan snapshot() {
  SnapshotBegan began;
  began.change_id = 10;
  began.me = named<User>(UserId{uuid(2)}, "Marek");
  began.me.email = "marek@dits.dev";
  began.projects = {named<Project>(ProjectId{uuid(20)}, "Relay 2.0"),
                    named<Project>(ProjectId{uuid(21)}, "Blog redesign")};
  began.areas = {named<Area>(AreaId{uuid(25)}, "Home lab")};
  std::uint64_t number = 30;
  for (const auto& [name, color] :
       {std::pair{"bug", "#D6504C"}, std::pair{"sync", "#0A978B"}, std::pair{"docs", "#8B8276"}}) {
    Label label = named<Label>(LabelId{uuid(number++)}, name);
    label.color = color;
    began.labels.push_back(label);
  }
  began.workflows = {workflow()};
  SavedView view = named<SavedView>(SavedViewId{uuid(40)}, "Bugs due this week");
  view.query = "is:open label:bug due:<7d";
  began.views = {view};
  IssueRelation blocks;
  blocks.id = RelationId{uuid(50)};
  blocks.source_id = IssueId{uuid(1128)};
  blocks.target_id = IssueId{uuid(1137)};
  blocks.type = RelationType::blocks;
  began.relations = {blocks};
  return began;
}

}  // namespace

Stage::Stage(float width, float height) : platform(width, height) {
  theme::load_fonts(nullptr);
  theme::take_fonts(std::string(fonts::pack()));
  ImGui::GetStyle().FontSizeBase = 13;
  widgets::clear_focus();
  platform.set_now({now_ms});
  reduce(state, Ticked{{now_ms}});
  SnapshotBegan began = snapshot();
  reduce(state, SignedIn{began.me});
  reduce(state, std::move(began));
  IssuesArrived arrived;
  for (const Sample& sample : samples()) arrived.issues.push_back(issue_from(sample));
  reduce(state, std::move(arrived));
  reduce(state, SnapshotEnded{10});
  reduce(state, SyncChanged{SyncPhase::synced, {}});
  PlatformHooks hooks;
  hooks.frame = [this] { frame(); };
  platform.start(hooks);
}

void Stage::frame() {
  Outbox out;
  const int next_ms = app_screen(state, out, {platform.monotonic_ms(), false});
  if (next_ms >= 0) platform.wake_after(next_ms);
  if (out.is_empty()) return;
  for (const Outbox::Item& item : out.take()) {
    if (const auto* made = std::get_if<Change>(&item)) {
      reduce(state, *made);
    } else {
      apply(std::get<Invocation>(item));
    }
  }
  platform.request_frames();
}

void Stage::apply(const Invocation& invocation) {
  ran.push_back(invocation);
  const Command* command = find_command(invocation.command);
  if (command == nullptr) {
    FAIL("no command is called " << invocation.command.c_str());
    return;
  }
  const Plan plan = command->plan(state, invocation);
  reduce_all(state, plan.changes);
  for (const Effect& effect : plan.effects) {
    if (const auto* to = std::get_if<GoTo>(&effect)) reduce(state, Navigated{to->route});
  }
  for (const Invocation& next : plan.then) apply(next);
}

void Stage::change(const Change& change) {
  reduce(state, change);
  platform.request_frames();
  platform.draw();
}

void Stage::go(std::string_view url) { change(Navigated{parse_route(url)}); }

void Stage::run(std::string_view command, Argument argument) {
  apply({std::string(command), std::move(argument), {}});
  platform.request_frames();
  platform.draw();
}

bool Stage::has_run(std::string_view command) const {
  for (const Invocation& invocation : ran) {
    if (invocation.command == command) return true;
  }
  return false;
}

IssueId Stage::issue(std::int64_t number) const {
  const Issue* issue = find_issue(state.entities, number);
  return issue == nullptr ? IssueId{} : issue->id;
}

StatusId Stage::status(std::string_view name) const {
  for (const Status& status : state.entities.workflows.front().statuses) {
    if (status.name == name) return status.id;
  }
  return {};
}

void check_golden(std::string_view name, const std::string& text) {
  const std::string path = "tests/golden/" + std::string(name) + ".txt";
  if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return;
  }
  std::ifstream file(path);
  REQUIRE_MESSAGE(
      file.good(),
      path.c_str()
          << " is missing: run from the root of the repository, or write it with DITS_UPDATE_GOLDEN=1");
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  std::istringstream expected(golden);
  std::istringstream actual(text);
  std::string a;
  std::string b;
  for (int line = 1;; ++line) {
    const bool has_a = static_cast<bool>(std::getline(expected, a));
    const bool has_b = static_cast<bool>(std::getline(actual, b));
    if (!has_a && !has_b) return;
    INFO(path.c_str() << ":" << line);
    CHECK((has_a ? a : "(end)") == (has_b ? b : "(end)"));
    if (a != b || has_a != has_b) return;
  }
}

}  // namespace dits::web::test
