// What an import changed is told by line.
#include "server/service/import_notes.hpp"

#include <doctest/doctest.h>

#include "server/service/export.hpp"
#include "server/service/import.hpp"
#include "server/service/issue_parts.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

std::string exported(ServiceWorld& world, const Viewer& viewer) {
  std::string text;
  const auto take = [&](std::string_view bytes) -> Result<void> {
    text += bytes;
    return {};
  };
  world.must(export_account(world.context(), viewer, ExportFormat::json, take, nullptr));
  return text;
}

ImportNotes notes_of(ServiceWorld& world, Result<std::unique_ptr<Import>> begun, std::string_view text) {
  const std::unique_ptr<Import> import = world.must(std::move(begun));
  world.must(import->add(text));
  return world.must(import->finish()).notes;
}

}  // namespace

TEST_CASE("letters of a table that come in another form than the normal one are told by line") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const ImportNotes notes = notes_of(world,
                                     begin_csv_import(world.context(), viewer, {}),
                                     "title,project\nplain,\nCafe\u0301,Re\u0301sume\u0301\n");
  CHECK(notes.count() == 2);
  REQUIRE(notes.kept().size() == 2);
  CHECK(notes.kept()[0].line == 3);
  CHECK(notes.kept()[0].what.starts_with("title: "));
  CHECK(notes.kept()[1].what.starts_with("project: "));
}

TEST_CASE("letters of an export that come in another form are told by line, escaped or not") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Stra\u00DFe");
  world.must(create_comment(world.context(), viewer, {issue.id, 0}, {{}, {}, "A comment", {}, {}, {}}));
  const std::string whole = exported(world, viewer);
  int number = 0;
  const auto import_into_new = [&](const std::string& text) {
    const Viewer other = world.add_viewer("b" + std::to_string(++number) + "@example.org");
    return notes_of(world, begin_json_import(world.context(), other), text);
  };
  for (const char* letters : {"Cafe\u0301", "Cafe\\u0301"}) {
    std::string changed = whole;
    const std::size_t at = changed.find("A comment");
    REQUIRE(at != std::string::npos);
    changed.replace(at, 9, letters);
    const ImportNotes notes = import_into_new(changed);
    REQUIRE(notes.count() == 1);
    CHECK(notes.kept()[0].line ==
          std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
    CHECK(notes.kept()[0].what.starts_with("body: "));
  }
  std::string escaped = whole;
  const std::size_t at = escaped.find("\u00DF");
  REQUIRE(at != std::string::npos);
  escaped.replace(at, 2, "\\u00DF");
  CHECK(import_into_new(escaped).count() == 0);
}

TEST_CASE("all notes are counted, a thousand are kept, in the order of the file") {
  ImportNotes notes;
  for (std::int64_t line = 2000; line > 0; --line) notes.add(line, "title");
  CHECK(notes.count() == 2000);
  REQUIRE(notes.kept().size() == ImportNotes::most_kept);
  CHECK(notes.kept().front().line == 1001);
}
