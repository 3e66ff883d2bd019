#include "shared/json/writer.hpp"

namespace dits {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escape(std::string& out, char c) {
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += hex_digits[byte >> 4U];
  out += hex_digits[byte & 15U];
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (!needs_escape(value[at])) continue;
    out.append(value, copied, at - copied);
    append_escape(out, value[at]);
    copied = at + 1;
  }
  out.append(value, copied);
  out += '"';
}

Json to_value(std::nullptr_t) { return nullptr; }
Json to_value(bool value) { return value; }
Json to_value(std::int64_t value) { return value; }
Json to_value(std::int32_t value) { return value; }
Json to_value(double value) { return value; }
Json to_value(std::string_view value) { return std::string(value); }
Json to_value(Date value) { return to_string(value); }
Json to_value(Timestamp value) { return to_string(value); }
Json to_value(const Uuid& value) { return value == Uuid{} ? Json(nullptr) : Json(to_string(value)); }
Json to_value(StoredJson value) { return json_from_stored(value.text); }

void ObjectText::begin_member(std::string_view name) {
  if (has_member_) out_ += ',';
  has_member_ = true;
  append_plain(name);
  out_ += ':';
}

void ObjectText::append(double value) { out_ += Json(value).dump(); }

void ObjectText::append(const Uuid& value) {
  if (value == Uuid{}) {
    append(nullptr);
  } else {
    append_plain(to_string(value));
  }
}

void ObjectText::append_plain(std::string_view text) {
  out_ += '"';
  out_ += text;
  out_ += '"';
}

}  // namespace dits
