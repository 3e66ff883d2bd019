// Names of keys as browsers give them, turned into Dear ImGui's.
#pragma once

#include <string>
#include <string_view>

#include "imgui.h"

namespace dits {

// The key that `key` ("j", "Enter", "F2") stands for, else the one at the place `code` ("KeyJ");
// ImGuiKey_None for others.
ImGuiKey imgui_key_of(std::string_view key, std::string_view code);

// What the keymap is to see: `key` itself, or the Latin character at the place `code` when the layout makes
// none.
std::string keymap_key_of(std::string_view key, std::string_view code, bool shift);

}  // namespace dits
