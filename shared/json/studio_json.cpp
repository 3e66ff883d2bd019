#include "shared/json/studio_json.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/normal_form.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {
namespace {

Json cell_to_json(const Cell& cell) { return cell ? Json(*cell) : Json(nullptr); }

Json names_to_json(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) list.push_back(name);
  return list;
}

std::string text_of(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text == nullptr ? std::string{} : *text;
}

std::vector<std::string> names_in_member(FieldReader& reader, std::string_view name) {
  std::vector<std::string> names;
  const Json* list = reader.find(name);
  if (list == nullptr || !list->is_array()) return names;
  for (const Json& each : *list) names.push_back(text_of(each));
  return names;
}

Cell cell_from_json(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return *text;
  return std::nullopt;
}

Json column_to_json(const StudioColumn& column) {
  ObjectValue out;
  out.put("name", column.name);
  out.put("type", column.type);
  out.put("kind", name_of(column.kind));
  out.put("isNullable", column.is_nullable);
  out.put("isKey", column.is_key);
  out.put("isSecret", column.is_secret);
  out.put("isEditable", column.is_editable);
  out.put("hasDefault", column.has_default);
  Json json = out.take();
  if (!column.choices.empty()) json["choices"] = names_to_json(column.choices);
  return json;
}

Result<StudioColumn> column_from_json(const Json& json) {
  FieldReader reader(json);
  StudioColumn column;
  reader.require("name", column.name);
  reader.require("type", column.type);
  reader.read_enum("kind", column.kind, cell_kind_from_name);
  reader.read("isNullable", column.is_nullable);
  reader.read("isKey", column.is_key);
  reader.read("isSecret", column.is_secret);
  reader.read("isEditable", column.is_editable);
  reader.read("hasDefault", column.has_default);
  column.choices = names_in_member(reader, "choices");
  TRY(reader.result());
  return column;
}

// {"column": "text" or null, …}
Json pairs_to_json(const std::vector<std::pair<std::string, Cell>>& pairs) {
  Json json = Json::object();
  for (const auto& [name, cell] : pairs) json[name] = cell_to_json(cell);
  return json;
}

Result<std::vector<std::pair<std::string, Cell>>> pairs_from_json(FieldReader& reader,
                                                                  std::string_view name) {
  std::vector<std::pair<std::string, Cell>> pairs;
  const Json* json = reader.find(name);
  if (json == nullptr) return pairs;
  if (!json->is_object()) return invalid(std::string(name), "Must be an object");
  for (auto at = json->begin(); at != json->end(); ++at) {
    if (!at->is_string() && !at->is_null())
      return invalid(std::string(name) + "." + at.key(), "Must be a text, as PostgreSQL writes it, or null");
    pairs.emplace_back(at.key(), cell_from_json(*at));
  }
  return pairs;
}

Result<StudioChange> change_from_json(const Json& json, const std::string& prefix) {
  FieldReader reader(json, prefix);
  StudioChange change;
  reader.read_enum("action", change.action, studio_action_from_name);
  reader.require("table", change.table);
  reader.read("version", change.version);
  change.key = TRY(pairs_from_json(reader, "key"));
  change.values = TRY(pairs_from_json(reader, "values"));
  for (auto& [column, cell] : change.values) {
    if (cell) cell = normal_form(*cell);
  }
  const bool is_new = change.action == StudioAction::insert;
  if (!is_new && change.key.empty()) reader.refuse("key", "Is required");
  if (!is_new && change.version.empty())
    reader.refuse("version", "Is required: the row's version as it was read");
  if (change.action == StudioAction::update && change.values.empty()) reader.refuse("values", "Is required");
  TRY(reader.finish());
  return change;
}

void add_detail(PlanNode& node, const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  std::string text = found->is_string() ? text_of(*found) : dump(*found);
  if (found->is_array()) {
    text.clear();
    for (const Json& each : *found) text += (text.empty() ? "" : ", ") + text_of(each);
  }
  node.details.push_back(std::string(name) + ": " + text);
}

double number_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number() ? found->get<double>() : 0.0;
}

PlanNode node_from_json(const Json& json, int depth) {
  PlanNode node;
  const auto text = [&](const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? std::string{} : text_of(*found);
  };
  node.title = text("Node Type");
  if (!text("Join Type").empty() && text("Join Type") != "Inner") node.title += " " + text("Join Type");
  if (!text("Index Name").empty()) node.title += " using " + text("Index Name");
  if (!text("Relation Name").empty()) node.title += " on " + text("Relation Name");
  if (!text("Alias").empty() && text("Alias") != text("Relation Name")) node.title += " " + text("Alias");
  for (const char* name : {"Index Cond",
                           "Hash Cond",
                           "Merge Cond",
                           "Join Filter",
                           "Filter",
                           "Recheck Cond",
                           "Sort Key",
                           "Group Key",
                           "Rows Removed by Filter",
                           "Sort Method",
                           "Subplan Name"}) {
    add_detail(node, json, name);
  }
  node.cost = number_in(json, "Total Cost");
  node.rows = number_in(json, "Plan Rows");
  if (json.contains("Actual Rows"))
    node.actual_rows = number_in(json, "Actual Rows") * std::max(1.0, number_in(json, "Actual Loops"));
  if (json.contains("Actual Total Time"))
    node.actual_ms = number_in(json, "Actual Total Time") * std::max(1.0, number_in(json, "Actual Loops"));
  const auto plans = json.find("Plans");
  if (plans != json.end() && plans->is_array() && depth < 100) {
    for (const Json& each : *plans) node.steps.push_back(node_from_json(each, depth + 1));
  }
  return node;
}

}  // namespace

Json studio_table_to_json(const StudioTable& table) {
  ObjectValue out;
  out.put("name", table.name);
  out.put("rows", table.rows);
  out.put("isEstimate", table.is_estimate);
  out.put("sizeBytes", table.size_bytes);
  out.put("isEditable", table.is_editable);
  Json json = out.take();
  json["columns"] = Json::array();
  for (const StudioColumn& column : table.columns) json["columns"].push_back(column_to_json(column));
  json["foreignKeys"] = Json::array();
  for (const StudioForeignKey& key : table.foreign_keys) {
    json["foreignKeys"].push_back({{"columns", names_to_json(key.columns)},
                                   {"table", key.table},
                                   {"targetColumns", names_to_json(key.target_columns)}});
  }
  return json;
}

Result<StudioTable> studio_table_from_json(const Json& json) {
  FieldReader reader(json);
  StudioTable table;
  reader.require("name", table.name);
  reader.read("rows", table.rows);
  reader.read("isEstimate", table.is_estimate);
  reader.read("sizeBytes", table.size_bytes);
  reader.read("isEditable", table.is_editable);
  if (const Json* columns = reader.find("columns"); columns != nullptr && columns->is_array()) {
    for (const Json& each : *columns) table.columns.push_back(TRY(column_from_json(each)));
  }
  if (const Json* keys = reader.find("foreignKeys"); keys != nullptr && keys->is_array()) {
    for (const Json& each : *keys) {
      FieldReader key_reader(each);
      StudioForeignKey key;
      key_reader.read("table", key.table);
      key.columns = names_in_member(key_reader, "columns");
      key.target_columns = names_in_member(key_reader, "targetColumns");
      table.foreign_keys.push_back(std::move(key));
    }
  }
  TRY(reader.result());
  return table;
}

std::string studio_page_text(const StudioPage& page) {
  std::string out = "{\"columns\":" + dump(names_to_json(page.columns)) + ",\"rows\":[";
  bool is_first = true;
  for (const StudioPage::Row& row : page.rows) {
    out += is_first ? "{\"cells\":[" : ",{\"cells\":[";
    is_first = false;
    for (std::size_t at = 0; at < row.cells.size(); ++at) {
      if (at > 0) out += ',';
      if (row.cells[at]) {
        append_json_string(out, *row.cells[at]);
      } else {
        out += "null";
      }
    }
    out += "],\"version\":";
    append_json_string(out, row.version);
    if (!row.cut.empty()) {
      out += ",\"cut\":[";
      for (std::size_t at = 0; at < row.cut.size(); ++at)
        out += (at > 0 ? "," : "") + std::to_string(row.cut[at]);
      out += ']';
    }
    out += '}';
  }
  out += "],\"nextCursor\":";
  if (page.next_cursor.empty()) {
    out += "null";
  } else {
    append_json_string(out, page.next_cursor);
  }
  if (page.total) {
    out += ",\"total\":" + std::to_string(*page.total) +
           ",\"isEstimate\":" + (page.is_estimate ? "true" : "false");
  }
  return out + "}";
}

Result<StudioPage> studio_page_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldReader reader(json);
  StudioPage page;
  page.columns = names_in_member(reader, "columns");
  std::optional<std::string> cursor;
  reader.read("nextCursor", cursor);
  page.next_cursor = cursor.value_or("");
  std::int64_t total = 0;
  if (reader.read("total", total)) page.total = total;
  reader.read("isEstimate", page.is_estimate);
  if (const Json* rows = reader.find("rows"); rows != nullptr && rows->is_array()) {
    for (const Json& each : *rows) {
      FieldReader row_reader(each);
      StudioPage::Row row;
      row_reader.read("version", row.version);
      if (const Json* cells = row_reader.find("cells"); cells != nullptr && cells->is_array()) {
        for (const Json& cell : *cells) row.cells.push_back(cell_from_json(cell));
      }
      if (const Json* cut = row_reader.find("cut"); cut != nullptr && cut->is_array()) {
        for (const Json& index : *cut) {
          if (index.is_number_unsigned()) row.cut.push_back(index.get<std::uint32_t>());
        }
      }
      row.cells.resize(page.columns.size());
      page.rows.push_back(std::move(row));
    }
  }
  TRY(reader.result());
  return page;
}

Json studio_changes_to_json(const std::vector<StudioChange>& changes) {
  Json list = Json::array();
  for (const StudioChange& change : changes) {
    Json json = {{"action", name_of(change.action)}, {"table", change.table}};
    if (change.action != StudioAction::insert) {
      json["key"] = pairs_to_json(change.key);
      json["version"] = change.version;
    }
    if (change.action != StudioAction::remove) json["values"] = pairs_to_json(change.values);
    list.push_back(std::move(json));
  }
  return {{"changes", std::move(list)}};
}

Result<std::vector<StudioChange>> studio_changes_from_json(const Json& body) {
  FieldReader reader(body);
  const Json* list = reader.find("changes");
  TRY(reader.finish());
  if (list == nullptr || !list->is_array() || list->empty())
    return invalid("changes", "Must be a list of changes");
  if (list->size() > max_studio_changes)
    return invalid("changes", "At most " + std::to_string(max_studio_changes) + " changes at once, please.");
  std::vector<StudioChange> changes;
  for (const Json& each : *list) {
    changes.push_back(TRY(change_from_json(each, "changes[" + std::to_string(changes.size()) + "].")));
  }
  return changes;
}

Json column_statistics_to_json(const ColumnStatistics& statistics) {
  Json json = {{"rows", statistics.rows},
               {"isEstimate", statistics.is_estimate},
               {"nullShare", statistics.null_share},
               {"distinct", statistics.distinct},
               {"least", cell_to_json(statistics.least)},
               {"most", cell_to_json(statistics.most)},
               {"common", Json::array()}};
  for (const ColumnStatistics::Value& each : statistics.common) {
    json["common"].push_back({{"value", cell_to_json(each.value)}, {"share", each.share}});
  }
  return json;
}

Result<ColumnStatistics> column_statistics_from_json(const Json& json) {
  FieldReader reader(json);
  ColumnStatistics statistics;
  reader.read("rows", statistics.rows);
  reader.read("isEstimate", statistics.is_estimate);
  reader.read("nullShare", statistics.null_share);
  reader.read("distinct", statistics.distinct);
  reader.read("least", statistics.least);
  reader.read("most", statistics.most);
  if (const Json* common = reader.find("common"); common != nullptr && common->is_array()) {
    for (const Json& each : *common) {
      FieldReader value_reader(each);
      ColumnStatistics::Value value;
      value_reader.read("value", value.value);
      value_reader.read("share", value.share);
      statistics.common.push_back(std::move(value));
    }
  }
  TRY(reader.result());
  return statistics;
}

Json sql_answer_to_json(const SqlAnswer& answer) {
  Json json = {
      {"columns", Json::array()}, {"rows", Json::array()}, {"isCut", answer.is_cut}, {"ms", answer.ms}};
  for (const SqlAnswer::Column& column : answer.columns) {
    json["columns"].push_back({{"name", column.name}, {"type", column.type}, {"isNumber", column.is_number}});
  }
  for (const std::vector<Cell>& row : answer.rows) {
    Json cells = Json::array();
    for (const Cell& cell : row) cells.push_back(cell_to_json(cell));
    json["rows"].push_back(std::move(cells));
  }
  if (answer.affected) {
    json["affected"] = *answer.affected;
    json["isTrial"] = answer.is_trial;
  }
  return json;
}

Result<SqlAnswer> sql_answer_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldReader reader(json);
  SqlAnswer answer;
  reader.read("isCut", answer.is_cut);
  reader.read("ms", answer.ms);
  reader.read("affected", answer.affected);
  reader.read("isTrial", answer.is_trial);
  if (const Json* columns = reader.find("columns"); columns != nullptr && columns->is_array()) {
    for (const Json& each : *columns) {
      FieldReader column_reader(each);
      SqlAnswer::Column column;
      column_reader.read("name", column.name);
      column_reader.read("type", column.type);
      column_reader.read("isNumber", column.is_number);
      answer.columns.push_back(std::move(column));
    }
  }
  if (const Json* rows = reader.find("rows"); rows != nullptr && rows->is_array()) {
    for (const Json& row : *rows) {
      std::vector<Cell> cells;
      for (const Json& cell : row) cells.push_back(cell_from_json(cell));
      cells.resize(answer.columns.size());
      answer.rows.push_back(std::move(cells));
    }
  }
  TRY(reader.result());
  return answer;
}

Result<SqlRequest> sql_request_from_json(const Json& body) {
  FieldReader reader(body);
  SqlRequest request;
  reader.require_verbatim("sql", request.sql);
  reader.read("allowWrites", request.allows_writes);
  reader.read("confirmedRows", request.confirmed_rows);
  if (request.sql.size() > max_sql_bytes) reader.refuse("sql", "Is too long: at most 64 KiB");
  TRY(reader.finish());
  return request;
}

Json sql_request_to_json(const SqlRequest& request) {
  Json json = {{"sql", request.sql}};
  if (request.allows_writes) json["allowWrites"] = true;
  if (request.confirmed_rows) json["confirmedRows"] = *request.confirmed_rows;
  return json;
}

Result<PlanNode> plan_from_json(const Json& json) {
  const Json* root = &json;
  if (root->is_array() && !root->empty()) root = &root->front();
  const auto plan = root->find("Plan");
  if (!root->is_object() || plan == root->end()) return invalid({}, "This is no plan.");
  return node_from_json(*plan, 0);
}

std::vector<SavedSql> saved_sql_from_preferences(std::string_view preferences) {
  std::vector<SavedSql> saved;
  const Json json = json_from_stored(preferences);
  if (!json.is_object()) return saved;
  const auto list = json.find("savedSql");
  if (list == json.end() || !list->is_array()) return saved;
  for (const Json& each : *list) {
    FieldReader reader(each);
    SavedSql query;
    reader.read("name", query.name);
    reader.read("sql", query.sql);
    if (!query.name.empty()) saved.push_back(std::move(query));
  }
  return saved;
}

std::string preferences_with_saved_sql(std::string_view preferences, const std::vector<SavedSql>& saved) {
  Json json = json_from_stored(preferences);
  if (!json.is_object()) json = Json::object();
  Json list = Json::array();
  for (const SavedSql& query : saved) list.push_back({{"name", query.name}, {"sql", query.sql}});
  json["savedSql"] = std::move(list);
  return dump(json);
}

}  // namespace dits
