// Attachments over HTTP. What comes back is never run by a browser: it is sent to be saved, in a sandbox, and
// only the four kinds of images may be shown.
#include "server/api/attachments.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <unistd.h>

#include "server/api/handlers.hpp"
#include "server/http/conditions.hpp"
#include "server/http/errors.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/attachments.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/attachment_json.hpp"

namespace dits {

namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

// RFC 6266: a plain name for old clients, and the real one.
std::string disposition_of(const Attachment& attachment) {
  std::string plain;
  for (const char c : attachment.file_name) {
    const bool is_plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
    plain += is_plain ? c : '_';
  }
  return std::string(is_shown_inline(attachment.content_type) ? "inline" : "attachment") + "; filename=\"" +
         plain + "\"; filename*=UTF-8''" + paths::percent_encoded(attachment.file_name);
}

// Of `left` bytes from `at` on, and moves both.
bool write_next_piece(int file,
                      std::uint64_t& at,
                      std::uint64_t& left,
                      const std::function<bool(std::string_view)>& write) {
  std::array<char, piece_bytes> buffer;
  const std::size_t wanted = std::min<std::uint64_t>(left, buffer.size());
  ssize_t count = -1;
  do {
    count = ::pread(file, buffer.data(), wanted, static_cast<off_t>(at));
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return false;
  at += static_cast<std::uint64_t>(count);
  left -= static_cast<std::uint64_t>(count);
  return write({buffer.data(), static_cast<std::size_t>(count)});
}

http::Response no_such_part(const http::Request& request, std::uint64_t size) {
  Error error = invalid({}, "The file has " + std::to_string(size) + " bytes.");
  error.kind = "range_not_satisfiable";
  return http::problem_response(error, request.request_id)
      .with_header("Content-Range", "bytes */" + std::to_string(size));
}

Result<http::Response> get_attachments(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(parse_issue_key(request.param("id")));
  return list_response(TRY(list_attachments(context, request.viewer, key)), attachment_to_json);
}

Result<http::Response> post_attachment(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"name", "id"}));
  const IssueKey key = TRY(parse_issue_key(request.param("id")));
  NewFile file;
  file.name = request.query("name").value_or(std::string_view());
  file.expected_bytes = static_cast<std::int64_t>(request.body_bytes);
  if (const auto id = request.query("id")) {
    const Result<Uuid> uuid = parse_uuid(*id);
    if (!uuid || *uuid == Uuid{}) return invalid("id", "Must be a UUID.");
    file.id = AttachmentId{*uuid};
  }
  const Attachment created = TRY(create_attachment(context, request.viewer, key, file, request.read_body));
  return http::Response::created(
      dump(attachment_to_json(created)),
      paths::path_with(paths::issue_attachment, {request.param("id"), to_string(created.id)}));
}

Result<http::Response> get_attachment(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(parse_issue_key(request.param("id")));
  const AttachmentId id = TRY(id_param<AttachmentId>(request, "attachmentId"));
  OpenAttachment opened = TRY(open_attachment(context, request.viewer, key, id));
  const Attachment& attachment = opened.attachment;
  const std::string tag = "\"" + attachment.sha256 + "\"";
  http::Response response;
  response.with_header("ETag", tag)
      .with_header("Cache-Control", "private, no-cache")
      .with_header("Content-Security-Policy", "sandbox; default-src 'none'")
      .with_header("Content-Disposition", disposition_of(attachment));
  response.with_header("Accept-Ranges", "bytes");
  if (http::has_current(request.header("if-none-match"), tag)) {
    response.status = 304;
    return response;
  }
  const auto size = static_cast<std::uint64_t>(attachment.byte_size);
  const http::RangeAnswer wanted =
      http::read_range(request.header("range"), request.header("if-range"), tag, size);
  if (wanted.is_beyond) return no_such_part(request, size);
  response.status = wanted.part ? 206 : 200;
  response.content_type =
      attachment.content_type == "text/plain" ? "text/plain; charset=utf-8" : attachment.content_type;
  if (wanted.part) response.with_header("Content-Range", wanted.part->content_range(size));
  response.stream_bytes = wanted.part ? wanted.part->length() : size;
  response.stream = [file = std::make_shared<FileDescriptor>(std::move(opened.file)),
                     at = wanted.part ? wanted.part->first : 0,
                     left = *response.stream_bytes](const auto& write) mutable {
    return write_next_piece(file->get(), at, left, write);
  };
  return response;
}

Result<http::Response> delete_attachment(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(parse_issue_key(request.param("id")));
  const AttachmentId id = TRY(id_param<AttachmentId>(request, "attachmentId"));
  TRY(remove_attachment(context, request.viewer, key, id));
  return http::Response::no_content();
}

Result<http::Response> post_restore(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(parse_issue_key(request.param("id")));
  const AttachmentId id = TRY(id_param<AttachmentId>(request, "attachmentId"));
  return http::Response::ok(
      dump(attachment_to_json(TRY(restore_attachment(context, request.viewer, key, id)))));
}

http::Limits limits_of_upload(const ServiceContext& context) {
  http::Limits limits;
  const AttachmentLimits otherwise;
  const auto most =
      context.files != nullptr ? context.files->limits().max_file_bytes : otherwise.max_file_bytes;
  limits.max_body_bytes = static_cast<std::size_t>(most);
  limits.takes_file = true;
  limits.setting = "--attachment-max-mb (ATTACHMENT_MAX_MB)";
  return limits;
}

}  // namespace

std::vector<http::Route> attachment_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::issue_attachments,
       Who::user,
       Scope::read,
       bound(context, get_attachments),
       {"Lists the files of an issue", {}, "AttachmentPage"}},
      {Method::post,
       paths::issue_attachments,
       Who::user,
       Scope::write,
       bound(context, post_attachment),
       {"Takes a file: the body is the file, its name is in the query", {}, "Attachment", "name,id"},
       limits_of_upload(context)},
      {Method::get,
       paths::issue_attachment,
       Who::user,
       Scope::read,
       bound(context, get_attachment),
       {"Gives the file itself", {}, {}, {}, "*/*", "Range,If-Range,If-None-Match"}},
      {Method::del,
       paths::issue_attachment,
       Who::user,
       Scope::write,
       bound(context, delete_attachment),
       {"Puts a file into the trash"}},
      {Method::post,
       paths::issue_attachment_restore,
       Who::user,
       Scope::write,
       bound(context, post_restore),
       {"Takes a file out of the trash", {}, "Attachment"}},
  };
}

}  // namespace dits
