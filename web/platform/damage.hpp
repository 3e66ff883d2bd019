// Which parts of the canvas look different from the picture before: only these are drawn anew. Without a
// graphics card the pixels that are drawn are most of what a frame costs.
#pragma once

#include <cstdint>
#include <vector>

#include "imgui.h"

namespace dits {

// Pixels of the canvas, from the upper left; right and bottom are the first outside.
struct PixelBox {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  bool is_empty() const { return right <= left || bottom <= top; }
  long long area() const {
    return is_empty() ? 0 : static_cast<long long>(right - left) * static_cast<long long>(bottom - top);
  }
  bool operator==(const PixelBox& other) const {
    return left == other.left && top == other.top && right == other.right && bottom == other.bottom;
  }
};

PixelBox both(const PixelBox& one, const PixelBox& other);    // what lies in both
PixelBox around(const PixelBox& one, const PixelBox& other);  // the smallest that holds both

// The pixels that a command of `data` may draw on.
PixelBox clip_of(const ImDrawCmd& command, const ImDrawData& data, int pixel_width, int pixel_height);

struct Repaint {
  std::vector<PixelBox> boxes;  // to be drawn anew; none: the picture is the same
  std::vector<PixelBox> reach;  // of each command of each list, in their order: where it draws at all
};

// Remembers of a picture a hash for each tile of the canvas: of what touches it, in its order,
// with their colours, their textures' names and what they are clipped by.
class Damage {
 public:
  // How a canvas of this size that shows the picture of the call before comes to show `data`. Textures are
  // known by their names: who changes what is in one calls forget().
  Repaint repaint(const ImDrawData& data, int pixel_width, int pixel_height);

  // Between these points of the texture other pixels stand since the picture before.
  void texture_changed(ImTextureID texture, ImVec2 uv_min, ImVec2 uv_max);

  // The next picture is drawn as a whole.
  void forget() { shown_.clear(); }

 private:
  struct TexturePart {
    ImTextureID texture;
    ImVec2 uv_min;
    ImVec2 uv_max;
  };

  bool shows_changed_part(ImTextureID texture, ImVec2 uv_min, ImVec2 uv_max) const;

  std::vector<TexturePart> changed_parts_;  // since the picture before
  std::uint64_t pictures_ = 0;
  std::vector<std::uint64_t> shown_;
  std::vector<std::uint64_t> next_;
  int pixel_width_ = 0;
  int pixel_height_ = 0;
};

}  // namespace dits
