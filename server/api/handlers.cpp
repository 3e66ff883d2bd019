#include "server/api/handlers.hpp"

#include <charconv>

#include "server/http/conditions.hpp"
#include "server/http/request_head.hpp"

namespace dits {

http::Handler bound(ServiceContext& context, ContextHandler handler) {
  return [&context, handler](const http::Request& request) { return handler(context, request); };
}

Result<Uuid> uuid_param(const http::Request& request, std::string_view name) {
  const Result<Uuid> uuid = parse_uuid(request.param(name));
  if (!uuid || *uuid == Uuid{}) return not_found("There is nothing at this address.");
  return *uuid;
}

Result<Json> body_of(const http::Request& request) {
  if (request.body.empty()) return invalid("", "The request needs a JSON body.");
  Json body = TRY(parse_json(request.body));
  if (!body.is_object()) return invalid("", "The body must be a JSON object.");
  return body;
}

static std::optional<std::int64_t> integer_from(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::vector<std::int64_t>> if_match(const http::Request& request) {
  const std::string_view text = request.header("If-Match");
  std::vector<std::int64_t> versions;
  if (text == "*") return versions;
  const auto tags = http::entity_tags(text);
  for (const http::EntityTag& tag : tags.value_or(std::vector<http::EntityTag>())) {
    if (const std::optional<std::int64_t> version = integer_from(tag.text)) versions.push_back(*version);
  }
  if (!tags || versions.size() != tags->size())
    return invalid("If-Match", "If-Match must be a version such as \"7\", or several with commas between.");
  return versions;
}

Result<std::string_view> zone_of(const http::Request& request) {
  constexpr std::string_view name = "Time-Zone";
  std::string_view zone;
  for (const auto& [key, value] : request.headers) {
    if (!http::equals_ignoring_case(key, name)) continue;
    if (value.empty() || !zone.empty())
      return invalid(std::string(name), "Must name one time zone, as Europe/Vienna, UTC or +02:00.");
    zone = value;
  }
  return zone;
}

Result<std::int64_t> integer_query(const http::Request& request,
                                   std::string_view name,
                                   std::int64_t otherwise,
                                   std::int64_t least,
                                   std::int64_t most) {
  const std::optional<std::string_view> text = request.query(name);
  if (!text) return otherwise;
  const std::optional<std::int64_t> value = integer_from(*text);
  if (!value || *value < least || *value > most) {
    return invalid(
        std::string(name),
        "Must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return *value;
}

Result<bool> flag_query(const http::Request& request, std::string_view name) {
  const std::string_view text = request.query(name).value_or("0");
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return invalid(std::string(name), "Must be true or false");
}

}  // namespace dits
