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
const auto no_decoder = reinterpret_cast<iconv_t>(-1);

constexpr std::string_view mark_of_utf16le = "\xff\xfe";
constexpr std::string_view mark_of_utf16be = "\xfe\xff";

}  // namespace

TextDecoder::~TextDecoder() {
  if (decoder_ != nullptr) ::iconv_close(decoder_);
}

// With enough in rest_ for a byte order mark, or all there is.
Result<void> TextDecoder::begin() {
  if (encoding_.empty()) {
    state_ = State::as_it_is;
    if (!rest_.starts_with(mark_of_utf16le) && !rest_.starts_with(mark_of_utf16be)) return {};
    encoding_ = rest_.starts_with(mark_of_utf16le) ? "UTF-16LE" : "UTF-16BE";
    rest_.erase(0, mark_of_utf16le.size());
  }
  const std::string name = fold_case(encoding_);
  const auto begins_name = [&](std::string_view known) { return name.starts_with(known); };
  const bool is_known = std::ranges::any_of(known_encodings, begins_name);
  const iconv_t decoder = !is_known ? no_decoder : ::iconv_open("UTF-8", encoding_.c_str());
  if (decoder == no_decoder) {
    return invalid(
        "encoding",
        "The encoding is not known here. Say windows-1250 to windows-1258, iso-8859-1 to -16, koi8-r, "
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
