// Out and in again: nothing is lost, and nothing half comes in.
#include "server/store/transfer.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "server/cache/session_cache.hpp"
#include "server/service/accounts.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/attachments.hpp"
#include "server/service/auth.hpp"
#include "server/service/credentials.hpp"
#include "server/service/export.hpp"
#include "server/service/history.hpp"
#include "server/service/import.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/sync.hpp"
#include "tests/support/transfer_world.hpp"

using namespace dits;
using namespace dits::test;

TEST_CASE("an export that was imported is exported byte for byte the same") {
  TransferWorld from;
  from.live();
  const std::string text = from.exported();
  TransferWorld to;
  const ImportCounts counts = to.world.must(to.import_json(to.viewer, text));
  CHECK(counts.issues == 3);
  CHECK(counts.files == 1);
  CHECK(to.exported() == text);
  to.world.check_gapless(to.viewer);
  // It lives on: the next issue has the next number, and undo knows the past.
  CHECK(to.world.add_issue(to.viewer, "Next").number == 4);
  const OpenAttachment opened =
      to.world.must(open_attachment(to.world.context(), to.viewer, {from.first.id, 0}, from.file.id));
  CHECK(opened.attachment.byte_size == 300'000);
}

TEST_CASE("an import goes only into an account in which nothing was made") {
  TransferWorld world;
  world.live();
  const std::string text = world.exported();
  CHECK(world.import_json(world.viewer, text).error().kind == "account_in_use");
  CHECK(world.exported() == text);
  // Another account on the same server takes it: ids belong to their owner.
  const Viewer other = world.world.add_viewer("b@example.org");
  world.world.must(world.import_json(other, text));
  CHECK(replaced(world.exported(ExportFormat::json, other), "b@example.org", "a@example.org") == text);
  CHECK(world.exported() == text);
}

TEST_CASE(
    "while an import is on its way, sign-in, sign-out, revocation and a new password take effect at once") {
  TransferWorld from;
  from.live();
  const std::string text = from.exported();
  TransferWorld to;
  ServiceContext& context = to.world.context();
  PasswordHasher passwords(PasswordCost{64, 1, 1});
  const std::unique_ptr<KeyValue> memory = make_memory_key_value();
  SessionCache cache(memory.get());
  AuthContext auth{context, passwords, cache, false};
  const Viewer owner = to.viewer;
  const std::string email = "a@example.org";
  to.world.must(set_account_password(context, passwords, email, "the first one"));
  const SignedIn first = to.world.must(sign_in(auth, {}, {email, "the first one"}));
  const NewToken token =
      to.world.must(create_token(context, owner, {"program", TokenScope::read, std::nullopt}));
  CHECK(viewer_of_token(auth, token.secret));

  const std::unique_ptr<Import> import = to.world.must(begin_json_import(context, owner));
  const std::size_t half = text.size() / 2;
  to.world.must(import->add(text.substr(0, half)));
  const auto start = std::chrono::steady_clock::now();
  const SignedIn second = to.world.must(sign_in(auth, {}, {email, "the first one"}));
  to.world.must(revoke_token(auth, owner, token.token.id));
  CHECK_FALSE(viewer_of_token(auth, token.secret));
  const Viewer leaving = to.world.must(viewer_of_session(auth, first.session_token));
  to.world.must(sign_out(auth, leaving));
  CHECK_FALSE(viewer_of_session(auth, first.session_token));
  const Viewer staying = to.world.must(viewer_of_session(auth, second.session_token));
  to.world.must(change_password(auth, staying, {"the first one", "the second one"}));
  CHECK_FALSE(sign_in(auth, {}, {email, "the first one"}));
  CHECK(sign_in(auth, {}, {email, "the second one"}));
  // Another account is none of the import's business.
  const Viewer other = to.world.add_viewer("b@example.org");
  to.world.must(set_account_password(context, passwords, "b@example.org", "another one"));
  CHECK(sign_in(auth, {}, {"b@example.org", "another one"}));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(3));

  to.world.must(import->add(text.substr(half)));
  to.world.must(import->finish());
  to.world.must(settle_all_waiting_changes(context));
  to.world.check_gapless(owner);
  CHECK(to.world.database().ask_as_owner("SELECT string_agg(entity_type || ' ' || action, ', ' ORDER BY "
                                         "change_id) FROM (SELECT * FROM audit_logs "
                                         "WHERE user_id = '" +
                                         to_string(owner.user_id) + "' ORDER BY change_id DESC LIMIT 2) l") ==
        "api_token DELETE, user UPDATE");
  // What the import brought is there, and what happened meanwhile was not undone by it.
  CHECK_FALSE(viewer_of_token(auth, token.secret));
  CHECK(viewer_of_session(auth, second.session_token));
  CHECK(sign_in(auth, {}, {email, "the second one"}));
}

TEST_CASE("a table on its way in holds up no revocation either") {
  TransferWorld world;
  ServiceContext& context = world.world.context();
  PasswordHasher passwords(PasswordCost{64, 1, 1});
  const std::unique_ptr<KeyValue> memory = make_memory_key_value();
  SessionCache cache(memory.get());
  AuthContext auth{context, passwords, cache, false};
  const NewToken token =
      world.world.must(create_token(context, world.viewer, {"program", TokenScope::read, std::nullopt}));
  // Whatever holds the counters: an import of a table, of GitHub's issues, a change of many.
  AuditedTransaction work = world.world.must(AuditedTransaction::begin(context, world.viewer));
  const auto start = std::chrono::steady_clock::now();
  world.world.must(revoke_token(auth, world.viewer, token.token.id));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  CHECK_FALSE(viewer_of_token(auth, token.secret));
  CHECK(revoke_token(auth, world.viewer, token.token.id).error().code == ErrorCode::not_found);
  world.world.must(work.commit());
  world.world.must(settle_all_waiting_changes(context));
  world.world.check_gapless(world.viewer);
  CHECK(world.world.database().ask_as_owner(
            "SELECT count(*) FROM audit_logs WHERE entity_type = 'api_token' AND action = 'DELETE'") == "1");
  CHECK(world.world.database().ask_as_owner("SELECT count(*) FROM waiting_changes") == "0");
}

TEST_CASE("only the log of an account in which nothing was made can be begun anew, and by its owner alone") {
  TransferWorld world;
  world.live();
  const Viewer other = world.world.add_viewer("b@example.org");
  const auto log_of = [&](const Viewer& viewer) {
    return world.world.database().ask_as_owner("SELECT count(*) FROM audit_logs WHERE user_id = '" +
                                               to_string(viewer.user_id) + "'");
  };
  const std::string before = log_of(world.viewer);
  Database& database = world.world.database().database();
  Transaction own = world.world.must(database.begin(Actor::of_user(world.viewer.user_id), Access::write));
  CHECK_FALSE(store::empty_account(own, world.viewer.user_id));
  CHECK(log_of(world.viewer) == before);
  Transaction nobody = world.world.must(database.begin(Actor::of_system(), Access::write));
  CHECK(store::empty_account(nobody, other.user_id));
  world.world.must(nobody.commit());
  CHECK(log_of(other) != "0");
}

TEST_CASE("a file that is missing or damaged on the server stops an export, which names it") {
  TransferWorld world;
  world.live();
  const std::string& hash = world.file.sha256;
  const std::string path = world.files.directory() + "/" + hash.substr(0, 2) + "/" + hash.substr(2);
  const auto reason = [&](ExportFormat format) {
    const auto done = export_account(
        world.world.context(),
        world.viewer,
        format,
        [](std::string_view) { return Result<void>(); },
        nullptr);
    return done ? std::string("good") : done.error().message;
  };
  for (const ExportFormat format : {ExportFormat::json, ExportFormat::markdown}) {
    REQUIRE(write_file_atomically(path, std::string(300'000, 'x')));
    CHECK(reason(format) == "good");
    REQUIRE(write_file_atomically(path, std::string(299'999, 'x') + "y"));
    CHECK(reason(format).find("\"big.txt\" is damaged") != std::string::npos);
    REQUIRE(std::filesystem::remove(path));
    CHECK(reason(format).find("\"big.txt\" is missing") != std::string::npos);
  }
}

TEST_CASE("an import brings no more files than a user may have") {
  TransferWorld from;
  from.live();
  TransferWorld to;
  AttachmentLimits limits;
  limits.max_user_bytes = 300'000;
  const AttachmentFiles enough(to.directory.path() + "/enough", limits);
  limits.max_user_bytes = 299'999;
  const AttachmentFiles little(to.directory.path() + "/little", limits);
  to.world.context().files = &little;
  const auto refused = to.import_json(to.viewer, from.exported());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == "quota_exceeded");
  to.world.context().files = &enough;
  CHECK(to.world.must(to.import_json(to.viewer, from.exported())).files == 1);
}

TEST_CASE("a damaged export changes nothing and says what is wrong") {
  TransferWorld from;
  from.live();
  const std::string text = from.exported();
  TransferWorld to;
  const std::string before = to.exported();
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  const std::string no_end = text.substr(0, text.rfind('\n', text.size() - 2) + 1);
  const Row rows[] = {
      {"cut off", no_end, "ends too early"},
      {"cut in a line", text.substr(0, text.size() / 2), "Line "},
      {"a line lost",
       replaced(text, text.substr(text.find("{\"comment\""), 40), "{\"nothing\":{},\"x\":\""),
       "Line "},
      {"another format", replaced(text, "dits-export", "other"), "not an export of DITS"},
      {"a later version", replaced(text, "\"version\":1", "\"version\":99"), "has version 99"},
      {"a file changed",
       replaced(text, "\"data\":\"eHh4", "\"data\":\"eXl5"),
       "not the one that was exported"},
      {"no issue for a parent",
       replaced(text,
                "\"parentIssueId\":\"" + to_string(from.first.id),
                "\"parentIssueId\":\"0199c1f2-dead-7000-8000-00000000beef"),
       "points at what is not there"},
      {"its own ancestor",
       replaced(text, "\"parentIssueId\":null", "\"parentIssueId\":\"" + to_string(from.second.id) + "\""),
       "its own ancestor"},
      {"no JSON", "hello\n", "Line 1"},
      {"empty", "", "ends too early"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Result<ImportCounts> done = to.import_json(to.viewer, row.text);
    REQUIRE(!done);
    CAPTURE(done.error().message);
    CHECK(done.error().message.find(row.message) != std::string::npos);
    CHECK(to.exported() == before);
  }
}

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

TEST_CASE("the Markdown export has a file for each issue and the files beside them") {
  TransferWorld world;
  world.live();
  const std::string address =
      "/api/v1/issues/" + to_string(world.first.id) + "/attachments/" + to_string(world.file.id);
  IssueUpdate update;
  update.patch.description = "See ![big](" + address + ")";
  world.world.must(
      update_issue(world.world.context(), world.viewer, {world.first.id, 0}, update, std::nullopt));
  std::map<std::string, std::string> found;
  const auto keep = [&](const ExportedFile& file,
                        const std::function<Result<void>(const ExportSink&)>& write) -> Result<void> {
    return write([&](std::string_view bytes) -> Result<void> {
      found[file.path] += bytes;
      return {};
    });
  };
  world.world.must(export_markdown_files(world.world.context(), world.viewer, keep, nullptr));
  REQUIRE(found.size() == 3);
  const std::string& text = found.at("issues/1-first-with-everything.md");
  CHECK(text.starts_with(
      "---\nnumber: 1\ntitle: \"=First, with \\\"everything\\\"\"\nstatus: \"Backlog\"\npriority: HIGH\n"));
  CHECK(text.find("labels: [\"bug\"]\n") != std::string::npos);
  const std::string path = "files/" + world.file.sha256.substr(0, 16) + "/big.txt";
  CHECK(text.find("See ![big](../" + path + ")") != std::string::npos);
  CHECK(text.find("A comment\n") != std::string::npos);
  CHECK(found.at(path).size() == 300'000);
  CHECK(found.at("issues/2-child.md").find("parent: 1\n") != std::string::npos);
}

TEST_CASE("the tar of an export is one that tar reads") {
  TransferWorld world;
  world.live();
  Issue draft;
  draft.title =
      "Ein sehr langer Titel mit Umlauten äöü, der über hundert Zeichen eines Namens hinausgeht, damit es "
      "pax braucht";
  world.world.must(create_issue(world.world.context(), world.viewer, draft));
  const std::string path = world.directory.path() + "/export.tar";
  std::ofstream(path, std::ios::binary) << world.exported(ExportFormat::markdown);
  const std::string folder = world.directory.path() + "/out";
  std::filesystem::create_directories(folder);
  REQUIRE(std::system(("tar -xf " + path + " -C " + folder).c_str()) == 0);
  CHECK(std::filesystem::exists(folder + "/dits/issues/2-child.md"));
  CHECK(std::filesystem::file_size(folder + "/dits/files/" + world.file.sha256.substr(0, 16) + "/big.txt") ==
        300'000);
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/dits/issues")) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  CHECK(count == 3);
}
