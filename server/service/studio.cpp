#include "server/service/studio.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/service/studio_audit.hpp"
#include "server/store/studio_console.hpp"
#include "shared/model/sql_text.hpp"

namespace dits {
namespace {

Result<Transaction> begin(AdminContext& admin, Access access, UserId user_id = {}) {
  Database* database = TRY(admin.studio());
  // Row-level security does not bind this login. The commit of a change writes down its Idempotency-Key.
  return database->begin(Actor::of_user(user_id), access);
}

Result<Transaction> begin_console(AdminContext& admin, Access access, UserId user_id = {}) {
  Transaction transaction = TRY(begin(admin, access, user_id));
  transaction.keep_connection_private();
  TRY(store::become_sql_console(transaction));
  return transaction;
}

std::string fresh_tag(AdminContext& admin) { return std::to_string(admin.services.clock.random_bits()); }

// Which change it was, and which of its columns.
Error at_change(Error error, std::size_t index) {
  std::string field = "changes[" + std::to_string(index) + "]";
  if (!error.field.empty()) field += "." + error.field;
  error.field = std::move(field);
  return error;
}

bool gives(const StudioChange& change, std::string_view column) {
  return std::any_of(
      change.values.begin(), change.values.end(), [&](const auto& each) { return each.first == column; });
}

// What every new row needs and nobody types: an owner, an id, an issue's number.
Result<void> complete_insert(AdminContext& admin,
                             const Viewer& viewer,
                             Transaction& transaction,
                             const StudioTable& table,
                             StudioChange& change) {
  if (table.find("user_id") != nullptr && !gives(change, "user_id"))
    change.values.emplace_back("user_id", to_string(viewer.user_id));
  const StudioColumn* id = table.find("id");
  if (id != nullptr && id->kind == CellKind::uuid && !id->has_default && !gives(change, "id"))
    change.values.emplace_back("id", to_string(admin.services.clock.new_id<IssueId>()));
  if (table.name != "issues" || gives(change, "number")) return {};
  Json row = Json::object();
  for (const auto& [name, value] : change.values) {
    if (name == "user_id" && value) row["user_id"] = *value;
  }
  const RowEntity entity = entity_of_row(table.name, row, viewer.user_id);
  const std::int64_t number = TRY(store::take_next_issue_number(transaction, entity.owner));
  change.values.emplace_back("number", std::to_string(number));
  return {};
}

class ChangeRun {
 public:
  ChangeRun(AdminContext& admin,
            const Viewer& viewer,
            Transaction transaction,
            std::vector<StudioTable> tables)
      : admin_(admin),
        viewer_(viewer),
        transaction_(std::move(transaction)),
        tables_(std::move(tables)),
        log_(admin, viewer) {}

  Result<void> apply(StudioChange change) {
    const StudioTable& table = *TRY(editable_table(change.table));
    switch (change.action) {
      case StudioAction::insert:
        return insert(table, std::move(change));
      case StudioAction::update:
        return update(table, change);
      case StudioAction::remove:
        return remove(table, change);
    }
    return {};
  }

  Result<void> finish() {
    TRY(store::check_rules(transaction_));
    // What hung on a deleted row is gone with it, without a word in the log.
    for (const UserId owner : reload_) TRY(log_.record_tables(transaction_, owner, Json::object()));
    TRY(transaction_.commit());
    log_.announce();
    return {};
  }

 private:
  Result<const StudioTable*> editable_table(const std::string& name) const {
    const auto found = std::find_if(
        tables_.begin(), tables_.end(), [&](const StudioTable& each) { return each.name == name; });
    if (found == tables_.end()) return not_found("There is no such table.");
    if (!found->is_editable) return forbidden("The table " + name + " can't be changed here.");
    return &*found;
  }

  Result<void> insert(const StudioTable& table, StudioChange change) {
    TRY(complete_insert(admin_, viewer_, transaction_, table, change));
    // The owner and the entity must be known before the row is there: its entity may be older than it.
    Json draft = Json::object();
    for (const auto& [name, value] : change.values) draft[name] = value ? Json(*value) : Json(nullptr);
    const RowEntity entity = entity_of_row(table.name, draft, viewer_.user_id);
    const Json before = TRY(entity_json(transaction_, entity, nullptr));
    const Json row = json_from_stored(TRY(store::insert_studio_row(transaction_, table, change)));
    return log_.record(transaction_, table.name, entity, before, TRY(entity_json(transaction_, entity, row)));
  }

  Result<void> update(const StudioTable& table, const StudioChange& change) {
    const Json row = json_from_stored(TRY(store::lock_studio_row(transaction_, table, change)));
    const RowEntity entity = entity_of_row(table.name, row, viewer_.user_id);
    const Json before = TRY(entity_json(transaction_, entity, row));
    const Json now = json_from_stored(
        TRY(store::update_studio_row(transaction_, table, change, admin_.services.clock.now())));
    const RowEntity entity_now = entity_of_row(table.name, now, viewer_.user_id);
    if (entity_now.id != entity.id || entity_now.owner != entity.owner)
      note_reload(entity_now.owner), note_reload(entity.owner);
    return log_.record(transaction_, table.name, entity, before, TRY(entity_json(transaction_, entity, now)));
  }

  Result<void> remove(const StudioTable& table, const StudioChange& change) {
    const Json row = json_from_stored(TRY(store::lock_studio_row(transaction_, table, change)));
    const RowEntity entity = entity_of_row(table.name, row, viewer_.user_id);
    if (table.name == "users") {
      return forbidden(
          "An account goes with everything it owns, its log included: Studio deletes no accounts.");
    }
    const Json before = TRY(entity_json(transaction_, entity, row));
    TRY(store::delete_studio_row(transaction_, table, change));
    note_reload(entity.owner);
    return log_.record(
        transaction_, table.name, entity, before, TRY(entity_json(transaction_, entity, nullptr)));
  }

  void note_reload(UserId owner) {
    if (std::find(reload_.begin(), reload_.end(), owner) == reload_.end()) reload_.push_back(owner);
  }

  AdminContext& admin_;
  const Viewer& viewer_;
  Transaction transaction_;
  std::vector<StudioTable> tables_;
  StudioLog log_;
  std::vector<UserId> reload_;
};

bool is_cursor_statement(std::string_view sql) {
  for (const SqlToken& token : sql_tokens(sql)) {
    if (token.piece == SqlPiece::space || token.piece == SqlPiece::comment || token.text == "(") continue;
    std::string word(token.text);
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return word != "show" && word != "explain";
  }
  return false;
}

// The one statement of the text. Errors: invalid at "sql", with what to do.
Result<std::string_view> one_statement(std::string_view text, SqlKind kind) {
  switch (kind) {
    case SqlKind::empty:
      return invalid("sql", "There is no statement: type one, SELECT for example.");
    case SqlKind::several:
      return invalid("sql", "One statement at a time, please.");
    case SqlKind::other:
      return invalid(
          "sql",
          "This console runs SELECT, WITH, VALUES, TABLE, SHOW and EXPLAIN, and with writes allowed INSERT, "
          "UPDATE, DELETE and MERGE. For anything else there is dits db shell.");
    case SqlKind::reads:
    case SqlKind::writes:
      break;
  }
  return sql_statement(text);
}

double ms_since(std::chrono::steady_clock::time_point start) {
  const auto time = std::chrono::steady_clock::now() - start;
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) / 1000.0;
}

Result<SqlAnswer> run_write(AdminContext& admin,
                            const Viewer& viewer,
                            std::string_view sql,
                            const SqlRequest& request) {
  Transaction transaction = TRY(begin_console(admin, Access::write, viewer.user_id));
  const auto start = std::chrono::steady_clock::now();
  SqlAnswer answer = TRY(store::run_typed_statement(transaction, sql));
  answer.ms = ms_since(start);
  TRY(store::check_rules(transaction));
  answer.is_trial = !request.confirmed_rows;
  if (answer.is_trial) return answer;  // and the transaction is rolled back
  if (*answer.affected != *request.confirmed_rows) {
    return conflict("This would now touch " + std::to_string(*answer.affected) + " rows instead of " +
                        std::to_string(*request.confirmed_rows) +
                        ". Nothing was changed: run it again and look.",
                    "rows_differ");
  }
  TRY(store::leave_sql_console(transaction));
  StudioLog log(admin, viewer);
  const Json values = {{"sql", sql}, {"rows", *answer.affected}};
  for (const UserId user_id : TRY(store::list_all_user_ids(transaction)))
    TRY(log.record_tables(transaction, user_id, values));
  TRY(transaction.commit());
  log.announce();
  return answer;
}

}  // namespace

Result<std::vector<StudioTable>> studio_tables(AdminContext& admin) {
  Transaction transaction = TRY(begin(admin, Access::read));
  std::vector<StudioTable> tables = TRY(store::list_studio_tables(transaction));
  TRY(store::count_studio_rows(transaction, tables));
  return tables;
}

Result<StudioPage> studio_rows(AdminContext& admin,
                               std::string_view table,
                               const store::StudioRowsQuery& query) {
  Transaction transaction = TRY(begin(admin, Access::read));
  const StudioTable found = TRY(store::find_studio_table(transaction, table));
  Result<StudioPage> page = store::read_studio_rows(transaction, found, query);
  if (!page && page.error().kind == "timeout") {
    Error slow =
        unavailable("Looking through " + found.name +
                    " took too long and was stopped. Ask for a column (user_id = …) instead of words, "
                    "or put the rows in order by a key.");
    slow.kind = "timeout";
    return slow;
  }
  if (page && query.cursor.empty()) TRY(store::count_studio_matches(transaction, found, query.filter, *page));
  return page;
}

Result<store::StudioExport> studio_export(AdminContext& admin,
                                          std::string_view table,
                                          const store::StudioRowsQuery& query) {
  Transaction transaction = TRY(begin(admin, Access::read));
  const StudioTable found = TRY(store::find_studio_table(transaction, table));
  return store::StudioExport::begin(std::move(transaction), found, query, fresh_tag(admin));
}

Result<ColumnStatistics> studio_statistics(AdminContext& admin,
                                           std::string_view table,
                                           std::string_view column) {
  Transaction transaction = TRY(begin(admin, Access::read));
  const StudioTable found = TRY(store::find_studio_table(transaction, table));
  const StudioColumn* known = found.find(column);
  if (known == nullptr) return not_found("There is no such column.");
  return store::read_column_statistics(transaction, found, *known);
}

Result<void> apply_studio_changes(AdminContext& admin,
                                  const Viewer& viewer,
                                  const std::vector<StudioChange>& changes) {
  Transaction transaction = TRY(begin(admin, Access::write, viewer.user_id));
  std::vector<StudioTable> tables = TRY(store::list_studio_tables(transaction));
  ChangeRun run(admin, viewer, std::move(transaction), std::move(tables));
  for (std::size_t index = 0; index < changes.size(); ++index) {
    if (Result<void> done = run.apply(changes[index]); !done)
      return at_change(std::move(done).error(), index);
  }
  return run.finish();
}

Result<SqlAnswer> run_sql(AdminContext& admin, const Viewer& viewer, const SqlRequest& request) {
  const SqlKind kind = kind_of_sql(request.sql);
  const std::string_view sql = TRY(one_statement(request.sql, kind));
  if (kind == SqlKind::writes) {
    if (viewer.credential == CredentialKind::token)
      return forbidden("A token reads here; changes need a signed-in session.");
    if (!request.allows_writes) {
      Error error = invalid("sql", "This statement writes. Turn on \"Allow writes from SQL\" first.");
      error.kind = "writes_not_allowed";
      return error;
    }
    return run_write(admin, viewer, sql, request);
  }
  Transaction transaction = TRY(begin_console(admin, Access::read));
  const auto start = std::chrono::steady_clock::now();
  SqlAnswer answer =
      TRY(is_cursor_statement(sql) ? store::run_typed_select(transaction, sql, fresh_tag(admin))
                                   : store::run_typed_statement(transaction, sql));
  answer.ms = ms_since(start);
  answer.affected.reset();
  return answer;
}

Result<std::string> explain_sql(AdminContext& admin, std::string_view sql, bool is_run) {
  const SqlKind kind = kind_of_sql(sql);
  const std::string_view statement = TRY(one_statement(sql, kind));
  Transaction transaction = TRY(begin_console(admin, Access::read));
  return store::explain_typed(transaction, statement, is_run);
}

}  // namespace dits
