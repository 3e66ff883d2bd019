#include "server/api/docs_page.hpp"

#include <ranges>

#include "server/api/openapi.hpp"
#include "shared/json/value.hpp"

namespace dits {

namespace {

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
    std::string links;
    for (const auto name : std::views::split(route.doc.response_schema, '|'))
      links += (links.empty() ? "" : " or ") + schema_link(std::string_view(name.begin(), name.end()));
    out += "<dt>Answer</dt><dd>" + links + "</dd>";
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
  const Json all = openapi_schemas(routes);
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

}  // namespace dits
