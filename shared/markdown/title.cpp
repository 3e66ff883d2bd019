#include "shared/markdown/title.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "shared/markdown/emoji.hpp"

namespace dits::markdown {

namespace {

void add(std::vector<Span>& spans, std::string text, bool is_code) {
  if (text.empty()) return;
  Span& span = spans.emplace_back();
  span.text = is_code ? std::move(text) : with_emoji(std::move(text));
  span.is_code = is_code;
}

std::size_t end_of_ticks(std::string_view title, std::size_t at) {
  return std::min(title.find_first_not_of('`', at), title.size());
}

// Where the next run of exactly so many backticks begins; npos when there is none.
std::size_t find_ticks(std::string_view title, std::size_t at, std::size_t count) {
  while ((at = title.find('`', at)) != std::string_view::npos) {
    const std::size_t end = end_of_ticks(title, at);
    if (end - at == count) return at;
    at = end;
  }
  return at;
}

}  // namespace

std::vector<Span> title_spans(std::string_view title) {
  std::vector<Span> spans;
  std::size_t copied = 0;
  // Titles are short: so many runs that nothing ends are looked for, and no more.
  int searches_left = 64;
  for (std::size_t at = title.find('`'); at != std::string_view::npos; at = title.find('`', at)) {
    const std::size_t begin = end_of_ticks(title, at);
    const std::size_t end =
        searches_left-- > 0 ? find_ticks(title, begin, begin - at) : std::string_view::npos;
    if (end != std::string_view::npos) {
      add(spans, std::string(title.substr(copied, at - copied)), false);
      add(spans, std::string(title.substr(begin, end - begin)), true);
      copied = end + (begin - at);
    }
    at = end == std::string_view::npos ? begin : copied;
  }
  add(spans, std::string(title.substr(copied)), false);
  return spans;
}

}  // namespace dits::markdown
