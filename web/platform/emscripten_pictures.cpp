// Pictures as textures of WebGL, at most so many at a time.
#include <algorithm>
#include <unordered_map>

#include <GLES3/gl3.h>
#include <emscripten.h>

#include "web/platform/emscripten_bridge.hpp"
#include "web/platform/pictures.hpp"

namespace dits {

namespace {

constexpr std::size_t most_pictures = 64;

struct Kept {
  Picture picture;
  int handle = 0;
  int last_frame = 0;  // in which it was asked for
};

std::unordered_map<std::string, Kept>& kept_pictures() {
  static std::unordered_map<std::string, Kept> pictures;
  return pictures;
}

void drop_texture(const Kept& kept) {
  const auto name = static_cast<GLuint>(kept.picture.texture);
  if (name != 0) glDeleteTextures(1, &name);
}

// The one that was not asked for longest goes, unless this frame shows it.
void make_room(int frame) {
  auto& all = kept_pictures();
  if (all.size() < most_pictures) return;
  const auto oldest = std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.second.last_frame < b.second.last_frame;
  });
  if (oldest->second.last_frame >= frame - 1) return;
  drop_texture(oldest->second);
  all.erase(oldest);
}

}  // namespace

Picture picture_at(const std::string& url) {
  const int frame = ImGui::GetFrameCount();
  auto& all = kept_pictures();
  auto found = all.find(url);
  if (found == all.end()) {
    make_room(frame);
    static int last_handle = 0;
    found = all.emplace(url, Kept{{}, ++last_handle, frame}).first;
    web_picture(found->second.handle, url.c_str());
  }
  found->second.last_frame = frame;
  return found->second.picture;
}

void forget_pictures() { kept_pictures().clear(); }

}  // namespace dits

extern "C" {

EMSCRIPTEN_KEEPALIVE void platform_picture(int handle, int width, int height) {
  for (auto& [url, kept] : dits::kept_pictures()) {
    if (kept.handle != handle) continue;
    dits::Picture& picture = kept.picture;
    picture.state = width > 0 && height > 0 ? dits::Picture::State::ready : dits::Picture::State::failed;
    picture.width = static_cast<float>(width);
    picture.height = static_cast<float>(height);
    if (picture.state == dits::Picture::State::ready) {
      GLuint name = 0;
      glGenTextures(1, &name);
      web_picture_to_texture(handle, static_cast<int>(name));
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
      picture.texture = name;
    }
    dits::request_animation_frames(2);
    return;
  }
}
}
