#include "shared/markdown/footnotes.hpp"

#include <algorithm>

namespace dits::markdown {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t code_indent = 4;

// Bytes of white space before the text of a line, which ends with its last sign: lines of some editors end in
// "\r\n".
std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }
std::string_view without_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}
bool is_code_indent(std::string_view line) {
  const std::string_view white = line.substr(0, indent_of(line));
  return white.size() >= code_indent || white.find('\t') != std::string_view::npos;
}

// The name in "[^name]" at the beginning of `text`; empty when there is none.
std::string_view name_in(std::string_view text) {
  if (!text.starts_with("[^")) return {};
  const std::size_t end = text.substr(2, longest_name + 1).find_first_of("] \t\n[");
  return end == std::string_view::npos || text[end + 2] != ']' ? std::string_view() : text.substr(2, end);
}

std::string_view defined_by(std::string_view line) {
  const std::size_t indent = indent_of(line);
  const std::string_view name = is_code_indent(line) ? std::string_view() : name_in(line.substr(indent));
  return line.substr(std::min(line.size(), indent + name.size() + 3), 1) == ":" ? name : std::string_view();
}

// A line that goes on with the paragraph above it.
bool goes_on(std::string_view line) {
  const std::size_t indent = indent_of(line);
  return indent < line.size() && std::string_view("#>-*+`~|[<").find(line[indent]) == std::string_view::npos;
}

// The fence of a code block: a run of ` or ~.
struct Fence {
  char sign = 0;  // 0: none is open
  std::size_t length = 0;
};

Fence fence_at(std::string_view text) {
  const char sign = text.empty() ? '\0' : text.front();
  if (sign != '`' && sign != '~') return {};
  const std::size_t length = std::min(text.find_first_not_of(sign), text.size());
  if (length < 3) return {};
  // What follows tells the language, and holds no ` where they are the fence.
  if (sign == '`' && text.find('`', length) != std::string_view::npos) return {};
  return {sign, length};
}

// Behind the marks of quotes and of the items of lists.
std::string_view within_containers(std::string_view line) {
  while (true) {
    line.remove_prefix(indent_of(line));
    std::size_t mark = 0;
    if (line.starts_with('>')) {
      mark = 1;
    } else if (!line.empty() && std::string_view("-*+").find(line.front()) != std::string_view::npos) {
      mark = line.substr(1, 1) == " " ? 2 : 0;
    } else {
      const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
      const std::string_view behind = line.substr(digits, 2);
      if (digits > 0 && digits < 10 && (behind == ". " || behind == ") ")) mark = digits + 2;
    }
    if (mark == 0) return line;
    line.remove_prefix(mark);
  }
}

void look_at_fence(std::string_view line, Fence& open) {
  if (open.sign == 0) {
    if (!is_code_indent(line)) open = fence_at(within_containers(line));
    return;
  }
  // The end of it is nothing but a run that is as long.
  while (!line.empty() && std::string_view(" \t>").find(line.front()) != std::string_view::npos)
    line.remove_prefix(1);
  const bool is_end =
      line.size() >= open.length && line.find_first_not_of(open.sign) == std::string_view::npos;
  if (is_end) open = {};
}

}  // namespace

Footnotes::Footnotes(std::string& text) {
  if (text.find("[^") == std::string::npos) return;
  Fence fence;
  bool is_within = false;  // a footnote
  bool was_blank = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = without_end(std::string_view(text).substr(begin, end - begin));
    const std::size_t indent = indent_of(line);
    const bool is_blank = line.empty();
    const std::string_view name = fence.sign == 0 ? defined_by(line) : std::string_view();
    std::size_t from = std::min(indent, line.starts_with('\t') ? 1 : code_indent);
    if (!name.empty()) {
      all_.push_back({std::string(name), {}, 0});
      from = indent + name.size() + 4;
    } else {
      is_within = is_within && (is_blank || is_code_indent(line) || (!was_blank && goes_on(line)));
    }
    if (!name.empty() || is_within) {
      is_within = true;
      all_.back().text += line.substr(from);
      all_.back().text += '\n';
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
                text.begin() + static_cast<std::ptrdiff_t>(end),
                ' ');
    } else {
      look_at_fence(line, fence);
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
