// Lines of an export, and what is told of files that are none.
#include "shared/json/transfer_json.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("Issues of GitHub given for an export say which command takes them") {
  std::vector<std::string> missing;
  for (const char* line :
       {R"({"number":1,"title":"A","state":"open","html_url":"https://github.com/a/b/issues/1"})",
        R"({"title":"A"})",
        R"([{"number":1,"title":"A"}])",
        "["}) {
    INFO(line);
    const Result<TransferRecord> record = transfer_record_from_line(line, missing);
    REQUIRE_FALSE(record);
    CHECK(record.error().message.find("dits import github FILE --user EMAIL") != std::string::npos);
  }
  const Result<TransferRecord> other = transfer_record_from_line(R"({"a":1,"b":2})", missing);
  REQUIRE_FALSE(other);
  CHECK(other.error().message == "Each line must be an object with one member that says what it is");
}

}  // namespace dits
