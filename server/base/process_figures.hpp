// What the kernel knows of this process.
#pragma once

#include <cstdint>

namespace dits {

struct ProcessFigures {
  double cpu_seconds = 0;           // since its start, in user and system mode
  std::int64_t resident_bytes = 0;  // memory that it holds
};

ProcessFigures process_figures();

}  // namespace dits
