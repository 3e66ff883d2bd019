// The text area is the browser's own, laid over the frame that is drawn here.
#include "web/ui/text_editor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "shared/core/text.hpp"
#include "web/store/layers.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/issue_card.hpp"
#include "web/ui/markdown_view.hpp"
#include "web/ui/popups.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

// Height that the text needed in the last frame; there is only one editor.
float content_height = 0;

void write_area(const State& state, Outbox& out, Flow& flow, const TextEditorOptions& options) {
  const bool phone = is_phone();
  const Rect r = flow.take(std::max(options.min_height, std::min(content_height, 640.0f)));
  std::string text = state.editor.text;
  TextAreaOptions area;
  area.name = options.name;
  area.placeholder = options.placeholder;
  area.is_mono = !phone;
  area.takes_focus = true;
  area.is_markdown = true;
  area.is_covered = is_covered(state, Part::editor);
  area.style = phone ? theme::TextStyle{theme::Face::ui, 16, 22} : theme::mono;
  const TextAreaEvents events = text_area("area", r, text, area);
  if (events.content_height > 0 && std::abs(events.content_height - content_height) > 0.5f) {
    content_height = events.content_height;
    wake_within(0);
  }
  follow_caret(state, out, events, text);
  if (events.changed) out.change(EditorTyped{std::move(text), false});
}

// What the strokes do, for the mouse and for phones; cuts its room off the right of `bar`.
void toolbar(Outbox& out, Rect& bar) {
  struct Tool {
    const char* icon;
    std::string_view name;
    std::string_view command;
  };
  constexpr std::array tools{Tool{icons::square_check, "Check list", "editor.check_list"},
                             Tool{icons::list, "List", "editor.list"},
                             Tool{icons::quote, "Quote", "editor.quote"},
                             Tool{icons::link, "Link", "editor.link"},
                             Tool{icons::code, "Code", "editor.code"},
                             Tool{icons::italic, "Emphasis", "editor.emphasis"},
                             Tool{icons::bold, "Bold", "editor.bold"}};
  for (const Tool& tool : tools) {
    if (icon_button_right(bar, tool.command, tool.icon, tool.name, {.keys = keys_of(tool.command)}))
      out.run(tool.command);
  }
}

// "12 words, 80 characters", quietly, for who writes to a measure.
std::string length_words(std::string_view text) {
  std::size_t words = 0;
  bool is_within = false;
  for (const char c : text) {
    const bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_blank && !is_within) ++words;
    is_within = !is_blank;
  }
  const auto counted = [](std::size_t count, const char* noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
  };
  return counted(words, "word") + ", " + counted(count_code_points(text), "character");
}

}  // namespace

void text_editor(const State& state, Outbox& out, Flow& flow, const TextEditorOptions& options) {
  const IdScope ids("editor");
  if (appeared(id_of("editor"))) content_height = 0;
  const std::array<Segment, 2> segments{{{nullptr, "Write"}, {nullptr, "Preview"}}};
  Rect head = flow.take(30);
  if (!state.editor.is_preview) toolbar(out, head);
  if (const auto picked = tabs("tabs", head, options.name, segments, state.editor.is_preview ? 1 : 0)) {
    out.change(EditorTyped{state.editor.text, *picked == 1});
  }
  flow.y += 8;
  if (state.editor.is_preview) {
    const float top = flow.y;
    if (state.editor.text.empty()) {
      const Rect r = flow.take(26);
      draw_text(r.x, r.center_y(), "Nothing to preview", theme::body, theme::colors().text_tertiary);
    } else {
      const MarkdownEvents events = markdown_view("preview", flow, state.editor.text, {.is_read_only = true});
      // In a tab: what is being written stays on the screen.
      follow_link(out, events.link, true);
      mention_card(state, events);
    }
    flow.y = std::max(flow.y, top + options.min_height);
  } else {
    write_area(state, out, flow, options);
  }
  flow.y += 8;
  Rect bar = flow.take(28);
  const bool is_empty = state.editor.kind != EditorKind::description && state.editor.text.empty();
  if (button_right(bar,
                   "save",
                   options.save,
                   {.kind = ButtonKind::primary, .keys = "Ctrl ⏎", .is_disabled = is_empty}))
    out.run("editor.save");
  if (button_right(bar, "cancel", "Cancel", {.kind = ButtonKind::ghost, .keys = "Esc"}))
    out.change(EditorClosed{});
  if (state.editor.kind == EditorKind::description && !state.editor.text.empty()) {
    const std::string length = length_words(state.editor.text);
    draw_text_in(bar, length, theme::small, theme::colors().text_tertiary);
    mirror(id_of("length"), bar, {.role = Aria::note, .name = length});
  }
  flow.y += 8;
}

}  // namespace dits::web
