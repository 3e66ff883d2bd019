#include "server/cli/doctor_find.hpp"

#include <algorithm>
#include <map>

#include "server/cli/terminal.hpp"

namespace dits::cli {

namespace {

// A login that is no superuser sees of an account what that account sees.
constexpr std::string_view become =
    "SELECT set_config('dits.user_id', $1, false), set_config('dits.system', $2, false)";
constexpr std::string_view ask_accounts = "SELECT id::text FROM users ORDER BY id";
constexpr std::string_view ask_tables =
    "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' "
    "AND NOT "
    "a.attisdropped) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND "
    "c.relname <> "
    "'audit_logs' ORDER BY c.relname";
// Changes of the thing and of its parts; how many of them have kept their values; whether it was removed for
// good.
constexpr std::string_view ask_changes =
    "SELECT count(*), count(*) FILTER (WHERE old_values IS NOT NULL OR new_values IS NOT NULL), "
    "coalesce(bool_or(action = 'DELETE' AND new_values IS NULL AND entity_id::text = $2), false) FROM "
    "audit_logs WHERE "
    "user_id = $1::uuid AND $2 IN (entity_id::text, metadata ->> 'issueId', metadata ->> 'targetIssueId')";

struct Found {
  std::map<std::string, std::int64_t> rows;  // by table
  std::int64_t changes = 0;
  std::int64_t with_values = 0;
  bool was_removed = false;
};

Result<Found> find(Connection& owner, const std::string& id) {
  Found found;
  TRY(owner.run_once(become, {"", "on"}));
  const Rows accounts = TRY(owner.run_once(ask_accounts));
  const Rows tables = TRY(owner.run_once(ask_tables));
  for (const Row account : accounts) {
    const std::string user(account.text(0));
    TRY(owner.run_once(become, {user, "on"}));
    for (const Row table : tables) {
      const std::string name(table.text(0));
      std::string sql = "SELECT count(*) FROM \"" + name + "\" AS t WHERE position($1 IN t::text) > 0";
      if (table.boolean(1)) sql += " AND t.user_id = '" + user + "'";
      const std::int64_t count = TRY(owner.run_once(sql, {id}))[0].int64(0);
      // A table of nobody's shows the same rows to all.
      std::int64_t& rows = found.rows[name];
      rows = table.boolean(1) ? rows + count : std::max(rows, count);
    }
    const Rows changes = TRY(owner.run_once(ask_changes, {user, id}));
    found.changes += changes[0].int64(0);
    found.with_values += changes[0].int64(1);
    found.was_removed = found.was_removed || changes[0].boolean(2);
  }
  std::erase_if(found.rows, [](const auto& table) { return table.second == 0; });
  TRY(owner.run_once(become, {"", ""}));
  return found;
}

}  // namespace

void look_for(Connection& owner, const Uuid& id, Report& report) {
  const std::string text = to_string(id);
  const Result<Found> found = find(owner, text);
  if (!found) return report.bad("the tables can't be searched: " + found.error().message);
  for (const auto& [table, rows] : found->rows)
    report.note(text + " stands in " + counted(rows, "row") + " of the table " + table);
  if (found->rows.empty()) report.good(text + " stands in no table beside the log");
  if (found->changes == 0) return report.good("no change of the log speaks of it");
  const std::string changes = counted(found->changes, "change") + " of the log " +
                              (found->changes == 1 ? "speaks" : "speak") + " of it";
  if (found->with_values == 0) return report.good(changes + ", without what was written");
  if (found->was_removed && found->rows.empty())
    return report.bad(changes + ", " + std::to_string(found->with_values) + " of them with what was written",
                      "it was removed without being deleted for ever: undo brings it back");
  report.note(changes + ", " + std::to_string(found->with_values) + " of them with what was written");
}

void look_for_in_backups(const std::vector<Backup>& backups, SealKeys& keys, const Uuid& id, Report& report) {
  const std::string text = to_string(id);
  std::int64_t without = 0;
  for (const Backup& backup : backups) {
    std::string end;  // of the piece before: the id may stand across two
    bool has_it = false;
    const Result<void> read = read_backup(backup.path, keys, [&](std::string_view piece) -> Result<void> {
      end += piece;
      has_it = has_it || end.find(text) != std::string::npos;
      if (end.size() > text.size()) end.erase(0, end.size() - text.size());
      return {};
    });
    if (!read) {
      report.note(backup.name() + " can't be searched: " + read.error().message);
    } else if (has_it) {
      report.note("the backup " + backup.name() + " holds it",
                  "it goes with that file: backups are deleted by age (BACKUP_KEEP_DAYS), or by hand");
    } else {
      ++without;
    }
  }
  report.good(counted(without, "backup") + (without == 1 ? " does" : " do") + " not hold it");
}

}  // namespace dits::cli
