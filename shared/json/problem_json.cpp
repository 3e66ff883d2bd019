#include "shared/json/problem_json.hpp"

#include "shared/core/names.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

constexpr Names<7> code_names = {
    "invalid", "unauthorized", "forbidden", "not_found", "conflict", "unavailable", "internal"};

ErrorCode code_of_status(int status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
    case 412:
      return ErrorCode::conflict;
    case 429:
    case 503:
    case 507:
      return ErrorCode::unavailable;
    default:
      return status >= 500 ? ErrorCode::internal : ErrorCode::invalid;
  }
}

}  // namespace

std::string problem_code(const Error& error) {
  return error.kind.empty() ? std::string(name_in(code_names, error.code)) : error.kind;
}

Problem problem_from_error(const Error& error) {
  Problem problem;
  problem.code = problem_code(error);
  problem.detail = error.message;
  problem.errors = error.fields;
  if (problem.errors.empty() && error.code == ErrorCode::invalid && !error.field.empty()) {
    problem.errors.push_back({error.field, error.message});
  }
  return problem;
}

Error error_from_problem(const Problem& problem) {
  Error error{code_of_status(problem.status), problem.detail, {}};
  error.kind = problem.code;
  error.fields = problem.errors;
  if (!problem.errors.empty()) error.field = problem.errors.front().field;
  return error;
}

std::string problem_to_text(const Problem& problem) {
  ObjectValue out;
  out.put("type", problem.type);
  out.put("title", problem.title);
  out.put("status", static_cast<std::int32_t>(problem.status));
  out.put("code", problem.code);
  out.put("detail", problem.detail);
  Json json = out.take();
  if (!problem.errors.empty()) {
    Json errors = Json::array();
    for (const FieldError& error : problem.errors) {
      ObjectValue element;
      element.put("field", error.field);
      element.put("message", error.message);
      errors.push_back(element.take());
    }
    json["errors"] = std::move(errors);
  }
  if (!problem.request_id.empty()) json["requestId"] = problem.request_id;
  return dump(json);
}

Result<Problem> problem_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldReader reader(json);
  Problem problem;
  std::int32_t status = 0;
  reader.read("type", problem.type);
  reader.read("title", problem.title);
  reader.require("status", status);
  reader.read("code", problem.code);
  reader.read("detail", problem.detail);
  reader.read("requestId", problem.request_id);
  if (const Json* errors = reader.find("errors"); errors != nullptr && errors->is_array()) {
    for (const Json& element : *errors) {
      FieldReader inner(element);
      FieldError error;
      inner.require("field", error.field);
      inner.require("message", error.message);
      TRY(inner.result());
      problem.errors.push_back(std::move(error));
    }
  }
  TRY(reader.result());
  problem.status = status;
  return problem;
}

}  // namespace dits
