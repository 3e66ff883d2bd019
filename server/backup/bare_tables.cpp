#include "server/backup/bare_tables.hpp"

#include "server/backup/bad_archive.hpp"

namespace dits {

namespace {

constexpr std::string_view ask_tables =
    "SELECT relname, quote_ident(relname), relforcerowsecurity FROM pg_class c WHERE relnamespace = "
    "'public'::regnamespace AND relkind = 'r' AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = "
    "'pg_class'::regclass AND objid = c.oid AND deptype = 'e') ORDER BY relname";
constexpr std::string_view ask_foreign_keys =
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname), format('ALTER TABLE %s "
    "ADD "
    "CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE "
    "contype = "
    "'f' AND connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text, conname";
// Those of primary keys and unique constraints stay: the schema's foreign keys need them.
constexpr std::string_view ask_indexes =
    "SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index i JOIN "
    "pg_class "
    "c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM "
    "pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY c.relname";

// While row-level security is not forced, and before indexes are there to keep.
constexpr std::string_view fill_derived = "SELECT fill_issue_search()";

}  // namespace

Result<BareTables> BareTables::strip(Connection& owner) {
  BareTables tables;
  std::vector<std::string> closing;
  std::string all;
  for (const Row row : TRY(owner.run_once(ask_tables))) {
    const bool is_derived = row.text(0) == derived_table;
    if (is_derived) tables.later_.emplace_back(fill_derived);
    if (!is_derived) tables.names_.insert(std::string(row.text(0)));
    const std::string name(row.text(1));
    all += (all.empty() ? "" : ", ") + name;
    TRY(owner.run_script("ALTER TABLE " + name + " DISABLE TRIGGER USER"));
    closing.push_back("ALTER TABLE " + name + " ENABLE TRIGGER USER");
    if (!row.boolean(2)) continue;
    TRY(owner.run_script("ALTER TABLE " + name + " NO FORCE ROW LEVEL SECURITY"));
    closing.push_back("ALTER TABLE " + name + " FORCE ROW LEVEL SECURITY");
  }
  std::vector<std::string> keys;
  for (const Row row : TRY(owner.run_once(ask_foreign_keys))) {
    TRY(owner.run_script(std::string(row.text(0))));
    keys.emplace_back(row.text(1));
  }
  for (const Row row : TRY(owner.run_once(ask_indexes))) {
    TRY(owner.run_script(std::string(row.text(0))));
    tables.later_.emplace_back(row.text(1));
  }
  if (!all.empty()) TRY(owner.run_script("TRUNCATE " + all));
  tables.later_.insert(tables.later_.end(), keys.begin(), keys.end());
  tables.later_.insert(tables.later_.end(), closing.begin(), closing.end());
  return tables;
}

Result<void> BareTables::put_back(Connection& owner) const {
  for (const std::string& statement : later_) {
    const Result<void> done = owner.run_script(statement);
    if (done) continue;
    if (done.error().kind != "foreign_key_violation" && done.error().kind != "unique_violation")
      return done.error();
    return bad_archive("Its rows break a rule of the schema: " + done.error().message);
  }
  return {};
}

}  // namespace dits
