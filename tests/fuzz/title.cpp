// Whatever the title, its pieces are in order, are what stands there or the character of an emoji, and are
// found in few steps.
#include "shared/markdown/title.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/markdown/emoji.hpp"
#include "tests/fuzz/support/steps.hpp"

using namespace dits::markdown;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view title(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 2'000);
  std::size_t end = 0;
  for (const TitlePiece& piece : title_pieces(title)) {
    dits::fuzz::require(piece.begin >= end && piece.end > piece.begin && piece.end <= size);
    end = piece.end;
    const std::string_view written = title.substr(piece.begin, piece.end - piece.begin);
    if (written == piece.text) continue;
    dits::fuzz::require(!piece.is_code && with_emoji(std::string(written)) == piece.text);
  }
  return 0;
}
