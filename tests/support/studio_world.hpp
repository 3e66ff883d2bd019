// Studio as tests meet it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "server/service/studio.hpp"
#include "tests/support/service_world.hpp"

namespace dits::test {

// An administrator on a database of its own, with Studio's login.
struct Studio {
  ServiceWorld world;
  Viewer anna = world.add_viewer("anna@x.dev");
  PooledDatabase database{options(), StatementLog{}};
  AdminContext admin{
      world.context(), world.database().database(), nullptr, [this] { return Result<Database*>(&database); }};

  PoolOptions options() {
    PoolOptions pool;
    pool.connection = world.must(studio_connection(world.database().owner_url()));
    pool.min = 0;
    return pool;
  }

  StudioTable table(std::string_view name) {
    for (StudioTable& each : world.must(studio_tables(admin))) {
      if (each.name == name) return each;
    }
    FAIL("no such table");
    return {};
  }
  StudioPage rows(std::string_view name, std::string_view filter = {}, std::string_view sort = {}) {
    store::StudioRowsQuery query;
    query.filter = world.must(parse_studio_filter(filter));
    query.sort = sort;
    return world.must(studio_rows(admin, name, query));
  }
  Cell cell(const StudioPage& page, std::size_t row, std::string_view column) {
    for (std::size_t at = 0; at < page.columns.size(); ++at) {
      if (page.columns[at] == column) return page.rows.at(row).cells[at];
    }
    FAIL("no such column");
    return {};
  }
  // The change of one cell of the first row that a filter leaves.
  StudioChange change_of(const std::string& name,
                         std::string_view filter,
                         const std::string& column,
                         Cell value) {
    const StudioPage page = rows(name, filter);
    REQUIRE(page.rows.size() == 1);
    StudioChange change;
    change.table = name;
    change.version = page.rows[0].version;
    for (const StudioColumn& each : table(name).columns) {
      if (each.is_key) change.key.emplace_back(each.name, cell(page, 0, each.name));
    }
    change.values.emplace_back(column, std::move(value));
    return change;
  }
  Result<SqlAnswer> sql(std::string text) {
    return run_sql(admin, anna, {std::move(text), false, std::nullopt});
  }
};

}  // namespace dits::test
