// What a process remembers by itself: bounded, and worth nothing after something was forgotten.
#include <thread>

#include <doctest/doctest.h>

#include "server/cache/credential_memory.hpp"
#include "server/cache/names_memory.hpp"

namespace dits {
namespace {

KnownCredential somebody() {
  KnownCredential known;
  known.viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
  known.viewer.credential = CredentialKind::token;
  known.checked_at = Timestamp{1000};
  known.ends_at = Timestamp{30'000};
  return known;
}

UserId user_of(std::uint64_t number) { return UserId{make_uuid_v7(1, number, number)}; }

}  // namespace

TEST_CASE("a full memory forgets what nobody has asked for longest, and keeps no value that is too large") {
  BoundedMemory<std::string, int> memory({300, 200});
  memory.set("a", 1, 100, memory.moment());
  memory.set("b", 2, 100, memory.moment());
  memory.set("c", 3, 100, memory.moment());
  CHECK(memory.get("a") == 1);
  memory.set("d", 4, 100, memory.moment());
  CHECK(!memory.get("b"));
  CHECK(memory.get("a") == 1);
  CHECK(memory.get("c") == 3);
  CHECK(memory.get("d") == 4);
  memory.set("large", 5, 201, memory.moment());
  CHECK(!memory.get("large"));
  memory.set("a", 6, 200, memory.moment());  // takes the place of the old one
  CHECK(memory.get("a") == 6);
  CHECK(memory.get("d") == 4);
  CHECK(!memory.get("c"));
  CHECK(memory.figures().entries == 2);
  CHECK(memory.figures().bytes == 300);
  CHECK(memory.figures().asked.hits == 6);
  CHECK(memory.figures().asked.misses == 3);
}

TEST_CASE("what was asked before something was forgotten is not kept after it") {
  BoundedMemory<std::string, int> memory({1000, 1000});
  const auto before = memory.moment();
  memory.forget("other");
  memory.set("a", 1, 10, before);
  CHECK(!memory.get("a"));
  memory.set("a", 2, 10, memory.moment());
  CHECK(memory.get("a") == 2);
  const auto again = memory.moment();
  memory.forget_all();
  CHECK(!memory.get("a"));
  memory.set("a", 1, 10, again);
  CHECK(!memory.get("a"));
  CHECK(memory.figures().bytes == 0);
}

TEST_CASE("many threads share a memory") {
  BoundedMemory<int, int> memory({1000, 1000});
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          if (i % 500 == 0) memory.forget_all();
          memory.set(i % 40, i, 30, memory.moment());
          const std::optional<int> found = memory.get(i % 40);
          if (found && *found % 40 != i % 40) memory.set(-1, 1, 1, memory.moment());
        }
      });
    }
  }
  CHECK(!memory.get(-1));
  CHECK(memory.figures().bytes <= 1000);
}

TEST_CASE(
    "a remembered credential ends by itself, is asked again after a minute, and goes with a revocation") {
  int told = 0;
  CredentialMemory memory({[] { return true; }, [&] { ++told; }});
  memory.set("hash", somebody(), memory.moment());
  REQUIRE(memory.get("hash", Timestamp{1001}));
  CHECK(memory.get("hash", Timestamp{1001})->user_id == somebody().viewer.user_id);
  CHECK(!memory.get("other", Timestamp{1001}));
  CHECK(!memory.get("hash", Timestamp{30'000}));
  KnownCredential lasting = somebody();
  lasting.ends_at = Timestamp{900'000};
  memory.set("hash", lasting, memory.moment());
  CHECK(memory.get("hash", Timestamp{1000 + 59'999}));
  CHECK(!memory.get("hash", Timestamp{1000 + 60'000}));
  const auto before = memory.moment();
  memory.revoke();
  CHECK(told == 1);
  CHECK(!memory.get("hash", Timestamp{1001}));
  memory.set("hash", somebody(), before);  // read before the revocation, told after it
  CHECK(!memory.get("hash", Timestamp{1001}));
}

TEST_CASE("a hundred thousand credentials and names take no more memory than was allowed") {
  CredentialMemory credentials({[] { return true; }, [] {}});
  for (int i = 0; i < 100'000; ++i)
    credentials.set(
        std::string(27, 'h') + std::to_string(10'000 + i % 90'000), somebody(), credentials.moment());
  CHECK(credentials.figures().bytes <= CredentialMemory::limits.bytes);
  CHECK(credentials.figures().entries > 5000);
  NamesMemory names([] { return true; });
  auto many = std::make_shared<query::Names>();
  for (int i = 0; i < 1000; ++i) many->labels.push_back({{}, std::string(50, 'x')});
  for (std::uint64_t i = 1; i <= 1000; ++i) names.set(user_of(i), many, names.moment());
  CHECK(names.figures().bytes <= NamesMemory::limits.bytes);
  CHECK(names.figures().entries > 50);
  for (int i = 0; i < 10'000; ++i) many->labels.push_back({{}, std::string(50, 'x')});
  names.forget_all();
  names.set(user_of(1), many, names.moment());  // one user's that are larger than any should be
  CHECK(!names.get(user_of(1)));
}

TEST_CASE("names are forgotten one user's at a time, and count only while this process hears of changes") {
  bool is_current = true;
  NamesMemory memory([&] { return is_current; });
  const auto names = std::make_shared<const query::Names>();
  memory.set(user_of(1), names, memory.moment());
  memory.set(user_of(2), names, memory.moment());
  CHECK(memory.get(user_of(1)) == names);
  memory.forget(user_of(1));
  CHECK(!memory.get(user_of(1)));
  CHECK(memory.get(user_of(2)) == names);
  is_current = false;
  CHECK(!memory.get(user_of(2)));
  is_current = true;
  CHECK(memory.get(user_of(2)) == names);
  memory.forget_all();
  CHECK(!memory.get(user_of(2)));
}

}  // namespace dits
