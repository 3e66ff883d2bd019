// The same parts in three arrangements.
#include "web/ui/issue_detail.hpp"

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/issue_parts.hpp"

namespace dits::web {

namespace {

// Scrolls with j and k, as the commands asked.
void follow_page_scroll(const State& state, Outbox& out, Scroll& scroll) {
  if (state.page_scroll == 0) return;
  scroll.scroll_by(state.page_scroll * 20);
  out.change(ScrollDone{});
}

// The comment box, brought into view when it is opened: it grows in the frames after that.
void write_comment(const State& state, Outbox& out, const Issue& issue, Flow& flow, Scroll& scroll) {
  constexpr int frames_of_growth = 4;
  static int frames_left = frames_of_growth;
  const float top = flow.y;
  comment_box(state, out, issue, flow);
  const bool is_writing = state.editor.kind == EditorKind::comment && state.editor.issue_id == issue.id;
  if (!is_writing) frames_left = frames_of_growth;
  if (!is_writing || frames_left == 0) return;
  --frames_left;
  wake_within(0);
  scroll.reveal(top - scroll.top(), flow.y - scroll.top() + 24);
}

void more_menu(Outbox& out, Rect anchor, const Issue& issue) {
  run_below(out, anchor, "menu.open", {}, {issue.id});
}

}  // namespace

void issue_pane(const State& state, Outbox& out, const Issue& issue, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("pane");
  const std::string name = "Issue " + number_text(issue);
  const a11y::Scope scope(scope_node(id_of("pane"), r, Aria::complementary, name));
  fill(r, c.bg_raised);
  Rect rest = r;
  const Rect header = cut_top(rest, theme::pane_header_height);
  horizontal_line(header.x, header.bottom() - 1, header.w, c.border_subtle);
  Rect bar = header;
  bar.x += 18;
  bar.w -= 26;
  if (icon_button_right(bar, "close", icons::x, "Close", {.keys = "]"})) out.run("view.detail");
  const Rect more = cut_right(bar, 28);
  if (icon_button("more", middle(more, 28), icons::ellipsis, "More", {.keys = "Ctrl .", .has_popup = true}))
    more_menu(out, more, issue);
  if (icon_button_right(bar, "open", icons::maximize_2, "Open as a page", {.keys = "Enter"}))
    out.run("issue.open", {}, {issue.id});
  if (icon_button_right(bar, "link", icons::link, "Copy link", {.keys = "y l"}))
    out.run("issue.copy.link", {}, {issue.id});
  float x = bar.x + draw_text(bar.x, bar.center_y(), number_text(issue), theme::mono, c.text_tertiary) + 8;
  const std::string edited = "edited " + ago_label(state, issue.updated_at);
  text_line({x, bar.y, std::max(0.0f, bar.right() - x), bar.h}, edited, theme::small, c.text_tertiary);

  const IdScope issue_ids(UuidHash{}(issue.id.uuid) | 1u);
  Scroll scroll("body", rest);
  Flow flow{rest.x + 18, scroll.top() + 16, rest.w - 36};
  trash_banner(state, out, issue, flow);
  issue_title(state, out, issue, flow, theme::title);
  flow.y += 12;
  issue_properties(state, out, issue, flow, false);
  flow.y += 10;
  issue_text(state, out, issue, flow);
  issue_sub_issues(state, out, issue, flow, c.bg_raised);
  issue_relations(state, out, issue, flow);
  issue_files(state, out, issue, flow);
  issue_git(state, out, issue, flow);
  issue_activity(state, out, issue, flow);
  write_comment(state, out, issue, flow, scroll);
  scroll.end_at(flow.y + 24);
}

namespace {

Rect page_header(const State& state, Outbox& out, const Issue& issue, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("header");
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::banner, "Header"));
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = r;
  bar.x += 16;
  bar.w -= 28;
  if (icon_button_right(bar, "back", icons::minimize_2, "Back to the list", {.keys = "Esc"}))
    out.run("app.back");
  const Rect more = cut_right(bar, 28);
  if (icon_button("more", middle(more, 28), icons::ellipsis, "More", {.keys = "Ctrl .", .has_popup = true}))
    more_menu(out, more, issue);
  if (icon_button_right(bar, "link", icons::link, "Copy link", {.keys = "y l"}))
    out.run("issue.copy.link", {}, {issue.id});
  bar.w -= 8;
  if (r.w > 720 && button_right(bar, "branch", "Copy branch name", {.icon = icons::git_branch}, 12))
    out.run("issue.copy.branch", {}, {issue.id});
  if (icon_button_right(bar, "next", icons::chevron_down, "Next issue", {.keys = "J"}))
    out.run("page.next_issue");
  if (icon_button_right(bar, "previous", icons::chevron_up, "Previous issue", {.keys = "K"}))
    out.run("page.previous_issue");
  const std::size_t shown = state.list.result.rows.size();
  if (const std::uint32_t at = cursor_position(state); at > 0 && shown > 0) {
    const std::string position = std::to_string(at) + " / " + std::to_string(shown);
    const float width = text_width(position, theme::mono_small);
    draw_text(bar.right() - width - 8, bar.center_y(), position, theme::mono_small, c.text_tertiary);
    bar.w -= width + 24;
  }
  float x = bar.x;
  if (const Project* project = find_project(state.entities, issue.project_id)) {
    const Progress progress = project_progress(state, project->id);
    draw_progress_ring(
        x + 7.5f,
        bar.center_y(),
        static_cast<float>(progress.closed) / static_cast<float>(std::max(1u, progress.total())),
        15);
    x += 23;
    const Rect link{x, bar.y + 8, text_width(project->name, theme::body), bar.h - 16};
    const ItemState go_there = item(id_of("project"), link, {.role = Aria::link, .name = project->name});
    x += draw_text(x,
                   bar.center_y(),
                   project->name,
                   theme::body,
                   go_there.hovered ? c.accent_text : c.text_secondary) +
         8;
    if (go_there.has_ring) focus_ring(link, 3);
    if (go_there.clicked) {
      Route route;
      route.screen = Screen::project;
      route.entity_id = project->id.uuid;
      go(out, route);
    }
    draw_icon(x + 6.5f, bar.center_y(), icons::chevron_right, 13, c.text_tertiary);
    x += 21;
  }
  draw_text(x, bar.center_y(), number_text(issue), theme::mono, c.text_secondary);
  return bar;
}

void draw_origin(const State& state, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  flow.y += 6;
  const Rect r = flow.take(18);
  const std::string text =
      "Opened " + ago_label(state, issue.created_at) + "  ·  edited " + ago_label(state, issue.updated_at);
  draw_text_in(r, text, theme::small, c.text_tertiary);
  flow.y += 16;
}

}  // namespace

void issue_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const Issue* issue = opened_issue(state);
  if (!issue) {
    if (state.issue_missing) not_found_screen(state, out, r);
    return;
  }
  const IdScope ids("page");
  Rect rest = r;
  page_header(state, out, *issue, cut_top(rest, theme::header_height));
  const IdScope issue_ids(UuidHash{}(issue->id.uuid) | 1u);
  const bool has_side = rest.w >= 640;
  if (has_side) {
    const Rect side = cut_right(rest, std::min(theme::properties_width, rest.w * 0.42f));
    fill(side, c.bg_inset);
    vertical_line(side.x, side.y, side.h, c.border_subtle);
    const a11y::Scope scope(scope_node(id_of("side"), side, Aria::complementary, "Properties and links"));
    Scroll scroll("side", side);
    Flow flow{side.x + 18, scroll.top() + 14, side.w - 36};
    issue_properties(state, out, *issue, flow, true);
    issue_sub_issues(state, out, *issue, flow, c.bg_inset);
    issue_relations(state, out, *issue, flow);
    issue_files(state, out, *issue, flow);
    issue_git(state, out, *issue, flow);
    scroll.end_at(flow.y + 24);
  }
  const a11y::Scope main(scope_node(id_of("main"), rest, Aria::main, issue->title));
  Scroll scroll("main", rest);
  follow_page_scroll(state, out, scroll);
  const float gutter = rest.w > 560 ? 58.0f : 20.0f;
  if (gutter > 40) {
    const std::string number = issue->number > 0 ? std::to_string(issue->number) : "new";
    draw_text_in(
        {rest.x, scroll.top() + 24, gutter - 16, 28}, number, theme::mono, c.text_tertiary, Align::right);
  }
  Flow flow{rest.x + gutter, scroll.top() + 24, std::min(theme::prose_width, rest.w - gutter - 40)};
  trash_banner(state, out, *issue, flow);
  issue_title(state, out, *issue, flow, theme::page);
  draw_origin(state, *issue, flow);
  if (!has_side) {
    issue_properties(state, out, *issue, flow, false);
    flow.y += 10;
  }
  const std::optional<float> cursor_y = issue_text(state, out, *issue, flow);
  if (state.page_item_moved) {
    if (cursor_y) scroll.reveal(*cursor_y - scroll.top() - 40, *cursor_y - scroll.top() + 60);
    out.change(ScrollDone{});
  }
  if (!has_side) {
    issue_sub_issues(state, out, *issue, flow, c.bg_canvas);
    issue_relations(state, out, *issue, flow);
    issue_files(state, out, *issue, flow);
    issue_git(state, out, *issue, flow);
  }
  issue_activity(state, out, *issue, flow);
  write_comment(state, out, *issue, flow, scroll);
  scroll.end_at(flow.y + 40);
}

void phone_issue_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const Issue* issue = opened_issue(state);
  if (!issue) {
    if (state.issue_missing) not_found_screen(state, out, r);
    return;
  }
  const IdScope ids("phone-page");
  const IdScope issue_ids(UuidHash{}(issue->id.uuid) | 1u);
  Rect rest = r;
  Rect top = cut_top(rest, theme::phone_top_height);
  horizontal_line(top.x, top.bottom() - 1, top.w, c.border_subtle);
  const IconButtonOptions big{.size = 40, .icon_size = 19};
  Rect bar = inset(top, 6, 0);
  if (icon_button("back", middle(cut_left(bar, 40, 4), 40), icons::chevron_left, "Back", big))
    out.run("app.back");
  const Rect more = cut_right(bar, 40);
  if (icon_button("more", middle(more, 40), icons::ellipsis_vertical, "More", big))
    more_menu(out, more, *issue);
  if (icon_button_right(bar, "link", icons::link, "Copy link", big))
    out.run("issue.copy.link", {}, {issue->id});
  if (icon_button_right(bar, "branch", icons::git_branch, "Copy branch name", big))
    out.run("issue.copy.branch", {}, {issue->id});
  draw_text(bar.x, bar.center_y(), number_text(*issue), {theme::Face::mono_medium, 13, 18}, c.text_secondary);

  const bool is_writing = state.editor.kind != EditorKind::none;
  if (!is_writing) {
    Rect foot = cut_bottom(rest, 60);
    fill(foot, c.bg_panel);
    horizontal_line(foot.x, foot.y, foot.w, c.border_default);
    Rect row = inset(foot, 12, 10);
    const bool is_done = kind_of(state, *issue) == StatusKind::done;
    const ButtonOptions done{.kind = is_done ? ButtonKind::plain : ButtonKind::primary,
                             .icon = icons::circle_check,
                             .is_large = true};
    const std::string_view word = is_done ? "Reopen" : "Done";
    const Rect place = cut_right(row, button_width(word, done), 8);
    if (button("done", place, word, done)) out.run("issue.toggle_done", {}, {issue->id});
    const ItemState comment = hit(id_of("comment"), row);
    fill(row, c.bg_raised, 8);
    outline(row, c.border_default, 8);
    const std::string name = comment_words(state, *issue, inset(row, 11, 0), "Comment", theme::touch_body);
    mirror(comment, row, {.role = Aria::button, .name = name});
    if (comment.clicked) out.run("issue.comment", {}, {issue->id});
  }
  const a11y::Scope main(scope_node(id_of("main"), rest, Aria::main, issue->title));
  Scroll scroll("body", rest);
  follow_page_scroll(state, out, scroll);
  Flow flow{rest.x + 16, scroll.top() + 14, rest.w - 32};
  trash_banner(state, out, *issue, flow);
  issue_title(state, out, *issue, flow, {theme::Face::semibold, 20, 26});
  flow.y += 12;
  issue_property_chips(state, out, *issue, flow);
  issue_text(state, out, *issue, flow);
  issue_sub_issues(state, out, *issue, flow, c.bg_canvas);
  issue_relations(state, out, *issue, flow);
  issue_files(state, out, *issue, flow);
  issue_git(state, out, *issue, flow);
  issue_activity(state, out, *issue, flow);
  if (is_writing) write_comment(state, out, *issue, flow, scroll);
  scroll.end_at(flow.y + 40);
}

}  // namespace dits::web
