// Studio's calls. Each answer makes a new state of Studio from the one that is there when it comes.
#include <array>
#include <cstdio>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/studio_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

std::string megabytes(double bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MB", bytes / 1e6);
  return text.data();
}

// "dits, 14.2 MB, PostgreSQL 17.6".
std::string place_in(std::string_view body) {
  const Result<Json> json = parse_json(body);
  if (!json || !json->is_object()) return {};
  const auto database = json->find("database");
  const auto server = json->find("server");
  if (database == json->end() || server == json->end()) return {};
  const auto text = [](const Json& object, const char* name) {
    const auto found = object.find(name);
    const auto* value = found == object.end() ? nullptr : found->get_ptr<const std::string*>();
    return value == nullptr ? std::string{} : *value;
  };
  const auto size = database->find("sizeBytes");
  const double bytes = size != database->end() && size->is_number() ? size->get<double>() : 0;
  const std::string version = text(*server, "version");
  return text(*database, "name") + ", " + megabytes(bytes) + ", PostgreSQL " +
         version.substr(0, version.find(' '));
}

std::string sort_of(const StudioState& studio) {
  return (studio.is_descending && !studio.sort.empty() ? "-" : "") + studio.sort;
}

std::string rows_path(const StudioState& studio, const std::string& cursor) {
  return paths::with_query(paths::path_with(paths::studio_rows, {studio.table}),
                           {{"filter", studio.filter}, {"sort", sort_of(studio)}, {"cursor", cursor}});
}

void take_page(StudioState& studio, StudioPage page, bool is_more) {
  studio.is_loading = false;
  if (page.total) {
    studio.total = page.total;
    studio.is_estimate = page.is_estimate;
  }
  if (!is_more) studio.pages.clear();
  studio.pages.push_back(std::make_shared<const StudioPage>(std::move(page)));
  const std::size_t count = studio_row_count(studio);
  if (studio.row >= count) studio.row = count == 0 ? 0 : count - 1;
}

}  // namespace

void Gateway::change_studio(const std::function<void(StudioState&)>& change) {
  // An answer that comes after signing out is nobody's.
  if (state_.session.phase != SessionPhase::signed_in) return;
  auto next = std::make_shared<StudioState>(studio_of(state_));
  change(*next);
  arrive({StudioChanged{std::move(next)}});
}

void Gateway::open_studio(const Route& route) {
  const bool is_admin =
      state_.session.phase == SessionPhase::signed_in && state_.session.me.role == Role::admin;
  if (!is_admin) return;
  if (!state_.studio) {  // nobody has asked yet
    change_studio([&](StudioState& studio) {
      studio.saved = saved_sql_from_preferences(state_.session.me.preferences);
      take_kept_texts(studio);
    });
    load_studio_tables();
  }
  const StudioState& studio = studio_of(state_);
  const std::string table = route.table.empty() ? "issues" : route.table;
  if (table == studio_console || (table == studio.table && route.query == studio.filter)) return;
  change_studio([&](StudioState& next) { open_table(next, table, route.query); });
  load_studio_rows(false);
}

void Gateway::call_studio(const StudioCall& call) {
  switch (call.kind) {
    case StudioCall::Kind::load_tables:
      load_studio_tables();
      return;
    case StudioCall::Kind::load_rows:
      load_studio_rows(false);
      return;
    case StudioCall::Kind::load_more:
      load_studio_rows(true);
      return;
    case StudioCall::Kind::load_whole:
      load_whole_row();
      return;
    case StudioCall::Kind::load_statistics:
      load_column_statistics();
      return;
    case StudioCall::Kind::save:
      save_studio();
      return;
    case StudioCall::Kind::run_sql:
      run_sql(call);
      return;
    case StudioCall::Kind::explain:
    case StudioCall::Kind::analyze:
      explain_sql(call.kind == StudioCall::Kind::analyze);
      return;
  }
}

void Gateway::load_studio_tables() {
  client_.send({"GET", std::string(paths::studio_tables)}, [this](const Answer& answer) {
    if (answer.status == 401) return session_lost();
    if (!answer.is_ok()) {
      change_studio([&](StudioState& studio) { studio.tables_problem = answer.error->message; });
      return;
    }
    std::vector<StudioTable> tables;
    for (const Json& item : items_of(answer.body)) {
      if (Result<StudioTable> table = studio_table_from_json(item)) tables.push_back(std::move(*table));
    }
    change_studio([&](StudioState& studio) {
      studio.tables = std::make_shared<const std::vector<StudioTable>>(std::move(tables));
      studio.tables_problem.clear();
    });
  });
  client_.send({"GET", std::string(paths::admin_database)}, [this](const Answer& answer) {
    if (!answer.is_ok()) return;
    change_studio([&](StudioState& studio) { studio.place = place_in(answer.body); });
  });
}

void Gateway::load_studio_rows(bool is_more) {
  const StudioState& now = studio_of(state_);
  const std::string cursor = is_more && !now.pages.empty() ? now.pages.back()->next_cursor : std::string{};
  if (is_more && (now.is_loading || cursor.empty())) return;
  const std::uint64_t ticket = now.ticket + 1;
  change_studio([&](StudioState& studio) {
    studio.ticket = ticket;
    studio.is_loading = true;
  });
  client_.send({"GET", rows_path(studio_of(state_), cursor)}, [this, ticket, is_more](const Answer& answer) {
    if (answer.status == 401) return session_lost();
    if (studio_of(state_).ticket != ticket) return;
    Result<StudioPage> page =
        answer.is_ok() ? studio_page_from_text(answer.body) : Result<StudioPage>(*answer.error);
    change_studio([&](StudioState& studio) {
      if (page) {
        studio.problem.clear();
        return take_page(studio, std::move(*page), is_more);
      }
      studio.is_loading = false;
      studio.problem = page.error().message;
    });
  });
}

void Gateway::load_whole_row() {
  const StudioState& now = studio_of(state_);
  const StudioTable* table = studio_table(now);
  const StudioPage::Row* row = loaded_row(now, now.row);
  if (table == nullptr || row == nullptr) return;
  StudioFilter filter;
  for (std::size_t at = 0; at < table->columns.size(); ++at) {
    if (table->columns[at].is_key && row->cells[at])
      filter.conditions.push_back({table->columns[at].name, FilterOperator::equals, *row->cells[at]});
  }
  const std::string path = paths::with_query(paths::path_with(paths::studio_rows, {now.table}),
                                             {{"filter", filter_text(filter)}, {"whole", "true"}});
  const std::size_t at_row = now.row;
  const std::uint64_t ticket = now.ticket;
  client_.send({"GET", path}, [this, at_row, ticket](const Answer& answer) {
    if (studio_of(state_).ticket != ticket || studio_of(state_).row != at_row) return;
    const Result<StudioPage> page =
        answer.is_ok() ? studio_page_from_text(answer.body) : Result<StudioPage>(*answer.error);
    if (!page || page->rows.empty()) {
      toast(ToastKind::error, page ? "This row is gone: load the table again" : page.error().message);
      return;
    }
    change_studio([&](StudioState& studio) {
      const std::size_t index = at_row - new_row_count(studio);
      auto changed = std::make_shared<StudioPage>(*studio.pages[index / studio_page_rows]);
      changed->rows[index % studio_page_rows] = page->rows.front();
      studio.pages[index / studio_page_rows] = std::move(changed);
      const std::vector<std::size_t> columns = visible_columns(studio);
      if (studio.column >= columns.size()) return;
      studio.edit_text = cell_at(studio, at_row, columns[studio.column]).value_or("");
      studio.is_editing = true;
    });
  });
}

void Gateway::load_column_statistics() {
  const StudioState& now = studio_of(state_);
  const std::string column = now.statistics_column;
  client_.send({"GET", paths::path_with(paths::studio_statistics, {now.table, column})},
               [this, column](const Answer& answer) {
                 if (studio_of(state_).statistics_column != column) return;
                 const Result<Json> json =
                     answer.is_ok() ? parse_json(answer.body) : Result<Json>(*answer.error);
                 Result<ColumnStatistics> found =
                     json ? column_statistics_from_json(*json) : Result<ColumnStatistics>(json.error());
                 change_studio([&](StudioState& studio) {
                   studio.statistics_problem = found ? "" : found.error().message;
                   if (found) studio.statistics = std::move(*found);
                 });
               });
}

void Gateway::save_studio() {
  const std::vector<StudioChange> changes = changes_of(studio_of(state_));
  if (changes.empty() || studio_of(state_).is_saving) return;
  const std::string fresh_key = new_key();
  change_studio([&](StudioState& studio) {
    studio.is_saving = true;
    if (studio.save_key.empty()) studio.save_key = fresh_key;
  });
  const std::string table = studio_of(state_).table;
  const std::string key = studio_of(state_).save_key;
  client_.send({"POST", std::string(paths::studio_changes), dump(studio_changes_to_json(changes)), key},
               [this, table](const Answer& answer) {
                 if (answer.status == 401) return session_lost();
                 const std::string summary = edits_summary(studio_of(state_));
                 change_studio([&](StudioState& studio) {
                   studio.is_saving = false;
                   // Whether it was carried out nobody knows: the same changes again are the same request.
                   if (!answer.is_offline()) studio.save_key.clear();
                   studio.save_problem = answer.is_ok() ? "" : answer.error->message;
                   studio.wrong_cell = answer.is_ok() ? "" : answer.error->field;
                   if (answer.is_ok() && studio.table == table) discard_edits(studio);
                 });
                 if (!answer.is_ok()) return;
                 toast(ToastKind::success, "Saved: " + summary);
                 load_studio_rows(false);
                 load_studio_tables();
               });
}

void Gateway::run_sql(const StudioCall& call) {
  if (studio_of(state_).is_running) return;
  SqlRequest request{studio_of(state_).sql, studio_of(state_).allows_writes, call.confirmed_rows};
  change_studio([](StudioState& studio) { studio.is_running = true; });
  const bool is_kept = call.confirmed_rows.has_value();
  const std::string key = is_kept ? new_key() : std::string{};
  client_.send({"POST", std::string(paths::studio_sql), dump(sql_request_to_json(request)), key},
               [this, is_kept, sql = request.sql](const Answer& answer) {
                 if (answer.status == 401) return session_lost();
                 Result<SqlAnswer> found =
                     answer.is_ok() ? sql_answer_from_text(answer.body) : Result<SqlAnswer>(*answer.error);
                 change_studio([&](StudioState& studio) {
                   studio.is_running = false;
                   studio.plan = nullptr;
                   studio.sql_problem = found ? "" : found.error().message;
                   studio.answer = found ? std::make_shared<const SqlAnswer>(std::move(*found)) : nullptr;
                   studio.answered_sql = sql;
                 });
                 if (!answer.is_ok() || !is_kept) return;
                 toast(ToastKind::success, "Saved by SQL, and noted in the log");
                 load_studio_rows(false);
                 load_studio_tables();
               });
}

void Gateway::explain_sql(bool is_run) {
  if (studio_of(state_).is_running) return;
  change_studio([](StudioState& studio) { studio.is_running = true; });
  const std::string path =
      paths::with_query(std::string(paths::studio_explain), {{"analyze", is_run ? "true" : ""}});
  client_.send({"POST", path, dump(sql_request_to_json({studio_of(state_).sql, false, std::nullopt}))},
               [this](const Answer& answer) {
                 if (answer.status == 401) return session_lost();
                 const Result<Json> json =
                     answer.is_ok() ? parse_json(answer.body) : Result<Json>(*answer.error);
                 Result<PlanNode> plan = json ? plan_from_json(*json) : Result<PlanNode>(json.error());
                 change_studio([&](StudioState& studio) {
                   studio.is_running = false;
                   studio.answer = nullptr;
                   studio.sql_problem = plan ? "" : plan.error().message;
                   studio.plan = plan ? std::make_shared<const PlanNode>(std::move(*plan)) : nullptr;
                 });
               });
}

}  // namespace dits::web
