// Two sinks with the same interface, so that one function writes an entity either as a value (to compare and
// keep) or straight as text (lists of thousands, without a tree in between).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"
#include "shared/json/value.hpp"

namespace dits {

// Stored JSON, which goes out as it is; empty text is null.
struct StoredJson {
  std::string_view text;
};

// Appends `value` to `out` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view value);

// Values of the types that entities are made of, as JSON. An id that is not set is null.
Json to_value(std::nullptr_t);
Json to_value(bool value);
Json to_value(std::int64_t value);
Json to_value(std::int32_t value);
Json to_value(double value);
Json to_value(std::string_view value);
Json to_value(Date value);
Json to_value(Timestamp value);
Json to_value(const Uuid& value);
Json to_value(StoredJson value);
inline Json to_value(const std::string& value) { return to_value(std::string_view(value)); }
inline Json to_value(const char* value) { return to_value(std::string_view(value)); }
template <typename Tag>
Json to_value(const Id<Tag>& id) {
  return to_value(id.uuid);
}
template <typename T>
Json to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Json(nullptr);
}
template <typename Tag>
Json to_value(const std::vector<Id<Tag>>& ids) {
  Json list = Json::array();
  for (const Id<Tag>& id : ids) list.push_back(to_value(id));
  return list;
}

class ObjectValue {
 public:
  template <typename T>
  void put(std::string_view name, const T& value) {
    object_[std::string(name)] = to_value(value);
  }
  Json take() { return std::move(object_); }

 private:
  Json object_ = Json::object();
};

// Writes one object to the end of a text: "{" when made, members by put(), "}" by close().
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }

  template <typename T>
  void put(std::string_view name, const T& value) {
    begin_member(name);
    append(value);
  }
  // Writes the name; the caller appends the value to the text itself.
  void begin_member(std::string_view name);
  void close() { out_ += '}'; }

 private:
  void append(std::nullptr_t) { out_ += "null"; }
  void append(bool value) { out_ += value ? "true" : "false"; }
  void append(std::int64_t value) { out_ += std::to_string(value); }
  void append(std::int32_t value) { out_ += std::to_string(value); }
  void append(double value);
  void append(std::string_view value) { append_json_string(out_, value); }
  void append(Date value) { append_plain(to_string(value)); }
  void append(Timestamp value) { append_plain(to_string(value)); }
  void append(const Uuid& value);
  void append(StoredJson value) { out_ += value.text.empty() ? std::string_view("null") : value.text; }
  template <typename Tag>
  void append(const Id<Tag>& id) {
    append(id.uuid);
  }
  template <typename T>
  void append(const std::optional<T>& value) {
    value ? append(*value) : append(nullptr);
  }
  template <typename Tag>
  void append(const std::vector<Id<Tag>>& ids) {
    out_ += '[';
    for (std::size_t at = 0; at < ids.size(); ++at) {
      if (at > 0) out_ += ',';
      append(ids[at].uuid);
    }
    out_ += ']';
  }
  void append_plain(std::string_view text);

  std::string& out_;
  bool has_member_ = false;
};

}  // namespace dits
