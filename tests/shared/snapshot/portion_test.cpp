// What a browser starts from: every value comes back as it was, hostile bytes do no harm, and an issue takes
// few bytes.
#include "shared/snapshot/portion.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "shared/snapshot/bytes.hpp"
#include "shared/snapshot/page.hpp"
#include "tests/allocations/allocations.hpp"
#include "tests/support/snapshot_portions.hpp"

using namespace dits;
using dits::snapshot::Portion;
using dits::snapshot::portion_from_bytes;
using dits::snapshot::portion_to_bytes;

namespace {

std::string after_there_and_back(const Portion& portion) {
  const Result<Portion> back = portion_from_bytes(portion_to_bytes(portion));
  return back ? test::difference_between(portion, *back) : back.error().message;
}

}  // namespace

TEST_CASE("numbers of every size come back, and none is read beyond the end") {
  for (const std::uint64_t value : {std::uint64_t{0},
                                    std::uint64_t{127},
                                    std::uint64_t{128},
                                    std::uint64_t{1} << 35U,
                                    ~std::uint64_t{0}}) {
    std::string bytes;
    snapshot::put_varint(bytes, value);
    CHECK(bytes.size() == snapshot::varint_size(value));
    snapshot::ByteReader reader(bytes);
    CHECK(reader.varint() == value);
    CHECK_FALSE(reader.is_broken());
    CHECK(reader.byte() == 0);
    CHECK(reader.is_broken());
  }
  for (const std::int64_t value : {std::int64_t{0},
                                   std::int64_t{-1},
                                   std::int64_t{1},
                                   std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::max()})
    CHECK(snapshot::unzigzag(snapshot::zigzag(value)) == value);
  snapshot::ByteReader too_long("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
  CHECK(too_long.varint() == 0);
  CHECK(too_long.is_broken());
}

TEST_CASE("a portion comes back with every field as it was") {
  CHECK(after_there_and_back({}) == "");
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    CHECK(after_there_and_back(test::odd_portion(random, random() % 40)) == "");
  }
  CHECK(after_there_and_back(test::real_portion(random, 3000)) == "");
}

TEST_CASE("descriptions and metadata stay out, and a position that is no number becomes 0") {
  std::mt19937_64 random(5);
  Portion portion = test::real_portion(random, 2);
  portion.issues[0].description = "a long text";
  portion.issues[0].has_description = true;
  portion.issues[0].metadata = R"({"source":"github"})";
  portion.issues[1].position = std::numeric_limits<double>::quiet_NaN();
  const Result<Portion> back = portion_from_bytes(portion_to_bytes(portion));
  REQUIRE(back);
  CHECK(back->issues[0].description.empty());
  CHECK_FALSE(back->issues[0].has_description);
  CHECK(back->issues[0].metadata == "{}");
  CHECK(back->issues[1].position == 0);
}

TEST_CASE("labels come back in order and once, however they were given") {
  std::mt19937_64 random(6);
  Portion portion = test::real_portion(random, 1);
  const LabelId low{make_uuid_v7(1, 1, 1)};
  const LabelId high{make_uuid_v7(2, 1, 1)};
  portion.issues[0].label_ids = {high, low, high, {}};
  const Result<Portion> back = portion_from_bytes(portion_to_bytes(portion));
  REQUIRE(back);
  CHECK(back->issues[0].label_ids == std::vector<LabelId>{low, high});
}

TEST_CASE("bytes that were cut anywhere are refused, and changed ones do no harm") {
  std::mt19937_64 random(7);
  for (const Portion& portion : {test::odd_portion(random, 12), test::real_portion(random, 12)}) {
    const std::string bytes = portion_to_bytes(portion);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(portion_from_bytes(std::string_view(bytes).substr(0, size)));
    CHECK_FALSE(portion_from_bytes(bytes + '\0'));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const char with : {'\0', '\x01', '\x7F', '\x80', '\xFF'}) {
        std::string damaged = bytes;
        damaged[at] = with;
        const Result<Portion> read = portion_from_bytes(damaged);
        // What is read could have been written.
        if (read) CHECK(after_there_and_back(*read) == "");
      }
    }
  }
}

TEST_CASE("a count that the bytes cannot hold takes no memory") {
  std::string bytes = portion_to_bytes({}).substr(0, 6);
  snapshot::put_varint(bytes, std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(portion_from_bytes(bytes));
  CHECK(portion_from_bytes("").error().message == "Was written by another version");
  CHECK(portion_from_bytes("DITSI\x02").error().message == "Was written by another version");
  CHECK(portion_from_bytes(R"({"issues":[]})").error().code == ErrorCode::invalid);
}

TEST_CASE("damaged bytes take memory for what they hold, not for as many rows as they claim") {
  // As many rows as there are bytes behind, which every column then lacks.
  std::string claimed = portion_to_bytes({}).substr(0, 6);
  snapshot::put_varint(claimed, 9'000);
  claimed += std::string(9'000, '\0');
  // No issue; somewhere in the rest as many of anything else.
  for (std::size_t cut = 0; cut < 12; ++cut) {
    std::string bytes = portion_to_bytes({});
    bytes.resize(bytes.size() - cut);
    snapshot::put_varint(bytes, 8'000);
    bytes += std::string(9'000, '\0');
    for (const std::string& damaged : {claimed, bytes}) {
      const std::size_t before = test::allocated_bytes();
      CHECK_FALSE(portion_from_bytes(damaged));
      CHECK(test::allocated_bytes() - before < 12 * damaged.size());
    }
  }
}

TEST_CASE("a page comes back, and what is cut is refused") {
  std::mt19937_64 random(8);
  snapshot::Page page;
  page.change_id = 4711;
  page.head = R"({"changeId":4711})";
  page.next_cursor = "4711.abc";
  page.portion = test::real_portion(random, 3);
  const std::string bytes = page_to_bytes(page);
  const Result<snapshot::Page> back = snapshot::page_from_bytes(bytes);
  REQUIRE(back);
  CHECK(back->change_id == page.change_id);
  CHECK(back->head == page.head);
  CHECK(back->next_cursor == page.next_cursor);
  CHECK(test::difference_between(back->portion, page.portion) == "");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(snapshot::page_from_bytes(std::string_view(bytes).substr(0, size)));
}
