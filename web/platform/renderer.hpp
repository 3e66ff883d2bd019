// Draws Dear ImGui's frames with WebGL 2. The backend that comes with Dear ImGui asks for some 25 pieces of
// state and sets them back in every frame, and each question waits for the browser's other process; here
// nobody else draws, so that the state is known: no query, one vertex array, two uploads a frame.
#pragma once

#include "imgui.h"

namespace dits::renderer {

// Tells Dear ImGui what this can do. After the context was made current.
void open();

// Draws all of it on a canvas of this many pixels. Makes its program and buffers when they are missing.
void draw(ImDrawData& data, int pixel_width, int pixel_height);

// The context was lost, and with it all that was made; the next draw() makes it again.
void forget();

}  // namespace dits::renderer
