// Where a reading statement runs: within an open transaction, or alone in one round trip.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "server/db/database.hpp"

namespace dits::store {

// Small and passed by value; must not outlive the transaction or the database it was made from.
class Reader {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a store call reads find_label(transaction, …) or
  // find_label({database, user}, …)
  Reader(Transaction& transaction) : transaction_(&transaction) {}
  Reader(Database& database, UserId user_id, Access access = Access::read)
      : database_(&database), user_id_(user_id), access_(access) {}
  // NOLINTEND(google-explicit-constructor)

  Result<Rows> run(const Statement& statement, std::initializer_list<Param> params) const {
    if (transaction_ != nullptr) return transaction_->run(statement, params);
    const Actor actor = Actor::of_user(user_id_);
    if (access_ == Access::stale_read)
      return database_->stale_read(actor, statement, std::span<const Param>(params.begin(), params.size()));
    return database_->read(actor, statement, params);
  }
  // For a statement whose text is made at run time (see Transaction::run_computed); alone it is a stale read.
  Result<Rows> run_computed(std::string_view name,
                            const std::string& sql,
                            std::span<const Param> params) const {
    if (transaction_ != nullptr) return transaction_->run_computed(name, sql, params);
    return database_->stale_read_computed(Actor::of_user(user_id_), name, sql, params);
  }

 private:
  Transaction* transaction_ = nullptr;
  Database* database_ = nullptr;
  UserId user_id_;
  Access access_ = Access::read;
};

enum class Presence { live, deleted };  // which rows a list shows

// The first row made into a value, or nullopt when there is none.
template <typename Make>
auto first_of(const Rows& rows, Make make) -> std::optional<decltype(make(rows[0]))> {
  if (rows.empty()) return std::nullopt;
  return make(rows[0]);
}

template <typename Make>
auto all_of(const Rows& rows, Make make) -> std::vector<decltype(make(rows[0]))> {
  std::vector<decltype(make(rows[0]))> out;
  out.reserve(static_cast<std::size_t>(rows.size()));
  for (Row row : rows) out.push_back(make(row));
  return out;
}

}  // namespace dits::store
