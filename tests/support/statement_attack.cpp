#include "tests/support/statement_attack.hpp"

#include <algorithm>
#include <regex>

#include <doctest/doctest.h>

#include "tests/support/planted_accounts.hpp"

namespace dits::test {

namespace {

using Words = std::vector<std::string>;

std::string without_comments(std::string_view sql) {
  return std::regex_replace(std::string(sql), std::regex("--[^\n]*"), "");
}

// The pieces between the commas that stand in no parentheses, up to a closing one or a word that ends a list.
Words pieces_of_list(std::string_view text) {
  Words pieces(1);
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (depth == 0 &&
        (c == ')' || text.substr(at).starts_with("\nFROM") || text.substr(at).starts_with(" FROM")))
      break;
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c == ',' && depth == 0) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  for (std::string& piece : pieces) {
    const std::size_t begin = piece.find_first_not_of(" \n");
    piece = begin == std::string::npos ? "" : piece.substr(begin, piece.find_last_not_of(" \n") + 1 - begin);
  }
  return pieces;
}

Words tables_in(const std::string& sql) {
  static const std::regex pattern(R"(\b(?:FROM|INTO|UPDATE|JOIN)\s+([a-z_]+))");
  Words tables;
  for (std::sregex_iterator it(sql.begin(), sql.end(), pattern), end; it != end; ++it)
    tables.push_back((*it)[1]);
  return tables;
}

bool is_parameter(std::string_view piece, int number) {
  if (piece.starts_with("decode(")) piece.remove_prefix(7);
  const std::string sign = "$" + std::to_string(number);
  if (!piece.starts_with(sign)) return false;
  return piece.size() == sign.size() || piece[sign.size()] < '0' || piece[sign.size()] > '9';
}

std::string snake_case(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else if (c != '"') {
      out += c;
    }
  }
  return out;
}

std::string fresh_hex() {
  static int count = 0;
  std::string digits = std::to_string(++count);
  return std::string(64 - digits.size(), 'a') + digits;
}

std::string fresh_uuid() { return "0199c1f2-cccc-7000-8000-" + fresh_hex().substr(52); }

const std::regex& condition_on_user() {
  static const std::regex pattern(R"(\b(?:\w+\.)?user_id = \$1\b)");
  return pattern;
}

std::string without_conditions(const std::string& sql, int condition) {
  std::string out;
  std::string::const_iterator end = sql.begin();
  int count = 0;
  for (std::sregex_iterator it(sql.begin(), sql.end(), condition_on_user()), last; it != last; ++it) {
    out.append(end, (*it)[0].first);
    ++count;
    out += condition == 0 || condition == count ? "$1::uuid IS NOT NULL" : it->str();
    end = (*it)[0].second;
  }
  return out.append(end, sql.end());
}

bool is_hash(const std::string& column) { return column.ends_with("_hash") || column == "sha256"; }

}  // namespace

// Where a parameter stands.
struct Attacker::Place {
  enum class Kind { unknown, inserted, set, compared } kind = Kind::unknown;
  std::string table = {};
  std::string column = {};
  std::string comparison = {};  // of Kind::compared
  int number = 0;               // of the parameter
};

int count_conditions(std::string_view sql) {
  const std::string text = without_comments(sql);
  return static_cast<int>(std::distance(std::sregex_iterator(text.begin(), text.end(), condition_on_user()),
                                        std::sregex_iterator()));
}

bool is_writing(std::string_view sql) {
  static const std::regex pattern(R"(\b(INSERT|UPDATE|DELETE|redact_changes|begin_log_anew)\b)");
  return std::regex_search(sql.begin(), sql.end(), pattern);
}

Attacker::Attacker(Connection& superuser) : connection_(superuser) {
  const Rows tables =
      superuser
          .run_once(
              "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
          .value();
  const std::string owner = planted_owner;
  all_ids_ = "{" + owner;
  for (const Row table : tables) {
    const std::string name(table.text(0));
    Result<Rows> rows =
        superuser.run_once("SELECT * FROM " + name + " WHERE " + (name == "users" ? "id" : "user_id") +
                           " = '" + owner + "' LIMIT 9");
    // Tables that are nobody's.
    if (!rows) rows = superuser.run_once("SELECT * FROM " + name + " LIMIT 1");
    REQUIRE(rows);
    if (rows->empty()) continue;
    for (const Row row : *rows) {
      std::map<std::string, std::string> values;
      for (int column = 0; column < rows->column_count(); ++column) {
        if (!row.is_null(column))
          values.emplace(std::string(rows->column_name(column)), std::string(row.text(column)));
      }
      if (name != "users" && values.contains("id")) all_ids_ += "," + values["id"];
      kept_[name].push_back(std::move(values));
    }
  }
  all_ids_ += "}";
}

// Of another row with each attempt; where that has none, of the first that has.
std::string Attacker::kept_value(std::string_view table, std::string_view column, int attempt) const {
  const auto found = kept_.find(table);
  if (found == kept_.end()) return {};
  const auto& rows = found->second;
  for (std::size_t i = 0; i <= rows.size(); ++i) {
    const auto& row = i == 0 ? rows[static_cast<std::size_t>(attempt) % rows.size()] : rows[i - 1];
    const auto value = row.find(std::string(column));
    if (value != row.end()) return value->second;
  }
  return {};
}

std::string Attacker::table_with(const Words& tables, const std::string& column) const {
  for (const std::string& table : tables) {
    if (!kept_value(table, column).empty()) return table;
  }
  return {};
}

// What `place` takes so that the statement reaches the owner's rows, as far as the statement tells.
std::string Attacker::value_of(const Place& place, const std::string& type, int attempt) const {
  const bool is_list = type.ends_with("[]");
  const std::string one = is_list ? type.substr(0, type.size() - 2) : type;
  const auto listed = [&](std::string text) { return is_list ? "{\"" + text + "\"}" : text; };
  std::string kept = kept_value(place.table, place.column, attempt);
  if (is_hash(place.column) && kept.starts_with("\\x")) kept = kept.substr(2);

  if (place.kind == Place::Kind::inserted) {
    if (place.column == "id") return listed(fresh_uuid());
    if (is_hash(place.column) && place.table != "attachments") return listed(fresh_hex());
    if (place.column == "key" || place.column == "name" || place.column == "email")
      return listed(fresh_hex().substr(20));
    if (place.column == "number" || place.column == "change_id") return listed("1000");
    if (!kept.empty()) return listed(kept);
  }
  if (place.kind == Place::Kind::set) {
    if (place.column == "commit_hash") return "abcdef1";
    if (one == "text" && place.column != "color" && !place.column.ends_with("_hash")) return "changed";
    if (one == "timestamp with time zone") return "2031-01-01T00:00:00Z";
    if (one == "bigint" || one == "integer") return "77";
    if (one == "jsonb") return place.column == "transitions" ? "[]" : R"({"changed": 1})";
    if (!kept.empty()) return kept;
  }
  if (place.kind == Place::Kind::compared) {
    const bool is_below = place.comparison.starts_with("<") && place.comparison != "<>";
    if (is_below || place.comparison.starts_with(">")) {
      if (one == "uuid")
        return is_below ? "ffffffff-ffff-ffff-ffff-ffffffffffff" : "00000000-0000-0000-0000-000000000000";
      if (one == "bigint" || one == "integer") return is_below ? "9000000" : "0";
      return is_below ? "2099-01-01T00:00:00Z" : "2000-01-01T00:00:00Z";
    }
    if (place.comparison == "=" && !kept.empty() && one != "boolean") return listed(kept);
    if (place.comparison == "<>" || place.comparison.starts_with("IS")) return fresh_uuid();
  }
  const std::string id = kept_value("issues", "id", attempt + 1);
  if (is_list && one == "uuid") {
    if (place.kind != Place::Kind::unknown) return listed(id);
    return attempt % 2 == 0 ? all_ids_ : "{}";
  }
  // The owner's word, the asker's, or any.
  const std::string word = attempt % 3 == 0 ? planted_word : attempt % 3 == 1 ? "pigeon" : "";
  if (is_list) return one == "text" ? (attempt < 3 ? "{" + word + "}" : "{%" + word + "%}") : "{1}";
  if (one == "uuid") return id;
  if (one == "boolean") return attempt % 2 == 1 ? "t" : "f";
  if (one == "bigint" || one == "integer") return "1000";
  if (one == "double precision") return "1";
  if (one == "timestamp with time zone" || one == "date")
    return attempt % 2 == 1 ? "2099-01-01" : place.number == 3 ? "2026-03-01" : "2025-12-01";
  if (one == "text") return word;
  if (one == "jsonb") return "{}";
  if (one == "audit_action") return "UPDATE";
  if (one == "issue_priority") return "HIGH";
  return kept.empty() ? "ADMIN" : kept;
}

// One row as "jsonb_to_recordset(…) AS r (id uuid, "statusId" uuid, …)" reads it.
std::string Attacker::records_for(const std::string& sql, std::size_t at, const Words& tables) const {
  static const std::regex definition(R"(AS r \(([^)]*)\))");
  std::smatch match;
  const std::string rest = sql.substr(at);
  if (!std::regex_search(rest, match, definition)) return "[]";
  std::string pairs;
  for (const std::string& piece : pieces_of_list(std::string(match[1]))) {
    const std::size_t space = piece.find(' ');
    std::string name = piece.substr(0, space);
    std::erase(name, '"');
    const std::string type = piece.substr(space + 1);
    Place place{Place::Kind::inserted, tables.front(), snake_case(name), {}};
    std::string value = name == "labelIds" ? "[\"" + kept_value("labels", "id") + "\"]"
                        : type == "jsonb"  ? kept_value(place.table, place.column)
                                           : "\"" + value_of(place, type, 0) + "\"";
    if (value.empty()) value = "{}";
    if (name == "id" && tables.front() == "issue_labels") value = "\"" + kept_value("issues", "id") + "\"";
    pairs += (pairs.empty() ? "" : ",") + ("\"" + name + "\":") + value;
  }
  const std::string record = "{" + pairs + "}";
  return rest.find("'statuses'") == std::string::npos ? "[" + record + "]"
                                                      : "[{\"statuses\":[" + record + "]}]";
}

Attack Attacker::attack(const Statement& statement, Aim aim, int attempt, int condition) {
  Attack attack;
  attack.sql = without_comments(statement.sql);
  const Words tables = tables_in(attack.sql);
  static const std::regex insertion(
      R"(INSERT INTO ([a-z_]+)(?: AS \w+)? \(([^)]*)\)\s*(?:VALUES \(|SELECT ))");
  static const std::regex unnesting(R"(unnest\(([^)]*)\)\s*(?:WITH ORDINALITY)?\s*AS \w+ \(([^)]*)\))");

  REQUIRE(connection_.run_once("DEALLOCATE ALL"));
  const Result<void> prepared = connection_.run_script("PREPARE attacked AS " + attack.sql);
  INFO((prepared ? std::string() : prepared.error().message));
  REQUIRE(prepared);
  const Rows types = connection_
                         .run_once(
                             "SELECT type::text FROM pg_prepared_statements, unnest(parameter_types) WITH "
                             "ORDINALITY AS t (type, at) "
                             "WHERE name = 'attacked' ORDER BY at")
                         .value();

  int number = 0;
  for (const Row row : types) {
    ++number;
    const std::string type(row.text(0));
    const std::string sign = "\\$" + std::to_string(number) + "\\b";
    Place place;
    for (std::sregex_iterator it(attack.sql.begin(), attack.sql.end(), insertion), end; it != end; ++it) {
      const Words columns = pieces_of_list(std::string((*it)[2]));
      const Words values = pieces_of_list(std::string(it->suffix()));
      for (std::size_t i = 0; i < std::min(columns.size(), values.size()); ++i) {
        if (place.kind == Place::Kind::unknown && is_parameter(values[i], number))
          place = {Place::Kind::inserted, (*it)[1], columns[i], {}};
      }
    }
    for (std::sregex_iterator it(attack.sql.begin(), attack.sql.end(), unnesting), end; it != end; ++it) {
      const Words values = pieces_of_list(std::string((*it)[1]));
      const Words columns = pieces_of_list(std::string((*it)[2]));
      for (std::size_t i = 0; i < std::min(columns.size(), values.size()); ++i) {
        if (place.kind == Place::Kind::unknown && is_parameter(values[i], number)) {
          const std::size_t insert = attack.sql.rfind("INSERT INTO ");
          const std::string inserting = insert == std::string::npos ? "" : attack.sql.substr(insert);
          // What goes into no column finds rows, as $1 does with "=".
          const Words into = pieces_of_list(std::string_view(inserting).substr(inserting.find('(') + 1));
          const bool is_insert = std::ranges::find(into, columns[i]) != into.end();
          const std::string found_in = table_with(tables, columns[i]);
          const std::string table = is_insert          ? tables_in(inserting).front()
                                    : found_in.empty() ? tables.front()
                                                       : found_in;
          place = {is_insert ? Place::Kind::inserted : Place::Kind::compared, table, columns[i], "=", false};
        }
      }
    }
    const std::regex comparison("(?:\\w+\\.)?(\\w+)\\s*(=|<>|<=|>=|<|>|IS DISTINCT FROM)\\s*(?:decode\\()?" +
                                sign);
    const std::vector<std::smatch> compared(
        std::sregex_iterator(attack.sql.begin(), attack.sql.end(), comparison), std::sregex_iterator());
    if (place.kind == Place::Kind::unknown && !compared.empty()) {
      const std::smatch& match = compared[static_cast<std::size_t>(attempt) % compared.size()];
      const std::string before = attack.sql.substr(0, static_cast<std::size_t>(match.position(0)));
      const std::size_t set = before.rfind("SET ");
      const bool is_set =
          match[2] == "=" && set != std::string::npos && before.find("WHERE", set) == std::string::npos;
      // Of the table that was named last before it, or of the first.
      Words nearest = tables_in(before);
      std::reverse(nearest.begin(), nearest.end());
      const std::string table = attempt % 2 == 0 ? table_with(nearest, match[1]) : std::string();
      place = {is_set ? Place::Kind::set : Place::Kind::compared,
               table.empty() ? table_with(tables, match[1]) : table,
               match[1],
               match[2]};
    }
    place.number = number;
    const std::size_t records = attack.sql.find("$" + std::to_string(number) + "::jsonb)");
    if (place.column == "user_id" || (number == 1 && place.column == "id" && place.table == "users")) {
      attack.params.emplace_back(std::string(aim == Aim::named ? planted_owner : planted_stranger));
    } else if (records != std::string::npos) {
      attack.params.emplace_back(records_for(attack.sql, records, tables));
    } else {
      const bool is_excluding =
          attack.sql.find("LIKE ANY ($" + std::to_string(number) + "::") != std::string::npos;
      attack.params.emplace_back(is_excluding ? "{nothing}" : value_of(place, type, attempt));
    }
  }
  if (aim == Aim::stripped) attack.sql = without_conditions(attack.sql, condition);
  return attack;
}

}  // namespace dits::test
