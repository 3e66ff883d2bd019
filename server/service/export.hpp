// Everything of a user as one stream of bytes: JSON without loss, CSV for a spreadsheet, Markdown for
// reading. Each reads one consistent state, page by page; memory does not grow with the account.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "server/base/viewer.hpp"
#include "server/service/context.hpp"

namespace dits {

enum class ExportFormat { json, csv, markdown };
// "json", "csv", "markdown". Errors: invalid at "format".
Result<ExportFormat> export_format_from_name(std::string_view name);
// "dits-export.jsonl", "dits-issues.csv", "dits-markdown.tar"
std::string_view file_name_of(ExportFormat format);
std::string_view content_type_of(ExportFormat format);

using ExportSink = std::function<Result<void>(std::string_view bytes)>;
// `total` is about how many records there will be.
using ExportProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// How many records were written: lines, rows or files. Errors: those of the database and of `sink`;
// not_found, when the file of an attachment is missing.
Result<std::int64_t> export_account(ServiceContext& context,
                                    const Viewer& viewer,
                                    ExportFormat format,
                                    const ExportSink& sink,
                                    const ExportProgress& progress);

// One file of a Markdown export: a path without leading slash, and its content in pieces.
struct ExportedFile {
  std::string path;
  std::int64_t byte_size = 0;
  Timestamp modified_at;
};
using ExportedFileSink = std::function<Result<void>(
    const ExportedFile& file, const std::function<Result<void>(const ExportSink& sink)>& write)>;
// The Markdown export as files: issues/128-title.md with its front matter, files/<hash>/<name>.
Result<std::int64_t> export_markdown_files(ServiceContext& context,
                                           const Viewer& viewer,
                                           const ExportedFileSink& sink,
                                           const ExportProgress& progress);

}  // namespace dits
