// What a test needs of the machine that runs it. A test that returned in silence where it is missing would
// count as passed: in continuous integration (CI is set) it fails instead; elsewhere it is skipped, counted,
// and named when the program ends.
#pragma once

#include <cstdint>

namespace dits::test {

enum class Need : std::uint8_t {
  redis,
  postgres15,       // the programs of a PostgreSQL 15
  own_cluster,      // that the tests' databases are in a cluster of their own: no TEST_DATABASE_URL
  postgres_inside,  // that the programs inside are used: no DITS_PG_BINDIR
  root,
  small_disk,     // a mounted one
  own_processes,  // numbered from 1, as in a container
  own_memory,     // that the programs' memory is theirs alone: a sanitizer takes several times as much
};

// Whether the test at hand has to end here: `if (test::lacks(test::Need::redis)) return;`. Of the main
// thread. What takes a privilege (root, small_disk, own_processes) is no failure anywhere: not every machine
// gives it; nor is a sanitizer, which is asked for.
[[nodiscard]] bool lacks(Need need);

}  // namespace dits::test
