// Reads the members of a JSON object one by one into a struct, and tells all that is wrong with them at once:
// missing, of the wrong type, read-only or unknown. Bodies are read with finish(), which refuses what nobody
// asked for; what our own server sent is read with result(), which lets newer fields pass.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/refusals.hpp"
#include "shared/core/time.hpp"
#include "shared/json/value.hpp"

namespace dits {

constexpr std::size_t max_stored_json_bytes = 64 * 1024;

// Each reads a value of one type; the answer is null when it was read, else what was expected, as a sentence.
using Expected = const char*;
Expected read_value(const Json& value, std::string& into);  // in normal form C
Expected read_value(const Json& value, bool& into);
Expected read_value(const Json& value, std::int64_t& into);
Expected read_value(const Json& value, std::int32_t& into);
Expected read_value(const Json& value, double& into);
Expected read_value(const Json& value, Date& into);
Expected read_value(const Json& value, Timestamp& into);
Expected read_value(const Json& value, Uuid& into);
Expected read_value(const Json& value, std::vector<Uuid>& into);
Expected read_value(const Json& value, std::vector<std::int64_t>& into);
template <typename Tag>
Expected read_value(const Json& value, Id<Tag>& into) {
  return read_value(value, into.uuid);
}
template <typename Tag>
Expected read_value(const Json& value, std::vector<Id<Tag>>& into) {
  std::vector<Uuid> uuids;
  if (const Expected expected = read_value(value, uuids)) return expected;
  into.clear();
  for (const Uuid& uuid : uuids) into.push_back(Id<Tag>{uuid});
  return nullptr;
}
template <typename T>
Expected read_value(const Json& value, std::optional<T>& into) {
  if (value.is_null()) {
    into.reset();
    return nullptr;
  }
  T inner{};
  if (const Expected expected = read_value(value, inner)) return expected;
  into = std::move(inner);
  return nullptr;
}

class FieldReader {
 public:
  // `object` must outlive the reader. `prefix` stands before every field's name in messages: "statuses[2].".
  explicit FieldReader(const Json& object, std::string prefix = {});

  // Reads the member into `into`; a member that is absent leaves it as it is. True when it was there and
  // good. null is accepted by std::optional only.
  template <typename T>
  bool read(std::string_view name, T& into) {
    const Json* value = find(name);
    return value != nullptr && note(name, read_value(*value, into));
  }
  // As read(), and refused when absent.
  template <typename T>
  bool require(std::string_view name, T& into) {
    if (find(name) == nullptr) {
      if (is_object()) refuse(name, "Is required");
      return false;
    }
    return read(name, into);
  }
  // As read(), require() and read_change() for what something is called: without white space at both ends,
  // whoever sends it.
  bool read_name(std::string_view name, std::string& into);
  bool require_name(std::string_view name, std::string& into);
  bool read_name_change(std::string_view name, std::optional<std::string>& into);
  // As require() for what counts byte by byte: a password, a statement.
  bool require_verbatim(std::string_view name, std::string& into);
  // For patches: sets `into` when the member is there.
  template <typename T>
  bool read_change(std::string_view name, std::optional<T>& into) {
    T value{};
    if (!read(name, value)) return false;
    into = std::move(value);
    return true;
  }
  // A reference that null clears.
  template <typename Tag>
  bool read_reference(std::string_view name, Id<Tag>& into) {
    std::optional<Id<Tag>> value;
    if (!read(name, value)) return false;
    into = value.value_or(Id<Tag>{});
    return true;
  }
  template <typename Tag>
  bool read_reference_change(std::string_view name, std::optional<Id<Tag>>& into) {
    Id<Tag> value;
    if (!read_reference(name, value)) return false;
    into = value;
    return true;
  }
  // A word of an enum, by its from_name function.
  template <typename Enum>
  bool read_enum(std::string_view name, Enum& into, Result<Enum> (*from_name)(std::string_view)) {
    std::string word;
    if (!read(name, word)) return false;
    const Result<Enum> value = from_name(word);
    if (!value) {
      refuse(name, value.error().message);
      return false;
    }
    into = *value;
    return true;
  }
  template <typename Enum>
  bool read_enum_change(std::string_view name,
                        std::optional<Enum>& into,
                        Result<Enum> (*from_name)(std::string_view)) {
    Enum value{};
    if (!read_enum(name, value, from_name)) return false;
    into = value;
    return true;
  }
  // An object that is kept as text, at most max_stored_json_bytes long.
  bool read_stored(std::string_view name, std::string& into);
  bool read_stored_change(std::string_view name, std::optional<std::string>& into);

  // The member, or null when it is absent. Counts as asked for.
  const Json* find(std::string_view name);
  // Members that exist but cannot be set: they get a message of their own.
  void refuse_read_only(std::initializer_list<std::string_view> names);
  void refuse(std::string_view name, std::string message);
  void refuse(const Error& error);

  bool is_object() const { return object_.is_object(); }
  // Errors: invalid with every field that was refused.
  Result<void> result() const { return refusals_.result(); }
  // As result(); members that were never asked for are refused too.
  Result<void> finish();

 private:
  bool note(std::string_view name, Expected expected);

  const Json& object_;
  std::string prefix_;
  std::vector<std::string_view> asked_;
  Refusals refusals_;
};

}  // namespace dits
