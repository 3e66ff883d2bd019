// Studio's state: what a cell shows, what was changed, what will be sent.
#include "web/store/studio.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/text.hpp"
#include "web/store/state.hpp"

namespace dits::web {
namespace {

std::vector<std::pair<std::string, Cell>> key_of(const StudioTable& table, const StudioPage::Row& row) {
  std::vector<std::pair<std::string, Cell>> key;
  for (std::size_t at = 0; at < table.columns.size() && at < row.cells.size(); ++at) {
    if (table.columns[at].is_key) key.emplace_back(table.columns[at].name, row.cells[at]);
  }
  return key;
}

// The edit of a row; made when there is none.
StudioEdit& edit_for(StudioState& studio, std::size_t row) {
  const std::size_t fresh = new_row_count(studio);
  if (row < fresh) {
    std::size_t index = row;
    for (StudioEdit& edit : studio.edits) {
      if (edit.action == StudioAction::insert && index-- == 0) return edit;
    }
  }
  const StudioPage::Row* loaded = loaded_row(studio, row);
  const std::vector<std::pair<std::string, Cell>> key = key_of(*studio_table(studio), *loaded);
  for (StudioEdit& edit : studio.edits) {
    if (edit.action != StudioAction::insert && edit.key == key) return edit;
  }
  studio.edits.push_back({StudioAction::update, key, loaded->version, {}});
  return studio.edits.back();
}

void drop_empty_edits(StudioState& studio) {
  std::erase_if(studio.edits, [](const StudioEdit& edit) {
    return edit.action == StudioAction::update && edit.values.empty();
  });
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string column_filter(const std::string& column, const std::string& value) {
  return condition_text({column, FilterOperator::equals, value});
}

}  // namespace

const StudioState& studio_of(const State& state) {
  static const StudioState empty;
  return state.studio ? *state.studio : empty;
}

const StudioTable* studio_table_named(const StudioState& studio, std::string_view name) {
  if (!studio.tables) return nullptr;
  for (const StudioTable& each : *studio.tables) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const StudioTable* studio_table(const StudioState& studio) {
  return studio_table_named(studio, studio.table);
}

std::vector<std::size_t> visible_columns(const StudioState& studio) {
  std::vector<std::size_t> columns;
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return columns;
  for (std::size_t at = 0; at < table->columns.size(); ++at) {
    if (studio.hidden_columns.count(table->columns[at].name) == 0) columns.push_back(at);
  }
  std::stable_partition(
      columns.begin(), columns.end(), [&](std::size_t at) { return table->columns[at].name != "user_id"; });
  return columns;
}

std::size_t new_row_count(const StudioState& studio) {
  return static_cast<std::size_t>(
      std::count_if(studio.edits.begin(), studio.edits.end(), [](const StudioEdit& edit) {
        return edit.action == StudioAction::insert;
      }));
}

std::size_t studio_row_count(const StudioState& studio) {
  std::size_t count = new_row_count(studio);
  if (studio.pages.empty()) return count;
  return count + (studio.pages.size() - 1) * studio_page_rows + studio.pages.back()->rows.size();
}

const StudioPage::Row* loaded_row(const StudioState& studio, std::size_t row) {
  const std::size_t fresh = new_row_count(studio);
  if (row < fresh) return nullptr;
  const std::size_t index = row - fresh;
  const std::size_t page = index / studio_page_rows;
  if (page >= studio.pages.size()) return nullptr;
  const std::size_t within = index % studio_page_rows;
  return within < studio.pages[page]->rows.size() ? &studio.pages[page]->rows[within] : nullptr;
}

const StudioEdit* edit_of_row(const StudioState& studio, std::size_t row) {
  if (studio.edits.empty()) return nullptr;
  const StudioPage::Row* loaded = loaded_row(studio, row);
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return nullptr;
  if (loaded == nullptr) {
    std::size_t index = row;
    for (const StudioEdit& edit : studio.edits) {
      if (edit.action == StudioAction::insert && index-- == 0) return &edit;
    }
    return nullptr;
  }
  const std::vector<std::pair<std::string, Cell>> key = key_of(*table, *loaded);
  for (const StudioEdit& edit : studio.edits) {
    if (edit.action != StudioAction::insert && edit.key == key) return &edit;
  }
  return nullptr;
}

Cell cell_at(const StudioState& studio, std::size_t row, std::size_t column) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || column >= table->columns.size()) return std::nullopt;
  if (const StudioEdit* edit = edit_of_row(studio, row)) {
    const auto changed = edit->values.find(table->columns[column].name);
    if (changed != edit->values.end()) return changed->second;
  }
  const StudioPage::Row* loaded = loaded_row(studio, row);
  return loaded != nullptr && column < loaded->cells.size() ? loaded->cells[column] : Cell{};
}

bool is_changed(const StudioState& studio, std::size_t row, std::size_t column) {
  const StudioTable* table = studio_table(studio);
  const StudioEdit* edit = edit_of_row(studio, row);
  return table != nullptr && edit != nullptr && edit->values.count(table->columns[column].name) > 0;
}

bool is_refused(const StudioState& studio, std::size_t row, std::size_t column) {
  if (studio.wrong_cell.empty() || !is_changed(studio, row, column)) return false;
  const StudioEdit* edit = edit_of_row(studio, row);
  const std::string change = "changes[" + std::to_string(edit - studio.edits.data()) + "]";
  if (studio.wrong_cell.compare(0, change.size(), change) != 0) return false;
  const std::string told =
      "_" + studio.wrong_cell.substr(std::min(studio.wrong_cell.size(), change.size() + 1)) + "_";
  const auto is_named = [&](const std::string& name) {
    return told.find("_" + name + "_") != std::string::npos;
  };
  if (is_named(studio_table(studio)->columns[column].name)) return true;
  return std::none_of(
      edit->values.begin(), edit->values.end(), [&](const auto& value) { return is_named(value.first); });
}

bool is_marked_deleted(const StudioState& studio, std::size_t row) {
  const StudioEdit* edit = edit_of_row(studio, row);
  return edit != nullptr && edit->action == StudioAction::remove;
}

bool is_cut(const StudioState& studio, std::size_t row, std::size_t column) {
  if (is_changed(studio, row, column)) return false;
  const StudioPage::Row* loaded = loaded_row(studio, row);
  if (loaded == nullptr) return false;
  return std::find(loaded->cut.begin(), loaded->cut.end(), static_cast<std::uint32_t>(column)) !=
         loaded->cut.end();
}

bool edits_long_text(const StudioState& studio) {
  const StudioTable* table = studio_table(studio);
  const std::vector<std::size_t> columns = visible_columns(studio);
  if (!studio.is_editing || table == nullptr || studio.column >= columns.size()) return false;
  const StudioColumn& column = table->columns[columns[studio.column]];
  if (column.kind == CellKind::json) return true;
  constexpr std::size_t one_line = 120;
  return column.kind == CellKind::text &&
         (column.name == "description" || column.name == "body" || studio.edit_text.size() > one_line ||
          studio.edit_text.find('\n') != std::string::npos);
}

void set_cell(StudioState& studio, std::size_t row, std::size_t column, Cell value) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || column >= table->columns.size()) return;
  const StudioPage::Row* loaded = loaded_row(studio, row);
  const std::string& name = table->columns[column].name;
  StudioEdit& edit = edit_for(studio, row);
  if (edit.action == StudioAction::remove) return;
  if (loaded != nullptr && loaded->cells[column] == value) {
    edit.values.erase(name);
  } else {
    edit.values[name] = std::move(value);
  }
  drop_empty_edits(studio);
}

void mark_deleted(StudioState& studio, std::size_t row) {
  if (row < new_row_count(studio)) {  // a row that is not there yet is simply forgotten
    std::size_t index = row;
    for (auto at = studio.edits.begin(); at != studio.edits.end(); ++at) {
      if (at->action != StudioAction::insert || index-- != 0) continue;
      studio.edits.erase(at);
      return;
    }
  }
  if (loaded_row(studio, row) == nullptr) return;
  StudioEdit& edit = edit_for(studio, row);
  edit.values.clear();
  edit.action = edit.action == StudioAction::remove ? StudioAction::update : StudioAction::remove;
  drop_empty_edits(studio);
}

void add_row(StudioState& studio, std::map<std::string, Cell> values) {
  studio.edits.insert(studio.edits.begin(), {StudioAction::insert, {}, {}, std::move(values)});
  studio.row = 0;
  studio.scroll_to_cursor = true;
}

bool restore_cell(StudioState& studio, std::size_t row, std::size_t column) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || edit_of_row(studio, row) == nullptr) return false;
  if (is_marked_deleted(studio, row)) {
    mark_deleted(studio, row);
    return true;
  }
  StudioEdit& edit = edit_for(studio, row);
  const bool was_changed = edit.values.erase(table->columns[column].name) > 0;
  drop_empty_edits(studio);
  return was_changed;
}

void discard_edits(StudioState& studio) {
  studio.edits.clear();
  studio.is_editing = false;
  studio.save_problem.clear();
  studio.wrong_cell.clear();
  studio.save_key.clear();
  studio.row = studio_row_count(studio) == 0 ? 0 : std::min(studio.row, studio_row_count(studio) - 1);
}

namespace {

void add_changes(std::vector<StudioChange>& changes,
                 const std::string& table,
                 const std::vector<StudioEdit>& edits) {
  for (const StudioEdit& edit : edits) {
    StudioChange change;
    change.action = edit.action;
    change.table = table;
    change.key = edit.key;
    change.version = edit.version;
    for (const auto& [name, value] : edit.values) change.values.emplace_back(name, value);
    changes.push_back(std::move(change));
  }
}

}  // namespace

std::vector<StudioChange> changes_of(const StudioState& studio) {
  std::vector<StudioChange> changes;
  add_changes(changes, studio.table, studio.edits);
  return changes;
}

std::vector<StudioChange> all_changes_of(const StudioState& studio) {
  std::vector<StudioChange> changes = changes_of(studio);
  for (const auto& [table, edits] : studio.other_edits) add_changes(changes, table, edits);
  return changes;
}

std::map<std::string, std::vector<StudioEdit>> edits_by_table(const std::vector<StudioChange>& changes) {
  std::map<std::string, std::vector<StudioEdit>> edits;
  for (const StudioChange& change : changes) {
    StudioEdit edit{change.action, change.key, change.version, {}};
    edit.values.insert(change.values.begin(), change.values.end());
    edits[change.table].push_back(std::move(edit));
  }
  return edits;
}

void take_kept_edits(StudioState& studio, std::map<std::string, std::vector<StudioEdit>> kept) {
  for (auto& [table, edits] : kept) {
    if (table != studio.table) {
      studio.other_edits.emplace(table, std::move(edits));
    } else if (studio.edits.empty()) {
      studio.edits = std::move(edits);
    }
  }
}

bool awaits_confirmation(const StudioState& studio) {
  return studio.answer && studio.answer->is_trial && studio.sql == studio.answered_sql;
}

std::string edits_summary(const StudioState& studio) {
  std::size_t cells = 0;
  std::size_t added = 0;
  std::size_t deleted = 0;
  for (const StudioEdit& edit : studio.edits) {
    if (edit.action == StudioAction::insert) ++added;
    if (edit.action == StudioAction::remove) ++deleted;
    if (edit.action == StudioAction::update) cells += edit.values.size();
  }
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (cells > 0) add(counted(cells, "cell changed", "cells changed"));
  if (added > 0) add(counted(added, "row added", "rows added"));
  if (deleted > 0) add(counted(deleted, "row deleted", "rows deleted"));
  return text;
}

void open_table(StudioState& studio, const std::string& table, const std::string& filter) {
  if (table != studio.table) {
    studio.sort.clear();
    studio.is_descending = false;
    studio.hidden_columns.clear();
    studio.column = 0;
    studio.statistics_column.clear();
    // What was changed in a table waits until it is opened again.
    if (!studio.edits.empty()) studio.other_edits[studio.table] = studio.edits;
    const auto kept = studio.other_edits.find(table);
    studio.edits = kept == studio.other_edits.end() ? std::vector<StudioEdit>{} : kept->second;
    if (kept != studio.other_edits.end()) studio.other_edits.erase(kept);
    studio.save_problem.clear();
    studio.wrong_cell.clear();
  }
  studio.table = table;
  studio.filter = filter;
  studio.filter_text = filter;
  studio.filter_problem.clear();
  studio.pages.clear();
  studio.total.reset();
  studio.problem.clear();
  studio.row = 0;
  studio.is_editing = false;
  studio.scroll_to_cursor = true;
}

std::string studio_row_title(const StudioState& studio, std::size_t row) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return {};
  constexpr std::array<std::string_view, 5> names{"number", "email", "name", "title", "id"};
  for (const std::string_view name : names) {
    const std::size_t column = table->index_of(name);
    if (column == table->columns.size()) continue;
    if (const Cell cell = cell_at(studio, row, column)) return *cell;
  }
  return "row " + std::to_string(row + 1);
}

std::vector<StudioBackLink> back_links(const StudioState& studio, std::size_t row) {
  std::vector<StudioBackLink> links;
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || loaded_row(studio, row) == nullptr) return links;
  for (const StudioTable& other : *studio.tables) {
    for (const StudioForeignKey& key : other.foreign_keys) {
      if (key.table != table->name || key.target_columns.empty()) continue;
      // Ids are unique by themselves: the last column says enough.
      const Cell value = cell_at(studio, row, table->index_of(key.target_columns.back()));
      if (value) links.push_back({other.name, key.columns.back(), column_filter(key.columns.back(), *value)});
    }
  }
  return links;
}

std::optional<StudioBackLink> link_of_cell(const StudioState& studio, std::size_t row, std::size_t column) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || column >= table->columns.size()) return std::nullopt;
  const StudioForeignKey* key = table->reference_of(table->columns[column].name);
  const Cell value = cell_at(studio, row, column);
  if (key == nullptr || !value) return std::nullopt;
  return StudioBackLink{
      key->table, key->target_columns.back(), column_filter(key->target_columns.back(), *value)};
}

namespace {

std::vector<FilterOperator> operators_for(const StudioColumn& column) {
  using enum FilterOperator;
  std::vector<FilterOperator> operators{equals, differs};
  const bool has_order =
      column.kind == CellKind::number || column.kind == CellKind::date || column.kind == CellKind::time;
  if (has_order) operators.insert(operators.end(), {less, at_most, more, at_least});
  if (column.kind == CellKind::text) operators.push_back(contains);
  if (column.is_nullable) operators.insert(operators.end(), {is_null, is_set});
  return operators;
}

// Where the condition begins that is being typed: after the last "and".
std::size_t begin_of_condition(std::string_view typed) {
  const std::size_t joint = fold_case(typed).rfind(" and ");
  const std::size_t from = joint == std::string::npos ? 0 : joint + 5;
  return std::min(typed.find_first_not_of(' ', from), typed.size());
}

}  // namespace

std::vector<FilterCompletion> filter_completions(const StudioTable& table, std::string_view typed) {
  constexpr std::string_view signs = "=<>~";
  constexpr std::size_t most_shown = 8;
  std::vector<FilterCompletion> found;
  const auto offer = [&](std::size_t begin, std::string_view text, std::string_view description) {
    const bool fits = fold_case(text).rfind(fold_case(typed.substr(begin)), 0) == 0;
    if (fits && found.size() < most_shown)
      found.push_back({begin, std::string(text), std::string(description)});
  };
  const std::size_t begin = begin_of_condition(typed);
  const std::size_t name_end = std::min(typed.find_first_of(" =<>~", begin), typed.size());
  if (name_end == typed.size()) {
    for (const bool by_owner : {false, true}) {
      for (const StudioColumn& column : table.columns) {
        if (!column.is_secret && (column.name == "user_id") == by_owner)
          offer(begin, column.name, column.type);
      }
    }
    return found;
  }
  const StudioColumn* column = table.find(typed.substr(begin, name_end - begin));
  if (column == nullptr) return found;
  const std::size_t sign = std::min(typed.find_first_not_of(' ', name_end), typed.size());
  const bool is_word = fold_case(typed.substr(sign, 2)) == "is";
  std::size_t sign_end = std::min(typed.find_first_not_of(signs, sign), typed.size());
  if (is_word) sign_end = typed.size();
  if (sign_end == typed.size()) {
    for (const FilterOperator op : operators_for(*column)) offer(sign, name_of(op), {});
    return found;
  }
  const std::size_t value = std::min(typed.find_first_not_of(' ', sign_end), typed.size());
  if (value < typed.size() && typed.back() == ' ') return {{typed.size(), "and", {}}};
  if (column->kind == CellKind::boolean) {
    offer(value, "true", {});
    offer(value, "false", {});
  }
  for (const std::string& choice : column->choices) offer(value, choice, {});
  return found;
}

std::string shown_cell(const StudioColumn& column, const Cell& cell) {
  if (column.is_secret) return "••••••";
  if (!cell) return "null";
  if (column.kind == CellKind::time && cell->size() >= 16) return cell->substr(0, 16);
  constexpr std::size_t most_shown = 200;
  std::string text = cell->substr(0, most_shown);
  while (!text.empty() && text.size() == most_shown && (static_cast<unsigned char>(text.back()) & 0x80) != 0)
    text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace dits::web
