#include "web/widgets/shaping.hpp"

#include <string>
#include <unordered_map>

#include "imgui_internal.h"
#include "web/platform/glyphs.hpp"
#include "web/widgets/text_runs.hpp"

namespace dits::widgets {

namespace {

constexpr std::size_t most_kept = 4096;

bool has_private_use(std::string_view text) {
  // U+E000 to U+F8FF.
  for (const char c : text) {
    if (static_cast<unsigned char>(c) == 0xEE || static_cast<unsigned char>(c) == 0xEF) return true;
  }
  return false;
}

// A text's own characters of that area have no picture anywhere.
void append_plain(std::string& out, std::string_view text) {
  while (!text.empty()) {
    unsigned int code = 0;
    const int size = ImTextCharFromUtf8(&code, text.data(), text.data() + text.size());
    const auto count = static_cast<std::size_t>(size > 0 ? size : 1);
    if (code >= first_run_glyph && code <= last_run_glyph) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, count);
    }
    text.remove_prefix(count);
  }
}

std::string made(std::string_view text) {
  std::string out;
  const std::vector<TextRun> runs = text_runs(text);
  for (const TextRun& run : runs) {
    const unsigned glyph = run.is_shaped ? glyph_of_run(run.text) : 0;
    if (glyph == 0) {
      append_plain(out, run.text);
      continue;
    }
    char bytes[5] = {};
    ImTextCharToUtf8(bytes, glyph);
    out += bytes;
  }
  if (runs.empty()) append_plain(out, text);
  return out;
}

}  // namespace

std::string_view shaped(std::string_view text) {
  bool is_plain = true;
  for (const char c : text) is_plain = is_plain && static_cast<unsigned char>(c) < 0xCC;
  if (is_plain || (!has_private_use(text) && text_runs(text).empty())) return text;
  static std::unordered_map<std::string, std::string> kept;
  static unsigned generation = 0;
  if (generation != run_glyph_generation() || kept.size() >= most_kept) kept.clear();
  generation = run_glyph_generation();
  std::string key(text);
  const auto found = kept.find(key);
  if (found != kept.end()) return found->second;
  std::string out = made(text);
  if (generation != run_glyph_generation()) kept.clear();
  generation = run_glyph_generation();
  return kept.insert_or_assign(std::move(key), std::move(out)).first->second;
}

}  // namespace dits::widgets
