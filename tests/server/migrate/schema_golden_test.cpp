// The schema that the migrations make, as a golden file: what a change of it does is seen in one place.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "tests/support/test_database.hpp"

using namespace dits;

namespace {

// Every enum, column, constraint, index, policy, trigger and function, a line each.
constexpr std::string_view schema_as_text = R"sql(
SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") || E'\n' FROM (
  SELECT 'enum ' || t.typname || ': ' || string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) AS line
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname
  UNION ALL
  SELECT 'table ' || c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod) ||
         CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'constraint ' || conrelid::regclass || '.' || conname || ': ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL
  SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT 'policy ' || tablename || '.' || policyname || ': ' || cmd || ' using ' || coalesce(qual, '-') || ' check ' ||
         coalesce(with_check, '-')
  FROM pg_policies WHERE schemaname = 'public'
  UNION ALL
  SELECT 'security ' || relname || ': ' || CASE WHEN relforcerowsecurity THEN 'forced' WHEN relrowsecurity THEN 'on' ELSE 'off' END
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  UNION ALL
  SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger
  WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL
  SELECT 'function ' || p.proname || '(' || pg_get_function_arguments(p.oid) || ') ' || pg_get_function_result(p.oid)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
) AS lines)sql";

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("the schema is the one in tests/golden/schema.txt") {
    test::TestDatabase database;
    const std::string text = database.ask_as_owner(schema_as_text);
    const std::string path = "tests/golden/schema.txt";
    if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    const std::string golden{std::istreambuf_iterator<char>(file), {}};
    CHECK(text == golden);
  }
}
