// Frames, scripted input and the mirror as text, for tests.
#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "imgui_internal.h"
#include "web/platform/glyphs.hpp"
#include "web/platform/headless.hpp"
#include "web/platform/keys.hpp"
#include "web/platform/long_text.hpp"
#include "web/platform/long_text_frame.hpp"
#include "web/platform/mirror_frame.hpp"
#include "web/platform/touch_recognizer.hpp"

namespace dits {

namespace {

struct MirrorNode {
  ImGuiID id = 0, parent = 0;
  std::string_view role, name;
  float left = 0, top = 0, width = 0, height = 0;
  std::vector<std::string_view> attributes;

  std::string_view attribute(std::string_view key) const {
    for (const std::string_view entry : attributes) {
      if (entry.starts_with(key) && entry.size() > key.size() && entry[key.size()] == '=') {
        return entry.substr(key.size() + 1);
      }
    }
    return {};
  }
};

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

template <typename Number>
Number number_from(std::string_view text, int base) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

std::vector<MirrorNode> mirror_nodes() {
  std::vector<MirrorNode> nodes;
  std::string_view rest = a11y::frame_text();
  while (!rest.empty()) {
    std::string_view record = take_until(rest, '\x1e');
    MirrorNode node;
    node.id = number_from<ImGuiID>(take_until(record, '\x1f'), 16);
    node.parent = number_from<ImGuiID>(take_until(record, '\x1f'), 16);
    node.role = take_until(record, '\x1f');
    for (float* side : {&node.left, &node.top, &node.width, &node.height}) {
      *side = static_cast<float>(number_from<int>(take_until(record, '\x1f'), 10));
    }
    node.name = take_until(record, '\x1f');
    while (!record.empty()) node.attributes.push_back(take_until(record, '\x1f'));
    nodes.push_back(std::move(node));
  }
  return nodes;
}

// The text areas are nodes of their own in the browser; here too.
std::string text_area_line(const LongTextArea& area) {
  return "textbox \"" + area.name + "\" [multiline]" + (area.text.empty() ? "" : ": " + area.text);
}

const MirrorNode* find_node(const std::vector<MirrorNode>& nodes,
                            std::string_view role,
                            std::string_view name) {
  const auto found = std::find_if(nodes.rbegin(), nodes.rend(), [&](const MirrorNode& node) {
    return node.role == role && node.name == name;
  });
  return found == nodes.rend() ? nullptr : &*found;
}

// A test that asks for what is not there shall say what is, and stop.
const MirrorNode& node_named(const std::vector<MirrorNode>& nodes,
                             std::string_view role,
                             std::string_view name) {
  const MirrorNode* found = find_node(nodes, role, name);
  if (found == nullptr) {
    std::fprintf(stderr,
                 "no %.*s \"%.*s\"; there is:\n",
                 static_cast<int>(role.size()),
                 role.data(),
                 static_cast<int>(name.size()),
                 name.data());
    for (const MirrorNode& node : nodes) {
      std::fprintf(stderr,
                   "  %.*s \"%.*s\"\n",
                   static_cast<int>(node.role.size()),
                   node.role.data(),
                   static_cast<int>(node.name.size()),
                   node.name.data());
    }
    std::abort();
  }
  return *found;
}

// " [checked] [level=2]: value", in the manner of Playwright's snapshots.
std::string states_of(const MirrorNode& node) {
  std::string states;
  std::string_view value;
  for (const std::string_view entry : node.attributes) {
    std::string_view rest = entry;
    std::string_view key = take_until(rest, '=');
    if (key == "value" || key == "href" || key == "aria-valuetext") {
      value = rest;
      continue;
    }
    if (key.starts_with("aria-")) key.remove_prefix(5);
    if (key == "activedescendant" || key == "controls") continue;  // numbers that mean nothing to a reader
    if (rest == "false" && key != "expanded" && key != "checked" && key != "pressed") continue;
    states += " [" + std::string(key);
    if (rest != "true") states += "=" + std::string(rest);
    states += "]";
  }
  if (!value.empty()) states += ": " + std::string(value);
  return states;
}

KeyPress key_press_from(std::string_view text) {
  KeyPress press;
  while (true) {
    const std::size_t plus = text.find('+', 1);
    if (plus == std::string_view::npos) break;
    const std::string_view modifier = text.substr(0, plus);
    press.ctrl |= modifier == "Ctrl";
    press.shift |= modifier == "Shift";
    press.alt |= modifier == "Alt";
    press.meta |= modifier == "Meta";
    text = text.substr(plus + 1);
  }
  press.key = text;
  if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z' && !press.ctrl) press.shift = true;
  press.command = press.ctrl;
  press.in_text = ImGui::GetIO().WantTextInput;
  return press;
}

}  // namespace

const ImFontLoader* system_font_loader() { return nullptr; }
unsigned glyph_of_run(std::string_view) { return 0; }
unsigned run_glyph_generation() { return 0; }

HeadlessPlatform::HeadlessPlatform(float width, float height) {
  context_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.DisplaySize = {width, height};
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  io.ConfigInputTextCursorBlink = false;
  ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
  platform.Platform_ClipboardUserData = this;
  platform.Platform_SetClipboardTextFn = [](ImGuiContext* context, const char* text) {
    static_cast<HeadlessPlatform*>(context->PlatformIO.Platform_ClipboardUserData)->copied_ = text;
  };
  platform.Platform_GetClipboardTextFn = [](ImGuiContext* context) {
    return static_cast<HeadlessPlatform*>(context->PlatformIO.Platform_ClipboardUserData)->copied_.c_str();
  };
}

HeadlessPlatform::~HeadlessPlatform() {
  if (tabs_ != nullptr) tabs_->erase(this);
  ImGui::SetCurrentContext(context_);
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
    texture->SetStatus(ImTextureStatus_Destroyed);
  ImGui::DestroyContext(context_);
}

void HeadlessPlatform::start(PlatformHooks hooks, const std::string& route) {
  hooks_ = std::move(hooks);
  history_ = {route};
  if (hooks_.route_changed) hooks_.route_changed(route);
  request_frames(3);
  draw();
}

void HeadlessPlatform::run_queue() {
  while (!queue_.empty()) {
    for (const auto& action : std::exchange(queue_, {})) action();
    request_frames();
  }
  if (!hold_answers) deliver_answers();
}

void HeadlessPlatform::frame() {
  constexpr double frame_ms = 16;
  monotonic_ms_ += frame_ms;
  touch_recognizer().update(monotonic_ms_);
  ImGui::GetIO().DeltaTime = static_cast<float>(frame_ms) / 1000;
  ImGui::NewFrame();
  a11y::begin_frame();
  begin_long_text_frame();
  if (hooks_.frame) hooks_.frame();
  ImGui::Render();
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetStatus(texture->Status == ImTextureStatus_WantDestroy ? ImTextureStatus_Destroyed
                                                                      : ImTextureStatus_OK);
  }
  touch_recognizer().end_frame();
  for (std::string& sentence : a11y::take_announcements()) announced_.push_back(std::move(sentence));
  ++stats_.frames;
}

void HeadlessPlatform::draw() {
  ImGui::SetCurrentContext(context_);
  constexpr int most_frames = 50;
  for (int drawn = 0; drawn < most_frames; ++drawn) {
    run_queue();
    const bool input_waits = context_->InputEventsQueue.Size > 0 || a11y::has_actions();
    if (wanted_frames_ == 0 && !input_waits) break;
    wanted_frames_ = std::max(wanted_frames_ - 1, 0);
    frame();
  }
}

// ---- what the user does

HeadlessPlatform::Point HeadlessPlatform::middle_of(std::string_view role, std::string_view name) const {
  const auto nodes = mirror_nodes();
  const MirrorNode& node = node_named(nodes, role, name);
  return {node.left + node.width / 2, node.top + node.height / 2};
}

void HeadlessPlatform::press_mouse(Point at, int button, int times) {
  ImGuiIO& io = ImGui::GetIO();
  touch_recognizer().mouse_used();
  io.AddMousePosEvent(at.x, at.y);
  request_frames();
  draw();
  for (int press = 0; press < times; ++press) {
    io.AddMouseButtonEvent(button, true);
    io.AddMouseButtonEvent(button, false);
  }
  request_frames(3);
  draw();
}

void HeadlessPlatform::click(std::string_view role, std::string_view name) {
  press_mouse(middle_of(role, name), 0, 1);
}

void HeadlessPlatform::double_click(std::string_view role, std::string_view name) {
  press_mouse(middle_of(role, name), 0, 2);
}

void HeadlessPlatform::click_at(float x, float y, int button) { press_mouse({x, y}, button, 1); }

void HeadlessPlatform::activate(std::string_view role, std::string_view name) {
  const auto nodes = mirror_nodes();
  a11y::push_click(node_named(nodes, role, name).id);
  request_frames(3);
  draw();
}

void HeadlessPlatform::fill(std::string_view role, std::string_view name, std::string_view value) {
  for (const LongTextArea& area : long_text_areas()) {
    if (role != "textbox" || area.name != name) continue;
    push_long_text_focus(area.id, true);
    push_long_text_change(area.id, std::string(value), static_cast<int>(value.size()));
    request_frames(3);
    return draw();
  }
  const auto nodes = mirror_nodes();
  a11y::push_value(node_named(nodes, role, name).id, std::string(value));
  request_frames(3);
  draw();
}

// The caret of a scripted text area stands at its end, and nothing is selected.
void HeadlessPlatform::write_in_place(const std::string& before,
                                      const std::string& written,
                                      std::size_t back) {
  for (const LongTextArea& area : long_text_areas()) {
    if (area.covered || !area.text.ends_with(before)) continue;
    const std::string text = area.text.substr(0, area.text.size() - before.size()) + written;
    push_long_text_change(area.id, text, static_cast<int>(text.size() - back));
    return request_frames(3);
  }
}

void HeadlessPlatform::type_stroke(markdown::Stroke stroke) {
  for (const LongTextArea& area : long_text_areas()) {
    const std::size_t end = area.text.size();
    const auto edit = markdown::edit_for(stroke, area.text, {end, end});
    if (area.covered || !area.markdown || !edit) continue;
    std::string text = area.text;
    text.replace(edit->place.begin, edit->place.end - edit->place.begin, edit->text);
    push_long_text_change(area.id, text, static_cast<int>(edit->after.end));
    return request_frames(3);
  }
}

LongTextCaret caret_of_long_text(ImGuiID id) {
  for (const LongTextArea& area : long_text_areas()) {
    if (area.id == id) return {area.min, area.line_height_px};
  }
  return {};
}

void HeadlessPlatform::drag(std::string_view role,
                            std::string_view name,
                            std::string_view to_role,
                            std::string_view to_name) {
  hold(role, name, to_role, to_name);
  release();
}

void HeadlessPlatform::release() {
  ImGui::GetIO().AddMouseButtonEvent(0, false);
  request_frames(3);
  draw();
}

void HeadlessPlatform::hold(std::string_view role,
                            std::string_view name,
                            std::string_view to_role,
                            std::string_view to_name) {
  const Point from = middle_of(role, name);
  const Point to = middle_of(to_role, to_name);
  ImGuiIO& io = ImGui::GetIO();
  move_mouse(from.x, from.y);
  io.AddMouseButtonEvent(0, true);
  constexpr int steps = 6;
  for (int step = 1; step <= steps; ++step) {
    const float part = static_cast<float>(step) / steps;
    move_mouse(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
  }
}

void HeadlessPlatform::move_mouse(float x, float y) {
  touch_recognizer().mouse_used();
  ImGui::GetIO().AddMousePosEvent(x, y);
  request_frames();
  draw();
}

void HeadlessPlatform::scroll(float x, float y, float wheel_y) {
  move_mouse(x, y);
  ImGui::GetIO().AddMouseWheelEvent(0, wheel_y);
  request_frames();
  draw();
}

void HeadlessPlatform::press(std::string_view key) { press_at_once({key}); }

void HeadlessPlatform::press_at_once(const std::vector<std::string_view>& keys) {
  for (const std::string_view key : keys) queue_key(key_press_from(key));
  request_frames(3);
  draw();
}

void HeadlessPlatform::queue_key(const KeyPress& press) {
  if (hooks_.key_pressed && hooks_.key_pressed(press)) return;
  ImGuiIO& io = ImGui::GetIO();
  const std::pair<ImGuiKey, bool> modifiers[] = {{ImGuiMod_Ctrl, press.ctrl},
                                                 {ImGuiMod_Shift, press.shift},
                                                 {ImGuiMod_Alt, press.alt},
                                                 {ImGuiMod_Super, press.meta}};
  for (const auto& [modifier, down] : modifiers) io.AddKeyEvent(modifier, down);
  const ImGuiKey imgui_key = imgui_key_of(press.key, press.code);
  if (imgui_key != ImGuiKey_None) {
    io.AddKeyEvent(imgui_key, true);
    io.AddKeyEvent(imgui_key, false);
  }
  const bool is_character = press.key.size() == 1 || static_cast<unsigned char>(press.key[0]) >= 0x80;
  if (is_character && !press.ctrl && !press.meta) io.AddInputCharactersUTF8(press.key.c_str());
  for (const auto& [modifier, down] : modifiers) io.AddKeyEvent(modifier, false);
}

void HeadlessPlatform::type(std::string_view text) {
  ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
  request_frames(3);
  draw();
}

void HeadlessPlatform::resize(float width, float height) {
  ImGui::GetIO().DisplaySize = {width, height};
  request_frames(3);
  draw();
}

// ---- what the user finds

std::string HeadlessPlatform::mirror_text() const {
  std::string text;
  const auto nodes = mirror_nodes();
  std::vector<ImGuiID> path;
  for (const MirrorNode& node : nodes) {
    while (!path.empty() && path.back() != node.parent) path.pop_back();
    text.append(path.size() * 2, ' ');
    text += node.role;
    if (!node.name.empty()) text += " \"" + std::string(node.name) + "\"";
    text += states_of(node) + "\n";
    path.push_back(node.id);
  }
  for (const LongTextArea& area : long_text_areas()) {
    if (!area.covered) text += text_area_line(area) + "\n";
  }
  return text;
}

bool HeadlessPlatform::sees(std::string_view role, std::string_view name) const {
  const auto nodes = mirror_nodes();
  if (find_node(nodes, role, name) != nullptr) return true;
  return role == "textbox" &&
         std::any_of(long_text_areas().begin(), long_text_areas().end(), [&](const auto& area) {
           return area.name == name && !area.covered;
         });
}

int HeadlessPlatform::count(std::string_view role) const {
  const auto nodes = mirror_nodes();
  return static_cast<int>(
      std::count_if(nodes.begin(), nodes.end(), [&](const MirrorNode& node) { return node.role == role; }));
}

std::string HeadlessPlatform::value_of(std::string_view role, std::string_view name) const {
  for (const LongTextArea& area : long_text_areas()) {
    if (role == "textbox" && area.name == name) return area.text;
  }
  const auto nodes = mirror_nodes();
  return std::string(node_named(nodes, role, name).attribute("value"));
}

}  // namespace dits
