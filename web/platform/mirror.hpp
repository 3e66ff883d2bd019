// The ARIA mirror: widgets tell what they draw, and the platform keeps an invisible tree of DOM nodes in step
// with it, so that screen readers, find-by-role tests and browser extensions see an ordinary page. In tests
// the same tree is text.
//
//   a11y::Scope list{{.id = id, .role = Role::grid, .name = "Issues", .min = a, .max = b, .row_count = 61}};
//   a11y::node({.id = row, .role = Role::row, .name = title, .min = c, .max = d, .selected = Tri::yes,
//   .row_index = 3});
//
// Nodes are given anew in each frame, in the order of reading; only what is visible need be given. Actions of
// a reader (activate, focus, a new value) come back by id through the take_… functions: call them where the
// widget handles its clicks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "imgui.h"
#include "web/platform/held_text.hpp"

namespace dits::a11y {

enum class Role : std::uint8_t {
  // landmarks and structure
  application,
  article,
  banner,
  complementary,
  contentinfo,
  feed,
  figure,
  form,
  group,
  heading,
  image,
  list,
  listitem,
  main,
  navigation,
  note,
  paragraph,
  region,
  search,
  separator,
  text,
  code,
  blockquote,
  // tables, lists and trees
  cell,
  columnheader,
  grid,
  gridcell,
  listbox,
  option,
  row,
  rowgroup,
  rowheader,
  table,
  tree,
  treeitem,
  // controls
  button,
  checkbox,
  combobox,
  link,
  menu,
  menubar,
  menuitem,
  menuitemcheckbox,
  menuitemradio,
  progressbar,
  radio,
  radiogroup,
  scrollbar,
  slider,
  splitter,
  switch_,
  tab,
  tablist,
  tabpanel,
  textbox,
  toolbar,
  tooltip,
  // messages
  alert,
  alertdialog,
  dialog,
  log,
  status,
};

// The ARIA name: "switch" for switch_, "separator" for splitter, "img" for image, "generic" for text.
std::string_view name_of(Role role);

enum class Tri : std::uint8_t { absent, no, yes, mixed };
enum class Current : std::uint8_t { no, page, step, item, date, location };

struct Node {
  ImGuiID id = 0;  // of the widget; unique in the frame
  Role role = Role::text;
  HeldText name = {};  // what is read out and what tests look for
  ImVec2 min = {};     // CSS pixels; cut to the clip rectangle of the current window
  ImVec2 max = {};
  HeldText value = {};        // of a text field, combobox, slider; the address of a link
  HeldText description = {};  // a second sentence: an error, a hint
  HeldText shortcut = {};     // as ARIA writes it: "Control+K", "j"
  HeldText placeholder = {};
  Tri checked = Tri::absent;
  Tri expanded = Tri::absent;
  Tri selected = Tri::absent;
  Tri pressed = Tri::absent;
  Current current = Current::no;
  bool disabled = false;
  bool focused = false;  // the widget has the keyboard
  bool invalid = false;
  bool modal = false;
  bool multiline = false;
  bool multiselectable = false;
  bool read_only = false;
  bool required = false;
  bool secret = false;  // a password: the value is not mirrored
  bool has_popup = false;
  bool vertical = false;
  int level = 0;      // of a heading or tree item
  int row_count = 0;  // of the whole grid, seen or not
  int row_index = 0;  // from 1
  int column_count = 0;
  int column_index = 0;  // from 1
  int set_size = 0;      // of options and menu items, where only some are given
  int position = 0;      // from 1
  float value_now = 0;   // of a progress bar or slider, with value_max > 0
  float value_max = 0;
  ImGuiID active_descendant = 0;
  ImGuiID controls = 0;
  ImGuiID parent = 0;  // 0: the innermost Scope
};

// Adds a node to this frame's tree. One that lies outside the clip rectangle is left out.
void node(const Node& node);

// A node that holds those given while it lives.
class [[nodiscard]] Scope {
 public:
  explicit Scope(const Node& node);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
};

// Read out at once by screen readers, seen by nobody. For results that appear elsewhere than the focus
// ("Moved to Done").
void announce(std::string_view sentence);

// Whether a reader activated the node since the last frame. True once.
bool take_click(ImGuiID id);
// Whether a reader moved its focus onto the node. True once.
bool take_focus(ImGuiID id);
// Whether a reader wrote a new value into the text field (also fill() of a test). True once; `value` is
// replaced.
bool take_value(ImGuiID id, std::string& value);

}  // namespace dits::a11y
