// What a user's queries can name (statuses, projects, areas, labels), as this process remembers it: one
// question to the database less for each list. Counts only while this process hears of every change of a name
// (see CredentialMemory); a user's own change is forgotten before it is answered.
#pragma once

#include <functional>
#include <memory>

#include "server/cache/bounded_memory.hpp"
#include "shared/core/id.hpp"
#include "shared/query/plan.hpp"

namespace dits {

class NamesMemory {
 public:
  using Names = std::shared_ptr<const query::Names>;
  using Memory = BoundedMemory<UserId, Names, IdHash>;
  static constexpr MemoryLimits limits{std::size_t{8} * 1024 * 1024, std::size_t{512} * 1024};

  // `is_current`: has everything that was told until a moment ago been heard?
  explicit NamesMemory(std::function<bool()> is_current, MemoryLimits most = limits)
      : is_current_(std::move(is_current)), memory_(most) {}

  // Null when they are not remembered.
  Names get(UserId user_id);
  // Take the moment before asking the database, which has to be the primary: a replica's answer may be older.
  Memory::Moment moment() const { return memory_.moment(); }
  void set(UserId user_id, Names names, Memory::Moment moment);

  // After a change of a name of this user.
  void forget(UserId user_id) { memory_.forget(user_id); }
  void forget_all() { memory_.forget_all(); }

  MemoryFigures figures() const { return memory_.figures(); }

 private:
  const std::function<bool()> is_current_;
  Memory memory_;
};

}  // namespace dits
