#include "web/ui/quick_create_hints.hpp"

#include <algorithm>
#include <string>

#include "web/store/inline_draft.hpp"
#include "web/store/similar.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

constexpr std::size_t most_lines_shown = 6;
constexpr float offer_height = 34;

float row_height() { return is_phone() ? 36.0f : 24.0f; }

// "High, bug, Relay 2.0, Fri 17": what a line says beside its title, and what was chosen in the form.
std::string words_beside(const State& state, const Issue& issue) {
  std::string words;
  const auto add = [&](std::string_view word) { words += (words.empty() ? "" : ", ") + std::string(word); };
  if (issue.priority != Priority::none) add(title_of(issue.priority));
  for (const LabelId id : issue.label_ids) {
    if (const Label* label = find_label(state.entities, id)) add(label->name);
  }
  if (const Project* project = find_project(state.entities, issue.project_id)) add(project->name);
  if (const Area* area = find_area(state.entities, issue.area_id)) add(area->name);
  if (issue.start_date) add("from " + day_label(state, *issue.start_date));
  if (issue.due_date) add(day_label(state, *issue.due_date));
  return words;
}

void draw_line(const State& state, Rect r, const Issue& issue) {
  const theme::Palette& c = theme::colors();
  const std::string beside = words_beside(state, issue);
  const std::string title = issue.title.empty() ? "No title" : issue.title;
  const Status* status = find_status(state.entities, issue.status_id);
  draw_ring(r.x + 7, r.center_y(), status ? ring_of(status_kind(*status)) : Ring::todo, 14, c.bg_raised);
  const float width = std::min(r.w * 0.45f, text_width(beside, theme::small) + 1);
  draw_text_in({r.right() - width, r.y, width, r.h}, beside, theme::small, c.text_tertiary, Align::right);
  title_line({r.x + 22, r.y, r.w - 22 - width - 10, r.h},
             title,
             theme::body,
             issue.title.empty() ? c.signal_danger : c.text_primary);
  mirror(id_of("line"), r, {.role = Aria::listitem, .name = beside.empty() ? title : title + ", " + beside});
}

}  // namespace

const std::vector<Slot>& similar_to(const State& state, const Issue& issue) {
  struct Kept {
    std::string title;
    UserId owner = {};
    std::int64_t change_id = 0;
    std::size_t issues = 0;
    std::vector<Slot> similar;
  };
  static Kept kept;
  const std::size_t issues = state.entities.issues.size();
  const UserId owner = state.session.me.id;
  const std::int64_t change_id = state.sync.change_id;
  if (kept.title != issue.title || kept.owner != owner || kept.change_id != change_id ||
      kept.issues != issues)
    kept = {issue.title, owner, change_id, issues, similar_issues(state, issue.title)};
  // Meanwhile one may have been deleted.
  std::erase_if(kept.similar, [&](Slot slot) {
    const Issue& one = issue_at(state, slot);
    return !one.id.is_set() || one.deleted_at;
  });
  return kept.similar;
}

float similar_height(const std::vector<Slot>& similar) {
  return similar.empty() ? 0 : row_height() * static_cast<float>(similar.size()) + 6;
}

void draw_similar(const State& state, Outbox& out, Rect r, const std::vector<Slot>& similar) {
  if (similar.empty()) return;
  const theme::Palette& c = theme::colors();
  const IdScope ids("similar");
  const std::string_view head = similar.size() == 1 ? "Similar issue" : "Similar issues";
  const a11y::Scope list(scope_node(id_of("list"), r, Aria::list, head));
  constexpr float head_width = 60;
  draw_text(r.x, r.y + row_height() / 2, "Similar", theme::small, c.text_tertiary);
  for (const Slot slot : similar) {
    const Issue& issue = issue_at(state, slot);
    const IdScope row_ids(static_cast<std::uint64_t>(slot) + 1);
    Rect row = cut_top(r, row_height());
    row.x += head_width;
    row.w -= head_width;
    const ItemState open =
        item(id_of("open"),
             row,
             {.role = Aria::link, .name = "Open " + issue_name(issue), .value = address_of(issue)});
    if (open.hovered) fill(inset(row, -6, 0), c.bg_hover, 5);
    if (open.has_ring) focus_ring(inset(row, -3, 2), 4);
    const IssueFacts& facts = facts_at(state, slot);
    draw_ring(row.x + 7, row.center_y(), ring_of(facts.kind), 14, c.bg_raised);
    float x = row.x + 22;
    x += draw_text(x, row.center_y(), std::to_string(issue.number), theme::mono, c.text_tertiary) + 8;
    title_line({x, row.y, row.right() - x, row.h},
               issue.title,
               theme::body,
               facts.is_closed ? c.text_tertiary : c.text_secondary);
    if (open_tab_by_click(out, open, issue) || !open.clicked) continue;
    out.change(QuickCreateClosed{});  // its words are kept
    out.run("issue.open", {}, {issue.id});
  }
}

float lines_height(const QuickCreate& form) {
  if (form.lines.empty()) return 0;
  const std::size_t shown = std::min(form.lines.size(), most_lines_shown);
  const std::size_t rows = shown + (form.lines.size() > shown ? 1 : 0);
  return offer_height + row_height() * static_cast<float>(rows) + 8;
}

void draw_lines_offer(const State& state, Outbox& out, Rect r, const QuickCreate& form) {
  if (form.lines.empty()) return;
  const theme::Palette& c = theme::colors();
  const IdScope ids("lines");
  const std::string count = std::to_string(form.lines.size());
  Rect offer = cut_top(r, offer_height);
  const bool phone = is_phone();
  if (button_right(offer,
                   "all",
                   "Make " + count + " issues",
                   {.kind = ButtonKind::plain, .keys = phone ? "" : "Ctrl Shift ⏎"}))
    out.run("issue.create_lines");
  if (button_right(offer, "one", "Keep one title", {.kind = ButtonKind::ghost})) {
    QuickCreate one = form;
    one.lines.clear();
    out.change(QuickCreateChanged{std::move(one)});
  }
  draw_text_in(offer, count + " lines were pasted", theme::small, c.text_tertiary);
  const std::string name = "What the " + count + " lines would be";
  const a11y::Scope list(scope_node(id_of("list"), r, Aria::list, name));
  const std::size_t shown = std::min(form.lines.size(), most_lines_shown);
  for (std::size_t at = 0; at < shown; ++at) {
    const IdScope row_ids(static_cast<std::uint64_t>(at));
    draw_line(state, cut_top(r, row_height()), issue_of(state, form_of_line(form, at)));
  }
  if (form.lines.size() == shown) return;
  const Rect rest = cut_top(r, row_height());
  const std::string more = "and " + std::to_string(form.lines.size() - shown) + " more";
  draw_text_in({rest.x + 22, rest.y, rest.w - 22, rest.h}, more, theme::small, c.text_tertiary);
  mirror(id_of("more"), rest, {.role = Aria::listitem, .name = more});
}

}  // namespace dits::web
