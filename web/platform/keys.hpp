// Names of keys as browsers give them, turned into Dear ImGui's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "imgui.h"

namespace dits {

// The key that `key` ("j", "Enter", "F2") stands for. A letter of a script that is not Latin stands for the
// one at its place `code` ("KeyJ"). ImGuiKey_None for others.
ImGuiKey imgui_key_of(std::string_view key, std::string_view code);

// What the keymap is to see of a keyboard: what its keys make. Its place counts only where a layout makes a
// letter or digit of another script in place of a Latin one. Signs have no such fallback; and while such a
// layout is in use, or may be, another sign than "/" at the place of "/" is none at all: the hand that looks
// for the search must not finish an issue.
class KeyboardLayout {
 public:
  // The key of a press without Alt, by the browser's `key` and `code`; empty: none that means something.
  std::string key_of(std::string_view key, std::string_view code, bool shift);

 private:
  enum class Letters : std::uint8_t { unknown, latin, other };
  Letters letters_ = Letters::unknown;  // as those said that came last
};

}  // namespace dits
