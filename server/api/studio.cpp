// The resource /admin/studio.
#include "server/service/studio.hpp"

#include <memory>

#include "server/api/admin.hpp"
#include "server/api/handlers.hpp"
#include "server/base/log.hpp"
#include "shared/api/paths.hpp"
#include "shared/core/csv.hpp"
#include "shared/json/writer.hpp"

namespace dits {

constexpr std::int64_t most_rows = 1000;

// filter, sort ("-updated_at" for descending), cursor, limit.
static Result<store::StudioRowsQuery> rows_query(const http::Request& request) {
  store::StudioRowsQuery query;
  query.filter = TRY(parse_studio_filter(request.query("filter").value_or("")));
  std::string_view sort = request.query("sort").value_or("");
  query.is_descending = sort.starts_with('-');
  if (query.is_descending) sort.remove_prefix(1);
  query.sort = sort;
  query.cursor = request.query("cursor").value_or("");
  query.is_whole = TRY(flag_query(request, "whole"));
  query.limit =
      TRY(integer_query(request, "limit", query.is_whole ? 1 : 200, 1, query.is_whole ? 1 : most_rows));
  return query;
}

static Result<http::Response> get_tables(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  Json items = Json::array();
  for (const StudioTable& table : TRY(studio_tables(admin))) items.push_back(studio_table_to_json(table));
  return http::Response::ok(dump({{"items", std::move(items)}, {"nextCursor", nullptr}}));
}

static Result<http::Response> get_rows(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({"filter", "sort", "cursor", "limit", "whole"}));
  const store::StudioRowsQuery query = TRY(rows_query(request));
  return http::Response::ok(studio_page_text(TRY(studio_rows(admin, request.param("table"), query))));
}

static Result<http::Response> get_statistics(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return http::Response::ok(dump(column_statistics_to_json(
      TRY(studio_statistics(admin, request.param("table"), request.param("column"))))));
}

namespace {

// One row as COPY reads it back: NULL is an empty field, an empty text is "". Formulas are not guarded as in
// append_csv_row: an apostrophe before each negative number would be another number.
void append_csv_record(std::string& out, Row row, int count) {
  for (int at = 0; at < count; ++at) {
    if (at > 0) out += ',';
    if (!row.is_null(at)) append_csv_cell(out, row.text(at));
  }
  out += "\r\n";
}

void append_json_row(std::string& out, Row row, const std::vector<StudioColumn>& columns) {
  out += '{';
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (at > 0) out += ',';
    append_json_string(out, columns[at].name);
    out += ':';
    const int index = static_cast<int>(at);
    const std::string_view cell = row.text(index);
    const bool is_finite_number =
        columns[at].kind == CellKind::number && cell.find_first_of("IN") == std::string_view::npos;
    if (row.is_null(index)) {
      out += "null";
    } else if (columns[at].kind == CellKind::boolean) {
      out += cell == "t" || cell == "true" ? "true" : "false";
    } else if (columns[at].kind == CellKind::json || is_finite_number) {
      out += cell;
    } else {
      append_json_string(out, cell);
    }
  }
  out += '}';
}

// The whole table or what a filter leaves of it, piece by piece.
class Download {
 public:
  Download(store::StudioExport rows, bool is_json) : rows_(std::move(rows)), is_json_(is_json) {}

  bool step(const std::function<bool(std::string_view)>& write) {
    const Result<Rows> rows = rows_.next();
    if (!rows) {
      log::warn("an export of Studio broke off", {{"reason", rows.error().message}});
      return false;
    }
    std::string out = is_first_ ? head() : std::string{};
    is_first_ = false;
    for (const Row row : *rows) {
      if (is_json_) {
        out += has_row_ ? ",\n" : "\n";
        append_json_row(out, row, rows_.columns());
      } else {
        append_csv_record(out, row, static_cast<int>(rows_.columns().size()));
      }
      has_row_ = true;
    }
    if (rows->empty() && is_json_) out += "\n]\n";
    if (!write(out)) return false;
    is_whole_ = rows->empty();
    return !is_whole_;
  }
  bool is_whole() const { return is_whole_; }

 private:
  std::string head() const {
    if (is_json_) return "[";
    std::string line;
    for (const StudioColumn& column : rows_.columns()) {
      if (!line.empty()) line += ',';
      append_csv_cell(line, column.name);
    }
    return line + "\r\n";
  }

  store::StudioExport rows_;
  bool is_json_;
  bool is_first_ = true;
  bool has_row_ = false;
  bool is_whole_ = false;
};

}  // namespace

static Result<http::Response> get_export(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({"filter", "sort", "format"}));
  const std::string format(request.query("format").value_or("csv"));
  if (format != "csv" && format != "json") return invalid("format", "Must be csv or json");
  const std::string table(request.param("table"));
  const bool is_json = format == "json";
  const store::StudioRowsQuery query = TRY(rows_query(request));
  const auto download = std::make_shared<Download>(TRY(studio_export(admin, table, query)), is_json);
  http::Response response =
      http::Response::text({}, is_json ? "application/json" : "text/csv; charset=utf-8");
  response.stream = [download](const std::function<bool(std::string_view)>& write) {
    return download->step(write);
  };
  response.stream_is_whole = [download] { return download->is_whole(); };
  return std::move(response).with_header("Content-Disposition",
                                         "attachment; filename=\"" + table + "." + format + "\"");
}

static Result<http::Response> post_changes(AdminContext& admin, const http::Request& request) {
  const Json body = TRY(body_of(request));
  const std::vector<StudioChange> changes = TRY(studio_changes_from_json(body));
  TRY(apply_studio_changes(admin, request.viewer, changes));
  return http::Response::ok(dump({{"applied", changes.size()}}));
}

static Result<http::Response> post_sql(AdminContext& admin, const http::Request& request) {
  const Json body = TRY(body_of(request));
  const SqlRequest typed = TRY(sql_request_from_json(body));
  return http::Response::ok(dump(sql_answer_to_json(TRY(run_sql(admin, request.viewer, typed)))));
}

static Result<http::Response> post_explain(AdminContext& admin, const http::Request& request) {
  TRY(request.refuse_unknown_query({"analyze"}));
  const Json body = TRY(body_of(request));
  const SqlRequest typed = TRY(sql_request_from_json(body));
  const bool is_run = TRY(flag_query(request, "analyze"));
  return http::Response::ok(TRY(explain_sql(admin, typed.sql, is_run)));
}

std::vector<http::Route> studio_routes(AdminContext& admin) {
  using http::Method;
  using http::Who;
  using AdminHandler = Result<http::Response> (*)(AdminContext&, const http::Request&);
  const auto with = [&admin](AdminHandler handler) {
    return [&admin, handler](const http::Request& request) { return handler(admin, request); };
  };
  http::Limits heavy;
  heavy.is_heavy = true;
  http::Limits looking;  // a question in a body: asking again must ask again
  looking.keeps_idempotency = false;
  http::Limits session_only;
  session_only.needs_session = true;
  return {
      {Method::get,
       paths::studio_tables,
       Who::admin,
       Scope::admin,
       with(get_tables),
       {"Every table with its columns, keys and number of rows", {}, "StudioTablePage"}},
      {Method::get,
       paths::studio_rows,
       Who::admin,
       Scope::admin,
       with(get_rows),
       {"Rows of a table", {}, "StudioRows", "filter,sort,cursor,limit,whole"}},
      {Method::get,
       paths::studio_export,
       Who::admin,
       Scope::admin,
       with(get_export),
       {"Rows of a table as a file", {}, {}, "filter,sort,format", "application/json,text/csv"},
       heavy},
      {Method::get,
       paths::studio_statistics,
       Who::admin,
       Scope::admin,
       with(get_statistics),
       {"What a column holds: distinct values, least, most, most common", {}, "StudioColumnStatistics"}},
      {Method::post,
       paths::studio_changes,
       Who::admin,
       Scope::admin,
       with(post_changes),
       {"Inserts, changes and deletes rows, all or none", "StudioChanges", "StudioApplied"},
       session_only},
      {Method::post,
       paths::studio_sql,
       Who::admin,
       Scope::admin,
       with(post_sql),
       {"Runs one SQL statement, read only unless writes are allowed", "StudioSql", "StudioSqlAnswer"}},
      {Method::post,
       paths::studio_explain,
       Who::admin,
       Scope::admin,
       with(post_explain),
       {"The plan of an SQL statement", "StudioSql", {}, "analyze", "application/json"},
       looking},
  };
}

}  // namespace dits
