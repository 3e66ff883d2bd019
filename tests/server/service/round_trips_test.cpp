// What each request costs at the database: batches sent and answered, and commands in them.
#include <doctest/doctest.h>

#include "server/cache/credential_memory.hpp"
#include "server/cache/names_memory.hpp"
#include "server/service/credentials.hpp"
#include "server/service/figures.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

// An instance that hears of everything, with an account that has a token.
class Instance {
 public:
  Instance() : viewer(world.add_viewer("a@example.org")) {
    context.names = &names_;
    const NewToken made =
        world.must(create_token(context, viewer, {"program", TokenScope::write, std::nullopt}));
    secret_ = made.secret;
    token = made.token.id;
  }

  // As every request begins.
  Result<Viewer> authenticate() { return viewer_of_token(auth, secret_); }

  // What `work` sends once it was done twice: statements are prepared and memories filled by then.
  template <typename Work>
  Traffic cost_of(Work work) {
    work();
    work();
    const Traffic before = database().traffic();
    work();
    const Traffic after = database().traffic();
    return {after.round_trips - before.round_trips, after.commands - before.commands};
  }

  PooledDatabase& database() { return world.database().database(); }

  test::ServiceWorld world;
  Viewer viewer;
  ServiceContext context = world.context();
  ApiTokenId token;
  bool hears = true;
  PasswordHasher passwords{{1024, 1, 1}};
  SessionCache shared{nullptr};
  CredentialMemory memory{{[this] { return hears; }, [] {}}};
  AuthContext auth{context, passwords, shared, false, &memory};

 private:
  NamesMemory names_{[this] { return hears; }};
  std::string secret_;
};

Label label_named(const char* name) {
  Label label;
  label.name = name;
  return label;
}

void check(const Traffic& found, std::uint64_t round_trips, std::uint64_t commands) {
  CHECK(found.round_trips == round_trips);
  CHECK(found.commands == commands);
}

}  // namespace

TEST_CASE(
    "a known credential costs nothing at the database, and one round trip when nobody would tell of its "
    "end") {
  Instance one;
  check(one.cost_of([&] { REQUIRE(one.authenticate()); }), 0, 0);
  one.hears = false;
  check(one.cost_of([&] { REQUIRE(one.authenticate()); }), 1, 1);
}

TEST_CASE("one issue is one round trip: the question alone, when the session is theirs already") {
  Instance one;
  const Issue issue = one.world.add_issue(one.viewer, "Read often");
  check(one.cost_of([&] {
    const Viewer viewer = one.world.must(one.authenticate());
    CHECK(one.world.must(get_issue(one.context, viewer, {{}, issue.number})).id == issue.id);
  }),
        1,
        1);
}

TEST_CASE("a list is one round trip, whatever it names") {
  Instance one;
  one.world.add_issue(one.viewer, "Listed");
  one.world.must(create_label(one.context, one.viewer, label_named("bug")));
  for (const char* query : {"", "is:open sort:-updated", "status:\"To Do\" priority:none", "-label:bug"}) {
    CAPTURE(query);
    check(one.cost_of([&] {
      const Viewer viewer = one.world.must(one.authenticate());
      IssueListQuestion question;
      question.query = query;
      one.world.must(list_issues(one.context, viewer, question));
    }),
          1,
          1);
  }
  one.hears = false;  // the token and the names are asked for as well
  check(one.cost_of([&] {
    const Viewer viewer = one.world.must(one.authenticate());
    IssueListQuestion question;
    question.query = "label:bug";
    one.world.must(list_issues(one.context, viewer, question));
  }),
        3,
        5);
}

TEST_CASE("a search whose page is full of whole words is one round trip") {
  Instance one;
  one.world.add_issue(one.viewer, "A zebrafish swims");
  check(one.cost_of([&] {
    const Viewer viewer = one.world.must(one.authenticate());
    CHECK(one.world.must(search(one.context, viewer, "zebrafish", 1)).hits.size() == 1);
  }),
        1,
        1);
}

TEST_CASE("a renamed label is found by its new name at once, and not by its old one") {
  Instance one;
  Label label = one.world.must(create_label(one.context, one.viewer, label_named("before")));
  Issue draft;
  draft.title = "Labelled";
  draft.label_ids = {label.id};
  one.world.must(create_issue(one.context, one.viewer, draft));
  const auto found = [&](const char* query) {
    IssueListQuestion question;
    question.query = query;
    return one.world.must(list_issues(one.context, one.viewer, question)).issues.size();
  };
  CHECK(found("label:before") == 1);
  LabelPatch patch;
  patch.name = "after";
  one.world.must(update_label(one.context, one.viewer, label.id, patch));
  CHECK(found("label:after") == 1);
  CHECK(found("label:before") == 0);
  one.world.must(remove_label(one.context, one.viewer, label.id));
  CHECK(found("label:after") == 0);
}

TEST_CASE("a revoked token is forgotten with its revocation, an expired one is refused from memory too") {
  Instance one;
  REQUIRE(one.authenticate());
  CHECK(one.memory.figures().entries == 1);
  one.world.must(revoke_token(one.auth, one.viewer, one.token));
  CHECK(one.memory.figures().entries == 0);
  CHECK(!one.authenticate());

  const Timestamp soon{one.world.clock().now().unix_ms + 10'000};
  const NewToken ending =
      one.world.must(create_token(one.context, one.viewer, {"ending", TokenScope::read, soon}));
  REQUIRE(viewer_of_token(one.auth, ending.secret));
  CHECK(one.memory.figures().entries == 1);
  one.world.clock().move_by(std::chrono::seconds(11));
  CHECK(!viewer_of_token(one.auth, ending.secret));
}

TEST_CASE("uses are written down together, the last one of each, and never back") {
  Instance one;
  const auto last_use = [&] {
    return one.world.database().ask_as_owner(
        "SELECT coalesce(max((extract(epoch FROM last_used_at) * 1000)::bigint), 0) FROM api_tokens");
  };
  REQUIRE(one.authenticate());
  CHECK(last_use() == "0");
  one.world.must(one.auth.uses.write_down(one.database()));
  const std::string first = last_use();
  CHECK(first != "0");
  // Nothing was used since: nothing is sent.
  const Traffic before = one.database().traffic();
  one.world.must(one.auth.uses.write_down(one.database()));
  CHECK(one.database().traffic().round_trips == before.round_trips);
  one.auth.uses.note(one.token, Timestamp{std::stoll(first) - 5000});
  one.world.must(one.auth.uses.write_down(one.database()));
  CHECK(last_use() == first);
  one.auth.uses.note(one.token, Timestamp{std::stoll(first) + 9000});
  one.auth.uses.note(one.token, Timestamp{std::stoll(first) + 5000});
  one.world.must(one.auth.uses.write_down(one.database()));
  CHECK(std::stoll(last_use()) == std::stoll(first) + 9000);
}

}  // namespace dits
