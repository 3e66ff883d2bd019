#include "server/cli/doctor_report.hpp"

#include <cstdio>

namespace dits::cli {

void Report::good(const std::string& what) { tell("ok", what, {}, {}); }

void Report::note(const std::string& what, const std::string& advice, const Repair& repair) {
  tell("note", what, advice, repair);
}

void Report::bad(const std::string& what, const std::string& advice, const Repair& repair) {
  if (!tell("PROBLEM", what, advice, repair)) ++problems_;
}

// True when it was repaired.
bool Report::tell(const char* mark,
                  const std::string& what,
                  const std::string& advice,
                  const Repair& repair) {
  const auto line = [this](const char* before, const std::string& text) {
    if (form_ == Form::lines) std::printf("%-7s  %s\n", before, text.c_str());
  };
  Json entry{{"state", std::string(mark) == "PROBLEM" ? "problem" : mark}, {"what", what}};
  line(mark, what);
  bool is_repaired = false;
  if (repair && repairs_) {
    std::fflush(stdout);
    const Result<std::string> done = repair();
    is_repaired = done.has_value();
    entry[done ? "repaired" : "notRepaired"] = done ? *done : done.error().message;
    line("", done ? "repaired: " + *done : "could not be repaired: " + done.error().message);
  } else if (repair) {
    ++repairable_;
  }
  if (!advice.empty() && !is_repaired) {
    entry["advice"] = advice;
    line("", advice);
  }
  if (form_ == Form::json) found_.push_back(std::move(entry));
  return is_repaired;
}

}  // namespace dits::cli
