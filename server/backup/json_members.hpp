// Members of the JSON files beside backups, read without trust: what is absent or of another type is empty,
// or -1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/json/value.hpp"

namespace dits {

inline const Json* member_of(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(name));
  return found == object.end() ? nullptr : &*found;
}

inline std::string text_member(const Json& object, std::string_view name) {
  const Json* value = member_of(object, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

inline std::int64_t number_member(const Json& object, std::string_view name) {
  const Json* value = member_of(object, name);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : -1;
}

}  // namespace dits
