// Letters that come before the field that they are for can take them: Tab moves the keyboard, and the next
// field is ready some frames later, while a quick hand is there at once.
#pragma once

namespace dits::widgets {

// Tab moves the keyboard in this frame.
void begin_typed_ahead();

// At the end of each frame: letters that nobody could take come again in the next one, before whatever was
// typed after them. True when there are such.
bool keep_typed_ahead();

}  // namespace dits::widgets
