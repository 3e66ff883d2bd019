#include "shared/core/refusals.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace dits {

bool Refusals::names(std::string_view field) const {
  return std::any_of(
      fields_.begin(), fields_.end(), [&](const FieldError& known) { return known.field == field; });
}

void Refusals::add(std::string_view field, std::string message) {
  if (names(field)) return;
  fields_.push_back({std::string(field), std::move(message)});
}

void Refusals::add(const Error& error, std::string_view field) {
  for (const FieldError& refused : error.fields) add(refused.field, refused.message);
  if (error.fields.empty()) add(error.field.empty() ? field : std::string_view(error.field), error.message);
}

void Refusals::add(const Result<void>& result, std::string_view field) {
  if (!result) add(result.error(), field);
}

std::string sentence_of(const FieldError& refused) {
  const std::string_view message = refused.message;
  const bool begins_with_verb =
      message.substr(0, 5) == "Must " || message.substr(0, 3) == "Is " || message.substr(0, 5) == "Goes ";
  if (refused.field.empty() || !begins_with_verb) return refused.message;
  std::string sentence = refused.field + " " + refused.message;
  sentence[refused.field.size() + 1] = static_cast<char>(sentence[refused.field.size() + 1] + ('a' - 'A'));
  return sentence;
}

Error Refusals::error() const {
  Error error = invalid(fields_.front().field, sentence_of(fields_.front()));
  if (fields_.size() > 1) error.message += " (and " + std::to_string(fields_.size() - 1) + " more)";
  error.fields = fields_;
  return error;
}

Result<void> Refusals::result() const {
  if (empty()) return {};
  return error();
}

}  // namespace dits
