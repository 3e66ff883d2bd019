#include "shared/query/fields.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "shared/core/text.hpp"

namespace dits::query {

namespace {

constexpr std::array<FieldInfo, 18> fields = {{
    {Field::is, "is", FieldKind::state, "open, closed, overdue, blocked, …"},
    {Field::status, "status", FieldKind::name, "the status, by name"},
    {Field::priority, "priority", FieldKind::priority, "urgent, >=high, low..medium"},
    {Field::label, "label", FieldKind::name, "has this label"},
    {Field::project, "project", FieldKind::name, "belongs to this project"},
    {Field::area, "area", FieldKind::name, "belongs to this area"},
    {Field::parent, "parent", FieldKind::issue, "is a sub-issue of 128"},
    {Field::blocks, "blocks", FieldKind::issue, "blocks issue 128"},
    {Field::blocked, "blocked", FieldKind::issue, "is blocked by issue 128"},
    {Field::has, "has", FieldKind::part, "has a due date, labels, a parent, …"},
    {Field::no, "no", FieldKind::part, "has no due date, no project, …"},
    {Field::created, "created", FieldKind::day, "today, <7d (in the last week), 2026-02"},
    {Field::updated, "updated", FieldKind::day, "today, >90d (not for 90 days), 2026-02"},
    {Field::start, "start", FieldKind::day, "today, <=+7d, 2026-02-01..2026-02-14"},
    {Field::due, "due", FieldKind::day, "today, <7d (within a week), 2026-02"},
    {Field::completed, "completed", FieldKind::day, "today, <7d (in the last week), 2026-02"},
    {Field::number, "number", FieldKind::number, "128, >=100, 1..50"},
    {Field::text, "text", FieldKind::text, "title or description contains"},
}};

template <typename Enum>
constexpr std::uint8_t number_of(Enum value) {
  return static_cast<std::uint8_t>(value);
}

constexpr Word states[] = {
    {"open", number_of(State::open), "the status is not a closed one"},
    {"closed", number_of(State::closed), "the status is a closed one"},
    {"overdue", number_of(State::overdue), "open and due before today"},
    {"blocked", number_of(State::blocked), "open and waiting for another open issue"},
    {"blocking", number_of(State::blocking), "open and another open issue waits for it"},
    {"startable", number_of(State::startable), "open, not blocked and not starting later"},
    {"archived", number_of(State::archived), "its project is archived"},
    {"deleted", number_of(State::deleted), "in the trash"},
    {"done", number_of(State::closed), "as closed"},
    {"trashed", number_of(State::deleted), "as deleted"},
};

constexpr Word parts[] = {
    {"description", number_of(Part::description), "a text"},
    {"priority", number_of(Part::priority), "any priority but none"},
    {"labels", number_of(Part::labels), "any label"},
    {"project", number_of(Part::project), "a project"},
    {"area", number_of(Part::area), "an area"},
    {"parent", number_of(Part::parent), "a parent issue"},
    {"sub-issues", number_of(Part::sub_issues), "sub-issues"},
    {"relations", number_of(Part::relations), "a relation of any type"},
    {"start", number_of(Part::start), "a start date"},
    {"due", number_of(Part::due), "a due date"},
    {"dates", number_of(Part::dates), "a start or due date"},
    {"git", number_of(Part::git), "a branch, pull request or commit"},
    {"comments", number_of(Part::comments), "comments"},
    {"label", number_of(Part::labels), "as labels"},
    {"relation", number_of(Part::relations), "as relations"},
    {"comment", number_of(Part::comments), "as comments"},
    {"sub-issue", number_of(Part::sub_issues), "as sub-issues"},
};

constexpr Word sorts[] = {
    {"created", number_of(SortKey::created), "when it was made"},
    {"updated", number_of(SortKey::updated), "when it last changed"},
    {"due", number_of(SortKey::due), "by due date, without one last"},
    {"start", number_of(SortKey::start), "by start date, without one last"},
    {"completed", number_of(SortKey::completed), "when it was done, open ones last"},
    {"priority", number_of(SortKey::priority), "by priority"},
    {"status", number_of(SortKey::status), "by the order of the workflow"},
    {"title", number_of(SortKey::title), "by title, whatever its case"},
    {"number", number_of(SortKey::number), "by number"},
    {"position", number_of(SortKey::position), "as ordered by hand"},
    {"project", number_of(SortKey::project), "by the project's name, without one last"},
    {"area", number_of(SortKey::area), "by the area's name, without one last"},
};

// The values are those of Priority.
constexpr Word priorities[] = {
    {"none", 0, "no priority"},
    {"low", 1, {}},
    {"medium", 2, {}},
    {"high", 3, {}},
    {"urgent", 4, {}},
    {"no_priority", 0, "as none"},
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t at = 0; at < row.size(); ++at) row[at] = at;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::span<const FieldInfo> all_fields() { return fields; }

const FieldInfo& info_of(Field field) { return fields[static_cast<std::size_t>(field)]; }

const FieldInfo* find_field(std::string_view name) {
  const std::string folded = fold_case(name);
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& info) { return info.name == folded; });
  return found == fields.end() ? nullptr : &*found;
}

std::span<const Word> state_words() { return states; }
std::span<const Word> part_words() { return parts; }
std::span<const Word> sort_words() { return sorts; }
std::span<const Word> priority_words() { return priorities; }

std::optional<std::uint8_t> find_word(std::span<const Word> words, std::string_view name) {
  const std::string folded = fold_case(name);
  for (const Word& word : words) {
    if (word.name == folded) return word.value;
  }
  return std::nullopt;
}

std::string_view word_of(std::span<const Word> words, std::uint8_t value) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.value == value; });
  return found == words.end() ? std::string_view() : found->name;
}

std::string_view closest_name(std::string_view name, const std::vector<std::string_view>& known) {
  constexpr std::size_t longest_name = 20;
  if (name.size() > longest_name) return {};
  const std::string folded = fold_case(name);
  std::string_view closest;
  std::size_t least = name.size() <= 3 ? 2 : 3;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(folded, candidate);
    if (distance < least) {
      least = distance;
      closest = candidate;
    }
  }
  return closest;
}

}  // namespace dits::query
