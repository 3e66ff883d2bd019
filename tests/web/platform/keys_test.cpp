// Keys by name and by place.
#include "web/platform/keys.hpp"

#include <doctest/doctest.h>

#include "web/platform/headless.hpp"

namespace dits {

TEST_CASE("Keys are known by what they make, and by their place when they make no Latin letter") {
  CHECK(imgui_key_of("a", "KeyQ") == ImGuiKey_A);
  CHECK(imgui_key_of("A", "KeyA") == ImGuiKey_A);
  CHECK(imgui_key_of("ф", "KeyA") == ImGuiKey_A);
  CHECK(imgui_key_of("7", "Digit7") == ImGuiKey_7);
  CHECK(imgui_key_of("F2", "F2") == ImGuiKey_F2);
  CHECK(imgui_key_of("F12", "F12") == ImGuiKey_F12);
  CHECK(imgui_key_of("Escape", "Escape") == ImGuiKey_Escape);
  CHECK(imgui_key_of("AudioVolumeUp", "AudioVolumeUp") == ImGuiKey_None);
}

TEST_CASE("The keymap sees Latin letters on a Cyrillic keyboard, and the character itself on a Latin one") {
  CHECK(keymap_key_of("j", "KeyJ", false) == "j");
  CHECK(keymap_key_of("о", "KeyJ", false) == "j");
  CHECK(keymap_key_of("О", "KeyJ", true) == "J");
  CHECK(keymap_key_of("z", "KeyY", false) == "z");
  CHECK(keymap_key_of("?", "Minus", true) == "?");
  CHECK(keymap_key_of("Enter", "Enter", false) == "Enter");
}

TEST_CASE("A key that the app takes reaches no widget") {
  HeadlessPlatform platform(300, 300);
  std::string seen;
  bool is_imgui_down = false;
  platform.start({.frame = [&] { is_imgui_down |= ImGui::IsKeyPressed(ImGuiKey_J); },
                  .key_pressed =
                      [&](const KeyPress& press) {
                        seen += (press.command ? "Ctrl+" : "") + press.key + " ";
                        return press.key != "k";
                      }});
  platform.press("j");
  platform.press("Ctrl+K");
  CHECK(seen == "j Ctrl+K ");
  CHECK_FALSE(is_imgui_down);
}

}  // namespace dits
