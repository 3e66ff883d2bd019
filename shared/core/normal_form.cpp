#include "shared/core/normal_form.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "shared/core/normal_form_data.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

// Hangul syllables are computed (Unicode, section 3.12).
constexpr char32_t syllable_base = 0xAC00;
constexpr char32_t leading_base = 0x1100;
constexpr char32_t vowel_base = 0x1161;
constexpr char32_t trailing_base = 0x11A7;
constexpr char32_t leading_count = 19;
constexpr char32_t vowel_count = 21;
constexpr char32_t trailing_count = 28;
constexpr char32_t syllable_count = leading_count * vowel_count * trailing_count;

struct Decomposition {
  char32_t whole;
  char32_t first;
  char32_t second;  // 0: the first is all of it
};

struct Composition {
  char32_t first;
  char32_t second;
  char32_t whole;
};

struct ClassRun {
  char32_t first;
  char32_t last;
  std::uint8_t combining_class;
};

// Reads the packed numbers of normal_form_data.hpp one by one.
class Unpacker {
 public:
  Unpacker(const std::uint8_t* begin, const std::uint8_t* end) : at_(begin), end_(end) {}

  bool is_at_end() const { return at_ == end_; }
  std::uint8_t byte() { return *at_++; }
  char32_t number() {
    char32_t value = 0;
    unsigned shift = 0;
    while ((*at_ & 0x80U) != 0) {
      value |= (*at_++ & char32_t{0x7F}) << shift;
      shift += 7;
    }
    return value | static_cast<char32_t>(*at_++) << shift;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// A set of characters, all of which lie below U+30000.
class CharacterSet {
 public:
  void add(char32_t c) { bits_[c] = true; }
  bool has(char32_t c) const { return c < bits_.size() && bits_[c]; }

 private:
  std::vector<bool> bits_ = std::vector<bool>(0x30000);
};

struct Tables {
  std::vector<Decomposition> decompositions;  // by whole
  std::vector<Composition> compositions;      // by first and second
  std::vector<ClassRun> classes;
  // What a look at it alone doesn't pass: a mark, what is not composed, a second part, what begins with one.
  CharacterSet doubtful;

  // What a character begins with when it is taken apart.
  char32_t beginning_of(char32_t c) const {
    for (const Decomposition* found = decomposition_of(c); found != nullptr; found = decomposition_of(c))
      c = found->first;
    return c;
  }

  const Decomposition* decomposition_of(char32_t c) const {
    const auto found = std::partition_point(
        decompositions.begin(), decompositions.end(), [c](const Decomposition& candidate) {
          return candidate.whole < c;
        });
    return found == decompositions.end() || found->whole != c ? nullptr : &*found;
  }

  Tables() {
    Unpacker runs(std::begin(combining_class_data), std::end(combining_class_data));
    for (char32_t first = 0; !runs.is_at_end();) {
      first += runs.number();
      const char32_t length = runs.number();
      classes.push_back({first, first + length - 1, runs.byte()});
      for (char32_t c = first; c < first + length; ++c) doubtful.add(c);
    }
    Unpacker pairs(std::begin(decomposition_data), std::end(decomposition_data));
    CharacterSet seconds;
    char32_t whole = 0;
    char32_t first = 0;
    while (!pairs.is_at_end()) {
      whole += pairs.number();
      const char32_t step = pairs.number();
      first = (step & 1U) != 0 ? first - (step / 2 + 1) : first + step / 2;
      const char32_t rest = pairs.number();
      const char32_t second = rest == 0 ? 0 : rest / 2 + 0x2FF;
      decompositions.push_back({whole, first, second});
      if ((rest & 1U) != 0) {
        compositions.push_back({first, second, whole});
        seconds.add(second);
        doubtful.add(second);
      } else {
        doubtful.add(whole);
      }
    }
    for (const Decomposition& each : decompositions) {
      if (seconds.has(beginning_of(each.whole))) doubtful.add(each.whole);
    }
    for (char32_t c = vowel_base; c < vowel_base + vowel_count; ++c) doubtful.add(c);
    for (char32_t c = trailing_base + 1; c < trailing_base + trailing_count; ++c) doubtful.add(c);
    std::sort(compositions.begin(), compositions.end(), [](const Composition& a, const Composition& b) {
      return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    });
  }
};

const Tables& tables() {
  static const Tables unpacked;
  return unpacked;
}

struct Letter {
  char32_t code_point;
  std::uint8_t combining_class;
};

std::uint8_t class_of(char32_t c) {
  if (c < 0x300) return 0;
  const auto& runs = tables().classes;
  const auto run = std::partition_point(
      runs.begin(), runs.end(), [c](const ClassRun& candidate) { return candidate.last < c; });
  return run != runs.end() && run->first <= c ? run->combining_class : std::uint8_t{0};
}

void append_decomposed(std::vector<Letter>& letters, char32_t c) {
  if (c < 0xC0) {
    letters.push_back({c, 0});
    return;
  }
  if (c >= syllable_base && c < syllable_base + syllable_count) {
    const char32_t index = c - syllable_base;
    letters.push_back({leading_base + index / (vowel_count * trailing_count), 0});
    letters.push_back({vowel_base + index % (vowel_count * trailing_count) / trailing_count, 0});
    if (index % trailing_count != 0) letters.push_back({trailing_base + index % trailing_count, 0});
    return;
  }
  const Decomposition* found = tables().decomposition_of(c);
  if (found == nullptr) {
    letters.push_back({c, class_of(c)});
    return;
  }
  append_decomposed(letters, found->first);  // four deep at most
  if (found->second != 0) append_decomposed(letters, found->second);
}

// Marks on one letter in the order of their classes, those of one class as they were. A pass for each class
// that is there, so that a long run costs no more than its length.
void put_in_order(std::vector<Letter>::iterator begin, std::vector<Letter>::iterator end) {
  if (std::is_sorted(
          begin, end, [](const Letter& a, const Letter& b) { return a.combining_class < b.combining_class; }))
    return;
  const std::vector<Letter> marks(begin, end);
  std::array<bool, 256> is_there{};
  for (const Letter& mark : marks) is_there[mark.combining_class] = true;
  for (std::size_t wanted = 0; wanted < is_there.size(); ++wanted) {
    if (!is_there[wanted]) continue;
    for (const Letter& mark : marks) {
      if (mark.combining_class == wanted) *begin++ = mark;
    }
  }
}

void put_in_order(std::vector<Letter>& letters) {
  const auto is_mark = [](const Letter& letter) { return letter.combining_class != 0; };
  for (auto at = letters.begin(); at != letters.end();) {
    at = std::find_if(at, letters.end(), is_mark);
    const auto end = std::find_if_not(at, letters.end(), is_mark);
    put_in_order(at, end);
    at = end;
  }
}

// What the two are together, or 0.
char32_t composed(char32_t first, char32_t second) {
  if (first >= leading_base && first < leading_base + leading_count && second >= vowel_base &&
      second < vowel_base + vowel_count)
    return syllable_base + ((first - leading_base) * vowel_count + (second - vowel_base)) * trailing_count;
  if (first >= syllable_base && first < syllable_base + syllable_count &&
      (first - syllable_base) % trailing_count == 0 && second > trailing_base &&
      second < trailing_base + trailing_count)
    return first + (second - trailing_base);
  const auto& list = tables().compositions;
  const std::pair wanted(first, second);
  const auto found = std::partition_point(list.begin(), list.end(), [&](const Composition& candidate) {
    return std::pair(candidate.first, candidate.second) < wanted;
  });
  const bool is_found = found != list.end() && found->first == first && found->second == second;
  return is_found ? found->whole : char32_t{0};
}

// Each mark joins the letter before it, unless one that stays between them has its class or a higher one.
void compose(std::vector<Letter>& letters) {
  std::size_t end = 0;
  std::size_t starter = letters.size();  // none yet
  for (const Letter letter : letters) {
    if (starter < end) {
      const bool is_adjacent = end == starter + 1;
      const bool is_free = is_adjacent || letters[end - 1].combining_class < letter.combining_class;
      if (is_free) {
        if (const char32_t whole = composed(letters[starter].code_point, letter.code_point)) {
          letters[starter].code_point = whole;
          continue;
        }
      }
    }
    if (letter.combining_class == 0) starter = end;
    letters[end++] = letter;
  }
  letters.resize(end);
}

// Where the first character stands that may have to change: npos when there is none.
std::size_t first_doubt(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // All of U+0000 to U+02FF begins with a byte below 0xCC.
    if (static_cast<unsigned char>(text[at]) < 0xCC) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    const char32_t c = take_code_point(text, at);
    if (tables().doubtful.has(c)) return begin;
  }
  return std::string_view::npos;
}

std::string normalized(std::string_view text, std::size_t doubt) {
  // From the letter before on, which a mark could join.
  std::size_t begin = doubt;
  while (begin > 0) {
    --begin;
    if ((static_cast<unsigned char>(text[begin]) & 0xC0U) != 0x80U) break;
  }
  std::vector<Letter> letters;
  letters.reserve(text.size() - begin);
  for (std::size_t at = begin; at < text.size();) append_decomposed(letters, take_code_point(text, at));
  put_in_order(letters);
  compose(letters);
  std::string out(text.substr(0, begin));
  for (const Letter& letter : letters) append_code_point(out, letter.code_point);
  return out;
}

}  // namespace

std::string normal_form(std::string_view text) {
  const std::size_t doubt = first_doubt(text);
  if (doubt == std::string_view::npos || !is_storable_text(text)) return std::string(text);
  return normalized(text, doubt);
}

bool is_normal_form(std::string_view text) { return normal_form(text) == text; }

char32_t without_marks(char32_t code_point) {
  return code_point < 0xC0 ? code_point : tables().beginning_of(code_point);
}

}  // namespace dits
