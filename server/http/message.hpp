// Request and response as the API rooms see them: no word of the HTTP library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/viewer.hpp"
#include "shared/core/result.hpp"

namespace dits::http {

enum class Method { get, post, put, patch, del };
std::string_view name_of(Method method);  // "GET", …, "DELETE"
// Of RFC 9110 or PATCH; a client may send any token as its method.
bool is_known_method(std::string_view name);

// What arrived. Paths and query values are percent-decoded, valid UTF-8 without NUL (anything else was
// refused before).
class Request {
 public:
  Method method = Method::get;
  std::string path;
  std::string body;
  std::string request_id;
  std::string remote_address;
  bool is_secure = false;  // TLS, or said so by a listed proxy
  std::string session_cookie_name;
  Viewer viewer;  // as the router established; !is_known() only on routes for anyone

  // On a route that takes a file: the next piece of the body as it arrives, empty at its end. The view holds
  // until the next call, which blocks while the client is slow. Errors: invalid, kind "payload_too_large" or
  // "request_timeout"; unavailable when the client is gone.
  std::function<Result<std::string_view>()> read_body;
  std::size_t body_bytes = 0;  // as announced for read_body; 0 when it was not

  // The value of "{name}" in the route's path; asking for a name the route does not have is our own bug.
  std::string_view param(std::string_view name) const;
  // First value of a query parameter, or nullopt.
  std::optional<std::string_view> query(std::string_view name) const;
  // Errors: invalid, naming a query parameter that is not in `known`: misspelt filters must not be ignored.
  Result<void> refuse_unknown_query(std::initializer_list<std::string_view> known) const;
  // Header by case-insensitive name, or empty.
  std::string_view header(std::string_view name) const;
  // Value of a cookie, or empty.
  std::string_view cookie(std::string_view name) const;

  std::vector<std::pair<std::string, std::string>> path_params;
  std::vector<std::pair<std::string, std::string>> query_params;
  std::vector<std::pair<std::string, std::string>> headers;
};

// What to answer. Success statuses are made by the named constructors; errors travel as Error and are turned
// into RFC 9457 documents in errors.cpp alone.
struct Response {
  int status = 0;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // Instead of `body`: bytes that live as long as the program.
  std::string_view static_body = {};
  // Set for an event stream or a long download: called with a sink until it returns false. Runs on the
  // connection's thread.
  std::function<bool(const std::function<bool(std::string_view)>& write)> stream;
  // Of a long download: asked at its end whether all of it was written. If not, the connection is broken off:
  // the client must not take half a file for a whole one.
  std::function<bool()> stream_is_whole = {};
  // What the stream will write in all, where that is known: the client then sees when it was cut off.
  std::optional<std::uint64_t> stream_bytes = {};

  static Response ok(std::string json);
  static Response created(std::string json, std::string location);
  static Response no_content();
  static Response text(std::string body, std::string content_type);

  Response& with_header(std::string name, std::string value) &;
  Response&& with_header(std::string name, std::string value) &&;
};

// A failed If-Match: a problem document with the status of kind "version_mismatch" and the entity as it is
// now in "current".
Response precondition_failed(std::string current_json);

}  // namespace dits::http
