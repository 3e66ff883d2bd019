// Error -> status and problem document. No other file of the server names an error status.
#include "server/http/errors.hpp"

#include <array>

#include "server/base/crypto.hpp"
#include "server/http/headers.hpp"
#include "shared/core/refusals.hpp"

namespace dits::http {
namespace {

struct KindStatus {
  std::string_view kind;
  int status;
};

// Kinds that mean more to HTTP than their code alone.
constexpr std::array kind_statuses{
    KindStatus{"version_mismatch", 412},
    KindStatus{"payload_too_large", 413},
    KindStatus{"quota_exceeded", 413},
    KindStatus{"rate_limited", 429},
    KindStatus{"disk_full", 507},
    KindStatus{"method_not_allowed", 405},
    KindStatus{"unsupported_media_type", 415},
    KindStatus{"range_not_satisfiable", 416},
    KindStatus{"head_too_large", 431},
    KindStatus{"uri_too_long", 414},
    KindStatus{"request_timeout", 408},
    KindStatus{"idempotency_key_reused", 422},
};

struct StatusTitle {
  int status;
  std::string_view title;
  std::string_view code;
};

constexpr std::array titles{
    StatusTitle{400, "The request is not valid", "invalid"},
    StatusTitle{401, "Not signed in", "unauthorized"},
    StatusTitle{403, "Not allowed", "forbidden"},
    StatusTitle{404, "Not found", "not_found"},
    StatusTitle{405, "Method not allowed", "method_not_allowed"},
    StatusTitle{408, "The request took too long", "request_timeout"},
    StatusTitle{409, "Conflict", "conflict"},
    StatusTitle{412, "Changed meanwhile", "version_mismatch"},
    StatusTitle{413, "Too large", "payload_too_large"},
    StatusTitle{414, "The address is too long", "uri_too_long"},
    StatusTitle{415, "Unsupported media type", "unsupported_media_type"},
    StatusTitle{416, "There is no such part", "range_not_satisfiable"},
    StatusTitle{422, "The request can not be carried out", "invalid"},
    StatusTitle{429, "Too many requests", "rate_limited"},
    StatusTitle{431, "The request's head is too large", "head_too_large"},
    StatusTitle{500, "Internal error", "internal"},
    StatusTitle{503, "Unavailable", "unavailable"},
    StatusTitle{507, "The disk is full", "disk_full"},
};

const StatusTitle& title_of(int status) {
  for (const StatusTitle& row : titles) {
    if (row.status == status) return row;
  }
  return status < 500 ? titles.front() : title_of(500);
}

std::string field_errors(const Error& error) {
  std::string out;
  const auto append = [&out](std::string_view field, std::string_view message) {
    out += out.empty() ? "" : ",";
    out += "{\"field\":" + json_quote(field) + ",\"message\":" + json_quote(message) + "}";
  };
  for (const FieldError& row : error.fields) append(row.field, row.message);
  if (error.fields.empty() && !error.field.empty()) append(error.field, error.message);
  return out;
}

std::string problem_json(const Error& error, int status, std::string_view request_id) {
  const StatusTitle& row = title_of(status);
  const bool is_internal = error.code == ErrorCode::internal;
  const std::string_view code = error.kind.empty() || is_internal ? row.code : std::string_view(error.kind);
  // Of one field or parameter its name is in the sentence, as it is where there are several.
  const std::string sentence =
      error.fields.empty() ? sentence_of({error.field, error.message}) : error.message;
  const std::string_view detail = is_internal ? "Something went wrong on the server; its log has the details."
                                              : std::string_view(sentence);
  std::string out = "{\"type\":\"about:blank\",\"title\":" + json_quote(row.title) +
                    ",\"status\":" + std::to_string(status) + ",\"code\":" + json_quote(code) +
                    ",\"detail\":" + json_quote(detail);
  if (const std::string fields = field_errors(error); !fields.empty() && !is_internal)
    out += ",\"errors\":[" + fields + "]";
  if (!request_id.empty()) out += ",\"requestId\":" + json_quote(request_id);
  return out + "}";
}

}  // namespace

int status_of(const Error& error) {
  for (const KindStatus& row : kind_statuses) {
    if (row.kind == error.kind) return row.status;
  }
  switch (error.code) {
    case ErrorCode::invalid:
      return 400;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

std::string_view reason_of(int status) {
  struct Reason {
    int status;
    std::string_view text;
  };
  static constexpr Reason reasons[] = {{200, "OK"},
                                       {201, "Created"},
                                       {202, "Accepted"},
                                       {204, "No Content"},
                                       {206, "Partial Content"},
                                       {304, "Not Modified"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {408, "Request Timeout"},
                                       {409, "Conflict"},
                                       {412, "Precondition Failed"},
                                       {413, "Content Too Large"},
                                       {414, "URI Too Long"},
                                       {415, "Unsupported Media Type"},
                                       {416, "Range Not Satisfiable"},
                                       {422, "Unprocessable Content"},
                                       {428, "Precondition Required"},
                                       {429, "Too Many Requests"},
                                       {431, "Request Header Fields Too Large"},
                                       {500, "Internal Server Error"},
                                       {503, "Service Unavailable"},
                                       {507, "Insufficient Storage"}};
  for (const Reason& row : reasons) {
    if (row.status == status) return row.text;
  }
  return status < 500 ? "Unknown" : "Internal Server Error";
}

Response problem_response(const Error& error, std::string_view request_id) {
  Response response;
  response.status = status_of(error);
  response.content_type = "application/problem+json";
  response.body = problem_json(error, response.status, request_id);
  if (response.status == 401) response.with_header("WWW-Authenticate", "Bearer realm=\"dits\"");
  if (error.code == ErrorCode::unavailable) {
    response.with_header("Retry-After",
                         std::to_string(error.retry_after_seconds > 0 ? error.retry_after_seconds : 1));
  }
  return response;
}

Response problem_response(int status, std::string_view request_id) {
  const bool is_ours = status >= 500;
  Error error{is_ours ? ErrorCode::internal : ErrorCode::invalid,
              std::string(title_of(status).title),
              {},
              std::string(title_of(status).code)};
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = problem_json(error, status, request_id);
  return response;
}

Response precondition_failed(std::string current_json) {
  Error error =
      conflict("It was changed by someone else meanwhile; \"current\" is how it is now.", "version_mismatch");
  Response response = problem_response(error, {});
  response.body.pop_back();
  response.body += ",\"current\":" + current_json + "}";
  return response;
}

Response refusal(const Error& error, std::string& request_id, bool is_secure, std::string_view host) {
  if (request_id.empty()) request_id = random_name();
  Response response = problem_response(error, request_id);
  response.with_header("X-Request-Id", request_id);
  add_security_headers(response, is_secure, host);
  return response;
}

Error too_large(std::size_t most_bytes, std::string_view setting) {
  constexpr std::size_t megabyte = std::size_t{1024} * 1024;
  const std::string most = most_bytes % megabyte == 0 ? std::to_string(most_bytes / megabyte) + " MB"
                                                      : std::to_string(most_bytes) + " bytes";
  std::string message = "The body may have at most " + most + " here";
  if (!setting.empty()) message += "; " + std::string(setting) + " sets it";
  Error error = invalid({}, message + ".");
  error.kind = "payload_too_large";
  return error;
}

std::string json_quote(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace dits::http
