#include "server/base/text_decoder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <iconv.h>

#include "shared/core/text.hpp"

namespace dits {

namespace {

// Of the many that iconv has, those that texts are found in, by how their names begin.
constexpr std::array<std::string_view, 16> known_encodings = {"utf-16le",
                                                              "utf-16be",
                                                              "windows-125",
                                                              "cp125",
                                                              "cp437",
                                                              "cp850",
                                                              "cp932",
                                                              "iso-8859-",
                                                              "koi8-",
                                                              "macintosh",
                                                              "shift_jis",
                                                              "euc-jp",
                                                              "euc-kr",
                                                              "gb18030",
                                                              "big5",
                                                              "ascii"};
// The same under the names that people and programs give them, their signs left out.
struct OtherName {
  std::string_view begins;
  std::string_view known;
};
constexpr OtherName other_names[] = {{"utf16le", "utf-16le"},
                                     {"utf16be", "utf-16be"},
                                     {"utf16", "utf-16le"},
                                     {"latin1", "iso-8859-1"},
                                     {"latin9", "iso-8859-15"},
                                     {"iso8859", "iso-8859-"},
                                     {"windows125", "windows-125"},
                                     {"win125", "windows-125"},
                                     {"macroman", "macintosh"},
                                     {"shiftjis", "shift_jis"},
                                     {"sjis", "shift_jis"},
                                     {"eucjp", "euc-jp"},
                                     {"euckr", "euc-kr"},
                                     {"koi8", "koi8-"},
                                     {"gbk", "gb18030"},
                                     {"gb2312", "gb18030"},
                                     {"usascii", "ascii"}};

// As iconv has it: "Latin-1" is iso-8859-1, "ISO8859-15" iso-8859-15. One that is not known stays as it is.
std::string known_name(std::string_view encoding) {
  const std::string name = fold_case(encoding);
  std::string plain;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != ' ') plain += c;
  }
  if (plain == "latin10") return "iso-8859-16";
  for (const OtherName& other : other_names) {
    if (plain.starts_with(other.begins)) return std::string(other.known) + plain.substr(other.begins.size());
  }
  return name;
}

const auto no_decoder = reinterpret_cast<iconv_t>(-1);

constexpr std::string_view mark_of_utf16le = "\xff\xfe";
constexpr std::string_view mark_of_utf16be = "\xfe\xff";

}  // namespace

TextDecoder::~TextDecoder() {
  if (decoder_ != nullptr) ::iconv_close(decoder_);
}

// With enough in rest_ for a byte order mark, or all there is.
Result<void> TextDecoder::begin() {
  encoding_ = known_name(encoding_);
  // With a mark of its own UTF-16 says itself which of the two it is.
  const bool is_marked = rest_.starts_with(mark_of_utf16le) || rest_.starts_with(mark_of_utf16be);
  if (is_marked && (encoding_.empty() || encoding_.starts_with("utf-16"))) {
    encoding_ = rest_.starts_with(mark_of_utf16le) ? "utf-16le" : "utf-16be";
    rest_.erase(0, mark_of_utf16le.size());
  } else if (encoding_.empty() || encoding_ == "utf-8" || encoding_ == "utf8") {
    state_ = State::as_it_is;
    return {};
  }
  const auto begins_name = [&](std::string_view known) { return encoding_.starts_with(known); };
  const bool is_known = std::ranges::any_of(known_encodings, begins_name);
  const iconv_t decoder = !is_known ? no_decoder : ::iconv_open("UTF-8", encoding_.c_str());
  if (decoder == no_decoder) {
    return invalid(
        "encoding",
        "The encoding is not known here. Say utf-8, windows-1250 to windows-1258, iso-8859-1 to -16, koi8-r, "
        "macintosh, shift_jis, euc-jp, euc-kr, gb18030, big5, utf-16le or utf-16be.");
  }
  decoder_ = decoder;
  state_ = State::decoding;
  return {};
}

Result<void> TextDecoder::add(std::string_view bytes, std::string& out) {
  rest_ += bytes;
  if (state_ == State::unknown) {
    if (rest_.size() < mark_of_utf16le.size()) return {};
    TRY(begin());
  }
  if (state_ == State::as_it_is) {
    out += rest_;
    rest_.clear();
    return {};
  }
  char* from = rest_.data();
  std::size_t left = rest_.size();
  std::array<char, 4096> buffer;
  while (left > 0) {
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t done = ::iconv(decoder_, &from, &left, &to, &room);
    const int problem = done == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(buffer.data(), buffer.size() - room);
    if (problem == EINVAL) break;  // the rest of the letter is still to come
    if (problem == EILSEQ)
      return invalid(
          "encoding",
          "This text is not in the encoding \"" + encoding_ + "\": it has bytes that mean nothing there.");
  }
  rest_.erase(0, rest_.size() - left);
  return {};
}

Result<void> TextDecoder::finish(std::string& out) {
  if (state_ == State::unknown) {
    TRY(begin());
    TRY(add({}, out));
  }
  if (decoder_ != nullptr && rest_.empty()) {
    // Some encodings hold a letter back, since a mark may follow it.
    std::array<char, 64> buffer;
    char* to = buffer.data();
    std::size_t room = buffer.size();
    ::iconv(decoder_, nullptr, nullptr, &to, &room);
    out.append(buffer.data(), buffer.size() - room);
  }
  if (!rest_.empty())
    return invalid("encoding", "This text ends within a letter of the encoding \"" + encoding_ + "\".");
  return {};
}

}  // namespace dits
