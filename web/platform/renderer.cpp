#include "web/platform/renderer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <GLES3/gl3.h>

#include "web/platform/damage.hpp"

namespace dits::renderer {

namespace {

constexpr const char* vertex_shader = R"(#version 300 es
precision highp float;
layout (location = 0) in vec2 position;
layout (location = 1) in vec2 uv;
layout (location = 2) in vec4 color;
uniform vec4 display;  // offset, 2 / size
out vec2 vertex_uv;
out vec4 vertex_color;
void main() {
  vertex_uv = uv;
  vertex_color = color;
  vec2 at = (position - display.xy) * display.zw;
  gl_Position = vec4(at.x - 1.0, 1.0 - at.y, 0.0, 1.0);
})";

constexpr const char* fragment_shader = R"(#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 vertex_uv;
in vec4 vertex_color;
layout (location = 0) out vec4 pixel;
void main() { pixel = vertex_color * texture(picture, vertex_uv); })";

constexpr GLenum index_type = sizeof(ImDrawIdx) == 2 ? GL_UNSIGNED_SHORT : GL_UNSIGNED_INT;

struct Objects {
  GLuint program = 0;
  GLint display = -1;
  GLuint vertex_array = 0;
  GLuint vertices = 0;
  GLuint indices = 0;
};

Objects objects;
Damage damage;
std::vector<std::byte> upload;  // the frame's vertices or indices, in one piece; kept for the next frame

const void* offset_pointer(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

GLuint compiled(GLenum kind, const char* text) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &text, nullptr);
  glCompileShader(shader);
  return shader;
}

// Everything that stays as it is from frame to frame.
void make_objects() {
  objects.program = glCreateProgram();
  for (const GLuint shader :
       {compiled(GL_VERTEX_SHADER, vertex_shader), compiled(GL_FRAGMENT_SHADER, fragment_shader)}) {
    glAttachShader(objects.program, shader);
    glDeleteShader(shader);  // goes with the program
  }
  glLinkProgram(objects.program);
  objects.display = glGetUniformLocation(objects.program, "display");
  glUseProgram(objects.program);
  glUniform1i(glGetUniformLocation(objects.program, "picture"), 0);
  glGenVertexArrays(1, &objects.vertex_array);
  glGenBuffers(1, &objects.vertices);
  glGenBuffers(1, &objects.indices);
  glBindVertexArray(objects.vertex_array);
  glBindBuffer(GL_ARRAY_BUFFER, objects.vertices);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, objects.indices);
  for (const GLuint location : {0U, 1U, 2U}) glEnableVertexAttribArray(location);
  glActiveTexture(GL_TEXTURE0);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDisable(GL_CULL_FACE);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_STENCIL_TEST);
  glEnable(GL_SCISSOR_TEST);
}

void point_at_vertices(std::size_t first_byte) {
  const auto attribute =
      [&](GLuint location, GLint count, GLenum type, GLboolean normalised, std::size_t at) {
        glVertexAttribPointer(
            location, count, type, normalised, sizeof(ImDrawVert), offset_pointer(first_byte + at));
      };
  attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, pos));
  attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, uv));
  attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(ImDrawVert, col));
}

void update_texture(ImTextureData& texture) {
  if (texture.Status == ImTextureStatus_WantCreate) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glTexImage2D(GL_TEXTURE_2D,
                 0,
                 GL_RGBA,
                 texture.Width,
                 texture.Height,
                 0,
                 GL_RGBA,
                 GL_UNSIGNED_BYTE,
                 texture.GetPixels());
    texture.SetTexID(static_cast<ImTextureID>(name));
    texture.SetStatus(ImTextureStatus_OK);
  } else if (texture.Status == ImTextureStatus_WantUpdates) {
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture.TexID));
    glPixelStorei(GL_UNPACK_ROW_LENGTH, texture.Width);
    for (const ImTextureRect& part : texture.Updates) {
      glTexSubImage2D(GL_TEXTURE_2D,
                      0,
                      part.x,
                      part.y,
                      part.w,
                      part.h,
                      GL_RGBA,
                      GL_UNSIGNED_BYTE,
                      texture.GetPixelsAt(part.x, part.y));
    }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    texture.SetStatus(ImTextureStatus_OK);
  } else if (texture.Status == ImTextureStatus_WantDestroy && texture.UnusedFrames > 0) {
    const auto name = static_cast<GLuint>(texture.TexID);
    glDeleteTextures(1, &name);
    texture.SetTexID(ImTextureID_Invalid);
    texture.SetStatus(ImTextureStatus_Destroyed);
  }
}

// Copies what `of` names from every list behind each other and sends it in one piece: the old store is
// dropped (orphaned), so that nothing waits for the frame before.
template <typename Of>
void send(GLenum target, const ImDrawData& data, const Of& of) {
  std::size_t bytes = 0;
  for (const ImDrawList* list : data.CmdLists) bytes += static_cast<std::size_t>(of(*list).size_in_bytes());
  if (upload.size() < bytes) upload.resize(bytes);
  std::size_t at = 0;
  for (const ImDrawList* list : data.CmdLists) {
    const auto* begin = reinterpret_cast<const std::byte*>(of(*list).Data);
    const auto size = static_cast<std::size_t>(of(*list).size_in_bytes());
    std::copy(begin, begin + size, upload.begin() + static_cast<std::ptrdiff_t>(at));
    at += size;
  }
  glBufferData(target, static_cast<GLsizeiptr>(bytes), upload.data(), GL_STREAM_DRAW);
}

// WebGL counts from the lower left.
void scissor(const PixelBox& box, int pixel_height) {
  glScissor(box.left, pixel_height - box.bottom, box.right - box.left, box.bottom - box.top);
}

void update_textures(const ImDrawData& data) {
  if (data.Textures == nullptr) return;
  for (ImTextureData* texture : *data.Textures) {
    if (texture->Status == ImTextureStatus_OK) continue;
    if (texture->Status == ImTextureStatus_WantUpdates) {
      const auto at = [&](int x, int y) {
        return ImVec2(static_cast<float>(x) / static_cast<float>(texture->Width),
                      static_cast<float>(y) / static_cast<float>(texture->Height));
      };
      // With the pixels beside it, which its edges are mixed with.
      for (const ImTextureRect& part : texture->Updates)
        damage.texture_changed(
            texture->TexID, at(part.x - 1, part.y - 1), at(part.x + part.w + 1, part.y + part.h + 1));
    } else if (texture->Status == ImTextureStatus_WantCreate) {
      damage.forget();
    }
    update_texture(*texture);
  }
}

// Draws what reaches into the box, and nothing outside of it.
void draw_box(
    const ImDrawData& data, const Repaint& repaint, const PixelBox& box, int pixel_width, int pixel_height) {
  scissor(box, pixel_height);
  glClear(GL_COLOR_BUFFER_BIT);
  PixelBox shown = box;
  std::size_t list_vertices = 0;
  std::size_t list_indices = 0;
  ImTextureID texture = ImTextureID_Invalid;
  const PixelBox* reach = repaint.reach.data();
  for (const ImDrawList* list : data.CmdLists) {
    std::size_t pointed_at = static_cast<std::size_t>(-1);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (both(*reach++, box).is_empty()) continue;
      const PixelBox clip = both(clip_of(command, data, pixel_width, pixel_height), box);
      // Indices count from here: of 16 bits they reach 65,535 vertices on.
      if (const std::size_t first = list_vertices + command.VtxOffset; first != pointed_at) {
        point_at_vertices(first * sizeof(ImDrawVert));
        pointed_at = first;
      }
      if (!(clip == shown)) scissor(clip, pixel_height);
      shown = clip;
      if (command.GetTexID() != texture)
        glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(command.GetTexID()));
      texture = command.GetTexID();
      glDrawElements(GL_TRIANGLES,
                     static_cast<GLsizei>(command.ElemCount),
                     index_type,
                     offset_pointer((list_indices + command.IdxOffset) * sizeof(ImDrawIdx)));
    }
    list_vertices += static_cast<std::size_t>(list->VtxBuffer.Size);
    list_indices += static_cast<std::size_t>(list->IdxBuffer.Size);
  }
}

}  // namespace

void open() {
  ImGuiIO& io = ImGui::GetIO();
  io.BackendRendererName = "dits_webgl2";
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset | ImGuiBackendFlags_RendererHasTextures;
}

long long draw(const ImDrawData& data, int pixel_width, int pixel_height) {
  if (objects.program == 0) make_objects();
  update_textures(data);
  const Repaint repaint = damage.repaint(data, pixel_width, pixel_height);
  if (repaint.boxes.empty()) return 0;
  glViewport(0, 0, pixel_width, pixel_height);
  glUniform4f(
      objects.display, data.DisplayPos.x, data.DisplayPos.y, 2 / data.DisplaySize.x, 2 / data.DisplaySize.y);
  send(
      GL_ARRAY_BUFFER, data, [](const ImDrawList& list) -> const auto& { return list.VtxBuffer; });
  send(
      GL_ELEMENT_ARRAY_BUFFER, data, [](const ImDrawList& list) -> const auto& { return list.IdxBuffer; });
  long long drawn_pixels = 0;
  for (const PixelBox& box : repaint.boxes) {
    draw_box(data, repaint, box, pixel_width, pixel_height);
    drawn_pixels += box.area();
  }
  return drawn_pixels;
}

void redraw() { damage.forget(); }

void forget() {
  objects = {};
  damage.forget();
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);  // Dear ImGui asks for it again
  }
}

}  // namespace dits::renderer
