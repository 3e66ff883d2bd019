#include "shared/json/value.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace dits {

namespace {

constexpr std::size_t usual_members = 20;  // of an issue; growing an object copies its names

// Receives the library's events. Keeps a stack of open containers; each is the last element of the one below,
// which is not touched while it is open, so that the pointers stay good.
class Builder {
 public:
  Builder(std::string_view text,
          std::string_view array_name,
          const std::function<Result<void>(const Json&)>* take)
      : text_(text), array_name_(array_name), take_(take) {}

  Result<Json> finish(bool complete) {
    if (error_) return *std::move(error_);
    if (!complete) return invalid("", "The text is not valid JSON");
    return std::move(root_);
  }

  bool null() { return put(Json(nullptr)); }
  bool boolean(bool value) { return put(Json(value)); }
  bool number_integer(std::int64_t value) { return put(Json(value)); }
  bool number_unsigned(std::uint64_t value) { return put(Json(value)); }
  bool number_float(double value, const std::string&) { return put(Json(value)); }
  bool string(std::string& value) {
    if (has_nul(value)) return refuse("A string must be valid UTF-8 without a NUL character");
    return put(Json(std::move(value)));
  }
  bool binary(Json::binary_t&) { return refuse("Binary values are not JSON"); }

  bool start_object(std::size_t) {
    if (!open(Json::object())) return false;
    stack_.back()->get_ref<Json::object_t&>().reserve(usual_members);
    return true;
  }
  bool key(std::string& name) {
    const Json& object = *stack_.back();
    if (has_nul(name)) return refuse("A name must be valid UTF-8 without a NUL character");
    if (object.size() >= max_json_members) return refuse("An object has too many members");
    if (object.contains(name)) return refuse("The name \"" + name + "\" is given twice");
    is_stream_next_ = take_ != nullptr && stack_.size() == 1 && name == array_name_;
    key_ = std::move(name);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) {
    const bool is_stream = is_stream_next_;
    if (!open(Json::array())) return false;
    if (is_stream) stream_ = stack_.back();
    return true;
  }
  bool end_array() {
    if (stack_.back() == stream_) stream_ = nullptr;
    return close();
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t at = 0; at + 1 < position && at < text_.size(); ++at) {
      const bool is_new_line = text_[at] == '\n';
      line += is_new_line ? 1 : 0;
      column = is_new_line ? 1 : column + 1;
    }
    return refuse("The text is not valid JSON: line " + std::to_string(line) + ", column " +
                  std::to_string(column));
  }

 private:
  bool refuse(std::string message) { return fail(invalid("", std::move(message))); }
  bool fail(Error error) {
    if (!error_) error_ = std::move(error);
    return false;
  }

  // The library has checked the UTF-8 already.
  static bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

  Json* place(Json value) {
    is_stream_next_ = false;
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    // key() made sure that the name is new.
    return &parent.get_ref<Json::object_t&>().emplace_back(std::move(key_), std::move(value)).second;
  }

  bool put(Json value) {
    place(std::move(value));
    return stack_.empty() || stack_.back() != stream_ || hand_over();
  }

  bool open(Json container) {
    if (stack_.size() >= max_json_depth) return refuse("The JSON is nested too deeply");
    stack_.push_back(place(std::move(container)));
    return true;
  }

  bool close() {
    stack_.pop_back();
    return stack_.empty() || stack_.back() != stream_ || hand_over();
  }

  bool hand_over() {
    Result<void> taken = (*take_)(stream_->back());
    stream_->clear();
    return taken ? true : fail(std::move(taken).error());
  }

  std::string_view text_;
  std::string_view array_name_;
  const std::function<Result<void>(const Json&)>* take_;
  Json root_;
  std::vector<Json*> stack_;
  Json* stream_ = nullptr;
  bool is_stream_next_ = false;
  std::string key_;
  std::optional<Error> error_;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  Builder builder(text, {}, nullptr);
  return builder.finish(Json::sax_parse(text.begin(), text.end(), &builder));
}

Result<Json> parse_json_stream(std::string_view text,
                               std::string_view array_name,
                               const std::function<Result<void>(const Json&)>& take) {
  Builder builder(text, array_name, &take);
  return builder.finish(Json::sax_parse(text.begin(), text.end(), &builder));
}

std::string dump(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }
std::string dump_indented(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json json_from_stored(std::string_view text) {
  if (text.empty()) return nullptr;
  Result<Json> value = parse_json(text);
  return value ? std::move(value).value() : Json(nullptr);
}

}  // namespace dits
