// Several fonts in one file, as scripts/pack_fonts.py lays them together.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace dits::theme {

inline constexpr std::size_t face_count = 6;

// The fonts in it, in the order of Face; they point into it. None, unless it holds exactly these.
std::optional<std::array<std::string_view, face_count>> fonts_in(std::string_view pack);

}  // namespace dits::theme
