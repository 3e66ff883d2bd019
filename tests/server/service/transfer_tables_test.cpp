// Issues as a table: out, and in again.
#include <string>

#include <doctest/doctest.h>

#include "server/service/history.hpp"
#include "server/service/import.hpp"
#include "server/service/sync.hpp"
#include "tests/support/transfer_world.hpp"

using namespace dits;
using namespace dits::test;

TEST_CASE("what goes out as a table comes in again") {
  TransferWorld from;
  from.live();
  const std::string table = from.exported(ExportFormat::csv);
  CHECK(table.find("\r\n1,\"'=First, with \"\"everything\"\"\",\"Text\nof two lines\"") != std::string::npos);
  TransferWorld to;
  const ImportCounts counts = to.world.must(to.import_csv(to.viewer, table));
  CHECK(counts.issues == 2);
  CHECK(counts.projects == 1);
  CHECK(counts.labels == 1);
  CHECK(to.exported(ExportFormat::csv) == table);
  to.world.check_gapless(to.viewer);
  // One step takes it back.
  const std::int64_t head = to.world.must(last_change_id(to.world.context(), to.viewer));
  to.world.must(undo_change(to.world.context(), to.viewer, head));
  CHECK(to.exported(ExportFormat::csv).find('\n') == to.exported(ExportFormat::csv).size() - 1);
}

TEST_CASE("a table with mistakes is refused whole, each by its line") {
  TransferWorld world;
  const Result<ImportCounts> done =
      world.import_csv(world.viewer,
                       "Summary,Status,Due date,Priority,Owner\nGood,Done,2026-02-28,high,x\n,To "
                       "Do,,,\nBad,Nowhere,2026-02-30,soon,\n",
                       {.columns = {{"Owner", ""}}});
  REQUIRE(!done);
  CHECK(done.error().message ==
        "4 mistakes in the table; nothing was written. Mend the file, or import it with --map-value "
        "'priority:soon=none,status:Nowhere=Backlog'.");
  REQUIRE(done.error().fields.size() == 4);
  CHECK(done.error().fields[0].field == "line 3");
  for (std::size_t at = 1; at < 4; ++at) CHECK(done.error().fields[at].field == "line 4");
  CHECK(world.import_csv(world.viewer, "title,what\nx,y\n").error().fields[0].message ==
        "the column “what” is not known");
  CHECK(world.import_csv(world.viewer, "status\nDone\n").error().fields[0].message ==
        "there is no column for the title");
  CHECK(world.import_csv(world.viewer, "title,status\nx,Nowhere\n").error().fields.size() == 1);
  CHECK(world.import_csv(world.viewer, "").error().message.find("empty") != std::string::npos);
  CHECK(world.world.must(last_change_id(world.world.context(), world.viewer)) == 1);
}

TEST_CASE("the names of a table are in normal form, and show something") {
  TransferWorld world;
  const ImportCounts counts =
      world.world.must(world.import_csv(world.viewer, "title,labels\na,Caf\u00E9\nCafe\u0301,Cafe\u0301\n"));
  CHECK(counts.labels == 1);
  CHECK(world.world.database().ask_as_owner("SELECT count(*) FROM issue_labels") == "2");
  CHECK(world.world.database().ask_as_owner("SELECT count(*) FROM issues WHERE title = U&'Caf\\00E9'") ==
        "1");
  const Result<ImportCounts> refused =
      world.import_csv(world.viewer, "title,labels,project\n\u200B,,\nx,\u3000,\ny,,\u2800\n");
  REQUIRE(!refused);
  REQUIRE(refused.error().fields.size() == 3);
  CHECK(refused.error().fields[0].field == "line 2");
  CHECK(refused.error().fields[0].message == "title: Must have at least one character that can be seen");
  CHECK(refused.error().fields[1].message ==
        "labels: name must have at least one character that can be seen");
  CHECK(refused.error().fields[2].message ==
        "project: name must have at least one character that can be seen");
}

TEST_CASE("a row of a table that says when it was changed, and not when it was made, was made by then") {
  TransferWorld world;
  const ImportCounts counts = world.world.must(
      world.import_csv(world.viewer, "title,updated\nold,2020-01-02\nto come,2099-01-01\nsilent,\n"));
  CHECK(counts.issues == 3);
  const auto times_of = [&](const char* title) {
    return world.world.database().ask_as_owner(
        std::string(
            "SELECT (created_at <= updated_at) || ' ' || updated_at::date || ' ' || created_at::date FROM "
            "issues WHERE title = '") +
        title + "'");
  };
  CHECK(times_of("old") == "true 2020-01-02 2020-01-02");
  CHECK(times_of("to come") == "true 2099-01-01 2026-02-02");
  CHECK(times_of("silent") == "true 2026-02-02 2026-02-02");
}

TEST_CASE("a completion date closes its issue, or is a mistake by its line; nothing given is dropped") {
  TransferWorld world;
  const ImportCounts counts =
      world.world.must(world.import_csv(world.viewer, "title,completed\nBuy boards,2026-09-03\nOpen,\n"));
  CHECK(counts.issues == 2);
  const std::string shown = world.exported(ExportFormat::csv);
  CHECK(shown.find("1,Buy boards,,Done,NO_PRIORITY,,,,,,,2026-09-03T00:00:00.000Z,") != std::string::npos);
  CHECK(shown.find("2,Open,,Backlog,NO_PRIORITY,,,,,,,,") != std::string::npos);
  const Result<ImportCounts> refused = world.import_csv(
      world.viewer,
      "title,status,completed,created,updated\nA,In Progress,2026-09-03,,\nB,Done,2026-09-03,,\n"
      "C,,,2026-09-03,2026-09-02\n");
  REQUIRE(!refused);
  std::string told;
  for (const FieldError& field : refused.error().fields) told += field.field + ": " + field.message + "\n";
  CHECK(told ==
        "line 2: completed: there is a date, but \"In Progress\" is no closed status; name one that is, or "
        "leave the "
        "date out\n"
        "line 4: updated: is before created\n");
  CHECK(world.exported(ExportFormat::csv) == shown);
}

TEST_CASE("names with commas, quotes and spaces go out in a table and come in again as they are") {
  TransferWorld from;
  Issue issue;
  issue.title = "With labels";
  for (const char* name : {"kitchen, bath", "5\" disk", "\"quoted\"", "plain"}) {
    Label label;
    label.name = name;
    issue.label_ids.push_back(from.world.must(create_label(from.world.context(), from.viewer, label)).id);
  }
  from.world.must(create_issue(from.world.context(), from.viewer, issue));
  const std::string table = from.exported(ExportFormat::csv);
  TransferWorld to;
  const ImportCounts counts = to.world.must(to.import_csv(to.viewer, table));
  CHECK(counts.labels == 4);
  CHECK(to.exported(ExportFormat::csv) == table);
  CHECK(to.import_csv(to.viewer, "title,labels\nx,\"\"\"open, a\"\n").error().fields.size() == 1);
}

TEST_CASE(
    "rows of nothing are passed over, columns of labels are joined, a column with a comma can be mapped") {
  TransferWorld world;
  ImportCounts counts =
      world.world.must(world.import_csv(world.viewer, "title,due\nA,2026-02-01\n,\n , \nB,\n"));
  CHECK(counts.issues == 2);
  CHECK(counts.read == 2);
  counts =
      world.world.must(world.import_csv(world.viewer, "Summary,Labels,Labels\nPump stops,pump,urgent\n"));
  CHECK(counts.labels == 2);
  CHECK(world.exported(ExportFormat::csv).find("Pump stops,,Backlog,NO_PRIORITY,,,\"pump, urgent\"") !=
        std::string::npos);
  const std::string table = "Summary,\"Story Points, est.\"\nPump stops,3\n";
  const Error unknown = world.import_csv(world.viewer, table).error();
  CHECK(unknown.message.find("--map '\"Story Points, est.\"='") != std::string::npos);
  CsvImportOptions options;
  options.columns = column_map_from_text("\"Story Points, est.\"=").value();
  CHECK(world.world.must(world.import_csv(world.viewer, table, options)).issues == 1);
  const Error doubled = world.import_csv(world.viewer, "title,title\na,b\n").error();
  REQUIRE(doubled.fields.size() == 1);
  CHECK(doubled.fields[0].message.find("two columns are called “title”") == 0);
}

TEST_CASE("a table of many batches comes in as one step, and one mistake in its last row refuses all of it") {
  TransferWorld world;
  // Each third row is below one that comes later, each batch ends between a row and its parent.
  constexpr int row_count = 1203;
  std::string table = "number,title,parent,project\n";
  for (int row = 1; row <= row_count; ++row) {
    table += std::to_string(row) + ",Row " + std::to_string(row) + "," +
             (row % 3 == 1 && row + 100 <= row_count ? std::to_string(row + 100) : "") + ",P" +
             std::to_string(row % 4) + "\n";
  }
  const std::string before = world.exported();
  const Result<ImportCounts> refused = world.import_csv(world.viewer, table + "1204,,,\n");
  REQUIRE(!refused);
  CHECK(refused.error().message == "1 mistake in the table; nothing was written.");
  CHECK(refused.error().fields[0].field == "line 1205");
  CHECK(world.exported() == before);

  const ImportCounts counts = world.world.must(world.import_csv(world.viewer, table));
  CHECK(counts.read == row_count);
  CHECK(counts.issues == row_count);
  CHECK(counts.projects == 4);
  world.world.check_gapless(world.viewer);
  const std::string shown = world.exported(ExportFormat::csv);
  CHECK(shown.find("\r\n1,Row 1,") != std::string::npos);
  CHECK(shown.find("\r\n1203,Row 1203,") != std::string::npos);
  CHECK(shown.find(",P1,,,101,") != std::string::npos);
  const std::int64_t head = world.world.must(last_change_id(world.world.context(), world.viewer));
  world.world.must(undo_change(world.world.context(), world.viewer, head));
  CHECK(world.exported(ExportFormat::csv).find('\n') == world.exported(ExportFormat::csv).size() - 1);
}

TEST_CASE("parents in a table are there, and nobody is above themselves") {
  TransferWorld world;
  const Result<ImportCounts> done = world.import_csv(
      world.viewer, "number,title,parent\n1,a,2\n2,b,3\n3,c,1\n4,d,9\n5,e,5\n5,f,\n,g,77\n6,h,7\n7,i,\n");
  REQUIRE(!done);
  std::string told;
  for (const FieldError& field : done.error().fields) told += field.field + ": " + field.message + "\n";
  CHECK(told ==
        "line 2: parent: the row is its own ancestor\n"
        "line 3: parent: the row is its own ancestor\n"
        "line 4: parent: the row is its own ancestor\n"
        "line 5: parent: no row of this table has the number or the title “9”\n"
        "line 6: parent: the row is its own ancestor\n"
        "line 7: number: 5 is there twice\n"
        "line 8: parent: no row of this table has the number or the title “77”\n");
}
