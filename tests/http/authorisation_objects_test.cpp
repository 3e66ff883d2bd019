// What is another's is as if it were not there: in answers, in what they cost, in lists, and in bodies that
// name it.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/http/support/account_things.hpp"
#include "tests/http/support/callers.hpp"
#include "tests/http/support/route_entries.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/planted_accounts.hpp"

namespace dits::test {
namespace {

using Ids = std::map<std::string, std::string>;

// An answer and what it cost, without what names the request.
struct Observed {
  int status = 0;
  std::string text;
  std::map<std::string, std::uint64_t> statements;
  bool operator==(const Observed&) const = default;
};

void replace_all(std::string& text, const std::string& what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

std::string text_of(const std::map<std::string, std::uint64_t>& statements) {
  std::string text;
  for (const auto& [name, count] : statements) text += name + " x" + std::to_string(count) + "; ";
  return text;
}

class Stage {
 public:
  explicit Stage(RowSecurity row_security = RowSecurity::on)
      : server_(row_security),
        accounts_(server_),
        own_(server_, accounts_.stranger),
        foreign_(server_, accounts_.owner) {
    for (const RouteEntry& entry : route_entries()) {
      for (const std::string& name : names_in(entry)) {
        own_.id(name);
        foreign_.id(name);
      }
    }
    state_sql_ = account_state_sql(server_.database(), accounts_.owner.id);
  }

  InProcessServer& server() { return server_; }
  const Account& owner() const { return accounts_.owner; }
  const Account& stranger() const { return accounts_.stranger; }
  AccountThings& own() { return own_; }
  AccountThings& foreign() { return foreign_; }
  std::string state_of_owner() { return server_.database().ask_as_owner(state_sql_); }

  // The stranger's call with `ids` in the places of names.
  Observed observe(const RouteEntry& entry, const Ids& ids) {
    const auto id_of = [&](const std::string& name) { return ids.at(name); };
    Headers headers = accounts_.stranger.session;
    if (entry.is_file) headers.emplace_back("Content-Type", "application/octet-stream");
    return observe(entry.method,
                   filled(entry.target, id_of),
                   entry.body.empty() ? std::nullopt : std::optional(filled(entry.body, id_of)),
                   headers,
                   ids);
  }

  Observed observe(std::string_view method,
                   const std::string& target,
                   const std::optional<std::string>& body,
                   const Headers& headers,
                   const Ids& ids) {
    const auto before = server_.statement_counts();
    const Answer answer = server_.call(method, target, body, headers);
    Observed observed;
    observed.status = answer.status;
    observed.text = answer.body;
    for (const auto& [name, value] : answer.headers) {
      if (name != "X-Request-Id") observed.text += "\n" + name + ": " + value;
    }
    replace_all(observed.text, answer.header("X-Request-Id"), "<request>");
    for (const auto& [name, id] : ids) replace_all(observed.text, id, "<" + name + ">");
    for (const auto& [name, count] : server_.statement_counts()) {
      const auto known = before.find(name);
      const std::uint64_t more = count - (known == before.end() ? 0 : known->second);
      if (more > 0) observed.statements[name] = more;
    }
    return observed;
  }

 private:
  InProcessServer server_;
  ThreeAccounts accounts_;
  AccountThings own_;
  AccountThings foreign_;
  std::string state_sql_;
};

// Every way to choose some of the names, one at least.
std::vector<std::vector<std::string>> choices_of(const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> choices;
  for (unsigned bits = 1; bits < (1U << names.size()); ++bits) {
    std::vector<std::string> chosen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((bits >> i & 1U) != 0) chosen.push_back(names[i]);
    }
    choices.push_back(std::move(chosen));
  }
  return choices;
}

// Of a call about many issues: is it one of those?
static bool is_in_list_of_issues(const RouteEntry& entry, const std::string& name) {
  constexpr std::string_view begin = "\"issueIds\":[";
  const std::size_t at = entry.body.find(begin);
  if (at == std::string_view::npos) return false;
  return entry.body.substr(at, entry.body.find(']', at) - at).find("@" + name + "\"") !=
         std::string_view::npos;
}

static void check_foreign_as_missing(RowSecurity row_security) {
  Stage stage(row_security);
  const std::string before = stage.state_of_owner();
  std::size_t count = 0;
  for (const RouteEntry& entry : route_entries()) {
    if (entry.path.starts_with("/api/v1/admin/")) continue;
    std::vector<std::string> names = names_in(entry);
    // Numbers of changes begin anew for each account; see below.
    std::erase(names, "change");
    for (const std::vector<std::string>& chosen : choices_of(names)) {
      CAPTURE(entry.method);
      CAPTURE(entry.target);
      CAPTURE(entry.body);
      Ids foreign;
      Ids missing;
      std::string which;
      for (const std::string& name : names_in(entry)) {
        const bool is_chosen = std::find(chosen.begin(), chosen.end(), name) != chosen.end();
        foreign[name] = is_chosen ? stage.foreign().id(name) : stage.own().id(name);
        // Ids that are in no two places the same.
        missing[name] = is_chosen ? "0199c1f2-dead-7000-8000-0000000000" + std::to_string(10 + missing.size())
                                  : stage.own().id(name);
        if (is_chosen) which += name + " ";
      }
      CAPTURE(which);
      // What is kept in memory is there from the first call on.
      Observed unknown = stage.observe(entry, missing);
      const Observed refused = stage.observe(entry, foreign);
      unknown = stage.observe(entry, missing);
      CHECK(refused.status == unknown.status);
      CHECK(refused.text == unknown.text);
      CHECK(text_of(refused.statements) == text_of(unknown.statements));
      // Taking off a label that the issue does not wear changes nothing, whether the label exists or not.
      if (which == "worn_label ") continue;
      // What the call is about is not found; what its body points at beside that is a mistake in the body.
      const bool is_about_it = std::any_of(chosen.begin(), chosen.end(), [&](const std::string& name) {
        return is_in_path(entry, name) || is_in_list_of_issues(entry, name);
      });
      CHECK(refused.status == (is_about_it ? 404 : 400));
      ++count;
    }
  }
  CHECK(stage.state_of_owner() == before);
  CHECK(count > 100);
}

TEST_CASE("a foreign object is answered exactly as a missing one, however it is named") {
  check_foreign_as_missing(RowSecurity::on);
}

TEST_CASE("the application keeps foreign objects apart by itself, without row-level security") {
  check_foreign_as_missing(RowSecurity::off);
}

TEST_CASE("the number of another's change undoes nothing of theirs") {
  Stage stage;
  const auto change_of = [&](const Account& account) {
    AccountThings things(stage.server(), account);
    return std::stoll(things.id("change"));
  };
  // Until the owner has numbers that the stranger has not.
  const long long last_of_stranger = change_of(stage.stranger());
  REQUIRE(comes_true([&] { return change_of(stage.owner()) > last_of_stranger + 3; }));
  const std::string before = stage.state_of_owner();
  const auto undo = [&](const std::string& number) {
    return stage.observe("POST",
                         "/api/v1/audit-logs/" + number + "/undo",
                         std::nullopt,
                         stage.stranger().session,
                         {{"n", number}});
  };
  const Observed unknown = undo("999999999");
  CHECK(unknown.status == 404);
  CHECK(undo(std::to_string(last_of_stranger + 2)) == unknown);
  // Numbers that both have are one's own.
  CHECK(undo(std::to_string(last_of_stranger)).status == 200);
  CHECK(stage.state_of_owner() == before);
}

static void check_lists(RowSecurity row_security) {
  InProcessServer server(row_security);
  const Account dave = server.add_account("heron", Role::user);
  const Account alice = server.add_account("zebrafish", Role::user);
  std::vector<std::string> lists{"/api/v1/search?q=zebrafish", "/api/v1/issues?q=zebrafish"};
  for (const RouteEntry& entry : route_entries()) {
    if (entry.method == "GET" && names_in(entry).empty() && entry.path != "/api/v1/events" &&
        entry.path != "/api/v1/auth/setup/{token}" && !entry.path.starts_with("/api/v1/admin/"))
      lists.emplace_back(entry.target);
  }
  const auto look = [&](const std::string& list) {
    return server.call("GET", list, std::nullopt, dave.session);
  };
  std::map<std::string, std::string> before;
  for (const std::string& list : lists) before[list] = look(list).body;
  AccountThings of_alice(server, alice);
  for (const RouteEntry& entry : route_entries()) {
    for (const std::string& name : names_in(entry)) of_alice.id(name);
  }
  for (const std::string& list : lists) {
    CAPTURE(list);
    const Answer answer = look(list);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("zebrafish") == std::string::npos);
    for (const auto& [name, id] : of_alice.made())
      CHECK((name == "change" || answer.body.find(id) == std::string::npos));
    if (list != "/api/v1/auth/sessions") CHECK(answer.body == before[list]);
  }
  // Numbers of issues and changes begin anew for each account: nobody can tell how many others there are.
  const Answer first = server.call("POST", "/api/v1/issues", R"({"title":"the first"})", dave.session);
  CHECK(first.json()["number"] == 1);
}

TEST_CASE("no list, count, search, snapshot or log of one account shows a trace of another") {
  check_lists(RowSecurity::on);
}

TEST_CASE("nor does any without row-level security, by the application's own conditions") {
  check_lists(RowSecurity::off);
}

TEST_CASE("a query, a filter or a cursor that names what is another's finds what an unknown name finds") {
  Stage stage;
  const auto answer_to = [&](const std::string& target, const Ids& ids) {
    return stage.observe("GET",
                         filled(target, [&](const std::string& name) { return ids.at(name); }),
                         std::nullopt,
                         stage.stranger().session,
                         ids);
  };
  for (const std::string target : {"/api/v1/issues?q=label:@word",
                                   "/api/v1/issues?q=project:@word",
                                   "/api/v1/issues?q=area:@word",
                                   "/api/v1/issues?q=status:@word",
                                   "/api/v1/issues?q=@word",
                                   "/api/v1/search?q=@word",
                                   "/api/v1/audit-logs?entityId=@issue",
                                   "/api/v1/audit-logs?entityType=comment&entityId=@comment",
                                   "/api/v1/issues?cursor=@cursor",
                                   "/api/v1/sync?since=1&log=@log"}) {
    CAPTURE(target);
    const Answer page =
        stage.server().call("GET", "/api/v1/issues?limit=1", std::nullopt, stage.owner().session);
    const Answer snapshot =
        stage.server().call("GET", "/api/v1/sync?since=0", std::nullopt, stage.owner().session);
    const std::string log = snapshot.text("log");
    Ids theirs{{"word", "zebrafish"},
               {"issue", stage.foreign().id("issue")},
               {"comment", stage.foreign().id("comment")},
               {"cursor", page.text("nextCursor")},
               {"log", log.empty() ? "none" : log}};
    const Ids unknown{{"word", "sheatfish"},
                      {"issue", "0199c1f2-dead-7000-8000-000000000001"},
                      {"comment", "0199c1f2-dead-7000-8000-000000000002"},
                      {"cursor", page.text("nextCursor")},
                      {"log", "1-1-0199c1f2-dead-7000-8000-000000000003"}};
    REQUIRE_FALSE(theirs.at("cursor").empty());
    const Observed found = answer_to(target, theirs);
    const Observed nothing = answer_to(target, unknown);
    CHECK(found.status == nothing.status);
    CHECK(found.text == nothing.text);
    CHECK(found.text.find("zebrafish") == std::string::npos);
  }
}

TEST_CASE("an id of one's own choosing and a key are one's own, whoever else has the same") {
  Stage stage;
  const std::string before = stage.state_of_owner();
  const std::string issue = stage.foreign().id("issue");
  Headers keyed = stage.stranger().session;
  keyed.emplace_back("Idempotency-Key", "one-key");
  Headers keyed_by_owner = stage.owner().session;
  keyed_by_owner.emplace_back("Idempotency-Key", "one-key");
  const std::string body = R"({"id":")" + issue + R"(","title":"mine"})";
  const Answer mine = stage.server().call("POST", "/api/v1/issues", body, keyed);
  CHECK(mine.status == 201);
  CHECK(mine.text("id") == issue);
  CHECK(mine.text("title") == "mine");
  CHECK(stage.state_of_owner() == before);
  // The same key for the same words is the owner's first request, which their own issue refuses.
  const Answer theirs = stage.server().call("POST", "/api/v1/issues", body, keyed_by_owner);
  CHECK(theirs.status == 409);
  CHECK(theirs.header("Idempotency-Replayed").empty());
}

TEST_CASE(
    "an export brought into another account makes copies there and touches nothing where it came from") {
  Stage stage;
  const Account importer = stage.server().add_account("osprey", Role::user);
  const Answer file =
      stage.server().call("GET", "/api/v1/export?format=json", std::nullopt, stage.owner().session);
  REQUIRE(file.status == 200);
  const std::string before = stage.state_of_owner();
  Headers headers = importer.session;
  headers.emplace_back("Content-Type", "application/octet-stream");
  const Answer done = stage.server().call("POST", "/api/v1/import?format=json", file.body, headers);
  CAPTURE(done.body);
  CHECK(stage.state_of_owner() == before);
  CHECK(done.status / 100 == 2);
  // The file's bytes came with the export; what the copy's owner does to it is done to the copy.
  const std::string attachment =
      "/api/v1/issues/" + stage.foreign().id("issue") + "/attachments/" + stage.foreign().id("attachment");
  CHECK(stage.server().call("GET", attachment, std::nullopt, importer.session).status == 200);
  CHECK(stage.server().call("DELETE", attachment, std::nullopt, importer.session).status == 204);
  CHECK(stage.server().call("GET", attachment, std::nullopt, importer.session).status == 404);
  CHECK(stage.server().call("GET", attachment, std::nullopt, stage.owner().session).status == 200);
  CHECK(stage.state_of_owner() == before);
}

}  // namespace
}  // namespace dits::test
