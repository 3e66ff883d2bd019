// Puts the embedded fonts into ImGui's atlas.
#include "web/theme/fonts.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>

#include "web/theme/fonts_data.hpp"

namespace dits::theme {

namespace {

constexpr std::size_t face_count = 6;
std::array<ImFont*, face_count> faces{};

// A negative size makes ImGui's loader scale by the em square, as CSS does, and not by ascent plus descent.
constexpr float reference_size = -13;
// ImGui multiplies this limit with size / reference size, which is negative here: its default would cut every
// advance away.
constexpr float no_advance_limit = -1e30F;

void add_source(std::span<const std::byte> data, const char* name, bool merge) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.MergeMode = merge;
  config.SizePixels = reference_size;
  config.GlyphMaxAdvanceX = no_advance_limit;
  config.FontData = const_cast<std::byte*>(data.data());  // ImGui reads it only
  config.FontDataSize = static_cast<int>(data.size());
  std::snprintf(config.Name, sizeof config.Name, "%s", name);
  ImGui::GetIO().Fonts->AddFont(&config);
}

// One face: its own glyphs, then those of Inter (key names such as the return arrow), then the browser's.
ImFont* add_face(std::span<const std::byte> data,
                 const char* name,
                 bool with_inter,
                 const ImFontLoader* fallback) {
  add_source(data, name, false);
  if (with_inter) add_source(fonts::inter_regular(), "Inter behind it", true);
  if (fallback) {
    ImFontConfig rest;
    rest.MergeMode = true;
    rest.FontLoader = fallback;
    rest.SizePixels = reference_size;
    rest.GlyphMaxAdvanceX = no_advance_limit;
    std::snprintf(rest.Name, sizeof rest.Name, "%s and the browser", name);
    ImGui::GetIO().Fonts->AddFont(&rest);
  }
  return ImGui::GetIO().Fonts->Fonts.back();
}

}  // namespace

void load_fonts(const ImFontLoader* fallback) {
  faces = {add_face(fonts::inter_regular(), "Inter", false, fallback),
           add_face(fonts::inter_medium(), "Inter Medium", false, fallback),
           add_face(fonts::inter_semibold(), "Inter SemiBold", false, fallback),
           add_face(fonts::mono_regular(), "JetBrains Mono", true, fallback),
           add_face(fonts::mono_medium(), "JetBrains Mono Medium", true, fallback),
           add_face(fonts::icons(), "Lucide", false, nullptr)};
  ImGui::GetIO().FontDefault = faces[0];
}

void use_pixel_density(float density) {
  for (ImFont* each : faces) each->CurrentRasterizerDensity = density;
}

ImFont* font(Face face) { return faces[static_cast<std::size_t>(face)]; }

}  // namespace dits::theme
