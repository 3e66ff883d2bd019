#include "shared/json/fields.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"

namespace dits {

Expected read_value(const Json& value, std::string& into) {
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (text == nullptr) return "Must be a text";
  into = normal_form(*text);
  return nullptr;
}

Expected read_value(const Json& value, bool& into) {
  const auto* flag = value.get_ptr<const Json::boolean_t*>();
  if (flag == nullptr) return "Must be true or false";
  into = *flag;
  return nullptr;
}

Expected read_value(const Json& value, std::int64_t& into) {
  constexpr Expected expected = "Must be a whole number";
  if (const auto* positive = value.get_ptr<const Json::number_unsigned_t*>()) {
    if (*positive > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return expected;
    into = static_cast<std::int64_t>(*positive);
    return nullptr;
  }
  const auto* number = value.get_ptr<const Json::number_integer_t*>();
  if (number == nullptr) return expected;
  into = *number;
  return nullptr;
}

Expected read_value(const Json& value, std::int32_t& into) {
  std::int64_t number = 0;
  if (const Expected expected = read_value(value, number)) return expected;
  if (number < std::numeric_limits<std::int32_t>::min() ||
      number > std::numeric_limits<std::int32_t>::max()) {
    return "Must be a whole number between -2147483648 and 2147483647";
  }
  into = static_cast<std::int32_t>(number);
  return nullptr;
}

Expected read_value(const Json& value, double& into) {
  if (!value.is_number()) return "Must be a number";
  into = value.get<double>();
  return std::isfinite(into) ? nullptr : "Must be a finite number";
}

Expected read_value(const Json& value, Date& into) {
  constexpr Expected expected = "Must be a day such as 2026-02-01";
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (text == nullptr) return expected;
  const Result<Date> date = parse_date(*text);
  if (!date) return expected;
  into = *date;
  return nullptr;
}

Expected read_value(const Json& value, Timestamp& into) {
  constexpr Expected expected = "Must be a time such as 2026-02-01T13:45:07Z";
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (text == nullptr) return expected;
  const Result<Timestamp> time = parse_timestamp(*text);
  if (!time) return expected;
  into = *time;
  return nullptr;
}

Expected read_value(const Json& value, Uuid& into) {
  constexpr Expected expected = "Must be an id such as 0199c1f2-5e0a-7000-8000-1234567890ab";
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (text == nullptr) return expected;
  const Result<Uuid> uuid = parse_uuid(*text);
  if (!uuid || *uuid == Uuid{}) return expected;
  into = *uuid;
  return nullptr;
}

Expected read_value(const Json& value, std::vector<Uuid>& into) {
  constexpr Expected expected = "Must be a list of ids";
  if (!value.is_array()) return expected;
  into.clear();
  for (const Json& element : value) {
    Uuid uuid;
    if (read_value(element, uuid) != nullptr) return expected;
    into.push_back(uuid);
  }
  return nullptr;
}

Expected read_value(const Json& value, std::vector<std::int64_t>& into) {
  constexpr Expected expected = "Must be a list of whole numbers";
  if (!value.is_array()) return expected;
  into.clear();
  for (const Json& element : value) {
    std::int64_t number = 0;
    if (read_value(element, number) != nullptr) return expected;
    into.push_back(number);
  }
  return nullptr;
}

FieldReader::FieldReader(const Json& object, std::string prefix)
    : object_(object), prefix_(std::move(prefix)) {
  if (!object.is_object()) {
    // Without a prefix it is the whole body that is wrong; with one, the element it names.
    const std::string field = prefix_.empty() ? "" : prefix_.substr(0, prefix_.size() - 1);
    refusals_.add(field, field.empty() ? "The body must be a JSON object" : "Must be an object");
  }
}

const Json* FieldReader::find(std::string_view name) {
  asked_.push_back(name);
  if (!object_.is_object()) return nullptr;
  for (auto member = object_.begin(); member != object_.end(); ++member) {
    if (member.key() == name) return &member.value();
  }
  return nullptr;
}

bool FieldReader::note(std::string_view name, Expected expected) {
  if (expected == nullptr) return true;
  refuse(name, expected);
  return false;
}

bool FieldReader::read_name(std::string_view name, std::string& into) {
  if (!read(name, into)) return false;
  into = std::string(trim(into));
  return true;
}

bool FieldReader::require_name(std::string_view name, std::string& into) {
  if (!require(name, into)) return false;
  into = std::string(trim(into));
  return true;
}

bool FieldReader::read_name_change(std::string_view name, std::optional<std::string>& into) {
  if (!read_change(name, into)) return false;
  into = std::string(trim(*into));
  return true;
}

bool FieldReader::require_verbatim(std::string_view name, std::string& into) {
  if (!require(name, into)) return false;
  into = object_.find(std::string(name))->get_ref<const std::string&>();
  return true;
}

bool FieldReader::read_stored(std::string_view name, std::string& into) {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_object()) return note(name, "Must be an object");
  std::string text = dump(*value);
  if (text.size() > max_stored_json_bytes) return note(name, "Must have at most 64 KiB as JSON");
  into = std::move(text);
  return true;
}

bool FieldReader::read_stored_change(std::string_view name, std::optional<std::string>& into) {
  std::string text;
  if (!read_stored(name, text)) return false;
  into = std::move(text);
  return true;
}

void FieldReader::refuse_read_only(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (find(name) != nullptr) refuse(name, "Is set by the server and cannot be given");
  }
}

void FieldReader::refuse(std::string_view name, std::string message) {
  refusals_.add(prefix_ + std::string(name), std::move(message));
}

void FieldReader::refuse(const Error& error) { refusals_.add(error); }

Result<void> FieldReader::finish() {
  if (object_.is_object()) {
    for (auto member = object_.begin(); member != object_.end(); ++member) {
      if (std::find(asked_.begin(), asked_.end(), member.key()) == asked_.end())
        refuse(member.key(), "Is not a known field");
    }
  }
  return result();
}

}  // namespace dits
