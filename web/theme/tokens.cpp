// The numbers of design/tokens.json, and the search for the nearest label hue.
#include "web/theme/tokens.hpp"

#include <algorithm>
#include <cmath>

namespace dits::theme {

namespace {

// clang-format off
constexpr Palette light = {
    rgba(0xFCFDFDFFu),  // bg/canvas
    rgba(0xF2F5F5FFu),  // bg/panel
    rgba(0xFFFFFFFFu),  // bg/raised
    rgba(0xEAEFEFFFu),  // bg/sunken
    rgba(0xF6F8F8FFu),  // bg/inset
    rgba(0x0D2A2E0Du),  // bg/hover
    rgba(0x0D2A2E1Au),  // bg/pressed
    rgba(0xDCEFF0FFu),  // bg/selected
    rgba(0xE9EEEEFFu),  // bg/selected-idle
    rgba(0x0D1F2252u),  // bg/scrim
    rgba(0xE8EDEDFFu),  // border/subtle
    rgba(0xD2DADBFFu),  // border/default
    rgba(0x7F8C8FFFu),  // border/strong
    rgba(0x132024FFu),  // text/primary
    rgba(0x435459FFu),  // text/secondary
    rgba(0x5B6A6FFFu),  // text/tertiary
    rgba(0x98A4A7FFu),  // text/disabled
    rgba(0xFFFFFFFFu),  // text/on-accent
    rgba(0x0A6C74FFu),  // accent/base
    rgba(0x085960FFu),  // accent/hover
    rgba(0x09636BFFu),  // accent/text
    rgba(0xDCEFF0FFu),  // accent/tint
    rgba(0x8CC4C8FFu),  // accent/line
    rgba(0x0E8A94FFu),  // focus/ring
    rgba(0x768488FFu),  // status/backlog
    rgba(0x4D5F66FFu),  // status/todo
    rgba(0xA95F00FFu),  // status/progress
    rgba(0x6A4DCBFFu),  // status/review
    rgba(0x1B8148FFu),  // status/done
    rgba(0xC62F1DFFu),  // priority/urgent
    rgba(0xB85208FFu),  // priority/high
    rgba(0x8A6C00FFu),  // priority/medium
    rgba(0x5E7076FFu),  // priority/low
    rgba(0x727F83FFu),  // priority/none
    rgba(0xBF2A1CFFu),  // signal/danger
    rgba(0xFBE7E3FFu),  // signal/danger-tint
    rgba(0x955700FFu),  // signal/warning
    rgba(0xFAEEDAFFu),  // signal/warning-tint
    rgba(0x187441FFu),  // signal/success
    rgba(0xE0F3E7FFu),  // signal/success-tint
    rgba(0x09636BFFu),  // syn/key
    rgba(0x6A4DCBFFu),  // syn/op
    rgba(0x9A4A05FFu),  // syn/value
    rgba(0x187441FFu),  // syn/string
    rgba(0x5F6E73FFu),  // syn/comment
    rgba(0x2A5DB0FFu),  // syn/number
    rgba(0xBF2A1CFFu),  // syn/error
    rgba(0x09636BFFu),  // match/fg
    rgba(0xCDE9EAFFu),  // match/bg
    {{
        {rgba(0x8A2F2DFFu), rgba(0xFEEAE8FFu), rgba(0xD6504CFFu)},  // red
        {rgba(0x833B02FFu), rgba(0xFFEBE0FFu), rgba(0xCC6004FFu)},  // orange
        {rgba(0x6D4C00FFu), rgba(0xFBEDD8FFu), rgba(0xAA7901FFu)},  // amber
        {rgba(0x4C5A03FFu), rgba(0xECF3DBFFu), rgba(0x798F03FFu)},  // lime
        {rgba(0x026430FFu), rgba(0xE0F6E5FFu), rgba(0x029D50FFu)},  // green
        {rgba(0x026058FFu), rgba(0xD8F7F2FFu), rgba(0x0A978BFFu)},  // teal
        {rgba(0x045C71FFu), rgba(0xD9F5FEFFu), rgba(0x0792B1FFu)},  // cyan
        {rgba(0x185295FFu), rgba(0xE6F0FEFFu), rgba(0x2E83E6FFu)},  // blue
        {rgba(0x444896FFu), rgba(0xEBEEFEFFu), rgba(0x6E74E6FFu)},  // indigo
        {rgba(0x613D8AFFu), rgba(0xF2EBFEFFu), rgba(0x9964D5FFu)},  // violet
        {rgba(0x822F5CFFu), rgba(0xFFE8F2FFu), rgba(0xCA5091FFu)},  // pink
        {rgba(0x58514AFFu), rgba(0xF1EFEBFFu), rgba(0x8B8276FFu)},  // stone
    }},
};

constexpr Palette dark = {
    rgba(0x14191BFFu),  // bg/canvas
    rgba(0x0F1315FFu),  // bg/panel
    rgba(0x1C2326FFu),  // bg/raised
    rgba(0x0B0F10FFu),  // bg/sunken
    rgba(0x181E20FFu),  // bg/inset
    rgba(0xD9F0F20Eu),  // bg/hover
    rgba(0xD9F0F21Cu),  // bg/pressed
    rgba(0x173438FFu),  // bg/selected
    rgba(0x20282BFFu),  // bg/selected-idle
    rgba(0x0000008Cu),  // bg/scrim
    rgba(0x222A2DFFu),  // border/subtle
    rgba(0x313B3FFFu),  // border/default
    rgba(0x6E7C81FFu),  // border/strong
    rgba(0xE4EBECFFu),  // text/primary
    rgba(0xA9B6B9FFu),  // text/secondary
    rgba(0x8F9DA1FFu),  // text/tertiary
    rgba(0x5C696DFFu),  // text/disabled
    rgba(0x06262AFFu),  // text/on-accent
    rgba(0x4CC1C9FFu),  // accent/base
    rgba(0x6AD0D7FFu),  // accent/hover
    rgba(0x62CBD2FFu),  // accent/text
    rgba(0x173438FFu),  // accent/tint
    rgba(0x2B6A70FFu),  // accent/line
    rgba(0x4CC1C9FFu),  // focus/ring
    rgba(0x87949AFFu),  // status/backlog
    rgba(0xB0BCC0FFu),  // status/todo
    rgba(0xE5A03AFFu),  // status/progress
    rgba(0xA994F7FFu),  // status/review
    rgba(0x4FBE7FFFu),  // status/done
    rgba(0xF26956FFu),  // priority/urgent
    rgba(0xF08F42FFu),  // priority/high
    rgba(0xD8B23AFFu),  // priority/medium
    rgba(0x9BAAAEFFu),  // priority/low
    rgba(0x7B898EFFu),  // priority/none
    rgba(0xF47C6BFFu),  // signal/danger
    rgba(0x3A1D1AFFu),  // signal/danger-tint
    rgba(0xE7AC50FFu),  // signal/warning
    rgba(0x352712FFu),  // signal/warning-tint
    rgba(0x5FCB8EFFu),  // signal/success
    rgba(0x14301FFFu),  // signal/success-tint
    rgba(0x62CBD2FFu),  // syn/key
    rgba(0xB3A1F8FFu),  // syn/op
    rgba(0xEDA968FFu),  // syn/value
    rgba(0x7CCB98FFu),  // syn/string
    rgba(0x8B999DFFu),  // syn/comment
    rgba(0x8FB6F5FFu),  // syn/number
    rgba(0xF47C6BFFu),  // syn/error
    rgba(0x7FDCE2FFu),  // match/fg
    rgba(0x1D4A4FFFu),  // match/bg
    {{
        {rgba(0xFEB5AEFFu), rgba(0x40201DFFu), rgba(0xF27D76FFu)},  // red
        {rgba(0xFEB992FFu), rgba(0x3E2212FFu), rgba(0xEB8649FFu)},  // orange
        {rgba(0xEDC47DFFu), rgba(0x372709FFu), rgba(0xD49915FFu)},  // amber
        {rgba(0xC2D58AFFu), rgba(0x272E0FFFu), rgba(0x99B13BFFu)},  // lime
        {rgba(0x98DEAAFFu), rgba(0x15311DFFu), rgba(0x52BE76FFu)},  // green
        {rgba(0x77E0D3FFu), rgba(0x00322DFFu), rgba(0x10BDAFFFu)},  // teal
        {rgba(0x7ADAF8FFu), rgba(0x03303BFFu), rgba(0x01B7DDFFu)},  // cyan
        {rgba(0xA8CEFFFFu), rgba(0x182B42FFu), rgba(0x62A7FDFFu)},  // blue
        {rgba(0xBEC6FFFFu), rgba(0x242743FFu), rgba(0x909AFEFFu)},  // indigo
        {rgba(0xD7BCFFFFu), rgba(0x2F243EFFu), rgba(0xB78CEFFFu)},  // violet
        {rgba(0xFDB0D4FFu), rgba(0x3C1F2EFFu), rgba(0xE77CB1FFu)},  // pink
        {rgba(0xCFCAC2FFu), rgba(0x2C2A27FFu), rgba(0xABA399FFu)},  // stone
    }},
};

// clang-format on

struct HueName {
  std::string_view name;
  std::string_view hex;
};
constexpr std::array<HueName, hue_count> hue_names = {{
    {"red", "#D6504C"},
    {"orange", "#CC6004"},
    {"amber", "#AA7901"},
    {"lime", "#798F03"},
    {"green", "#029D50"},
    {"teal", "#0A978B"},
    {"cyan", "#0792B1"},
    {"blue", "#2E83E6"},
    {"indigo", "#6E74E6"},
    {"violet", "#9964D5"},
    {"pink", "#CA5091"},
    {"stone", "#8B8276"},
}};

const Palette* current = &light;

// Red, green and blue of "#RRGGBB", 0..1; false when it is something else.
bool parse_hex(std::string_view hex, std::array<float, 3>& rgb) {
  if (hex.size() != 7 || hex[0] != '#') return false;
  for (std::size_t i = 0; i < 3; ++i) {
    int value = 0;
    for (const char digit : hex.substr(1 + 2 * i, 2)) {
      value *= 16;
      if (digit >= '0' && digit <= '9') {
        value += digit - '0';
      } else if (digit >= 'a' && digit <= 'f') {
        value += digit - 'a' + 10;
      } else if (digit >= 'A' && digit <= 'F') {
        value += digit - 'A' + 10;
      } else {
        return false;
      }
    }
    rgb[i] = static_cast<float>(value) / 255.0f;
  }
  return true;
}

struct HueAndChroma {
  float degrees;
  float chroma;
};

// Hue and chroma in Oklab, where equal steps look equal.
HueAndChroma hue_in_oklab(const std::array<float, 3>& rgb) {
  std::array<float, 3> linear{};
  for (std::size_t i = 0; i < 3; ++i) {
    linear[i] = rgb[i] <= 0.04045f ? rgb[i] / 12.92f : std::pow((rgb[i] + 0.055f) / 1.055f, 2.4f);
  }
  const auto [r, g, b] = linear;
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  const float green_red = 1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s;
  const float blue_yellow = 0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s;
  return {std::atan2(blue_yellow, green_red) * 57.29578f, std::hypot(green_red, blue_yellow)};
}

}  // namespace

const Palette& colors() { return *current; }
bool is_dark() { return current == &dark; }
void use_dark(bool is_dark_wanted) { current = is_dark_wanted ? &dark : &light; }

Hue hue_of(std::string_view hex) {
  std::array<float, 3> rgb{};
  if (!parse_hex(hex, rgb)) return Hue::stone;
  const HueAndChroma wanted = hue_in_oklab(rgb);
  if (wanted.chroma < 0.035f) return Hue::stone;
  Hue best = Hue::stone;
  float best_distance = 360;
  for (std::size_t i = 0; i < hue_count; ++i) {
    if (static_cast<Hue>(i) == Hue::stone) continue;
    std::array<float, 3> dot{};
    parse_hex(hue_names[i].hex, dot);
    float distance = std::abs(hue_in_oklab(dot).degrees - wanted.degrees);
    distance = std::min(distance, 360 - distance);
    if (distance < best_distance) {
      best_distance = distance;
      best = static_cast<Hue>(i);
    }
  }
  return best;
}

const LabelColors& label_colors(Hue hue) { return current->labels[static_cast<std::size_t>(hue)]; }
const LabelColors& label_colors(std::string_view hex) { return label_colors(hue_of(hex)); }
std::string_view hex_of(Hue hue) { return hue_names[static_cast<std::size_t>(hue)].hex; }
std::string_view name_of(Hue hue) { return hue_names[static_cast<std::size_t>(hue)].name; }

ImU32 with_alpha(ImU32 color, float alpha) {
  const float a = static_cast<float>((color >> IM_COL32_A_SHIFT) & 255u) * std::clamp(alpha, 0.0f, 1.0f);
  return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(a + 0.5f) << IM_COL32_A_SHIFT);
}

ImU32 mix(ImU32 under, ImU32 over, float amount) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const auto a = static_cast<float>((under >> shift) & 255u);
    const auto b = static_cast<float>((over >> shift) & 255u);
    out |= static_cast<ImU32>(a + (b - a) * amount + 0.5f) << shift;
  }
  return out;
}

}  // namespace dits::theme
