// What bodies and answers look like, as tables: the OpenAPI document is written from them, and a test holds
// them against what shared/json really reads and writes. A field belongs to the answer, to the body of POST,
// to that of PATCH, or to several.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dits::schemas {

enum class Type : std::uint8_t {
  text,
  integer,
  number,
  boolean,
  date,       // "2026-02-01"
  time,       // "2026-02-01T13:45:07.123Z"
  id,         // UUID
  object,     // any JSON object
  word,       // one of `of`, separated by '|'
  ids,        // list of UUIDs
  integers,   // list of whole numbers
  texts,      // list of texts
  any,        // any JSON
  rows,       // list of lists, a cell any JSON
  list,       // list of the schema named `of`
  reference,  // the schema named `of`, or one of several, separated by '|'
};

// Where a field may stand; combined with |. What belongs to an answer is always in it unless it is optional.
enum Use : std::uint8_t {
  answer = 1,
  create = 2,
  create_required = 4,
  change = 8,
  nullable = 16,
  optional = 32
};

struct Field {
  std::string_view name;
  Type type;
  std::uint8_t use;
  std::string_view description = {};
  std::string_view of = {};
};

struct Schema {
  std::string_view name;  // "Issue"; the bodies are called "IssueCreate" and "IssueChange", or are it alone
  std::string_view description;
  std::span<const Field> fields;
};

// Every schema, in the order of the document.
std::vector<Schema> all();
// Nothing when there is none of this name.
std::optional<Schema> find(std::string_view name);

// Does the schema have fields for an answer, for the body of POST, or for that of PATCH?
bool has_answer(const Schema& schema);
bool has_create(const Schema& schema);
bool has_change(const Schema& schema);

}  // namespace dits::schemas
