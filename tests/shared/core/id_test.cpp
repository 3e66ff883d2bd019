#include "shared/core/id.hpp"

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

}  // namespace dits
