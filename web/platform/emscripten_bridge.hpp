// The functions of library.js and library_*.js, and what the files of the browser's platform share.
#pragma once

#include "imgui.h"

extern "C" {
void web_start();
void web_fonts();
void web_first_frame();
void web_stats(
    int frames, int skipped, double logic_ms, double render_ms, double key_ms, double drawn_pixels);
void web_call_after(int handle, int ms);
void web_wake_after(int ms);
void web_navigate(const char* path, bool replace);
void web_go_back();
void web_set_title(const char* title);
void web_set_cursor(int cursor);
void web_offer_copy(const char* text);
void web_copy(const char* text);
bool web_is_mac();
double web_now();
int web_utc_offset(double unix_ms);
void web_random(void* out, int size);
void web_download(const char* name, const char* type, const char* bytes, int size);
void web_open_external(const char* url);

void web_pick_files();
void web_save_url(const char* url, const char* name);
void web_picture(int handle, const char* url);
void web_picture_to_texture(int handle, int texture);

void web_drawing(const char* name, bool is_first);
void web_drawn();
void web_forgive_drawing(const char* name);
char* web_ended_drawings();  // a line each; to be freed

void web_caret(bool wanted, float x, float y, float height);
int web_is_foreign_field_focused();
void web_leave_foreign_field();
int web_kind_under_pointer(int x, int y);

void web_mirror(const char* text, int size);
void web_announce(const char* sentence);
ImGuiID web_mirror_focus_of_reader();

// `holes`: left, top, right and bottom of each.
void web_area(ImGuiID id,
              const float* numbers,
              const char* name,
              const char* placeholder,
              const ImU32* colors,
              const float* holes,
              int hole_count,
              int flags,
              int revision,
              const char* text);
void web_areas_shown();
void web_area_write_in_place(const char* before, const char* written, int back);
// A markdown::Stroke where the caret is; true when the text took it.
bool web_area_stroke(int stroke);
// In UTF-16: what is replaced, and what is selected then.
void web_area_edit(int begin, int end, const char* text, int after_begin, int after_end);
void web_area_caret(ImGuiID id, float* x_y_height);

float web_glyph_advance(const char* text, float pixels, unsigned weight, bool mono);
bool web_glyph(const char* text, float pixels, unsigned weight, bool mono, int* out, unsigned char** rgba);

void web_fetch(int handle,
               const char* method,
               const char* url,
               const char* headers,
               const char* body,
               int size,
               int timeout_ms);
void web_abort(int handle);
void web_open_stream(int handle, const char* url, const char* last_id);
void web_close_stream(int handle);

void web_storage_get(int handle, const char* key);
void web_storage_list(int handle, const char* prefix);
void web_storage_put(int handle, const char* key, const char* value, int size);
void web_storage_remove(int handle, const char* key);
void web_storage_clear(int handle, const char* prefix);
void web_tell_tabs(const char* text);
void web_hear_tabs();
bool web_storage_is_durable();
void web_claim_tab(int handle);
void web_claim_ended_tab(int handle, const char* tab);

void web_look_for_version();
void web_load_version();
}

namespace dits {

// ---- emscripten_frames.cpp
bool open_graphics();
void request_animation_frames(int count);
// Draws without showing, until all input is worked off: for event handlers whose outcome the browser waits
// for.
void run_logic();
// A whole frame, with the mirror and the text areas: what has the caret in the app has the keyboard then.
void draw_at_once();
void show_mirror_again();  // even when it says the same
void note_input();         // begins the measurement of key_to_frame_ms

// ---- emscripten_pictures.cpp
void forget_pictures();  // their textures are gone

// ---- emscripten_input.cpp
void listen_to_input();
void connect_text_input();  // clipboard and input method of the ImGui context
bool is_text_wanted();

}  // namespace dits
