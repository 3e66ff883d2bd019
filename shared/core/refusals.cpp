#include "shared/core/refusals.hpp"

#include <algorithm>
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

Error Refusals::error() const {
  Error error = invalid(fields_.front().field, fields_.front().message);
  error.fields = fields_;
  return error;
}

Result<void> Refusals::result() const {
  if (empty()) return {};
  return error();
}

}  // namespace dits
