// Markdown as drawn text: headings, lists, boxes that can be ticked, code in colours, tables, links.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "web/ui/issue_parts.hpp"

namespace dits::web {

struct MarkdownOptions {
  bool is_read_only = false;      // boxes cannot be ticked
  std::int64_t task_cursor = -1;  // the box that the keyboard is on; -1: none
};

struct MarkdownEvents {
  std::optional<std::int64_t> ticked;  // a box was pressed: which one of the text, from 0
  std::string link;                    // an address that was pressed; "#12" is /issues/12
  bool opens_tab = false;              // it was pressed as links are for a tab of their own
  std::int64_t pointed_issue = 0;      // #12 while the mouse or the keyboard rests on it; 0: none
  Rect pointed_place;                  // where that stands
  std::optional<float> cursor_y;       // where the box of the keyboard is, on screen or beyond it
};

// Draws `text` into the flow: of any length only what is seen. What was parsed is kept until the text
// changes.
MarkdownEvents markdown_view(std::string_view id,
                             Flow& flow,
                             const std::string& text,
                             const MarkdownOptions& options);

}  // namespace dits::web
