// Tables as other programs write them: what is in the way is told at once, with the map that mends it.
#include <string>

#include <doctest/doctest.h>

#include "server/service/import.hpp"
#include "server/service/sync.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

struct Desk {
  test::ServiceWorld world;
  Viewer viewer = world.add_viewer("a@example.org");

  Result<ImportCounts> import(std::string_view text, CsvImportOptions options = {}) {
    const std::unique_ptr<Import> import = TRY(begin_csv_import(world.context(), viewer, std::move(options)));
    while (!text.empty()) {
      TRY(import->add(text.substr(0, 7)));
      text.remove_prefix(std::min<std::size_t>(7, text.size()));
    }
    return import->finish();
  }
  std::string ask(const std::string& sql) { return world.database().ask_as_owner(sql); }
  std::string issues(const std::string& columns, const std::string& order = "number") {
    return ask("SELECT string_agg(concat_ws(' / ', " + columns + "), E'\\n' ORDER BY " + order +
               ") FROM issues i");
  }
};

std::string fields_of(const Error& error) {
  std::string told;
  for (const FieldError& field : error.fields) told += field.field + ": " + field.message + "\n";
  return told;
}

// As a person copies the flags out of the message.
std::string flag_in(const std::string& message, const std::string& flag) {
  const std::size_t begin = message.find(flag + " '");
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + flag.size() + 2;
  return message.substr(from, message.find('\'', from) - from);
}

constexpr std::string_view tracker_table =
    "Summary,Issue key,Issue id,Status,Priority,Created,Resolved,Due date,Labels,Labels,Comment,Comment,"
    "\"Points, est.\",Parent\n"
    "Pump stops,P-7,10007,In Progress,Highest,12/Mar/25 3:14 PM,,14/Mar/25 12:00 AM,pump,urgent,x,y,3,\n"
    "Write the manual,P-8,10008,Resolved,Medium,01/Dec/24 11:59 PM,02/Dec/24 12:01 AM,,docs,,,,,10007\n"
    "Another,P-9,10009,Resolved,Highest,01/Dec/24 11:59 AM,02/Dec/24 12:01 AM,,,,,,,\n";

}  // namespace

TEST_CASE("all that is in the way of a table is told at once, with the maps that let it in") {
  Desk desk;
  const Result<ImportCounts> refused = desk.import(tracker_table);
  REQUIRE(!refused);
  const Error& error = refused.error();
  const std::string told = fields_of(error);
  for (const char* column : {"Issue key", "Comment", "Points, est."})
    CHECK(told.find("the column “" + std::string(column) + "” is not known") != std::string::npos);
  CHECK(told.find("line 3: status: ") != std::string::npos);
  CHECK(told.find(" has none that is called “Resolved” (2 rows)") != std::string::npos);
  CHECK(told.find("line 2: priority: “Highest” is none of none, low, medium, high and urgent (2 rows)") !=
        std::string::npos);
  CHECK(told.find("“12/Mar/25 3:14 PM” is no date") != std::string::npos);
  CHECK(error.message.find("--dates day-first") != std::string::npos);
  CHECK(flag_in(error.message, "--map") == "Issue key=,Comment=,\"Points, est.\"=");
  CHECK(flag_in(error.message, "--map-value") == "priority:Highest=urgent,status:Resolved=Done");
  CHECK(desk.world.must(last_change_id(desk.world.context(), desk.viewer)) == 1);

  CsvImportOptions options;
  options.columns = desk.world.must(column_map_from_text(flag_in(error.message, "--map")));
  options.values = desk.world.must(value_map_from_text(flag_in(error.message, "--map-value")));
  options.dates = desk.world.must(date_order_from_text("day-first"));
  options.is_dry_run = true;
  CHECK(desk.world.must(desk.import(tracker_table, options)).issues == 3);
  CHECK(desk.world.must(last_change_id(desk.world.context(), desk.viewer)) == 1);
  CHECK(desk.ask("SELECT count(*) FROM labels") == "0");

  options.is_dry_run = false;
  const ImportCounts counts = desk.world.must(desk.import(tracker_table, options));
  CHECK(counts.issues == 3);
  CHECK(counts.labels == 3);
  CHECK(desk.issues("number, title, (SELECT s.name FROM statuses s WHERE s.id = i.status_id), priority, "
                    "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), due_date, "
                    "(SELECT p.number FROM issues p WHERE p.id = i.parent_issue_id)") ==
        "1 / Pump stops / In Progress / URGENT / 2025-03-12 15:14 / 2025-03-14\n"
        "2 / Write the manual / Done / MEDIUM / 2024-12-01 23:59 / 1\n"
        "3 / Another / Done / URGENT / 2024-12-01 11:59");
  desk.world.check_gapless(desk.viewer);
}

TEST_CASE("dates are read in the order that is told, and never in one that is guessed") {
  struct Written {
    const char* text;
    DateOrder order;
    const char* day;
  };
  const Written rows[] = {
      {"2026-02-28", DateOrder::unknown, "2026-02-28"},
      {"2026-02-28", DateOrder::month_first, "2026-02-28"},
      {"Oct 5 2026", DateOrder::unknown, "2026-10-05"},
      {"5 October, 2026", DateOrder::unknown, "2026-10-05"},
      {"2026/3/4", DateOrder::unknown, "2026-03-04"},
      {"03/04/2025", DateOrder::unknown, ""},
      {"03/04/2025", DateOrder::day_first, "2025-04-03"},
      {"03/04/2025", DateOrder::month_first, "2025-03-04"},
      {"3.4.25", DateOrder::day_first, "2025-04-03"},
      {"12/Mar/25 3:14 PM", DateOrder::unknown, ""},
      {"12/Mar/25 3:14 PM", DateOrder::day_first, "2025-03-12"},
      {"Mar/12/98", DateOrder::month_first, "1998-03-12"},
      {"31/02/2025", DateOrder::day_first, ""},
      {"13/13/2025", DateOrder::day_first, ""},
      {"2026-10-07T23:30:00-02:00", DateOrder::unknown, "2026-10-07"},
      {"tomorrow", DateOrder::day_first, ""},
      {"every monday at 9am", DateOrder::day_first, ""},
      {"12", DateOrder::day_first, ""},
      {"", DateOrder::day_first, ""},
      {"2026-05-Oct", DateOrder::day_first, ""},
      {"May Oct 2026", DateOrder::unknown, ""},
  };
  for (const Written& row : rows) {
    CAPTURE(row.text);
    const Result<Date> day = day_from_cell(row.text, row.order);
    CHECK((day ? to_string(*day) : "") == row.day);
  }
  CHECK(day_from_cell("03/04/2025", DateOrder::unknown).error().kind == needs_date_order);
  CHECK(day_from_cell("soon", DateOrder::unknown).error().kind.empty());
  const auto moment = [](const char* text) {
    const Result<Timestamp> read = moment_from_cell(text, DateOrder::day_first);
    return read ? to_string(*read) : read.error().message;
  };
  CHECK(moment("12/Mar/25 12:00 AM") == "2025-03-12T00:00:00.000Z");
  CHECK(moment("12/Mar/25 12:07 PM") == "2025-03-12T12:07:00.000Z");
  CHECK(moment("12.3.2025, 23:59:59") == "2025-03-12T23:59:59.000Z");
  CHECK(moment("2026-02-01 14:30") == "2026-02-01T14:30:00.000Z");
  CHECK(moment("12.3.2025 25:00") == "“12.3.2025 25:00” is no date such as 2026-02-28");
  CHECK(moment("12.3.2025 13:00 PM") == "“12.3.2025 13:00 PM” is no date such as 2026-02-28");
}

TEST_CASE("a table of a spreadsheet is read with its separator and its encoding, and no letter is replaced") {
  const std::string wanted = "1 / Gr\u00F6\u00DFe / b\u00FCro, ma\u00DF / 2026-02-01";
  const std::string columns =
      "number, title, (SELECT string_agg(l.name, ', ' ORDER BY l.name) FROM issue_labels j JOIN labels l ON "
      "l.id = j.label_id WHERE j.issue_id = i.id), due_date";
  {
    Desk desk;
    desk.world.must(desk.import(
        "\xEF\xBB\xBFsep=;\r\ntitle;due;labels\r\nGr\u00F6\u00DFe;2026-02-01;b\u00FCro, ma\u00DF\r\n"));
    CHECK(desk.issues(columns) == wanted);
  }
  const std::string western =
      "title;due;labels\r\nGr\xF6\xDF"
      "e;2026-02-01;b\xFCro, ma\xDF\r\n";
  {
    Desk desk;
    const Error error = desk.import(western).error();
    CHECK(error.message.find("Line 2: this is not text in UTF-8. Say which encoding") == 0);
    CHECK(error.message.find("--encoding windows-1252") != std::string::npos);
    CHECK(desk.import(western, {.encoding = "klingon"}).error().field == "encoding");
    CHECK(desk.import("title\nx\xFF", {.encoding = "ascii"}).error().field == "encoding");
    desk.world.must(desk.import(western, {.encoding = "windows-1252"}));
    CHECK(desk.issues(columns) == wanted);
  }
  {
    // Held back by the converter until the text ends.
    Desk desk;
    desk.world.must(desk.import("title\nHello", {.encoding = "windows-1258"}));
    CHECK(desk.issues("title") == "Hello");
  }
  std::string wide = "\xFF\xFE";
  for (const char c : western) wide += {c, '\0'};
  {
    Desk desk;
    desk.world.must(desk.import(wide));
    CHECK(desk.issues(columns) == wanted);
    CHECK(desk.import(wide.substr(0, wide.size() - 1)).error().message.find("ends within a letter") !=
          std::string::npos);
  }
}

TEST_CASE(
    "a table of Todoist's: tasks become issues, indented ones sub-issues, and what has no place is told") {
  Desk desk;
  const ImportCounts counts = desk.world.must(desk.import(
      "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_"
      "UNIT,"
      "DEADLINE,DEADLINE_LANG\n"
      "meta,view_style=list,,,,,,,,,,,,\n"
      "task,Water the plants @home @weekly,Only the tall ones,1,1,Kim (1),,every monday at "
      "9am,en,UTC,15,minute,,\n"
      "task,Fill the can,,4,2,Kim (1),,Oct 5 2026,en,UTC,,None,2026-10-06,en\n"
      "note,The can leaks,,,,Kim (1),,,,,,,,\n"
      ",,,,,,,,,,,,,\n"
      "section,Later,,,,,,,,,,,,\n"
      "task,\"Order seeds, \"\"heirloom\"\" kind\",,2,1,Kim (1),Lee (2),6 Oct 2026,en,UTC,,,,\n"));
  CHECK(counts.issues == 3);
  CHECK(desk.issues(
            "number, title, description, priority, start_date, due_date, (SELECT p.number FROM issues p "
            "WHERE p.id = i.parent_issue_id), (SELECT string_agg(l.name, '+' ORDER BY l.name) FROM "
            "issue_labels j JOIN labels l ON l.id = j.label_id WHERE j.issue_id = i.id)") ==
        "1 / Water the plants / Only the tall ones / URGENT / home+weekly\n"
        "2 / Fill the can / The can leaks / NO_PRIORITY / 2026-10-05 / 2026-10-06 / 1\n"
        "3 / Order seeds, \"heirloom\" kind /  / HIGH / 2026-10-06");
  std::string told;
  for (const ImportNote& note : counts.notes.kept())
    told += std::to_string(note.line) + " " + note.what + "\n";
  CHECK(told ==
        "3 date: “every monday at 9am” was left out, it names no day of its own\n"
        "3 duration: “15 minute” was left out\n"
        "7 section: “Later” was left out\n"
        "8 responsible: “Lee (2)” was left out\n");
}

TEST_CASE("a line break in a title becomes a blank, and that is told; a thousand columns are read") {
  Desk desk;
  const ImportCounts counts = desk.world.must(desk.import("title\n\"Two\r\n  lines\"\n"));
  CHECK(desk.issues("title") == "Two lines");
  REQUIRE(counts.notes.count() == 1);
  CHECK(counts.notes.kept()[0].what == "title: a line break became a blank");
  std::string header = "Summary";
  std::string row = "Wide";
  for (int at = 1; at < 1000; ++at) {
    header += ",Comment";
    row += ",c";
  }
  CHECK(desk.world.must(desk.import(header + "\n" + row + "\n", {.columns = {{"Comment", ""}}})).issues == 1);
  CHECK(desk.import("").error().message.find("empty") != std::string::npos);
}

TEST_CASE("maps of values are pairs, and name a column that has values") {
  CHECK(value_map_from_text("status:Resolved").error().field == "values");
  CHECK(value_map_from_text("Resolved=Done").error().field == "values");
  CHECK(value_map_from_text("due:x=y").error().message.find("\"due\" is no column") == 0);
  const Result<TableValues> values = value_map_from_text("Status: Won't do =Done,\"labels:a, b\"=c");
  REQUIRE(values);
  CHECK(values->at({"status", "won't do"}) == "Done");
  CHECK(values->at({"labels", "a, b"}) == "c");
}

}  // namespace dits
