#include "server/service/sync.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "server/service/entities.hpp"
#include "server/store/issues.hpp"
#include "server/store/portions.hpp"
#include "server/store/snapshot.hpp"
#include "server/store/users.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/writer.hpp"
#include "shared/snapshot/page.hpp"

namespace dits {

constexpr std::int64_t rows_at_once = 5000;

namespace {

// Where a page begins: "<change_id of the first page>.<issue id>". In JSON issues come in ascending order,
// and the id is the last one of the page before; in portions they descend, and it is the greatest one of the
// page.
struct SnapshotCursor {
  std::int64_t change_id = 0;
  IssueId id;
};

Result<SnapshotCursor> cursor_from_text(std::string_view text) {
  SnapshotCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.change_id);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  const Result<IssueId> id = parse_id<IssueTag>(rest.substr(rest.empty() ? 0 : 1));
  if (error != std::errc() || cursor.change_id < 0 || rest.empty() || rest[0] != '.' || !id) {
    return invalid("cursor", "This is no cursor of a snapshot.");
  }
  cursor.id = *id;
  return cursor;
}

std::string text_of(const SnapshotCursor& cursor) {
  return std::to_string(cursor.change_id) + "." + to_string(cursor.id);
}

Error begin_again() {
  return conflict("This server's log is not the one that holds that change: begin again with since=0.",
                  "sync_reset");
}

Result<void> check_log(store::Reader reader, UserId user_id, const std::string& log) {
  if (log.empty() || TRY(store::find_log_name(reader, user_id)) == log) return {};
  return begin_again();
}

// All but issues, relations and links.
Result<SyncSnapshot> read_head(Transaction& transaction, UserId user_id) {
  SyncSnapshot snapshot;
  snapshot.change_id = TRY(store::find_last_change_id(transaction, user_id));
  snapshot.log = TRY(store::find_log_name(transaction, user_id));
  snapshot.user = TRY(store::find_user(transaction, user_id));
  if (!snapshot.user) return not_found("This account does not exist any more.");
  snapshot.projects = TRY(store::list_projects(transaction, user_id));
  snapshot.areas = TRY(store::list_areas(transaction, user_id));
  snapshot.labels = TRY(store::list_labels(transaction, user_id));
  snapshot.workflows = TRY(store::list_workflows(transaction, user_id));
  snapshot.views = TRY(store::list_saved_views(transaction, user_id));
  return snapshot;
}

// Appends issues to an open JSON list; true when there are more behind `after`.
Result<bool> append_issues(
    Transaction& transaction, UserId user_id, std::int64_t limit, IssueId& after, std::string& text) {
  const bool is_limited = limit != all_issues;
  bool is_first = true;
  std::int64_t left = limit;
  while (true) {
    const std::int64_t wanted = is_limited ? std::min(left, rows_at_once) : rows_at_once;
    const std::vector<Issue> issues =
        TRY(store::list_snapshot_issues(transaction, user_id, after, wanted + 1));
    std::int64_t taken = 0;
    for (const Issue& issue : issues) {
      if (taken == wanted) break;
      if (!is_first) text += ',';
      is_first = false;
      append_issue(text, issue, IssueFields::lean());
      after = issue.id;
      ++taken;
    }
    left -= taken;
    const bool has_more = static_cast<std::int64_t>(issues.size()) > taken;
    if (!has_more || (is_limited && left == 0)) return has_more;
  }
}

// The greatest id below this one; below the least there is none.
IssueId one_below(IssueId id) {
  for (std::size_t at = id.uuid.bytes.size(); at-- > 0;) {
    if (id.uuid.bytes[at]-- != 0) break;
  }
  return id;
}

IssueId greatest_id() {
  IssueId id;
  id.uuid.bytes.fill(0xFF);
  return id;
}

// The portion of `most` and the issues below it; `next`: where the next one begins, or no id.
Result<snapshot::Portion> read_portion(
    Transaction& transaction, UserId user_id, IssueId most, std::int64_t limit, IssueId& next) {
  snapshot::Portion portion;
  portion.issues = TRY(store::list_portion_issues(transaction, user_id, most, limit + 1));
  const bool has_more = static_cast<std::int64_t>(portion.issues.size()) > limit;
  if (has_more) portion.issues.pop_back();
  store::IssueRange range{IssueId{}, most};
  if (has_more) range.least = portion.issues.back().id;
  next = has_more ? one_below(range.least) : IssueId{};
  portion.relations = TRY(store::list_portion_relations(transaction, user_id, range));
  // Ids that were made in the same millisecond are in no order: by number the columns are smaller.
  std::sort(portion.issues.begin(), portion.issues.end(), [](const Issue& a, const Issue& b) {
    return a.number > b.number;
  });
  const std::map<IssueId, store::GitKinds> git = TRY(store::list_portion_git(transaction, user_id, range));
  for (const Issue& issue : portion.issues) {
    const auto found = git.find(issue.id);
    const store::GitKinds kinds = found != git.end() ? found->second : store::GitKinds{};
    portion.git.push_back(
        static_cast<std::uint8_t>((kinds.has_branch ? snapshot::git_branch : 0) |
                                  (kinds.has_pull_request ? snapshot::git_pull_request : 0) |
                                  (kinds.has_commit ? snapshot::git_commit : 0)));
  }
  return portion;
}

}  // namespace

// Appends what comes after `after`, oldest first; tells in the answer whether there is more.
static Result<void> read_changes(
    store::Reader reader, UserId user_id, std::int64_t after, std::int64_t limit, SyncChanges& answer) {
  std::size_t bytes = 0;
  // What is asked for is looked at, also where its texts are so long that few of it come.
  std::int64_t asked = 25;
  do {
    const auto had = static_cast<std::int64_t>(answer.changes.size());
    store::ChangePortion portion =
        TRY(store::list_change_portion(reader, user_id, after, std::min(limit - had, asked)));
    asked = std::max<std::int64_t>(2, 2 * static_cast<std::int64_t>(portion.changes.size()));
    for (AuditEntry& entry : portion.changes) {
      after = entry.change_id;
      bytes += entry.old_values.size() + entry.new_values.size() + entry.metadata.size();
      answer.changes.push_back(std::move(entry));
    }
    answer.has_more = portion.has_more;
  } while (answer.has_more && static_cast<std::int64_t>(answer.changes.size()) < limit &&
           bytes <= most_change_bytes);
  return {};
}

Result<std::string> snapshot_page(ServiceContext& context,
                                  const Viewer& viewer,
                                  std::string_view cursor_text,
                                  std::int64_t limit) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(viewer.user_id), Access::read));
  SnapshotCursor cursor{0, greatest_id()};
  snapshot::Page page;
  if (cursor_text.empty()) {
    const SyncSnapshot head = TRY(read_head(transaction, viewer.user_id));
    cursor.change_id = head.change_id;
    page.head = sync_snapshot_to_text(head);
  } else {
    cursor = TRY(cursor_from_text(cursor_text));
  }
  page.change_id = cursor.change_id;
  IssueId next;
  page.portion = TRY(read_portion(transaction, viewer.user_id, cursor.id, limit, next));
  TRY(transaction.commit());
  if (next.is_set()) page.next_cursor = text_of({cursor.change_id, next});
  return page_to_bytes(page);
}

Result<std::string> snapshot_text(ServiceContext& context,
                                  const Viewer& viewer,
                                  std::string_view cursor_text,
                                  std::int64_t limit) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(viewer.user_id), Access::read));
  SnapshotCursor cursor;
  SyncSnapshot head;
  if (cursor_text.empty()) {
    head = TRY(read_head(transaction, viewer.user_id));
    head.relations = TRY(store::list_all_relations(transaction, viewer.user_id));
    head.git_integrations = TRY(store::list_all_git_integrations(transaction, viewer.user_id));
    cursor.change_id = head.change_id;
  } else {
    cursor = TRY(cursor_from_text(cursor_text));
    head.change_id = cursor.change_id;
  }
  std::string text = sync_snapshot_to_text(head);
  constexpr std::string_view empty_tail = R"("issues":[],"nextCursor":null})";
  constexpr std::string_view list_begin = R"("issues":[)";
  assert(text.ends_with(empty_tail));
  text.resize(text.size() - empty_tail.size() + list_begin.size());
  const bool has_more = TRY(append_issues(transaction, viewer.user_id, limit, cursor.id, text));
  text += R"(],"nextCursor":)";
  if (has_more) {
    append_json_string(text, text_of(cursor));
  } else {
    text += "null";
  }
  text += '}';
  TRY(transaction.commit());
  return text;
}

Result<SyncChanges> changes_since(ServiceContext& context,
                                  const Viewer& viewer,
                                  const SyncPoint& since,
                                  std::int64_t limit) {
  const store::Reader reader(context.database, viewer.user_id);
  SyncChanges answer;
  TRY(read_changes(reader, viewer.user_id, since.change_id, limit, answer));
  // Afterwards: a restore between the two is told.
  TRY(check_log(reader, viewer.user_id, since.log));
  if (!answer.changes.empty()) {
    answer.change_id = answer.changes.back().change_id;
    return answer;
  }
  answer.change_id = TRY(store::find_last_change_id(reader, viewer.user_id));
  if (since.change_id > answer.change_id) return begin_again();
  // Changes that came between the two statements are for the next call.
  answer.change_id = since.change_id;
  return answer;
}

Result<void> check_point(ServiceContext& context, const Viewer& viewer, const SyncPoint& point) {
  const store::Reader reader(context.database, viewer.user_id);
  if (point.change_id > TRY(store::find_last_change_id(reader, viewer.user_id))) return begin_again();
  return check_log(reader, viewer.user_id, point.log);
}

Result<std::int64_t> last_change_id(ServiceContext& context, const Viewer& viewer) {
  return store::find_last_change_id({context.database, viewer.user_id}, viewer.user_id);
}

}  // namespace dits
