// Percent-decoding as RFC 3986 has it; '+' is a blank in the query only.
#include "server/http/target.hpp"

#include "shared/core/text.hpp"

namespace dits::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { literal, blank };

Result<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
      if (low < 0) return invalid({}, "the address has a broken percent escape");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_storable_text(out)) return invalid({}, "the address is not valid UTF-8");
  return out;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  constexpr std::size_t max_parameters = 100;
  Target target;
  const std::size_t question = text.find('?');
  const std::string_view path = text.substr(0, question);
  std::string_view rest = path.substr(1);
  for (;;) {
    const std::size_t slash = rest.find('/');
    target.segments.push_back(TRY(decode(rest.substr(0, slash), Plus::literal)));
    target.path += "/" + target.segments.back();
    if (slash == std::string_view::npos) break;
    rest = rest.substr(slash + 1);
  }
  std::string_view query =
      question == std::string_view::npos ? std::string_view{} : text.substr(question + 1);
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    if (target.query.size() == max_parameters)
      return invalid({}, "the address has too many query parameters");
    const std::size_t equals = pair.find('=');
    std::string name = TRY(decode(pair.substr(0, equals), Plus::blank));
    std::string value =
        equals == std::string_view::npos ? std::string{} : TRY(decode(pair.substr(equals + 1), Plus::blank));
    target.query.emplace_back(std::move(name), std::move(value));
  }
  return target;
}

}  // namespace dits::http
