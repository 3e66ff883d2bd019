#include "server/service/time_zones.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "server/service/time_zone_names.hpp"
#include "server/store/time_zones.hpp"
#include "server/store/users.hpp"
#include "shared/json/user_json.hpp"

namespace dits {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::int32_t half_century_days = 18'262;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "+02:00" as in a time of RFC 3339, which counts east of UTC. PostgreSQL would take it the other way round.
std::optional<TimeZone> fixed_zone(std::string_view name) {
  const bool has_form = name.size() == 6 && (name[0] == '+' || name[0] == '-') && name[3] == ':' &&
                        is_digit(name[1]) && is_digit(name[2]) && is_digit(name[4]) && is_digit(name[5]);
  if (!has_form) return std::nullopt;
  const int hours = (name[1] - '0') * 10 + (name[2] - '0');
  const int minutes = (name[4] - '0') * 10 + (name[5] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  return TimeZone::fixed((name[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
}

// "Etc/GMT+5" is five hours west, as the database of zones has it.
bool is_fixed_place(std::string_view name) {
  constexpr std::string_view prefix = "Etc/GMT";
  if (!name.starts_with(prefix) || name.size() < prefix.size() + 2) return false;
  const std::string_view hours = name.substr(prefix.size() + 1);
  const char sign = name[prefix.size()];
  const bool is_number = hours.size() <= 2 && hours[0] != '0' && std::ranges::all_of(hours, is_digit);
  return (sign == '+' || sign == '-') && is_number && (hours.size() == 1 || hours <= "14");
}

// Names of places only: abbreviations mean several zones, and what has a number in it PostgreSQL takes for a
// rule as TZ may hold it, of which there is no end.
bool is_place(std::string_view name) {
  const std::size_t region = name.find('/');
  return name.size() <= longest_name && region != std::string_view::npos && region > 0 &&
         is_letter(name.back()) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || c == '/' || c == '_' || c == '-'; });
}

Error no_such_zone() {
  return invalid("Time-Zone", "There is no such time zone: it is written as Europe/Vienna, UTC or +02:00.");
}

Result<TimeZone> named_zone(ServiceContext& context, const Viewer& viewer, std::string_view name) {
  if (const std::string_view place = place_of_zone_name(name); !place.empty()) name = place;
  if (name == "UTC" || name == "Z") return TimeZone();
  if (const auto fixed = fixed_zone(name)) return *fixed;
  if (!is_place(name) && !is_fixed_place(name)) return no_such_zone();
  const std::string key(name);
  if (const auto known = context.time_zones->get(key)) return *known;
  const TimeZoneMemory::Moment moment = context.time_zones->moment();
  const Date today = date_of(context.clock.now());
  Result<TimeZone> zone = store::load_time_zone({context.database, viewer.user_id},
                                                key,
                                                Date{today.days - half_century_days},
                                                Date{today.days + half_century_days});
  if (!zone && zone.error().code == ErrorCode::invalid) return no_such_zone();
  if (zone) context.time_zones->set(key, *zone, key.size() + bytes_of_zone, moment);
  return zone;
}

}  // namespace

Result<void> check_time_zone(ServiceContext& context, const Viewer& viewer, std::string_view name) {
  const Result<TimeZone> zone = named_zone(context, viewer, name);
  return zone ? Result<void>() : zone.error();
}

Result<TimeZone> time_zone_of(ServiceContext& context, const Viewer& viewer, std::string_view named) {
  if (!named.empty()) return named_zone(context, viewer, named);
  const std::optional<User> user = TRY(store::find_user({context.database, viewer.user_id}, viewer.user_id));
  const std::string preferred = user ? time_zone_from_preferences(user->preferences) : std::string();
  if (preferred.empty()) return TimeZone();
  Result<TimeZone> zone = named_zone(context, viewer, preferred);
  // It was one when it was written there, and may be unknown to the PostgreSQL of today.
  if (!zone && zone.error().code == ErrorCode::invalid) return TimeZone();
  return zone;
}

}  // namespace dits
