// The exports that people read: a table of issues, and one Markdown file for each.
#include <algorithm>

#include "server/base/tar.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/export_links.hpp"
#include "server/service/export_parts.hpp"
#include "server/service/issue_table.hpp"
#include "server/store/areas.hpp"
#include "server/store/attachments.hpp"
#include "server/store/comments.hpp"
#include "server/store/labels.hpp"
#include "server/store/projects.hpp"
#include "server/store/transfer.hpp"
#include "server/store/workflows.hpp"
#include "shared/api/paths.hpp"
#include "shared/core/csv.hpp"
#include "shared/core/text.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

constexpr std::int64_t issues_at_once = 500;
constexpr std::int64_t progress_step = 200;
constexpr std::size_t piece_bytes = std::size_t{256} * 1024;
constexpr std::size_t max_slug_code_points = 60;

template <typename Entity, typename IdType, typename List>
Result<void> read_names(store::Reader reader,
                        UserId user_id,
                        List list,
                        std::map<IdType, std::string>& names) {
  for (const store::Presence presence : {store::Presence::live, store::Presence::deleted}) {
    for (const Entity& entity : TRY(list(reader, user_id, presence))) names[entity.id] = entity.name;
  }
  return {};
}

template <typename Map, typename IdType>
std::string name_in(const Map& names, const IdType& id) {
  const auto found = names.find(id);
  return found == names.end() ? std::string() : found->second;
}

std::string number_of(const ExportNames& names, IssueId id) {
  const auto found = names.numbers.find(id);
  return found == names.numbers.end() ? std::string() : std::to_string(found->second);
}

template <typename T>
std::string text_of(const std::optional<T>& value) {
  return value ? to_string(*value) : std::string();
}

std::vector<std::string> label_names(const ExportNames& names, const Issue& issue) {
  std::vector<std::string> labels;
  for (const LabelId& id : issue.label_ids) labels.push_back(name_in(names.labels, id));
  std::sort(labels.begin(), labels.end());
  return labels;
}

// ---- Markdown

// "Fix the websocket timeout!" -> "fix-the-websocket-timeout"
std::string slug_of(std::string_view title) {
  std::string slug;
  std::size_t count = 0;
  const std::string folded = fold_case(title);
  for (std::size_t at = 0; at < folded.size() && count < max_slug_code_points;) {
    const std::size_t begin = at;
    const char32_t c = take_code_point(folded, at);
    const bool is_word = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c > 0xBF;
    if (is_word) {
      slug += folded.substr(begin, at - begin);
      ++count;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
      ++count;
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

// JSON strings are YAML strings.
std::string yaml_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void put_line(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += std::string(name) + ": " + value + "\n";
}

void put_quoted(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) put_line(out, name, yaml_text(value));
}

std::string front_matter(const Issue& issue, const ExportNames& names) {
  std::string out = "---\n";
  put_line(out, "number", std::to_string(issue.number));
  put_quoted(out, "title", issue.title);
  put_quoted(out, "status", name_in(names.statuses, issue.status_id));
  put_line(out, "priority", std::string(name_of(issue.priority)));
  put_quoted(out, "project", name_in(names.projects, issue.project_id));
  put_quoted(out, "area", name_in(names.areas, issue.area_id));
  std::string labels;
  for (const std::string& label : label_names(names, issue))
    labels += (labels.empty() ? "" : ", ") + yaml_text(label);
  if (!labels.empty()) put_line(out, "labels", "[" + labels + "]");
  put_line(out, "parent", number_of(names, issue.parent_issue_id));
  put_line(out, "start", text_of(issue.start_date));
  put_line(out, "due", text_of(issue.due_date));
  put_line(out, "completed", text_of(issue.completed_at));
  put_line(out, "created", to_string(issue.created_at));
  put_line(out, "updated", to_string(issue.updated_at));
  put_line(out, "id", to_string(issue.id));
  return out + "---\n";
}

std::string ended(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

std::string markdown_of(const Issue& issue,
                        const ExportNames& names,
                        const std::vector<Comment>& comments,
                        const std::vector<Attachment>& attachments) {
  std::string out = front_matter(issue, names) + "\n# " + issue.title + "\n";
  if (!issue.description.empty()) out += "\n" + ended(with_local_links(issue.description, attachments));
  if (!attachments.empty()) {
    out += "\n## Files\n\n";
    for (const Attachment& attachment : attachments) {
      const std::string address = paths::path_with(
          paths::issue_attachment, {to_string(attachment.issue_id), to_string(attachment.id)});
      out += with_local_links("- [" + attachment.file_name + "](" + address + ")\n", attachments);
    }
  }
  if (!comments.empty()) out += "\n## Comments\n";
  for (const Comment& comment : comments) {
    out += "\n### " + to_string(comment.created_at) + "\n\n" +
           ended(with_local_links(comment.body, attachments));
  }
  return out;
}

Result<void> export_issue_files(const AttachmentFiles* files,
                                const std::vector<Attachment>& attachments,
                                std::map<std::string, bool>& written,
                                const ExportedFileSink& sink,
                                std::int64_t& count) {
  for (const Attachment& attachment : attachments) {
    const std::string path = exported_file_path(attachment);
    if (files == nullptr || !written.emplace(path, true).second) continue;
    TRY(sink({path, attachment.byte_size, attachment.created_at},
             [&](const ExportSink& out) { return read_attachment(*files, attachment, piece_bytes, out); }));
    ++count;
  }
  return {};
}

}  // namespace

Result<ExportNames> read_export_names(store::Reader reader, UserId user_id) {
  ExportNames names;
  TRY(read_names<Project>(reader, user_id, store::list_projects, names.projects));
  TRY(read_names<Area>(reader, user_id, store::list_areas, names.areas));
  TRY(read_names<Label>(reader, user_id, store::list_labels, names.labels));
  for (const store::Presence presence : {store::Presence::live, store::Presence::deleted}) {
    for (const Workflow& workflow : TRY(store::list_workflows(reader, user_id, presence))) {
      for (const Status& status : workflow.statuses) names.statuses[status.id] = status.name;
    }
  }
  names.numbers = TRY(store::list_issue_numbers(reader, user_id));
  return names;
}

Result<void> for_each_issue(store::Reader reader,
                            UserId user_id,
                            const std::function<Result<void>(const Issue&)>& take) {
  Uuid after;
  while (true) {
    const std::vector<Issue> page = TRY(store::export_issues(reader, user_id, after, issues_at_once));
    for (const Issue& issue : page) {
      if (!issue.deleted_at) TRY(take(issue));
    }
    if (static_cast<std::int64_t>(page.size()) < issues_at_once) return {};
    after = page.back().id.uuid;
  }
}

Result<std::int64_t> export_csv(ServiceContext& context,
                                const Viewer& viewer,
                                const ExportSink& sink,
                                const ExportProgress& progress) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(viewer.user_id), Access::read));
  const store::Reader reader(transaction);
  const ExportNames names = TRY(read_export_names(reader, viewer.user_id));
  const auto total = static_cast<std::int64_t>(names.numbers.size());
  std::string text;
  append_csv_row(text, {issue_table_columns.begin(), issue_table_columns.end()});
  std::int64_t count = 0;
  const auto add_row = [&](const Issue& issue) -> Result<void> {
    // In the order of issue_table_columns.
    append_csv_row(text,
                   {std::to_string(issue.number),
                    issue.title,
                    issue.description,
                    name_in(names.statuses, issue.status_id),
                    std::string(name_of(issue.priority)),
                    name_in(names.projects, issue.project_id),
                    name_in(names.areas, issue.area_id),
                    joined_words(label_names(names, issue)),
                    number_of(names, issue.parent_issue_id),
                    text_of(issue.start_date),
                    text_of(issue.due_date),
                    text_of(issue.completed_at),
                    to_string(issue.created_at),
                    to_string(issue.updated_at)});
    if (++count % progress_step == 0 && progress) progress(count, total);
    if (text.size() < piece_bytes) return {};
    TRY(sink(text));
    text.clear();
    return {};
  };
  TRY(for_each_issue(reader, viewer.user_id, add_row));
  TRY(transaction.commit());
  TRY(sink(text));
  return count;
}

Result<std::int64_t> export_markdown_files(ServiceContext& context,
                                           const Viewer& viewer,
                                           const ExportedFileSink& sink,
                                           const ExportProgress& progress) {
  const UserId user_id = viewer.user_id;
  Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::read));
  const store::Reader reader(transaction);
  const ExportNames names = TRY(read_export_names(reader, user_id));
  const auto total = static_cast<std::int64_t>(names.numbers.size());
  std::map<std::string, bool> written;
  std::int64_t count = 0;
  const auto add_issue = [&](const Issue& issue) -> Result<void> {
    const std::vector<Comment> comments = TRY(store::list_comments(reader, user_id, issue.id));
    const std::vector<Attachment> attachments = TRY(store::list_attachments(reader, user_id, issue.id));
    const std::string text = markdown_of(issue, names, comments, attachments);
    const std::string slug = slug_of(issue.title);
    const std::string path =
        "issues/" + std::to_string(issue.number) + (slug.empty() ? "" : "-" + slug) + ".md";
    TRY(sink({path, static_cast<std::int64_t>(text.size()), issue.updated_at},
             [&](const ExportSink& out) { return out(text); }));
    if (++count % progress_step == 0 && progress) progress(count, total);
    return export_issue_files(context.files, attachments, written, sink, count);
  };
  TRY(for_each_issue(reader, user_id, add_issue));
  TRY(transaction.commit());
  return count;
}

Result<std::int64_t> export_markdown_tar(ServiceContext& context,
                                         const Viewer& viewer,
                                         const ExportSink& sink,
                                         const ExportProgress& progress) {
  const auto add_file = [&](const ExportedFile& file,
                            const std::function<Result<void>(const ExportSink&)>& write) -> Result<void> {
    TRY(sink(tar_header("dits/" + file.path, file.byte_size, file.modified_at.unix_ms / 1000)));
    std::int64_t written = 0;
    TRY(write([&](std::string_view bytes) {
      written += static_cast<std::int64_t>(bytes.size());
      return sink(bytes);
    }));
    if (written != file.byte_size) return internal("the size of " + file.path + " is not what is on record");
    return sink(tar_padding(file.byte_size));
  };
  const std::int64_t count = TRY(export_markdown_files(context, viewer, add_file, progress));
  TRY(sink(tar_end()));
  return count;
}

}  // namespace dits
