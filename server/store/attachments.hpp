// Attachments in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/attachment.hpp"

namespace dits::store {

// The columns id, issue_id, file_name, content_type, byte_size, sha256 (hexadecimal), created_at, updated_at,
// deleted_at.
Attachment attachment_from_row(Row row);

// Live ones, oldest first.
Result<std::vector<Attachment>> list_attachments(Reader reader, UserId user_id, IssueId issue_id);
Result<std::vector<Attachment>> list_attachments_with_deleted(Reader reader,
                                                              UserId user_id,
                                                              IssueId issue_id);
// Deleted ones are found too.
Result<std::optional<Attachment>> find_attachment(Reader reader, UserId user_id, AttachmentId id);

Result<void> insert_attachment(Transaction& transaction, UserId user_id, const Attachment& attachment);
// Nothing but its place in the trash ever changes.
Result<void> update_attachment(Transaction& transaction, UserId user_id, const Attachment& attachment);
Result<void> purge_attachment(Transaction& transaction, UserId user_id, AttachmentId id);

// A file whose bytes the server took from this user: an attachment can point at no other.
struct OwnedFile {
  std::int64_t byte_size = 0;
  std::string content_type;
};
Result<void> own_file(
    Transaction& transaction, UserId user_id, const FileHash& hash, const OwnedFile& file, Timestamp now);
Result<std::optional<OwnedFile>> find_owned_file(Reader reader, UserId user_id, const FileHash& hash);
// The hashes of those of which no attachment of the user speaks.
Result<std::vector<std::string>> list_loose_files(Reader reader, UserId user_id);
// Nothing, when an attachment speaks of it.
Result<void> disown_file(Transaction& transaction, UserId user_id, const FileHash& hash);
// Those in the trash too.
Result<bool> has_attachment_of_hash(Reader reader, UserId user_id, const FileHash& hash);

// Of all files of the user, those in the trash too; each once.
Result<std::int64_t> sum_attachment_bytes(Reader reader, UserId user_id);
// The hashes, in hexadecimal, of all files of the user.
Result<std::vector<std::string>> list_attachment_hashes(Reader reader, UserId user_id);

}  // namespace dits::store
