// Files on issues beyond HTTP: limits, and what happens to rows and bytes in the end.
#include "server/service/attachments.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "server/service/attachment_files.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/trash.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
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
  }

  IssueKey key() const { return {issue.id, 0}; }
  Result<Attachment> add(const std::string& bytes, const std::string& name = "a.txt") {
    return create_attachment(world.context(), viewer, key(), {{}, name, 0}, pieces_of(bytes));
  }
  // Files of content in the directory.
  int count_files() const {
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(files.directory())) {
      if (entry.is_regular_file() && entry.path().filename() != "lock") ++count;
    }
    return count;
  }
  // Makes all of them two hours older.
  void age_files() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(files.directory())) {
      std::filesystem::last_write_time(entry.path(),
                                       std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    }
  }

  TemporaryDirectory directory;
  ServiceWorld world;
  AttachmentFiles files;
  Viewer viewer;
  Issue issue;
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
  files.age_files();
  files.world.must(remove_unused_files(files.world.context()));
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

TEST_CASE("bytes go an hour after the last row that spoke of them, and no other") {
  FileWorld files;
  ServiceContext& context = files.world.context();
  const Attachment first = files.world.must(files.add("kept twice"));
  const Attachment second = files.world.must(files.add("kept twice", "b.txt"));
  const auto remove_for_good = [&](AttachmentId id) {
    files.world.must(remove_attachment(context, files.viewer, files.key(), id));
    files.world.must(purge(context, files.viewer, EntityType::attachment, id.uuid));
  };
  remove_for_good(first.id);
  files.age_files();
  CHECK(files.world.must(remove_unused_files(context)) == 0);
  remove_for_good(second.id);
  CHECK(files.world.must(remove_unused_files(context)) == 1);
  CHECK(files.count_files() == 0);
  // Now the purge can't be undone any more, and says so.
  const std::int64_t head =
      files.world.must(list_audit_logs(context, files.viewer, {}, newest_change, 1)).changes.at(0).change_id;
  CHECK(undo_change(context, files.viewer, head).error().kind == "undo_conflict");
  files.world.check_gapless(files.viewer);
}

TEST_CASE("purging an issue takes its files along, and undoing it is refused while they are still there") {
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
  CHECK(files.world.must(purge_expired_trash(context)) == 0);
  files.world.clock().move_by(std::chrono::hours(25));
  CHECK(files.world.must(purge_expired_trash(context)) == 3);
  CHECK(files.world.must(purge_expired_trash(context)) == 0);
  files.world.clock().move_by(std::chrono::hours(24 * 30));
  context.event_bus.stop();
  CHECK(files.world.must(purge_expired_trash(context)) == 0);  // a server that stops leaves it for later
  CHECK(files.world.database().ask_as_owner("SELECT (SELECT count(*) FROM issues) || ' ' || (SELECT count(*) "
                                            "FROM comments) || ' ' || (SELECT count(*) FROM attachments)") ==
        "2 0 0");
  CHECK(files.world.database().ask_as_owner(
            "SELECT count(*) FROM audit_logs WHERE action = 'DELETE' AND new_values IS NULL AND user_agent = "
            "'dits, 30 days after the deletion'") == "3");
  files.world.check_gapless(files.viewer);
}
