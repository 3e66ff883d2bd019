#include "server/db/rows.hpp"

#include <charconv>
#include <cstdlib>

#include <libpq-fe.h>

namespace dits {

namespace {

const PGresult* as_result(const void* result) { return static_cast<const PGresult*>(result); }

// What PostgreSQL sends in a column of the type that the statement names always parses; anything else is a
// SELECT list that does not fit its reader, our own bug.
template <typename T>
T number_from(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

template <typename T>
T or_empty(Result<T> result) {
  return result ? std::move(result).value() : T{};
}

}  // namespace

bool Row::is_null(int column) const { return PQgetisnull(as_result(result_), index_, column) == 1; }

std::string_view Row::text(int column) const {
  const char* value = PQgetvalue(as_result(result_), index_, column);
  if (value == nullptr) return {};
  return {value, static_cast<std::size_t>(PQgetlength(as_result(result_), index_, column))};
}

std::int64_t Row::int64(int column) const { return number_from<std::int64_t>(text(column)); }
double Row::number(int column) const { return number_from<double>(text(column)); }
bool Row::boolean(int column) const { return text(column) == "t"; }
Date Row::date(int column) const { return or_empty(parse_date(text(column))); }
Timestamp Row::timestamp(int column) const { return or_empty(parse_timestamp(text(column))); }
Uuid Row::uuid(int column) const { return or_empty(parse_uuid(text(column))); }

std::optional<Date> Row::optional_date(int column) const {
  if (is_null(column)) return std::nullopt;
  return date(column);
}

std::optional<Timestamp> Row::optional_timestamp(int column) const {
  if (is_null(column)) return std::nullopt;
  return timestamp(column);
}

std::optional<std::string> Row::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return std::string(text(column));
}

std::vector<Uuid> Row::uuids(int column) const {
  std::vector<Uuid> out;
  std::string_view list = text(column);
  if (list.size() < 2) return out;
  list = list.substr(1, list.size() - 2);
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    out.push_back(or_empty(parse_uuid(list.substr(0, comma))));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return out;
}

Rows::Rows(std::shared_ptr<void> result, bool is_cut) : result_(std::move(result)), is_cut_(is_cut) {}

std::size_t Rows::memory_bytes() const { return result_ ? PQresultMemorySize(as_result(result_.get())) : 0; }

int Rows::size() const { return result_ ? PQntuples(as_result(result_.get())) : 0; }

std::int64_t Rows::affected() const {
  if (!result_) return 0;
  return number_from<std::int64_t>(PQcmdTuples(static_cast<PGresult*>(result_.get())));
}

int Rows::column_count() const { return result_ ? PQnfields(as_result(result_.get())) : 0; }
std::string_view Rows::column_name(int column) const { return PQfname(as_result(result_.get()), column); }
std::uint32_t Rows::column_type_oid(int column) const { return PQftype(as_result(result_.get()), column); }

}  // namespace dits
