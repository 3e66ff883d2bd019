// A snapshot and the changes after it give the same state as a later snapshot.
#include "server/service/sync.hpp"

#include <map>
#include <random>

#include <doctest/doctest.h>

#include "server/service/areas.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/workflows.hpp"
#include "server/store/portions.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

// What a client keeps: entities by kind and id, as JSON.
using Copy = std::map<std::string, std::map<std::string, Json>>;

constexpr std::pair<const char*, const char*> lists[] = {{"projects", "project"},
                                                         {"areas", "area"},
                                                         {"labels", "label"},
                                                         {"workflows", "workflow"},
                                                         {"relations", "issue_relation"},
                                                         {"issues", "issue"}};

std::string id_of(const Json& entity) { return *entity.find("id")->get_ptr<const std::string*>(); }

void take_snapshot(const Json& snapshot, Copy& replica) {
  for (const auto& [list, kind] : lists) {
    const auto found = snapshot.find(list);
    if (found == snapshot.end()) continue;
    for (const Json& entity : *found) replica[kind][id_of(entity)] = entity;
  }
}

void take_change(const AuditEntry& entry, Copy& replica) {
  const std::string kind(name_of(entry.entity_type));
  const std::string id = to_string(entry.entity_id);
  Json values = json_from_stored(entry.new_values);
  if (kind == "issue" && values.is_object()) values.erase("description");
  switch (entry.action) {
    case AuditAction::create:
    case AuditAction::restore:
      replica[kind][id] = values;
      break;
    case AuditAction::update:
    case AuditAction::archive:
      // What is in the trash is not in a snapshot.
      if (!replica[kind].contains(id)) break;
      for (auto field = values.begin(); field != values.end(); ++field)
        replica[kind][id][field.key()] = field.value();
      break;
    case AuditAction::remove:
      replica[kind].erase(id);
      break;
  }
}

// Members in one order, so that texts can be compared.
nlohmann::json sorted(const Json& value) { return nlohmann::json::parse(dump(value)); }

void check_same(const Copy& a, const Copy& b) {
  for (const auto& [list, kind] : lists) {
    const auto in_a = a.find(kind);
    const auto in_b = b.find(kind);
    const std::map<std::string, Json> none;
    const auto& left = in_a != a.end() ? in_a->second : none;
    const auto& right = in_b != b.end() ? in_b->second : none;
    CAPTURE(list);
    CHECK(left.size() == right.size());
    for (const auto& [id, entity] : left) {
      REQUIRE(right.contains(id));
      CHECK(sorted(entity) == sorted(right.at(id)));
    }
  }
}

class Player {
 public:
  Player(ServiceWorld& world, const Viewer& viewer, unsigned seed)
      : world_(world), viewer_(viewer), random_(seed) {}

  void play() {
    ServiceContext& context = world_.context();
    switch (random_() % 12) {
      case 0:
      case 1:
        issues_.push_back(world_.add_issue(viewer_, "Issue " + std::to_string(random_() % 100)).id);
        return;
      case 2: {
        Label label;
        label.name = "label " + std::to_string(labels_.size());
        labels_.push_back(world_.must(create_label(context, viewer_, label)).id);
        return;
      }
      case 3: {
        Project project;
        project.name = "Project";
        project.settings = R"({"z":1,"a":{"c":[1,2.5],"b":null}})";
        projects_.push_back(world_.must(create_project(context, viewer_, project)).id);
        return;
      }
      case 4:
        if (!labels_.empty()) forget(remove_label(context, viewer_, labels_[random_() % labels_.size()]));
        return;
      case 5:
        if (!projects_.empty())
          forget(remove_project(context, viewer_, projects_[random_() % projects_.size()]));
        return;
      case 6:
        if (!issues_.empty()) forget(remove_issue(context, viewer_, {any_issue(), 0}, std::nullopt));
        return;
      case 7:
        if (!issues_.empty()) forget(restore_issue(context, viewer_, {any_issue(), 0}));
        return;
      case 8:
        if (issues_.size() > 1) {
          IssueRelation relation;
          relation.target_id = any_issue();
          relation.type = static_cast<RelationType>(random_() % 5);
          forget(create_relation(context, viewer_, {any_issue(), 0}, relation));
        }
        return;
      case 9: {
        const std::int64_t head = world_.must(last_change_id(context, viewer_));
        forget(undo_change(
            context, viewer_, 1 + static_cast<std::int64_t>(random_() % static_cast<unsigned long>(head))));
        return;
      }
      default:
        if (!issues_.empty()) change_issue();
    }
  }

 private:
  template <typename T>
  static void forget(const Result<T>& result) {
    if (!result) CHECK(result.error().code != ErrorCode::internal);
  }
  IssueId any_issue() { return issues_[random_() % issues_.size()]; }

  void change_issue() {
    IssueUpdate update;
    const std::vector<Workflow> workflows = world_.must(list_workflows(world_.context(), viewer_));
    switch (random_() % 6) {
      case 0:
        update.patch.status_id = workflows[0].statuses[random_() % 5].id;
        break;
      case 1:
        update.patch.title = "Title " + std::to_string(random_() % 100);
        break;
      case 2:
        if (!labels_.empty()) update.add_label_ids = {labels_[random_() % labels_.size()]};
        break;
      case 3:
        update.patch.parent_issue_id = any_issue();
        break;
      case 4:
        if (!projects_.empty()) update.patch.project_id = projects_[random_() % projects_.size()];
        break;
      default:
        update.patch.metadata = R"({"long name":1,"b":{"y":0.5,"x":"text"}})";
        update.patch.due_date = std::optional<Date>(Date{20500});
    }
    forget(update_issue(world_.context(), viewer_, {any_issue(), 0}, update, std::nullopt));
  }

  ServiceWorld& world_;
  Viewer viewer_;
  std::mt19937_64 random_;
  std::vector<IssueId> issues_;
  std::vector<LabelId> labels_;
  std::vector<ProjectId> projects_;
};

}  // namespace

TEST_CASE("snapshot and changes reproduce the state exactly") {
  ServiceWorld world;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    const Viewer viewer = world.add_viewer("user" + std::to_string(seed) + "@example.org");
    Player player(world, viewer, seed);
    for (int i = 0; i < 40; ++i) player.play();
    Copy replica;
    const Json first =
        world.must(parse_json(world.must(snapshot_text(world.context(), viewer, "", all_issues))));
    take_snapshot(first, replica);
    std::int64_t since = first["changeId"].get<std::int64_t>();
    for (int i = 0; i < 80; ++i) player.play();
    for (bool has_more = true; has_more;) {
      const SyncChanges changes = world.must(changes_since(world.context(), viewer, {since}, 7));
      REQUIRE_FALSE(changes.changes.empty());
      for (const AuditEntry& entry : changes.changes) {
        CHECK(entry.change_id == ++since);
        take_change(entry, replica);
      }
      has_more = changes.has_more;
    }
    Copy now;
    const Json last =
        world.must(parse_json(world.must(snapshot_text(world.context(), viewer, "", all_issues))));
    take_snapshot(last, now);
    CHECK(last["changeId"].get<std::int64_t>() == since);
    check_same(replica, now);
    world.check_gapless(viewer);
  }
}

TEST_CASE("a snapshot in pages has every issue once, and all pages name the first one's change") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  for (int i = 0; i < 7; ++i) world.add_issue(viewer, "Issue");
  std::string cursor;
  std::map<std::string, int> seen;
  std::int64_t change_id = 0;
  int pages = 0;
  do {
    REQUIRE(++pages < 100);
    const Json page = world.must(parse_json(world.must(snapshot_text(world.context(), viewer, cursor, 3))));
    if (cursor.empty()) change_id = page["changeId"].get<std::int64_t>();
    CHECK(page["changeId"].get<std::int64_t>() == change_id);
    CHECK(page.contains("user") == cursor.empty());
    for (const Json& issue : page["issues"]) ++seen[id_of(issue)];
    const std::string* next = page["nextCursor"].get_ptr<const std::string*>();
    cursor = next != nullptr ? *next : "";
    world.add_issue(viewer, "Later");
  } while (!cursor.empty());
  CHECK(seen.size() >= 7);
  for (const auto& [id, times] : seen) CHECK(times == 1);
  CHECK(snapshot_text(world.context(), viewer, "nonsense", 3).error().field == "cursor");
}

TEST_CASE("changes of long texts come a few at a time, each once") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Long");
  constexpr int count = 60;
  for (int i = 0; i < count; ++i) {
    IssueUpdate update;
    update.patch.description = std::string(400'000, static_cast<char>('a' + i % 26));
    world.must(update_issue(world.context(), viewer, {issue.id, 0}, update, std::nullopt));
  }
  std::int64_t change_id = world.must(last_change_id(world.context(), viewer)) - count;
  int rounds = 0;
  int seen = 0;
  SyncChanges changes;
  changes.has_more = true;
  for (; changes.has_more; ++rounds) {
    changes = world.must(changes_since(world.context(), viewer, {change_id}, max_changes_at_once));
    REQUIRE_FALSE(changes.changes.empty());
    std::size_t bytes = 0;
    for (const AuditEntry& entry : changes.changes) {
      CHECK(entry.change_id == ++change_id);
      bytes += entry.old_values.size() + entry.new_values.size();
    }
    CHECK(bytes < most_change_bytes + 2 * static_cast<std::size_t>(store::portion_bytes));
    seen += static_cast<int>(changes.changes.size());
  }
  CHECK(seen == count);
  CHECK(rounds >= 3);
}

TEST_CASE("a client that is ahead of the log begins again") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  CHECK(changes_since(world.context(), viewer, {999}, 10).error().kind == "sync_reset");
  CHECK(world.must(changes_since(world.context(), viewer, {1}, 10)).changes.empty());
}

TEST_CASE("a client of a log that a restore has replaced begins again, though the new one is longer") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  for (int i = 0; i < 7; ++i) world.add_issue(viewer, "Issue");
  const Json snapshot =
      world.must(parse_json(world.must(snapshot_text(world.context(), viewer, "", all_issues))));
  const auto log = snapshot["log"].get<std::string>();
  CHECK(world.must(changes_since(world.context(), viewer, {1, log}, 3)).changes.size() == 3);
  CHECK(check_point(world.context(), viewer, {1, log}));
  // As an import makes it: another account's history.
  const Viewer somebody = world.add_viewer("b@example.org");
  const Json theirs =
      world.must(parse_json(world.must(snapshot_text(world.context(), somebody, "", all_issues))));
  for (const std::string& other : {theirs["log"].get<std::string>(), log + "1", std::string("x")}) {
    CHECK(changes_since(world.context(), viewer, {1, other}, 3).error().kind == "sync_reset");
    CHECK(check_point(world.context(), viewer, {1, other}).error().kind == "sync_reset");
  }
}
