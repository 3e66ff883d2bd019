#include "server/service/figures.hpp"

#include <doctest/doctest.h>

#include "server/service/issues.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

TEST_CASE("search finds words, ranks titles over descriptions and forgives typing errors") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  Issue draft;
  draft.title = "Unrelated";
  draft.description = "The dataset is mentioned here, while streaming.";
  world.must(create_issue(world.context(), viewer, draft));
  world.add_issue(viewer, "Streaming a large dataset hangs");
  world.add_issue(viewer, "Paint the door");
  world.add_issue(other, "Streaming dataset of somebody else");
  const SearchAnswer exact = world.must(search(world.context(), viewer, "dataset streaming", 10));
  REQUIRE(exact.hits.size() == 2);
  CHECK(!exact.is_loose);
  CHECK(exact.hits[0].title == "Streaming a large dataset hangs");
  CHECK(exact.hits[1].snippet.find("\x02"
                                   "dataset"
                                   "\x03") != std::string::npos);
  const SearchAnswer loose = world.must(search(world.context(), viewer, "datset streming", 10));
  REQUIRE(!loose.hits.empty());
  CHECK(loose.is_loose);
  CHECK(loose.hits[0].title == "Streaming a large dataset hangs");
  CHECK(world.must(search(world.context(), viewer, "zzzzqqq", 10)).hits.empty());
  CHECK(search(world.context(), viewer, "  ", 10).error().field == "q");
}

TEST_CASE("statistics count, and are fresh after each change") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  world.add_issue(viewer, "Other");
  CHECK(world.must(stats_text(world.context(), viewer)).find("\"open\":2") != std::string::npos);
  IssueUpdate update;
  update.patch.status_id = world.status_named(viewer, "Done");
  world.must(update_issue(world.context(), viewer, {issue.id, 0}, update, std::nullopt));
  const std::string text = world.must(stats_text(world.context(), viewer));
  CHECK(text.find("\"open\":1,\"completed\":1") != std::string::npos);
  CHECK(world.must(stats_text(world.context(), viewer)) == text);
}
