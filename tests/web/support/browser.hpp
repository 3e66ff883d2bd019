// A browser with a desk in it, against a made-up server.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/json/audit_json.hpp"
#include "shared/json/issue_details_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/snapshot/page.hpp"
#include "tests/web/support/world.hpp"
#include "web/api/kept_names.hpp"
#include "web/commands/desk.hpp"
#include "web/platform/headless.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

// Answers as the server does; a test may take over with `answers`.
class FakeServer {
 public:
  FakeServer() {
    std::mt19937 random(1);
    const SnapshotBegan nouns = world_snapshot();
    snapshot.change_id = nouns.change_id;
    snapshot.user = nouns.me;
    snapshot.projects = nouns.projects;
    snapshot.labels = nouns.labels;
    snapshot.workflows = nouns.workflows;
    for (int number = 1; number <= 5; ++number) {
      snapshot.issues.push_back(random_issue(number, random));
      snapshot.issues.back().status_id = world_status(1);
      snapshot.issues.back().completed_at.reset();
      snapshot.issues.back().parent_issue_id = {};
      snapshot.issues.back().has_description = true;
    }
  }

  FetchResponse answer(const FetchRequest& request) {
    if (is_down) return FetchResponse{0, FetchFailure::network, {}, {}};
    const bool is_write = request.method != "GET";
    if (is_write) writes.push_back(request);
    if (is_write && !answers.empty()) {
      FetchResponse next = answers.front();
      answers.erase(answers.begin());
      return next;
    }
    const bool is_sync = request.url.find("/sync?") != std::string::npos ||
                         request.url.find("/sync/snapshot?") != std::string::npos;
    if (!is_write && !sync_answers.empty() && is_sync) {
      FetchResponse next = sync_answers.front();
      sync_answers.erase(sync_answers.begin());
      return next;
    }
    if (request.url.find("/auth/logout") != std::string::npos) {
      is_signed_in = false;
      return FetchResponse{204, FetchFailure::none, {}, {}};
    }
    if (!is_signed_in && request.url.find("/auth/login") == std::string::npos)
      return problem(401, "unauthorized", "Sign in first");
    if (request.url.find("/auth/me") != std::string::npos) return ok(dump(user_to_json(*snapshot.user)));
    if (request.url.find("/auth/login") != std::string::npos) {
      is_signed_in = true;
      return ok(R"({"user":)" + dump(user_to_json(*snapshot.user)) + "}");
    }
    if (request.url.find("/sync/snapshot?") != std::string::npos) return ok(page(request.url));
    if (const std::size_t log = request.url.find("&log=");
        log != std::string::npos && request.url.substr(log + 5) != snapshot.log)
      return problem(409, "sync_reset", "Begin again");
    if (request.url.find("/sync?since=") != std::string::npos)
      return ok(sync_changes_to_text({snapshot.change_id, {}, false}));
    if (request.url.find("/undo") != std::string::npos)
      return ok(sync_changes_to_text({snapshot.change_id, {}, false}));
    if (request.method == "PATCH") return patched(request);
    if (request.method == "POST" && request.url.ends_with("/issues/bulk")) return bulk(request);
    if (request.method == "GET" && request.url.find("/issues/") != std::string::npos &&
        request.url.size() == std::string_view("/api/v1/issues/").size() + 36) {
      const Issue* issue = find(request.url);
      return issue != nullptr ? ok(dump(issue_to_json(*issue))) : problem(404, "not_found", "No such issue");
    }
    if (request.method == "GET" && request.url.find("/details") != std::string::npos) {
      ++details_asked;
      const Issue* issue = find(request.url);
      return issue != nullptr ? ok(issue_details_to_text({*issue, {}, {}, {}, {}, {}}))
                              : problem(404, "not_found", "No such issue");
    }
    if (request.method == "GET" && request.url.ends_with("/trash")) {
      Json issues = Json::array();
      for (const Issue& issue : trash) issues.push_back(issue_to_json(issue));
      return ok(R"({"issues":)" + dump(issues) + "}");
    }
    if (request.method == "GET") return ok(R"({"items":[]})");
    return FetchResponse{204, FetchFailure::none, {}, {}};
  }

  static FetchResponse ok(std::string body) { return {200, FetchFailure::none, {}, std::move(body)}; }
  static FetchResponse problem(int status,
                               const std::string& code,
                               const std::string& detail,
                               const std::string& more = {}) {
    return {status,
            FetchFailure::none,
            {},
            R"({"type":"about:blank","title":"x","status":)" + std::to_string(status) + R"(,"code":")" +
                code + R"(","detail":")" + detail + "\"" + more + "}"};
  }

  Issue* find(const std::string& url) {
    for (Issue& issue : snapshot.issues) {
      if (url.find(to_string(issue.id)) != std::string::npos) return &issue;
    }
    return nullptr;
  }

  // Someone else changes an issue; what comes back is the entry's values, as the stream tells them.
  std::string change_elsewhere(std::int64_t number, const IssuePatch& patch) {
    Issue& issue = *find(to_string(world_issue(number)));
    apply(patch, issue);
    ++issue.version;
    Json values = issue_patch_to_json(patch);
    values["version"] = issue.version;
    return dump(values);
  }

  SyncSnapshot snapshot;
  std::vector<Issue> trash;
  std::vector<FetchRequest> writes;
  std::vector<FetchResponse> answers;       // to the next writes
  std::vector<FetchResponse> sync_answers;  // to the next questions for a snapshot or changes
  int snapshots_asked = 0;
  int pages_asked = 0;
  int details_asked = 0;
  std::vector<std::uint8_t> git;  // of each issue of the snapshot; empty: of none
  bool is_signed_in = true;
  bool is_down = false;

 private:
  static std::string query_value(const std::string& url, const std::string& name) {
    const std::size_t at = url.find(name + "=");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 1;
    return url.substr(begin, url.find('&', begin) - begin);
  }

  // The cursor is the place of the first issue.
  std::string page(const std::string& url) {
    const std::string cursor = query_value(url, "cursor");
    const std::size_t begin = cursor.empty() ? 0 : std::stoul(cursor);
    const std::size_t end = std::min(snapshot.issues.size(), begin + std::stoul(query_value(url, "limit")));
    ++pages_asked;
    dits::snapshot::Page answer;
    answer.change_id = snapshot.change_id;
    if (cursor.empty()) {
      ++snapshots_asked;
      SyncSnapshot head = snapshot;
      head.issues.clear();
      head.relations.clear();
      answer.head = sync_snapshot_to_text(head);
      answer.portion.relations = snapshot.relations;
    }
    for (std::size_t at = begin; at < end; ++at) {
      answer.portion.issues.push_back(snapshot.issues[at]);
      answer.portion.git.push_back(at < git.size() ? git[at] : std::uint8_t{0});
    }
    if (end < snapshot.issues.size()) answer.next_cursor = std::to_string(end);
    return page_to_bytes(answer);
  }

  FetchResponse patched(const FetchRequest& request) {
    Issue* issue = find(request.url);
    if (issue == nullptr) return problem(404, "not_found", "There is no such issue");
    for (const auto& [name, value] : request.headers) {
      if (name == "if-match" && value != "\"" + std::to_string(issue->version) + "\"")
        return problem(412, "version_mismatch", "It was changed", current(*issue));
    }
    (void)apply_issue_values(*parse_json(request.body), *issue);
    ++issue->version;
    return ok(dump(issue_to_json(*issue)));
  }

  static std::string current(const Issue& issue) { return R"(,"current":)" + dump(issue_to_json(issue)); }

  FetchResponse bulk(const FetchRequest& request) {
    const Result<std::vector<IssueBulkStep>> steps = issue_bulk_from_json(*parse_json(request.body));
    if (!steps) return problem(400, "invalid", steps.error().message);
    for (const IssueBulkStep& step : *steps) {
      if (step.version && *step.version != find(to_string(step.id))->version)
        return problem(409, "version_mismatch", "An issue was changed meanwhile.");
    }
    Json items = Json::array();
    for (const IssueBulkStep& step : *steps) {
      Issue& issue = *find(to_string(step.id));
      apply(step.update, issue);
      ++issue.version;
      items.push_back(issue_to_json(issue));
    }
    return ok(R"({"items":)" + dump(items) + "}");
  }
};

// A browser with a desk in it.
struct Browser {
  explicit Browser(FakeServer& to) : server(to) {
    platform.server = [this](const FetchRequest& request) { return this->server.answer(request); };
  }

  void open(const std::string& url = "/issues") {
    PlatformHooks hooks;
    hooks.frame = [this] { desk.begin_frame(); };
    hooks.route_changed = [this](const std::string& path) { desk.route_changed(path); };
    hooks.leaving = [this] { desk.leaving(); };
    platform.start(std::move(hooks), url);
    desk.start();
    settle();
  }

  void settle() {
    for (int round = 0; round < 6; ++round) platform.advance(500);
  }

  void run(std::string_view command, Argument argument = {}, std::int64_t on = 1) {
    desk.run({std::string(command), std::move(argument), {world_issue(on)}, false, 0, 0});
  }

  const Issue& issue(std::int64_t number) const {
    return *find_issue(desk.state().entities, world_issue(number));
  }
  bool has_toast(std::string_view text) const {
    for (const Toast& toast : desk.state().toasts) {
      if (toast.text.find(text) != std::string::npos) return true;
    }
    return false;
  }

  FakeServer& server;
  HeadlessPlatform platform;
  Desk desk{platform};
};

// Records of words in the browser's storage, of a kind and, unless empty, of a tab.
inline int count_kept(Browser& browser, std::string_view kind, std::string_view tab = {}) {
  int count = 0;
  for (const auto& [key, text] : browser.platform.storage()) {
    const KeptName name = kept_name(key);
    if (name.kind == kind && (tab.empty() || name.tab == tab)) ++count;
  }
  return count;
}

inline bool is_kept(Browser& browser, const std::string& words) {
  for (const auto& [key, text] : browser.platform.storage()) {
    if (text.find(words) != std::string::npos) return true;
  }
  return false;
}

// The value of a header of a request; empty when it has none.
inline std::string header_of(const FetchRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

// An entry of the log about an issue, as the stream sends it.
inline ServerEvent issue_event(std::int64_t change_id, std::int64_t number, const std::string& new_values) {
  AuditEntry entry;
  entry.change_id = change_id;
  entry.entity_id = world_issue(number).uuid;
  entry.new_values = new_values;
  std::string data;
  append_audit_entry(data, entry);
  return {std::to_string(change_id), "change", data};
}

}  // namespace dits::web::test
