// The vocabulary of the query language as tables: fields, the words of is: has: no:, and what sort: knows.
// Parser, completion, help and highlighting all read them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dits::query {

enum class Field : std::uint8_t {
  is,
  status,
  priority,
  label,
  project,
  area,
  parent,
  blocks,
  blocked,
  has,
  no,
  created,
  updated,
  start,
  due,
  completed,
  number,
  text,
};

// What may stand behind the colon.
enum class FieldKind : std::uint8_t {
  state,     // is: one of the states
  part,      // has:, no: one of the parts
  name,      // a name, possibly with * in it, or an id
  priority,  // a priority; may be compared
  issue,     // an issue's number, or * for any
  day,       // a day, month, year, or a distance from today; may be compared
  number,    // a whole number; may be compared
  text,      // text to look for
};

struct FieldInfo {
  Field field;
  std::string_view name;
  FieldKind kind;
  std::string_view help;
};
std::span<const FieldInfo> all_fields();
const FieldInfo& info_of(Field field);
// By name, whatever its case. Null when there is none; sort is not a field.
const FieldInfo* find_field(std::string_view name);

enum class State : std::uint8_t { open, closed, overdue, blocked, blocking, startable, archived, deleted };
enum class Part : std::uint8_t {
  description,
  priority,
  labels,
  project,
  area,
  parent,
  sub_issues,
  relations,
  start,
  due,
  dates,
  git,
  comments,
};
enum class SortKey : std::uint8_t {
  created,
  updated,
  due,
  start,
  completed,
  priority,
  status,
  title,
  number,
  position,
  project,
  area,
};

struct Word {
  std::string_view name;
  std::uint8_t
      value;  // of State, Part, SortKey or Priority; the first of several with one value is how it is printed
  std::string_view help;
};
std::span<const Word> state_words();
std::span<const Word> part_words();
std::span<const Word> sort_words();
std::span<const Word> priority_words();

// Whatever its case.
std::optional<std::uint8_t> find_word(std::span<const Word> words, std::string_view name);
std::string_view word_of(std::span<const Word> words, std::uint8_t value);

// The known name that `name` was probably meant to be (at most two edits away), or empty.
std::string_view closest_name(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace dits::query
