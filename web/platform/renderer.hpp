// Draws Dear ImGui's frames with WebGL 2. The backend that comes with Dear ImGui asks for some 25 pieces of
// state and sets them back in every frame, and each question waits for the browser's other process; here
// nobody else draws, so that the state is known: no query, one vertex array, two uploads a frame. The canvas
// keeps its picture, and only what differs is drawn anew (damage.hpp).
#pragma once

#include "imgui.h"

namespace dits::renderer {

// Tells Dear ImGui what this can do. After the context was made current.
void open();

// Makes a canvas of this many pixels show it. Makes its program and buffers when they are missing. Returns
// the pixels that were drawn: 0 when the canvas showed it before.
long long draw(const ImDrawData& data, int pixel_width, int pixel_height);

// The canvas has lost its picture: the next draw() draws all of it.
void redraw();

// The context was lost, and with it all that was made; the next draw() makes it again.
void forget();

}  // namespace dits::renderer
