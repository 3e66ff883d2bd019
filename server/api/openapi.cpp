#include "server/api/openapi.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

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

Json reference_to(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
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
    case Type::list:
      return {{"type", "array"}, {"items", reference_to(field.of)}};
    case Type::reference:
      return reference_to(field.of);
  }
  return Json::object();
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
    properties[std::string(field.name)] = field_json(field);
    const bool is_needed = uses == schemas::answer || (field.use & uses & schemas::create_required) != 0;
    if (is_needed) required.push_back(field.name);
  }
  Json json = {
      {"type", "object"}, {"description", schema.description}, {"properties", std::move(properties)}};
  if (!required.empty() && uses != schemas::answer) json["required"] = std::move(required);
  if (uses != schemas::answer) json["additionalProperties"] = false;
  return json;
}

Json schemas_json(const std::vector<http::Route>& routes) {
  Json json = Json::object();
  for (const Schema& schema : schemas::all()) {
    json[std::string(schema.name)] = object_json(schema, schemas::answer);
    if (schemas::has_create(schema)) {
      json[std::string(schema.name) + "Create"] =
          object_json(schema, schemas::create | schemas::create_required);
    }
    if (schemas::has_change(schema)) {
      json[std::string(schema.name) + "Change"] = object_json(schema, schemas::change);
    }
  }
  // "LabelPage" is {"items": [Label], "nextCursor"}, and what no table describes is any object.
  for (const http::Route& route : routes) {
    for (const std::string_view name : {route.doc.request_schema, route.doc.response_schema}) {
      if (name.empty() || json.contains(std::string(name))) continue;
      Json schema = {{"type", "object"}};
      if (name.ends_with("Page")) {
        const std::string_view of = name.substr(0, name.size() - 4);
        const Json items = json.contains(std::string(of)) ? reference_to(of) : Json{{"type", "object"}};
        schema["properties"] = {{"items", {{"type", "array"}, {"items", items}}},
                                {"nextCursor", {{"type", {"string", "null"}}}}};
      }
      json[std::string(name)] = std::move(schema);
    }
  }
  return json;
}

struct QueryParameter {
  std::string_view name;
  std::string_view type;
  std::string_view description;
};
constexpr QueryParameter query_parameters[] = {
    {"q", "string", "The query language, or the words to look for"},
    {"fields", "string", "Names of the fields to send, with commas between"},
    {"limit", "integer", "How many at most"},
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
    {"today", "string", "With parse: the day, as 2026-07-31, from which due:fri counts; else that of UTC"},
    {"replacement", "string", "The status that the issues get instead"},
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

std::string tag_of(const http::Route& route) {
  const std::vector<std::string> segments = split(route.path.substr(1), '/');
  return segments.size() > 2 ? segments[2] : "docs";
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
  if (!route.doc.response_type.empty())
    success["content"] = {{std::string(route.doc.response_type), Json::object()}};
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

void append_html(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

std::string schema_link(std::string_view name) {
  return "<a href=\"#schema-" + std::string(name) + "\">" + std::string(name) + "</a>";
}

void append_operation(std::string& out, const http::Route& route) {
  out += "<article><h3><span class=\"method\">" + std::string(name_of(route.method)) + "</span> <code>";
  append_html(out, route.path);
  out += "</code></h3><p>";
  append_html(out, route.doc.summary);
  out += ".</p><dl>";
  if (route.who != http::Who::anyone) {
    out += "<dt>Scope</dt><dd>" + std::string(name_of_scope(route.scope)) + "</dd>";
  }
  if (route.who == http::Who::admin) out += "<dt>Role</dt><dd>administrator</dd>";
  if (!route.doc.query_params.empty()) {
    out += "<dt>Query</dt><dd>";
    append_html(out, route.doc.query_params);
    out += "</dd>";
  }
  if (!route.doc.request_schema.empty())
    out += "<dt>Body</dt><dd>" + schema_link(route.doc.request_schema) + "</dd>";
  if (!route.doc.response_schema.empty()) {
    out += "<dt>Answer</dt><dd>" + schema_link(route.doc.response_schema) + "</dd>";
  }
  out += "</dl></article>";
}

void append_schema(std::string& out, const std::string& name, const Json& schema) {
  out += "<article id=\"schema-" + name + "\"><h3>" + name + "</h3>";
  const auto properties = schema.find("properties");
  if (properties != schema.end()) {
    out += "<table><tbody>";
    for (auto property = properties->begin(); property != properties->end(); ++property) {
      out += "<tr><th scope=\"row\"><code>" + property.key() + "</code></th><td>";
      Json type = property.value();
      const auto description = type.find("description");
      const std::string* text =
          description != type.end() ? description->get_ptr<const std::string*>() : nullptr;
      const std::string shown = text != nullptr ? *text : std::string();
      type.erase("description");
      append_html(out, shown);
      out += "</td><td><code>";
      append_html(out, dump(type));
      out += "</code></td></tr>";
    }
    out += "</tbody></table>";
  }
  out += "</article>";
}

}  // namespace

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
        {"schemas", schemas_json(routes)}}}};
  return dump(document);
}

std::string docs_page(const std::vector<http::Route>& routes) {
  std::string out =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>DITS API</title>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" "
      "href=\"/api/docs.css\"></head><body><main><h1>DITS API</h1>"
      "<p>Made from the server's route tables. The same for programs: <a "
      "href=\"/api/openapi.json\">openapi.json</a>.</p>";
  std::string tag;
  for (const http::Route& route : routes) {
    if (tag_of(route) != tag) {
      tag = tag_of(route);
      out += "<h2>" + tag + "</h2>";
    }
    append_operation(out, route);
  }
  out += "<h2>Schemas</h2>";
  const Json all = schemas_json(routes);
  for (auto schema = all.begin(); schema != all.end(); ++schema)
    append_schema(out, schema.key(), schema.value());
  out += "</main></body></html>";
  return out;
}

std::string_view docs_style() {
  return "body{font:15px/1.5 system-ui,sans-serif;color:#132024;background:#FCFDFD;margin:0}"
         "main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h2{margin-top:2.5rem;border-bottom:1px solid "
         "#D2DADB}"
         "article{margin:1rem 0}h3{font-size:1rem;margin:0}.method{color:#09636B;font-weight:600}"
         "code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}p{margin:.2rem 0}a{color:#09636B}"
         "dl{display:grid;grid-template-columns:5rem 1fr;gap:0 .5rem;margin:.2rem "
         "0}dt{color:#435459}dd{margin:0}"
         "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.15rem .75rem "
         ".15rem 0;font-weight:400}"
         "@media "
         "(prefers-color-scheme:dark){body{color:#E4ECEC;background:#0F1719}a,.method{color:#6FC3CA}dt{color:"
         "#A3B3B6}h2{border-color:#34474B}}";
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
       {"This document"}},
      {Method::get,
       paths::docs,
       Who::anyone,
       Scope::none,
       [text](const Request&) -> Result<Response> {
         return Response::text(text->second, "text/html; charset=utf-8");
       },
       {"This document, to read"}},
      {Method::get,
       "/api/docs.css",
       Who::anyone,
       Scope::none,
       [](const Request&) -> Result<Response> {
         return Response::text(std::string(docs_style()), "text/css; charset=utf-8");
       },
       {"How the page looks"}},
  };
  std::vector<http::Route> all = routes;
  all.insert(all.end(), own.begin(), own.end());
  *text = {openapi_document(all), docs_page(all)};
  return own;
}

}  // namespace dits
