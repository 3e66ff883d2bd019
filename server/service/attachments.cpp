#include "server/service/attachments.hpp"

#include <array>
#include <cerrno>
#include <set>

#include <unistd.h>

#include "server/base/log.hpp"
#include "server/service/accounts.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/entities.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/issue_parts.hpp"
#include "server/store/housekeeping.hpp"

namespace dits {

namespace {

constexpr std::chrono::hours unused_age{1};

Result<const AttachmentFiles*> files_of(const ServiceContext& context) {
  if (context.files == nullptr) return unavailable("This server keeps no files.");
  return context.files;
}

Result<void> check_quota(store::Reader reader,
                         UserId user_id,
                         const AttachmentFiles& files,
                         std::int64_t coming) {
  const std::int64_t used = TRY(store::sum_attachment_bytes(reader, user_id));
  return files.check_quota(used + coming);
}

Result<Attachment> find_on_issue(store::Reader reader, UserId user_id, const IssueKey& key, AttachmentId id) {
  const IssueId issue_id = TRY(resolve_issue(reader, user_id, key));
  Attachment found = TRY(find_entity<Attachment>(reader, user_id, id));
  if (found.issue_id != issue_id) return no_such("attachment");
  return found;
}

// What the bytes say; a row may say something else when it was not made by an upload.
Result<std::string> type_of(const FileDescriptor& file) {
  std::array<char, attachment_head_bytes> head;
  ssize_t count = -1;
  do {
    count = ::pread(file.get(), head.data(), head.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return system_error("cannot read the file of an attachment");
  return std::string(attachment_type_of({head.data(), static_cast<std::size_t>(count)}));
}

Result<void> receive(AttachmentFiles::Upload& upload, const BodyPieces& pieces) {
  while (true) {
    const std::string_view piece = TRY(pieces());
    if (piece.empty()) return {};
    TRY(upload.add(piece));
  }
}

}  // namespace

Result<std::vector<Attachment>> list_attachments(ServiceContext& context,
                                                 const Viewer& viewer,
                                                 const IssueKey& key) {
  const store::Reader reader(context.database, viewer.user_id);
  const IssueId issue_id = TRY(resolve_issue(reader, viewer.user_id, key));
  return store::list_attachments(reader, viewer.user_id, issue_id);
}

Result<Attachment> create_entity(AuditedTransaction& work, Attachment draft) {
  TRY(validate(draft));
  const std::optional<Issue> issue =
      TRY(store::find_issue(work.transaction(), work.user_id(), draft.issue_id));
  if (!issue) return no_such("issue");
  TRY(refuse_trashed(*issue));
  return create_recorded(work, std::move(draft));
}

Result<Attachment> create_attachment(ServiceContext& context,
                                     const Viewer& viewer,
                                     const IssueKey& key,
                                     const NewFile& file,
                                     const BodyPieces& pieces) {
  const AttachmentFiles& files = *TRY(files_of(context));
  // Before any byte is taken: what can be refused now.
  const Issue issue = TRY(get_issue(context, viewer, key));
  TRY(refuse_trashed(issue));
  TRY(check_quota({context.database, viewer.user_id}, viewer.user_id, files, file.expected_bytes));
  const std::unique_ptr<AttachmentFiles::Upload> upload = TRY(files.begin_upload(file.expected_bytes));
  TRY(receive(*upload, pieces));
  TRY(upload->keep());

  Attachment draft;
  draft.id = file.id;
  draft.file_name = attachment_name_from(file.name);
  draft.content_type = attachment_type_of(upload->head());
  draft.byte_size = upload->byte_size();
  draft.sha256 = upload->sha256();
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  draft.issue_id = TRY(resolve_issue(work.transaction(), viewer.user_id, key));
  TRY(check_quota(work.transaction(), viewer.user_id, files, draft.byte_size));
  const FileHash hash = TRY(FileHash::of(draft.sha256));
  TRY(store::own_file(
      work.transaction(), viewer.user_id, hash, {draft.byte_size, draft.content_type}, work.now()));
  Attachment created = TRY(create_entity(work, std::move(draft)));
  TRY(work.commit());
  return created;
}

Result<OpenAttachment> open_attachment(ServiceContext& context,
                                       const Viewer& viewer,
                                       const IssueKey& key,
                                       AttachmentId id) {
  const AttachmentFiles& files = *TRY(files_of(context));
  Attachment found = TRY(find_on_issue({context.database, viewer.user_id}, viewer.user_id, key, id));
  if (found.deleted_at) return no_such("attachment");
  const FileHash hash = TRY(FileHash::of(found.sha256));
  FileDescriptor file = TRY(files.open(hash));
  found.content_type = TRY(type_of(file));
  return OpenAttachment{found, std::move(file)};
}

Result<void> recreate_attachment(AuditedTransaction& work, Attachment purged) {
  const AttachmentFiles& files = *TRY(files_of(work.context()));
  const Error gone = not_found("The file is gone.");
  const Result<FileHash> hash = FileHash::of(purged.sha256);
  if (!hash) return gone;
  const std::optional<store::OwnedFile> owned =
      TRY(store::find_owned_file(work.transaction(), work.user_id(), *hash));
  if (!owned || !files.renew(*hash)) return gone;
  purged.byte_size = owned->byte_size;
  purged.content_type = owned->content_type;
  TRY(validate(purged));
  if (!TRY(store::has_attachment_of_hash(work.transaction(), work.user_id(), *hash)))
    TRY(check_quota(work.transaction(), work.user_id(), files, purged.byte_size));
  const bool was_in_trash = purged.deleted_at.has_value();
  purged.deleted_at.reset();
  TRY(insert_recorded(work, purged));
  if (was_in_trash) TRY(trash_recorded(work, purged));
  return {};
}

Result<void> trash_entity(AuditedTransaction& work, const Attachment& before) {
  TRY(trash_recorded(work, before));
  return {};
}

Result<void> remove_attachment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               AttachmentId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Attachment before = TRY(find_on_issue(work.transaction(), viewer.user_id, key, id));
  TRY(trash_entity(work, before));
  TRY(work.commit());
  return {};
}

Result<Attachment> restore_attachment(ServiceContext& context,
                                      const Viewer& viewer,
                                      const IssueKey& key,
                                      AttachmentId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Attachment before = TRY(find_on_issue(work.transaction(), viewer.user_id, key, id));
  Attachment after = TRY(restore_recorded(work, before));
  TRY(work.commit());
  return after;
}

// Somebody else may bring a file of the same bytes: it is not this user's because theirs was the same once.
static Result<void> forget_lost_files(ServiceContext& context, const AttachmentFiles& files, UserId user_id) {
  for (const std::string& loose : TRY(store::list_loose_files({context.database, user_id}, user_id))) {
    const FileHash hash = TRY(FileHash::of(loose));
    if (files.has(hash)) continue;
    Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::write));
    TRY(store::disown_file(transaction, user_id, hash));
    TRY(transaction.commit());
  }
  return {};
}

// The row goes first: an undo that is about to bring an attachment of these bytes back waits for that at its
// foreign key, and finds no file; or it was there before, and then the row stays.
static Result<void> remove_purged(ServiceContext& context,
                                  UserId user_id,
                                  const std::vector<std::string>& hashes) {
  for (const std::string& text : hashes) {
    const FileHash hash = TRY(FileHash::of(text));
    Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::freeing_write));
    if (store::disown_file(transaction, user_id, hash)) TRY(transaction.commit());
  }
  const auto used = [&]() -> Result<AttachmentFiles::Hashes> {
    AttachmentFiles::Hashes owned;
    for (const AccountRow& account : TRY(list_accounts(context))) {
      const store::Reader reader(context.database, account.user.id);
      for (const std::string& text : hashes) {
        const FileHash hash = TRY(FileHash::of(text));
        if (TRY(store::find_owned_file(reader, account.user.id, hash))) owned.insert(text);
      }
    }
    return owned;
  };
  const Uuid database = TRY(store::find_database_identity(context.database));
  TRY(context.files->remove_now(database, {hashes.begin(), hashes.end()}, used));
  return {};
}

void remove_purged_files(ServiceContext& context, UserId user_id, const std::vector<std::string>& hashes) {
  if (context.files == nullptr || hashes.empty()) return;
  if (const Result<void> done = remove_purged(context, user_id, hashes); !done)
    log::warn("cannot remove the files of what was deleted for ever; tried again within an hour or two",
              {{"reason", done.error().message}});
}

Result<std::int64_t> remove_unused_files(ServiceContext& context,
                                         UnusedFiles& unused,
                                         UnusedFiles::Time now) {
  const AttachmentFiles& files = *TRY(files_of(context));
  const std::vector<AccountRow> accounts = TRY(list_accounts(context));
  if (accounts.empty()) return 0;
  AttachmentFiles::Sweep sweep{TRY(store::find_database_identity(context.database)), {}, now, unused_age};
  for (const AccountRow& account : accounts) {
    const User& user = account.user;
    for (std::string& hash : TRY(store::list_attachment_hashes({context.database, user.id}, user.id))) {
      sweep.used.insert(std::move(hash));
    }
  }
  const std::int64_t removed = TRY(files.remove_unused(sweep, unused));
  for (const AccountRow& account : accounts) TRY(forget_lost_files(context, files, account.user.id));
  return removed;
}

}  // namespace dits
