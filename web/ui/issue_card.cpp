#include "web/ui/issue_card.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

constexpr float card_width = 320;
constexpr float pad = 12;
constexpr float line = 22;
constexpr int title_lines = 3;

// "from Fri 17, due Mon 20"
std::string dates_of(const State& state, const Issue& issue) {
  std::string words;
  if (issue.start_date) words = "from " + day_label(state, *issue.start_date);
  if (issue.due_date) words += (words.empty() ? "due " : ", due ") + day_label(state, *issue.due_date);
  return words;
}

std::string words_of(const State& state, const Issue& issue) {
  const Status* status = status_of(state, issue);
  std::string words = issue_name(issue);
  if (status != nullptr) words += ", " + status->name;
  for (const Label* label : labels_of(state, issue)) words += ", " + label->name;
  if (const std::string dates = dates_of(state, issue); !dates.empty()) words += ", " + dates;
  return words;
}

void draw_card(const State& state, const Issue& issue, Rect r) {
  const theme::Palette& c = theme::colors();
  popup_box(r);
  Rect rest = inset(r, pad);
  const Rect head = cut_top(rest, line);
  draw_ring(head.x + 7, head.center_y(), ring_of(kind_of(state, issue)), 14, c.bg_raised);
  float x = head.x + 22;
  if (const Status* status = status_of(state, issue))
    x += draw_text(x, head.center_y(), status->name, theme::small_medium, c.text_secondary) + 10;
  if (issue.priority != Priority::none) draw_bars(x + 7, head.center_y(), bars_of(issue.priority));
  draw_text_in(head, number_text(issue), theme::mono, c.text_tertiary, Align::right);
  rest.y += 2;
  rest.y += draw_title(rest, issue.title, theme::body_medium, c.text_primary, title_lines) + 4;
  const std::vector<const Label*> labels = labels_of(state, issue);
  if (!labels.empty()) {
    draw_chips(rest.x, rest.y + line / 2, rest.right(), labels);
    rest.y += line;
  }
  const std::string dates = dates_of(state, issue);
  const ImU32 ink = issue.due_date ? due_color(due_label(state, issue).tone) : c.text_tertiary;
  if (!dates.empty()) draw_text(rest.x, rest.y + line / 2, dates, theme::small, ink);
}

}  // namespace

void mention_card(const State& state, const MarkdownEvents& events) {
  if (events.pointed_issue == 0) return;
  const Rect mention = events.pointed_place;
  const Issue* issue = find_issue(state.entities, events.pointed_issue);
  if (issue == nullptr || issue->deleted_at) {
    const std::string number = '#' + std::to_string(events.pointed_issue);
    const std::string words = issue == nullptr ? "There is no " + number : number + " is in the trash";
    return draw_tip(mention.x, mention.bottom() + 6, words);
  }
  const OnTop on_top;
  const Rect window = window_rect();
  const float width = std::min(card_width, window.w - 16);
  float height =
      2 * pad + line + 2 + title_height(width - 2 * pad, issue->title, theme::body_medium, title_lines) + 4;
  if (!issue->label_ids.empty()) height += line;
  if (issue->start_date || issue->due_date) height += line;
  const bool has_room = mention.bottom() + 6 + height < window.h;
  const Rect r{std::clamp(mention.x, 8.0f, std::max(8.0f, window.w - width - 8)),
               has_room ? mention.bottom() + 6 : mention.y - 6 - height,
               width,
               height};
  draw_card(state, *issue, r);
  mirror(id_of("card"), r, {.role = Aria::tooltip, .name = words_of(state, *issue)});
}

}  // namespace dits::web
