// Route matching and the checks that every request passes.
#include "server/http/router.hpp"

#include <algorithm>
#include <cstdlib>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/base/request_patience.hpp"
#include "server/http/compression.hpp"
#include "server/http/errors.hpp"
#include "server/http/headers.hpp"
#include "shared/core/text.hpp"

namespace dits::http {
namespace {

constexpr std::chrono::seconds stream_check_interval{2};

Error with_kind(Error error, std::string_view kind) {
  error.kind = kind;
  return error;
}

std::optional<Method> method_from_name(std::string_view name) {
  if (name == "HEAD") return Method::get;
  for (const Method method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
    if (name_of(method) == name) return method;
  }
  return std::nullopt;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::vector<std::string_view> split_pattern(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool matches(const std::vector<std::string_view>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  return equals_ignoring_case(type, "application/json") ||
         equals_ignoring_case(type, "application/merge-patch+json");
}

// JSON is UTF-8 (RFC 8259); who says that it is something else means other letters.
bool has_foreign_charset(std::string_view content_type) {
  constexpr std::string_view name = "charset=";
  while (true) {
    const std::size_t semicolon = content_type.find(';');
    if (semicolon == std::string_view::npos) return false;
    content_type = trim(content_type.substr(semicolon + 1));
    if (!equals_ignoring_case(content_type.substr(0, name.size()), name)) continue;
    std::string_view charset = trim(content_type.substr(name.size(), content_type.find(';') - name.size()));
    if (charset.size() >= 2 && charset.front() == '"' && charset.back() == '"')
      charset = charset.substr(1, charset.size() - 2);
    return !equals_ignoring_case(charset, "utf-8") && !equals_ignoring_case(charset, "utf8") &&
           !equals_ignoring_case(charset, "us-ascii");
  }
}

// True for the escape of a NUL character in JSON text: PostgreSQL's text has no place for it.
bool has_nul_escape(std::string_view json) {
  for (std::size_t at = json.find("\\u0000"); at != std::string_view::npos;
       at = json.find("\\u0000", at + 1)) {
    std::size_t before = at;
    while (before > 0 && json[before - 1] == '\\') --before;
    if ((at - before) % 2 == 0) return true;
  }
  return false;
}

// A form of another site can't send this type, so that a page that forges requests fails here too.
Result<void> check_file_type(const Request& request) {
  const std::string_view content_type = request.header("content-type");
  if (equals_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), "application/octet-stream"))
    return {};
  return with_kind(invalid({}, "send the file as the body, as application/octet-stream"),
                   "unsupported_media_type");
}

// What was compressed on the way would be kept as it came.
Result<void> check_body_encoding(const Request& request) {
  const std::string_view encoding = trim(request.header("content-encoding"));
  if (encoding.empty() || equals_ignoring_case(encoding, "identity")) return {};
  return with_kind(invalid({}, "send the body as it is, without Content-Encoding: it is not unpacked here"),
                   "unsupported_media_type");
}

Result<void> check_body(const Route& route, const Request& request) {
  TRY(check_body_encoding(request));
  if (std::max(request.body.size(), request.body_bytes) > route.limits.max_body_bytes)
    return too_large(route.limits.max_body_bytes, route.limits.setting);
  if (route.limits.takes_file) return check_file_type(request);
  if (request.body.empty()) return {};
  if (!is_json(request.header("content-type"))) {
    return with_kind(invalid({}, "send the body as application/json"), "unsupported_media_type");
  }
  if (has_foreign_charset(request.header("content-type")))
    return with_kind(invalid({}, "send the body in UTF-8"), "unsupported_media_type");
  if (!is_storable_text(request.body) || has_nul_escape(request.body))
    return invalid({}, "the body must be UTF-8 without NUL characters");
  return {};
}

Result<void> check_permission(const Route& route, const Viewer& viewer) {
  if (route.who == Who::admin && viewer.role != Role::admin)
    return forbidden("Only an administrator may do this.");
  if (viewer.scope < route.scope) return forbidden("This credential's scope does not cover this call.");
  if (route.limits.needs_session && viewer.credential != CredentialKind::session) {
    return forbidden("This needs a signed-in session; a token can not do it.");
  }
  return {};
}

// The path for the log: a one-time link is a secret until it is used.
std::string shown_path(const std::string& path) {
  const std::size_t at = path.find("/setup/");
  return at == std::string::npos ? path : path.substr(0, at) + "/setup/***";
}

// All lines of a header as one list: a proxy may add a line of its own below the client's.
std::string all_values(const RequestHead& head, std::string_view name) {
  std::string list;
  for (const auto& [key, value] : head.headers) {
    if (equals_ignoring_case(key, name)) list += (list.empty() ? "" : ",") + value;
  }
  return list;
}

// "https://host:port" of the address by which the client reached us.
bool is_own_origin(const Request& request, std::string_view origin) {
  const std::string_view scheme = request.is_secure ? "https://" : "http://";
  return origin.starts_with(scheme) &&
         equals_ignoring_case(origin.substr(scheme.size()), request.header("host"));
}

}  // namespace

Router::Router(RouterOptions options) : options_(std::move(options)) {
  for (const Route& route : options_.routes) shapes_.push_back({&route, split_pattern(route.path)});
  std::stable_sort(shapes_.begin(), shapes_.end(), [](const Shape& a, const Shape& b) {
    const std::size_t count = std::min(a.segments.size(), b.segments.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (is_parameter(a.segments[i]) != is_parameter(b.segments[i])) return is_parameter(b.segments[i]);
    }
    return a.segments.size() < b.segments.size();
  });
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    for (std::size_t j = i + 1; j < shapes_.size(); ++j) {
      if (shapes_[i].route->method == shapes_[j].route->method &&
          shapes_[i].route->path == shapes_[j].route->path) {
        log::error("a route is in the table twice", {{"path", shapes_[i].route->path}});
        std::abort();
      }
    }
  }
}

std::size_t Router::max_body_bytes() const {
  std::size_t most = Limits{}.max_body_bytes;
  for (const Route& route : options_.routes) {
    if (!route.limits.takes_file) most = std::max(most, route.limits.max_body_bytes);
  }
  return most;
}

bool Router::takes_file(const RequestHead& head) const {
  if (head.method != "POST" && head.method != "PUT") return false;
  const std::optional<Method> method = method_from_name(head.method);
  const Result<Target> target = parse_target(head.target);
  if (!method || !target) return false;
  const Shape* shape = find(*method, target->segments);
  return shape != nullptr && shape->route->limits.takes_file;
}

const Router::Shape* Router::find(Method method, const std::vector<std::string>& segments) const {
  for (const Shape& shape : shapes_) {
    if (shape.route->method == method && matches(shape.segments, segments)) return &shape;
  }
  return nullptr;
}

Response Router::answer(const RequestHead& head,
                        const std::string& body,
                        const std::string& peer_address,
                        bool is_tls,
                        Exchange& exchange,
                        BodySource* file) const {
  Request request;
  request.headers = head.headers;
  // Parts are of GET (RFC 9110 14.2).
  if (head.method == "HEAD") {
    std::erase_if(request.headers, [](const auto& row) { return equals_ignoring_case(row.first, "range"); });
  }
  request.request_id = random_name();
  request.remote_address =
      options_.trusted_proxies.client_address(peer_address, all_values(head, "x-forwarded-for"));
  request.is_secure = is_tls || (options_.trusted_proxies.contains(peer_address) &&
                                 head.header("x-forwarded-proto") == "https");
  request.session_cookie_name = session_cookie_name(request.is_secure, options_.cookie_tag);
  exchange.request_id = request.request_id;
  exchange.remote_address = request.remote_address;

  Result<Response> result = dispatch(head, body, file, request, exchange);
  Response response =
      result ? std::move(result).value() : problem_response(result.error(), request.request_id);
  if (!result && result.error().code == ErrorCode::internal) {
    log::error(
        "internal error",
        {{"request_id", request.request_id}, {"route", exchange.route}, {"message", result.error().message}});
  }
  response.with_header("X-Request-Id", request.request_id);
  allow_origin(request, response);
  add_security_headers(response, request.is_secure, request.header("host"));
  compress(response, request.header("accept-encoding"));
  return response;
}

Result<Response> Router::dispatch(const RequestHead& head,
                                  const std::string& body,
                                  BodySource* file,
                                  Request& request,
                                  Exchange& exchange) const {
  Target target = TRY(parse_target(head.target));
  request.path = target.path;
  exchange.path = shown_path(target.path);
  request.query_params = std::move(target.query);
  const std::optional<Method> method = method_from_name(head.method);
  const Shape* shape = method ? find(*method, target.segments) : nullptr;
  if (!method || shape == nullptr) return answer_unrouted(head, request, target.segments);
  request.method = *method;
  request.body = body;
  if (shape->route->limits.takes_file) {
    request.body_bytes = head.content_length;
    request.read_body = [file, &limits = shape->route->limits]() -> Result<std::string_view> {
      if (file == nullptr) return std::string_view();
      Result<std::string_view> piece = file->next(limits.max_body_bytes);
      const bool is_too_large = !piece && piece.error().kind == "payload_too_large";
      return is_too_large ? too_large(limits.max_body_bytes, limits.setting) : std::move(piece);
    };
  }
  for (std::size_t i = 0; i < shape->segments.size(); ++i) {
    const std::string_view name = shape->segments[i];
    if (is_parameter(name))
      request.path_params.emplace_back(name.substr(1, name.size() - 2), std::move(target.segments[i]));
  }
  exchange.route = shape->route->path;
  return run(*shape->route, head, request, exchange);
}

Result<Response> Router::run(const Route& route,
                             const RequestHead& head,
                             Request& request,
                             Exchange& exchange) const {
  std::optional<RequestPatience> patience;
  if (!route.limits.takes_file) patience.emplace();
  TRY(identify(route, request));
  exchange.user_id = request.viewer.user_id;
  TRY(check_permission(route, request.viewer));
  if (route.method != Method::get && request.viewer.credential != CredentialKind::token)
    TRY(check_origin(request));
  TRY(check_body(route, request));
  if (request.read_body) guard_upload(request);
  if (route.limits.is_heavy && options_.admit_heavy) TRY(options_.admit_heavy(request.viewer));
  const bool is_repeatable =
      route.method != Method::get && route.limits.keeps_idempotency && request.viewer.is_known();
  Result<Response> response =
      is_repeatable && options_.run_idempotent && !request.header("idempotency-key").empty()
          ? options_.run_idempotent(request, route.handler)
          : route.handler(request);
  if (response && head.method == "HEAD") response->stream = nullptr;
  if (response && response->stream && route.who != Who::anyone) guard_stream(request, *response);
  return response;
}

Result<Response> Router::answer_unrouted(const RequestHead& head,
                                         const Request& request,
                                         const std::vector<std::string>& segments) const {
  std::string allowed;
  for (const Method method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
    if (find(method, segments) == nullptr) continue;
    allowed +=
        (allowed.empty() ? "" : ", ") + std::string(method == Method::get ? "GET, HEAD" : name_of(method));
  }
  const bool is_read = head.method == "GET" || head.method == "HEAD";
  if (allowed.empty() && options_.static_files != nullptr) {
    std::optional<Response> file = options_.static_files->find(
        request.path, request.header("accept-encoding"), request.header("if-none-match"));
    if (file && is_read) return std::move(*file);
    if (file) allowed = "GET, HEAD";
  }
  if (!allowed.empty() && head.method == "OPTIONS")
    return Response::no_content().with_header("Allow", allowed);
  if (!allowed.empty()) {
    const Error error =
        with_kind(invalid({}, "this address does not know the method " + head.method), "method_not_allowed");
    return problem_response(error, request.request_id).with_header("Allow", allowed);
  }
  if (options_.elsewhere) return options_.elsewhere();
  return not_found("There is nothing at this address.");
}

Result<Credentials> Router::credentials_of(const Request& request) {
  Credentials credentials{
      {}, {}, request.remote_address, std::string(request.header("user-agent")), request.request_id};
  const std::string_view authorization = request.header("authorization");
  if (!authorization.empty()) {
    constexpr std::string_view scheme = "bearer ";
    if (!equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) {
      return unauthorized("Only bearer tokens are understood here.");
    }
    credentials.bearer = trim(authorization.substr(scheme.size()));
  } else {
    credentials.session = request.cookie(request.session_cookie_name);
    // One that an earlier version gave still counts.
    if (credentials.session.empty())
      credentials.session = request.cookie(session_cookie_name(request.is_secure));
  }
  if (credentials.bearer.empty() && credentials.session.empty()) return unauthorized("Sign in first.");
  return credentials;
}

Result<void> Router::identify(const Route& route, Request& request) const {
  Viewer viewer;
  if (route.who != Who::anyone) {
    const Credentials credentials = TRY(credentials_of(request));
    viewer = TRY(options_.authenticate(credentials));
  }
  viewer.ip_address = request.remote_address;
  viewer.user_agent = std::string(request.header("user-agent").substr(0, 300));
  if (!is_storable_text(viewer.user_agent)) viewer.user_agent.clear();
  viewer.request_id = request.request_id;
  request.viewer = std::move(viewer);
  return {};
}

// A stream ends when what it was opened with is revoked or has ended.
void Router::guard_stream(const Request& request, Response& response) const {
  const Result<Credentials> credentials = credentials_of(request);
  if (!credentials) return;
  response.stream = [this,
                     credentials = *credentials,
                     stream = std::move(response.stream),
                     checked = std::chrono::steady_clock::now()](const auto& write) mutable {
    if (const auto now = std::chrono::steady_clock::now(); now - checked > stream_check_interval) {
      checked = now;
      const Result<Viewer> viewer = options_.authenticate(credentials);
      if (!viewer && viewer.error().code == ErrorCode::unauthorized) return false;
    }
    return stream(write);
  };
}

// A file may be on its way for minutes: whoever sends it must still be let in when it is whole.
void Router::guard_upload(Request& request) const {
  const Result<Credentials> credentials = credentials_of(request);
  if (!credentials) return;
  request.read_body =
      [this, credentials = *credentials, read = std::move(request.read_body)]() -> Result<std::string_view> {
    const std::string_view piece = TRY(read());
    if (!piece.empty()) return piece;
    if (const Result<Viewer> viewer = options_.authenticate(credentials); !viewer) return viewer.error();
    return piece;
  };
}

// Against forged requests (CSRF): a browser says where an unsafe request comes from, and a page can't make it
// leave that out. A program (curl with a cookie jar) says nothing and can't be tricked by a page; something
// that calls itself a browser and says nothing is refused: the headers were taken away on the way.
Result<void> Router::check_origin(const Request& request) const {
  Error refusal = forbidden("This request comes from another site.");
  const std::string_view origin = request.header("origin");
  const bool is_listed =
      std::find(options_.allowed_origins.begin(), options_.allowed_origins.end(), origin) !=
      options_.allowed_origins.end();
  if (!origin.empty() && is_listed) return {};
  if (const std::string_view site = request.header("sec-fetch-site"); !site.empty()) {
    return site == "same-origin" ? Result<void>{} : Result<void>{refusal};
  }
  if (!origin.empty()) return is_own_origin(request, origin) ? Result<void>{} : Result<void>{refusal};
  const std::string_view referer = request.header("referer");
  if (referer.empty()) {
    const bool is_browser = request.header("user-agent").starts_with("Mozilla/");
    return is_browser ? Result<void>{refusal} : Result<void>{};
  }
  const std::size_t path = referer.find('/', referer.find("//") + 2);
  return is_own_origin(request, referer.substr(0, path)) ? Result<void>{} : Result<void>{refusal};
}

void Router::allow_origin(const Request& request, Response& response) const {
  const std::string_view origin = request.header("origin");
  if (origin.empty() || std::find(options_.allowed_origins.begin(), options_.allowed_origins.end(), origin) ==
                            options_.allowed_origins.end())
    return;
  response.with_header("Access-Control-Allow-Origin", std::string(origin));
  response.with_header("Access-Control-Allow-Headers",
                       "Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, "
                       "Idempotency-Key, Last-Event-ID, Time-Zone");
  response.with_header("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE");
  response.with_header("Access-Control-Expose-Headers",
                       "ETag, Location, Retry-After, X-Request-Id, Idempotency-Replayed, Accept-Ranges, "
                       "Content-Range, Content-Disposition");
  response.with_header("Vary", "Origin");
}

}  // namespace dits::http
