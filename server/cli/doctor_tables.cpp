// `dits doctor`: indexes, bloat and statistics of the tables.
#include <algorithm>
#include <string>
#include <vector>

#include "server/cli/doctor_database.hpp"
#include "server/cli/terminal.hpp"

namespace dits::cli {

namespace {

constexpr std::string_view ask_indexes =
    "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE "
    "c.relnamespace = 'public'::regnamespace";
constexpr std::string_view ask_unused =
    "SELECT s.indexrelname, pg_relation_size(s.indexrelid) FROM pg_stat_user_indexes s JOIN pg_index i USING "
    "(indexrelid) WHERE s.schemaname = 'public' AND s.idx_scan = 0 AND NOT i.indisunique AND "
    "pg_relation_size(s.indexrelid) > 10 * 1024 * 1024 AND (SELECT coalesce(stats_reset, "
    "pg_postmaster_start_time()) < now() - interval '7 days' FROM pg_stat_database WHERE datname = "
    "current_database())";
constexpr std::string_view ask_read_whole =
    "SELECT relname, seq_scan, n_live_tup FROM pg_stat_user_tables WHERE schemaname = 'public' AND "
    "n_live_tup "
    "> 10000 AND seq_scan > 1000 AND seq_tup_read > 10 * coalesce(idx_tup_fetch, 0)";
constexpr std::string_view ask_bloated =
    "SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables WHERE schemaname = 'public' AND "
    "n_dead_tup > 10000 AND n_dead_tup * 5 > n_live_tup";
constexpr std::string_view ask_unknown =
    "SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE schemaname = 'public' AND n_live_tup > 1000 "
    "AND last_analyze IS NULL AND last_autoanalyze IS NULL";

// An index that the migrations make: its name, and the statement that makes it.
struct KnownIndex {
  std::string name;
  std::string sql;
};

std::string word_at(std::string_view text) {
  return std::string(text.substr(0, text.find_first_of(" ;\n\t(")));
}

// Those of the applied migrations, in the words of their up.sql.
std::vector<KnownIndex> known_indexes(const std::vector<MigrationRow>& rows,
                                      const std::vector<Migration>& known) {
  std::vector<KnownIndex> indexes;
  for (const MigrationRow& row : rows) {
    const auto migration = std::ranges::find(known, row.migration.name, &Migration::name);
    if (row.state != MigrationRow::State::applied || migration == known.end()) continue;
    std::string_view rest = migration->sql;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      for (const std::string_view begin : {"CREATE INDEX ", "CREATE UNIQUE INDEX "}) {
        if (line.starts_with(begin))
          indexes.push_back(
              {word_at(line.substr(begin.size())), std::string(rest.substr(0, rest.find(';')))});
      }
      for (const std::string_view begin : {"DROP INDEX IF EXISTS ", "DROP INDEX "}) {
        if (!line.starts_with(begin)) continue;
        std::erase_if(indexes, [name = word_at(line.substr(begin.size()))](const KnownIndex& index) {
          return index.name == name;
        });
        break;
      }
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
  }
  return indexes;
}

Report::Repair running(Connection& owner, std::string sql) {
  return [&owner, sql = std::move(sql)]() -> Result<std::string> {
    TRY(owner.run_script(sql));
    return sql.substr(0, sql.find('\n'));
  };
}

// Without keeping others from writing meanwhile.
std::string concurrently(std::string sql) {
  return sql.insert(sql.find("INDEX ") + std::string_view("INDEX ").size(), "CONCURRENTLY ");
}

void look_at_known_indexes(Connection& owner, Report& report) {
  const auto known = embedded_migrations();
  if (!known) return;
  const auto rows = migration_rows(owner, *known);
  const auto present = owner.run_once(ask_indexes);
  if (!rows || !present) return;
  std::vector<std::string> names;
  for (const Row row : *present) names.emplace_back(row.text(0));
  std::size_t missing = 0;
  const std::vector<KnownIndex> wanted = known_indexes(*rows, *known);
  for (const KnownIndex& index : wanted) {
    if (std::ranges::find(names, index.name) != names.end()) continue;
    ++missing;
    report.bad("the index " + index.name + " is missing: some lists are slow",
               "dits doctor --fix makes it",
               running(owner, concurrently(index.sql)));
  }
  for (const Row row : *present) {
    if (row.boolean(1)) continue;
    ++missing;
    report.bad("the index " + std::string(row.text(0)) + " is broken: its making was interrupted",
               "dits doctor --fix makes it anew",
               running(owner, "REINDEX INDEX CONCURRENTLY " + std::string(row.text(0))));
  }
  if (missing == 0) report.good("all " + std::to_string(wanted.size()) + " indexes are there and whole");
}

}  // namespace

void look_at_tables(Connection& owner, Report& report) {
  look_at_known_indexes(owner, report);
  if (const auto rows = owner.run_once(ask_unused)) {
    for (const Row row : *rows) {
      report.note("the index " + std::string(row.text(0)) + " (" + readable_size(row.int64(1)) +
                      ") was not used for a week",
                  "it costs room and time of writes; a later migration may drop it");
    }
  }
  if (const auto rows = owner.run_once(ask_read_whole)) {
    for (const Row row : *rows) {
      report.note("the table " + std::string(row.text(0)) + " is often read whole (" + grouped(row.int64(1)) +
                      " times, " + grouped(row.int64(2)) + " rows)",
                  "the plans in the log of slow statements tell which query lacks an index");
    }
  }
  std::size_t bloated = 0;
  if (const auto rows = owner.run_once(ask_bloated)) {
    for (const Row row : *rows) {
      ++bloated;
      const std::string name(row.text(0));
      report.note("the table " + name + " holds " + grouped(row.int64(1)) + " dead rows beside " +
                      grouped(row.int64(2)) + " live ones",
                  "dits doctor --fix vacuums it; when that does not help, something holds an old transaction",
                  running(owner, "VACUUM (ANALYZE) " + name));
    }
  }
  if (const auto rows = owner.run_once(ask_unknown)) {
    for (const Row row : *rows) {
      ++bloated;
      const std::string name(row.text(0));
      report.note("the table " + name + " was never analyzed: its queries may be planned badly",
                  "dits doctor --fix analyzes it",
                  running(owner, "ANALYZE " + name));
    }
  }
  if (bloated == 0) report.good("no table is bloated or lacks statistics");
}

}  // namespace dits::cli
