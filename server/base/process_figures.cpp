#include "server/base/process_figures.hpp"

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace dits {

ProcessFigures process_figures() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), resident * ::sysconf(_SC_PAGESIZE)};
}

}  // namespace dits
