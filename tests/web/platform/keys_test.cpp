// Keys by name and by place.
#include "web/platform/keys.hpp"

#include <doctest/doctest.h>

#include "web/platform/headless.hpp"

namespace dits {

namespace {

struct Press {
  const char* key;
  const char* code;
  bool shift;
  const char* seen;  // by the keymap; "": nothing
};

void check_presses(const std::vector<Press>& presses) {
  KeyboardLayout layout;
  for (const Press& press : presses) {
    INFO(press.key << " at " << press.code);
    CHECK(layout.key_of(press.key, press.code, press.shift) == press.seen);
  }
}

}  // namespace

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

TEST_CASE("A sign at the place of a letter edits no text: Ctrl and it is not Ctrl and the letter") {
  CHECK(imgui_key_of(";", "KeyZ") == ImGuiKey_None);  // Dvorak
  CHECK(imgui_key_of(",", "KeyM") == ImGuiKey_None);  // AZERTY
  CHECK(imgui_key_of("/", "KeyQ") == ImGuiKey_None);  // Hebrew
  CHECK(imgui_key_of("ł", "KeyL") == ImGuiKey_None);  // Polish, with AltGr
}

TEST_CASE("Letters of a Russian keyboard count by their place, signs by what they are") {
  check_presses({{"о", "KeyJ", false, "j"},
                 {"О", "KeyJ", true, "J"},
                 {"ю", "Period", false, "ю"},  // not ".", which would finish an issue
                 {"ж", "Semicolon", false, "ж"},
                 {"х", "BracketLeft", false, "х"},  // not "[", which would hide the sidebar
                 {"№", "Digit3", true, "№"},
                 {"/", "Backslash", true, "/"},
                 {"?", "Digit7", true, "?"},
                 {"3", "Digit3", false, "3"},
                 {"Enter", "Enter", false, "Enter"}});
}

TEST_CASE("At the place of / a keyboard without Latin letters makes nothing but / and ?") {
  check_presses({{"т", "KeyN", false, "n"}, {".", "Slash", false, ""}, {",", "Slash", true, ""}});  // Russian
  check_presses({{"ש", "KeyA", false, "a"},
                 {".", "Slash", false, ""},
                 {"/", "KeyQ", false, "/"},
                 {"ץ", "Period", false, "ץ"}});  // Hebrew
  check_presses({{"α", "KeyA", false, "a"}, {"/", "Slash", false, "/"}, {"?", "Slash", true, "?"}});  // Greek
  // With Shift a Hebrew layout makes Latin capitals, and is none for that.
  check_presses({{"ש", "KeyA", false, "a"}, {"G", "KeyG", true, "G"}, {".", "Slash", false, ""}});
  check_presses({{"ẞ", "Minus", true, "ẞ"}, {"-", "Slash", false, "-"}});  // German, and Latin all the same
  // As the first key of all, before a letter has told the layout.
  check_presses({{".", "Slash", false, ""}, {",", "Slash", true, ""}});
  check_presses({{"/", "Slash", false, "/"}, {".", "Period", false, "."}});
  check_presses({{"-", "Slash", false, "-"}});  // German
  // Back on a Latin layout it is what it makes again.
  check_presses(
      {{"т", "KeyN", false, "n"}, {"n", "KeyN", false, "n"}, {"-", "Slash", false, "-"}});  // German
}

TEST_CASE("Latin layouts count by what their keys make, wherever those stand") {
  check_presses({{"a", "KeyQ", false, "a"},
                 {"é", "Digit2", false, "é"},  // AZERTY: 2 is with Shift
                 {"2", "Digit2", true, "2"},
                 {".", "Comma", true, "."},
                 {"/", "Period", true, "/"},
                 {",", "KeyM", false, ","}});
  check_presses({{"z", "KeyY", false, "z"},
                 {"?", "Minus", true, "?"},
                 {"/", "Digit7", true, "/"},
                 {"ö", "Semicolon", false, "ö"},
                 {"ß", "Minus", false, "ß"}});                             // German
  check_presses({{"ı", "KeyI", false, "ı"}, {"i", "Quote", false, "i"}});  // Turkish
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
