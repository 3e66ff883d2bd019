#include "shared/markdown/entities.hpp"

#include <algorithm>
#include <iterator>

#include "shared/core/text.hpp"

namespace dits::markdown {

namespace {

struct Entity {
  std::string_view name;
  char32_t code_point;
};

// Those that people write; HTML has two thousand more.
constexpr Entity entities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xA0},     {"copy", 0xA9},    {"reg", 0xAE},     {"deg", 0xB0},     {"plusmn", 0xB1},
    {"sup2", 0xB2},     {"sup3", 0xB3},    {"micro", 0xB5},   {"para", 0xB6},    {"middot", 0xB7},
    {"laquo", 0xAB},    {"raquo", 0xBB},   {"frac12", 0xBD},  {"iexcl", 0xA1},   {"iquest", 0xBF},
    {"pound", 0xA3},    {"yen", 0xA5},     {"sect", 0xA7},    {"cent", 0xA2},    {"times", 0xD7},
    {"divide", 0xF7},   {"szlig", 0xDF},   {"auml", 0xE4},    {"ouml", 0xF6},    {"uuml", 0xFC},
    {"Auml", 0xC4},     {"Ouml", 0xD6},    {"Uuml", 0xDC},    {"eacute", 0xE9},  {"egrave", 0xE8},
    {"agrave", 0xE0},   {"ccedil", 0xE7},  {"ntilde", 0xF1},  {"aring", 0xE5},   {"oslash", 0xF8},
    {"aelig", 0xE6},    {"euro", 0x20AC},  {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
    {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},  {"hellip", 0x2026},
    {"trade", 0x2122},  {"larr", 0x2190},  {"uarr", 0x2191},  {"rarr", 0x2192},  {"darr", 0x2193},
    {"harr", 0x2194},   {"rArr", 0x21D2},  {"minus", 0x2212}, {"infin", 0x221E}, {"ne", 0x2260},
    {"le", 0x2264},     {"ge", 0x2265},    {"asymp", 0x2248}, {"check", 0x2713}, {"cross", 0x2717},
    {"star", 0x2606},   {"alpha", 0x3B1},  {"beta", 0x3B2},   {"gamma", 0x3B3},  {"delta", 0x3B4},
    {"lambda", 0x3BB},  {"mu", 0x3BC},     {"pi", 0x3C0},     {"sigma", 0x3C3},  {"omega", 0x3C9},
    {"Delta", 0x394},   {"Omega", 0x3A9},  {"shy", 0xAD},     {"ensp", 0x2002},  {"emsp", 0x2003},
    {"thinsp", 0x2009}, {"zwnj", 0x200C},  {"zwj", 0x200D},
};

char32_t number_from(std::string_view digits, unsigned base) {
  char32_t number = 0;
  for (const char c : digits) {
    const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                           : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                  : base;
    if (digit >= base || number > 0x10FFFF) return 0xFFFD;
    number = number * base + digit;
  }
  const bool is_character = number >= 0x20 && number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
  return is_character ? number : 0xFFFD;
}

}  // namespace

std::string resolved_entity(std::string_view entity) {
  std::string text;
  if (entity.size() < 4 || entity.front() != '&' || entity.back() != ';') return std::string(entity);
  const std::string_view name = entity.substr(1, entity.size() - 2);
  if (name[0] == '#') {
    const bool is_hexadecimal = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
    append_code_point(text,
                      is_hexadecimal ? number_from(name.substr(2), 16) : number_from(name.substr(1), 10));
    return text;
  }
  const auto* found = std::find_if(
      std::begin(entities), std::end(entities), [&](const Entity& known) { return known.name == name; });
  if (found == std::end(entities)) return std::string(entity);
  append_code_point(text, found->code_point);
  return text;
}

}  // namespace dits::markdown
