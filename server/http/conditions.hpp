// Conditional requests and requests for a part (RFC 9110, 13 and 14): which version a client has, and which
// bytes of it are missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dits::http {

struct EntityTag {
  std::string_view text;  // within its quotes
  bool is_weak = false;
};

// The tags of If-Match or If-None-Match: "a", W/"b". A bare word is taken for a tag; "*" is one, without
// quotes. Nullopt when the header is malformed. The views are into `list`.
std::optional<std::vector<EntityTag>> entity_tags(std::string_view list);

// Does If-None-Match say that the client has what bears `tag` (with its quotes)? A proxy that compressed it
// has made the tag weak.
bool has_current(std::string_view if_none_match, std::string_view tag);

// Of `size` bytes those from `first` to `last`.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  std::uint64_t length() const { return last - first + 1; }
  std::string content_range(std::uint64_t size) const;  // "bytes 0-99/1234"
};

struct RangeAnswer {
  std::optional<ByteRange> part;  // else all of it
  bool is_beyond = false;         // there is no such part
};

// What `Range` asks for of what bears the strong `tag`. Several ranges at once, another unit and what is
// malformed are answered with all of it, as is an If-Range that names another version.
RangeAnswer read_range(std::string_view range,
                       std::string_view if_range,
                       std::string_view tag,
                       std::uint64_t size);

}  // namespace dits::http
