#include "shared/query/inline_attributes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/day_text.hpp"
#include "shared/core/text.hpp"

namespace dits::query {

namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The end of what is quoted from `at` on, behind the closing sign; `at` itself when nothing is.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> quotes{
      {{"\"", "\""}, {"“", "”"}, {"`", "`"}}};
  for (const auto& [open, close] : quotes) {
    if (text.substr(at, open.size()) != open) continue;
    const std::size_t end = text.find(close, at + open.size());
    return end == none ? at : end + close.size();
  }
  return at;
}

// The end of the word that begins at `at`. What is quoted at its head or behind a bracket belongs to it.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  bool may_open = true;
  while (at < text.size() && !is_blank(text[at])) {
    const std::size_t behind = may_open ? end_of_quoted(text, at) : at;
    may_open = behind == at && std::string_view("([{").find(text[at]) != none;
    at = behind == at ? at + 1 : behind;
  }
  return at;
}

struct Value {
  std::string_view text;
  std::size_t end = 0;
};

// What stands behind the sign of an attribute: a run without blanks, or all between two quotes.
std::optional<Value> value_at(std::string_view text, std::size_t at) {
  Value value;
  if (at < text.size() && text[at] == '"') {
    const std::size_t close = text.find('"', at + 1);
    if (close == none || (close + 1 < text.size() && !is_blank(text[close + 1]))) return std::nullopt;
    value = {trim(text.substr(at + 1, close - at - 1)), close + 1};
  } else {
    value.end = at;
    while (value.end < text.size() && !is_blank(text[value.end])) ++value.end;
    value.text = text.substr(at, value.end - at);
    if (!value.text.empty() && !begins_name(value.text.front())) return std::nullopt;
  }
  if (value.text.empty()) return std::nullopt;
  return value;
}

// The name without what may stand between its words.
std::string squeezed(std::string_view name) {
  std::string text = fold_case(name);
  std::erase_if(text, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  return text;
}

bool is_offered(const ProjectName& project) { return !project.is_archived; }
template <typename Name>
bool is_offered(const Name&) {
  return true;
}

template <typename Name>
const Name* find_named(const std::vector<Name>& all, std::string_view wanted) {
  for (const auto spelling : {&fold_case, &squeezed}) {
    const std::string key = spelling(wanted);
    for (const Name& one : all) {
      if (is_offered(one) && spelling(one.name) == key) return &one;
    }
  }
  return nullptr;
}

std::string in_quotes(std::string_view name) { return "“" + std::string(name) + "”"; }

std::optional<InlineAttribute> label_at(std::string_view text, std::size_t at, const Names& names) {
  const std::optional<Value> value = value_at(text, at + 1);
  if (!value || std::all_of(value->text.begin(), value->text.end(), is_digit)) return std::nullopt;
  InlineAttribute label{InlineKind::label, at, value->end};
  if (const LabelName* found = find_named(names.labels, value->text)) {
    label.label_id = found->id;
  } else {
    label.problem = "There is no label " + in_quotes(value->text);
  }
  return label;
}

std::optional<InlineAttribute> place_at(std::string_view text, std::size_t at, const Names& names) {
  const std::optional<Value> value = value_at(text, at + 1);
  if (!value) return std::nullopt;
  InlineAttribute place{InlineKind::place, at, value->end};
  if (const ProjectName* project = find_named(names.projects, value->text)) {
    place.project_id = project->id;
  } else if (const AreaName* area = find_named(names.areas, value->text)) {
    place.area_id = area->id;
  } else {
    place.problem = "There is no project or area " + in_quotes(value->text);
  }
  return place;
}

std::optional<InlineAttribute> priority_at(std::string_view text, std::size_t at) {
  constexpr std::array<std::pair<std::string_view, Priority>, 5> words{{{"none", Priority::none},
                                                                        {"low", Priority::low},
                                                                        {"medium", Priority::medium},
                                                                        {"high", Priority::high},
                                                                        {"urgent", Priority::urgent}}};
  const std::optional<Value> value = value_at(text, at + 1);
  if (!value) return std::nullopt;
  const std::string wanted = fold_case(value->text);
  for (const auto& [word, priority] : words) {
    if (wanted != word) continue;
    InlineAttribute attribute{InlineKind::priority, at, value->end};
    attribute.priority = priority;
    return attribute;
  }
  return std::nullopt;
}

std::optional<InlineAttribute> parent_at(std::string_view text, std::size_t at) {
  constexpr std::size_t most_digits = 15;
  if (text.substr(at, 2) != ">#") return std::nullopt;
  std::size_t end = at + 2;
  std::int64_t number = 0;
  for (; end < text.size() && is_digit(text[end]) && end - at - 2 < most_digits; ++end)
    number = number * 10 + (text[end] - '0');
  if (number == 0 || (end < text.size() && !is_blank(text[end]))) return std::nullopt;
  InlineAttribute parent{InlineKind::parent, at, end};
  parent.parent_number = number;
  return parent;
}

std::optional<InlineAttribute> day_at(std::string_view text, std::size_t at, Date today) {
  for (const auto& [key, kind] :
       {std::pair{std::string_view("due:"), InlineKind::due}, {"start:", InlineKind::start}}) {
    if (fold_case(text.substr(at, key.size())) != key) continue;
    std::optional<Value> value = value_at(text, at + key.size());
    if (!value) {  // +3d begins with no letter
      const std::size_t sign = at + key.size();
      if (sign + 1 >= text.size() || (text[sign] != '+' && text[sign] != '-') || !is_digit(text[sign + 1]))
        return std::nullopt;
      value = value_at(text, sign + 1);
      value->text = text.substr(sign, value->end - sign);
    }
    InlineAttribute attribute{kind, at, value->end};
    std::optional<Date> day = parse_day(value->text, today);
    if (!day) {
      std::string words(value->text);
      std::replace(words.begin(), words.end(), '-', ' ');
      std::replace(words.begin(), words.end(), '_', ' ');
      day = parse_day(words, today);
    }
    if (day) {
      attribute.day = *day;
    } else {
      const std::string name(key);
      attribute.problem = in_quotes(value->text) + " is no day: write " + name + "fri, " + name + "+3d or " +
                          name + "2026-07-31";
    }
    return attribute;
  }
  return std::nullopt;
}

std::optional<InlineAttribute> attribute_at(std::string_view text,
                                            std::size_t at,
                                            const Names& names,
                                            Date today) {
  switch (text[at]) {
    case '#':
      return label_at(text, at, names);
    case '@':
      return place_at(text, at, names);
    case '!':
      return priority_at(text, at);
    case '>':
      return parent_at(text, at);
    default:
      return day_at(text, at, today);
  }
}

}  // namespace

std::vector<InlineAttribute> read_inline_attributes(std::string_view typed,
                                                    const Names& names,
                                                    Date today,
                                                    std::span<const std::string> left_alone) {
  std::vector<InlineAttribute> attributes;
  if (typed.size() > max_inline_bytes) return attributes;
  for (std::size_t at = 0; at < typed.size();) {
    if (is_blank(typed[at])) {
      ++at;
      continue;
    }
    const bool is_escaped = typed[at] == '\\' && at + 1 < typed.size();
    std::optional<InlineAttribute> found = attribute_at(typed, at + (is_escaped ? 1 : 0), names, today);
    if (!found) {
      at = end_of_word(typed, at);
      continue;
    }
    const std::size_t end = found->end;
    const std::string_view word = typed.substr(at, end - at);
    if (is_escaped) {
      attributes.push_back({InlineKind::escape, at, at + 1});
    } else if (std::find(left_alone.begin(), left_alone.end(), word) == left_alone.end()) {
      attributes.push_back(std::move(*found));
    }
    at = end;
  }
  return attributes;
}

std::string title_without(std::string_view typed, std::span<const InlineAttribute> attributes) {
  std::string title;
  std::size_t at = 0;
  for (const InlineAttribute& attribute : attributes) {
    if (!attribute.is_taken()) continue;
    title += typed.substr(at, attribute.begin - at);
    at = attribute.end;
    if (attribute.kind == InlineKind::escape || (!title.empty() && !is_blank(title.back()))) continue;
    while (at < typed.size() && is_blank(typed[at])) ++at;
  }
  title += typed.substr(at);
  return std::string(trim(title));
}

void apply_inline(std::span<const InlineAttribute> attributes, Issue& draft) {
  for (const InlineAttribute& attribute : attributes) {
    if (!attribute.is_taken()) continue;
    switch (attribute.kind) {
      case InlineKind::label:
        draft.label_ids.push_back(attribute.label_id);
        break;
      case InlineKind::priority:
        draft.priority = attribute.priority;
        break;
      case InlineKind::place:
        if (attribute.project_id.is_set()) draft.project_id = attribute.project_id;
        if (attribute.area_id.is_set()) draft.area_id = attribute.area_id;
        break;
      case InlineKind::due:
        draft.due_date = attribute.day;
        break;
      case InlineKind::start:
        draft.start_date = attribute.day;
        break;
      case InlineKind::parent:
      case InlineKind::escape:
        break;
    }
  }
  std::sort(draft.label_ids.begin(), draft.label_ids.end());
  draft.label_ids.erase(std::unique(draft.label_ids.begin(), draft.label_ids.end()), draft.label_ids.end());
}

std::int64_t parent_number_of(std::span<const InlineAttribute> attributes) {
  std::int64_t number = 0;
  for (const InlineAttribute& attribute : attributes) {
    if (attribute.is_taken() && attribute.kind == InlineKind::parent) number = attribute.parent_number;
  }
  return number;
}

}  // namespace dits::query
