// Request and Response: the small questions.
#include "server/http/message.hpp"

#include <algorithm>
#include <array>

#include "server/http/request_head.hpp"
#include "shared/core/text.hpp"

namespace dits::http {

std::string_view name_of(Method method) {
  constexpr std::array<std::string_view, 5> names{"GET", "POST", "PUT", "PATCH", "DELETE"};
  return names[static_cast<std::size_t>(method)];
}

bool is_known_method(std::string_view name) {
  constexpr std::array<std::string_view, 9> names{
      "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : path_params) {
    if (key == name) return value;
  }
  assert(!"the route has no such parameter");
  return {};
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  for (const auto& [key, value] : query_params) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<void> Request::refuse_unknown_query(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : query_params) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return invalid(key, "There is no query parameter \"" + key + "\" here.");
    }
    if (std::count_if(query_params.begin(), query_params.end(), [&](const auto& other) {
          return other.first == key;
        }) > 1) {
      return invalid(key, "The query parameter \"" + key + "\" is given more than once.");
    }
  }
  return {};
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string_view Request::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (!equals_ignoring_case(key, "cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      const std::string_view pair = trim(rest.substr(0, end));
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return {};
}

Response Response::ok(std::string json) { return {200, "application/json", std::move(json), {}, {}, {}}; }

Response Response::created(std::string json, std::string location) {
  return Response{201, "application/json", std::move(json), {}, {}, {}}.with_header("Location",
                                                                                    std::move(location));
}

Response Response::no_content() { return {204, {}, {}, {}, {}, {}}; }

Response Response::text(std::string body, std::string content_type) {
  return {200, std::move(content_type), std::move(body), {}, {}, {}};
}

Response& Response::with_header(std::string name, std::string value) & {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

Response&& Response::with_header(std::string name, std::string value) && {
  headers.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

}  // namespace dits::http
