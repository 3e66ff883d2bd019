#include "server/http/conditions.hpp"

#include <algorithm>
#include <charconv>

#include "server/http/request_head.hpp"
#include "shared/core/text.hpp"

namespace dits::http {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// Takes one tag off the front of the list, and the comma behind it.
std::optional<EntityTag> take_tag(std::string_view& list) {
  EntityTag tag;
  if (list.starts_with("W/")) {
    tag.is_weak = true;
    list.remove_prefix(2);
  }
  const bool is_quoted = list.starts_with('"');
  const std::size_t end = is_quoted ? list.find('"', 1) : std::min(list.find(','), list.size());
  if (end == npos) return std::nullopt;
  tag.text = is_quoted ? list.substr(1, end - 1) : trim(list.substr(0, end));
  if (!is_quoted && (tag.text.empty() || tag.text.find_first_of("\" ") != npos)) return std::nullopt;
  list = trim(list.substr(is_quoted ? end + 1 : end));
  if (!list.empty() && list.front() != ',') return std::nullopt;
  while (!list.empty() && list.front() == ',') list = trim(list.substr(1));
  return tag;
}

std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::vector<EntityTag>> entity_tags(std::string_view list) {
  std::vector<EntityTag> tags;
  list = trim(list);
  while (!list.empty()) {
    const std::optional<EntityTag> tag = take_tag(list);
    if (!tag) return std::nullopt;
    tags.push_back(*tag);
  }
  return tags;
}

bool has_current(std::string_view if_none_match, std::string_view tag) {
  if (trim(if_none_match) == "*") return true;
  const std::optional<std::vector<EntityTag>> tags = entity_tags(if_none_match);
  const std::string_view bare = tag.substr(1, tag.size() - 2);
  return tags &&
         std::any_of(tags->begin(), tags->end(), [&](const EntityTag& each) { return each.text == bare; });
}

std::string ByteRange::content_range(std::uint64_t size) const {
  return "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(size);
}

RangeAnswer read_range(std::string_view range,
                       std::string_view if_range,
                       std::string_view tag,
                       std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!if_range.empty() && trim(if_range) != tag) return {};
  if (!equals_ignoring_case(range.substr(0, unit.size()), unit)) return {};
  const std::string_view spec = trim(range.substr(unit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == npos || spec.find(',') != npos) return {};
  const std::optional<std::uint64_t> first = number_from(trim(spec.substr(0, dash)));
  const std::optional<std::uint64_t> last = number_from(trim(spec.substr(dash + 1)));
  if (dash == 0 ? !last : !first || (!last && dash + 1 != spec.size())) return {};
  if (first && last && *last < *first) return {};
  if (dash == 0) {  // so many from the end
    if (*last == 0 || size == 0) return {{}, true};
    return {ByteRange{size - std::min(size, *last), size - 1}};
  }
  if (*first >= size) return {{}, true};
  return {ByteRange{*first, last ? std::min(*last, size - 1) : size - 1}};
}

}  // namespace dits::http
