// Words of people on a terminal.
#include "server/cli/table.hpp"

#include <doctest/doctest.h>

namespace dits::cli {

TEST_CASE(
    "nothing that somebody wrote moves the cursor, colours, or turns round what follows it on a terminal") {
  CHECK(harmless("plain\ttext\nof two lines") == "plain\ttext\nof two lines");
  CHECK(harmless("a\x1b[31mred\x07") == "a [31mred ");
  CHECK(harmless("a\xc2\x9b"
                 "31m") == "a 31m");
  CHECK(harmless("gpj.\u202Eexe\u202C end") == "gpj.exe end");
  CHECK(harmless("\u2066isolated\u2069\u2028line") == "isolated line");
  // What letters need stays: marks of a direction, joiners.
  CHECK(harmless("\u05D0\u200Fb \U0001F469\u200D\U0001F4BB") == "\u05D0\u200Fb \U0001F469\u200D\U0001F4BB");
  CHECK(harmless("Zürich 東京") == "Zürich 東京");
}

}  // namespace dits::cli
