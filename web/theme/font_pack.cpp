#include "web/theme/font_pack.hpp"

namespace dits::theme {

std::optional<std::array<std::string_view, face_count>> fonts_in(std::string_view pack) {
  constexpr std::size_t word = 4;
  std::array<std::string_view, face_count> fonts;
  for (std::string_view& font : fonts) {
    if (pack.size() < word) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t at = word; at-- > 0;) size = size << 8 | static_cast<unsigned char>(pack[at]);
    pack.remove_prefix(word);
    const std::size_t padding = (word - size % word) % word;
    if (size == 0 || size > pack.size() || padding > pack.size() - size) return std::nullopt;
    font = pack.substr(0, size);
    pack.remove_prefix(size + padding);
  }
  return pack.empty() ? std::optional(fonts) : std::nullopt;
}

}  // namespace dits::theme
