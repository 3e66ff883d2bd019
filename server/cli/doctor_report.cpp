#include "server/cli/doctor_report.hpp"

#include <cstdio>

namespace dits::cli {

void Report::good(const std::string& what) { std::printf("ok       %s\n", what.c_str()); }

void Report::note(const std::string& what, const std::string& advice, const Repair& repair) {
  tell("note   ", what, advice, repair);
}

void Report::bad(const std::string& what, const std::string& advice, const Repair& repair) {
  if (!tell("PROBLEM", what, advice, repair)) ++problems_;
}

// True when it was repaired.
bool Report::tell(const char* mark,
                  const std::string& what,
                  const std::string& advice,
                  const Repair& repair) {
  std::printf("%s  %s\n", mark, what.c_str());
  if (repair && repairs_) {
    std::fflush(stdout);
    const Result<std::string> done = repair();
    if (done) {
      std::printf("         repaired: %s\n", done->c_str());
      return true;
    }
    std::printf("         could not be repaired: %s\n", done.error().message.c_str());
  } else if (repair) {
    ++repairable_;
  }
  if (!advice.empty()) std::printf("         %s\n", advice.c_str());
  return false;
}

}  // namespace dits::cli
