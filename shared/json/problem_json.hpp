// Problem documents (RFC 9457): how an Error looks on the wire, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/error.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct Problem {
  std::string type = "about:blank";
  std::string title;  // the HTTP status in words
  int status = 0;
  std::string code;  // machine word: see problem_code
  std::string detail;
  std::vector<FieldError> errors;
  std::string request_id;
};

// Error.kind, or the name of its code: "invalid", "not_found", …
std::string problem_code(const Error& error);
// All but title, status and request id.
Problem problem_from_error(const Error& error);
// The error that a problem document stands for, as the web app handles it.
Error error_from_problem(const Problem& problem);

std::string problem_to_text(const Problem& problem);
Result<Problem> problem_from_text(std::string_view text);

}  // namespace dits
