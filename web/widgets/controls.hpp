// Buttons and switches, as design/COMPONENTS.md draws them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "web/platform/held_text.hpp"
#include "web/widgets/item.hpp"
#include "web/widgets/symbols.hpp"

namespace dits::widgets {

enum class ButtonKind { plain, primary, ghost, danger, ghost_danger };

struct ButtonOptions {
  ButtonKind kind = ButtonKind::plain;
  const char* icon = nullptr;
  HeldText keys = {};     // shown at the right of the label
  bool is_large = false;  // 36 high, text in the middle
  bool is_disabled = false;
  HeldText tip = {};   // why it is disabled, or more about it
  HeldText name = {};  // for readers, when the label alone does not tell
};

float button_width(std::string_view label, const ButtonOptions& options = {});
constexpr float button_height = 28;
constexpr float large_button_height = 36;

// True when it was pressed. `r` is the whole button.
bool button(std::string_view id, Rect r, std::string_view label, const ButtonOptions& options = {});
// Cuts a button of its own width off the right (or left) side of `bar`, in its middle.
bool button_right(
    Rect& bar, std::string_view id, std::string_view label, const ButtonOptions& options = {}, float gap = 6);
bool button_left(
    Rect& bar, std::string_view id, std::string_view label, const ButtonOptions& options = {}, float gap = 6);

struct IconButtonOptions {
  HeldText keys = {};
  bool is_active = false;
  bool is_disabled = false;
  float size = 28;  // of the square that answers
  float icon_size = 15;
  ImU32 color = 0;  // of the icon; 0: text/secondary
  bool has_popup = false;
};
bool icon_button(std::string_view id,
                 Rect r,
                 const char* icon,
                 std::string_view name,
                 const IconButtonOptions& options = {});
bool icon_button_right(Rect& bar,
                       std::string_view id,
                       const char* icon,
                       std::string_view name,
                       const IconButtonOptions& options = {});

// Words that act, in the accent colour.
bool text_button(std::string_view id,
                 float x,
                 float center_y,
                 std::string_view label,
                 theme::TextStyle style = theme::small_medium);

bool toggle(std::string_view id, float x, float center_y, std::string_view name, bool is_on);
// The box alone, at the left end of `r`; all of `r` answers.
bool checkbox(std::string_view id, Rect r, std::string_view name, Tri state, float size = 15);
void draw_checkbox(float x, float center_y, Tri state, float size = 15);
void draw_radio(float x, float center_y, bool is_on);

struct Segment {
  const char* icon = nullptr;
  HeldText text;
  HeldText keys = {};
};
float segmented_width(std::span<const Segment> segments);
// The segment that was chosen, if one was. `role` tablist switches what is shown below, radiogroup sets a
// value.
std::optional<int> segmented(std::string_view id,
                             float x,
                             float center_y,
                             std::string_view name,
                             std::span<const Segment> segments,
                             int chosen,
                             Aria role = Aria::radiogroup);
std::optional<int> tabs(
    std::string_view id, Rect r, std::string_view name, std::span<const Segment> segments, int chosen);

struct BannerOptions {
  const char* icon = nullptr;
  ImU32 ink = 0;
  ImU32 tint = 0;
  HeldText strong;
  HeldText text;
  HeldText action = {};
  float radius = 0;
};
// True when its action was pressed.
bool banner(std::string_view id, Rect r, const BannerOptions& options);

}  // namespace dits::widgets
