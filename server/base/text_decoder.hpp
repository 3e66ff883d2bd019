// Text of another encoding becomes UTF-8 as it arrives, by the iconv of the C library.
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

class TextDecoder {
 public:
  // `encoding`: a name that iconv knows; empty: UTF-16 where the text begins with its byte order mark, and
  // else left as it is.
  explicit TextDecoder(std::string encoding) : encoding_(std::move(encoding)) {}
  ~TextDecoder();
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;

  // Appends to `out` what is whole by now. Errors: invalid at "encoding": not known here, or not that of the
  // text. No letter is ever replaced.
  Result<void> add(std::string_view bytes, std::string& out);
  // Errors: as add(), and when the text ends within a letter.
  Result<void> finish(std::string& out);

 private:
  enum class State { unknown, as_it_is, decoding };
  Result<void> begin();

  std::string encoding_;
  State state_ = State::unknown;
  void* decoder_ = nullptr;  // iconv_t
  std::string rest_;         // of a letter, or of the byte order mark
};

}  // namespace dits
