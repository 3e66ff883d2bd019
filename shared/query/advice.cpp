#include "shared/query/advice.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "shared/core/text.hpp"

namespace dits::query {

std::string listed(std::span<const Word> words) {
  std::string list;
  std::vector<std::string_view> names;
  for (const Word& word : words) {
    if (word_of(words, word.value) == word.name) names.push_back(word.name);
  }
  for (std::size_t at = 0; at < names.size(); ++at) {
    list += at == 0 ? "" : at + 1 == names.size() ? " or " : ", ";
    list += names[at];
  }
  return list;
}

std::string expected(const FieldInfo& info) {
  switch (info.kind) {
    case FieldKind::state:
      return listed(state_words());
    case FieldKind::part:
      return listed(part_words());
    case FieldKind::priority:
      return listed(priority_words());
    case FieldKind::name:
      return "a name, in quotes when it has spaces";
    case FieldKind::issue:
      return "the number of an issue, or *";
    case FieldKind::day:
      return "a day such as 2026-02-01, today, +7d, -2w or <7d";
    case FieldKind::number:
      return "a number such as 128";
    case FieldKind::text:
      break;
  }
  return "text, in quotes when it has spaces";
}

std::string other_way(const FieldInfo& info, std::string_view text) {
  constexpr std::string_view nothing[] = {"none", "null", "empty", "no", "never", "unset", "-"};
  constexpr std::string_view anything[] = {"*", "any", "some", "set"};
  const std::string folded = fold_case(text);
  const auto is_among = [&](const auto& words) {
    return std::find(std::begin(words), std::end(words), folded) != std::end(words);
  };
  const bool is_nothing = is_among(nothing);
  const std::string name(info.name);
  if (!is_nothing && !is_among(anything)) return {};
  if (info.field == Field::completed)
    return is_nothing ? "is:open finds what is not completed" : "is:closed finds what is completed";
  if (!find_word(part_words(), name)) return {};
  return is_nothing ? "no:" + name + " finds the issues without one"
                    : "has:" + name + " finds the issues with one";
}

std::string_view field_meant_by(std::string_view name) {
  constexpr std::string_view others[][2] = {{"duedate", "due"},
                                            {"deadline", "due"},
                                            {"startdate", "start"},
                                            {"createdat", "created"},
                                            {"updatedat", "updated"},
                                            {"completedat", "completed"},
                                            {"closed", "completed"},
                                            {"tag", "label"},
                                            {"tags", "label"},
                                            {"milestone", "project"},
                                            {"state", "status"},
                                            {"title", "text"},
                                            {"description", "text"}};
  std::string folded = fold_case(name);
  std::erase_if(folded, [](char c) { return c == '-' || c == '_'; });
  for (const auto& [other, field] : others) {
    if (other == folded) return field;
  }
  const FieldInfo* field = find_field(folded);
  return field == nullptr ? std::string_view() : field->name;
}

}  // namespace dits::query
