// A credential maps to its viewer and the generation of its user; forgetting a user ends the generation.
#include "server/cache/session_cache.hpp"

#include <array>

#include "server/base/crypto.hpp"

namespace dits {
namespace {

// Fields of fixed width: user, session, token (36 each), role, scope, kind (one digit each).
constexpr std::size_t id_width = 36;
constexpr std::size_t text_width = 3 * id_width + 3;

std::string id_text(const Uuid& uuid) { return to_string(uuid); }

std::string encode(const Viewer& viewer) {
  std::string text =
      id_text(viewer.user_id.uuid) + id_text(viewer.session_id.uuid) + id_text(viewer.token_id.uuid);
  text += static_cast<char>('0' + static_cast<int>(viewer.role));
  text += static_cast<char>('0' + static_cast<int>(viewer.scope));
  text += static_cast<char>('0' + static_cast<int>(viewer.credential));
  return text;
}

std::optional<Viewer> decode(std::string_view text) {
  if (text.size() != text_width) return std::nullopt;
  std::array<Uuid, 3> ids;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Result<Uuid> uuid = parse_uuid(text.substr(i * id_width, id_width));
    if (!uuid) return std::nullopt;
    ids[i] = *uuid;
  }
  const auto digit = [&](std::size_t at) { return text[3 * id_width + at] - '0'; };
  Viewer viewer;
  viewer.user_id = UserId{ids[0]};
  viewer.session_id = SessionId{ids[1]};
  viewer.token_id = ApiTokenId{ids[2]};
  viewer.role = static_cast<Role>(digit(0));
  viewer.scope = static_cast<Scope>(digit(1));
  viewer.credential = static_cast<CredentialKind>(digit(2));
  return viewer;
}

std::string key_of(const std::string& credential_hash) { return "credential:" + hex(credential_hash); }
std::string generation_key(UserId user_id) { return "generation:" + to_string(user_id); }

}  // namespace

std::optional<Viewer> SessionCache::find(const std::string& credential_hash) {
  const std::optional<std::string> text = store_.get(key_of(credential_hash));
  if (!text || text->size() < text_width) return std::nullopt;
  const std::optional<Viewer> viewer = decode(std::string_view(*text).substr(0, text_width));
  if (!viewer) return std::nullopt;
  // An entry counts only as long as its user's generation is the one under which it was written.
  const std::optional<std::string> generation = store_.get(generation_key(viewer->user_id));
  if (!generation || *generation != text->substr(text_width)) return std::nullopt;
  return viewer;
}

void SessionCache::keep(const std::string& credential_hash, const Viewer& viewer, std::uint64_t moment) {
  if (removals_.load() != moment) return;
  std::optional<std::string> generation = store_.get(generation_key(viewer.user_id));
  if (!generation) {
    generation = hex(random_bytes(8));
    store_.set(generation_key(viewer.user_id), *generation, 10 * life_);
  }
  store_.set(key_of(credential_hash), encode(viewer) + *generation, life_);
  if (removals_.load() != moment) store_.remove(key_of(credential_hash));
}

void SessionCache::forget(UserId user_id) {
  ++removals_;
  store_.remove(generation_key(user_id));
}

}  // namespace dits
