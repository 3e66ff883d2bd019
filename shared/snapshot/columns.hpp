// Columns: all values of one field together, in the form in which they take the fewest bytes once the column
// is compressed. How many values a column has is said by what holds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"
#include "shared/snapshot/bytes.hpp"

namespace dits::snapshot {

using Numbers = std::vector<std::int64_t>;

// A unit that divides all of them (1, a second, a minute, a day in milliseconds); how many bytes each takes
// in that unit, zigzag; then the highest byte of those that have eight, and so on to the lowest of all: what
// repeats stands together, and what is random by itself.
//
// A column that the bytes can't hold makes the reader broken and is empty; memory is taken for none.
void put_numbers(std::string& out, const Numbers& values);
Numbers read_numbers(ByteReader& reader, std::size_t count);

// Ids in any order. Those of version 7 as the difference of their time to the one before, or to `times` where
// that is less, and their 74 random bits; if one is of another version, all as 16 bytes. `times` is as long
// as the ids, or empty.
void put_ids(std::string& out, const std::vector<Uuid>& ids, const Numbers& times = {});
std::vector<Uuid> read_ids(ByteReader& reader, std::size_t count, const Numbers& times = {});

// Texts of any bytes: a line each where none holds a line's end, else with their lengths.
void put_texts(std::string& out, const std::vector<std::string_view>& texts);
// What is no well-formed UTF-8, or holds a NUL, is refused.
std::vector<std::string> read_texts(ByteReader& reader, std::size_t count);

// Ids that many rows share: each once, and the rows name them by their place, from 1; 0 is none.
class IdTable {
 public:
  std::uint64_t place_of(const Uuid& id);  // added when it is new
  const std::vector<Uuid>& ids() const { return ids_; }

 private:
  std::vector<Uuid> ids_;
  std::vector<std::uint32_t> buckets_;  // open addressing: a place, or 0
};

// Times between the years 0001 and 9999, as everywhere else; others make the reader broken.
Timestamp checked_time(ByteReader& reader, std::int64_t unix_ms);
Date checked_date(ByteReader& reader, std::int64_t days);

}  // namespace dits::snapshot
