#include "server/api/openapi.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "server/api/docs_page.hpp"
#include "shared/api/paths.hpp"
#include "shared/api/schemas.hpp"
#include "shared/json/value.hpp"

namespace dits {

namespace {

using schemas::Field;
using schemas::Schema;
using schemas::Type;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// To one schema, or to any of several, separated by '|'.
Json reference_to(std::string_view schema) {
  const std::vector<std::string> names = split(schema, '|');
  if (names.size() == 1) return {{"$ref", "#/components/schemas/" + names.front()}};
  Json any = Json::array();
  for (const std::string& name : names) any.push_back(reference_to(name));
  return {{"anyOf", std::move(any)}};
}

Json type_json(const Field& field) {
  switch (field.type) {
    case Type::text:
      return {{"type", "string"}};
    case Type::integer:
      return {{"type", "integer"}};
    case Type::number:
      return {{"type", "number"}};
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::date:
      return {{"type", "string"}, {"format", "date"}};
    case Type::time:
      return {{"type", "string"}, {"format", "date-time"}};
    case Type::id:
      return {{"type", "string"}, {"format", "uuid"}};
    case Type::object:
      return {{"type", "object"}};
    case Type::word:
      return {{"type", "string"}, {"enum", split(field.of, '|')}};
    case Type::ids:
      return {{"type", "array"}, {"items", {{"type", "string"}, {"format", "uuid"}}}};
    case Type::integers:
      return {{"type", "array"}, {"items", {{"type", "integer"}}}};
    case Type::texts:
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case Type::any:
      return Json::object();
    case Type::rows:
      return {{"type", "array"}, {"items", {{"type", "array"}, {"items", Json::object()}}}};
    case Type::list:
      return {{"type", "array"}, {"items", reference_to(field.of)}};
    case Type::reference:
      return reference_to(field.of);
  }
  return Json::object();
}

// What the field holds in a body: elements as they are made, with an id where they are there already.
Field in_body(Field field, std::string& name) {
  const std::optional<Schema> of = schemas::find(field.of);
  if (field.type != Type::list || !of || !schemas::has_answer(*of) || !schemas::has_create(*of)) return field;
  name = std::string(field.of) + "Create";
  field.of = name;
  return field;
}

Json field_json(const Field& field) {
  Json json = type_json(field);
  if ((field.use & schemas::nullable) != 0) json = {{"anyOf", {std::move(json), {{"type", "null"}}}}};
  if (!field.description.empty()) json["description"] = field.description;
  return json;
}

// The fields of a schema with one of the uses.
Json object_json(const Schema& schema, unsigned uses) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& field : schema.fields) {
    if ((field.use & uses) == 0) continue;
    std::string element;
    properties[std::string(field.name)] =
        field_json(uses == schemas::answer ? field : in_body(field, element));
    const bool is_needed = uses == schemas::answer ? (field.use & schemas::optional) == 0
                                                   : (field.use & uses & schemas::create_required) != 0;
    if (is_needed) required.push_back(field.name);
  }
  Json json = {
      {"type", "object"}, {"description", schema.description}, {"properties", std::move(properties)}};
  if (!required.empty()) json["required"] = std::move(required);
  if (uses != schemas::answer) json["additionalProperties"] = false;
  return json;
}

struct QueryParameter {
  std::string_view name;
  std::string_view type;
  std::string_view description;
};
constexpr QueryParameter query_parameters[] = {
    {"q", "string", "The query language, or the words to look for"},
    {"fields",
     "string",
     "Names of the fields to send, with commas between: the others are left out then, required or not"},
    {"limit", "integer", "How many at most"},
    {"days", "integer", "How far back: 30, 60 or 365"},
    {"cursor", "string", "nextCursor of the page before"},
    {"sort", "string", "Keys with commas between, - for descending: -updated,title"},
    {"since", "string", "A change, or for the audit log a time"},
    {"until", "string", "A time, not included"},
    {"entityType", "string", "issue, project, area, …"},
    {"entityId", "string", "A UUID"},
    {"action", "string", "CREATE, UPDATE, DELETE, RESTORE or ARCHIVE"},
    {"lastEventId", "string", "For clients that cannot set Last-Event-ID"},
    {"log", "string", "The log of that change, as the snapshot names it; 409 when it is another"},
    {"format", "string", "json, csv or markdown; of a table json or csv"},
    {"columns", "string", "For CSV: Summary=title,Owner= maps one column and passes another over"},
    {"values", "string", "For CSV: status:Resolved=Done,priority:Highest=urgent maps values"},
    {"dates", "string", "For CSV: day-first or month-first, for dates such as 3/4/2025"},
    {"encoding", "string", "For CSV: that of the file, such as windows-1252, where it is not Unicode"},
    {"dryRun", "boolean", "Of a CSV everything is checked and counted, and nothing written"},
    {"name", "string", "The file's name, without folders"},
    {"id", "string", "A UUIDv7 that the client chooses"},
    {"filter", "string", "priority = HIGH and due_date < 2026-08-01, or words to look for"},
    {"whole", "boolean", "Long cells are sent whole; one row at most"},
    {"analyze", "boolean", "Run it, and tell how long each step took"},
    {"parse",
     "boolean",
     "#bug !high @Work due:fri >#128 leave the title and become attributes; what names nothing is refused"},
    {"today",
     "string",
     "With parse: the day, as 2026-07-31, from which due:fri counts; else that of the zone"},
    {"replacement", "string", "The status that the issues get instead"},
};

constexpr QueryParameter header_parameters[] = {
    {"Time-Zone",
     "string",
     "Whose days are meant, where days are asked for: Europe/Vienna, UTC or +02:00; else the account's, "
     "which "
     "is that of its first browser"},
    {"If-Match",
     "string",
     "The version that is meant, as \"7\", or several with commas between; 412 with the issue as it is when "
     "it is at none of them"},
    {"If-None-Match", "string", "What the client has: 304 when it is still that"},
    {"Range", "string", "bytes=100-199, bytes=100- or bytes=-100: that part alone, with 206"},
    {"If-Range", "string", "The ETag of which Range asks for a part: all of it when it is another by now"},
};

Json parameters_json(const http::Route& route) {
  Json parameters = Json::array();
  for (const std::string& segment : split(route.path, '/')) {
    if (segment.size() < 2 || segment.front() != '{') continue;
    parameters.push_back({{"name", segment.substr(1, segment.size() - 2)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
  }
  for (const std::string& name : split(route.doc.query_params, ',')) {
    const auto* known = std::find_if(std::begin(query_parameters),
                                     std::end(query_parameters),
                                     [&](const QueryParameter& each) { return each.name == name; });
    Json parameter = {{"name", name}, {"in", "query"}};
    const bool is_known = known != std::end(query_parameters);
    parameter["schema"] = {{"type", is_known ? known->type : std::string_view("string")}};
    if (is_known) parameter["description"] = known->description;
    parameters.push_back(std::move(parameter));
  }
  for (const std::string& name : split(route.doc.header_params, ',')) {
    const auto* known = std::find_if(std::begin(header_parameters),
                                     std::end(header_parameters),
                                     [&](const QueryParameter& each) { return each.name == name; });
    if (known == std::end(header_parameters)) continue;
    parameters.push_back({{"name", name},
                          {"in", "header"},
                          {"schema", {{"type", known->type}}},
                          {"description", known->description}});
  }
  if (route.method != http::Method::get && route.limits.keeps_idempotency && route.who != http::Who::anyone) {
    parameters.push_back({{"name", "Idempotency-Key"}, {"in", "header"}, {"schema", {{"type", "string"}}}});
  }
  return parameters;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string_view name_of_who(http::Who who) {
  switch (who) {
    case http::Who::user:
      return "user";
    case http::Who::admin:
      return "admin";
    case http::Who::anyone:
      break;
  }
  return "anyone";
}

// "get_issues_id_activity": unique, since method and path are.
std::string operation_id(const http::Route& route) {
  std::string id = lower(name_of(route.method));
  for (const std::string& segment : split(route.path, '/')) {
    if (segment.empty() || segment == "api" || segment == "v1") continue;
    id += '_';
    for (char c : segment) {
      const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (is_word) id += c;
    }
  }
  return id;
}

Json operation_json(const http::Route& route) {
  Json operation = {
      {"summary", route.doc.summary}, {"operationId", operation_id(route)}, {"tags", {tag_of(route)}}};
  const Json parameters = parameters_json(route);
  if (!parameters.empty()) operation["parameters"] = parameters;
  if (!route.doc.request_schema.empty()) {
    operation["requestBody"] = {
        {"required", true},
        {"content", {{"application/json", {{"schema", reference_to(route.doc.request_schema)}}}}}};
  }
  if (route.limits.takes_file) {
    operation["requestBody"] = {{"required", true},
                                {"content", {{"application/octet-stream", Json::object()}}}};
  }
  Json success = {{"description", "Done"}};
  if (!route.doc.response_schema.empty()) {
    success["content"] = {{"application/json", {{"schema", reference_to(route.doc.response_schema)}}}};
  }
  for (const std::string& type : split(route.doc.response_type, ','))
    success["content"][type] = Json::object();
  const Json problem = {{"description", "A problem document (RFC 9457)"},
                        {"content", {{"application/problem+json", {{"schema", reference_to("Problem")}}}}}};
  operation["responses"] = {{"2XX", std::move(success)}, {"default", problem}};
  if (route.who == http::Who::anyone) {
    operation["security"] = Json::array();
  } else {
    operation["x-scope"] = name_of_scope(route.scope);
    if (route.who == http::Who::admin) operation["x-role"] = "ADMIN";
  }
  return operation;
}

}  // namespace

Json openapi_schemas(const std::vector<http::Route>& routes) {
  Json json = Json::object();
  for (const Schema& schema : schemas::all()) {
    if (schemas::has_answer(schema)) json[std::string(schema.name)] = object_json(schema, schemas::answer);
    if (schemas::has_create(schema)) {
      // What is never answered needs no ending.
      json[std::string(schema.name) + (schemas::has_answer(schema) ? "Create" : "")] =
          object_json(schema, schemas::create | schemas::create_required);
    }
    if (schemas::has_change(schema)) {
      json[std::string(schema.name) + "Change"] = object_json(schema, schemas::change);
    }
  }
  // "LabelPage" is {"items": [Label], "nextCursor"}.
  for (const http::Route& route : routes) {
    const std::string_view name = route.doc.response_schema;
    if (!name.ends_with("Page") || json.contains(std::string(name))) continue;
    json[std::string(name)] = {
        {"type", "object"},
        {"properties",
         {{"items", {{"type", "array"}, {"items", reference_to(name.substr(0, name.size() - 4))}}},
          {"nextCursor", {{"type", {"string", "null"}}}}}},
        {"required", {"items", "nextCursor"}}};
  }
  return json;
}

std::string_view name_of_scope(Scope scope) {
  switch (scope) {
    case Scope::read:
      return "read";
    case Scope::write:
      return "write";
    case Scope::admin:
      return "admin";
    case Scope::none:
      break;
  }
  return "none";
}

std::string tag_of(const http::Route& route) {
  const std::vector<std::string> segments = split(route.path.substr(1), '/');
  return segments.size() > 2 ? segments[2] : "docs";
}

std::string openapi_document(const std::vector<http::Route>& routes) {
  Json paths_json = Json::object();
  for (const http::Route& route : routes) {
    paths_json[std::string(route.path)][lower(name_of(route.method))] = operation_json(route);
  }
  const Json document = {
      {"openapi", "3.1.0"},
      {"info", {{"title", "DITS"}, {"version", "1"}, {"description", "Issues of one developer."}}},
      {"servers", {{{"url", "/"}}}},
      {"security", {{{"session", Json::array()}}, {{"token", Json::array()}}}},
      {"paths", std::move(paths_json)},
      {"components",
       {{"securitySchemes",
         {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "dits_session"}}},
          {"token", {{"type", "http"}, {"scheme", "bearer"}}}}},
        {"schemas", openapi_schemas(routes)}}}};
  return dump(document);
}

std::string routes_listing(const std::vector<http::Route>& routes) {
  std::string out;
  for (const http::Route& route : routes) {
    std::string line(name_of(route.method));
    line.resize(7, ' ');
    line += route.path;
    line.resize(std::max<std::size_t>(line.size() + 1, 72), ' ');
    line += name_of_who(route.who);
    line += ' ';
    line += name_of_scope(route.scope);
    if (route.limits.needs_session) line += " session-only";
    if (route.limits.is_heavy) line += " heavy";
    if (route.method != http::Method::get && !route.limits.keeps_idempotency) line += " no-idempotency";
    out += line + '\n';
  }
  return out;
}

std::vector<http::Route> openapi_routes(const std::vector<http::Route>& routes) {
  using http::Method;
  using http::Request;
  using http::Response;
  using http::Who;
  const auto text = std::make_shared<std::pair<std::string, std::string>>();
  std::vector<http::Route> own = {
      {Method::get,
       paths::openapi,
       Who::anyone,
       Scope::none,
       [text](const Request&) -> Result<Response> { return Response::ok(text->first); },
       {"This document", {}, {}, {}, "application/json"}},
      {Method::get,
       paths::docs,
       Who::anyone,
       Scope::none,
       [text](const Request&) -> Result<Response> {
         return Response::text(text->second, "text/html; charset=utf-8");
       },
       {"This document, to read", {}, {}, {}, "text/html"}},
      {Method::get,
       "/api/docs.css",
       Who::anyone,
       Scope::none,
       [](const Request&) -> Result<Response> {
         return Response::text(std::string(docs_style()), "text/css; charset=utf-8");
       },
       {"How the page looks", {}, {}, {}, "text/css"}},
  };
  std::vector<http::Route> all = routes;
  all.insert(all.end(), own.begin(), own.end());
  *text = {openapi_document(all), docs_page(all)};
  return own;
}

}  // namespace dits
