// Display <-> JSON.
#include "web/store/display.hpp"

#include "shared/core/names.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/value.hpp"

namespace dits::web {

namespace {

constexpr Names<grouping_count> grouping_words{
    "none", "status", "priority", "project", "area", "label", "due", "smart"};
constexpr Names<sort_field_count> sort_words{
    "manual", "priority", "due", "start", "created", "updated", "completed", "title", "number", "status"};

template <typename Enum, std::size_t N>
void read_word(const Json& object, std::string_view name, const Names<N>& words, Enum& into) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  const auto* text = found->get_ptr<const std::string*>();
  if (text == nullptr) return;
  if (const auto value = value_in<Enum>(words, *text, name)) into = *value;
}

void read_flag(const Json& object, std::string_view name, bool& into) {
  const auto found = object.find(name);
  if (found != object.end()) (void)read_value(*found, into);
}

}  // namespace

std::string to_text(const Display& display) {
  Json object = Json::object();
  object["grouping"] = name_in(grouping_words, display.grouping);
  object["sort"] = name_in(sort_words, display.sort);
  object["descending"] = display.descending;
  object["columns"] = display.columns;
  object["showEmptyGroups"] = display.show_empty_groups;
  return dump(object);
}

Display display_from_text(std::string_view text) {
  Display display;
  const Json object = json_from_stored(text);
  if (!object.is_object()) return display;
  read_word(object, "grouping", grouping_words, display.grouping);
  read_word(object, "sort", sort_words, display.sort);
  read_flag(object, "descending", display.descending);
  read_flag(object, "showEmptyGroups", display.show_empty_groups);
  std::int64_t columns = 0;
  const auto found = object.find("columns");
  if (found != object.end() && read_value(*found, columns) == nullptr && columns >= 0 && columns < 512) {
    display.columns = static_cast<std::uint16_t>(columns);
  }
  return display;
}

}  // namespace dits::web
