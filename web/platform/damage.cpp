#include "web/platform/damage.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace dits {

namespace {

constexpr int tile_width = 64;
constexpr int tile_height = 16;
// Each box draws the commands that reach into it once more, so there are few; what a box may take in that is
// as it was before it becomes two.
constexpr std::size_t most_boxes = 6;
constexpr long long most_wasted_pixels = 16LL * tile_width * tile_height;

class Hash {
 public:
  explicit Hash(std::uint64_t seed) : value_(seed) {}
  void mix(std::uint64_t word) {
    value_ = (value_ ^ word) * 1099511628211ULL;
    value_ ^= value_ >> 29;
  }
  template <typename T>
  void add(const T& value) {
    static_assert(sizeof value == sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, &value, sizeof word);
    mix(word);
  }
  void add(const ImDrawVert& vertex) {
    add(vertex.pos);
    add(vertex.uv);
    mix(vertex.col);
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_;
};

constexpr std::uint64_t hash_seed = 1469598103934665603ULL;

int tiles_of(int pixels, int size) { return (pixels + size - 1) / size; }

// Whole pixels from `low` on; what is no number is `low`.
int pixel_of(float value, int low, int high) {
  if (!(value > static_cast<float>(low))) return low;
  return value < static_cast<float>(high) ? static_cast<int>(value) : high;
}

// Two triangles that share an edge, as Dear ImGui writes letters and rectangles (the corners 0 1 2 and 0 2
// 3), or one.
struct Shape {
  std::array<const ImDrawVert*, 4> corners;
  unsigned count;
};

Shape shape_at(const ImDrawVert* vertices, const ImDrawIdx* indices, unsigned left) {
  Shape shape = {{vertices + indices[0], vertices + indices[1], vertices + indices[2], nullptr}, 3};
  if (left >= 6 && indices[3] == indices[0] && indices[4] == indices[2]) {
    shape.corners[3] = vertices + indices[5];
    shape.count = 4;
  }
  return shape;
}

struct Extent {
  ImVec2 least;
  ImVec2 most;
};

template <ImVec2 ImDrawVert::*member>
Extent extent_of(const Shape& shape) {
  Extent extent = {shape.corners[0]->*member, shape.corners[0]->*member};
  auto& [least, most] = extent;
  for (unsigned at = 1; at < shape.count; ++at) {
    const ImVec2 corner = shape.corners[at]->*member;
    least = {corner.x < least.x ? corner.x : least.x, corner.y < least.y ? corner.y : least.y};
    most = {corner.x > most.x ? corner.x : most.x, corner.y > most.y ? corner.y : most.y};
  }
  return extent;
}

// The pixels that it may touch, within `clip`.
PixelBox bounds_of(const Shape& shape, const ImDrawData& data, const PixelBox& clip) {
  const auto [least, most] = extent_of<&ImDrawVert::pos>(shape);
  const auto x = [&](float value) { return (value - data.DisplayPos.x) * data.FramebufferScale.x; };
  const auto y = [&](float value) { return (value - data.DisplayPos.y) * data.FramebufferScale.y; };
  return {pixel_of(x(least.x), clip.left, clip.right),
          pixel_of(y(least.y), clip.top, clip.bottom),
          pixel_of(x(most.x) + 1, clip.left, clip.right),
          pixel_of(y(most.y) + 1, clip.top, clip.bottom)};
}

// A hash for each tile. What touches the same tiles one after the other, such as the lines of a letter, goes
// into them together: most of the work is in the tiles that large shapes touch.
class Tiles {
 public:
  Tiles(std::vector<std::uint64_t>& hashes, int columns) : hashes_(hashes), columns_(columns) {}

  void add(const PixelBox& bounds, std::uint64_t hash) {
    const PixelBox touched = {bounds.left / tile_width,
                              bounds.top / tile_height,
                              (bounds.right - 1) / tile_width,
                              (bounds.bottom - 1) / tile_height};
    if (!(touched == touched_)) {
      write();
      touched_ = touched;
    }
    gathered_.mix(hash);
  }

  void write() {
    for (int row = touched_.top; row <= touched_.bottom; ++row) {
      std::uint64_t* const first = hashes_.data() + static_cast<std::ptrdiff_t>(row) * columns_;
      for (int column = touched_.left; column <= touched_.right; ++column) {
        Hash together(first[column]);
        together.mix(gathered_.value());
        first[column] = together.value();
      }
    }
    touched_ = nothing;
    gathered_ = Hash(hash_seed);
  }

 private:
  static constexpr PixelBox nothing = {0, 0, -1, -1};

  std::vector<std::uint64_t>& hashes_;
  int columns_;
  PixelBox touched_ = nothing;  // columns and rows of tiles, the last ones included
  Hash gathered_{hash_seed};
};

void add_to(std::vector<PixelBox>& boxes, const PixelBox& box) {
  PixelBox* best = nullptr;
  long long least = 0;
  for (PixelBox& each : boxes) {
    const long long wasted = around(each, box).area() - each.area() - box.area();
    if (best == nullptr || wasted < least) {
      best = &each;
      least = wasted;
    }
  }
  if (best != nullptr && (least <= most_wasted_pixels || boxes.size() == most_boxes))
    *best = around(*best, box);
  else
    boxes.push_back(box);
}

}  // namespace

PixelBox both(const PixelBox& one, const PixelBox& other) {
  return {std::max(one.left, other.left),
          std::max(one.top, other.top),
          std::min(one.right, other.right),
          std::min(one.bottom, other.bottom)};
}

PixelBox around(const PixelBox& one, const PixelBox& other) {
  if (one.is_empty()) return other;
  if (other.is_empty()) return one;
  return {std::min(one.left, other.left),
          std::min(one.top, other.top),
          std::max(one.right, other.right),
          std::max(one.bottom, other.bottom)};
}

PixelBox clip_of(const ImDrawCmd& command, const ImDrawData& data, int pixel_width, int pixel_height) {
  const auto x = [&](float value) {
    return pixel_of((value - data.DisplayPos.x) * data.FramebufferScale.x, 0, pixel_width);
  };
  const auto y = [&](float value) {
    return pixel_of((value - data.DisplayPos.y) * data.FramebufferScale.y, 0, pixel_height);
  };
  return {x(command.ClipRect.x), y(command.ClipRect.y), x(command.ClipRect.z), y(command.ClipRect.w)};
}

void Damage::texture_changed(ImTextureID texture, ImVec2 uv_min, ImVec2 uv_max) {
  changed_parts_.push_back({texture, uv_min, uv_max});
}

bool Damage::shows_changed_part(ImTextureID texture, ImVec2 uv_min, ImVec2 uv_max) const {
  return std::any_of(changed_parts_.begin(), changed_parts_.end(), [&](const TexturePart& part) {
    return part.texture == texture && uv_min.x <= part.uv_max.x && uv_max.x >= part.uv_min.x &&
           uv_min.y <= part.uv_max.y && uv_max.y >= part.uv_min.y;
  });
}

Repaint Damage::repaint(const ImDrawData& data, int pixel_width, int pixel_height) {
  const int columns = tiles_of(pixel_width, tile_width);
  const int rows = tiles_of(pixel_height, tile_height);
  Repaint repaint;
  ++pictures_;
  next_.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), hash_seed);
  const auto tile_at = [&](int row, int column) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(column);
  };
  Tiles tiles(next_, columns);
  for (const ImDrawList* list : data.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const PixelBox clip = clip_of(command, data, pixel_width, pixel_height);
      PixelBox& reach = repaint.reach.emplace_back();
      if (clip.is_empty()) continue;
      Hash drawn_with(hash_seed);
      drawn_with.add(std::array<int, 2>{clip.left, clip.top});
      drawn_with.add(std::array<int, 2>{clip.right, clip.bottom});
      drawn_with.mix(static_cast<std::uint64_t>(command.GetTexID()));
      const ImDrawVert* vertices = list->VtxBuffer.Data + command.VtxOffset;
      const ImDrawIdx* indices = list->IdxBuffer.Data + command.IdxOffset;
      unsigned taken = 0;
      for (unsigned at = 0; at + 2 < command.ElemCount; at += taken) {
        const Shape shape = shape_at(vertices, indices + at, command.ElemCount - at);
        taken = shape.count == 4 ? 6 : 3;
        const PixelBox bounds = bounds_of(shape, data, clip);
        if (bounds.is_empty()) continue;
        reach = around(reach, bounds);
        Hash drawn = drawn_with;
        drawn.mix(shape.count);
        for (unsigned corner = 0; corner < shape.count; ++corner) drawn.add(*shape.corners[corner]);
        if (!changed_parts_.empty()) {
          const auto [uv_min, uv_max] = extent_of<&ImDrawVert::uv>(shape);
          if (shows_changed_part(command.GetTexID(), uv_min, uv_max)) drawn.mix(pictures_);
        }
        tiles.add(bounds, drawn.value());
      }
      tiles.write();
    }
  }
  if (shown_.size() != next_.size() || pixel_width != pixel_width_ || pixel_height != pixel_height_) {
    repaint.boxes.push_back({0, 0, pixel_width, pixel_height});
  } else {
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        if (shown_[tile_at(row, column)] == next_[tile_at(row, column)]) continue;
        const int first = column;
        while (column + 1 < columns && shown_[tile_at(row, column + 1)] != next_[tile_at(row, column + 1)])
          ++column;
        add_to(repaint.boxes,
               {first * tile_width,
                row * tile_height,
                std::min((column + 1) * tile_width, pixel_width),
                std::min((row + 1) * tile_height, pixel_height)});
      }
    }
  }
  shown_.swap(next_);
  changed_parts_.clear();
  pixel_width_ = pixel_width;
  pixel_height_ = pixel_height;
  return repaint;
}

}  // namespace dits
