// Hashes of passwords: argon2id in PHC strings, a bounded number at a time, because each takes 46 MiB and
// some tens of milliseconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "shared/core/result.hpp"

namespace dits {

struct PasswordCost {
  std::uint32_t memory_kib = 46 * 1024;
  std::uint32_t iterations = 1;
  std::uint32_t lanes = 1;
};

class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost = {});

  // Errors: unavailable, kind "rate_limited", when too many wait already.
  Result<std::string> hash(const std::string& password);
  // False for a wrong password. Errors as above; internal, for a hash that nobody wrote.
  Result<bool> verify(const std::string& phc, const std::string& password);
  // Takes as long as verify() for somebody who does not exist.
  Result<bool> verify_nobody(const std::string& password);
  // True when `phc` was made with less than the cost of today.
  bool is_outdated(const std::string& phc) const;
  // How often a hash was computed, for whatever reason.
  std::int64_t runs();

 private:
  class Turn;

  const PasswordCost cost_;
  const std::string nobodys_;  // of today's cost, and no password's
  std::mutex mutex_;
  std::condition_variable free_;
  int running_ = 0;
  int waiting_ = 0;
  std::int64_t runs_ = 0;
};

}  // namespace dits
