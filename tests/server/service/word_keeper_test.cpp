// A search that is narrowed by remembered words finds what a look through all texts finds: as random words
// and patterns, over pages, after changes of other instances, of tables as such and of the whole log, for two
// accounts side by side.
#include "server/service/word_keeper.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "server/service/figures.hpp"
#include "server/service/history.hpp"
#include "server/service/issues.hpp"
#include "tests/shared/support/random_query.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using query::test::Random;

WordLimits eager() {
  WordLimits limits;
  limits.least_issues = 1;
  limits.rest = limits.rest_when_few = limits.rest_when_many = 0ms;
  return limits;
}

const std::vector<std::string> word_pieces{
    "tim", "out", "web", "sock", "Ärger", "1.2", "src/", "日本", "a.b", "İ"};

std::string random_word(Random& random) {
  std::string word;
  for (std::size_t count = 1 + random.below(3); count > 0; --count) word += random.pick(word_pieces);
  return word;
}

std::string random_text(Random& random) {
  std::string text;
  for (std::size_t count = 1 + random.below(8); count > 0; --count)
    text += random_word(random) + random.pick(std::vector<std::string>{" ", ", ", "\n", "-", "、", " – "});
  return text;
}

// Two accounts, one of which has a planted word, on an instance that remembers and on one that doesn't.
class Library {
 public:
  explicit Library(WordLimits limits = eager()) : keeper(world.database().database(), limits) {
    narrowing.words = &keeper;
  }

  void fill(const Viewer& viewer, int count, const std::string& planted) {
    Random random(static_cast<std::uint64_t>(count));
    const std::string status = to_string(world.status_named(viewer, "Backlog"));
    std::string rows;
    for (int number = 1; number <= count; ++number) {
      std::string description = random_text(random);
      if (number % 40 == 3) description += " " + planted;
      rows += (rows.empty() ? "('" : ", ('") + to_string(viewer.user_id) + "', gen_random_uuid(), " +
              std::to_string(number) + ", '" + random_word(random) + "', '" + description + "', 'LOW', '" +
              status + "', 1, now() - interval '1 minute' * " + std::to_string(random.below(200)) +
              (number % 50 == 3 ? ", now())" : ", NULL)");
      if (number % 250 != 0 && number != count) continue;
      world.database().run_as_owner(
          "INSERT INTO issues (user_id, id, number, title, description, priority, status_id, position, "
          "updated_at, deleted_at) VALUES " +
          rows);
      rows.clear();
    }
    world.database().run_as_owner("UPDATE user_counters SET last_issue_number = " + std::to_string(count) +
                                  " WHERE user_id = '" + to_string(viewer.user_id) + "'");
  }

  // All pages, as numbers.
  std::vector<std::int64_t> list(ServiceContext& context,
                                 const Viewer& viewer,
                                 const std::string& query,
                                 std::int64_t limit = 7) {
    std::vector<std::int64_t> numbers;
    std::string cursor;
    do {
      IssueListQuestion question;
      question.query = query;
      question.cursor = cursor;
      question.limit = limit;
      const IssueListAnswer answer = world.must(list_issues(context, viewer, question));
      for (const Issue& issue : answer.issues) numbers.push_back(issue.number);
      cursor = answer.next_cursor;
    } while (!cursor.empty());
    return numbers;
  }

  std::vector<std::string> search_hits(ServiceContext& context,
                                       const Viewer& viewer,
                                       const std::string& text) {
    std::vector<std::string> hits;
    for (const store::SearchHit& hit : world.must(search(context, viewer, text, 20)).hits)
      hits.push_back(std::to_string(hit.number) + " " + hit.snippet);
    return hits;
  }

  // How many there are; both instances say the same.
  std::size_t check_same(const Viewer& viewer, const std::string& query) {
    CAPTURE(query);
    const std::vector<std::int64_t> found = list(narrowing, viewer, query);
    CHECK(found == list(world.context(), viewer, query));
    return found.size();
  }

  // The next search is narrowed, and it was not in vain.
  void remember(const Viewer& viewer) {
    list(narrowing, viewer, "anything");
    REQUIRE(keeper.wait(30s));
    REQUIRE(keeper.figures().entries > 0);
  }

  std::uint64_t runs_of(std::string_view statement) {
    for (const StatementFigures& figures : world.database().database().statement_stats().all()) {
      if (figures.name == statement) return figures.calls;
    }
    return 0;
  }

  Issue rename(const Viewer& viewer, std::int64_t number, const std::string& title) {
    IssueUpdate update;
    update.patch.title = title;
    return world.must(update_issue(world.context(), viewer, {{}, number}, update, std::nullopt)).issue;
  }

  test::ServiceWorld world;
  Viewer owner = world.add_viewer("owner@example.org");
  Viewer stranger = world.add_viewer("stranger@example.org");
  ServiceContext narrowing = world.context();
  WordKeeper keeper;
};

}  // namespace

TEST_CASE("a narrowed search finds what a look through all texts finds, page by page, for two accounts") {
  Library library;
  library.fill(library.owner, 900, "zebrafish");
  library.fill(library.stranger, 300, "pigeon");
  for (const Viewer& viewer : {library.owner, library.stranger}) library.remember(viewer);
  REQUIRE(library.keeper.figures().entries == 2);
  const std::uint64_t narrowed = library.runs_of("find_issue_changes");

  CHECK(library.check_same(library.owner, "zebrafish") == 18);
  CHECK(library.check_same(library.owner, "EBRAfis") == 18);
  CHECK(library.check_same(library.owner, "ze*f*sh is:open sort:title") == 18);
  CHECK(library.check_same(library.owner, "zebrafish is:deleted") == 5);
  CHECK(library.check_same(library.owner, "pigeon") == 0);
  CHECK(library.check_same(library.stranger, "zebrafish") == 0);
  CHECK(library.check_same(library.stranger, "pigeon OR zebrafish") == 6);
  CHECK(library.check_same(library.owner, "-zebrafish") == 900 - 18 - 18);
  CHECK(library.runs_of("find_issue_changes") > narrowed);

  Random random(11);
  std::size_t found = 0;
  for (int count = 0; count < 120; ++count) {
    std::string word = random_word(random);
    if (random.chance(40)) word += "*" + random_word(random);
    if (random.chance(20)) word = "\"" + random_word(random) + ", " + random_word(random) + "\"";
    if (random.chance(20)) word += " " + random_word(random);
    if (random.chance(20)) word += " OR " + random_word(random);
    if (random.chance(20)) word += " sort:number";
    found += library.check_same(library.owner, word);
    CHECK(library.search_hits(library.narrowing, library.owner, word) ==
          library.search_hits(library.world.context(), library.owner, word));
  }
  CHECK(found > 1000);
}

TEST_CASE("what another instance writes is found at once, and no more when it is gone") {
  Library library;
  library.fill(library.owner, 600, "zebrafish");
  library.remember(library.owner);
  CHECK(library.check_same(library.owner, "platypus") == 0);
  library.rename(library.owner, 5, "A platypus");
  CHECK(library.check_same(library.owner, "platyp") == 1);
  const Issue added = library.world.add_issue(library.owner, "Another platypus");
  CHECK(library.check_same(library.owner, "platypus") == 2);
  const std::string two_words = "r platypus";
  CHECK(library.search_hits(library.narrowing, library.owner, two_words) ==
        library.search_hits(library.world.context(), library.owner, two_words));
  library.rename(library.owner, 5, "Nothing");
  CHECK(library.check_same(library.owner, "platypus") == 1);
  library.world.must(remove_issue(library.world.context(), library.owner, {added.id, 0}, std::nullopt));
  CHECK(library.check_same(library.owner, "platypus") == 0);
  CHECK(library.check_same(library.owner, "platypus is:deleted") == 1);
}

TEST_CASE("when much was changed only that is read, and what was purged goes with all the rest") {
  Library library;
  library.fill(library.owner, 5000, "zebrafish");
  library.remember(library.owner);
  const std::uint64_t whole_readings = library.runs_of("list_issue_texts");
  std::vector<IssueBulkStep> steps;
  for (int number = 100; number < 700; ++number) {
    IssueBulkStep step;
    step.id = library.world.must(get_issue(library.world.context(), library.owner, {{}, number})).id;
    step.update.patch.title = "Capybara " + std::to_string(number);
    if (number % 50 != 3) steps.push_back(step);
  }
  library.world.must(change_issues(library.world.context(), library.owner, steps));
  CHECK(library.check_same(library.owner, "capybara 1*23") == 1);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.runs_of("list_issue_texts_of") > 0);
  CHECK(library.runs_of("list_issue_texts") == whole_readings);
  CHECK(library.check_same(library.owner, "pybara") == steps.size());
  CHECK(library.check_same(library.owner, "pybara 555") == 1);

  const Issue gone = library.world.add_issue(library.owner, "An okapi");
  library.world.must(remove_issue(library.world.context(), library.owner, {gone.id, 0}, std::nullopt));
  library.world.must(purge_issue(library.world.context(), library.owner, {gone.id, 0}));
  CHECK(library.check_same(library.owner, "okapi") == 0);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.runs_of("list_issue_texts") > whole_readings);
  const std::uint64_t then = library.runs_of("list_issue_texts");
  CHECK(library.check_same(library.owner, "pybara 555") == 1);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.runs_of("list_issue_texts") == then);
}

TEST_CASE("tables that were changed as such, and another log, are noticed before anything is missed") {
  Library library;
  library.fill(library.owner, 600, "zebrafish");
  library.remember(library.owner);
  const std::string user = "'" + to_string(library.owner.user_id) + "'";
  const std::string rename = "UPDATE issues SET title = 'narwhal' WHERE number = 9 AND user_id = " + user;
  library.world.database().run_as_owner(
      rename + "; UPDATE user_counters SET last_change_id = last_change_id + 1 WHERE user_id = " + user +
      "; INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, new_values) SELECT "
      "user_id, "
      "last_change_id, 'UPDATE', 'studio', user_id, '{}' FROM user_counters WHERE user_id = " +
      user);
  CHECK(library.check_same(library.owner, "narwhal") == 1);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.check_same(library.owner, "narwhal") == 1);

  // As a restore does, which makes the table of the log anew.
  library.world.database().run_as_owner(
      "UPDATE issues SET title = 'walrus' WHERE number = 11 AND user_id = " + user +
      "; ALTER TABLE audit_logs SET (fillfactor = 90)");
  CHECK(library.check_same(library.owner, "walrus") == 1);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.check_same(library.owner, "walrus") == 1);
}

TEST_CASE("no more is remembered than there is room for, and nothing of few issues") {
  SUBCASE("few issues") {
    WordLimits limits = eager();
    limits.least_issues = 301;
    Library library(limits);
    library.fill(library.owner, 300, "zebrafish");
    CHECK(library.check_same(library.owner, "zebrafish") == 6);
    REQUIRE(library.keeper.wait(30s));
    CHECK(library.keeper.figures().entries == 0);
  }
  SUBCASE("too many words") {
    WordLimits limits = eager();
    limits.memory.entry_bytes = 2000;
    Library library(limits);
    library.fill(library.owner, 600, "zebrafish");
    CHECK(library.check_same(library.owner, "zebrafish") == 12);
    REQUIRE(library.keeper.wait(30s));
    CHECK(library.keeper.figures().entries == 0);
    CHECK(library.check_same(library.owner, "zebrafish") == 12);
  }
  SUBCASE("two users, room for one") {
    Library sized;
    sized.fill(sized.owner, 600, "zebrafish");
    sized.remember(sized.owner);
    WordLimits limits = eager();
    limits.memory.bytes = sized.keeper.figures().bytes * 3 / 2;
    Library library(limits);
    library.fill(library.owner, 600, "zebrafish");
    library.fill(library.stranger, 600, "pigeon");
    for (int round = 0; round < 2; ++round) {
      for (const Viewer& viewer : {library.owner, library.stranger}) {
        CHECK(library.check_same(viewer, "zebrafish OR pigeon") == 12);
        REQUIRE(library.keeper.wait(30s));
        CHECK(library.keeper.figures().entries == 1);
        CHECK(library.keeper.figures().bytes <= limits.memory.bytes);
      }
    }
  }
}

TEST_CASE("a user's words are not read again before a while has passed") {
  WordLimits limits = eager();
  limits.rest = 1h;
  Library library(limits);
  library.fill(library.owner, 600, "zebrafish");
  library.remember(library.owner);
  const std::uint64_t readings = library.runs_of("list_issue_texts");
  library.world.database().run_as_owner("ALTER TABLE audit_logs SET (fillfactor = 90)");
  CHECK(library.check_same(library.owner, "zebrafish") == 12);
  REQUIRE(library.keeper.wait(30s));
  CHECK(library.runs_of("list_issue_texts") == readings);
}

TEST_CASE("a narrowed search is a transaction of two statements") {
  Library library;
  library.fill(library.owner, 600, "zebrafish");
  library.remember(library.owner);
  library.list(library.narrowing, library.owner, "zebrafish", 50);
  const auto before = library.world.database().database().traffic().round_trips;
  CHECK(library.list(library.narrowing, library.owner, "zebrafish", 50).size() == 12);
  CHECK(library.world.database().database().traffic().round_trips - before == 3);  // with its end
}

}  // namespace dits
