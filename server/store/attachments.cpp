#include "server/store/attachments.hpp"

#include "server/store/attachments.sql.hpp"

namespace dits::store {

Attachment attachment_from_row(Row row) {
  return {row.id<AttachmentTag>(0),
          row.id<IssueTag>(1),
          std::string(row.text(2)),
          std::string(row.text(3)),
          row.int64(4),
          std::string(row.text(5)),
          row.timestamp(6),
          row.timestamp(7),
          row.optional_timestamp(8)};
}

Result<std::vector<Attachment>> list_attachments(Reader reader, UserId user_id, IssueId issue_id) {
  return all_of(TRY(reader.run(sql::list_attachments, {user_id, issue_id})), attachment_from_row);
}

Result<std::vector<Attachment>> list_attachments_with_deleted(Reader reader,
                                                              UserId user_id,
                                                              IssueId issue_id) {
  return all_of(TRY(reader.run(sql::list_attachments_with_deleted, {user_id, issue_id})),
                attachment_from_row);
}

Result<std::optional<Attachment>> find_attachment(Reader reader, UserId user_id, AttachmentId id) {
  return first_of(TRY(reader.run(sql::find_attachment, {user_id, id})), attachment_from_row);
}

Result<void> insert_attachment(Transaction& transaction, UserId user_id, const Attachment& attachment) {
  TRY(transaction.run(sql::insert_attachment,
                      {user_id,
                       attachment.id,
                       attachment.issue_id,
                       attachment.file_name,
                       attachment.content_type,
                       attachment.byte_size,
                       attachment.sha256,
                       attachment.created_at,
                       attachment.updated_at,
                       attachment.deleted_at}));
  return {};
}

Result<void> update_attachment(Transaction& transaction, UserId user_id, const Attachment& attachment) {
  TRY(transaction.run(sql::update_attachment,
                      {user_id, attachment.id, attachment.updated_at, attachment.deleted_at}));
  return {};
}

Result<void> purge_attachment(Transaction& transaction, UserId user_id, AttachmentId id) {
  TRY(transaction.run(sql::purge_attachment, {user_id, id}));
  return {};
}

Result<void> own_file(
    Transaction& transaction, UserId user_id, const FileHash& hash, const OwnedFile& file, Timestamp now) {
  TRY(transaction.run(sql::own_file, {user_id, hash.text(), file.byte_size, file.content_type, now}));
  return {};
}

Result<std::optional<OwnedFile>> find_owned_file(Reader reader, UserId user_id, const FileHash& hash) {
  return first_of(TRY(reader.run(sql::find_owned_file, {user_id, hash.text()})), [](Row row) {
    return OwnedFile{row.int64(0), std::string(row.text(1))};
  });
}

Result<std::vector<std::string>> list_loose_files(Reader reader, UserId user_id) {
  return all_of(TRY(reader.run(sql::list_loose_files, {user_id})),
                [](Row row) { return std::string(row.text(0)); });
}

Result<void> disown_file(Transaction& transaction, UserId user_id, const FileHash& hash) {
  TRY(transaction.run(sql::disown_file, {user_id, hash.text()}));
  return {};
}

Result<bool> has_attachment_of_hash(Reader reader, UserId user_id, const FileHash& hash) {
  const Rows rows = TRY(reader.run(sql::has_attachment_of_hash, {user_id, hash.text()}));
  return rows[0].boolean(0);
}

Result<std::int64_t> sum_attachment_bytes(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::sum_attachment_bytes, {user_id}));
  return rows.empty() ? std::int64_t{0} : rows[0].int64(0);
}

Result<std::vector<std::string>> list_attachment_hashes(Reader reader, UserId user_id) {
  return all_of(TRY(reader.run(sql::list_attachment_hashes, {user_id})),
                [](Row row) { return std::string(row.text(0)); });
}

}  // namespace dits::store
