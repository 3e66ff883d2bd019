#include "server/http/conditions.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits::http {

TEST_CASE("If-None-Match is a list, weak tags count, and * is whatever there is") {
  const std::string tag = "\"abc\"";
  for (const char* list : {"\"abc\"",
                           "W/\"abc\"",
                           "\"x\", \"abc\"",
                           "\"x\",W/\"abc\" , \"y\"",
                           "*",
                           " \"a,b\", \"abc\"",
                           "abc"}) {
    CAPTURE(list);
    CHECK(has_current(list, tag));
  }
  for (const char* list :
       {"", "\"x\"", "\"abcd\"", "\"ABC\"", "\"abc", "\"x\" \"abc\"", "w/\"abc\"", "\"*\""}) {
    CAPTURE(list);
    CHECK(!has_current(list, tag));
  }
}

TEST_CASE("a range is the part that it names, or all of it, or beyond the end") {
  struct Row {
    const char* range;
    const char* told;  // "first-last", "all" or "beyond"
  };
  constexpr Row rows[] = {{"bytes=0-4", "0-4"},
                          {"bytes=5-", "5-9"},
                          {"bytes=-3", "7-9"},
                          {"bytes=-30", "0-9"},
                          {"bytes=9-9", "9-9"},
                          {"bytes=5-99", "5-9"},
                          {"Bytes=0-18446744073709551615", "0-9"},
                          {"bytes=10-", "beyond"},
                          {"bytes=10-20", "beyond"},
                          {"bytes=-0", "beyond"},
                          {"", "all"},
                          {"bytes=", "all"},
                          {"bytes=-", "all"},
                          {"bytes=4-2", "all"},
                          {"bytes=0-1,3-4", "all"},
                          {"bytes=a-4", "all"},
                          {"bytes=4-b", "all"},
                          {"bytes=+1-4", "all"},
                          {"bytes=18446744073709551616-", "all"},
                          {"lines=0-4", "all"}};
  const auto told = [](const RangeAnswer& answer) -> std::string {
    if (answer.is_beyond) return "beyond";
    if (!answer.part) return "all";
    return std::to_string(answer.part->first) + "-" + std::to_string(answer.part->last);
  };
  for (const Row& row : rows) {
    CAPTURE(row.range);
    CHECK(told(read_range(row.range, "", "\"abc\"", 10)) == row.told);
  }
  CHECK(told(read_range("bytes=0-", "", "\"abc\"", 0)) == "beyond");
  // Of what has another version by now, or may have, a part would not fit what is there.
  CHECK(told(read_range("bytes=0-4", "\"abc\"", "\"abc\"", 10)) == "0-4");
  for (const char* other : {"\"abd\"", "W/\"abc\"", "Mon, 30 Nov 2026 10:00:00 GMT"})
    CHECK(told(read_range("bytes=0-4", other, "\"abc\"", 10)) == "all");
  CHECK(ByteRange{5, 9}.content_range(10) == "bytes 5-9/10");
  CHECK(ByteRange{5, 9}.length() == 5);
}

}  // namespace dits::http
