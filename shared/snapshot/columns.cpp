#include "shared/snapshot/columns.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "shared/core/text.hpp"

namespace dits::snapshot {

namespace {

constexpr std::array<std::int64_t, 4> units = {1, 1000, 60'000, ms_per_day};

constexpr std::size_t number_bytes = 8;  // of the largest

// Of ids.
constexpr std::uint8_t as_bytes = 0;
constexpr std::uint8_t after_the_one_before = 1;
constexpr std::uint8_t after_their_times = 2;
constexpr std::size_t id_bytes = 16;
constexpr std::size_t random_bytes = 9;  // and two bits
constexpr std::size_t pairs_a_byte = 4;
constexpr std::size_t least_id_bytes = 1 + random_bytes;  // how long its time is, and what is random

// Of texts.
constexpr std::uint8_t as_lines = 0;
constexpr std::uint8_t with_lengths = 1;

constexpr std::int64_t first_time = -62'135'596'800'000;  // 0001-01-01
constexpr std::int64_t last_time = 253'402'300'799'999;   // 9999-12-31

std::size_t byte_count(std::uint64_t value) {
  std::size_t count = 0;
  for (; value != 0; value >>= 8U) ++count;
  return count;
}

bool is_version_7(const Uuid& id) { return (id.bytes[6] & 0xF0U) == 0x70U && (id.bytes[8] & 0xC0U) == 0x80U; }

std::int64_t time_of(const Uuid& id) {
  std::int64_t time = 0;
  for (std::size_t at = 0; at < 6; ++at) time = time * 256 + id.bytes[at];
  return time;
}

std::size_t size_of(const Numbers& values) {
  std::size_t size = 0;
  for (const std::int64_t value : values) size += byte_count(zigzag(value));
  return size;
}

void put_random_bits(std::string& out, const std::vector<Uuid>& ids) {
  for (const Uuid& id : ids) {
    // The four bits beside the version, and the six beside the variant: eight of them here, two below.
    out += static_cast<char>((id.bytes[6] & 0x0FU) << 4U | (id.bytes[8] & 0x3FU) >> 2U);
    out += static_cast<char>(id.bytes[7]);
    out.append(reinterpret_cast<const char*>(id.bytes.data()) + 9, random_bytes - 2);
  }
  for (std::size_t at = 0; at < ids.size(); at += pairs_a_byte) {
    unsigned packed = 0;
    for (std::size_t pair = 0; pair < pairs_a_byte && at + pair < ids.size(); ++pair)
      packed |= (ids[at + pair].bytes[8] & 0x03U) << (2 * pair);
    out += static_cast<char>(packed);
  }
}

void read_random_bits(ByteReader& reader, std::vector<Uuid>& ids) {
  const std::string_view whole = reader.take(ids.size() * random_bytes);
  const std::string_view pairs = reader.take((ids.size() + pairs_a_byte - 1) / pairs_a_byte);
  if (reader.is_broken()) return;
  for (std::size_t at = 0; at < ids.size(); ++at) {
    Uuid& id = ids[at];
    const char* bytes = whole.data() + at * random_bytes;
    const auto first = static_cast<std::uint8_t>(bytes[0]);
    const auto packed = static_cast<std::uint8_t>(pairs[at / pairs_a_byte]);
    const unsigned pair = packed >> (2 * (at % pairs_a_byte)) & 0x03U;
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | first >> 4U);
    id.bytes[7] = static_cast<std::uint8_t>(bytes[1]);
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (first & 0x0FU) << 2U | pair);
    std::memcpy(id.bytes.data() + 9, bytes + 2, random_bytes - 2);
  }
}

}  // namespace

void put_numbers(std::string& out, const Numbers& values) {
  std::size_t unit = units.size() - 1;
  for (const std::int64_t value : values) {
    while (value % units[unit] != 0) --unit;
  }
  out += static_cast<char>(unit);
  std::vector<std::uint64_t> rest;
  rest.reserve(values.size());
  for (const std::int64_t value : values) {
    rest.push_back(zigzag(value / units[unit]));
    out += static_cast<char>(byte_count(rest.back()));
  }
  for (std::size_t byte = number_bytes; byte-- > 0;) {
    for (const std::uint64_t value : rest) {
      if (byte_count(value) > byte) out += static_cast<char>(value >> (8 * byte));
    }
  }
}

Numbers read_numbers(ByteReader& reader, std::size_t count) {
  const std::uint8_t unit = reader.byte();
  if (unit >= units.size() || count > reader.left()) {
    reader.refuse();
    return {};
  }
  const std::string_view sizes = reader.take(count);
  std::vector<std::uint64_t> found(sizes.size());
  for (std::size_t byte = number_bytes; byte-- > 0;) {
    for (std::size_t at = 0; at < found.size(); ++at) {
      if (static_cast<std::uint8_t>(sizes[at]) > byte)
        found[at] |= std::uint64_t{reader.byte()} << (8 * byte);
    }
  }
  Numbers values(count, 0);
  for (std::size_t at = 0; at < found.size(); ++at) {
    // The one form that is written: no zeros in front.
    const bool is_written_so = static_cast<std::uint8_t>(sizes[at]) == byte_count(found[at]);
    if (!is_written_so || __builtin_mul_overflow(unzigzag(found[at]), units[unit], &values[at]))
      reader.refuse();
  }
  return values;
}

void put_ids(std::string& out, const std::vector<Uuid>& ids, const Numbers& times) {
  if (!std::all_of(ids.begin(), ids.end(), is_version_7)) {
    out += static_cast<char>(as_bytes);
    for (const Uuid& id : ids) out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    return;
  }
  Numbers after_before(ids.size());
  Numbers after_times(times.size());
  std::int64_t before = 0;
  for (std::size_t at = 0; at < ids.size(); ++at) {
    const std::int64_t time = time_of(ids[at]);
    after_before[at] = time - before;
    if (!times.empty()) after_times[at] = difference(time, times[at]);
    before = time;
  }
  const bool is_by_times = !times.empty() && size_of(after_times) < size_of(after_before);
  out += static_cast<char>(is_by_times ? after_their_times : after_the_one_before);
  put_numbers(out, is_by_times ? after_times : after_before);
  put_random_bits(out, ids);
}

std::vector<Uuid> read_ids(ByteReader& reader, std::size_t count, const Numbers& times) {
  const std::uint8_t form = reader.byte();
  std::vector<Uuid> ids;
  if (form > after_their_times || (form == after_their_times && times.size() != count) ||
      count > reader.left() / least_id_bytes) {
    reader.refuse();
    return ids;
  }
  ids.resize(count);
  if (form == as_bytes) {
    const std::string_view bytes = reader.take(count * id_bytes);
    if (!bytes.empty()) std::memcpy(ids.data(), bytes.data(), bytes.size());
    return ids;
  }
  const Numbers differences = read_numbers(reader, count);
  if (reader.is_broken()) return ids;
  std::int64_t before = 0;
  for (std::size_t at = 0; at < count; ++at) {
    const std::int64_t time = sum(differences[at], form == after_their_times ? times[at] : before);
    if (time < 0 || time >= std::int64_t{1} << 48U) reader.refuse();
    for (std::size_t byte = 0; byte < 6; ++byte) {
      ids[at].bytes[byte] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(time) >> (40 - 8 * byte));
    }
    before = time;
  }
  read_random_bits(reader, ids);
  return ids;
}

void put_texts(std::string& out, const std::vector<std::string_view>& texts) {
  const bool is_lines = std::none_of(texts.begin(), texts.end(), [](std::string_view text) {
    return text.find('\n') != std::string_view::npos;
  });
  out += static_cast<char>(is_lines ? as_lines : with_lengths);
  for (const std::string_view text : texts) {
    if (is_lines) {
      out += text;
      out += '\n';
    } else {
      put_text(out, text);
    }
  }
}

std::vector<std::string> read_texts(ByteReader& reader, std::size_t count) {
  const std::uint8_t form = reader.byte();
  if (form > with_lengths || count > reader.left()) {
    reader.refuse();
    return {};
  }
  std::vector<std::string> texts(count);
  for (std::string& text : texts) {
    if (reader.is_broken()) break;
    text = form == as_lines ? reader.line('\n') : reader.text();
    if (!is_storable_text(text)) reader.refuse();
  }
  return texts;
}

std::uint64_t IdTable::place_of(const Uuid& id) {
  if (id == Uuid{}) return 0;
  if (ids_.size() * 2 >= buckets_.size()) {
    buckets_.assign(std::max<std::size_t>(64, buckets_.size() * 2), 0);
    for (std::size_t place = 1; place <= ids_.size(); ++place) {
      std::size_t at = UuidHash{}(ids_[place - 1]) % buckets_.size();
      while (buckets_[at] != 0) at = (at + 1) % buckets_.size();
      buckets_[at] = static_cast<std::uint32_t>(place);
    }
  }
  std::size_t at = UuidHash{}(id) % buckets_.size();
  for (; buckets_[at] != 0; at = (at + 1) % buckets_.size()) {
    if (ids_[buckets_[at] - 1] == id) return buckets_[at];
  }
  ids_.push_back(id);
  buckets_[at] = static_cast<std::uint32_t>(ids_.size());
  return ids_.size();
}

Timestamp checked_time(ByteReader& reader, std::int64_t unix_ms) {
  if (unix_ms >= first_time && unix_ms <= last_time) return {unix_ms};
  reader.refuse();
  return {};
}

Date checked_date(ByteReader& reader, std::int64_t days) {
  if (days >= first_time / ms_per_day && days <= last_time / ms_per_day)
    return {static_cast<std::int32_t>(days)};
  reader.refuse();
  return {};
}

}  // namespace dits::snapshot
