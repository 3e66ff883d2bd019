#include "web/store/similar.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

TEST_CASE("Issues whose titles share most of their words are similar, the open ones first") {
  const Stage stage;
  const auto numbers = [&](const char* title) {
    std::string text;
    for (const Slot slot : similar_issues(stage.state, title))
      text += std::to_string(issue_at(stage.state, slot).number) + " ";
    return text;
  };
  CHECK(numbers("websocket RECONNECT drops edits after sleep") == "128 ");
  CHECK(numbers("Resume token expires before the laptop") == "141 ");
  CHECK(numbers("Heartbeat every 30 s, not 60") == "125 ");  // closed
  CHECK(numbers("WebSocket reconnect") == "");               // two of six
  CHECK(numbers("Drop the outbox") == "");
  CHECK(numbers("a of to") == "");
  CHECK(numbers("") == "");
}

TEST_CASE("What is in the trash is not similar to anything, and three are enough") {
  Stage stage;
  const auto put = [&](std::int64_t number, const std::string& title, bool is_deleted) {
    Issue changed = *find_issue(stage.state.entities, stage.issue(number));
    changed.title = title;
    if (is_deleted) changed.deleted_at = stage.state.now;
    IssuesArrived arrived;
    arrived.issues.push_back(changed);
    stage.change(Change{std::move(arrived)});
  };
  for (const std::int64_t number : {128, 141, 133, 144}) put(number, "Rotate the signing keys", false);
  CHECK(similar_issues(stage.state, "rotate signing keys").size() == 3);
  for (const std::int64_t number : {128, 141}) put(number, "Rotate the signing keys", true);
  CHECK(similar_issues(stage.state, "rotate signing keys").size() == 2);
}

}  // namespace dits::web::test
