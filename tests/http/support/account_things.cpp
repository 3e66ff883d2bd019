#include "tests/http/support/account_things.hpp"

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"

namespace dits::test {

namespace {

constexpr std::string_view trashed = "trashed_";

}  // namespace

std::string AccountThings::id(const std::string& name) {
  const auto found = ids_.find(name);
  if (found != ids_.end()) return found->second;
  const std::string id = make(name);
  INFO(name);
  REQUIRE_FALSE(id.empty());
  return ids_[name] = id;
}

Json AccountThings::send(std::string_view method, const std::string& path, const Json& body) {
  Headers headers = account_.session;
  const Answer answer =
      server_.call(method, path, body.is_null() ? std::nullopt : std::optional(dump(body)), headers);
  INFO(path);
  INFO(answer.body);
  REQUIRE(answer.status / 100 == 2);
  return answer.json();
}

std::string AccountThings::create(const std::string& path, const Json& body) {
  return send("POST", path, body)["id"].get<std::string>();
}

// A thing of which names are unique.
std::string AccountThings::named(const std::string& noun) {
  return create("/api/v1/" + noun + "s", {{"name", account_.word + " " + fresh_secret().substr(0, 12)}});
}

std::string AccountThings::part(const std::string& kind, const Json& body) {
  return create("/api/v1/issues/" + id("issue") + "/" + kind, body);
}

std::string AccountThings::attachment() {
  Headers headers = account_.session;
  headers.emplace_back("Content-Type", "application/octet-stream");
  const Answer answer =
      server_.call("POST",
                   "/api/v1/issues/" + id("issue") + "/attachments?name=" + account_.word + ".txt",
                   account_.word,
                   headers);
  REQUIRE(answer.status == 201);
  return answer.text("id");
}

void AccountThings::make_workflow() {
  const Json statuses =
      Json::array({{{"name", account_.word}}, {{"name", "Loose"}}, {{"name", "Shut"}, {"isClosed", true}}});
  const Json workflow =
      send("POST",
           "/api/v1/workflows",
           {{"name", account_.word + " " + fresh_secret().substr(0, 12)}, {"statuses", statuses}});
  ids_["workflow"] = workflow["id"].get<std::string>();
  ids_["status"] = workflow["statuses"][0]["id"].get<std::string>();
  ids_["loose_status"] = workflow["statuses"][1]["id"].get<std::string>();
}

std::string AccountThings::make(const std::string& name) {
  if (name.starts_with(trashed)) {
    const std::string noun = name.substr(trashed.size());
    AccountThings fresh(server_, account_);
    const bool is_part = noun == "comment" || noun == "attachment";
    if (is_part) fresh.ids_["issue"] = id("issue");
    const std::string path =
        "/api/v1/" + (is_part ? "issues/" + id("issue") + "/" : std::string()) + noun + "s/";
    const std::string gone = fresh.id(noun);
    send("DELETE", path + gone, nullptr);
    return gone;
  }
  if (name == "project" || name == "area" || name == "label" || name == "view") return named(name);
  if (name == "worn_label") return named("label");
  if (name == "issue")
    return create("/api/v1/issues",
                  {{"title", account_.word}, {"labelIds", Json::array({id("worn_label")})}});
  if (name == "other" || name == "loner")
    return create("/api/v1/issues", {{"title", account_.word + " " + name}});
  if (name == "comment") return part("comments", {{"body", account_.word}});
  if (name == "relation") return part("relations", {{"targetId", id("other")}, {"relationType", "BLOCKS"}});
  if (name == "git") {
    return part("git-integrations",
                {{"provider", "GITHUB"},
                 {"repository", account_.word + "/" + account_.word},
                 {"branchName", account_.word}});
  }
  if (name == "attachment") return attachment();
  if (name == "near_status") {
    // Of the workflow that issues begin in.
    const Json workflows = send("GET", "/api/v1/workflows", nullptr);
    for (const Json& each : workflows["items"]) {
      if (each["isDefault"] == true) return each["statuses"][1]["id"].get<std::string>();
    }
  }
  if (name == "workflow" || name == "status" || name == "loose_status") {
    make_workflow();
    return ids_[name];
  }
  if (name == "token") return create("/api/v1/auth/tokens", {{"name", account_.word}});
  TestDatabase& database = server_.database();
  if (name == "session") {
    const std::string secret = fresh_secret();
    database.run_as_owner(session_sql(account_.id, secret, "live"));
    return database.ask_as_owner("SELECT id FROM sessions WHERE token_hash = sha256('" + secret + "')");
  }
  if (name == "change") {
    named("label");
    return database.ask_as_owner("SELECT last_change_id FROM user_counters WHERE user_id = '" + account_.id +
                                 "'");
  }
  return {};
}

}  // namespace dits::test
