// What was being drawn when the program ended, kept by library_drawing.js.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>

#include "web/platform/drawing.hpp"
#include "web/platform/emscripten_bridge.hpp"

namespace dits {

namespace {

std::unordered_set<std::string> read_ended() {
  std::unordered_set<std::string> names;
  char* lines = web_ended_drawings();
  std::string_view rest = lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    names.emplace(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::free(lines);  // NOLINT(cppcoreguidelines-no-malloc): made by the browser's side
  return names;
}

std::unordered_set<std::string>& ended() {
  static std::unordered_set<std::string> names = read_ended();
  return names;
}

}  // namespace

Drawing::Drawing(const std::string& name) {
  static std::unordered_set<std::string> begun;
  web_drawing(name.c_str(), begun.insert(name).second);
}

Drawing::~Drawing() { web_drawing("", false); }

bool has_ended_drawing(const std::string& name) { return ended().contains(name); }

void forgive_drawing(const std::string& name) {
  if (ended().erase(name) > 0) web_forgive_drawing(name.c_str());
}

}  // namespace dits
