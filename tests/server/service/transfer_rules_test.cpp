// What an export may not say, although it is whole.
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/json/transfer_json.hpp"
#include "shared/json/value.hpp"
#include "tests/support/transfer_world.hpp"

using namespace dits;
using namespace dits::test;

namespace {

// The export with the first line of a kind that `wanted` takes changed.
std::string with_line(const std::string& text,
                      const std::string& kind,
                      const std::function<bool(const Json&)>& wanted,
                      const std::function<void(Json&)>& change) {
  std::string out;
  bool is_changed = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    Result<Json> line = parse_json(text.substr(at, end - at));
    REQUIRE(line);
    const auto found = line->find(kind);
    if (!is_changed && found != line->end() && wanted(*found)) {
      change(*found);
      is_changed = true;
    }
    out += dump(*line) + "\n";
    at = end + 1;
  }
  REQUIRE(is_changed);
  return out;
}

bool any(const Json&) { return true; }
bool is_closed(const Json& issue) { return !issue["completedAt"].is_null(); }
bool is_open(const Json& issue) { return issue["completedAt"].is_null(); }

struct RuleWorld {
  RuleWorld() {
    from.live();
    text = from.exported();
    before = to.exported();
  }
  // The message with which it is refused; nothing is written.
  std::string refused(const std::string& changed) {
    const Result<ImportCounts> done = to.import_json(to.viewer, changed);
    if (done) return "taken";
    CHECK(to.exported() == before);
    return done.error().message;
  }
  std::string refused(const std::string& kind,
                      const std::function<bool(const Json&)>& wanted,
                      const std::function<void(Json&)>& change) {
    return refused(with_line(text, kind, wanted, change));
  }

  TransferWorld from;
  TransferWorld to;
  std::string text;
  std::string before;
};

bool has(const std::string& text, const std::string& words) {
  CAPTURE(text);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("numbers of an export from which no next one can be counted are refused") {
  RuleWorld world;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto set = [&](const char* name, std::int64_t value) {
    return [=](Json& json) { json[name] = value; };
  };
  const std::string between = "Must be between 1 and 9007199254740991";
  CHECK(has(world.refused("issue", any, set("version", most)), "version: " + between));
  CHECK(has(world.refused("issue", any, set("version", 0)), "version: " + between));
  CHECK(has(world.refused("issue", any, set("number", most)), "number: " + between));
  CHECK(has(world.refused("header", any, set("lastIssueNumber", most)), "Line 1: lastIssueNumber: "));
  CHECK(has(world.refused("header", any, set("lastChangeId", most)), "Line 1: lastChangeId: "));
  CHECK(has(world.refused("change", any, set("changeId", most)), "changeId: " + between));
}

TEST_CASE(
    "an issue of an export is completed when its status is closed, and only then; what is mended is told") {
  RuleWorld world;
  std::string changed =
      with_line(world.text, "issue", is_closed, [](Json& json) { json["completedAt"] = nullptr; });
  changed = with_line(
      changed,
      "issue",
      [](const Json& json) { return json["labelIds"].empty(); },
      [](Json& json) { json.erase("labelIds"); });
  const ImportCounts counts = world.to.world.must(world.to.import_json(world.to.viewer, changed));
  std::string told;
  for (const ImportNote& note : counts.notes.kept()) told += note.what + "\n";
  CHECK(has(told, "completedAt: a closed issue has one; its last change was taken for it"));
  CHECK(has(told, "labelIds: is missing, and was left empty"));
  CHECK(counts.notes.count() == 2);
}

TEST_CASE("an open issue of an export that says when it was completed is not completed, and that is told") {
  RuleWorld world;
  const ImportCounts counts = world.to.world.must(
      world.to.import_json(world.to.viewer, with_line(world.text, "issue", is_open, [](Json& json) {
                             json["completedAt"] = "2020-01-01T00:00:00Z";
                           })));
  REQUIRE(counts.notes.count() == 1);
  CHECK(counts.notes.kept()[0].what == "completedAt: was left out, since the issue's status is not closed");
  CHECK(world.to.exported().find("2020-01-01T00:00:00") == std::string::npos);
}

TEST_CASE("what is missing in a line of an export is told, whatever it is") {
  RuleWorld world;
  for (const char* const kind : {"project",
                                 "area",
                                 "label",
                                 "issue",
                                 "relation",
                                 "gitIntegration",
                                 "comment",
                                 "attachment",
                                 "view",
                                 "change",
                                 "workflow"}) {
    const std::size_t begin = world.text.find(std::string("{\"") + kind + "\":");
    REQUIRE(begin != std::string::npos);
    const Result<Json> line = parse_json(world.text.substr(begin, world.text.find('\n', begin) - begin));
    REQUIRE(line);
    std::vector<std::string> names;
    for (const auto& member : line->begin().value().items()) names.push_back(member.key());
    for (const std::string& name : names) {
      CAPTURE(kind);
      CAPTURE(name);
      Json changed = *line;
      changed.begin().value().erase(name);
      std::vector<std::string> missing;
      const Result<TransferRecord> record = transfer_record_from_line(dump(changed), missing);
      // Read without it, or refused with its name.
      if (record) {
        CHECK(missing == std::vector<std::string>{name});
        continue;
      }
      std::string told = record.error().field;
      for (const FieldError& field : record.error().fields) told += " " + field.field;
      CHECK(has(told, name));
    }
  }
  std::vector<std::string> missing;
  const std::size_t begin = world.text.find("{\"workflow\":");
  Result<Json> workflow = parse_json(world.text.substr(begin, world.text.find('\n', begin) - begin));
  REQUIRE(workflow);
  workflow->begin().value()["statuses"][0].erase("createdAt");
  CHECK(transfer_record_from_line(dump(*workflow), missing).has_value());
  CHECK(missing == std::vector<std::string>{"statuses[0].createdAt"});
}

TEST_CASE("what an import refuses is told in the words of the file and not in those of the database") {
  RuleWorld world;
  const std::string nowhere = "0199c1f2-dead-7000-8000-00000000beef";
  const std::string lost = world.refused("issue", any, [&](Json& json) { json["projectId"] = nowhere; });
  CHECK(has(lost, "something points at what is not there (issues: projectId)"));
  const std::string status = world.refused("issue", any, [&](Json& json) { json["statusId"] = nowhere; });
  CHECK(has(status, "statusId: No workflow before this line has this status"));
  const std::string twice = world.refused("issue", any, [&](Json& json) { json["number"] = 2; });
  CHECK(has(twice, "is there twice (issues: number)"));
}
