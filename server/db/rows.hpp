// The answer of a statement: rows of columns in text format. Columns are read by position, in the order of
// the SELECT list.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"

namespace dits {

// A view into Rows; lives no longer than they do. Reading NULL gives the type's empty value, unless it is
// read as optional.
class Row {
 public:
  Row(const void* result, int index) : result_(result), index_(index) {}

  bool is_null(int column) const;
  std::string_view text(int column) const;
  std::int64_t int64(int column) const;
  double number(int column) const;
  bool boolean(int column) const;
  Date date(int column) const;
  Timestamp timestamp(int column) const;  // from timestamptz with TimeZone = UTC
  Uuid uuid(int column) const;
  std::optional<Date> optional_date(int column) const;
  std::optional<Timestamp> optional_timestamp(int column) const;
  std::optional<std::string> optional_text(int column) const;
  template <typename Tag>
  Id<Tag> id(int column) const {  // NULL gives an unset id
    return Id<Tag>{uuid(column)};
  }
  // A uuid[] column.
  template <typename Tag>
  std::vector<Id<Tag>> ids(int column) const;

 private:
  std::vector<Uuid> uuids(int column) const;
  const void* result_;  // PGresult
  int index_;
};

template <typename Tag>
std::vector<Id<Tag>> Row::ids(int column) const {
  std::vector<Id<Tag>> out;
  for (const Uuid& uuid : uuids(column)) out.push_back(Id<Tag>{uuid});
  return out;
}

// Owns a PGresult.
class Rows {
 public:
  Rows() = default;
  explicit Rows(std::shared_ptr<void> result, bool is_cut = false);

  int size() const;
  bool empty() const { return size() == 0; }
  Row operator[](int index) const { return {result_.get(), index}; }
  bool is_cut() const { return is_cut_; }  // there were more, beyond Transaction::limit_answers()
  std::size_t memory_bytes() const;
  std::int64_t affected() const;  // rows touched by INSERT, UPDATE or DELETE
  int column_count() const;
  std::string_view column_name(int column) const;
  std::uint32_t column_type_oid(int column) const;

  class Iterator {
   public:
    Iterator(const Rows* rows, int index) : rows_(rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    friend bool operator!=(const Iterator& a, const Iterator& b) { return a.index_ != b.index_; }

   private:
    const Rows* rows_;
    int index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  std::shared_ptr<void> result_;
  bool is_cut_ = false;
};

}  // namespace dits
