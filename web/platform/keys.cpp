// Keys by name and place.
#include "web/platform/keys.hpp"

#include <array>
#include <utility>

#include "shared/core/text.hpp"

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

// Does a layout that makes this character lack Latin letters? Letters with marks of Latin ones (é, ß, ł) come
// from layouts that have all others as well; № and other signs tell nothing.
bool is_of_other_script(std::string_view key) {
  std::size_t end = 0;
  const char32_t character = key.empty() ? 0 : take_code_point(key, end);
  const bool is_sign = character >= 0x2000 && character < 0x2C00;
  const bool is_latin = character >= 0x1E00 && character < 0x1F00;  // ẞ, ẁ, Vietnamese
  return end == key.size() && character >= 0x370 && !is_sign && !is_latin;
}

bool is_place_of_letter(std::string_view code) { return code.size() == 4 && code.starts_with("Key"); }

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
  if (is_place_of_letter(code) && is_of_other_script(key)) return key_after(ImGuiKey_A, code[3] - 'A');
  if (key.size() == 2 && key[0] == 'F' && key[1] >= '1' && key[1] <= '9')
    return key_after(ImGuiKey_F1, key[1] - '1');
  if (key.size() == 3 && key.starts_with("F1") && key[2] >= '0' && key[2] <= '2') {
    return key_after(ImGuiKey_F10, key[2] - '0');
  }
  return ImGuiKey_None;
}

std::string KeyboardLayout::key_of(std::string_view key, std::string_view code, bool shift) {
  if (is_of_other_script(key)) {
    letters_ = Letters::other;
    if (is_place_of_letter(code)) return {shift ? code[3] : static_cast<char>(code[3] - 'A' + 'a')};
    if (code.size() == 6 && code.starts_with("Digit") && !shift) return {code[5]};
  } else if (is_ascii(key) && key[0] >= 'a' && key[0] <= 'z') {
    letters_ = Letters::latin;  // a capital says nothing: with Shift, Hebrew layouts have Latin ones
  } else if (code == "Slash" && letters_ != Letters::latin && is_ascii(key)) {
    // Before any letter has come only what no Latin layout makes there tells that this is none.
    const bool is_foreign = letters_ == Letters::other || key == "." || key == ",";
    if (is_foreign && key != "/" && key != "?") return {};
  }
  return std::string(key);
}

}  // namespace dits
