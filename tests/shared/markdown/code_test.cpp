// Code in colours.
#include "shared/markdown/code.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace dits::markdown {

TEST_CASE("code is coloured by words, strings, numbers and comments") {
  const auto colored = [](std::string_view language, std::string_view code) {
    std::string out;
    for (const CodeSpan& span : code_spans(language, code)) {
      out += "ksncid"[static_cast<std::size_t>(span.kind)];
      out += "(" + std::string(code.substr(span.begin, span.end - span.begin)) + ")";
    }
    return out;
  };
  CHECK(colored("python", "def f(x): # c\n  return 'a' + \"\"\"b\nc\"\"\" + 1_0.5") ==
        "k(def)c(# c)k(return)s('a')s(\"\"\"b\nc\"\"\")n(1_0.5)");
  CHECK(colored("cpp", "int x = 0x1F; /* a\nb */ // c") == "k(int)n(0x1F)c(/* a\nb */)c(// c)");
  CHECK(colored("bash", "echo \"a # b\" $x#y # c") == "k(echo)s(\"a # b\")c(# c)");
  CHECK(colored("sql", "SELECT 'it''s' from t -- x") == "k(SELECT)s('it')s('s')k(from)c(-- x)");
  CHECK(colored("json", "{\"a\": true, \"b\": -1}") == "s(\"a\")k(true)s(\"b\")n(1)");
  CHECK(colored("diff", "@@ 1 @@\n+a\n-b\n c") == "c(@@ 1 @@)i(+a)d(-b)");
  CHECK(colored("js", "`a\n${b}` \"unterminated\nreturn") == "s(`a\n${b}`)s(\"unterminated)k(return)");
  CHECK(colored("", "int").empty());
  CHECK(colored("klingon", "int").empty());
}

}  // namespace dits::markdown
