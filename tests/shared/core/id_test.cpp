#include "shared/core/id.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("an id is itself after printing and reading, in either case") {
  const Uuid uuid = make_uuid_v7(1'700'000'000'123, 0x123456789, 0xFEDCBA9876543210);
  CHECK(parse_uuid(to_string(uuid)).value() == uuid);
  CHECK(parse_uuid("0199C1F2-5E0A-7000-8000-1234567890AB").value() ==
        parse_uuid("0199c1f2-5e0a-7000-8000-1234567890ab").value());
  CHECK(to_string(uuid)[14] == '7');
}

TEST_CASE("ids that are made later sort later") {
  CHECK(make_uuid_v7(1'700'000'000'000, ~0ULL, ~0ULL) < make_uuid_v7(1'700'000'000'001, 0, 0));
}

TEST_CASE("what is no id is refused") {
  for (const char* bad : {"",
                          "0199c1f2",
                          "0199c1f25e0a700080001234567890ab",
                          "0199c1f2-5e0a-7000-8000-1234567890ag",
                          "0199c1f2-5e0a-7000-8000-1234567890abc",
                          "{199c1f2-5e0a-7000-8000-1234567890ab"}) {
    CHECK(!parse_uuid(bad));
  }
}

namespace {

// The longest way to a free place, where `ids` are put into a table twice as large by the lowest of the bits
// that a 32-bit std::size_t has, as the browser's index does.
std::size_t longest_probe(const std::vector<Uuid>& ids) {
  const std::size_t mask = ids.size() * 2 - 1;
  std::vector<bool> is_taken(mask + 1);
  std::size_t longest = 0;
  for (const Uuid& id : ids) {
    std::size_t steps = 1;
    std::size_t at = static_cast<std::uint32_t>(UuidHash{}(id)) & mask;
    for (; is_taken[at]; at = (at + 1) & mask) ++steps;
    is_taken[at] = true;
    longest = std::max(longest, steps);
  }
  return longest;
}

}  // namespace

TEST_CASE("ids that differ in a counter alone, wherever it stands, are found as soon as random ones") {
  constexpr std::size_t count = 65'536;
  for (std::size_t last = 1; last < 16; ++last) {
    CAPTURE(last);
    std::vector<Uuid> ids(count);
    for (std::size_t at = 0; at < count; ++at) {
      ids[at].bytes = {0x01, 0xa1, 0x9e, 0xa3, 0x52, 0xa0, 0x70, 0x06, 0x80};
      ids[at].bytes[last - 1] = static_cast<std::uint8_t>(at >> 8U);
      ids[at].bytes[last] = static_cast<std::uint8_t>(at);
    }
    CHECK(longest_probe(ids) < 100);
  }
}

}  // namespace dits
