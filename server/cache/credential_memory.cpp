#include "server/cache/credential_memory.hpp"

namespace dits {

std::optional<Viewer> CredentialMemory::get(const std::string& credential_hash, Timestamp now) {
  const std::optional<KnownCredential> known = memory_.get(credential_hash);
  if (!known || !is_live(*known, now)) return std::nullopt;
  return known->viewer;
}

void CredentialMemory::set(const std::string& credential_hash,
                           const KnownCredential& known,
                           Memory::Moment moment) {
  // Hash and lists of pointers; the viewer has no texts yet.
  const std::size_t bytes = 2 * (sizeof(std::string) + credential_hash.capacity()) + sizeof known + 96;
  memory_.set(credential_hash, known, bytes, moment);
}

void CredentialMemory::revoke() {
  memory_.forget_all();
  others_.wait_until_told();
}

}  // namespace dits
