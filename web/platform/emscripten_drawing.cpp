// What was being drawn when the program ended, kept by library_drawing.js.
#include <cstdlib>
#include <sstream>
#include <string>
#include <unordered_set>

#include "web/platform/drawing.hpp"
#include "web/platform/emscripten_bridge.hpp"

namespace dits {

namespace {

std::unordered_set<std::string> read_ended() {
  std::unordered_set<std::string> names;
  char* text = web_ended_drawings();
  std::istringstream lines(text);
  std::free(text);  // NOLINT(cppcoreguidelines-no-malloc): made by the browser's side
  for (std::string name; std::getline(lines, name);) names.insert(name);
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
