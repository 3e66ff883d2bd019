// What the formats of an export share with each other and with nobody else.
#pragma once

#include <map>

#include "server/service/attachment_files.hpp"
#include "server/service/export.hpp"
#include "server/store/reader.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/issue.hpp"

namespace dits {

// The file of an attachment, piece by piece. Errors: not_found, which names it, when it is missing or does
// not hold what was uploaded: an export of it could not be imported; those of `take`.
Result<void> read_attachment(const AttachmentFiles& files,
                             const Attachment& attachment,
                             std::size_t piece_bytes,
                             const ExportSink& take);

// What stands for the ids of an issue where people read.
struct ExportNames {
  std::map<StatusId, std::string> statuses;
  std::map<ProjectId, std::string> projects;
  std::map<AreaId, std::string> areas;
  std::map<LabelId, std::string> labels;
  std::map<IssueId, std::int64_t> numbers;  // of all issues: 24 bytes each
};
// Of all that are there, in the trash or not.
Result<ExportNames> read_export_names(store::Reader reader, UserId user_id);

// Calls `take` for every issue that is not in the trash, in the order of the ids.
Result<void> for_each_issue(store::Reader reader,
                            UserId user_id,
                            const std::function<Result<void>(const Issue&)>& take);

// The parts of export_account, with its errors.
Result<std::int64_t> export_csv(ServiceContext& context,
                                const Viewer& viewer,
                                const ExportSink& sink,
                                const ExportProgress& progress);
Result<std::int64_t> export_markdown_tar(ServiceContext& context,
                                         const Viewer& viewer,
                                         const ExportSink& sink,
                                         const ExportProgress& progress);

}  // namespace dits
