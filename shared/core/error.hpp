// The one error type of the whole product, and what each code means to a caller.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dits {

enum class ErrorCode {
  invalid,       // the caller sent something wrong; `field` says which part
  unauthorized,  // we do not know who is calling
  forbidden,     // we know, and they may not
  not_found,     // it does not exist, or it is not theirs: the two look the same
  conflict,      // someone else changed it first, or the name is taken
  unavailable,   // database or network is down, or a limit is reached; trying again may work
  internal,      // our bug; the message goes to the log, never to the user
};

// One field of a body or one flag that was refused.
struct FieldError {
  std::string field;
  std::string message;
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;    // one sentence for a person: what is wrong and what to do
  std::string field;      // the field that `message` speaks of, when there is one
  std::string kind = {};  // stable machine word, e.g. "version_mismatch"; empty: the code's own name
  std::vector<FieldError> fields = {};  // every refused field, when more than one was found
  int retry_after_seconds = 0;          // with `unavailable`: when to try again; 0 says nothing
};

inline Error invalid(std::string field, std::string message) {
  return {ErrorCode::invalid, std::move(message), std::move(field)};
}
inline Error unauthorized(std::string message) { return {ErrorCode::unauthorized, std::move(message), {}}; }
inline Error forbidden(std::string message) { return {ErrorCode::forbidden, std::move(message), {}}; }
inline Error not_found(std::string message) { return {ErrorCode::not_found, std::move(message), {}}; }
inline Error conflict(std::string message, std::string kind = {}) {
  return {ErrorCode::conflict, std::move(message), {}, std::move(kind)};
}
inline Error unavailable(std::string message, int retry_after_seconds = 1) {
  return {ErrorCode::unavailable, std::move(message), {}, {}, {}, retry_after_seconds};
}
inline Error internal(std::string message) { return {ErrorCode::internal, std::move(message), {}}; }

}  // namespace dits
