#include "server/base/dotenv.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    const bool allowed =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!allowed) return false;
  }
  return true;
}

Error bad_line(int number, const std::string& what) {
  return invalid(".env", ".env, line " + std::to_string(number) + ": " + what);
}

// What stands behind the '='.
Result<std::string> parse_value(std::string_view text, int number) {
  text = trim(text);
  if (text.empty()) return std::string{};
  const char quote = text[0];
  if (quote == '"' || quote == '\'') {
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at] == quote) {
        const std::string_view rest = trim(text.substr(at + 1));
        if (!rest.empty() && rest[0] != '#')
          return bad_line(number, "there is text after the closing quote.");
        return value;
      }
      if (quote == '"' && text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        value += text[at] == 'n' ? '\n' : text[at];
      } else {
        value += text[at];
      }
    }
    return bad_line(number, "the closing quote is missing.");
  }
  const std::size_t comment = text.find(" #");
  return std::string(trim(text.substr(0, comment)));
}

}  // namespace

Result<Variables> parse_dotenv(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // as editors of Windows begin a file
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Variables variables;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const std::size_t equals = line.find('=');
    const std::string_view name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) return bad_line(number, "expected NAME=value.");
    variables[std::string(name)] = TRY(parse_value(line.substr(equals + 1), number));
  }
  return variables;
}

Result<DotenvFile> read_dotenv(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return DotenvFile{};
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return invalid(
        ".env",
        path +
            " belongs to another user and is not read: it could name programs to run. Take it over "
            "with chown, or start from another directory.");
  }
  const std::string text = TRY(read_file(path));
  return DotenvFile{TRY(parse_dotenv(text)), (status.st_mode & 077) == 0};
}

}  // namespace dits
