// The fields of an issue by name, and sets of them: what `?fields=` asks for, what a list reads and sends.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

enum class IssueField : std::uint8_t {
  id,
  number,
  title,
  description,
  priority,
  status_id,
  project_id,
  area_id,
  parent_issue_id,
  start_date,
  due_date,
  completed_at,
  position,
  label_ids,
  metadata,
  version,
  created_at,
  updated_at,
  deleted_at,
};
constexpr std::size_t issue_field_count = 19;
std::string_view name_of(IssueField field);  // "id", "number", …, "deletedAt": as JSON spells them

class IssueFields {
 public:
  constexpr IssueFields() = default;
  constexpr IssueFields(std::initializer_list<IssueField> fields) {
    for (const IssueField field : fields) add(field);
  }

  static constexpr IssueFields all() {
    IssueFields fields;
    fields.bits_ = (std::uint32_t{1} << issue_field_count) - 1;
    return fields;
  }
  // What lists and sync carry: all but the description.
  static constexpr IssueFields lean() {
    IssueFields fields = all();
    fields.remove(IssueField::description);
    return fields;
  }

  constexpr bool has(IssueField field) const { return (bits_ & bit(field)) != 0; }
  constexpr void add(IssueField field) { bits_ |= bit(field); }
  constexpr void remove(IssueField field) { bits_ &= ~bit(field); }
  constexpr std::uint32_t bits() const { return bits_; }

 private:
  static constexpr std::uint32_t bit(IssueField field) {
    return std::uint32_t{1} << static_cast<unsigned>(field);
  }
  std::uint32_t bits_ = 0;
};

// Reads "id,title,dueDate". Errors: invalid at "fields" for an unknown or empty name.
Result<IssueFields> parse_issue_fields(std::string_view list);

}  // namespace dits
