// libargon2 behind PasswordHasher.
#include "server/service/passwords.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include <argon2.h>

#include "server/base/crypto.hpp"

namespace dits {
namespace {

constexpr int max_running = 2;
constexpr int max_waiting = 16;
constexpr std::chrono::seconds longest_wait{5};
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

Error too_busy() {
  Error error = unavailable("Too many sign-ins at the moment; please try again in a few seconds.", 3);
  error.kind = "rate_limited";
  return error;
}

Result<std::string> hash_now(const PasswordCost& cost, const std::string& password) {
  const std::string salt = random_bytes(salt_bytes);
  std::string phc(
      argon2_encodedlen(cost.iterations, cost.memory_kib, cost.lanes, salt_bytes, hash_bytes, Argon2_id),
      '\0');
  const int status = argon2id_hash_encoded(cost.iterations,
                                           cost.memory_kib,
                                           cost.lanes,
                                           password.data(),
                                           password.size(),
                                           salt.data(),
                                           salt.size(),
                                           hash_bytes,
                                           phc.data(),
                                           phc.size());
  if (status == ARGON2_MEMORY_ALLOCATION_ERROR) return too_busy();
  if (status != ARGON2_OK) return internal(std::string("argon2: ") + argon2_error_message(status));
  phc.resize(phc.find('\0'));
  return phc;
}

// Of the form that a hash has: in base64 the last digit of either part carries less than six bits, and A has
// none.
std::string hash_of_nobody(const PasswordCost& cost) {
  const std::string digits = hex(random_bytes(hash_bytes));
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.iterations) +
         ",p=" + std::to_string(cost.lanes) + "$" + digits.substr(0, 21) + "A$" + digits.substr(21, 42) + "A";
}

}  // namespace

// One of the two places at which a hash is computed.
class PasswordHasher::Turn {
 public:
  static Result<Turn> take(PasswordHasher& hasher) {
    std::unique_lock lock(hasher.mutex_);
    if (hasher.running_ >= max_running) {
      if (hasher.waiting_ >= max_waiting) return too_busy();
      ++hasher.waiting_;
      const bool is_free =
          hasher.free_.wait_for(lock, longest_wait, [&] { return hasher.running_ < max_running; });
      --hasher.waiting_;
      if (!is_free) return too_busy();
    }
    ++hasher.running_;
    ++hasher.runs_;
    return Turn(hasher);
  }
  Turn(Turn&& other) noexcept : hasher_(std::exchange(other.hasher_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (hasher_ == nullptr) return;
    const std::lock_guard lock(hasher_->mutex_);
    --hasher_->running_;
    hasher_->free_.notify_one();
  }

 private:
  explicit Turn(PasswordHasher& hasher) : hasher_(&hasher) {}
  PasswordHasher* hasher_;
};

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost), nobodys_(hash_of_nobody(cost)) {}

std::int64_t PasswordHasher::runs() {
  const std::lock_guard lock(mutex_);
  return runs_;
}

Result<std::string> PasswordHasher::hash(const std::string& password) {
  const Turn turn = TRY(Turn::take(*this));
  return hash_now(cost_, password);
}

Result<bool> PasswordHasher::verify(const std::string& phc, const std::string& password) {
  const Turn turn = TRY(Turn::take(*this));
  const int status = argon2id_verify(phc.c_str(), password.data(), password.size());
  if (status == ARGON2_OK) return true;
  if (status == ARGON2_VERIFY_MISMATCH) return false;
  if (status == ARGON2_MEMORY_ALLOCATION_ERROR) return too_busy();
  return internal(std::string("argon2: ") + argon2_error_message(status));
}

Result<bool> PasswordHasher::verify_nobody(const std::string& password) {
  TRY(verify(nobodys_, password));
  return false;
}

bool PasswordHasher::is_outdated(const std::string& phc) const {
  unsigned memory = 0;
  unsigned iterations = 0;
  unsigned lanes = 0;
  if (std::sscanf(phc.c_str(), "$argon2id$v=19$m=%u,t=%u,p=%u$", &memory, &iterations, &lanes) != 3)
    return true;
  return memory < cost_.memory_kib || iterations < cost_.iterations || lanes < cost_.lanes;
}

}  // namespace dits
