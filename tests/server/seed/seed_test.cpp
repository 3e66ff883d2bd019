#include "server/seed/seed.hpp"

#include <doctest/doctest.h>

#include "server/service/accounts.hpp"
#include "server/service/labels.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

TEST_CASE("the seed makes what its document says, and a second run changes nothing") {
  ServiceWorld world;
  PasswordHasher passwords({1024, 1, 1});
  const SeedSummary first = world.must(seed_demo(world.context(), passwords));
  CHECK(first.users == 1);
  CHECK(first.projects == 1);
  CHECK(first.areas == 3);
  CHECK(first.labels == 4);
  CHECK(first.issues == 4);
  CHECK(first.relations >= 2);
  CHECK(world.database().ask_as_owner("SELECT string_agg(name, ', ' ORDER BY position) FROM statuses") ==
        "Backlog, To Do, In Progress, In Review, Done");
  CHECK(world.database().ask_as_owner("SELECT email FROM users") == "demo@dits.dev");
  const std::string changes = world.database().ask_as_owner("SELECT count(*) FROM audit_logs");
  CHECK(world.must(seed_demo(world.context(), passwords)).is_empty());
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs") == changes);
}

TEST_CASE("what was deleted does not come back with the seed") {
  ServiceWorld world;
  PasswordHasher passwords({1024, 1, 1});
  world.must(seed_demo(world.context(), passwords));
  Viewer viewer;
  viewer.user_id = world.must(find_account(world.context(), "demo@dits.dev")).id;
  world.must(
      remove_label(world.context(), viewer, world.must(list_labels(world.context(), viewer)).at(0).id));
  CHECK(world.must(seed_demo(world.context(), passwords)).is_empty());
}
