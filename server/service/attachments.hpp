// Files that hang on issues: rows through the audit log, bytes through AttachmentFiles.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/files.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/audit.hpp"
#include "server/service/issues.hpp"
#include "shared/model/attachment.hpp"

namespace dits {

// The next piece of a body as it arrives, empty at its end; the view holds until the next call.
using BodyPieces = std::function<Result<std::string_view>()>;

struct NewFile {
  AttachmentId id;  // may be unset
  std::string name;
  std::int64_t expected_bytes = 0;  // 0: not known
};

// Live ones, oldest first.
Result<std::vector<Attachment>> list_attachments(ServiceContext& context,
                                                 const Viewer& viewer,
                                                 const IssueKey& key);
// Takes the file to its end, and then writes the row. Errors: not_found; invalid, kind "payload_too_large" or
// "quota_exceeded"; unavailable, kind "disk_full"; conflict, kind "id_taken"; those of `pieces`.
Result<Attachment> create_attachment(ServiceContext& context,
                                     const Viewer& viewer,
                                     const IssueKey& key,
                                     const NewFile& file,
                                     const BodyPieces& pieces);
struct OpenAttachment {
  Attachment attachment;
  FileDescriptor file;
};
// Not those in the trash. Errors: not_found.
Result<OpenAttachment> open_attachment(ServiceContext& context,
                                       const Viewer& viewer,
                                       const IssueKey& key,
                                       AttachmentId id);
// Into the trash; undo brings it back.
Result<void> remove_attachment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               AttachmentId id);

// Out of the trash; one that is not there stays as it is. Errors: not_found.
Result<Attachment> restore_attachment(ServiceContext& context,
                                      const Viewer& viewer,
                                      const IssueKey& key,
                                      AttachmentId id);

// Within a transaction.
Result<Attachment> create_entity(AuditedTransaction& work, Attachment draft);
// One that was removed for good, as it was: only while its file is there and was the user's own, within the
// limits of a new one. Size and type are those that the server found in the bytes, whatever `purged` says.
// Errors: not_found, alike for a file that is gone and one that was never the user's; invalid, kind
// "quota_exceeded".
Result<void> recreate_attachment(AuditedTransaction& work, Attachment purged);
Result<void> trash_entity(AuditedTransaction& work, const Attachment& before);

// What was deleted for ever takes its files along, unless somebody owns the same bytes. What an upload, a
// backup, a restore or an export keeps meanwhile, and what goes wrong, is left to remove_unused_files().
void remove_purged_files(ServiceContext& context, UserId user_id, const std::vector<std::string>& hashes);

// Removes files of which no row of any user was seen to speak for an hour; how many. `unused` is what earlier
// calls of this process have seen. Nothing goes while there is no account. Errors: conflict, kind
// "foreign_directory", when the files are another database's.
Result<std::int64_t> remove_unused_files(ServiceContext& context, UnusedFiles& unused, UnusedFiles::Time now);

}  // namespace dits
