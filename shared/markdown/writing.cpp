#include "shared/markdown/writing.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dits::markdown {

namespace {

constexpr std::size_t longest_sign = 40;  // bytes from a sign to the caret

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}
std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

// What a line begins with: "  - [ ] ", "12. ", "> ".
struct Marker {
  std::size_t indent = 0;  // blanks before it
  std::size_t size = 0;    // with the indent; 0: the line is none of a list or quote
  std::size_t width = 0;   // of the mark itself: how far what is below it stands in
  std::string next;        // of the line below, indent included
  enum class Kind : std::uint8_t { none, bullet, check, number, quote } kind = Kind::none;
};

Marker marker_of(std::string_view line) {
  Marker marker;
  std::size_t at = 0;
  while (at < line.size() && is_blank(line[at])) ++at;
  marker.indent = at;
  const std::string indent(line.substr(0, at));
  const auto is_at = [&](std::size_t place, char c) { return place < line.size() && line[place] == c; };
  if (at < line.size() && std::string_view("-*+").find(line[at]) != std::string_view::npos &&
      is_at(at + 1, ' ')) {
    marker.kind = Marker::Kind::bullet;
    marker.width = 2;
    marker.next = indent + std::string(line.substr(at, 2));
    at += 2;
    const bool is_box = is_at(at, '[') && is_at(at + 2, ']') && is_at(at + 3, ' ') &&
                        std::string_view(" xX").find(line[at + 1]) != std::string_view::npos;
    if (is_box) {
      marker.kind = Marker::Kind::check;
      marker.next += "[ ] ";
      at += 4;
    }
  } else if (is_at(at, '>')) {
    marker.kind = Marker::Kind::quote;
    while (is_at(at, '>') || is_at(at, ' ')) ++at;
    marker.next = std::string(line.substr(0, at));
    if (marker.next.back() == '>') marker.next += ' ';
    marker.width = at - marker.indent;
  } else {
    std::size_t end = at;
    std::size_t number = 0;
    while (end < line.size() && is_digit(line[end]) && end - at < 9)
      number = number * 10 + static_cast<std::size_t>(line[end++] - '0');
    const bool is_number = end > at && (is_at(end, '.') || is_at(end, ')')) && is_at(end + 1, ' ');
    if (!is_number) return marker;
    marker.kind = Marker::Kind::number;
    marker.width = end + 2 - at;
    marker.next = indent + std::to_string(number + 1) + line[end] + ' ';
    at = end + 2;
  }
  marker.size = at;
  return marker;
}

// Does the place lie within a fenced block of code?
bool is_in_code(std::string_view text, std::size_t at) {
  bool is_open = false;
  char fence = 0;
  for (std::size_t begin = 0; begin < at;) {
    std::size_t mark = begin;
    while (mark < begin + 3 && mark < at && text[mark] == ' ') ++mark;
    const std::string_view head = text.substr(mark, 3);
    if ((head == "```" || head == "~~~") && (!is_open || head[0] == fence)) {
      is_open = !is_open;
      fence = head[0];
    }
    const std::size_t end = text.find('\n', begin);
    if (end >= at) break;
    begin = end + 1;
  }
  return is_open;
}

std::optional<Edit> broken_line(std::string_view text, Selection selection) {
  if (selection.begin != selection.end) return std::nullopt;
  const std::size_t begin = line_begin(text, selection.begin);
  const Marker marker = marker_of(text.substr(begin, line_end(text, begin) - begin));
  if (marker.size == 0 || selection.begin < begin + marker.size || is_in_code(text, begin))
    return std::nullopt;
  const std::string_view content =
      text.substr(begin + marker.size, line_end(text, begin) - begin - marker.size);
  if (std::all_of(content.begin(), content.end(), is_blank)) {
    // An empty item ends its list.
    return Edit{{begin, line_end(text, begin)}, "", {begin, begin}};
  }
  std::string next = "\n" + marker.next;
  const std::size_t after = selection.begin + next.size();
  return Edit{selection, std::move(next), {after, after}};
}

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Line> lines_of(std::string_view text, Selection selection) {
  std::vector<Line> lines;
  std::size_t begin = line_begin(text, selection.begin);
  // A selection that ends at the begin of a line does not reach it.
  const std::size_t last =
      selection.end > selection.begin && text[selection.end - 1] == '\n' ? selection.end - 1 : selection.end;
  while (true) {
    const std::size_t end = line_end(text, begin);
    lines.push_back({begin, end});
    if (end >= last) return lines;
    begin = end + 1;
  }
}

// Writes each line anew. `change` gives the head of a line (its first bytes) and how many bytes it replaces.
struct Head {
  std::string text;
  std::size_t replaced = 0;
};
template <typename Change>
Edit with_heads(std::string_view text, Selection selection, const std::vector<Line>& lines, Change change) {
  Edit edit;
  edit.place = {lines.front().begin, lines.back().end};
  edit.after = selection;
  for (const Line& line : lines) {
    const Head head = change(text.substr(line.begin, line.end - line.begin));
    if (line.begin != lines.front().begin) edit.text += '\n';
    edit.text += head.text;
    edit.text += text.substr(line.begin + head.replaced, line.end - line.begin - head.replaced);
    const auto moved = [&](std::size_t from, std::size_t& to) {
      if (from < line.begin) return;
      if (from < line.begin + head.replaced) {
        to = to - (from - line.begin) + std::min(from - line.begin, head.text.size());
      } else {
        to += head.text.size();
        to -= head.replaced;
      }
    };
    // A caret at the begin of a line goes with what is put there.
    moved(selection.begin, edit.after.begin);
    moved(selection.end, edit.after.end);
  }
  return edit;
}

std::optional<Edit> shifted(std::string_view text, Selection selection, bool is_back) {
  const std::vector<Line> lines = lines_of(text, selection);
  const std::string_view first = text.substr(lines.front().begin, lines.front().end - lines.front().begin);
  const Marker marker = marker_of(first);
  const bool is_list = marker.size > 0 && marker.kind != Marker::Kind::quote;
  if (lines.size() == 1 && !is_list) return std::nullopt;
  const std::size_t width = is_list ? marker.width : 2;
  bool is_changed = false;
  Edit edit = with_heads(text, selection, lines, [&](std::string_view line) {
    if (line.empty()) return Head{};
    if (!is_back) {
      is_changed = true;
      return Head{std::string(width, ' '), 0};
    }
    std::size_t blanks = 0;
    while (blanks < std::min(width, line.size()) && line[blanks] == ' ') ++blanks;
    if (blanks == 0 && line[0] == '\t') blanks = 1;
    is_changed |= blanks > 0;
    return Head{"", blanks};
  });
  if (!is_changed) return std::nullopt;
  return edit;
}

bool is_address(std::string_view text) {
  const bool has_scheme =
      text.starts_with("https://") || text.starts_with("http://") || text.starts_with("mailto:");
  return has_scheme && text.size() > 8 && text.find_first_of(" \t\r\n<>") == std::string_view::npos;
}

std::optional<Edit> pasted_over(std::string_view text, Selection selection, std::string_view pasted) {
  while (!pasted.empty() && (is_blank(pasted.back()) || pasted.back() == '\n' || pasted.back() == '\r'))
    pasted.remove_suffix(1);
  const std::string chosen(text.substr(selection.begin, selection.end - selection.begin));
  if (!is_address(pasted) || chosen.empty() || is_address(chosen) || chosen.find('\n') != std::string::npos ||
      is_in_code(text, selection.begin)) {
    return std::nullopt;
  }
  std::string link = "[" + chosen + "](" + std::string(pasted) + ")";
  const std::size_t after = selection.begin + link.size();
  return Edit{selection, std::move(link), {after, after}};
}

// Puts the mark around what is selected, or takes it away.
Edit wrapped(std::string_view text, Selection selection, std::string_view mark) {
  const std::string chosen(text.substr(selection.begin, selection.end - selection.begin));
  const std::size_t size = mark.size();
  const bool is_inside = chosen.size() >= 2 * size && chosen.starts_with(mark) && chosen.ends_with(mark);
  if (is_inside) {
    return {selection,
            chosen.substr(size, chosen.size() - 2 * size),
            {selection.begin, selection.end - 2 * size}};
  }
  const bool is_around = selection.begin >= size && text.substr(selection.begin - size, size) == mark &&
                         text.substr(selection.end, size) == mark;
  if (is_around) {
    return {{selection.begin - size, selection.end + size},
            chosen,
            {selection.begin - size, selection.end - size}};
  }
  return {selection,
          std::string(mark) + chosen + std::string(mark),
          {selection.begin + size, selection.end + size}};
}

Edit linked(std::string_view text, Selection selection) {
  const std::string chosen(text.substr(selection.begin, selection.end - selection.begin));
  if (is_address(chosen))
    return {selection, "[](" + chosen + ")", {selection.begin + 1, selection.begin + 1}};
  const std::size_t at = selection.begin + chosen.size() + 3;
  return {selection, "[" + chosen + "](url)", {at, at + 3}};
}

Edit marked_lines(std::string_view text, Selection selection, Marker::Kind kind, std::string_view mark) {
  const std::vector<Line> lines = lines_of(text, selection);
  const bool is_one = lines.size() == 1;
  const bool has_all = std::all_of(lines.begin(), lines.end(), [&](const Line& line) {
    const std::string_view words = text.substr(line.begin, line.end - line.begin);
    return (words.empty() && !is_one) || marker_of(words).kind == kind;
  });
  return with_heads(text, selection, lines, [&](std::string_view line) {
    if (line.empty() && !is_one) return Head{};
    const Marker marker = marker_of(line);
    const bool replaces =
        marker.size > 0 && (has_all || (marker.kind != Marker::Kind::quote && kind != Marker::Kind::quote));
    const std::size_t replaced = replaces ? marker.size - marker.indent : 0;
    const std::string indent(line.substr(0, marker.indent));
    return Head{indent + (has_all ? "" : std::string(mark)), marker.indent + replaced};
  });
}

}  // namespace

std::optional<Edit> edit_for(Stroke stroke,
                             std::string_view text,
                             Selection selection,
                             std::string_view pasted) {
  selection.end = std::min(selection.end, text.size());
  selection.begin = std::min(selection.begin, selection.end);
  switch (stroke) {
    case Stroke::line_break:
      return broken_line(text, selection);
    case Stroke::indent:
    case Stroke::outdent:
      return shifted(text, selection, stroke == Stroke::outdent);
    case Stroke::paste:
      return pasted_over(text, selection, pasted);
    case Stroke::bold:
      return wrapped(text, selection, "**");
    case Stroke::emphasis:
      return wrapped(text, selection, "_");
    case Stroke::code: {
      const std::string_view chosen = text.substr(selection.begin, selection.end - selection.begin);
      if (chosen.find('\n') == std::string_view::npos) return wrapped(text, selection, "`");
      return Edit{selection,
                  "```\n" + std::string(chosen) + (chosen.back() == '\n' ? "```" : "\n```"),
                  {selection.begin + 3, selection.begin + 3}};
    }
    case Stroke::link:
      return linked(text, selection);
    case Stroke::list:
      return marked_lines(text, selection, Marker::Kind::bullet, "- ");
    case Stroke::check_list:
      return marked_lines(text, selection, Marker::Kind::check, "- [ ] ");
    case Stroke::quote:
      return marked_lines(text, selection, Marker::Kind::quote, "> ");
  }
  return std::nullopt;
}

std::optional<TypedSign> sign_before(std::string_view text, std::size_t caret) {
  caret = std::min(caret, text.size());
  const std::size_t begin = line_begin(text, caret);
  const std::size_t first = std::max(begin, caret < longest_sign ? 0 : caret - longest_sign);
  for (std::size_t at = caret; at-- > first;) {
    const char sign = text[at];
    const std::string_view typed = text.substr(at + 1, caret - at - 1);
    if (std::string_view("#@:/").find(sign) == std::string_view::npos) continue;
    const std::string_view before = text.substr(begin, at - begin);
    const bool begins_line = std::all_of(before.begin(), before.end(), is_blank);
    const bool begins_word = at == begin || is_blank(text[at - 1]) || text[at - 1] == '(';
    // Days alone have blanks in them: @31 jul.
    const bool has_blank = std::any_of(typed.begin(), typed.end(), is_blank);
    bool fits = begins_word && (!has_blank || (sign == '@' && !typed.empty() && !is_blank(typed.front())));
    if (sign == '/') fits = fits && begins_line;
    if (sign == '#') fits = fits && (!begins_line || !typed.empty()) && !typed.starts_with('#');
    if (sign == ':') fits = fits && typed.size() >= 2;
    if (!fits || is_in_code(text, begin)) return std::nullopt;
    return TypedSign{sign, at, std::string(typed)};
  }
  return std::nullopt;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) length += byte >= 0xF0 ? 2 : 1;
  }
  return length;
}

}  // namespace dits::markdown
