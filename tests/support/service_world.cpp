#include "tests/support/service_world.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include "server/service/account_defaults.hpp"
#include "server/service/issues.hpp"
#include "server/service/projects.hpp"
#include "server/service/workflows.hpp"

namespace dits::test {

ServiceWorld::ServiceWorld()
    : event_bus_(make_local_event_bus()),
      cache_(make_memory_key_value()),
      stats_(*cache_),
      context_{database_.database(), clock_, *event_bus_, &stats_} {}

void ServiceWorld::fail(const Error& error) {
  FAIL(error.message, " kind ", error.kind, " field ", error.field);
  std::abort();
}

Viewer ServiceWorld::add_viewer(const std::string& email) {
  Viewer viewer;
  viewer.user_id = clock_.new_id<UserId>();
  viewer.scope = Scope::admin;
  viewer.credential = CredentialKind::session;
  viewer.ip_address = "127.0.0.1";
  database_.run_as_owner("INSERT INTO users (id, email, password_hash, name) VALUES ('" +
                         to_string(viewer.user_id) + "', '" + email + "', '-', 'Somebody')");
  Transaction transaction = must(database_.database().begin(Actor{viewer.user_id, true}, Access::write));
  must(create_account_defaults(transaction, clock_, viewer));
  must(transaction.commit());
  return viewer;
}

Issue ServiceWorld::add_issue(const Viewer& viewer, const std::string& title) {
  Issue draft;
  draft.title = title;
  return must(create_issue(context_, viewer, draft));
}

Project ServiceWorld::add_project(const Viewer& viewer, const std::string& name) {
  Project draft;
  draft.name = name;
  return must(create_project(context_, viewer, draft));
}

Workflow ServiceWorld::add_own_workflow(const Viewer& viewer, ProjectId project_id) {
  Workflow own;
  own.name = "Own";
  own.project_id = project_id;
  own.statuses.resize(2);
  own.statuses[0].name = "Idea";
  own.statuses[1].name = "Live";
  own.statuses[1].is_closed = true;
  return must(create_workflow(context_, viewer, own));
}

StatusId ServiceWorld::status_named(const Viewer& viewer, const std::string& name) {
  for (const Workflow& workflow : must(list_workflows(context_, viewer))) {
    for (const Status& status : workflow.statuses) {
      if (status.name == name) return status.id;
    }
  }
  FAIL("no status ", name);
  return {};
}

void ServiceWorld::check_gapless(const Viewer& viewer) {
  const std::string user = "'" + to_string(viewer.user_id) + "'";
  const std::string answer = database_.ask_as_owner(
      "SELECT count(*) || ' ' || coalesce(max(change_id), 0) || ' ' || (SELECT last_change_id FROM "
      "user_counters "
      "WHERE user_id = " +
      user + ") FROM audit_logs WHERE user_id = " + user);
  const std::string count = answer.substr(0, answer.find(' '));
  CHECK(answer == count + " " + count + " " + count);
}

}  // namespace dits::test
