// What a saved view may ask.
#include "server/service/saved_views.hpp"

#include <doctest/doctest.h>

#include "tests/support/needs.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

TEST_CASE(
    "a view whose query can't be read is refused with what is wrong in it, and an old one can be renamed") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  SavedView draft;
  draft.name = "Mine";
  draft.query = "is:open (label:bug";
  const auto refused = create_saved_view(world.context(), viewer, draft);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid);
  CHECK(refused.error().kind == "query_syntax");
  CHECK(refused.error().field == "query");
  CHECK(refused.error().message.starts_with("Column "));
  draft.query = "is:open label:bug";
  const SavedView made = world.must(create_saved_view(world.context(), viewer, draft));
  SavedViewPatch patch;
  patch.query = "lable:bug";
  const auto changed = update_saved_view(world.context(), viewer, made.id, patch);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().field == "query");
  CHECK(changed.error().message.find("did you mean label?") != std::string::npos);
  CHECK(world.must(get_saved_view(world.context(), viewer, made.id)).query == draft.query);
  // One of a former version.
  world.database().run_as_owner("UPDATE saved_views SET query = 'lable:bug'");
  SavedViewPatch name;
  name.name = "Renamed";
  CHECK(world.must(update_saved_view(world.context(), viewer, made.id, name)).name == "Renamed");
}
