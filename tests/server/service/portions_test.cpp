// Much that has long texts is read, changed, brought back and purged some at a time: what is in memory at
// once does not grow with how many there are, nor with what is written about each.
#include "server/store/portions.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "server/service/history.hpp"
#include "server/service/issues.hpp"
#include "server/store/issue_words.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

constexpr int issue_count = 24;
constexpr std::int64_t text_bytes = 300'000;
constexpr std::int64_t least_portions = issue_count * text_bytes / (store::portion_bytes + text_bytes);

struct Shelf {
  Shelf() {
    world.database().run_as_owner(
        "INSERT INTO issues (user_id, id, number, title, description, priority, status_id, position) SELECT "
        "'" +
        to_string(viewer.user_id) + "', gen_random_uuid(), n, 'Issue ' || n, repeat('x', " +
        std::to_string(text_bytes) + "), 'LOW', '" + to_string(world.status_named(viewer, "Backlog")) +
        "', n FROM generate_series(1, " + std::to_string(issue_count) +
        ") AS n; UPDATE user_counters SET last_issue_number = " + std::to_string(issue_count));
    const std::string all = ask("SELECT string_agg(id::text, ' ' ORDER BY number) FROM issues");
    for (std::size_t at = 0; at < all.size(); at += 37)
      ids.push_back(IssueId{world.must(parse_uuid(all.substr(at, 36)))});
  }

  std::string ask(const std::string& sql) { return world.database().ask_as_owner(sql); }
  std::int64_t head() {
    return world.must(list_audit_logs(world.context(), viewer, {}, newest_change, 1)).changes[0].change_id;
  }
  std::int64_t runs_of(std::string_view statement) {
    for (const StatementFigures& figures : world.database().database().statement_stats().all()) {
      if (figures.name == statement) return static_cast<std::int64_t>(figures.calls);
    }
    return 0;
  }
  // Of the entries that are newer: how many, and in how many groups.
  std::string groups_after(std::int64_t change_id) {
    return ask(
        "SELECT count(*) || ' in ' || count(DISTINCT group_id) FROM audit_logs WHERE group_id IS NOT "
        "NULL AND change_id > " +
        std::to_string(change_id));
  }

  test::ServiceWorld world;
  Viewer viewer = world.add_viewer("a@example.org");
  std::vector<IssueId> ids;
};

}  // namespace

TEST_CASE("a portion of issues has about a megabyte of text, and they come in the order that was asked for") {
  Shelf shelf;
  std::vector<IssueId> asked = shelf.ids;
  asked.insert(asked.begin() + 3, shelf.world.clock().new_id<IssueId>());  // of nothing that is there
  Transaction transaction = shelf.world.must(
      shelf.world.database().database().begin(Actor::of_user(shelf.viewer.user_id), Access::read));
  std::vector<IssueId> seen;
  std::size_t issues_seen = 0;
  const auto take = [&](std::span<const IssueId> some, const std::vector<Issue>& issues) -> Result<void> {
    seen.insert(seen.end(), some.begin(), some.end());
    std::int64_t bytes = 0;
    for (const Issue& issue : issues) bytes += static_cast<std::int64_t>(issue.description.size());
    CHECK(bytes < store::portion_bytes + text_bytes);
    issues_seen += issues.size();
    return {};
  };
  shelf.world.must(store::for_issue_portions(transaction, shelf.viewer.user_id, asked, take));
  CHECK(seen == asked);
  CHECK(issues_seen == shelf.ids.size());
}

TEST_CASE("issues with long texts are thrown away and come back some at a time, each as one step") {
  Shelf shelf;
  std::vector<IssueBulkStep> steps;
  for (const IssueId id : shelf.ids) {
    steps.emplace_back().id = id;
    steps.back().action = IssueAction::remove;
  }
  const std::int64_t before = shelf.head();
  shelf.world.must(change_issues(shelf.world.context(), shelf.viewer, steps));
  CHECK(shelf.runs_of("find_issues") >= least_portions);
  CHECK(shelf.ask("SELECT count(*) FROM issues WHERE deleted_at IS NULL") == "0");
  CHECK(shelf.groups_after(before) == std::to_string(issue_count) + " in 1");

  const std::int64_t trashed = shelf.head();
  const std::int64_t read_before = shelf.runs_of("find_issues");
  const SyncChanges made = shelf.world.must(undo_change(shelf.world.context(), shelf.viewer, trashed - 2));
  CHECK(made.changes.size() == issue_count);
  CHECK(shelf.runs_of("list_group_portion") >= least_portions);
  CHECK(shelf.runs_of("list_change_portion") >= least_portions);
  CHECK(shelf.runs_of("find_issues") - read_before >= least_portions);
  CHECK(shelf.ask("SELECT count(*) FROM issues WHERE deleted_at IS NOT NULL") == "0");
  CHECK(shelf.groups_after(trashed) == std::to_string(issue_count) + " in 1");
  shelf.world.check_gapless(shelf.viewer);
}

TEST_CASE("what hangs on an issue that goes for good is read some at a time, and goes as one step with it") {
  Shelf shelf;
  const std::string parent = to_string(shelf.ids.front());
  constexpr int comment_count = 20;
  constexpr std::int64_t comment_bytes = 200'000;
  shelf.world.database().run_as_owner("UPDATE issues SET parent_issue_id = '" + parent +
                                      "' WHERE number > 1; UPDATE issues SET deleted_at = now() "
                                      "WHERE number = 1; INSERT INTO comments (user_id, id, issue_id, body) "
                                      "SELECT user_id, gen_random_uuid(), "
                                      "id, repeat('y', " +
                                      std::to_string(comment_bytes) + ") FROM issues, generate_series(1, " +
                                      std::to_string(comment_count) + ") WHERE number = 1");
  const std::int64_t before = shelf.head();
  shelf.world.must(purge_issue(shelf.world.context(), shelf.viewer, IssueKey{shelf.ids.front(), 0}));
  CHECK(shelf.runs_of("find_issues") >= least_portions - 1);
  CHECK(shelf.runs_of("list_comment_portion") >=
        comment_count * comment_bytes / (store::portion_bytes + comment_bytes));
  CHECK(shelf.ask("SELECT count(*) FROM issues WHERE parent_issue_id IS NOT NULL") == "0");
  CHECK(shelf.ask("SELECT count(*) FROM comments") == "0");
  CHECK(shelf.groups_after(before) == std::to_string(issue_count - 1 + comment_count + 1) + " in 1");
  CHECK(shelf.ask("SELECT count(*) FROM audit_logs WHERE entity_type = 'comment' AND old_values::text LIKE "
                  "'%yyy%'") == "0");
  shelf.world.check_gapless(shelf.viewer);
}

TEST_CASE("texts whose words are remembered are read by the megabyte, each once") {
  Shelf shelf;
  Transaction transaction = shelf.world.must(
      shelf.world.database().database().begin(Actor::of_user(shelf.viewer.user_id), Access::read));
  std::vector<std::int64_t> all;
  const auto take = [&](std::vector<std::int64_t>& seen) {
    return [&seen](const store::IssueTexts& texts) -> Result<void> {
      CHECK(texts.description.size() == text_bytes);
      seen.push_back(texts.number);
      return {};
    };
  };
  std::vector<std::int64_t> seen;
  shelf.world.must(store::read_issue_texts(transaction, shelf.viewer.user_id, take(seen)));
  for (std::int64_t number = 1; number <= issue_count; ++number) all.push_back(number);
  CHECK(seen == all);
  CHECK(shelf.runs_of("list_issue_texts") >= least_portions);

  std::vector<std::int64_t> asked{0};  // no such issue, nor the last one
  asked.insert(asked.end(), all.begin(), all.end());
  asked.push_back(issue_count + 7);
  seen.clear();
  shelf.world.must(store::read_issue_texts(transaction, shelf.viewer.user_id, asked, take(seen)));
  CHECK(seen == all);
  CHECK(shelf.runs_of("list_issue_texts_of") >= least_portions);
}

}  // namespace dits
