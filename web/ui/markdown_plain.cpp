// A text that ended the program, as it was written.
#include "web/ui/markdown_plain.hpp"

#include <cstdint>

#include "web/ui/markdown_layout.hpp"
#include "web/widgets/drawing.hpp"

namespace dits::web {

std::string drawing_name(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return std::to_string(hash) + "." + std::to_string(text.size());
}

void draw_plain_notice(Flow& flow, const std::string& name) {
  const theme::Palette& c = theme::colors();
  const std::string_view sentence =
      "DITS ended when it last drew this text, so that it is shown here as it was written.";
  const float top = flow.y;
  flow.y += draw_wrapped(flow.x, flow.y, flow.w, sentence, prose_style(), c.text_secondary) + 4;
  mirror(id_of("notice"), {flow.x, top, flow.w, flow.y - top}, {.role = Aria::note, .name = sentence});
  const bool is_asked = text_button("formatted", flow.x, flow.y + 10, "Draw it with its formatting again");
  flow.y += 28;
  if (!is_asked) return;
  forgive_drawing(name);
  wake_within(0);
}

}  // namespace dits::web
