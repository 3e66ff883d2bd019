// What `dits doctor` finds: a line for each thing looked at, what to do about it, and its repair where that
// is safe.
#pragma once

#include <functional>
#include <string>

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

class Report {
 public:
  // Repairs it; says in a few words what was done.
  using Repair = std::function<Result<std::string>()>;

  enum class Form { lines, json };

  explicit Report(bool repairs, Form form = Form::lines) : repairs_(repairs), form_(form) {}

  void good(const std::string& what);
  // Worth knowing, nothing is broken.
  void note(const std::string& what, const std::string& advice = {}, const Repair& repair = {});
  void bad(const std::string& what, const std::string& advice = {}, const Repair& repair = {});

  int problems() const { return problems_; }      // that are left
  const Json& found() const { return found_; }    // with Form::json: what would have been printed
  int repairable() const { return repairable_; }  // that were left because nobody asked for repairs

 private:
  bool tell(const char* mark, const std::string& what, const std::string& advice, const Repair& repair);

  bool repairs_;
  Form form_;
  Json found_ = Json::array();
  int problems_ = 0;
  int repairable_ = 0;
};

}  // namespace dits::cli
