// In tests the program ends when a test says so.
#include "web/platform/drawing.hpp"
#include "web/platform/headless.hpp"

namespace dits {

EndedDrawings& ended_drawings() {
  static EndedDrawings all;
  return all;
}

Drawing::Drawing(const std::string& name) { ended_drawings().begun.push_back(name); }
Drawing::~Drawing() = default;

bool has_ended_drawing(const std::string& name) { return ended_drawings().names.contains(name); }
void forgive_drawing(const std::string& name) { ended_drawings().names.erase(name); }

}  // namespace dits
