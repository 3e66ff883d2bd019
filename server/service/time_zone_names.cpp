#include "server/service/time_zone_names.hpp"

#include <algorithm>
#include <string>

#include "shared/core/text.hpp"

namespace dits {

namespace {

struct OldName {
  std::string_view name;
  std::string_view place;
};

// The file "backward" of the tz database.
constexpr OldName old_names[] = {
    {"utc", "UTC"},
    {"gmt", "UTC"},
    {"gmt0", "UTC"},
    {"gmt+0", "UTC"},
    {"gmt-0", "UTC"},
    {"etc/gmt0", "UTC"},
    {"etc/gmt+0", "UTC"},
    {"etc/gmt-0", "UTC"},
    {"greenwich", "UTC"},
    {"uct", "UTC"},
    {"universal", "UTC"},
    {"zulu", "UTC"},
    {"cet", "Europe/Brussels"},
    {"met", "Europe/Brussels"},
    {"eet", "Europe/Athens"},
    {"wet", "Europe/Lisbon"},
    {"est", "America/Panama"},
    {"mst", "America/Phoenix"},
    {"hst", "Pacific/Honolulu"},
    {"est5edt", "America/New_York"},
    {"cst6cdt", "America/Chicago"},
    {"mst7mdt", "America/Denver"},
    {"pst8pdt", "America/Los_Angeles"},
    {"cuba", "America/Havana"},
    {"egypt", "Africa/Cairo"},
    {"eire", "Europe/Dublin"},
    {"gb", "Europe/London"},
    {"gb-eire", "Europe/London"},
    {"hongkong", "Asia/Hong_Kong"},
    {"iceland", "Atlantic/Reykjavik"},
    {"iran", "Asia/Tehran"},
    {"israel", "Asia/Jerusalem"},
    {"jamaica", "America/Jamaica"},
    {"japan", "Asia/Tokyo"},
    {"kwajalein", "Pacific/Kwajalein"},
    {"libya", "Africa/Tripoli"},
    {"navajo", "America/Denver"},
    {"nz", "Pacific/Auckland"},
    {"nz-chat", "Pacific/Chatham"},
    {"poland", "Europe/Warsaw"},
    {"portugal", "Europe/Lisbon"},
    {"prc", "Asia/Shanghai"},
    {"roc", "Asia/Taipei"},
    {"rok", "Asia/Seoul"},
    {"singapore", "Asia/Singapore"},
    {"turkey", "Europe/Istanbul"},
    {"w-su", "Europe/Moscow"},
};

}  // namespace

std::string_view place_of_zone_name(std::string_view name) {
  constexpr std::size_t longest = 9;
  if (name.size() > longest) return {};
  const auto* const found = std::ranges::find(old_names, fold_case(name), &OldName::name);
  return found == std::end(old_names) ? std::string_view{} : found->place;
}

}  // namespace dits
