#include "shared/markdown/footnotes.hpp"

#include <algorithm>

namespace dits::markdown {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t code_indent = 4;

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// The name in "[^name]" at the beginning of `text`; empty when there is none.
std::string_view name_in(std::string_view text) {
  if (!text.starts_with("[^")) return {};
  const std::size_t end = text.substr(2, longest_name + 1).find_first_of("] \t\n[");
  return end == std::string_view::npos || text[end + 2] != ']' ? std::string_view() : text.substr(2, end);
}

std::string_view defined_by(std::string_view line) {
  const std::size_t indent = indent_of(line);
  const std::string_view name = indent < code_indent ? name_in(line.substr(indent)) : std::string_view();
  return line.substr(std::min(line.size(), indent + name.size() + 3), 1) == ":" ? name : std::string_view();
}

// A line that goes on with the paragraph above it.
bool goes_on(std::string_view line) {
  const std::size_t indent = indent_of(line);
  return indent < line.size() && std::string_view("#>-*+`~|[<").find(line[indent]) == std::string_view::npos;
}

}  // namespace

Footnotes::Footnotes(std::string& text) {
  if (text.find("[^") == std::string::npos) return;
  std::string_view fence;  // of the code that is open
  bool is_within = false;  // a footnote
  bool was_blank = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const std::size_t indent = indent_of(line);
    const std::string_view mark = indent < code_indent ? line.substr(indent, 3) : std::string_view();
    const bool is_blank = indent == line.size();
    const std::string_view name = fence.empty() ? defined_by(line) : std::string_view();
    std::size_t from = std::min(indent, code_indent);
    if (!name.empty()) {
      all_.push_back({std::string(name), {}, 0});
      from = indent + name.size() + 4;
    } else {
      is_within = is_within && (is_blank || indent >= code_indent || (!was_blank && goes_on(line)));
    }
    if (!name.empty() || is_within) {
      is_within = true;
      all_.back().text += line.substr(from);
      all_.back().text += '\n';
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
                text.begin() + static_cast<std::ptrdiff_t>(end),
                ' ');
    } else if (fence.empty() ? mark == "```" || mark == "~~~" : mark == fence) {
      fence = fence.empty() ? (mark == "```" ? "```" : "~~~") : "";
    }
    was_blank = is_blank;
    begin = end + 1;
  }
  // The first definition of a name counts.
  std::stable_sort(
      all_.begin(), all_.end(), [](const Footnote& a, const Footnote& b) { return a.name < b.name; });
}

std::size_t Footnotes::use(std::string_view text, std::size_t& length) {
  const std::string_view name = name_in(text);
  if (name.empty()) return 0;
  const auto found =
      std::lower_bound(all_.begin(), all_.end(), name, [](const Footnote& note, std::string_view wanted) {
        return note.name < wanted;
      });
  if (found == all_.end() || found->name != name) return 0;
  if (found->number == 0) {
    used_.push_back(static_cast<std::size_t>(found - all_.begin()));
    found->number = used_.size();
  }
  length = name.size() + 3;
  return found->number;
}

}  // namespace dits::markdown
