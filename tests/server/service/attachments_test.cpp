// Files on issues beyond HTTP: limits, and what happens to rows and bytes in the end.
#include "server/service/attachments.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "server/base/directory_owner.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/trash.hpp"
#include "shared/json/attachment_json.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using namespace std::chrono_literals;
using dits::test::ServiceWorld;
using dits::test::TemporaryDirectory;

namespace {

BodyPieces pieces_of(std::string bytes) {
  return [bytes = std::move(bytes), kept = std::string()]() mutable -> Result<std::string_view> {
    kept = bytes.substr(0, 7);
    bytes.erase(0, kept.size());
    return std::string_view(kept);
  };
}

// A world with files, small limits, and one issue.
struct FileWorld {
  explicit FileWorld(AttachmentLimits limits = {100, 150, 0}) : files(directory.path() + "/files", limits) {
    world.context().files = &files;
    viewer = world.add_viewer("a@example.org");
    issue = world.add_issue(viewer, "With files");
    claim();
  }

  IssueKey key() const { return {issue.id, 0}; }
  Result<Attachment> add(const std::string& bytes, const std::string& name = "a.txt") {
    return create_attachment(world.context(), viewer, key(), {{}, name, 0}, pieces_of(bytes));
  }
  // Files of content in the directory.
  int count_files() const {
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(files.directory())) {
      if (entry.is_regular_file() && entry.path().filename() != "lock" &&
          entry.path().filename() != "identity")
        ++count;
    }
    return count;
  }
  // The directory is this database's, as the start of a server makes it.
  void claim() {
    const Uuid id = parse_uuid(world.database().ask_as_owner("SELECT id FROM database_identity")).value();
    REQUIRE(make_directories(files.directory()));
    REQUIRE(write_directory_owner(files.directory(), {id, "here"}));
  }
  // So much later, by the clock of this process.
  Result<std::int64_t> sweep_after(std::chrono::minutes time) {
    now += time;
    return remove_unused_files(world.context(), unused, now);
  }

  TemporaryDirectory directory;
  ServiceWorld world;
  AttachmentFiles files;
  Viewer viewer;
  Issue issue;
  UnusedFiles unused;
  UnusedFiles::Time now = std::chrono::steady_clock::now();
};

}  // namespace

TEST_CASE("equal files are kept once, and only their owner may read them") {
  FileWorld files;
  const Attachment first = files.world.must(files.add("same bytes"));
  const Attachment second = files.world.must(files.add("same bytes", "b.txt"));
  CHECK(first.sha256 == second.sha256);
  CHECK(files.count_files() == 1);
  struct stat about {};
  REQUIRE(::stat(files.files.directory().c_str(), &about) == 0);
  CHECK((about.st_mode & 077U) == 0);
  const Viewer other = files.world.add_viewer("b@example.org");
  CHECK(open_attachment(files.world.context(), other, files.key(), first.id).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("a file beyond the limits leaves neither row nor bytes") {
  FileWorld files;
  const Result<Attachment> large = files.add(std::string(101, 'x'));
  CHECK(large.error().kind == "payload_too_large");
  files.world.must(files.add(std::string(90, 'y')));
  const Result<Attachment> quota = files.add(std::string(90, 'z'));
  CHECK(quota.error().kind == "quota_exceeded");
  CHECK(files.world.must(list_attachments(files.world.context(), files.viewer, files.key())).size() == 1);
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  CHECK(files.world.must(files.sweep_after(60min)) == 1);
  CHECK(files.count_files() == 1);
}

TEST_CASE("a file that would go into the disk's reserve is refused as a full disk") {
  FileWorld files({100, 150, std::int64_t{1} << 60});
  CHECK(files.add("x").error().kind == "disk_full");
}

TEST_CASE("an upload that breaks off leaves nothing") {
  FileWorld files;
  int calls = 0;
  const BodyPieces broken = [&]() -> Result<std::string_view> {
    if (++calls < 3) return std::string_view("part");
    return unavailable("The client is gone.");
  };
  CHECK(create_attachment(files.world.context(), files.viewer, files.key(), {{}, "a", 0}, broken)
            .error()
            .code == ErrorCode::unavailable);
  CHECK(files.count_files() == 0);
}

TEST_CASE("what is deleted for ever takes its bytes along with the last that has them") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment first = files.world.must(files.add("kept twice"));
  const Attachment second = files.world.must(files.add("kept twice", "b.txt"));
  const auto remove_for_good = [&](AttachmentId id) {
    files.world.must(remove_attachment(context, files.viewer, files.key(), id));
    files.world.must(purge(context, files.viewer, EntityType::attachment, id.uuid));
  };
  remove_for_good(first.id);
  CHECK(files.count_files() == 1);
  remove_for_good(second.id);
  CHECK(files.count_files() == 0);
  CHECK(files.world.database().ask_as_owner("SELECT count(*) FROM owned_files") == "0");
  // Now the purge can't be undone any more, and says so.
  const std::int64_t head =
      files.world.must(list_audit_logs(context, files.viewer, {}, newest_change, 1)).changes.at(0).change_id;
  CHECK(undo_change(context, files.viewer, head).error().kind == "undo_conflict");
  files.world.check_gapless(files.viewer);
}

TEST_CASE("bytes that are deleted for ever stay while somebody else has them, brings them, or copies them") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const auto remove_for_good = [&](const Attachment& one) {
    files.world.must(remove_attachment(context, files.viewer, files.key(), one.id));
    files.world.must(purge(context, files.viewer, EntityType::attachment, one.id.uuid));
  };
  const Viewer other = files.world.add_viewer("b@example.org");
  const Issue theirs = files.world.add_issue(other, "Theirs");
  const Attachment kept = files.world.must(
      create_attachment(context, other, {theirs.id, 0}, {{}, "c.txt", 0}, pieces_of("same bytes")));
  remove_for_good(files.world.must(files.add("same bytes")));
  CHECK(open_attachment(context, other, {theirs.id, 0}, kept.id));

  const Attachment copied = files.world.must(files.add("copied meanwhile"));
  {
    const FileDescriptor backup = files.files.keep_all().value();
    remove_for_good(copied);
    CHECK(files.count_files() == 2);
  }
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  CHECK(files.world.must(files.sweep_after(60min)) == 1);

  const Attachment again = files.world.must(files.add("brought again"));
  const auto upload = files.files.begin_upload(0).value();
  REQUIRE(upload->add("brought again"));
  REQUIRE(upload->keep());
  remove_for_good(again);
  CHECK(files.files.has(FileHash::of(again.sha256).value()));
}

TEST_CASE("an undo that is bringing an attachment back keeps its bytes, or finds none") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment first = files.world.must(files.add("in two places"));
  // As an undo writes it, not committed yet.
  const auto owner = files.world.database().owner();
  REQUIRE(owner->run_once("BEGIN"));
  REQUIRE(owner->run_once(
      "INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256, "
      "created_at, updated_at) SELECT user_id, gen_random_uuid(), issue_id, 'b.txt', content_type, "
      "byte_size, sha256, created_at, updated_at FROM attachments"));
  std::thread purging([&] {
    files.world.must(remove_attachment(context, files.viewer, files.key(), first.id));
    files.world.must(purge(context, files.viewer, EntityType::attachment, first.id.uuid));
  });
  const auto waits = [&] {
    return owner->run_once("SELECT count(*) FROM pg_locks WHERE NOT granted").value()[0].int64(0) > 0;
  };
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!waits() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
  CHECK(waits());
  REQUIRE(owner->run_once("COMMIT"));
  purging.join();
  CHECK(files.count_files() == 1);
  CHECK(files.world.database().ask_as_owner(
            "SELECT count(*) FROM attachments JOIN owned_files USING (user_id, sha256)") == "1");
}

TEST_CASE("bytes of which no row speaks go an hour after that was seen, and no other") {
  FileWorld files;
  files.world.must(files.add("kept twice"));
  files.world.must(files.add("kept twice", "b.txt"));
  files.world.database().run_as_owner("DELETE FROM attachments WHERE file_name = 'a.txt'");
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  CHECK(files.world.must(files.sweep_after(200min)) == 0);
  // However old the file is, and whatever the machine's clock says.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(files.files.directory())) {
    std::filesystem::last_write_time(
        entry.path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(9000));
  }
  files.world.database().run_as_owner("DELETE FROM attachments");
  files.world.clock().move_by(std::chrono::hours(9000));
  CHECK(files.world.must(files.sweep_after(10min)) == 0);
  CHECK(files.world.must(files.sweep_after(59min)) == 0);
  CHECK(files.count_files() == 1);
  CHECK(files.world.must(files.sweep_after(1min)) == 1);
  CHECK(files.count_files() == 0);
}

TEST_CASE("nothing is swept of another database's files, of nobody's, and for a database without accounts") {
  FileWorld files;
  files.world.must(files.add("theirs"));
  files.world.database().run_as_owner("DELETE FROM attachments; DELETE FROM owned_files");
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  REQUIRE(write_directory_owner(files.files.directory(), {{}, "elsewhere"}));
  const auto foreign = files.sweep_after(120min);
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().kind == "foreign_directory");
  CHECK(foreign.error().message.find("belongs to the database 00000000-0000-0000-0000-000000000000, and this "
                                     "server works on the database ") != std::string::npos);
  std::filesystem::remove(files.files.directory() + "/identity");
  CHECK(files.sweep_after(120min).error().message.find("belongs to no database") != std::string::npos);
  files.claim();
  files.world.database().run_as_owner("DELETE FROM users");
  CHECK(files.world.must(files.sweep_after(120min)) == 0);
  CHECK(files.count_files() == 1);
}

TEST_CASE("purging an issue takes its files along, and undoing it is refused") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  files.world.must(files.add("with the issue"));
  files.world.must(remove_issue(context, files.viewer, files.key(), std::nullopt));
  files.world.must(purge(context, files.viewer, EntityType::issue, files.issue.id.uuid));
  CHECK(files.world.must(list_audit_logs(context, files.viewer, {}, newest_change, 2))
            .changes.at(1)
            .entity_type == EntityType::attachment);
  const std::int64_t head =
      files.world.must(list_audit_logs(context, files.viewer, {}, newest_change, 1)).changes.at(0).change_id;
  CHECK(undo_change(context, files.viewer, head).error().kind == "undo_conflict");
  CHECK(files.world.database().ask_as_owner("SELECT count(*) FROM attachments") == "0");
  CHECK(files.count_files() == 0);
}

// As an imported file would bring it: the log says that this attachment was removed for good.
static std::int64_t forge_removal(FileWorld& files,
                                  const Viewer& viewer,
                                  IssueId issue_id,
                                  const std::string& sha256,
                                  const std::string& type = "image/svg+xml") {
  const std::string user = to_string(viewer.user_id);
  Attachment forged;
  forged.id = files.world.clock().new_id<AttachmentId>();
  forged.issue_id = issue_id;
  forged.file_name = "mine.svg";
  forged.content_type = type;
  forged.byte_size = 3;
  forged.sha256 = sha256;
  std::string values = dump(attachment_to_json(forged));
  files.world.database().run_as_owner(
      "WITH head AS (UPDATE user_counters SET last_change_id = last_change_id + 1 WHERE user_id = '" + user +
      "' RETURNING last_change_id) INSERT INTO audit_logs (user_id, change_id, action, entity_type, "
      "entity_id, "
      "old_values) SELECT '" +
      user + "', last_change_id, 'DELETE', 'attachment', '" + to_string(forged.id) + "', '" + values +
      "' FROM head");
  return std::stoll(files.world.database().ask_as_owner(
      "SELECT last_change_id FROM user_counters WHERE user_id = '" + user + "'"));
}

TEST_CASE("an hour begins anew when a row came and went meanwhile, by an upload or by undo") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const auto lose_row = [&] { files.world.database().run_as_owner("DELETE FROM attachments"); };
  const Attachment first = files.world.must(files.add("once"));
  lose_row();
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  files.world.must(files.add("once"));
  lose_row();
  CHECK(files.world.must(files.sweep_after(60min)) == 0);
  files.world.must(
      undo_change(context, files.viewer, forge_removal(files, files.viewer, files.issue.id, first.sha256)));
  lose_row();
  CHECK(files.world.must(files.sweep_after(60min)) == 0);
  CHECK(files.count_files() == 1);
  CHECK(files.world.must(files.sweep_after(60min)) == 1);
}

TEST_CASE("a forged removal gives nobody another's file, and tells nothing of what is on the disk") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment secret = files.world.must(files.add("only anna's"));
  const Viewer other = files.world.add_viewer("b@example.org");
  const Issue issue = files.world.add_issue(other, "Bait");
  const std::string hashes[] = {
      secret.sha256,                    // another's
      std::string(64, 'a'),             // nobody's
      "../../../../../../etc/passwd",   // there
      "../../../../../../etc/no-such",  // not there
      "",
      "a",
      std::string(64, 'g'),
      secret.sha256 + "0",
  };
  std::set<std::string> answers;
  for (const std::string& hash : hashes) {
    CAPTURE(hash);
    const auto undone = undo_change(context, other, forge_removal(files, other, issue.id, hash));
    REQUIRE_FALSE(undone);
    CHECK(undone.error().kind == "undo_conflict");
    answers.insert(undone.error().message);
  }
  CHECK(answers.size() == 1);
  CHECK(files.world.must(list_attachments(context, other, {issue.id, 0})).empty());
}

TEST_CASE("what undo brings back is what the bytes are, within the quota, whatever the log says") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const auto lose_row = [&] { files.world.database().run_as_owner("DELETE FROM attachments"); };
  const Attachment file = files.world.must(files.add("<svg onload='alert(1)'/>"));
  lose_row();
  files.world.must(
      undo_change(context, files.viewer, forge_removal(files, files.viewer, files.issue.id, file.sha256)));
  const std::vector<Attachment> back = files.world.must(list_attachments(context, files.viewer, files.key()));
  REQUIRE(back.size() == 1);
  CHECK(back[0].content_type == "text/plain");
  CHECK(back[0].byte_size == 24);
  lose_row();
  files.world.must(files.add(std::string(100, 'x'), "full"));
  files.world.must(files.add(std::string(40, 'y'), "full"));
  const auto beyond =
      undo_change(context, files.viewer, forge_removal(files, files.viewer, files.issue.id, file.sha256));
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error().kind == "quota_exceeded");
}

TEST_CASE("a file is shown by its bytes, even when a row says that it is an image") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment file = files.world.must(files.add("<svg onload='alert(1)'/>"));
  files.world.database().run_as_owner("UPDATE attachments SET content_type = 'image/svg+xml'");
  const OpenAttachment opened =
      files.world.must(open_attachment(context, files.viewer, files.key(), file.id));
  CHECK(opened.attachment.content_type == "text/plain");
  CHECK_FALSE(is_shown_inline("image/svg+xml"));
  CHECK_FALSE(is_shown_inline("image/png+xml"));
}

TEST_CASE("no row can point at a file that its user never brought, not even one written by hand") {
  FileWorld files;
  const Attachment secret = files.world.must(files.add("only anna's"));
  const Viewer other = files.world.add_viewer("b@example.org");
  const Issue issue = files.world.add_issue(other, "Bait");
  const auto owner = files.world.database().owner();
  const auto inserted = owner->run_once(
      "INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256) VALUES "
      "($1, "
      "gen_random_uuid(), $2, 'x', 'text/plain', 1, decode($3, 'hex'))",
      {to_string(other.user_id), to_string(issue.id), secret.sha256});
  REQUIRE_FALSE(inserted);
  CHECK(inserted.error().kind == "foreign_key_violation");
}

TEST_CASE("a file that is gone is nobody's own any more, even when another brings the same bytes") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment file = files.world.must(files.add("the same"));
  files.world.database().run_as_owner("DELETE FROM attachments");
  const std::int64_t forged = forge_removal(files, files.viewer, files.issue.id, file.sha256);
  CHECK(files.world.must(files.sweep_after(0min)) == 0);
  CHECK(files.world.must(files.sweep_after(60min)) == 1);
  CHECK(files.world.database().ask_as_owner("SELECT count(*) FROM owned_files") == "0");
  const Viewer other = files.world.add_viewer("b@example.org");
  const Issue issue = files.world.add_issue(other, "Theirs");
  files.world.must(create_attachment(context, other, {issue.id, 0}, {{}, "b", 0}, pieces_of("the same")));
  CHECK(undo_change(context, files.viewer, forged).error().kind == "undo_conflict");
}

TEST_CASE("what was deleted 30 days ago is purged with an audit row, what is younger stays") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment file = files.world.must(files.add("old"));
  const Comment comment =
      files.world.must(create_comment(context, files.viewer, files.key(), {{}, {}, "old", {}, {}, {}}));
  const Issue old_issue = files.world.add_issue(files.viewer, "Old");
  files.world.must(remove_attachment(context, files.viewer, files.key(), file.id));
  files.world.must(remove_comment(context, files.viewer, files.key(), comment.id));
  files.world.must(remove_issue(context, files.viewer, {old_issue.id, 0}, std::nullopt));
  files.world.clock().move_by(std::chrono::hours(24 * 29));
  const Issue young = files.world.add_issue(files.viewer, "Young");
  files.world.must(remove_issue(context, files.viewer, {young.id, 0}, std::nullopt));
  CHECK(files.world.must(purge_expired_trash(context, files.world.clock().now())) == 0);
  files.world.clock().move_by(std::chrono::hours(25));
  CHECK(files.world.must(purge_expired_trash(context, files.world.clock().now())) == 3);
  CHECK(files.world.must(purge_expired_trash(context, files.world.clock().now())) == 0);
  files.world.clock().move_by(std::chrono::hours(24 * 30));
  context.event_bus.stop();
  CHECK(files.world.must(purge_expired_trash(context, files.world.clock().now())) ==
        0);  // a server that stops leaves it for later
  CHECK(files.world.database().ask_as_owner("SELECT (SELECT count(*) FROM issues) || ' ' || (SELECT count(*) "
                                            "FROM comments) || ' ' || (SELECT count(*) FROM attachments)") ==
        "2 0 0");
  CHECK(files.world.database().ask_as_owner(
            "SELECT count(*) FROM audit_logs WHERE action = 'DELETE' AND new_values IS NULL AND user_agent = "
            "'dits, 30 days after the deletion'") == "3");
  files.world.check_gapless(files.viewer);
}
