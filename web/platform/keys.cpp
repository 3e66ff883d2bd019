// Keys by name and place.
#include "web/platform/keys.hpp"

#include <array>
#include <utility>

namespace dits {

namespace {

constexpr std::array<std::pair<std::string_view, ImGuiKey>, 16> named_keys = {{
    {"Tab", ImGuiKey_Tab},
    {"ArrowLeft", ImGuiKey_LeftArrow},
    {"ArrowRight", ImGuiKey_RightArrow},
    {"ArrowUp", ImGuiKey_UpArrow},
    {"ArrowDown", ImGuiKey_DownArrow},
    {"PageUp", ImGuiKey_PageUp},
    {"PageDown", ImGuiKey_PageDown},
    {"Home", ImGuiKey_Home},
    {"End", ImGuiKey_End},
    {"Insert", ImGuiKey_Insert},
    {"Delete", ImGuiKey_Delete},
    {"Backspace", ImGuiKey_Backspace},
    {" ", ImGuiKey_Space},
    {"Space", ImGuiKey_Space},
    {"Enter", ImGuiKey_Enter},
    {"Escape", ImGuiKey_Escape},
}};

ImGuiKey key_after(ImGuiKey first, int distance) { return static_cast<ImGuiKey>(first + distance); }

bool is_ascii(std::string_view key) { return key.size() == 1 && static_cast<unsigned char>(key[0]) < 0x80; }

}  // namespace

ImGuiKey imgui_key_of(std::string_view key, std::string_view code) {
  for (const auto& [name, imgui_key] : named_keys) {
    if (name == key) return imgui_key;
  }
  if (is_ascii(key)) {
    const char c = key[0];
    if (c >= 'a' && c <= 'z') return key_after(ImGuiKey_A, c - 'a');
    if (c >= 'A' && c <= 'Z') return key_after(ImGuiKey_A, c - 'A');
    if (c >= '0' && c <= '9') return key_after(ImGuiKey_0, c - '0');
  }
  if (code.size() == 4 && code.starts_with("Key")) return key_after(ImGuiKey_A, code[3] - 'A');
  if (key.size() == 2 && key[0] == 'F' && key[1] >= '1' && key[1] <= '9')
    return key_after(ImGuiKey_F1, key[1] - '1');
  if (key.size() == 3 && key.starts_with("F1") && key[2] >= '0' && key[2] <= '2') {
    return key_after(ImGuiKey_F10, key[2] - '0');
  }
  return ImGuiKey_None;
}

std::string keymap_key_of(std::string_view key, std::string_view code, bool shift) {
  const bool is_character = !key.empty() && static_cast<unsigned char>(key[0]) >= 0x80;
  if (!is_character) return std::string(key);
  if (code.size() == 4 && code.starts_with("Key")) {
    const char letter = code[3];
    return {shift ? letter : static_cast<char>(letter - 'A' + 'a')};
  }
  if (code.size() == 6 && code.starts_with("Digit")) return {code[5]};
  return std::string(key);
}

}  // namespace dits
