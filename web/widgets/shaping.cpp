#include "web/widgets/shaping.hpp"

#include <string>
#include <unordered_map>

#include "imgui_internal.h"
#include "web/platform/glyphs.hpp"
#include "web/widgets/text_runs.hpp"

namespace dits::widgets {

namespace {

constexpr std::size_t most_kept = 4096;
constexpr std::size_t longest_kept = 1024;

// Whether it may have characters that stand for runs here.
bool has_run_glyphs(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const bool is_lead = static_cast<unsigned char>(text[at]) == 0xEF;
    if (is_lead && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
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
  if (is_plain || (!has_run_glyphs(text) && text_runs(text).empty())) return text;
  static std::unordered_map<std::string, std::string> kept;
  static unsigned generation = 0;
  if (generation != run_glyph_generation() || kept.size() >= most_kept) kept.clear();
  generation = run_glyph_generation();
  std::string key(text);
  const auto found = kept.find(key);
  if (found != kept.end()) return found->second;
  std::string out = made(text);
  if (generation != run_glyph_generation()) {
    // Runs were forgotten in the middle of it: what stands for its first ones means others now.
    kept.clear();
    out = made(text);
    generation = run_glyph_generation();
  }
  static std::string last;  // of a text that is too long to be kept
  if (text.size() > longest_kept) return last = std::move(out);
  return kept.insert_or_assign(std::move(key), std::move(out)).first->second;
}

}  // namespace dits::widgets
