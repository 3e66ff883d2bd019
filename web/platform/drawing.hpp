// What was being drawn when the program ended: remembered beyond its end, so that what ended it is not drawn
// the same way when it starts again.
#pragma once

#include <string>

namespace dits {

// While it lives, the end of the program is put down to what has this name. The first one of a name leaves a
// mark that stays when the browser itself ends.
class Drawing {
 public:
  explicit Drawing(const std::string& name);
  ~Drawing();
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
};

// Whether the program ended in this browser while this was drawn.
bool has_ended_drawing(const std::string& name);
// It is drawn again as it should be.
void forgive_drawing(const std::string& name);

}  // namespace dits
