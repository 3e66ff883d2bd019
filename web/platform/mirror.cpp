// Collects the mirror's nodes of a frame as text; see mirror_frame.hpp for its form. One text, because
// comparing and handing over one string is cheaper than a tree of objects, and nearly all frames change
// nothing in it.
#include "web/platform/mirror.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "imgui_internal.h"
#include "web/platform/mirror_frame.hpp"

namespace dits::a11y {

namespace {

// Passes that an action waits for its widget: the widget may need one to scroll into view.
constexpr int action_passes = 4;

struct Action {
  enum class Kind { click, focus, value } kind;
  ImGuiID id;
  std::string value;
  int passes_left = action_passes;
};

struct Collector {
  std::string text;
  std::vector<ImGuiID> parents;
  std::vector<std::string> announcements;
  std::vector<Action> actions;
};

Collector& collector() {
  static Collector instance;
  return instance;
}

constexpr auto role_names = std::to_array<std::string_view>({
    "application",
    "article",
    "banner",
    "complementary",
    "contentinfo",
    "feed",
    "figure",
    "form",
    "group",
    "heading",
    "img",
    "list",
    "listitem",
    "main",
    "navigation",
    "note",
    "paragraph",
    "region",
    "search",
    "separator",
    "generic",
    "code",
    "blockquote",
    "cell",
    "columnheader",
    "grid",
    "gridcell",
    "listbox",
    "option",
    "row",
    "rowgroup",
    "rowheader",
    "table",
    "tree",
    "treeitem",
    "button",
    "checkbox",
    "combobox",
    "link",
    "menu",
    "menubar",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "progressbar",
    "radio",
    "radiogroup",
    "scrollbar",
    "slider",
    "separator",
    "switch",
    "tab",
    "tablist",
    "tabpanel",
    "textbox",
    "toolbar",
    "tooltip",
    "alert",
    "alertdialog",
    "dialog",
    "log",
    "status",
});
static_assert(role_names[static_cast<std::size_t>(Role::status)] == "status");

void append_clean(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\x1e' || c == '\x1f' ? ' ' : c;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += '\x1f';
  out += name;
  out += '=';
  append_clean(out, value);
}

void append_number(std::string& out, std::string_view name, int value) {
  if (value != 0) append_attribute(out, name, std::to_string(value));
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) append_attribute(out, name, value);
}

void append_flag(std::string& out, std::string_view name, bool value) {
  if (value) append_attribute(out, name, "true");
}

void append_tri(std::string& out, std::string_view name, Tri value) {
  if (value == Tri::absent) return;
  append_attribute(out, name, value == Tri::yes ? "true" : value == Tri::no ? "false" : "mixed");
}

void append_reference(std::string& out, std::string_view name, ImGuiID id) {
  if (id == 0) return;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "n%x", id);
  append_attribute(out, name, text.data());
}

std::string_view name_of(Current current) {
  switch (current) {
    case Current::no:
      return {};
    case Current::page:
      return "page";
    case Current::step:
      return "step";
    case Current::item:
      return "true";
    case Current::date:
      return "date";
    case Current::location:
      return "location";
  }
  return {};
}

void append_states(std::string& out, const Node& node) {
  append_tri(out, "aria-checked", node.checked);
  append_tri(out, "aria-expanded", node.expanded);
  append_tri(out, "aria-selected", node.selected);
  append_tri(out, "aria-pressed", node.pressed);
  append_text(out, "aria-current", name_of(node.current));
  append_flag(out, "aria-disabled", node.disabled);
  append_flag(out, "aria-invalid", node.invalid);
  append_flag(out, "aria-modal", node.modal);
  append_flag(out, "aria-multiline", node.multiline);
  append_flag(out, "aria-multiselectable", node.multiselectable);
  append_flag(out, "aria-readonly", node.read_only);
  append_flag(out, "aria-required", node.required);
  append_flag(out, "aria-haspopup", node.has_popup);
  append_text(out, "aria-orientation", node.vertical ? "vertical" : "");
  append_flag(out, "focused", node.focused);
}

void append_values(std::string& out, const Node& node) {
  append_text(out, "aria-description", node.description);
  append_text(out, "aria-keyshortcuts", node.shortcut);
  append_text(out, "aria-placeholder", node.placeholder);
  append_number(out, "aria-level", node.level);
  append_number(out, "aria-rowcount", node.row_count);
  append_number(out, "aria-rowindex", node.row_index);
  append_number(out, "aria-colcount", node.column_count);
  append_number(out, "aria-colindex", node.column_index);
  append_number(out, "aria-setsize", node.set_size);
  append_number(out, "aria-posinset", node.position);
  append_reference(out, "aria-activedescendant", node.active_descendant);
  append_reference(out, "aria-controls", node.controls);
  if (node.value_max > 0) {
    append_attribute(out, "aria-valuenow", std::to_string(static_cast<int>(node.value_now)));
    append_attribute(out, "aria-valuemax", std::to_string(static_cast<int>(node.value_max)));
  }
  if (node.secret) append_attribute(out, "type", "password");
  if (node.role == Role::link) {
    append_text(out, "href", node.value);
  } else if (node.role == Role::textbox || node.role == Role::combobox) {
    append_attribute(out, "value", node.secret ? std::string_view{} : node.value.view());
  } else {
    append_text(out, "aria-valuetext", node.value);
  }
}

// Returns whether the node is to be seen at all.
bool append_node(const Node& node) {
  const ImGuiContext* context = ImGui::GetCurrentContext();
  ImVec2 min = node.min;
  ImVec2 max = node.max;
  if (context->CurrentWindow != nullptr) {
    const ImRect& clip = context->CurrentWindow->ClipRect;
    min = ImMax(min, clip.Min);
    max = ImMin(max, clip.Max);
  }
  if (min.x >= max.x || min.y >= max.y) return false;

  Collector& all = collector();
  ImGuiID parent = node.parent;
  if (parent == 0 && !all.parents.empty()) parent = all.parents.back();
  std::array<char, 128> head{};
  std::snprintf(head.data(),
                head.size(),
                "%x\x1f%x\x1f%s\x1f%d\x1f%d\x1f%d\x1f%d\x1f",
                node.id,
                parent,
                a11y::name_of(node.role).data(),
                static_cast<int>(min.x),
                static_cast<int>(min.y),
                static_cast<int>(max.x - min.x),
                static_cast<int>(max.y - min.y));
  all.text += head.data();
  append_clean(all.text, node.name);
  append_states(all.text, node);
  append_values(all.text, node);
  all.text += '\x1e';
  return true;
}

bool take(Action::Kind kind, ImGuiID id, std::string* value) {
  auto& actions = collector().actions;
  const auto found = std::find_if(actions.begin(), actions.end(), [&](const Action& action) {
    return action.kind == kind && action.id == id;
  });
  if (found == actions.end()) return false;
  if (value != nullptr) *value = std::move(found->value);
  actions.erase(found);
  return true;
}

}  // namespace

std::string_view name_of(Role role) { return role_names[static_cast<std::size_t>(role)]; }

void node(const Node& node) { append_node(node); }

Scope::Scope(const Node& node) {
  auto& parents = collector().parents;
  const ImGuiID outer = parents.empty() ? 0 : parents.back();
  parents.push_back(append_node(node) ? node.id : outer);
}

Scope::~Scope() { collector().parents.pop_back(); }

void announce(std::string_view sentence) { collector().announcements.emplace_back(sentence); }

bool take_click(ImGuiID id) { return take(Action::Kind::click, id, nullptr); }
bool take_focus(ImGuiID id) { return take(Action::Kind::focus, id, nullptr); }
bool take_value(ImGuiID id, std::string& value) { return take(Action::Kind::value, id, &value); }

void begin_frame() {
  Collector& all = collector();
  all.text.clear();
  all.parents.clear();
  std::erase_if(all.actions, [](Action& action) { return action.passes_left-- == 0; });
}

const std::string& frame_text() { return collector().text; }

std::vector<std::string> take_announcements() { return std::exchange(collector().announcements, {}); }

void push_click(ImGuiID id) { collector().actions.push_back({Action::Kind::click, id, {}}); }
void push_focus(ImGuiID id) { collector().actions.push_back({Action::Kind::focus, id, {}}); }

// A value is all of the text: of several that came before the next pass the newest counts, in the place of
// the first.
void push_value(ImGuiID id, std::string value) {
  for (Action& action : collector().actions) {
    if (action.kind != Action::Kind::value || action.id != id) continue;
    action.value = std::move(value);
    action.passes_left = action_passes;
    return;
  }
  collector().actions.push_back({Action::Kind::value, id, std::move(value)});
}

bool has_actions() { return !collector().actions.empty(); }

}  // namespace dits::a11y
