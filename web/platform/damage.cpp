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
    static_assert(sizeof value % sizeof(std::uint32_t) == 0);
    std::array<std::uint32_t, sizeof value / sizeof(std::uint32_t)> words{};
    std::memcpy(words.data(), &value, sizeof value);
    for (std::size_t at = 0; at + 1 < words.size(); at += 2)
      mix(static_cast<std::uint64_t>(words[at]) << 32 | words[at + 1]);
    if (words.size() % 2 == 1) mix(words.back());
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

// The pixels that a triangle may touch, within `clip`.
PixelBox bounds_of(const std::array<ImDrawVert, 3>& corners, const ImDrawData& data, const PixelBox& clip) {
  const auto [left, right] = std::minmax({corners[0].pos.x, corners[1].pos.x, corners[2].pos.x});
  const auto [top, bottom] = std::minmax({corners[0].pos.y, corners[1].pos.y, corners[2].pos.y});
  const auto x = [&](float value) { return (value - data.DisplayPos.x) * data.FramebufferScale.x; };
  const auto y = [&](float value) { return (value - data.DisplayPos.y) * data.FramebufferScale.y; };
  return {pixel_of(x(left), clip.left, clip.right),
          pixel_of(y(top), clip.top, clip.bottom),
          pixel_of(x(right) + 1, clip.left, clip.right),
          pixel_of(y(bottom) + 1, clip.top, clip.bottom)};
}

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

bool Damage::shows_changed_part(ImTextureID texture,
                                const ImDrawVert& a,
                                const ImDrawVert& b,
                                const ImDrawVert& c) const {
  const auto [left, right] = std::minmax({a.uv.x, b.uv.x, c.uv.x});
  const auto [top, bottom] = std::minmax({a.uv.y, b.uv.y, c.uv.y});
  return std::any_of(changed_parts_.begin(),
                     changed_parts_.end(),
                     [&, left = left, right = right, top = top, bottom = bottom](const TexturePart& part) {
                       return part.texture == texture && left <= part.uv_max.x && right >= part.uv_min.x &&
                              top <= part.uv_max.y && bottom >= part.uv_min.y;
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
  for (const ImDrawList* list : data.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const PixelBox clip = clip_of(command, data, pixel_width, pixel_height);
      PixelBox& reach = repaint.reach.emplace_back();
      if (clip.is_empty()) continue;
      Hash drawn_with(hash_seed);
      drawn_with.add(clip);
      drawn_with.mix(static_cast<std::uint64_t>(command.GetTexID()));
      const ImDrawVert* vertices = list->VtxBuffer.Data + command.VtxOffset;
      const ImDrawIdx* indices = list->IdxBuffer.Data + command.IdxOffset;
      for (unsigned at = 0; at + 2 < command.ElemCount; at += 3) {
        const std::array<ImDrawVert, 3> corners = {
            vertices[indices[at]], vertices[indices[at + 1]], vertices[indices[at + 2]]};
        const PixelBox bounds = bounds_of(corners, data, clip);
        if (bounds.is_empty()) continue;
        reach = around(reach, bounds);
        Hash triangle(drawn_with.value());
        triangle.add(corners);
        if (!changed_parts_.empty() &&
            shows_changed_part(command.GetTexID(), corners[0], corners[1], corners[2]))
          triangle.mix(pictures_);
        for (int row = bounds.top / tile_height; row <= (bounds.bottom - 1) / tile_height; ++row) {
          for (int column = bounds.left / tile_width; column <= (bounds.right - 1) / tile_width; ++column) {
            std::uint64_t& tile = next_[tile_at(row, column)];
            Hash together(tile);
            together.mix(triangle.value());
            tile = together.value();
          }
        }
      }
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
