// Uuid, and Id<Tag>: a database key that cannot be passed where another kind of key is meant.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

// 128 bits in the order of RFC 9562's text form. All zero means "no id".
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const Uuid& a, const Uuid& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
  }
  friend std::strong_ordering operator<=>(const Uuid& a, const Uuid& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) <=> 0;
  }
};

// "0199c1f2-…": 36 lower-case characters.
std::string to_string(const Uuid& uuid);

// Accepts 36 characters with hyphens, in either case. Errors: invalid.
Result<Uuid> parse_uuid(std::string_view text);

// A UUIDv7 (RFC 9562, 5.7): 48 bits of `unix_ms`, then version, variant and 74 bits taken from the two random
// words.
Uuid make_uuid_v7(std::int64_t unix_ms, std::uint64_t random_high, std::uint64_t random_low);

template <typename Tag>
struct Id {
  Uuid uuid;

  bool is_set() const { return uuid != Uuid{}; }
  friend bool operator==(const Id& a, const Id& b) { return a.uuid == b.uuid; }
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) { return a.uuid <=> b.uuid; }
};

template <typename Tag>
std::string to_string(const Id<Tag>& id) {
  return to_string(id.uuid);
}
template <typename Tag>
Result<Id<Tag>> parse_id(std::string_view text) {
  return Id<Tag>{TRY(parse_uuid(text))};
}

// Every bit of the id moves every bit of the hash, also where std::size_t keeps 32 of 64: ids that others
// made (an import's, a script's) may differ in a counter alone, at either end.
struct UuidHash {
  std::size_t operator()(const Uuid& uuid) const {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::memcpy(&head, uuid.bytes.data(), sizeof head);
    std::memcpy(&tail, uuid.bytes.data() + 8, sizeof tail);
    return static_cast<std::size_t>(mixed(mixed(head) ^ tail));
  }

 private:
  // The finaliser of splitmix64.
  static std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
    return bits ^ (bits >> 31U);
  }
};

struct IdHash {
  template <typename Tag>
  std::size_t operator()(const Id<Tag>& id) const {
    return UuidHash{}(id.uuid);
  }
};

using UserId = Id<struct UserTag>;
using ProjectId = Id<struct ProjectTag>;
using AreaId = Id<struct AreaTag>;
using IssueId = Id<struct IssueTag>;
using LabelId = Id<struct LabelTag>;
using WorkflowId = Id<struct WorkflowTag>;
using StatusId = Id<struct StatusTag>;
using RelationId = Id<struct RelationTag>;
using GitIntegrationId = Id<struct GitIntegrationTag>;
using CommentId = Id<struct CommentTag>;
using AttachmentId = Id<struct AttachmentTag>;
using SavedViewId = Id<struct SavedViewTag>;
using SessionId = Id<struct SessionTag>;
using ApiTokenId = Id<struct ApiTokenTag>;

}  // namespace dits
