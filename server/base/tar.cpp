#include "server/base/tar.hpp"

#include <algorithm>
#include <cstdio>

namespace dits {

namespace {

constexpr std::size_t block_bytes = 512;
constexpr std::size_t name_bytes = 100;
constexpr std::int64_t largest_octal = 077777777777;

void put(std::string& block, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string octal(std::int64_t number, int digits) {
  std::string text(static_cast<std::size_t>(digits) + 1, '\0');
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(number));
  text.resize(static_cast<std::size_t>(digits));
  return text;
}

std::string block_for(std::string_view name, std::int64_t size, std::int64_t modified_unix_s, char kind) {
  std::string block(block_bytes, '\0');
  put(block, 0, name.substr(0, name_bytes));
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, 124, octal(std::min(size, largest_octal), 11));
  put(block, 136, octal(std::clamp<std::int64_t>(modified_unix_s, 0, largest_octal), 11));
  put(block, 148, "        ");
  block[156] = kind;
  put(block, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, 148, octal(sum, 6));
  block[154] = '\0';
  return block;
}

// "27 path=issues/1-a.md\n": the number counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length) ++length;
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

bool is_plain(std::string_view path) {
  return path.size() <= name_bytes &&
         std::all_of(path.begin(), path.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

std::string tar_header(std::string_view path, std::int64_t byte_size, std::int64_t modified_unix_s) {
  std::string out;
  if (!is_plain(path)) {
    const std::string record = pax_record("path", path);
    const auto size = static_cast<std::int64_t>(record.size());
    out += block_for("pax-header", size, modified_unix_s, 'x') + record + tar_padding(size);
  }
  return out + block_for(path, byte_size, modified_unix_s, '0');
}

std::string tar_padding(std::int64_t byte_size) {
  const auto last = static_cast<std::size_t>(byte_size) % block_bytes;
  return std::string(last == 0 ? 0 : block_bytes - last, '\0');
}

std::string tar_end() { return std::string(2 * block_bytes, '\0'); }

}  // namespace dits
