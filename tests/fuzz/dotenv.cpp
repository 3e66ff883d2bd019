// Whatever the text, reading it as a ".env" file ends without harm, and what is read can be written so that
// it is read again.
#include "server/base/dotenv.hpp"

#include <string>
#include <string_view>

#include "tests/fuzz/support/steps.hpp"

namespace {

std::string written(const dits::Variables& variables) {
  std::string text;
  for (const auto& [name, value] : variables) {
    text += "export " + name + " = \"";
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    text += "\" # a comment\n";
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 3'000);
  const dits::Result<dits::Variables> variables = dits::parse_dotenv(text);
  if (!variables) return 0;
  const dits::Result<dits::Variables> again = dits::parse_dotenv(written(*variables));
  dits::fuzz::require(again && *again == *variables);
  return 0;
}
