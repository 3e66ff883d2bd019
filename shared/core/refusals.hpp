// Collects every field that is refused, so that a person hears of all of them at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/error.hpp"
#include "shared/core/result.hpp"

namespace dits {

// "title" and "Must not be empty" as the sentence "title must not be empty". Messages that do not begin with
// a verb are sentences.
std::string sentence_of(const FieldError& refused);

class Refusals {
 public:
  // Remembers that `field` is refused because of `message`. Only the first message of a field is kept.
  void add(std::string_view field, std::string message);
  // Remembers what an error says; an error without a field is put down to `field`.
  void add(const Error& error, std::string_view field = {});
  void add(const Result<void>& result, std::string_view field = {});

  bool empty() const { return fields_.empty(); }
  bool names(std::string_view field) const;

  // Everything that was collected as one error: code invalid, `fields` complete, `field` and `message` of the
  // first. Must not be called when empty().
  Error error() const;
  // Nothing, or error().
  Result<void> result() const;

 private:
  std::vector<FieldError> fields_;
};

}  // namespace dits
