// Pictures that our own server gives, for drawing. Immediate mode: ask for one in each frame that shows it;
// it is loaded with the first question, and a frame follows when it is there. Those that were not asked for
// lately make room.
#pragma once

#include <string>

#include "imgui.h"

namespace dits {

struct Picture {
  enum class State { loading, ready, failed };
  State state = State::loading;
  float width = 0;  // its own, in pixels; once it is ready
  float height = 0;
  ImTextureID texture = ImTextureID_Invalid;
};

// `url` is a path of our own server.
Picture picture_at(const std::string& url);

}  // namespace dits
