// Entries are JSON under "session:<hash>", the lease is a number.
#include "server/cache/session_cache.hpp"

#include <algorithm>
#include <thread>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "shared/json/writer.hpp"

namespace dits {
namespace {

std::string key_of(const std::string& credential_hash) { return "session:" + hex(credential_hash); }

std::string text_of(const KnownCredential& known) {
  ObjectValue object;
  object.put("userId", known.viewer.user_id);
  object.put("sessionId", known.viewer.session_id);
  object.put("tokenId", known.viewer.token_id);
  object.put("role", static_cast<std::int64_t>(known.viewer.role));
  object.put("scope", static_cast<std::int64_t>(known.viewer.scope));
  object.put("credential", static_cast<std::int64_t>(known.viewer.credential));
  object.put("epoch", known.epoch);
  object.put("checkedAt", known.checked_at.unix_ms);
  object.put("endsAt", known.ends_at.unix_ms);
  return dump(object.take());
}

std::int64_t number_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

template <typename IdType>
IdType id_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  const Result<Uuid> uuid = parse_uuid(found->get_ref<const std::string&>());
  return uuid ? IdType{*uuid} : IdType{};
}

// Nothing for a text that is not one of ours.
std::optional<KnownCredential> known_from(const std::string& text) {
  const Result<Json> parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const std::int64_t role = number_in(*parsed, "role");
  const std::int64_t scope = number_in(*parsed, "scope");
  const std::int64_t credential = number_in(*parsed, "credential");
  KnownCredential known;
  known.viewer.user_id = id_in<UserId>(*parsed, "userId");
  known.viewer.session_id = id_in<SessionId>(*parsed, "sessionId");
  known.viewer.token_id = id_in<ApiTokenId>(*parsed, "tokenId");
  known.epoch = number_in(*parsed, "epoch");
  known.checked_at.unix_ms = number_in(*parsed, "checkedAt");
  known.ends_at.unix_ms = number_in(*parsed, "endsAt");
  const bool is_whole = known.viewer.user_id.is_set() && known.epoch >= 0 && role >= 0 &&
                        role <= static_cast<std::int64_t>(Role::admin) && scope >= 0 &&
                        scope <= static_cast<std::int64_t>(Scope::admin) && credential >= 0 &&
                        credential <= static_cast<std::int64_t>(CredentialKind::command_line);
  if (!is_whole) return std::nullopt;
  known.viewer.role = static_cast<Role>(role);
  known.viewer.scope = static_cast<Scope>(scope);
  known.viewer.credential = static_cast<CredentialKind>(credential);
  return known;
}

bool is_good(const KnownCredential& known, const std::string& epoch, Timestamp now) {
  return std::to_string(known.epoch) == epoch && is_live(known, now);
}

}  // namespace

bool is_live(const KnownCredential& known, Timestamp now) {
  return known.ends_at > now && now.unix_ms - known.checked_at.unix_ms < SessionCache::longest_trust.count();
}

std::optional<Viewer> SessionCache::get(const std::string& credential_hash, Timestamp now) {
  if (store_ == nullptr) return std::nullopt;
  const std::vector<std::optional<std::string>> found = store_->get_all({key_of(credential_hash), lease_key});
  std::optional<KnownCredential> known;
  if (found[0] && found[1]) known = known_from(*found[0]);
  if (known && !is_good(*known, *found[1], now)) known.reset();
  counter_.count(known.has_value());
  if (!known) return std::nullopt;
  return known->viewer;
}

SessionCache::Moment SessionCache::moment() { return store_ == nullptr ? std::nullopt : store_->now(); }

void SessionCache::set(const std::string& credential_hash,
                       const KnownCredential& known,
                       Moment moment,
                       std::chrono::milliseconds life) {
  if (store_ == nullptr || !moment) return;
  const std::chrono::milliseconds left(known.ends_at.unix_ms - known.checked_at.unix_ms);
  store_->set(key_of(credential_hash), text_of(known), std::min(left, life));
  store_->raise(lease_key, known.epoch, lease, *moment + longest_write);
}

void SessionCache::remove(const std::string& credential_hash) {
  if (store_ != nullptr) store_->remove(key_of(credential_hash));
}

void SessionCache::refresh(const std::string& credential_hash, std::chrono::milliseconds life) {
  if (store_ != nullptr) store_->refresh(key_of(credential_hash), life);
}

void SessionCache::revoke(std::optional<std::int64_t> epoch, Moment moment) {
  if (store_ == nullptr) return;
  if (epoch && moment && store_->raise(lease_key, *epoch, lease, *moment + longest_write)) {
    store_->remove_matching("session:*");  // all of them are of an earlier epoch
    return;
  }
  store_->remove(lease_key);
  log::warn("others could not be told of a revocation; it is answered when they have forgotten");
  std::this_thread::sleep_for(lease + longest_write);
}

void SessionCache::doubt() {
  if (store_ != nullptr) store_->remove(lease_key);
}

}  // namespace dits
