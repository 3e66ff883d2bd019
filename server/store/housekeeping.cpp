#include "server/store/housekeeping.hpp"

#include "server/store/housekeeping.sql.hpp"
#include "server/store/reader.hpp"

namespace dits::store {

Result<Uuid> find_database_identity(Database& database) {
  const Rows rows = TRY(database.read(Actor::of_system(), sql::find_database_identity));
  if (rows.empty()) return not_found("The database has no identity.");
  return rows[0].uuid(0);
}

Result<ClockWitness> lock_clock_witness(Transaction& transaction) {
  const auto witness = first_of(TRY(transaction.run(sql::lock_clock_witness)), [](Row row) {
    return ClockWitness{row.optional_timestamp(0), row.int64(1), row.optional_timestamp(2)};
  });
  return witness.value_or(ClockWitness());
}

Result<void> update_clock_witness(Transaction& transaction, const ClockWitness& witness) {
  TRY(transaction.run(sql::update_clock_witness,
                      {witness.seen_at, witness.hidden_ms, witness.doubted_until}));
  return {};
}

}  // namespace dits::store
