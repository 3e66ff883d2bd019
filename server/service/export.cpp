#include "server/service/export.hpp"

#include <array>
#include <map>
#include <set>

#include <unistd.h>

#include "server/service/attachment_files.hpp"
#include "server/service/export_parts.hpp"
#include "server/store/areas.hpp"
#include "server/store/audit_logs.hpp"
#include "server/store/labels.hpp"
#include "server/store/projects.hpp"
#include "server/store/saved_views.hpp"
#include "server/store/transfer.hpp"
#include "server/store/users.hpp"
#include "server/store/workflows.hpp"
#include "shared/json/transfer_json.hpp"

namespace dits {

namespace {

constexpr std::int64_t rows_at_once = 500;
constexpr std::size_t enough_bytes = std::size_t{64} * 1024;

// Lines on their way out, handed on by the block.
class LineWriter {
 public:
  LineWriter(const ExportSink& sink, const ExportProgress& progress, std::int64_t total)
      : sink_(sink), progress_(progress), total_(total) {}

  Result<void> add(const TransferRecord& record) {
    text_ += transfer_line(record);
    ++lines_;
    if (progress_ && lines_ % rows_at_once == 0) progress_(lines_, total_);
    return text_.size() < enough_bytes ? Result<void>() : flush();
  }
  Result<void> flush() {
    if (text_.empty()) return {};
    TRY(sink_(text_));
    text_.clear();
    return {};
  }
  std::int64_t lines() const { return lines_; }

 private:
  const ExportSink& sink_;
  const ExportProgress& progress_;
  const std::int64_t total_;
  std::string text_;
  std::int64_t lines_ = 0;
};

template <typename Entity>
Result<void> add_all(LineWriter& out, const std::vector<Entity>& entities) {
  for (const Entity& entity : entities) TRY(out.add(entity));
  return {};
}

// Live ones and those in the trash, by id: an order that does not hang on what they are called.
template <typename Entity, typename List>
Result<void> add_both(LineWriter& out, store::Reader reader, UserId user_id, List list) {
  std::map<Uuid, Entity> by_id;
  for (const store::Presence presence : {store::Presence::live, store::Presence::deleted}) {
    for (Entity& entity : TRY(list(reader, user_id, presence))) {
      const Uuid id = entity.id.uuid;
      by_id.emplace(id, std::move(entity));
    }
  }
  for (const auto& [id, entity] : by_id) TRY(out.add(entity));
  return {};
}

template <typename List>
Result<void> add_pages(LineWriter& out, store::Reader reader, UserId user_id, List list) {
  Uuid after;
  while (true) {
    const auto page = TRY(list(reader, user_id, after, rows_at_once));
    TRY(add_all(out, page));
    if (static_cast<std::int64_t>(page.size()) < rows_at_once) return {};
    after = page.back().id.uuid;
  }
}

Result<void> add_file(LineWriter& out, const AttachmentFiles& files, const Attachment& attachment) {
  return read_attachment(files, attachment, transfer_part_bytes, [&](std::string_view bytes) {
    return out.add(TransferPart{attachment.sha256, base64url(bytes)});
  });
}

Result<void> add_files(LineWriter& out, ServiceContext& context, store::Reader reader, UserId user_id) {
  std::set<std::string> written;
  Uuid after;
  while (true) {
    const std::vector<Attachment> page = TRY(store::export_attachments(reader, user_id, after, rows_at_once));
    for (const Attachment& attachment : page) {
      if (context.files != nullptr && written.insert(attachment.sha256).second)
        TRY(add_file(out, *context.files, attachment));
      TRY(out.add(attachment));
    }
    if (static_cast<std::int64_t>(page.size()) < rows_at_once) return {};
    after = page.back().id.uuid;
  }
}

Result<void> add_changes(LineWriter& out, store::Reader reader, UserId user_id) {
  std::int64_t after = 0;
  while (true) {
    const std::vector<AuditEntry> page = TRY(store::export_changes(reader, user_id, after, rows_at_once));
    TRY(add_all(out, page));
    if (static_cast<std::int64_t>(page.size()) < rows_at_once) return {};
    after = page.back().change_id;
  }
}

Result<std::int64_t> export_json(ServiceContext& context,
                                 const Viewer& viewer,
                                 const ExportSink& sink,
                                 const ExportProgress& progress) {
  const UserId user_id = viewer.user_id;
  Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::read));
  const store::Reader reader(transaction);
  LineWriter out(sink, progress, TRY(store::count_export_rows(reader, user_id)));
  const std::optional<User> user = TRY(store::find_user(reader, user_id));
  if (!user) return not_found("This account does not exist any more.");
  const store::UserCounters counters = TRY(store::find_user_counters(reader, user_id));
  TRY(out.add(TransferHeader{*user, counters.last_change_id, counters.last_issue_number}));
  TRY(add_both<Project>(out, reader, user_id, store::list_projects));
  TRY(add_both<Area>(out, reader, user_id, store::list_areas));
  TRY(add_both<Label>(out, reader, user_id, store::list_labels));
  TRY(add_both<Workflow>(out, reader, user_id, store::list_workflows));
  TRY(add_pages(out, reader, user_id, store::export_issues));
  TRY(add_pages(out, reader, user_id, store::export_relations));
  TRY(add_pages(out, reader, user_id, store::export_git_integrations));
  TRY(add_pages(out, reader, user_id, store::export_comments));
  TRY(add_files(out, context, reader, user_id));
  TRY(add_both<SavedView>(out, reader, user_id, store::list_saved_views));
  TRY(add_changes(out, reader, user_id));
  TRY(transaction.commit());
  const std::int64_t lines = out.lines();
  TRY(out.add(TransferEnd{lines}));
  TRY(out.flush());
  return lines + 1;
}

}  // namespace

Result<void> read_attachment(const AttachmentFiles& files,
                             const Attachment& attachment,
                             std::size_t piece_bytes,
                             const ExportSink& take) {
  const auto lost = [&attachment](const std::string& how) {
    return not_found("The file \"" + attachment.file_name + "\" " + how + " on the server (SHA-256 " +
                     attachment.sha256 +
                     "). Bring it back from a backup, or delete it from its issue and then from the trash.");
  };
  const FileHash name = TRY(FileHash::of(attachment.sha256));
  if (!files.has(name)) return lost("is missing");
  const FileDescriptor file = TRY(files.open(name));
  Sha256 hash;
  std::string piece(piece_bytes, '\0');
  while (true) {
    std::size_t filled = 0;
    while (filled < piece.size()) {
      const ssize_t count = ::read(file.get(), piece.data() + filled, piece.size() - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_error("cannot read the file of an attachment");
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    if (filled == 0) break;
    hash.add(std::string_view(piece).substr(0, filled));
    TRY(take(std::string_view(piece).substr(0, filled)));
  }
  if (hex(hash.finish()) != attachment.sha256) return lost("is damaged");
  return {};
}

Result<ExportFormat> export_format_from_name(std::string_view name) {
  if (name == "json") return ExportFormat::json;
  if (name == "csv") return ExportFormat::csv;
  if (name == "markdown") return ExportFormat::markdown;
  return invalid("format", "Must be json, csv or markdown.");
}

std::string_view file_name_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::json:
      return "dits-export.jsonl";
    case ExportFormat::csv:
      return "dits-issues.csv";
    case ExportFormat::markdown:
      break;
  }
  return "dits-markdown.tar";
}

std::string_view content_type_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::json:
      return "application/x-ndjson";
    case ExportFormat::csv:
      return "text/csv; charset=utf-8; header=present";
    case ExportFormat::markdown:
      break;
  }
  return "application/x-tar";
}

Result<std::int64_t> export_account(ServiceContext& context,
                                    const Viewer& viewer,
                                    ExportFormat format,
                                    const ExportSink& sink,
                                    const ExportProgress& progress) {
  // Those that its transaction sees stay until they are read.
  const FileDescriptor kept_files =
      context.files == nullptr ? FileDescriptor() : TRY(context.files->keep_all());
  switch (format) {
    case ExportFormat::json:
      return export_json(context, viewer, sink, progress);
    case ExportFormat::csv:
      return export_csv(context, viewer, sink, progress);
    case ExportFormat::markdown:
      break;
  }
  return export_markdown_tar(context, viewer, sink, progress);
}

}  // namespace dits
