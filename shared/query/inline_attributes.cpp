#include "shared/query/inline_attributes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/day_text.hpp"
#include "shared/core/slip.hpp"
#include "shared/core/text.hpp"
#include "shared/query/signs.hpp"

namespace dits::query {

namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank_at(std::string_view text, std::size_t at) { return space_length(text, at) != 0; }

bool ends_blank(std::string_view text) {
  for (const std::size_t length : {1U, 2U, 3U}) {
    if (text.size() >= length && space_length(text, text.size() - length) == length) return true;
  }
  return false;
}

// White space begins at `at`, or the text ends there.
bool is_end_at(std::string_view text, std::size_t at) { return at >= text.size() || is_blank_at(text, at); }

// Where the quote that opens at `at` has its closing sign: a plain one has a plain one, any other any other.
std::size_t closing_quote(std::string_view text, std::size_t at) {
  const Sign open = sign_at(text, at);
  if (open.length == 1) return text.find(text[at], at + 1);
  for (std::size_t end = at + open.length; end < text.size();) {
    const Sign sign = sign_at(text, end);
    if (sign.plain == '"' && sign.length > 1) return end;
    end += sign.length;
  }
  return none;
}

// The end of what is quoted from `at` on, behind the closing sign; `at` itself when nothing is.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = plain_at(text, at);
  const std::size_t close = quote == '"' || quote == '`' ? closing_quote(text, at) : none;
  return close == none ? at : close + sign_at(text, close).length;
}

// The end of the word that begins at `at`. What is quoted at its head or behind a bracket belongs to it.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  bool may_open = true;
  while (!is_end_at(text, at)) {
    const std::size_t behind = may_open ? end_of_quoted(text, at) : at;
    may_open = behind == at && std::string_view("([{").find(plain_at(text, at)) != none;
    at = behind == at ? at + sign_at(text, at).length : behind;
  }
  return at;
}

std::size_t end_of_run(std::string_view text, std::size_t at) {
  while (!is_end_at(text, at)) at += sign_at(text, at).length;
  return at;
}

struct Value {
  std::string_view text;
  std::size_t end = 0;
};

// What stands behind the sign of an attribute: a run without blanks, or all between two quotes.
std::optional<Value> value_at(std::string_view text, std::size_t at) {
  Value value;
  at = behind_marks(text, at);
  const Sign first = sign_at(text, at);
  if (first.plain == '"') {
    const std::size_t close = closing_quote(text, at);
    if (close == none) return std::nullopt;
    value.end = behind_marks(text, close + sign_at(text, close).length);
    if (!is_end_at(text, value.end)) return std::nullopt;
    const std::size_t inner = at + first.length;
    value.text = without_outer_space(text.substr(inner, close - inner));
  } else {
    value.end = end_of_run(text, at);
    value.text = without_outer_marks(text.substr(at, value.end - at));
    const bool is_sign = first.length > 1 && first.plain != '\0';
    if (!value.text.empty() && (is_sign || !begins_name(value.text.front()))) return std::nullopt;
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

std::size_t behind_sign(std::string_view text, std::size_t at) { return at + sign_at(text, at).length; }

std::string in_quotes(std::string_view name) { return "“" + std::string(name) + "”"; }

std::optional<InlineAttribute> label_at(std::string_view text, std::size_t at, const Names& names) {
  const std::optional<Value> value = value_at(text, behind_sign(text, at));
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
  const std::optional<Value> value = value_at(text, behind_sign(text, at));
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

// What merely looks alike, as "!now", is a word: the first letter is right, or the same letters are there.
bool is_misspelt(std::string_view typed, std::string_view word) {
  if (!is_slip_of(typed, word)) return false;
  return typed.front() == word.front() ||
         std::is_permutation(typed.begin(), typed.end(), word.begin(), word.end());
}

std::optional<InlineAttribute> priority_at(std::string_view text, std::size_t at) {
  constexpr std::array<std::pair<std::string_view, Priority>, 5> words{{{"none", Priority::none},
                                                                        {"low", Priority::low},
                                                                        {"medium", Priority::medium},
                                                                        {"high", Priority::high},
                                                                        {"urgent", Priority::urgent}}};
  const std::optional<Value> value = value_at(text, behind_sign(text, at));
  if (!value) return std::nullopt;
  const std::string wanted = fold_case(value->text);
  InlineAttribute attribute{InlineKind::priority, at, value->end};
  for (const auto& [word, priority] : words) {
    if (wanted != word) continue;
    attribute.priority = priority;
    return attribute;
  }
  for (const auto& [word, priority] : words) {
    if (!is_misspelt(wanted, word)) continue;
    attribute.problem = "There is no priority " + in_quotes(value->text) + ", but !" + std::string(word);
    return attribute;
  }
  return std::nullopt;
}

std::optional<InlineAttribute> parent_at(std::string_view text, std::size_t at) {
  constexpr std::size_t most_digits = 15;
  const std::size_t hash = behind_marks(text, behind_sign(text, at));
  if (plain_at(text, hash) != '#') return std::nullopt;
  const std::size_t begin = behind_sign(text, hash);
  std::size_t end = begin;
  std::int64_t number = 0;
  for (; end < text.size() && is_digit(text[end]) && end - begin < most_digits; ++end)
    number = number * 10 + (text[end] - '0');
  end = behind_marks(text, end);
  if (number == 0 || !is_end_at(text, end)) return std::nullopt;
  InlineAttribute parent{InlineKind::parent, at, end};
  parent.parent_number = number;
  return parent;
}

// "fri", "next-week", and with its sign "+3d", which begins with no letter.
struct DayText {
  std::string text;
  std::size_t end = 0;
};
std::optional<DayText> day_text_at(std::string_view text, std::size_t at) {
  if (const std::optional<Value> value = value_at(text, at))
    return DayText{std::string(value->text), value->end};
  at = behind_marks(text, at);
  const Sign sign = sign_at(text, at);
  const std::size_t digits = at + sign.length;
  if ((sign.plain != '+' && sign.plain != '-') || digits >= text.size() || !is_digit(text[digits]))
    return std::nullopt;
  const std::optional<Value> value = value_at(text, digits);
  if (!value) return std::nullopt;
  return DayText{sign.plain + std::string(value->text), value->end};
}

std::optional<Date> day_from(std::string text, Date today) {
  if (const std::optional<Date> day = parse_day(text, today)) return day;
  std::replace(text.begin(), text.end(), '-', ' ');
  std::replace(text.begin(), text.end(), '_', ' ');
  return parse_day(text, today);
}

std::optional<InlineAttribute> day_at(std::string_view text, std::size_t at, Date today) {
  for (const auto& [name, kind] :
       {std::pair{std::string_view("due"), InlineKind::due}, {"start", InlineKind::start}}) {
    if (fold_case(text.substr(at, name.size())) != name) continue;
    const std::size_t colon = behind_marks(text, at + name.size());
    if (plain_at(text, colon) != ':') continue;
    const std::optional<DayText> typed = day_text_at(text, behind_sign(text, colon));
    if (!typed) return std::nullopt;
    InlineAttribute attribute{kind, at, typed->end};
    if (const std::optional<Date> day = day_from(typed->text, today)) {
      attribute.day = *day;
    } else {
      const std::string key = std::string(name) + ":";
      attribute.problem = in_quotes(typed->text) + " is no day: write " + key + "fri, " + key + "+3d or " +
                          key + "2026-07-31";
    }
    return attribute;
  }
  return std::nullopt;
}

std::optional<InlineAttribute> attribute_at(std::string_view text,
                                            std::size_t at,
                                            const Names& names,
                                            Date today) {
  switch (plain_at(text, at)) {
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
    if (const std::size_t unseen = std::max(space_length(typed, at), mark_length(typed, at))) {
      at += unseen;
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
    if (attribute.kind == InlineKind::escape || (!title.empty() && !ends_blank(title))) continue;
    while (at < typed.size() && is_blank_at(typed, at)) at += space_length(typed, at);
  }
  title += typed.substr(at);
  return std::string(without_outer_space(title));
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
