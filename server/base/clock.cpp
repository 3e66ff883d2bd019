#include "server/base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "server/base/crypto.hpp"

namespace dits {

namespace {

class SystemClock : public Clock {
 public:
  Timestamp now() override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
  }
  std::uint64_t random_bits() override {
    std::uint64_t bits = 0;
    const std::string bytes = dits::random_bytes(sizeof bits);
    std::memcpy(&bits, bytes.data(), sizeof bits);
    return bits;
  }
  std::string random_bytes(std::size_t count) override { return dits::random_bytes(count); }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

TimeZone time_zone_here() {
  constexpr std::int64_t decades_ms = 30 * 366 * ms_per_day;
  const Timestamp now = system_clock().now();
  return TimeZone::observed(
      Timestamp{now.unix_ms - decades_ms}, Timestamp{now.unix_ms + decades_ms}, [](Timestamp time) {
        const auto seconds = static_cast<std::time_t>(time.unix_ms / 1000);
        std::tm local{};
        ::localtime_r(&seconds, &local);
        return static_cast<int>(local.tm_gmtoff / 60);
      });
}

bool is_known_time_zone(const std::string& name) {
  // "Europe/Vienna", also with ':' before it; "/etc/localtime"; POSIX: "CET-1CEST,M3.5.0,M10.5.0/3",
  // "<+03>-3".
  const std::string zone = name.starts_with(':') ? name.substr(1) : name;
  if (zone.empty() || zone == "UTC" || zone == "GMT") return true;
  const char* directory = std::getenv("TZDIR");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  const std::string home = directory == nullptr ? "/usr/share/zoneinfo" : directory;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(zone.starts_with('/') ? zone : home + "/" + zone, ignored))
    return true;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool is_quoted = zone.starts_with('<');
  const auto end = is_quoted ? std::ranges::find(zone, '>') : std::ranges::find_if_not(zone, is_letter);
  if (end == zone.end() || end - zone.begin() < 3) return false;
  const auto offset = is_quoted ? end + 1 : end;
  const std::string_view rest(offset, zone.end());
  return rest.find_first_of("0123456789") < 2 && (rest[0] == '+' || rest[0] == '-' || rest[0] <= '9');
}

}  // namespace dits
