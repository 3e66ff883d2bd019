// Who may call what on whose things: every route of the table, as every kind of caller, on every kind of
// object. A route that this table does not know fails the test.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "server/api/all_routes.hpp"
#include "server/base/clock.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {
namespace {

// How a route is called with good sense. "@name" in path and body is an object of the world below.
struct Entry {
  std::string_view method;
  std::string_view path;    // the route's pattern
  std::string_view target;  // the same with names of objects
  std::string_view body = {};
  bool is_file = false;
};

constexpr Entry entries[] = {
    {"POST", "/api/v1/auth/register", "/api/v1/auth/register", R"({})"},
    {"GET", "/api/v1/auth/setup/{token}", "/api/v1/auth/setup/none"},
    {"POST", "/api/v1/auth/login", "/api/v1/auth/login", R"({})"},
    {"POST", "/api/v1/auth/logout", "/api/v1/auth/logout", R"({})"},
    {"GET", "/api/v1/auth/me", "/api/v1/auth/me"},
    {"PATCH", "/api/v1/auth/me", "/api/v1/auth/me", R"({"preferences":{}})"},
    {"POST", "/api/v1/auth/me/password", "/api/v1/auth/me/password", R"({})"},
    {"GET", "/api/v1/auth/sessions", "/api/v1/auth/sessions"},
    {"DELETE", "/api/v1/auth/sessions", "/api/v1/auth/sessions"},
    {"DELETE", "/api/v1/auth/sessions/{id}", "/api/v1/auth/sessions/@session"},
    {"GET", "/api/v1/auth/tokens", "/api/v1/auth/tokens"},
    {"POST", "/api/v1/auth/tokens", "/api/v1/auth/tokens", R"({"name":"t"})"},
    {"DELETE", "/api/v1/auth/tokens/{id}", "/api/v1/auth/tokens/@token"},

    {"GET", "/api/v1/issues", "/api/v1/issues"},
    {"POST",
     "/api/v1/issues",
     "/api/v1/issues",
     R"({"title":"t","projectId":"@project","areaId":"@area","parentIssueId":"@issue","labelIds":["@label"],"statusId":"@status"})"},
    {"POST",
     "/api/v1/issues/bulk",
     "/api/v1/issues/bulk",
     R"({"issueIds":["@issue"],"patch":{"priority":"HIGH"}})"},
    {"GET", "/api/v1/issues/{id}", "/api/v1/issues/@issue"},
    {"PATCH",
     "/api/v1/issues/{id}",
     "/api/v1/issues/@issue",
     R"({"labelIds":["@label"],"projectId":"@project","areaId":"@area","parentIssueId":"@other","statusId":"@near_status"})"},
    {"DELETE", "/api/v1/issues/{id}", "/api/v1/issues/@issue"},
    {"POST", "/api/v1/issues/{id}/restore", "/api/v1/issues/@trashed_issue/restore"},
    {"POST",
     "/api/v1/issues/{id}/transition",
     "/api/v1/issues/@issue/transition",
     R"({"statusId":"@near_status"})"},
    {"GET", "/api/v1/issues/{id}/activity", "/api/v1/issues/@issue/activity"},
    {"GET", "/api/v1/issues/{id}/sub-issues", "/api/v1/issues/@issue/sub-issues"},
    {"GET", "/api/v1/issues/{id}/duplicates", "/api/v1/issues/@issue/duplicates"},
    {"GET", "/api/v1/issues/{id}/labels", "/api/v1/issues/@issue/labels"},
    {"POST", "/api/v1/issues/{id}/labels", "/api/v1/issues/@issue/labels", R"({"labelId":"@label"})"},
    {"DELETE", "/api/v1/issues/{id}/labels/{labelId}", "/api/v1/issues/@issue/labels/@worn_label"},
    {"GET", "/api/v1/issues/{id}/relations", "/api/v1/issues/@issue/relations"},
    {"POST",
     "/api/v1/issues/{id}/relations",
     "/api/v1/issues/@issue/relations",
     R"({"targetId":"@other","relationType":"RELATES_TO"})"},
    {"DELETE", "/api/v1/issues/{id}/relations/{relationId}", "/api/v1/issues/@issue/relations/@relation"},
    {"GET", "/api/v1/issues/{id}/comments", "/api/v1/issues/@issue/comments"},
    {"POST", "/api/v1/issues/{id}/comments", "/api/v1/issues/@issue/comments", R"({"body":"b"})"},
    {"PATCH",
     "/api/v1/issues/{id}/comments/{commentId}",
     "/api/v1/issues/@issue/comments/@comment",
     R"({"body":"c"})"},
    {"DELETE", "/api/v1/issues/{id}/comments/{commentId}", "/api/v1/issues/@issue/comments/@comment"},
    {"GET", "/api/v1/issues/{id}/git-integrations", "/api/v1/issues/@issue/git-integrations"},
    {"POST",
     "/api/v1/issues/{id}/git-integrations",
     "/api/v1/issues/@issue/git-integrations",
     R"({"provider":"GITHUB","repository":"a/b","branchName":"x"})"},
    {"PATCH",
     "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}",
     "/api/v1/issues/@issue/git-integrations/@git",
     R"({"branchName":"main"})"},
    {"DELETE",
     "/api/v1/issues/{id}/git-integrations/{gitIntegrationId}",
     "/api/v1/issues/@issue/git-integrations/@git"},

    {"GET", "/api/v1/issues/{id}/attachments", "/api/v1/issues/@issue/attachments"},
    {"POST",
     "/api/v1/issues/{id}/attachments",
     "/api/v1/issues/@issue/attachments?name=zebrafish.txt",
     "some bytes",
     true},
    {"GET",
     "/api/v1/issues/{id}/attachments/{attachmentId}",
     "/api/v1/issues/@issue/attachments/@attachment"},
    {"DELETE",
     "/api/v1/issues/{id}/attachments/{attachmentId}",
     "/api/v1/issues/@issue/attachments/@attachment"},
    {"POST",
     "/api/v1/issues/{id}/attachments/{attachmentId}/restore",
     "/api/v1/issues/@issue/attachments/@attachment/restore"},

    {"GET", "/api/v1/projects", "/api/v1/projects"},
    {"POST", "/api/v1/projects", "/api/v1/projects", R"({"name":"p"})"},
    {"GET", "/api/v1/projects/{id}", "/api/v1/projects/@project"},
    {"PATCH", "/api/v1/projects/{id}", "/api/v1/projects/@project", R"({"description":"d"})"},
    {"DELETE", "/api/v1/projects/{id}", "/api/v1/projects/@project"},
    {"POST", "/api/v1/projects/{id}/restore", "/api/v1/projects/@trashed_project/restore"},
    {"GET", "/api/v1/areas", "/api/v1/areas"},
    {"POST", "/api/v1/areas", "/api/v1/areas", R"({"name":"a"})"},
    {"GET", "/api/v1/areas/{id}", "/api/v1/areas/@area"},
    {"PATCH", "/api/v1/areas/{id}", "/api/v1/areas/@area", R"({"description":"d"})"},
    {"DELETE", "/api/v1/areas/{id}", "/api/v1/areas/@area"},
    {"POST", "/api/v1/areas/{id}/restore", "/api/v1/areas/@trashed_area/restore"},
    {"GET", "/api/v1/labels", "/api/v1/labels"},
    {"POST", "/api/v1/labels", "/api/v1/labels", R"({"name":"matrix"})"},
    {"GET", "/api/v1/labels/{id}", "/api/v1/labels/@label"},
    {"PATCH", "/api/v1/labels/{id}", "/api/v1/labels/@label", R"({"color":"#112233"})"},
    {"DELETE", "/api/v1/labels/{id}", "/api/v1/labels/@label"},
    {"POST", "/api/v1/labels/{id}/restore", "/api/v1/labels/@trashed_label/restore"},
    {"GET", "/api/v1/workflows", "/api/v1/workflows"},
    {"POST",
     "/api/v1/workflows",
     "/api/v1/workflows",
     R"({"name":"w","projectId":"@project","statuses":[{"name":"Open"},{"name":"Shut","isClosed":true}]})"},
    {"GET", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow"},
    {"PATCH", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow", R"({"name":"v"})"},
    {"DELETE", "/api/v1/workflows/{id}", "/api/v1/workflows/@workflow"},
    {"POST", "/api/v1/workflows/{id}/restore", "/api/v1/workflows/@trashed_workflow/restore"},
    {"GET", "/api/v1/workflows/{id}/statuses", "/api/v1/workflows/@workflow/statuses"},
    {"POST",
     "/api/v1/workflows/{id}/statuses",
     "/api/v1/workflows/@workflow/statuses",
     R"({"name":"new one"})"},
    {"PATCH",
     "/api/v1/workflows/{id}/statuses/{statusId}",
     "/api/v1/workflows/@workflow/statuses/@loose_status",
     R"({"color":"#112233"})"},
    {"DELETE",
     "/api/v1/workflows/{id}/statuses/{statusId}",
     "/api/v1/workflows/@workflow/statuses/@loose_status"},
    {"GET", "/api/v1/views", "/api/v1/views"},
    {"POST", "/api/v1/views", "/api/v1/views", R"({"name":"v"})"},
    {"GET", "/api/v1/views/{id}", "/api/v1/views/@view"},
    {"PATCH", "/api/v1/views/{id}", "/api/v1/views/@view", R"({"query":"is:open"})"},
    {"DELETE", "/api/v1/views/{id}", "/api/v1/views/@view"},
    {"POST", "/api/v1/views/{id}/restore", "/api/v1/views/@trashed_view/restore"},

    {"GET", "/api/v1/audit-logs", "/api/v1/audit-logs"},
    {"POST", "/api/v1/audit-logs/{changeId}/undo", "/api/v1/audit-logs/@change/undo"},
    {"GET", "/api/v1/trash", "/api/v1/trash"},
    {"DELETE", "/api/v1/trash/{type}/{id}", "/api/v1/trash/label/@trashed_label"},
    {"GET", "/api/v1/search", "/api/v1/search?q=zebrafish"},
    {"GET", "/api/v1/stats", "/api/v1/stats"},
    {"GET", "/api/v1/sync", "/api/v1/sync?since=0"},
    {"GET", "/api/v1/events", "/api/v1/events"},
    {"GET", "/api/v1/export", "/api/v1/export?format=json"},
    {"GET", "/api/v1/import", "/api/v1/import"},
    {"POST", "/api/v1/import", "/api/v1/import?format=csv", "title\nmatrix", true},
    {"GET", "/api/v1/admin/backups", "/api/v1/admin/backups"},
    {"POST", "/api/v1/admin/backups", "/api/v1/admin/backups", "{}"},
    {"GET", "/api/v1/admin/database", "/api/v1/admin/database"},
    {"GET", "/api/v1/admin/statements", "/api/v1/admin/statements"},
    {"GET", "/api/v1/admin/system", "/api/v1/admin/system"},
    {"GET", "/api/v1/admin/studio/tables", "/api/v1/admin/studio/tables"},
    {"GET", "/api/v1/admin/studio/tables/{table}/rows", "/api/v1/admin/studio/tables/labels/rows"},
    {"GET",
     "/api/v1/admin/studio/tables/{table}/export",
     "/api/v1/admin/studio/tables/labels/export?format=csv"},
    {"GET",
     "/api/v1/admin/studio/tables/{table}/columns/{column}",
     "/api/v1/admin/studio/tables/labels/columns/name"},
    {"POST",
     "/api/v1/admin/studio/changes",
     "/api/v1/admin/studio/changes",
     R"({"changes":[{"action":"insert","table":"areas","values":{"name":"by table"}}]})"},
    {"POST", "/api/v1/admin/studio/sql", "/api/v1/admin/studio/sql", R"({"sql":"select 1"})"},
    {"POST", "/api/v1/admin/studio/explain", "/api/v1/admin/studio/explain", R"({"sql":"select 1"})"},
    {"GET", "/api/openapi.json", "/api/openapi.json"},
    {"GET", "/api/docs", "/api/docs"},
    {"GET", "/api/docs.css", "/api/docs.css"},
};

using World = std::map<std::string, std::string>;

constexpr const char* missing_id = "0199c1f2-dead-7000-8000-00000000beef";

// Every "@name" replaced by what `world` has, or by an id that nobody has.
std::string filled(std::string_view text, const World& world) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    const std::size_t end =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1), text.size());
    const std::string name(text.substr(at + 1, end - at - 1));
    const auto found = world.find(name);
    out += found != world.end() ? found->second : name == "change" ? "999999999" : missing_id;
    text.remove_prefix(end);
  }
  return out;
}

std::optional<std::string> body_of(const Entry& entry, const World& world) {
  if (entry.body.empty()) return std::nullopt;
  return filled(entry.body, world);
}

Headers headers_of(const Entry& entry, Headers headers = {}) {
  if (entry.is_file) headers.emplace_back("Content-Type", "application/octet-stream");
  return headers;
}

// One of everything, each with the word "zebrafish" in it.
World make_world(const Client& client, RunningServer& server, const std::string& user_id) {
  World world;
  const std::string salt = fresh_secret().substr(0, 8);
  const auto create = [&](const std::string& name, const std::string& path, const Json& body) {
    const Answer answer = client.post(path, body);
    CAPTURE(path);
    CAPTURE(answer.body);
    REQUIRE(answer.status / 100 == 2);
    world[name] = answer.text("id");
    return answer.json();
  };
  for (const char* noun : {"project", "area", "label", "view"}) {
    const std::string path = "/api/v1/" + std::string(noun) + "s";
    create(noun, path, {{"name", "zebrafish " + salt}});
    create("trashed_" + std::string(noun), path, {{"name", "zebrafish gone " + salt}});
    REQUIRE(client.remove(path + "/" + world["trashed_" + std::string(noun)]).status == 204);
  }
  create("worn_label", "/api/v1/labels", {{"name", "zebrafish worn " + salt}});
  const Json statuses =
      Json::array({{{"name", "Open"}}, {{"name", "Loose"}}, {{"name", "Shut"}, {"isClosed", true}}});
  const Json workflow =
      create("workflow", "/api/v1/workflows", {{"name", "zebrafish " + salt}, {"statuses", statuses}});
  world["status"] = workflow["statuses"][0]["id"].get<std::string>();
  world["loose_status"] = workflow["statuses"][1]["id"].get<std::string>();
  // A status of the workflow that the issues below are in.
  const Json workflows = client.get("/api/v1/workflows").json();
  for (const Json& each : workflows["items"]) {
    if (each["isDefault"] == true) world["near_status"] = each["statuses"][1]["id"].get<std::string>();
  }
  create(
      "trashed_workflow", "/api/v1/workflows", {{"name", "zebrafish gone " + salt}, {"statuses", statuses}});
  REQUIRE(client.remove("/api/v1/workflows/" + world["trashed_workflow"]).status == 204);
  create(
      "issue", "/api/v1/issues", {{"title", "zebrafish"}, {"labelIds", Json::array({world["worn_label"]})}});
  create("other", "/api/v1/issues", {{"title", "zebrafish other"}});
  create("trashed_issue", "/api/v1/issues", {{"title", "zebrafish gone"}});
  REQUIRE(client.remove("/api/v1/issues/" + world["trashed_issue"]).status == 204);
  const std::string issue = "/api/v1/issues/" + world["issue"];
  create("relation", issue + "/relations", {{"targetId", world["other"]}, {"relationType", "BLOCKS"}});
  create("comment", issue + "/comments", {{"body", "zebrafish"}});
  create("git",
         issue + "/git-integrations",
         {{"provider", "GITHUB"}, {"repository", "zebrafish/" + salt}, {"branchName", "zebrafish"}});
  const Answer file = client.call("POST",
                                  issue + "/attachments?name=zebrafish.txt",
                                  "zebrafish",
                                  {{"Content-Type", "application/octet-stream"}});
  REQUIRE(file.status == 201);
  world["attachment"] = file.text("id");
  create("token", "/api/v1/auth/tokens", {{"name", "zebrafish"}});
  create("changed", "/api/v1/labels", {{"name", "zebrafish changed " + salt}});
  TestDatabase& database = server.database();
  world["change"] =
      database.ask_as_owner("SELECT last_change_id FROM user_counters WHERE user_id = '" + user_id + "'");
  const std::string secret = fresh_secret();
  database.run_as_owner(session_sql(user_id, secret, "live"));
  world["session"] =
      database.ask_as_owner("SELECT id FROM sessions WHERE token_hash = sha256('" + secret + "')");
  return world;
}

// The table as the server has it. The handlers are never called.
std::vector<http::Route> route_table() {
  static TestDatabase database;
  static const std::unique_ptr<EventBus> bus = make_local_event_bus();
  static const std::unique_ptr<KeyValue> store = make_memory_key_value();
  static ServiceContext services{database.database(), system_clock(), *bus};
  static PasswordHasher passwords;
  static SessionCache cache(store.get());
  static AuthContext auth{services, passwords, cache};
  static AdminContext admin{services, database.database()};
  return all_routes(services, auth, admin);
}

const Entry* entry_of(const http::Route& route) {
  const auto found = std::find_if(std::begin(entries), std::end(entries), [&](const Entry& entry) {
    return entry.method == name_of(route.method) && entry.path == route.path;
  });
  return found == std::end(entries) ? nullptr : found;
}

// What is said to be wrong, without what names the request.
std::string substance_of(const Answer& answer) {
  return std::to_string(answer.status) + " " + answer.text("code") + " " + answer.text("detail");
}

struct Caller {
  std::string name;
  Headers credentials;
  // The highest scope that is let in; none: never.
  Scope scope = Scope::none;
  bool is_session = false;
};

// All kinds of callers, each with fresh credentials, so that a call that ends a session ends nobody else's.
std::vector<Caller> make_callers(SharedServer& shared) {
  std::string sql;
  const auto session = [&](std::string_view state) {
    const std::string secret = fresh_secret();
    sql += session_sql(shared.alice_id, secret, state) + ";";
    return secret;
  };
  const auto token = [&](std::string_view scope, std::string_view state) {
    const std::string secret = "dits_" + fresh_secret();
    sql += token_sql(shared.alice_id, secret, scope, state) + ";";
    return secret;
  };
  const auto cookie = [](const std::string& secret) {
    return std::pair<std::string, std::string>{"Cookie", "dits_session=" + secret};
  };
  const auto bearer = [](const std::string& secret) {
    return std::pair<std::string, std::string>{"Authorization", "Bearer " + secret};
  };
  const std::string live_token = token("ADMIN", "live");
  const std::string live_session = session("live");
  std::vector<Caller> callers{
      {"nobody", {}},
      {"a session", {cookie(session("live"))}, Scope::admin, true},
      {"a revoked session", {cookie(session("revoked"))}},
      {"an expired session", {cookie(session("expired"))}},
      {"a read token", {bearer(token("READ", "live"))}, Scope::read},
      {"a write token", {bearer(token("WRITE", "live"))}, Scope::write},
      {"an admin token", {bearer(token("ADMIN", "live"))}, Scope::admin},
      {"an expired token", {bearer(token("ADMIN", "expired"))}},
      {"a revoked token", {bearer(token("ADMIN", "revoked"))}},
      {"a token in a cookie", {cookie(live_token)}},
      {"a token in another header", {{"X-Api-Key", live_token}}},
      {"a token with another scheme", {{"Authorization", "Basic " + live_token}}},
      {"a token without a scheme", {{"Authorization", live_token}}},
      {"a session as a bearer", {bearer(live_session)}},
      {"a bad token beside a good session", {bearer("dits_" + fresh_secret()), cookie(live_session)}},
      {"a session in the cookie of TLS", {{"Cookie", "__Host-dits_session=" + live_session}}},
  };
  shared.server.database().run_as_owner(sql);
  return callers;
}

}  // namespace

TEST_CASE("every route is in the authorisation matrix, and nothing else is") {
  std::size_t found = 0;
  for (const http::Route& route : route_table()) {
    CAPTURE(name_of(route.method));
    CAPTURE(route.path);
    CHECK(entry_of(route) != nullptr);
    found += entry_of(route) != nullptr ? 1 : 0;
  }
  CHECK(found == std::size(entries));
}

TEST_CASE("a route for anyone is outside of the user's data") {
  for (const http::Route& route : route_table()) {
    if (route.who != http::Who::anyone) continue;
    CAPTURE(route.path);
    const bool is_account = route.path.starts_with("/api/v1/auth/");
    const bool is_document = route.path == "/api/openapi.json" || route.path.starts_with("/api/docs");
    CHECK((is_account || is_document));
    CHECK(route.scope == Scope::none);
  }
}

TEST_CASE("a route that changes something needs more than a read token") {
  for (const http::Route& route : route_table()) {
    if (route.who == http::Who::anyone || route.method == http::Method::get) continue;
    CAPTURE(route.path);
    CHECK((route.scope >= Scope::write || route.limits.needs_session));
  }
}

TEST_CASE("each caller gets in exactly where the route's row says so") {
  SharedServer& shared = shared_server();
  const Client client = shared.server.client();
  for (const http::Route& route : route_table()) {
    const Entry* entry = entry_of(route);
    if (entry == nullptr || route.who == http::Who::anyone) continue;
    CAPTURE(entry->method);
    CAPTURE(entry->path);
    // On objects that do not exist: whoever is let in learns that, or changes something small of alice's own.
    const std::string target = filled(entry->target, {});
    const std::optional<std::string> body = body_of(*entry, {});
    for (const Caller& caller : make_callers(shared)) {
      CAPTURE(caller.name);
      const Answer answer = client.call_for_head(
          std::string(entry->method), target, body, headers_of(*entry, caller.credentials));
      if (caller.scope == Scope::none) {
        CHECK(answer.status == 401);
      } else if (caller.scope < route.scope || (route.limits.needs_session && !caller.is_session)) {
        CHECK(answer.status == 403);
      } else {
        CHECK(answer.status != 0);
        CHECK(answer.status != 401);
        CHECK(answer.status != 403);
        CHECK(answer.status < 500);
      }
    }
  }
  shared.alice = shared.server.signed_in(shared.alice_id);
}

TEST_CASE("a route for administrators refuses everybody else, whatever their scope") {
  SharedServer& shared = shared_server();
  const Client token = shared.server.with_token(shared.bob_id, "ADMIN");
  std::size_t count = 0;
  for (const http::Route& route : route_table()) {
    const Entry* entry = entry_of(route);
    CAPTURE(route.path);
    CHECK((route.who == http::Who::admin) == route.path.starts_with("/api/v1/admin/"));
    if (entry == nullptr || route.who != http::Who::admin) continue;
    CHECK(route.scope == Scope::admin);
    const std::string target = filled(entry->target, {});
    for (const Client& caller : {shared.bob, token}) {
      const Answer answer = caller.call(std::string(entry->method), target, body_of(*entry, {}));
      CHECK(answer.status == 403);
      CHECK(answer.text("detail") == "Only an administrator may do this.");
    }
    ++count;
  }
  CHECK(count > 0);
}

TEST_CASE("the owner may do on their own things what the routes are for") {
  SharedServer& shared = shared_server();
  for (const Entry& entry : entries) {
    const bool is_about_objects =
        entry.target.find('@') != std::string_view::npos || entry.body.find('@') != std::string_view::npos;
    if (!is_about_objects) continue;
    CAPTURE(entry.method);
    CAPTURE(entry.path);
    const World world = make_world(shared.alice, shared.server, shared.alice_id);
    const Answer answer = shared.alice.call(
        std::string(entry.method), filled(entry.target, world), body_of(entry, world), headers_of(entry));
    CAPTURE(answer.body);
    CHECK(answer.status / 100 == 2);
  }
}

TEST_CASE("a foreign object is answered exactly as a missing one, however it is named") {
  SharedServer& shared = shared_server();
  const World of_alice = make_world(shared.alice, shared.server, shared.alice_id);
  const World of_bob = make_world(shared.bob, shared.server, shared.bob_id);
  const std::string head_sql =
      "SELECT last_change_id FROM user_counters WHERE user_id = '" + shared.alice_id + "'";
  const std::string before = shared.server.database().ask_as_owner(head_sql);
  const std::string sessions_sql = "SELECT count(*) FROM sessions WHERE user_id = '" + shared.alice_id + "'";
  const std::string sessions = shared.server.database().ask_as_owner(sessions_sql);
  for (const Entry& entry : entries) {
    if (entry.path.starts_with("/api/v1/admin/")) continue;
    // The names of objects in this entry, each of which may be foreign while the others are bob's own.
    std::vector<std::string> names;
    for (const auto& [name, id] : of_alice) {
      const std::string text = std::string(entry.target) + " " + std::string(entry.body);
      const std::size_t at = text.find("@" + name);
      if (at == std::string::npos) continue;
      const std::size_t end = at + 1 + name.size();
      if (end == text.size() ||
          std::string_view("abcdefghijklmnopqrstuvwxyz_").find(text[end]) == std::string_view::npos)
        names.push_back(name);
    }
    for (const std::string& name : names) {
      CAPTURE(entry.method);
      CAPTURE(entry.path);
      CAPTURE(name);
      World foreign = of_bob;
      foreign[name] = of_alice.at(name);
      World missing = of_bob;
      missing.erase(name);
      const Answer refused = shared.bob.call(std::string(entry.method),
                                             filled(entry.target, foreign),
                                             body_of(entry, foreign),
                                             headers_of(entry));
      const Answer unknown = shared.bob.call(std::string(entry.method),
                                             filled(entry.target, missing),
                                             body_of(entry, missing),
                                             headers_of(entry));
      CAPTURE(refused.body);
      // Taking off a label that the issue does not wear changes nothing, whether the label exists or not.
      if (name == "worn_label") {
        CHECK(refused.json()["version"] == unknown.json()["version"]);
        continue;
      }
      const bool is_in_path = entry.target.find("@" + name) != std::string_view::npos;
      CHECK((refused.status == 404 || (refused.status == 400 && !is_in_path)));
      CHECK(substance_of(refused) == substance_of(unknown));
    }
  }
  CHECK(shared.server.database().ask_as_owner(head_sql) == before);
  CHECK(shared.server.database().ask_as_owner(sessions_sql) == sessions);
}

TEST_CASE("no list, count, search, snapshot or log of one account shows a trace of another") {
  SharedServer& shared = shared_server();
  std::string output;
  REQUIRE(run_binary({"user", "add", "dave@example.org", "--name", "Dave", "--password-stdin"},
                     shared.server.environment(),
                     std::string(good_password) + "\n",
                     output) == 0);
  const std::string dave_id =
      shared.server.database().ask_as_owner("SELECT id FROM users WHERE email = 'dave@example.org'");
  const Client dave = shared.server.signed_in(dave_id);
  std::map<std::string, std::string> before;
  const auto look = [&](const Entry& entry) {
    return dave.call("GET", std::string(entry.target), std::nullopt);
  };
  const auto is_list = [](const Entry& entry) {
    return entry.method == "GET" && entry.target.find('@') == std::string_view::npos &&
           entry.path != "/api/v1/events" && entry.path != "/api/v1/auth/setup/{token}" &&
           !entry.path.starts_with("/api/v1/admin/");
  };
  for (const Entry& entry : entries) {
    if (is_list(entry)) before[std::string(entry.path)] = look(entry).body;
  }
  const World of_alice = make_world(shared.alice, shared.server, shared.alice_id);
  for (const Entry& entry : entries) {
    if (!is_list(entry)) continue;
    CAPTURE(entry.path);
    const Answer answer = look(entry);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("zebrafish") == std::string::npos);
    for (const auto& [name, id] : of_alice)
      CHECK((name == "change" || answer.body.find(id) == std::string::npos));
    if (entry.path != "/api/v1/auth/sessions") CHECK(answer.body == before[std::string(entry.path)]);
  }
  // Numbers of issues and changes begin anew for each account: nobody can tell how many others there are.
  CHECK(dave.post("/api/v1/issues", {{"title", "the first"}}).json()["number"] == 1);
}

}  // namespace dits::test
