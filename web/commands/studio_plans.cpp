// What the commands on Studio's tables do: each makes a new state of Studio, or asks the server.
#include "web/commands/studio_plans.hpp"

#include <algorithm>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/core/text.hpp"
#include "shared/json/studio_json.hpp"

namespace dits::web {

namespace {

constexpr std::size_t rows_before_end = 60;  // that are left when the next page is asked for

Route table_route(std::string_view table, const std::string& filter) {
  Route route = route_to(Screen::studio);
  route.table = table;
  route.has_query = !filter.empty();
  route.query = filter;
  return route;
}

// The column under the cursor, or the one that is named.
const StudioColumn* column_of(const StudioState& studio, const Invocation& invocation) {
  const StudioTable* table = studio_table(studio);
  if (table == nullptr) return nullptr;
  if (const auto* name = argument_as<std::string>(invocation)) return table->find(*name);
  const std::vector<std::size_t> columns = visible_columns(studio);
  return studio.column < columns.size() ? &table->columns[columns[studio.column]] : nullptr;
}

// Where the cursor is, as positions of row and column of the table; false when there is no cell.
bool find_cell(const StudioState& studio, std::size_t& column) {
  const std::vector<std::size_t> columns = visible_columns(studio);
  if (studio.column >= columns.size() || studio.row >= studio_row_count(studio)) return false;
  column = columns[studio.column];
  return true;
}

constexpr const char* being_saved = "Your changes are being saved: one moment";

std::string why_not_editable(const StudioState& studio, const StudioColumn& column) {
  if (studio.is_saving) return being_saved;
  if (!studio_table(studio)->is_editable) return studio.table + " can only be read";
  if (column.is_secret) return column.name + " is a secret: Studio neither shows nor changes it";
  if (!column.is_editable) return column.name + " is computed by the database";
  if (is_marked_deleted(studio, studio.row)) return "This row will be deleted: Esc takes that back";
  return {};
}

void move_cursor(StudioState& studio, int rows, int columns) {
  const auto moved = [](std::size_t at, int by, std::size_t count) {
    if (count == 0) return std::size_t{0};
    const auto next = static_cast<std::int64_t>(at) + by;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(next, 0, static_cast<std::int64_t>(count) - 1));
  };
  studio.row = moved(studio.row, rows, studio_row_count(studio));
  studio.column = moved(studio.column, columns, visible_columns(studio).size());
  studio.scroll_to_cursor = true;
}

// Asks for the next rows when the cursor comes near the end of those that are here.
void ask_for_more(const StudioState& studio, Plan& plan) {
  const bool has_more = !studio.pages.empty() && !studio.pages.back()->next_cursor.empty();
  if (has_more && studio.row + rows_before_end > studio_row_count(studio))
    plan.effects.emplace_back(StudioCall{StudioCall::Kind::load_more, std::nullopt});
}

Result<void> check_value(const StudioColumn& column, const std::string& text) {
  if (column.kind == CellKind::json) {
    const Result<Json> json = parse_json(text);
    if (!json) return invalid(column.name, "This is no JSON: " + json.error().message);
  }
  if (column.kind == CellKind::choice &&
      std::find(column.choices.begin(), column.choices.end(), text) == column.choices.end())
    return invalid(column.name, "\"" + text + "\" is none of the choices");
  if (column.kind == CellKind::boolean && text != "true" && text != "false")
    return invalid(column.name, "Must be true or false");
  return {};
}

// The typed text as the cell's value: nothing typed is NULL where the column takes it and is no text.
Cell typed_value(const StudioColumn& column, const std::string& text) {
  if (text.empty() && column.kind != CellKind::text) return std::nullopt;
  // A choice may be begun: the first that fits is meant.
  if (column.kind == CellKind::choice || column.kind == CellKind::boolean) {
    const std::vector<std::string> flags{"true", "false"};
    const std::vector<std::string>& choices = column.kind == CellKind::choice ? column.choices : flags;
    const bool is_exact = std::find(choices.begin(), choices.end(), text) != choices.end();
    if (is_exact) return text;
    const std::string wanted = fold_case(text);
    for (const std::string& choice : choices) {
      if (fold_case(choice).find(wanted) == 0) return choice;
    }
  }
  return text;
}

}  // namespace

Plan studio_changed(const State& state, const std::function<void(StudioState&)>& change) {
  auto next = std::make_shared<StudioState>(studio_of(state));
  change(*next);
  return change_view(StudioChanged{std::move(next)});
}

Plan studio_call(StudioCall::Kind kind) {
  Plan plan;
  plan.effects.emplace_back(StudioCall{kind, std::nullopt});
  return plan;
}

Plan plan_go_studio(const State& state, const Invocation& invocation) {
  if (state.session.me.role != Role::admin) return refuse("Studio is for administrators");
  const StudioState& studio = studio_of(state);
  if (const auto* table = argument_as<std::string>(invocation)) return go_to(table_route(*table, {}));
  if (studio.table.empty()) return go_to(table_route("issues", {}));
  return go_to(table_route(studio.table, studio.filter));
}

Plan plan_studio_filter(const State& state, const Invocation& invocation) {
  const StudioState& studio = studio_of(state);
  const auto* text = argument_as<std::string>(invocation);
  const std::string wanted = text != nullptr ? *text : studio.filter_text;
  // Said at the field, and kept until it is typed on.
  const auto refused = [&](const std::string& why) {
    return studio_changed(state, [&](StudioState& next) { next.filter_problem = why; });
  };
  const Result<StudioFilter> filter = parse_studio_filter(wanted);
  if (!filter) return refused(filter.error().message);
  const StudioTable* table = studio_table(studio);
  for (const StudioCondition& condition : filter->conditions) {
    if (table != nullptr && table->find(condition.column) == nullptr)
      return refused(studio.table + " has no column \"" + condition.column + "\"");
  }
  if (wanted == studio.filter) return plan_studio_reload(state, invocation);
  return go_to(table_route(studio.table, wanted));
}

Plan plan_studio_move(const State& state, const Invocation&, int rows, int columns) {
  Plan plan = studio_changed(state, [&](StudioState& studio) {
    studio.region = StudioRegion::grid;
    move_cursor(studio, rows, columns);
  });
  ask_for_more(studio_of(state), plan);
  return plan;
}

Plan plan_studio_cursor(const State& state, const Invocation& invocation) {
  const auto* place = argument_as<std::string>(invocation);
  if (place == nullptr) return refuse("Which cell?");
  const std::size_t comma = place->find(',');
  const auto number = [&](std::size_t from, std::size_t to) {
    std::size_t value = 0;
    for (const char c : place->substr(from, to - from))
      value = value * 10 + static_cast<std::size_t>(c - '0');
    return value;
  };
  Plan plan = studio_changed(state, [&](StudioState& studio) {
    studio.region = StudioRegion::grid;
    studio.row = number(0, comma);
    studio.column = number(comma + 1, place->size());
    studio.is_editing = false;
    studio.edit_problem.clear();
  });
  ask_for_more(studio_of(state), plan);
  return plan;
}

Plan plan_studio_edit(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  std::size_t column = 0;
  if (studio.is_editing) return {};
  if (!find_cell(studio, column)) return refuse("There is no cell to edit");
  const StudioColumn& known = studio_table(studio)->columns[column];
  if (const std::string why = why_not_editable(studio, known); !why.empty()) return refuse(why);
  if (is_cut(studio, studio.row, column)) return studio_call(StudioCall::Kind::load_whole);
  return studio_changed(state, [&](StudioState& next) {
    next.edit_text = cell_at(next, next.row, column).value_or("");
    next.edit_problem.clear();
    next.is_editing = true;
  });
}

Plan plan_studio_keep(const State& state, const Invocation&, int columns) {
  const StudioState& studio = studio_of(state);
  std::size_t column = 0;
  if (!studio.is_editing || !find_cell(studio, column)) return {};
  const StudioColumn& known = studio_table(studio)->columns[column];
  const Cell value = typed_value(known, studio.edit_text);
  const bool was_null = !cell_at(studio, studio.row, column).has_value();
  if (value && !value->empty()) {
    if (const Result<void> good = check_value(known, *value); !good) {
      return studio_changed(state, [&](StudioState& next) { next.edit_problem = good.error().message; });
    }
  }
  return studio_changed(state, [&](StudioState& next) {
    next.is_editing = false;
    next.edit_problem.clear();
    // A NULL that was looked at and left empty stays NULL.
    const bool is_untouched = was_null && (!value || value->empty());
    if (!is_untouched) set_cell(next, next.row, column, value);
    if (columns != 0) move_cursor(next, 0, columns);
  });
}

Plan plan_studio_set(const State& state, const Invocation& invocation) {
  const auto* value = argument_as<std::string>(invocation);
  std::size_t column = 0;
  if (value == nullptr || !find_cell(studio_of(state), column)) return {};
  if (studio_of(state).is_saving) return refuse(being_saved);
  return studio_changed(state, [&](StudioState& next) {
    next.is_editing = false;
    set_cell(next, next.row, column, *value);
  });
}

Plan plan_studio_null(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  std::size_t column = 0;
  if (!find_cell(studio, column)) return refuse("There is no cell to empty");
  const StudioColumn& known = studio_table(studio)->columns[column];
  if (const std::string why = why_not_editable(studio, known); !why.empty()) return refuse(why);
  if (!known.is_nullable) return refuse(known.name + " must have a value");
  return studio_changed(state, [&](StudioState& next) {
    next.is_editing = false;
    set_cell(next, next.row, column, std::nullopt);
  });
}

Plan plan_studio_cancel(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  if (!state.pending.keys.empty() || !state.pending.complaint.empty()) return change_view(KeysPending{});
  if (studio.is_editing) {
    return studio_changed(state, [](StudioState& next) {
      next.is_editing = false;
      next.edit_problem.clear();
    });
  }
  if (!studio.statistics_column.empty())
    return studio_changed(state, [](StudioState& next) { next.statistics_column.clear(); });
  if (studio.region != StudioRegion::grid || state.is_typing)
    return studio_changed(state, [](StudioState& next) { next.region = StudioRegion::grid; });
  if (studio.is_saving && !studio.edits.empty()) return refuse(being_saved);
  std::size_t column = 0;
  if (find_cell(studio, column) &&
      (is_changed(studio, studio.row, column) || is_marked_deleted(studio, studio.row)))
    return studio_changed(state, [&](StudioState& next) { restore_cell(next, next.row, column); });
  if (!studio.edits.empty()) return plan_studio_discard(state, {});
  return {};
}

Plan plan_studio_discard(const State& state, const Invocation&) {
  if (studio_of(state).edits.empty()) return refuse("Nothing is changed");
  if (studio_of(state).is_saving) return refuse(being_saved);
  return studio_changed(state, [](StudioState& next) { discard_edits(next); });
}

Plan plan_studio_save(const State& state, const Invocation& invocation) {
  // What stands in the open cell is meant as well.
  if (studio_of(state).is_editing) {
    Plan plan = plan_studio_keep(state, invocation, 0);
    plan.then.push_back({"studio.save_kept", {}, {}, false, 0, 0});
    return plan;
  }
  if (studio_of(state).edits.empty()) return refuse("Nothing is changed");
  return studio_call(StudioCall::Kind::save);
}

Plan plan_studio_follow(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  std::size_t column = 0;
  if (!find_cell(studio, column)) return refuse("There is no cell to follow");
  const auto link = link_of_cell(studio, studio.row, column);
  if (!link) return refuse("This cell is no foreign key");
  return go_to(table_route(link->table, link->filter));
}

Plan plan_studio_duplicate(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || studio.row >= studio_row_count(studio))
    return refuse("There is no row to duplicate");
  if (studio.is_saving) return refuse(being_saved);
  if (!table->is_editable) return refuse(studio.table + " can only be read");
  std::map<std::string, Cell> values;
  for (std::size_t at = 0; at < table->columns.size(); ++at) {
    const StudioColumn& column = table->columns[at];
    const bool is_own = column.name == "id" || column.name == "number" || column.name == "version" ||
                        column.name == "created_at" || column.name == "updated_at" || !column.is_editable;
    if (is_own) continue;
    if (is_cut(studio, studio.row, at))
      return refuse("Open " + column.name + " first: only a part of it is here");
    if (const Cell cell = cell_at(studio, studio.row, at)) values[column.name] = cell;
  }
  return studio_changed(state, [&](StudioState& next) { add_row(next, std::move(values)); });
}

Plan plan_studio_delete(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  if (studio_table(studio) == nullptr || studio.row >= studio_row_count(studio))
    return refuse("There is no row to delete");
  if (studio.is_saving) return refuse(being_saved);
  if (!studio_table(studio)->is_editable) return refuse(studio.table + " can only be read");
  return studio_changed(state, [](StudioState& next) {
    mark_deleted(next, next.row);
    move_cursor(next, 0, 0);
  });
}

Plan plan_studio_add(const State& state, const Invocation&) {
  const StudioTable* table = studio_table(studio_of(state));
  if (table == nullptr) return refuse("Open a table first");
  if (!table->is_editable) return refuse(table->name + " can only be read");
  if (studio_of(state).is_saving) return refuse(being_saved);
  return studio_changed(state, [](StudioState& next) {
    add_row(next, {});
    next.region = StudioRegion::grid;
  });
}

Plan plan_studio_region(const State& state, const Invocation&, StudioRegion region) {
  return studio_changed(state, [&](StudioState& next) { next.region = region; });
}

Plan plan_studio_sort(const State& state, const Invocation& invocation) {
  const StudioColumn* column = column_of(studio_of(state), invocation);
  if (column == nullptr) return refuse("There is no column to sort by");
  if (column->is_secret || column->kind == CellKind::json || column->kind == CellKind::other)
    return refuse("Rows can't be put in order by " + column->name);
  const std::string name = column->name;
  Plan plan = studio_changed(state, [&](StudioState& next) {
    // Once upwards, once downwards, then by the key again.
    const bool was_this = next.sort == name;
    const bool was_descending = next.is_descending;
    next.sort = was_this && was_descending ? "" : name;
    next.is_descending = was_this && !was_descending;
    next.row = 0;
    next.scroll_to_cursor = true;
  });
  plan.effects.emplace_back(StudioCall{StudioCall::Kind::load_rows, std::nullopt});
  return plan;
}

Plan plan_studio_statistics(const State& state, const Invocation& invocation) {
  const StudioColumn* column = column_of(studio_of(state), invocation);
  if (column == nullptr) return refuse("There is no column");
  const std::string name = column->name;
  const bool closes = studio_of(state).statistics_column == name;
  Plan plan = studio_changed(state, [&](StudioState& next) {
    next.statistics_column = closes ? "" : name;
    next.statistics.reset();
    next.statistics_problem.clear();
  });
  if (!closes) plan.effects.emplace_back(StudioCall{StudioCall::Kind::load_statistics, std::nullopt});
  return plan;
}

Plan plan_studio_hide(const State& state, const Invocation& invocation) {
  const StudioColumn* column = column_of(studio_of(state), invocation);
  if (column == nullptr) return refuse("There is no column");
  const std::string name = column->name;
  if (visible_columns(studio_of(state)).size() < 2) return refuse("One column has to stay");
  return studio_changed(state, [&](StudioState& next) {
    next.hidden_columns.insert(name);
    move_cursor(next, 0, 0);
  });
}

Plan plan_studio_show_all(const State& state, const Invocation&) {
  return studio_changed(state, [](StudioState& next) { next.hidden_columns.clear(); });
}

Plan plan_studio_call(const State&, const Invocation&, StudioCall::Kind kind) { return studio_call(kind); }

Plan plan_studio_reload(const State&, const Invocation&) {
  Plan plan = studio_call(StudioCall::Kind::load_rows);
  plan.effects.emplace_back(StudioCall{StudioCall::Kind::load_tables, std::nullopt});
  return plan;
}

Plan plan_studio_export(const State& state, const Invocation&, bool is_json) {
  const StudioState& studio = studio_of(state);
  if (studio_table(studio) == nullptr) return refuse("Open a table first");
  Plan plan;
  plan.effects.emplace_back(
      OpenUrl{state.origin +
              paths::with_query(
                  paths::path_with(paths::studio_export, {studio.table}),
                  {{"format", is_json ? "json" : "csv"},
                   {"filter", studio.filter},
                   {"sort", (studio.is_descending && !studio.sort.empty() ? "-" : "") + studio.sort}})});
  return plan;
}

}  // namespace dits::web
