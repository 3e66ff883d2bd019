#include "server/store/migrations.hpp"

#include "server/store/migrations.sql.hpp"
#include "server/store/reader.hpp"

namespace dits::store {

Result<std::vector<std::string>> list_migration_names(Database& database) {
  return all_of(TRY(database.read(Actor::of_system(), sql::list_migration_names)),
                [](Row row) { return std::string(row.text(0)); });
}

}  // namespace dits::store
