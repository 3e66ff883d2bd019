// Whatever the text, reading it ends, and what is read prints as text that is read as the same tree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/query/complete.hpp"
#include "shared/query/parser.hpp"
#include "shared/query/print.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits::query;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 100'000);
  std::size_t end = 0;
  for (const Span& span : spans_of(text)) {
    if (span.begin < end || span.end <= span.begin || span.end > size) std::abort();
    end = span.end;
  }
  const Names names = {{}, {{{}, "Old site", false}}, {{{}, "a\"b"}}, {{{}, "bug"}}};
  for (const Completion& completion : completions_at(text, size / 2, names)) {
    if (completion.begin > completion.end || completion.end > size) std::abort();
  }
  const Parsed parsed = read_query(text);
  if (parsed.problem) {
    if (parsed.problem->begin > parsed.problem->end || parsed.problem->end > size) std::abort();
    return 0;
  }
  const std::string printed = print_query(parsed.query);
  const Parsed again = read_query(printed);
  const bool is_too_long = printed.size() > max_query_bytes;
  if (!is_too_long && (again.problem || !(again.query == parsed.query))) std::abort();
  make_plan(parsed.query, names, {{20'000}, 60});
  return 0;
}
