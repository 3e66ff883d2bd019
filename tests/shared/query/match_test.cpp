#include "shared/query/match.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/core/text.hpp"
#include "shared/query/order.hpp"
#include "shared/query/parser.hpp"

namespace dits::query {

namespace {

template <typename Tag>
Id<Tag> id_of(std::uint64_t number) {
  return Id<Tag>{make_uuid_v7(1'700'000'000'000, 0, number)};
}

// Issues 1 to 6; 1 blocks 2, 3 (closed) blocks 4, 5 is a sub-issue of 1, 6 is in the trash.
class World : public Facts {
 public:
  World() {
    names.statuses = {{id_of<StatusTag>(1), "To Do", 0, false},
                      {id_of<StatusTag>(2), "In Progress", 1, false},
                      {id_of<StatusTag>(3), "Done", 2, true}};
    names.projects = {{id_of<ProjectTag>(1), "Relay 2.0", false}, {id_of<ProjectTag>(2), "Old site", true}};
    names.areas = {{id_of<AreaTag>(1), "Work"}};
    names.labels = {{id_of<LabelTag>(1), "bug"}, {id_of<LabelTag>(2), "Bücher"}};
    for (std::int64_t number = 1; number <= 6; ++number) {
      Issue issue;
      issue.id = id_of<IssueTag>(static_cast<std::uint64_t>(number));
      issue.number = number;
      issue.title = "Issue " + std::to_string(number);
      issue.status_id = id_of<StatusTag>(1);
      issue.created_at = issue.updated_at = {midnight_of(today).unix_ms - number * ms_per_day + 1};
      issues.push_back(issue);
    }
    issues[0].title = "WebSocket drops at 100%";
    issues[0].priority = Priority::urgent;
    issues[0].label_ids = {id_of<LabelTag>(1)};
    issues[1].due_date = Date{today.days - 1};
    issues[1].priority = Priority::low;
    issues[1].project_id = id_of<ProjectTag>(2);
    issues[2].status_id = id_of<StatusTag>(3);
    issues[2].completed_at = issues[2].updated_at;
    issues[2].due_date = Date{today.days - 1};
    issues[3].description = "Der ÄRGER\nmit websockets";
    issues[3].status_id = id_of<StatusTag>(2);
    issues[3].start_date = Date{today.days + 3};
    issues[3].project_id = id_of<ProjectTag>(1);
    issues[4].parent_issue_id = issues[0].id;
    issues[4].area_id = id_of<AreaTag>(1);
    issues[4].label_ids = {id_of<LabelTag>(1), id_of<LabelTag>(2)};
    issues[5].deleted_at = issues[5].updated_at;
  }

  IssueId issue_of_number(std::int64_t number) const override {
    return number >= 1 && number <= 5 ? issues[static_cast<std::size_t>(number) - 1].id : IssueId{};
  }
  bool blocks(IssueId blocker, IssueId blocked) const override {
    return (blocker == issues[0].id && blocked == issues[1].id) ||
           (blocker == issues[2].id && blocked == issues[3].id);
  }
  bool holds(Fact fact, const Issue& issue) const override {
    switch (fact) {
      case Fact::has_sub_issues:
        return issue.number == 1;
      case Fact::has_relations:
        return issue.number <= 4;
      case Fact::has_git:
        return issue.number == 4;
      case Fact::has_comments:
        return issue.number == 5;
      case Fact::blocks_any:
        return issue.number == 1 || issue.number == 3;
      case Fact::is_blocked_by_any:
        return issue.number == 2 || issue.number == 4;
      case Fact::blocks_open_issue:
        return issue.number == 1 || issue.number == 3;
      default:
        return issue.number == 2;  // has_open_blocker
    }
  }

  // The numbers of the issues that fit, in order.
  std::string found_by(std::string_view text) const {
    const Result<Query> query = parse_query(text);
    if (!query) return query.error().message;
    const Plan plan = make_plan(*query, names, {today}, {{SortKey::number, false}});
    const Matcher matcher(plan, *this);
    const Order order(plan.sort, names);
    std::vector<std::pair<std::string, const Issue*>> found;
    for (const Issue& issue : issues) {
      std::string folded = fold_case(issue.title);
      if (matcher.matches(issue, folded)) found.emplace_back(std::move(folded), &issue);
    }
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
      return order.is_before({*a.second, a.first}, {*b.second, b.first});
    });
    std::string numbers;
    for (const auto& [folded, issue] : found) numbers += std::to_string(issue->number);
    return numbers;
  }

  Date today = {20'500};
  Names names;
  std::vector<Issue> issues;
};

struct Case {
  const char* query;
  const char* numbers;
};

}  // namespace

TEST_CASE("a query finds the issues that its words say") {
  const World world;
  constexpr Case cases[] = {
      {"", "12345"},
      {"is:open", "1245"},
      {"is:closed", "3"},
      {"-is:open", "3"},
      {"is:deleted", "6"},
      {"is:overdue", "2"},
      {"is:blocked", "2"},
      {"is:blocking", "1"},
      {"is:startable", "15"},
      {"is:archived", "2"},
      {"status:done", "3"},
      {"status:\"in progress\"", "4"},
      {"status:in-progress", "4"},
      {"status:*o*", "12345"},
      {"status:nothing", ""},
      {"label:BUG", "15"},
      {"label:bücher", "5"},
      {"label:b*", "15"},
      {"-label:bug", "234"},
      {"label:bug label:bücher", "5"},
      {"project:\"Old site\"", "2"},
      {"project:relay-2.0", "4"},
      {"-project:\"Old site\"", "1345"},
      {"area:work", "5"},
      {"priority:>=low", "12"},
      {"priority:none", "345"},
      {"priority:low..high", "2"},
      {"priority:<none", ""},
      {"parent:1", "5"},
      {"parent:#1,2", "5"},
      {"parent:99", ""},
      {"parent:*", "5"},
      {"blocks:2", "1"},
      {"blocked:1", "2"},
      {"blocks:*", "13"},
      {"blocked:*", "24"},
      {"has:labels", "15"},
      {"no:labels", "234"},
      {"has:priority", "12"},
      {"has:dates", "234"},
      {"no:due", "145"},
      {"has:sub-issues", "1"},
      {"has:git,comments", "45"},
      {"has:description", "4"},
      {"due:<7d", "23"},
      {"-due:<7d", "145"},
      {"start:<=+3d", "4"},
      {"created:<3d", "12"},
      {"created:3d", "3"},
      {"created:>3d", "45"},
      {"created:3d..4d", "34"},
      {"completed:..today", "3"},
      {"#2", "2"},
      {"number:2..3,5", "235"},
      {"number:>4", "5"},
      {"websocket", "14"},
      {"WEBSOCKET ärger", "4"},
      {"100%", "1"},
      {"web*drops", "1"},
      {"\"web*drops\"", ""},
      {"der*mit", "4"},
      {"issue -4 sort:-number", "532"},
      {"label:bug OR #3 sort:-priority", "153"},
      {"sort:-priority", "12543"},
      {"sort:due", "23145"},
      {"sort:-due", "32541"},
      {"sort:status", "12543"},
      {"sort:title", "23451"},
      {"sort:project", "24135"},
      {"sort:-project,-number", "42531"},
      {"sort:-created", "12345"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.query));
    CHECK(world.found_by(each.query) == each.numbers);
  }
}

TEST_CASE("the days of instants are those of the person's time zone") {
  World world;
  world.issues.resize(1);
  world.issues[0].created_at = *parse_timestamp("2026-03-01T23:30:00Z");
  const auto fits = [&](std::string_view text, const TimeZone& zone) {
    const Matcher matcher(make_plan(*parse_query(text), world.names, {world.today, zone}), world);
    return matcher.matches(world.issues[0], "");
  };
  CHECK(fits("created:2026-03-01", {}));
  CHECK(!fits("created:2026-03-02", {}));
  CHECK(fits("created:2026-03-02", TimeZone::fixed(60)));
  CHECK(!fits("created:2026-03-01", TimeZone::fixed(60)));
  CHECK(fits("created:2026-03-01", TimeZone::fixed(-600)));
  // Each moment by the clock of its own season, whichever it is now.
  const TimeZone vienna(
      60, {{*parse_timestamp("2026-03-29T01:00:00Z"), 120}, {*parse_timestamp("2026-10-25T01:00:00Z"), 60}});
  world.issues[0].created_at = *parse_timestamp("2026-03-01T22:30:00Z");
  CHECK(fits("created:2026-03-01", vienna));
  world.issues[0].created_at = *parse_timestamp("2026-07-01T22:30:00Z");
  CHECK(fits("created:2026-07-02", vienna));
  CHECK(!fits("created:2026-07-01", vienna));
  // A day of 23 hours.
  world.issues[0].created_at = *parse_timestamp("2026-03-29T21:59:59Z");
  CHECK(fits("created:2026-03-29", vienna));
  world.issues[0].created_at = *parse_timestamp("2026-03-29T22:00:00Z");
  CHECK(fits("created:2026-03-30", vienna));
}

TEST_CASE("only what speaks of days asks whose they are") {
  for (const char* text :
       {"is:overdue", "is:startable", "due:today", "a OR -created:<7d", "completed:2026", "start:<today"})
    CHECK_MESSAGE(needs_moment(*parse_query(text)), text);
  for (const char* text :
       {"", "is:open", "is:blocked label:bug", "#128", "words has:due no:start", "priority:>=high"})
    CHECK_MESSAGE(!needs_moment(*parse_query(text)), text);
}

TEST_CASE("sorting by the prefix first gives the same order") {
  World world;
  for (std::size_t key = 0; key < 12; ++key) {
    for (const bool is_descending : {false, true}) {
      const Order order({{static_cast<SortKey>(key), is_descending}}, world.names);
      for (const Issue& a : world.issues) {
        for (const Issue& b : world.issues) {
          const std::string folded_a = fold_case(a.title);
          const std::string folded_b = fold_case(b.title);
          const OrderedIssue first{a, folded_a};
          const OrderedIssue second{b, folded_b};
          if (order.prefix(first) < order.prefix(second)) CHECK(order.is_before(first, second));
          CHECK(!(order.is_before(first, second) && order.is_before(second, first)));
        }
      }
    }
  }
}

}  // namespace dits::query
