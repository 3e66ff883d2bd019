#include "server/cli/table_sizes.hpp"

#include <string_view>

#include "server/migrate/roles.hpp"

namespace dits::cli {

namespace {

constexpr std::string_view ask_tables =
    "SELECT c.relname, quote_ident(c.relname), greatest(c.reltuples, s.n_live_tup, 0)::bigint, "
    "pg_size_pretty(pg_total_relation_size(c.oid)) FROM pg_class c LEFT JOIN pg_stat_user_tables s ON "
    "s.relid = c.oid WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY "
    "pg_total_relation_size(c.oid) DESC, 1";
constexpr std::int64_t quickly_counted = 100'000;

}  // namespace

Result<std::vector<TableSize>> table_sizes(Connection& owner) {
  if (TRY(open_tables_for_backup(owner))) TRY(owner.run_script("SET dits.backup = 'on'"));
  std::vector<TableSize> sizes;
  for (const Row row : TRY(owner.run_once(ask_tables))) {
    TableSize one{std::string(row.text(0)), row.int64(2), false, std::string(row.text(3))};
    one.is_estimate = one.rows > quickly_counted;
    if (!one.is_estimate)
      one.rows = TRY(owner.run_once("SELECT count(*) FROM public." + std::string(row.text(1))))[0].int64(0);
    sizes.push_back(std::move(one));
  }
  return sizes;
}

}  // namespace dits::cli
