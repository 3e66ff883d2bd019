// What a changed row of a table means to the audit log: which entity it is part of, whose, and how it looked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/service/admin.hpp"
#include "server/store/audit_logs.hpp"
#include "shared/model/studio.hpp"

namespace dits {

// The entity that a row belongs to: itself, or a label's issue, a status' workflow.
struct RowEntity {
  EntityType type = EntityType::studio;  // studio: the table has no entities
  Uuid id;
  UserId owner;
};

// `row` is the row as JSON of its columns. Rows without an account are the administrator's.
RowEntity entity_of_row(std::string_view table, const Json& row, UserId administrator);

// The entity as the API shows it; null when there is none. For a table without entities, the row itself.
Result<Json> entity_json(Transaction& transaction, const RowEntity& entity, const Json& row);

// Writes the rows of the log, and remembers who has to be told after the commit.
class StudioLog {
 public:
  StudioLog(AdminContext& admin, const Viewer& viewer) : admin_(admin), viewer_(viewer) {}

  // Nothing when both are equal.
  Result<void> record(Transaction& transaction,
                      std::string_view table,
                      const RowEntity& entity,
                      const Json& before,
                      const Json& after);
  // Says in somebody's log that tables were changed as such: their clients load everything again. `values` is
  // for the administrator's own log only.
  Result<void> record_tables(Transaction& transaction, UserId owner, const Json& values);
  void announce();

 private:
  Result<void> append(Transaction& transaction, UserId owner, AuditEntry entry);

  AdminContext& admin_;
  const Viewer& viewer_;
  std::map<std::string, std::pair<UserId, std::int64_t>> heads_;
};

}  // namespace dits
