// Tables as other programs write them: what is in the way is told at once, with the map that mends it.
#include <string>

#include <doctest/doctest.h>

#include "server/service/import.hpp"
#include "server/service/sync.hpp"
#include "server/service/table_words.hpp"
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
  CHECK(moment("2026-02-28T10:00Z") == "2026-02-28T10:00:00.000Z");
  CHECK(moment("28 Feb 2026 10:00 +0200") == "2026-02-28T08:00:00.000Z");
  CHECK(moment("28 Feb 2026, 15:14:07.123 UTC") == "2026-02-28T15:14:07.123Z");
  CHECK(moment("Sat Mar 01 2025 00:30:00 GMT+0100 (Central European Standard Time)") ==
        "2025-02-28T23:30:00.000Z");
  CHECK(moment("Saturday, 28 February 2026 3:14 pm") == "2026-02-28T15:14:00.000Z");
  CHECK(moment("28 Feb 2026 10:00 +2") == "“28 Feb 2026 10:00 +2” is no date such as 2026-02-28");
  CHECK(moment("28 Feb 2026 10:00 EST") == "“28 Feb 2026 10:00 EST” is no date such as 2026-02-28");
  CHECK(to_string(*day_from_cell("Sat Mar 01 2025 00:30:00 GMT+0100 (CET)", DateOrder::unknown)) ==
        "2025-03-01");
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
  for (const char* name : {"latin1", "Latin-1", "ISO8859-15", "cp1252", "iso_8859-1"}) {
    Desk desk;
    desk.world.must(desk.import(western, {.encoding = name}));
    CHECK(desk.issues(columns) == wanted);
  }
  {
    // Romanian, whose letters are others in iso-8859-10.
    Desk desk;
    desk.world.must(desk.import("title\n\xAA\n", {.encoding = "latin10"}));
    CHECK(desk.issues("title") == "\u0218");
  }
  {
    Desk desk;
    desk.world.must(desk.import("title\nGr\u00F6\u00DFe", {.encoding = "UTF-8"}));
    CHECK(desk.import(western, {.encoding = "utf-8"}).error().message.find("not text in UTF-8") !=
          std::string::npos);
    // What is no table of text at all is not asked for its encoding.
    const std::string workbook = std::string("PK\x03\x04\x14", 5) + std::string(9, '\0') + "\n";
    CHECK(desk.import(workbook).error().message.find("save it as CSV") != std::string::npos);
    CHECK(desk.import("\x1f\x8b\x08 x\n").error().message.find("unpack it") != std::string::npos);
    const std::string with_nul("title\na\0b\n", 10);
    CHECK(desk.import(with_nul).error().message.find("Line 2: a byte 0 stands here") == 0);
    CHECK(desk.import(with_nul).error().message.find("Say which encoding") == std::string::npos);
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
    CHECK(desk.world.must(desk.import(wide, {.encoding = "utf-16"})).issues == 1);
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

TEST_CASE(
    "columns of other programs are known, or proposed once, and rows are looked through with what is "
    "proposed") {
  Desk desk;
  // Known as they are.
  CHECK(desk.world
            .must(desk.import("Task Name,Created At (UTC),Closed_at,Due Date,Parent task,,\n"
                              "A,2026-01-01,2026-01-02,2026-02-01,,,\nB,2026-01-01,,,A,\nC,,,,,,,,\n"))
            .issues == 3);
  CHECK(desk.issues("title, created_at::date, completed_at::date, due_date, (SELECT p.title FROM issues p "
                    "WHERE p.id = i.parent_issue_id)") ==
        "A / 2026-01-01 / 2026-01-02 / 2026-02-01\nB / 2026-01-01 / A\nC / " +
            desk.ask("SELECT created_at::date FROM issues WHERE title = 'C'"));

  const std::string table =
      "Ticket title,Long text,Ticket key,Severity,Board column,Assignee name,Created by,Creation "
      "day,Sub-task of\n"
      "Pump,Stops,DEV-7,Show-stopper,Doing,Kim,Lee,2026-01-02,\n"
      "Valve,,DEV-8,,won't fix,,,2026-01-03,DEV-7\n";
  const Error error = desk.import(table).error();
  CHECK(flag_in(error.message, "--map") ==
        "Ticket title=title,Long text=description,Ticket key=number,Severity=priority,Board column=status,"
        "Assignee name=,Created by=,Creation day=created,Sub-task of=parent");
  const std::string values = error.message.substr(error.message.find("--map-value"));
  CHECK(values.find("priority:Show-stopper=urgent") != std::string::npos);
  CHECK(values.find("status:Doing=In Progress") != std::string::npos);
  CHECK(fields_of(error).find("no column for the title") == std::string::npos);
  CsvImportOptions options;
  options.columns = desk.world.must(column_map_from_text(flag_in(error.message, "--map")));
  options.values = desk.world.must(
      value_map_from_text("priority:Show-stopper=urgent,status:Doing=In Progress,status:won't fix=Done"));
  CHECK(desk.world.must(desk.import(table, options)).issues == 2);
  CHECK(desk.ask("SELECT p.title FROM issues i JOIN issues p ON p.id = i.parent_issue_id WHERE i.title = "
                 "'Valve'") == "Pump");
}

TEST_CASE("of a list's key and its name the name is proposed, and a sprint's days are no issue's") {
  Desk desk;
  const Error error = desk.import(
                              "Card ID,Card Name,List ID,List Name,Board ID,Board Name,Cycle "
                              "Start\nc1,A,l1,Doing,b1,House,\n")
                          .error();
  CHECK(flag_in(error.message, "--map") ==
        "Card ID=number,List ID=,List Name=status,Board ID=,Board Name=project,Cycle Start=");
  CHECK(flag_in(error.message, "--map-value") == "status:Doing=In Progress");
}

TEST_CASE("a map speaks of columns whatever their case, and one that fits nothing is refused") {
  Desk desk;
  const std::string table = "Title,Description,priority\nA,secret,Highest\n";
  CsvImportOptions options;
  options.columns = {{"description", ""}};
  options.values = {{{"priority", "highest"}, "urgent"}};
  CHECK(desk.world.must(desk.import(table, options)).issues == 1);
  CHECK(desk.issues("title, description, priority") == "A /  / URGENT");
  options.columns = {{"Descripton", ""}};
  options.values[{"status", "x"}] = "Done";
  options.values[{"priority", "hi"}] = "high";
  CHECK(fields_of(desk.import(table, options).error()) ==
        "columns: the table has no column “Descripton”; it has Title, Description, priority\n"
        "values: the table has no column status\nvalues: no priority in the table is “hi”\n");
}

TEST_CASE("what is wrong with the columns themselves does not keep the rest from being told") {
  Desk desk;
  const Error doubled = desk.import("title,Name,due\nA,B,soon\n").error();
  CHECK(fields_of(doubled).find("line 1: the columns “title” and “Name” are both the title") !=
        std::string::npos);
  CHECK(fields_of(doubled).find("line 2: due: ") != std::string::npos);
  CHECK(flag_in(doubled.message, "--map") == "Name=");
  CHECK(fields_of(desk.import("title,Title\nA,B\n").error()).find("two columns are called “title”") !=
        std::string::npos);
  const Error nameless = desk.import("title,\nA,lost?\n").error();
  CHECK(fields_of(nameless) == "line 2: column 2 has no name in line 1, but here “lost?”\n");
  CHECK(desk.import("title,due\nA,,lost?\n").error().fields.size() == 1);
  std::string soon = "title,due\n";
  for (int row = 0; row < 25; ++row) soon += "A,soon\n";
  CHECK(desk.import(soon).error().message.find("25 mistakes in the table (20 of them are told); ") == 0);
}

TEST_CASE("rows name their parents by keys of any kind, by the number 0, or by a title that only one has") {
  Desk desk;
  const std::string parents = "title, (SELECT p.title FROM issues p WHERE p.id = i.parent_issue_id)";
  desk.world.must(
      desk.import("number,title,parent\n0,Nought,\n1,Child,0\n#2,Grandchild,#01\nDEV-3,Key,DEV-4\n"
                  "DEV-4,Late,\n,By title,Late\n"));
  CHECK(desk.issues(parents) ==
        "Nought\nChild / Nought\nGrandchild / Child\nKey / Late\nLate\nBy title / Late");
  const auto told = [&](const std::string& rows) {
    return fields_of(desk.import("number,title,parent\n" + rows).error());
  };
  CHECK(told("1,Same,\n2,Same,\n3,C,Same\n") ==
        "line 4: parent: several rows have the title “Same”; name the one by its number\n");
  CHECK(told("1,A,B\n2,B,A\n").find("the row is its own ancestor") != std::string::npos);
  CHECK(told("1,A,nowhere\n") ==
        "line 2: parent: no row of this table has the number or the title “nowhere”\n");
  CHECK(told("1,A,X\n2,X,\nX,C,\n") ==
        "line 2: parent: “X” is the number of one row and the title of another\n");
  CHECK(told("1,A,7\n2,B,Late\n7,Late,\n") ==
        "line 3: parent: another row names the one with the title “Late” by its number; do so here, too\n");
}

TEST_CASE("a closed issue without a day of completion was last touched when the table says so") {
  Desk desk;
  desk.world.must(desk.import("title,status,updated\nOld,done,2020-02-01T10:00:00Z\nNew,DONE,\n"));
  CHECK(desk.issues("title, completed_at::date, completed_at = created_at") ==
        "Old / 2020-02-01 / t\nNew / " +
            desk.ask("SELECT completed_at::date FROM issues WHERE title = 'New'") + " / t");
}

TEST_CASE("statuses are known however their words are joined, and others proposed by what they mean") {
  Workflow workflow;
  for (const char* name : {"Backlog", "To Do", "In Progress", "In Review", "Done"}) {
    workflow.statuses.emplace_back();
    workflow.statuses.back().name = name;
  }
  workflow.statuses.back().is_closed = true;
  for (const char* name : {"in-progress", "in_progress", "INPROGRESS", "In progress"}) {
    CAPTURE(name);
    REQUIRE(status_called(workflow, name) != nullptr);
    CHECK(status_called(workflow, name)->name == "In Progress");
  }
  CHECK(status_called(workflow, "doing") == nullptr);
  CHECK(status_called(workflow, "!?") == nullptr);
  const std::pair<const char*, const char*> proposed[] = {{"Doing", "In Progress"},
                                                          {"open", "To Do"},
                                                          {"QA", "In Review"},
                                                          {"Wont Fix", "Done"},
                                                          {"Released", "Done"},
                                                          {"Erledigt", "Done"},
                                                          {"icebox", "Backlog"},
                                                          {"whatever", "Backlog"}};
  for (const auto& [theirs, ours] : proposed) {
    CAPTURE(theirs);
    CHECK(suggested_status(workflow, theirs) == ours);
  }
  workflow.statuses.emplace_back();
  workflow.statuses.back().name = "In-Progress";
  CHECK(status_called(workflow, "inprogress") == nullptr);  // either
  CHECK(status_called(workflow, "in-progress")->name == "In-Progress");
  CHECK(suggested_priority("Very High") == "urgent");
  CHECK(suggested_priority("2") == "high");
  CHECK(priority_from_cell("no-priority") == Priority::none);
  CHECK(!priority_from_cell("!!!"));
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
