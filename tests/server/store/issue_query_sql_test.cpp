// The server's SQL and the web app's matcher must find the same issues in the same order. Both are run here
// on random data.
#include "server/store/issue_query_sql.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <doctest/doctest.h>

#include "server/store/issue_lists.hpp"
#include "shared/core/text.hpp"
#include "shared/query/match.hpp"
#include "shared/query/order.hpp"
#include "shared/query/parser.hpp"
#include "shared/query/print.hpp"
#include "tests/shared/support/random_query.hpp"
#include "tests/support/test_database.hpp"

namespace dits {

namespace {

using query::Fact;
using query::test::Random;

constexpr Date today = {20'480};  // 2026-01-27

// Everything one user has, in memory; written to the database by save().
class World : public query::Facts {
 public:
  explicit World(Random& random) : random_(random) {
    names.statuses = {{id<StatusTag>(), "To Do", 0, false},
                      {id<StatusTag>(), "In Progress", 1, false},
                      {id<StatusTag>(), "Review", 1, false},
                      {id<StatusTag>(), "Done", 2, true}};
    names.projects = {{id<ProjectTag>(), "bug", false},
                      {id<ProjectTag>(), "Häuser & Gärten", true},
                      {id<ProjectTag>(), "BUG", false}};
    names.areas = {{id<AreaTag>(), "a,b"}, {id<AreaTag>(), "Zeta"}};
    names.labels = {{id<LabelTag>(), "bug"},
                    {id<LabelTag>(), "wontfix"},
                    {id<LabelTag>(), "\"quoted\""},
                    {id<LabelTag>(), "-x"}};
    for (std::int64_t number = 1; number <= 40; ++number) add_issue(number);
    for (int count = 0; count < 40; ++count) add_relation();
    for (int count = 0; count < 12; ++count) {
      comments.emplace_back(random_.pick(issues).id, random_.chance(30));
      git_links.push_back(random_.pick(issues).id);
    }
  }

  IssueId issue_of_number(std::int64_t number) const override {
    const auto found = std::find_if(
        issues.begin(), issues.end(), [&](const Issue& issue) { return issue.number == number; });
    return found == issues.end() || found->deleted_at ? IssueId{} : found->id;
  }
  bool blocks(IssueId blocker, IssueId blocked) const override {
    return relations.count({blocker, blocked, "BLOCKS"}) > 0;
  }
  bool holds(Fact fact, const Issue& issue) const override {
    switch (fact) {
      case Fact::has_sub_issues:
        return any_issue([&](const Issue& other) { return other.parent_issue_id == issue.id; });
      case Fact::has_git:
        return std::find(git_links.begin(), git_links.end(), issue.id) != git_links.end();
      case Fact::has_comments:
        return std::find(comments.begin(), comments.end(), std::pair(issue.id, false)) != comments.end();
      case Fact::has_relations:
        return std::any_of(relations.begin(), relations.end(), [&](const Relation& relation) {
          const auto& [source, target, type] = relation;
          return (source == issue.id && is_live(target)) || (target == issue.id && is_live(source));
        });
      case Fact::blocks_any:
        return any_issue([&](const Issue& other) { return blocks(issue.id, other.id); });
      case Fact::is_blocked_by_any:
        return any_issue([&](const Issue& other) { return blocks(other.id, issue.id); });
      case Fact::blocks_open_issue:
        return any_issue([&](const Issue& other) { return is_open(other) && blocks(issue.id, other.id); });
      default:
        return any_issue([&](const Issue& other) { return is_open(other) && blocks(other.id, issue.id); });
    }
  }

  void save(Database& database, UserId user) const;

  std::vector<IssueId> matching(const query::Query& wanted, const query::Moment& moment) const {
    const query::Plan plan = query::make_plan(wanted, names, moment);
    const query::Matcher matcher(plan, *this);
    const query::Order order(plan.sort, names);
    std::vector<std::pair<std::string, const Issue*>> found;
    for (const Issue& issue : issues) {
      std::string folded = fold_case(issue.title);
      if (matcher.matches(issue, folded)) found.emplace_back(std::move(folded), &issue);
    }
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
      return order.is_before({*a.second, a.first}, {*b.second, b.first});
    });
    std::vector<IssueId> ids;
    for (const auto& [folded, issue] : found) ids.push_back(issue->id);
    return ids;
  }

  using Relation = std::tuple<IssueId, IssueId, std::string>;
  query::Names names;
  std::vector<Issue> issues;
  std::set<Relation> relations;
  std::vector<std::pair<IssueId, bool>> comments;  // of which issue, and whether it is deleted
  std::vector<IssueId> git_links;

 private:
  template <typename Tag>
  Id<Tag> id() {
    return {make_uuid_v7(1'700'000'000'000, random_.next(), random_.next())};
  }
  template <typename Is>
  bool any_issue(const Is& is) const {
    return std::any_of(
        issues.begin(), issues.end(), [&](const Issue& other) { return !other.deleted_at && is(other); });
  }
  bool is_live(IssueId wanted) const {
    return any_issue([&](const Issue& other) { return other.id == wanted; });
  }
  bool is_open(const Issue& issue) const { return issue.status_id != names.statuses[3].id; }

  std::string words(std::size_t count) {
    static const std::vector<std::string> known = {"WebSocket",
                                                   "ärger",
                                                   "ÄRGER",
                                                   "100%",
                                                   "under_score",
                                                   "back\\slash",
                                                   "it's",
                                                   "日本語",
                                                   "ΣΊΣΥΦΟΣ",
                                                   "İstanbul",
                                                   "x:y",
                                                   "http://a.b/c",
                                                   "web",
                                                   "s*k",
                                                   "😀",
                                                   "ẞ",
                                                   "\"q\"",
                                                   "Ǆ"};
    std::string text;
    for (; count > 0; --count) text += (text.empty() ? "" : " ") + random_.pick(known);
    return text;
  }
  Timestamp some_time() {
    // Often just before or after midnight, somewhere.
    const Date date = {today.days - static_cast<std::int32_t>(random_.below(420)) + 5};
    static const std::vector<std::int64_t> times = {
        0, 1, 3'600'000 - 1, 3'600'000, 43'200'123, ms_per_day - 1};
    return {midnight_of(date).unix_ms + random_.pick(times)};
  }
  std::optional<Date> some_date() {
    if (random_.chance(50)) return std::nullopt;
    return Date{today.days + static_cast<std::int32_t>(random_.below(60)) - 30};
  }

  void add_issue(std::int64_t number) {
    Issue issue;
    issue.id = id<IssueTag>();
    issue.number = number;
    issue.title = words(1 + random_.below(2));
    if (random_.chance(50)) issue.description = words(3) + "\n" + words(2);
    issue.priority = static_cast<Priority>(random_.below(5));
    issue.status_id = random_.pick(names.statuses).id;
    if (random_.chance(60)) issue.project_id = random_.pick(names.projects).id;
    if (random_.chance(40)) issue.area_id = random_.pick(names.areas).id;
    if (number > 1 && random_.chance(30)) issue.parent_issue_id = random_.pick(issues).id;
    issue.start_date = some_date();
    issue.due_date = some_date();
    if (issue.start_date && issue.due_date && *issue.due_date < *issue.start_date)
      std::swap(issue.start_date, issue.due_date);
    if (issue.status_id == names.statuses[3].id) issue.completed_at = some_time();
    static const std::vector<double> positions = {0, -0.0, 1, 1.5, -3, 1e300, 0.1};
    issue.position = random_.pick(positions);
    for (const query::LabelName& label : names.labels) {
      if (random_.chance(30)) issue.label_ids.push_back(label.id);
    }
    std::sort(issue.label_ids.begin(), issue.label_ids.end());
    issue.created_at = some_time();
    issue.updated_at = random_.chance(30) && number > 1 ? random_.pick(issues).updated_at : some_time();
    if (random_.chance(15)) issue.deleted_at = some_time();
    issues.push_back(std::move(issue));
  }

  void add_relation() {
    static const std::vector<std::string> types = {"BLOCKS", "BLOCKS", "RELATES_TO", "DUPLICATES"};
    IssueId source = random_.pick(issues).id;
    IssueId target = random_.pick(issues).id;
    const std::string& type = random_.pick(types);
    if (type == "RELATES_TO" && target < source) std::swap(source, target);
    if (source != target) relations.insert({source, target, type});
  }

  Random& random_;
};

void World::save(Database& database, UserId user) const {
  Transaction work = database.begin(Actor::of_user(user), Access::write).value();
  const auto run = [&](std::string_view name, std::string_view sql, std::initializer_list<Param> params) {
    const Result<Rows> rows = work.run(Statement{name, sql}, params);
    REQUIRE_MESSAGE(rows, (rows ? "" : rows.error().message));
  };
  const WorkflowId workflow{make_uuid_v7(1, 2, 3)};
  run("test_workflow",
      "INSERT INTO workflows (user_id, id, name) VALUES ($1, $2, 'Default')",
      {user, workflow});
  for (const query::StatusName& status : names.statuses) {
    run("test_status",
        "INSERT INTO statuses (user_id, id, workflow_id, name, position, is_closed) VALUES ($1, $2, $3, $4, "
        "$5, $6)",
        {user, status.id, workflow, status.name, status.position, status.is_closed});
  }
  for (const query::ProjectName& project : names.projects) {
    run("test_project",
        "INSERT INTO projects (user_id, id, name, status) VALUES ($1, $2, $3, $4)",
        {user, project.id, project.name, project.is_archived ? "ARCHIVED" : "ACTIVE"});
  }
  for (const query::AreaName& area : names.areas) {
    run("test_area", "INSERT INTO areas (user_id, id, name) VALUES ($1, $2, $3)", {user, area.id, area.name});
  }
  for (const query::LabelName& label : names.labels) {
    run("test_label",
        "INSERT INTO labels (user_id, id, name) VALUES ($1, $2, $3)",
        {user, label.id, label.name});
  }
  for (const Issue& issue : issues) {
    run("test_issue",
        "INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, "
        "area_id, parent_issue_id, "
        "start_date, due_date, completed_at, position, created_at, updated_at, deleted_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        {user,
         issue.id,
         issue.number,
         issue.title,
         issue.description,
         name_of(issue.priority),
         issue.status_id,
         issue.project_id,
         issue.area_id,
         issue.parent_issue_id,
         issue.start_date,
         issue.due_date,
         issue.completed_at,
         issue.position,
         issue.created_at,
         issue.updated_at,
         issue.deleted_at});
    for (const LabelId& label : issue.label_ids) {
      run("test_issue_label",
          "INSERT INTO issue_labels (user_id, issue_id, label_id) VALUES ($1, $2, $3)",
          {user, issue.id, label});
    }
  }
  for (const auto& [source, target, type] : relations) {
    run("test_relation",
        "INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type) VALUES ($1, "
        "gen_random_uuid(), $2, $3, $4)",
        {user, source, target, type});
  }
  for (const auto& [issue, is_deleted] : comments) {
    run("test_comment",
        "INSERT INTO comments (user_id, id, issue_id, body, deleted_at) "
        "VALUES ($1, gen_random_uuid(), $2, 'x', CASE WHEN $3 THEN timestamptz '2026-01-01' END)",
        {user, issue, is_deleted});
  }
  for (const IssueId& issue : git_links) {
    run("test_git_link",
        "INSERT INTO git_integrations (user_id, id, issue_id, provider, repository) VALUES ($1, "
        "gen_random_uuid(), $2, 'GITHUB', 'a/b')",
        {user, issue});
  }
  REQUIRE(work.commit());
}

std::string numbers_of(const World& world, const std::vector<IssueId>& ids) {
  std::string numbers;
  for (const IssueId& id : ids) {
    const auto found = std::find_if(
        world.issues.begin(), world.issues.end(), [&](const Issue& issue) { return issue.id == id; });
    numbers += (found == world.issues.end() ? std::string("?") : std::to_string(found->number)) + " ";
  }
  return numbers;
}

// Every page of the list, `limit` issues each.
std::vector<IssueId> listed(Database& database, UserId user, store::IssueListRequest request) {
  std::vector<IssueId> ids;
  const Result<query::Names> names = store::load_query_names({database, user}, user);
  REQUIRE(names);
  do {
    REQUIRE(ids.size() < 10'000);
    const Result<store::IssueList> page = store::list_issues({database, user}, user, request, *names);
    REQUIRE_MESSAGE(page, (page ? "" : page.error().message));
    for (const Issue& issue : page->issues) ids.push_back(issue.id);
    request.cursor = page->next_cursor;
  } while (!request.cursor.empty());
  return ids;
}

}  // namespace

TEST_CASE("SQL and matcher find the same issues in the same order, page by page") {
  test::TestDatabase database;
  query::test::Vocabulary vocabulary;
  vocabulary.around = today;
  int matched = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Random random(seed);
    const UserId user = database.add_user("user" + std::to_string(seed) + "@example.org");
    const World world(random);
    world.save(database.database(), user);
    for (int round = 0; round < 300; ++round) {
      const query::Query wanted = query::test::random_query(random, vocabulary);
      static const std::vector<TimeZone> zones = {
          {},
          TimeZone::fixed(-600),
          TimeZone::fixed(330),
          TimeZone::fixed(840),
          // Steps in the midst of the days that the queries speak of.
          {60,
           {{Timestamp{midnight_of(today).unix_ms - 40 * ms_per_day}, 120},
            {Timestamp{midnight_of(today).unix_ms - ms_per_day / 24}, 60}}}};
      store::IssueListRequest request;
      request.query = wanted;
      request.moment = {today, random.pick(zones)};
      request.limit = static_cast<std::int64_t>(random.chance(70) ? 200 : 1 + random.below(9));
      // Without those that a cursor could be made of.
      if (random.chance(30)) request.fields = IssueFields{IssueField::id, IssueField::title};
      const std::vector<IssueId> expected = world.matching(wanted, request.moment);
      matched += expected.empty() ? 0 : 1;
      const std::vector<IssueId> found = listed(database.database(), user, request);
      CAPTURE(query::print_query(wanted));
      CAPTURE(request.moment.zone.offset_minutes_at(midnight_of(today)));
      CAPTURE(seed);
      REQUIRE(numbers_of(world, found) == numbers_of(world, expected));
    }
  }
  // The test says little when hardly anything is found.
  CHECK(matched > 300);
}

TEST_CASE("a list has no column twice") {
  for (const char* text : {"", "sort:-created", "sort:due,number", "sort:completed"}) {
    CAPTURE(text);
    const Result<query::Query> wanted = query::parse_query(text);
    REQUIRE(wanted);
    store::IssueListRequest request;
    request.query = *wanted;
    const Result<store::IssueListStatement> statement = store::issue_list_statement({}, request, {});
    REQUIRE(statement);
    CHECK(statement->sql.find("::text") == std::string::npos);
    request.fields = IssueFields{IssueField::id};
    CHECK(store::issue_list_statement({}, request, {})->sql.find("(i.number)::text") != std::string::npos);
  }
}

TEST_CASE("a cursor of another list is refused") {
  test::TestDatabase database;
  const UserId user = database.add_user("cursor@example.org");
  store::IssueListRequest request;
  request.moment = {today};
  for (const char* cursor : {"x", "!!!", "AAAA", "Y3Vyc29y"}) {
    request.cursor = cursor;
    const Result<store::IssueList> list = store::list_issues({database.database(), user}, user, request, {});
    REQUIRE(!list);
    CHECK(list.error().field == "cursor");
  }
}

}  // namespace dits
