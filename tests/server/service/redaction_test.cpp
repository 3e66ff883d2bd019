// What is deleted for ever stands nowhere any more; the log keeps that something happened, and nothing else
// may change it.
#include <doctest/doctest.h>

#include "server/cli/doctor_find.hpp"
#include "server/service/areas.hpp"
#include "server/service/export.hpp"
#include "server/service/history.hpp"
#include "server/service/idempotency.hpp"
#include "server/service/import.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/saved_views.hpp"
#include "server/service/sync.hpp"
#include "server/service/trash.hpp"
#include "server/service/workflows.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

constexpr std::string_view secret = "Sesam-open-4711";

IssueKey key_of(const Issue& issue) { return {issue.id, 0}; }

// In how many rows of which tables a text stands: "audit_logs 3, issues 1".
std::string places_of(ServiceWorld& world, std::string_view text) {
  std::string places;
  const auto owner = world.database().owner();
  const Rows tables = owner
                          ->run_once(
                              "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                              "AND relkind = 'r' ORDER BY relname")
                          .value();
  for (const Row table : tables) {
    const std::string name(table.text(0));
    const std::int64_t rows =
        owner->run_once("SELECT count(*) FROM \"" + name + "\" t WHERE position($1 IN t::text) > 0", {text})
            .value()[0]
            .int64(0);
    if (rows > 0) places += (places.empty() ? "" : ", ") + name + " " + std::to_string(rows);
  }
  return places;
}

std::string changes_text(ServiceWorld& world, const Viewer& viewer) {
  std::string text;
  const SyncChanges changes = world.must(changes_since(world.context(), viewer, {0, ""}, 1000));
  for (const AuditEntry& entry : changes.changes)
    text += entry.old_values + entry.new_values + entry.metadata + "\n";
  return text;
}

std::string exported(ServiceWorld& world, const Viewer& viewer) {
  std::string text;
  world.must(export_account(
      world.context(),
      viewer,
      ExportFormat::json,
      [&](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
      },
      nullptr));
  return text;
}

// An issue that says the secret in everything that hangs on it, and its past.
Issue talkative_issue(ServiceWorld& world, const Viewer& viewer, const Issue& other) {
  const std::string words(secret);
  Issue draft;
  draft.title = words;
  draft.description = words;
  const Issue issue = world.must(create_issue(world.context(), viewer, draft));
  IssueUpdate update;
  update.patch.title = words + " again";
  world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt));
  Comment comment;
  comment.body = words;
  comment = world.must(create_comment(world.context(), viewer, key_of(issue), comment));
  world.must(remove_comment(world.context(), viewer, key_of(issue), comment.id));
  comment = {};
  comment.body = words + " once more";
  world.must(create_comment(world.context(), viewer, key_of(issue), comment));
  GitIntegration link;
  link.repository = "a/" + words;
  link.branch_name = words;
  world.must(create_git_integration(world.context(), viewer, key_of(issue), link));
  IssueRelation relation;
  relation.target_id = other.id;
  relation.type = RelationType::blocks;
  world.must(create_relation(world.context(), viewer, key_of(issue), relation));
  return issue;
}

void remove_and_purge(ServiceWorld& world, const Viewer& viewer, const Issue& issue) {
  world.must(remove_issue(world.context(), viewer, key_of(issue), std::nullopt));
  world.must(purge(world.context(), viewer, EntityType::issue, issue.id.uuid));
}

}  // namespace

TEST_CASE("an issue that is deleted for ever leaves no word in any table, in sync or in an export") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue other = world.add_issue(viewer, "Other");
  const Issue issue = talkative_issue(world, viewer, other);
  world.must(remove_issue(world.context(), viewer, key_of(issue), std::nullopt));
  CHECK(places_of(world, secret) == "audit_logs 7, comments 2, git_integrations 1, issues 1");
  world.must(purge(world.context(), viewer, EntityType::issue, issue.id.uuid));
  CHECK(places_of(world, secret) == "");
  CHECK(changes_text(world, viewer).find(secret) == std::string::npos);
  CHECK(exported(world, viewer).find(secret) == std::string::npos);
  // That it was there and went is told; nothing else of the account has changed.
  world.check_gapless(viewer);
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs WHERE metadata ? 'redacted' AND "
                                      "entity_type = 'issue' AND entity_id = '" +
                                      to_string(issue.id) + "'") == "4");
  CHECK(world.database().ask_as_owner("SELECT new_values ->> 'title' FROM audit_logs WHERE entity_id = '" +
                                      to_string(other.id) + "' AND action = 'CREATE'") == "Other");
}

TEST_CASE("an account with redacted changes is exported, imported and exported the same") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue other = world.add_issue(viewer, "Other");
  remove_and_purge(world, viewer, talkative_issue(world, viewer, other));
  const std::string text = exported(world, viewer);
  ServiceWorld to;
  const Viewer newcomer = to.add_viewer("a@example.org");
  const std::unique_ptr<Import> import = to.must(begin_json_import(to.context(), newcomer));
  to.must(import->add(text));
  to.must(import->finish());
  CHECK(exported(to, newcomer) == text);
  to.check_gapless(newcomer);
}

TEST_CASE("every kind of thing in the trash is redacted when it is deleted for ever, by hand or by age") {
  for (const bool by_age : {false, true}) {
    CAPTURE(by_age);
    ServiceWorld world;
    const Viewer viewer = world.add_viewer("a@example.org");
    ServiceContext& context = world.context();
    const std::string words(secret);
    std::vector<std::pair<EntityType, Uuid>> things;
    Project project;
    project.name = words;
    project = world.must(create_project(context, viewer, project));
    world.must(remove_project(context, viewer, project.id));
    things.emplace_back(EntityType::project, project.id.uuid);
    Area area;
    area.name = words;
    area = world.must(create_area(context, viewer, area));
    world.must(remove_area(context, viewer, area.id));
    things.emplace_back(EntityType::area, area.id.uuid);
    Label label;
    label.name = words;
    label = world.must(create_label(context, viewer, label));
    world.must(remove_label(context, viewer, label.id));
    things.emplace_back(EntityType::label, label.id.uuid);
    SavedView view;
    view.name = words;
    view.query = words;
    view = world.must(create_saved_view(context, viewer, view));
    world.must(remove_saved_view(context, viewer, view.id));
    things.emplace_back(EntityType::saved_view, view.id.uuid);
    const Issue live = world.add_issue(viewer, "Stays");
    Comment comment;
    comment.body = words;
    comment = world.must(create_comment(context, viewer, key_of(live), comment));
    world.must(remove_comment(context, viewer, key_of(live), comment.id));
    things.emplace_back(EntityType::comment, comment.id.uuid);
    if (by_age) {
      world.clock().move_by(std::chrono::hours(24 * 31));
      CHECK(world.must(purge_expired_trash(context, context.clock.now())) ==
            static_cast<std::int64_t>(things.size()));
    } else {
      for (const auto& [type, id] : things) world.must(purge(context, viewer, type, id));
    }
    CHECK(places_of(world, secret) == "");
    world.check_gapless(viewer);
    CHECK(world.database().ask_as_owner(
              "SELECT count(*) FROM audit_logs WHERE new_values ->> 'title' = 'Stays'") == "1");
  }
}

TEST_CASE(
    "an answer that an Idempotency-Key keeps goes with what it speaks of, and its repeat is not done again") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const OnceRequest once{viewer.user_id, "key-1", [] { return Result<std::string>("POST /issues"); }};
  Issue made;
  const auto create = [&]() -> Result<KeptAnswer> {
    Issue draft;
    draft.title = secret;
    made = TRY(create_issue(world.context(), viewer, draft));
    return KeptAnswer{201,
                      "application/json",
                      "{}",
                      R"({"id":")" + to_string(made.id) + R"(","title":")" + std::string(secret) + "\"}"};
  };
  world.must(run_once(world.context(), once, create));
  CHECK(places_of(world, secret) == "audit_logs 1, idempotency_keys 1, issues 1");
  remove_and_purge(world, viewer, made);
  CHECK(places_of(world, secret) == "");
  CHECK(run_once(world.context(), once, create).error().kind == "already_applied");
}

TEST_CASE("a change of what was deleted for ever is not undone, in a sentence") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Gone soon");
  const std::int64_t creation = world.must(last_change_id(world.context(), viewer));
  remove_and_purge(world, viewer, issue);
  const std::int64_t head = world.must(last_change_id(world.context(), viewer));
  for (std::int64_t change = creation; change <= head; ++change) {
    const Error refused = undo_change(world.context(), viewer, change).error();
    CHECK(refused.kind == "undo_conflict");
    CHECK(refused.message == "This cannot be undone any more: what it speaks of was deleted for ever.");
  }
}

TEST_CASE("the log is append-only but for the redaction of what is gone") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue live = world.add_issue(viewer, "Live");
  const Issue gone = world.add_issue(viewer, "Gone");
  remove_and_purge(world, viewer, gone);
  const std::string user = to_string(viewer.user_id);
  const std::string before = world.database().ask_as_owner(
      "SELECT md5(string_agg(a::text, '' ORDER BY change_id)) FROM audit_logs a");
  const auto owner = world.database().owner();
  const auto attempt = [&](const std::string& redacts, const std::string& statement) {
    const Result<void> done = owner->run_script("BEGIN; SELECT set_config('dits.user_id', '" + user +
                                                "', true), set_config('dits.redacts', '" + redacts +
                                                "', true); " + statement + "; COMMIT");
    if (!done) static_cast<void>(owner->run_script("ROLLBACK"));
    return static_cast<bool>(done);
  };
  const std::string of_live = " WHERE entity_id = '" + to_string(live.id) + "'";
  const std::string of_gone = " WHERE entity_id = '" + to_string(gone.id) + "'";
  const std::string nulls =
      "UPDATE audit_logs SET old_values = NULL, new_values = NULL, metadata = metadata || '{\"redacted\": "
      "true}'";
  CHECK_FALSE(attempt("", nulls + of_live));
  CHECK_FALSE(attempt(to_string(live.id), nulls + of_live));
  CHECK_FALSE(attempt(to_string(gone.id), nulls + of_live));
  CHECK_FALSE(attempt("on", nulls + of_gone));
  CHECK_FALSE(
      attempt(to_string(gone.id), "UPDATE audit_logs SET new_values = '{\"title\": \"forged\"}'" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), nulls + ", action = 'CREATE'" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), nulls + ", user_agent = 'x'" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), nulls + ", change_id = 99" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), nulls + ", created_at = now()" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id),
                      "UPDATE audit_logs SET metadata = '{\"redacted\": true, \"x\": 1}', old_values = NULL, "
                      "new_values = NULL" +
                          of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), "DELETE FROM audit_logs" + of_gone));
  CHECK_FALSE(attempt(to_string(gone.id), "TRUNCATE audit_logs"));
  CHECK(attempt("", "SELECT redact_changes('" + to_string(live.id) + "')") == false);
  CHECK(world.database().ask_as_owner(
            "SELECT md5(string_agg(a::text, '' ORDER BY change_id)) FROM audit_logs a") == before);
  // The role that serves requests changes the log by the function alone, and nobody else may call that.
  Transaction transaction =
      world.must(world.context().database.begin(Actor::of_user(viewer.user_id), Access::write));
  CHECK_FALSE(transaction.run_computed("forge", nulls + of_gone, {}));
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM pg_proc p, aclexplode(p.proacl) a WHERE "
                                      "p.proname = 'redact_changes' AND a.grantee = 0") == "0");
}

TEST_CASE("the owner of an external database who is no superuser redacts as well") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const test::PlainOwner own(world);
  const auto owner = connect_as_owner(own.place()).value();
  const auto superuser = own.as_superuser();
  REQUIRE(superuser->run_script(
      "INSERT INTO users (id, email, password_hash, name) VALUES ('00000000-0000-7000-8000-000000000001', "
      "'anna@example.org', '', 'Anna');"
      "INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values) "
      "VALUES "
      "('00000000-0000-7000-8000-000000000001', 1, 'CREATE', 'issue', "
      "'00000000-0000-7000-8000-000000000002', NULL, "
      "'{\"title\": \"x\"}'),"
      "('00000000-0000-7000-8000-000000000001', 2, 'DELETE', 'issue', "
      "'00000000-0000-7000-8000-000000000002', "
      "'{\"title\": \"x\"}', NULL)"));
  REQUIRE(owner->run_script(
      "BEGIN; SELECT set_config('dits.user_id', '00000000-0000-7000-8000-000000000001', true); "
      "SELECT redact_changes('00000000-0000-7000-8000-000000000002'); COMMIT"));
  CHECK(superuser
            ->run_once("SELECT count(*) FROM audit_logs WHERE old_values IS NULL AND new_values IS NULL AND "
                       "metadata ? 'redacted'")
            .value()[0]
            .int64(0) == 2);
  // Without acting as its user, nothing is seen and nothing happens.
  CHECK(
      owner->run_once("SELECT redact_changes('00000000-0000-7000-8000-000000000002')").value()[0].int64(0) ==
      0);
}

TEST_CASE("the doctor finds where a thing stands, and that nothing is left of what was deleted for ever") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Looked for");
  const auto owner = world.database().owner();
  cli::Report live(false);
  cli::look_for(*owner, issue.id.uuid, live);
  CHECK(live.problems() == 0);
  remove_and_purge(world, viewer, issue);
  cli::Report gone(false);
  cli::look_for(*owner, issue.id.uuid, gone);
  CHECK(gone.problems() == 0);
  // As it was before the log was redacted.
  world.database().run_as_owner(
      "ALTER TABLE audit_logs DISABLE TRIGGER audit_logs_append_only; UPDATE audit_logs SET old_values = "
      "'{\"title\": "
      "\"Looked for\"}' WHERE entity_id = '" +
      to_string(issue.id) +
      "' AND action = 'DELETE'; ALTER TABLE audit_logs ENABLE TRIGGER audit_logs_append_only");
  cli::Report left(false);
  cli::look_for(*owner, issue.id.uuid, left);
  CHECK(left.problems() == 1);
}
