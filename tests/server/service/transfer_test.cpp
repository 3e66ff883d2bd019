// Out and in again: nothing is lost, and nothing half comes in.
#include "server/store/transfer.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "server/base/directory_owner.hpp"
#include "server/base/files.hpp"
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
#include "server/service/trash.hpp"
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

TEST_CASE("bytes that an import has brought stay when somebody deletes the same ones for ever meanwhile") {
  TransferWorld from;
  from.live();
  const std::string text = from.exported();
  TransferWorld to;
  ServiceContext& context = to.world.context();
  const Uuid database =
      parse_uuid(to.world.database().ask_as_owner("SELECT id FROM database_identity")).value();
  REQUIRE(make_directories(to.files.directory()));
  REQUIRE(write_directory_owner(to.files.directory(), {database, "here"}));
  const Viewer other = to.world.add_viewer("b@example.org");
  const IssueKey theirs = {to.world.add_issue(other, "Theirs").id, 0};
  std::string bytes(300'000, 'x');
  const BodyPieces pieces = [&]() -> Result<std::string_view> {
    to.sent = std::exchange(bytes, {});
    return std::string_view(to.sent);
  };
  const Attachment same =
      to.world.must(create_attachment(context, other, theirs, {{}, "same.txt", 0}, pieces));
  REQUIRE(same.sha256 == from.file.sha256);

  const std::unique_ptr<Import> import = to.world.must(begin_json_import(context, to.viewer));
  const std::size_t most = text.size() - 200;
  to.world.must(import->add(std::string_view(text).substr(0, most)));
  to.world.must(remove_attachment(context, other, theirs, same.id));
  to.world.must(purge(context, other, EntityType::attachment, same.id.uuid));
  to.world.must(import->add(std::string_view(text).substr(most)));
  to.world.must(import->finish());
  CHECK(open_attachment(context, to.viewer, {from.first.id, 0}, from.file.id));
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
