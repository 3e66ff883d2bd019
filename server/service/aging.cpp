#include "server/service/aging.hpp"

#include "server/base/log.hpp"
#include "server/store/housekeeping.hpp"

namespace dits {

Result<Timestamp> look_at_clock(ServiceContext& context, std::optional<std::chrono::milliseconds> ran) {
  Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::write));
  const ClockWitness before = TRY(store::lock_clock_witness(transaction));
  const Timestamp now = context.clock.now();
  const ClockWitness after = look_at(before, now, ran);
  TRY(store::update_clock_witness(transaction, after));
  TRY(transaction.commit());
  if (after.hidden_ms > before.hidden_ms) {
    log::warn("the clock moved on further than was seen: nothing is removed for its age by that until then",
              {{"seen", to_string(*before.seen_at)},
               {"now", to_string(now)},
               {"until", to_string(*after.doubted_until)}});
  }
  return trusted_time(after, now);
}

}  // namespace dits
