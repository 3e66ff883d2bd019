#include "shared/query/complete.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace dits::query {

namespace {

Names some_names() {
  Names names;
  names.labels = {{{}, "bug"}, {{}, "needs info"}, {{}, "debugger"}};
  names.projects = {{{}, "Relay \"2\"", false}};
  return names;
}

// The query with | for the caret, completed by its first offer; "-" when there is none.
std::string completed(std::string query) {
  const std::size_t caret = query.find('|');
  query.erase(caret, 1);
  const std::vector<Completion> offers = completions_at(query, caret, some_names());
  if (offers.empty()) return "-";
  return query.replace(offers[0].begin, offers[0].end - offers[0].begin, offers[0].text);
}

}  // namespace

TEST_CASE("the caret decides what is offered and which bytes it stands for") {
  CHECK(completed("la|") == "label:");
  CHECK(completed("is:open la|") == "is:open label:");
  CHECK(completed("-la|") == "-label:");
  CHECK(completed("(la|") == "(label:");
  CHECK(completed("is:|") == "is:open");
  CHECK(completed("is:ov|") == "is:overdue");
  CHECK(completed("label:bu|") == "label:bug");
  CHECK(completed("label:ne|") == "label:\"needs info\"");
  CHECK(completed("label:\"ne|") == "label:\"needs info\"");
  CHECK(completed("label:bug,de|") == "label:bug,debugger");
  CHECK(completed("project:re|") == "project:\"Relay \\\"2\\\"\"");
  CHECK(completed("priority:>=ur|") == "priority:>=urgent");
  CHECK(completed("sort:-up|") == "sort:-updated");
  CHECK(completed("label:bug la|") == "label:bug label:");
  CHECK(completed("label:bug |") == "label:bug is:");
  CHECK(completed("unknown:x|") == "-");
  CHECK(completed("\"quoted te|") == "-");
  CHECK(completed("due:t|") == "due:today");
  CHECK(completed("zzz|") == "-");
}

TEST_CASE("spans cover a query in order and tell what each piece is") {
  const std::string query = "is:open lable:x label:bug,\"a b\" due:<7d OR (-foo \"bar baz\")";
  std::string kinds;
  std::size_t end = 0;
  for (const Span& span : spans_of(query)) {
    CHECK(span.begin >= end);
    end = span.end;
    kinds += "fbcvlntqp"[static_cast<std::size_t>(span.kind)];
  }
  CHECK(kinds == "fvbvflclfcncpctqp");
}

}  // namespace dits::query
