// The worst run of each slow statement, and how PostgreSQL plans it: for the log and the administrator.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/db/connection.hpp"
#include "server/db/database.hpp"

namespace dits {

// What may be shown: no value that a user wrote.
struct SlowStatementFigures {
  std::string name;
  std::uint64_t count = 0;      // of slow runs
  std::uint64_t worst_us = 0;   // the slowest one
  std::int64_t worst_rows = 0;  // and its rows
  std::int64_t at_unix_ms = 0;  // and its time
  std::string plan;             // EXPLAIN of it, values masked as '?'; empty until it was asked for
};

// What is needed to ask for the plan of one run.
struct SlowRun {
  std::string name;
  std::string sql;
  std::vector<Param> params;
  Actor actor;
  std::uint64_t us = 0;
};

// Thread-safe. Keeps as many statements as the server has slow ones, at most `most_statements`.
class SlowStatements {
 public:
  static constexpr std::size_t most_statements = 100;

  // `command` has just taken `time` on behalf of `actor`. `name` as in StatementStats.
  void note(std::string_view name,
            const Command& command,
            const Actor& actor,
            std::chrono::microseconds time,
            std::int64_t rows);

  // The worst runs that have no plan yet, or took more than twice as long as the one that was planned.
  std::vector<SlowRun> take_unexplained();
  void set_plan(std::string_view name, std::string plan);

  std::vector<SlowStatementFigures> all() const;  // the worst first

 private:
  struct Entry {
    SlowStatementFigures figures;
    SlowRun run;                     // its params are gone once it was taken
    std::uint64_t explained_us = 0;  // of the run whose plan is shown
    bool has_run = false;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

// A plan without what users wrote: each quoted text becomes '?'.
std::string without_quoted_values(std::string_view plan);

}  // namespace dits
