// Title, text, sub-issues, relations and git links of one issue.
#include "web/ui/issue_parts.hpp"

#include <cmath>

#include "shared/model/trash.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/issue_card.hpp"
#include "web/ui/markdown_view.hpp"
#include "web/ui/text_editor.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

namespace {

float line_height() { return is_phone() ? 38.0f : 26.0f; }

bool edits(const State& state, EditorKind kind, IssueId id) {
  return state.editor.kind == kind && state.editor.issue_id == id;
}

void open_issue(Outbox& out, const Issue& issue) {
  Route route;
  route.screen = Screen::issue;
  route.issue_number = issue.number;
  go(out, route);
}

}  // namespace

void follow_link(Outbox& out, const std::string& link, bool opens_tab) {
  if (link.starts_with('/') && !link.starts_with("/api/") && !opens_tab) return go(out, parse_route(link));
  if (!link.empty()) out.run("open.url", link);
}

std::string address_of(const Issue& issue) {
  return issue.number > 0 ? "/issues/" + std::to_string(issue.number) : std::string();
}

bool open_tab_by_click(Outbox& out, const ItemState& item, const Issue& issue) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool is_middle = item.hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Middle);
  const bool is_wanted = is_middle || (item.clicked && (io.KeyCtrl || io.KeySuper));
  if (!is_wanted) return false;
  if (issue.number > 0 && !item.double_clicked) out.run("open.url", address_of(issue));
  return true;
}

Rect section_title(Flow& flow, std::string_view title, std::string_view count, float sign_width) {
  const theme::Palette& c = theme::colors();
  flow.y += 10;
  horizontal_line(flow.x, flow.y, flow.w, c.border_subtle);
  flow.y += 13;
  const Rect r = flow.take(18);
  flow.y += 6;
  const auto style = is_phone() ? theme::body_strong : theme::small_strong;
  float x = r.x + sign_width;
  mirror(id_of(title), r, {.role = Aria::heading, .name = title, .level = 3});
  x += draw_text(x, r.center_y(), title, style, c.text_primary) + 8;
  if (!count.empty()) x += draw_text(x, r.center_y(), count, theme::mono_small, c.text_tertiary) + 8;
  return {x, r.y, std::max(0.0f, r.right() - x), r.h};
}

void trash_banner(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  if (!issue.deleted_at) return;
  const theme::Palette& c = theme::colors();
  const Date gone = state.zone.date_of(*issue.deleted_at);
  const std::string text = "since " + ago_label(state, *issue.deleted_at) + ", until " +
                           day_label(state, Date{gone.days + days_in_trash});
  BannerOptions options;
  options.icon = icons::trash_2;
  options.ink = c.signal_danger;
  options.tint = c.signal_danger_tint;
  options.strong = "In the trash";
  options.text = text;
  options.action = "Restore";
  options.radius = 6;
  if (banner("trash", flow.take(32), options)) out.run("issue.restore", {}, {issue.id});
  flow.y += 12;
}

void issue_title(const State& state, Outbox& out, const Issue& issue, Flow& flow, theme::TextStyle style) {
  const theme::Palette& c = theme::colors();
  if (edits(state, EditorKind::title, issue.id)) {
    std::string text = state.editor.text;
    TextFieldOptions options;
    options.name = "Title";
    options.takes_focus = true;
    options.style = style;
    options.pad = 8;
    const Rect r{flow.x - 9, flow.y - 4, flow.w + 9, style.line_height + 10};
    const TextFieldEvents events = text_field("title", r, text, options);
    if (events.changed) out.change(EditorTyped{text, false});
    if (events.submitted || events.blurred) out.run("editor.save");
    flow.y += style.line_height + 6;
    return;
  }
  const float height = title_height(flow.w, issue.title, style);
  const Rect r{flow.x, flow.y, flow.w, height};
  a11y::Node node;
  node.role = Aria::heading;
  node.name = issue.title;
  node.level = 1;
  node.description = "Click to edit";
  const ItemState hit_state = item(id_of("title"), r, node);
  if (hit_state.hovered) {
    fill(inset(r, -6, -2), c.bg_hover, 5);
    ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  }
  if (hit_state.has_ring) focus_ring(r, 4);
  draw_title(r, issue.title, style, issue.deleted_at ? c.text_tertiary : c.text_primary);
  if (hit_state.clicked && !issue.deleted_at) {
    Editor editor;
    editor.kind = EditorKind::title;
    editor.issue_id = issue.id;
    editor.text = issue.title;
    out.change(EditorOpened{editor});
  }
  flow.y += height;
}

std::optional<float> issue_text(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("text");
  if (edits(state, EditorKind::description, issue.id)) {
    text_editor(state, out, flow, {"Description", "Write in Markdown", "Save", 180});
    return std::nullopt;
  }
  if (!issue.has_description) {
    for (const float width : {0.92f, 0.8f, 0.55f}) {
      const Rect r = flow.take(20);
      draw_skeleton_bar(r.x, r.center_y(), r.w * width);
    }
    return std::nullopt;
  }
  const auto begin_edit = [&] {
    Editor editor;
    editor.kind = EditorKind::description;
    editor.issue_id = issue.id;
    editor.text = issue.description;
    out.change(EditorOpened{editor});
  };
  Editor waiting;
  waiting.kind = EditorKind::description;
  waiting.issue_id = issue.id;
  if (draft_for(state, waiting) != nullptr && !issue.deleted_at) {
    const Rect r = flow.take(26);
    if (text_button("draft", r.x, r.center_y(), "A draft of this text waits: go on writing")) begin_edit();
  }
  if (issue.description.empty()) {
    const Rect r = flow.take(26);
    const ItemState add = item(id_of("add"), r, {.role = Aria::button, .name = "Add a description"});
    if (add.has_ring) focus_ring(r, 4);
    draw_text(r.x,
              r.center_y(),
              "Add a description",
              theme::body,
              add.hovered ? c.text_secondary : c.text_tertiary);
    tooltip(add, r, "Edit the text", "e");
    if (add.clicked && !issue.deleted_at) begin_edit();
    return std::nullopt;
  }
  const Rect place{flow.x, flow.y, flow.w, 0};
  MarkdownOptions options;
  const bool is_page = state.route.screen == Screen::issue;
  if (is_page && (state.page_item > 0 || state.page_item_moved))
    options.task_cursor = static_cast<std::int64_t>(state.page_item);
  const MarkdownEvents events =
      markdown_view("markdown " + to_string(issue.id), flow, issue.description, options);
  const Rect all{place.x, place.y, place.w, flow.y - place.y};
  if (events.ticked) out.run("issue.tick", *events.ticked, {issue.id});
  follow_link(out, events.link, events.opens_tab);
  mention_card(state, events);
  const ItemState click = hit(id_of("edit"), all, item_no_tab_stop);
  if (click.double_clicked && !issue.deleted_at) begin_edit();
  return events.cursor_y;
}

void issue_sub_issues(const State& state, Outbox& out, const Issue& issue, Flow& flow, ImU32 behind) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("sub-issues");
  const std::vector<const Issue*> children = sub_issues_of(state, issue);
  const bool phone = is_phone();
  if (children.empty() && phone) return;
  const Progress progress = sub_issue_progress(state, find_slot(state.entities, issue.id));
  const float sign = phone ? 16.0f : 14.0f;
  const std::string count = progress.total()
                                ? std::to_string(progress.closed) + '/' + std::to_string(progress.total())
                                : std::string();
  Rect bar = section_title(flow, "Sub-issues", count, sign + 8);
  const float done =
      progress.total() ? static_cast<float>(progress.closed) / static_cast<float>(progress.total()) : 0;
  draw_progress_ring(flow.x + sign / 2, bar.center_y(), done, sign);
  if (icon_button_right(
          bar,
          "add",
          icons::plus,
          "New sub-issue",
          {.keys = "r s", .size = 24, .icon_size = phone ? 17.0f : 14.0f, .color = c.text_tertiary})) {
    out.run("issue.new_sub_issue", {}, {issue.id});
  }
  const a11y::Scope list(
      scope_node(id_of("list"),
                 {flow.x, flow.y, flow.w, line_height() * static_cast<float>(children.size())},
                 Aria::list,
                 "Sub-issues"));
  for (const Issue* child : children) {
    const IdScope child_ids(static_cast<std::uint64_t>(child->number) + 1);
    const Rect r = flow.take(line_height());
    if (!is_near_view(r)) continue;
    const StatusKind kind = kind_of(state, *child);
    const float ring = phone ? 17.0f : 14.0f;
    const Rect ring_place{r.x - 4, r.y, ring + 8, r.h};
    const std::string status_name = "Status of " + issue_name(*child);
    const ItemState status =
        item(id_of("status"), ring_place, {.role = Aria::button, .name = status_name}, item_no_tab_stop);
    const std::string name = issue_name(*child);
    const ItemState row =
        item(id_of("row"), r, {.role = Aria::link, .name = name, .value = address_of(*child)});
    if (row.hovered) fill(inset(r, -6, 0), c.bg_hover, 5);
    if (row.has_ring) focus_ring(inset(r, -2, 2), 4);
    draw_ring(r.x + ring / 2, r.center_y(), ring_of(kind), ring, behind);
    float x = r.x + ring + (phone ? 10.0f : 8.0f);
    x += draw_text(x, r.center_y(), std::to_string(child->number), theme::mono, c.text_tertiary) + 8;
    title_line({x, r.y, r.right() - x, r.h},
               child->title,
               phone ? theme::touch_body : theme::body,
               kind == StatusKind::done ? c.text_tertiary : c.text_primary);
    if (status.clicked) run_below(out, ring_place, "issue.status.pick", {}, {child->id});
    if (row.clicked) open_issue(out, *child);
  }
}

namespace {

struct RelationLook {
  const char* icon;
  ImU32 color;
};
RelationLook look_of(const RelationRow& row) {
  const theme::Palette& c = theme::colors();
  switch (row.type) {
    case RelationType::blocks:
    case RelationType::blocked_by:
      if (row.is_closed || !row.other) return {icons::circle_check, c.status_done};
      return {icons::octagon_minus, c.signal_danger};
    case RelationType::relates_to:
      return {icons::arrow_right_left, c.text_tertiary};
    case RelationType::duplicates:
    case RelationType::duplicated_by:
      return {icons::copy, c.text_tertiary};
  }
  return {icons::link, c.text_tertiary};
}

}  // namespace

void issue_relations(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("relations");
  const std::vector<RelationRow> rows = relations_of(state, issue);
  if (rows.empty() && is_phone()) return;
  Rect bar = section_title(flow, "Relations", rows.empty() ? std::string() : std::to_string(rows.size()));
  const Rect plus = cut_right(bar, 24);
  if (icon_button("add",
                  middle(plus, 24),
                  icons::plus,
                  "Add a relation",
                  {.keys = "r", .icon_size = 14, .color = c.text_tertiary, .has_popup = true})) {
    PendingKeys pending;
    pending.keys = {"r"};
    pending.since = state.now;
    out.change(KeysPending{std::move(pending)});
  }
  for (const RelationRow& relation : rows) {
    if (!relation.other) continue;
    const IdScope row_ids(UuidHash{}(relation.id.uuid) | 1u);
    const Rect r = flow.take(line_height());
    if (!is_near_view(r)) continue;
    ItemState remove;
    const Rect remove_place{r.right() - 22, r.y + 2, 22, r.h - 4};
    const bool is_lit = is_hovered(r);
    const std::string kind(title_of(relation.type));
    const std::string remove_name = "Remove: " + kind + ' ' + issue_name(*relation.other);
    remove =
        item(id_of("remove"), remove_place, {.role = Aria::button, .name = remove_name}, item_no_tab_stop);
    const std::string name = kind + ' ' + issue_name(*relation.other);
    const ItemState row =
        item(id_of("row"), r, {.role = Aria::link, .name = name, .value = address_of(*relation.other)});
    if (row.hovered) fill(inset(r, -6, 0), c.bg_hover, 5);
    if (row.has_ring) focus_ring(inset(r, -2, 2), 4);
    const RelationLook look = look_of(relation);
    draw_icon(r.x + 7, r.center_y(), look.icon, 14, look.color);
    draw_text_in({r.x + 22, r.y, 78, r.h}, kind, theme::body, c.text_tertiary);
    float x = r.x + 104;
    x += draw_text(x, r.center_y(), std::to_string(relation.other->number), theme::mono, c.text_tertiary) + 8;
    const float end = is_lit ? remove_place.x - 4 : r.right();
    title_line({x, r.y, std::max(0.0f, end - x), r.h},
               relation.other->title,
               theme::body,
               relation.is_closed ? c.text_tertiary : c.text_primary);
    if (is_lit)
      draw_icon(remove_place.center_x(),
                r.center_y(),
                icons::x,
                13,
                remove.hovered ? c.signal_danger : c.text_tertiary);
    tooltip(remove, remove_place, "Remove");
    if (remove.clicked) {
      out.run("issue.relation.remove", relation.id, {issue.id});
    } else if (row.clicked) {
      open_issue(out, *relation.other);
    }
  }
}

namespace {

struct GitLine {
  const char* icon = nullptr;
  ImU32 color = 0;
  std::string text;
  bool is_mono = false;
  std::string detail;
  std::string url;
};

std::string forge_url(const GitIntegration& link) {
  switch (link.provider) {
    case GitProvider::github:
      return "https://github.com/" + link.repository;
    case GitProvider::gitlab:
      return "https://gitlab.com/" + link.repository;
    case GitProvider::bitbucket:
      return "https://bitbucket.org/" + link.repository;
    case GitProvider::local:
      return {};
  }
  return {};
}

std::vector<GitLine> lines_of(const GitIntegration& link) {
  const theme::Palette& c = theme::colors();
  std::vector<GitLine> lines;
  const std::string base = forge_url(link);
  if (link.branch_name) {
    lines.push_back({icons::git_branch,
                     c.text_tertiary,
                     *link.branch_name,
                     true,
                     link.repository,
                     base.empty() ? "" : base + "/tree/" + *link.branch_name});
  }
  if (link.pr_url) {
    const std::size_t slash = link.pr_url->rfind('/');
    const std::string number =
        slash == std::string::npos ? *link.pr_url : '!' + link.pr_url->substr(slash + 1);
    lines.push_back({icons::git_pull_request, c.status_review, link.repository, false, number, *link.pr_url});
  }
  if (link.commit_hash) {
    lines.push_back({icons::git_commit_horizontal,
                     c.text_tertiary,
                     link.commit_hash->substr(0, 10),
                     true,
                     link.repository,
                     base.empty() ? "" : base + "/commit/" + *link.commit_hash});
  }
  return lines;
}

}  // namespace

void issue_git(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("git");
  const auto found = state.entities.git_links.find(issue.id);
  const bool is_empty = found == state.entities.git_links.end() || found->second.empty();
  if (is_empty && is_phone()) return;
  Rect bar = section_title(flow, "Git", is_empty ? std::string() : std::to_string(found->second.size()));
  const Rect plus = cut_right(bar, 24);
  if (icon_button("add",
                  middle(plus, 24),
                  icons::plus,
                  "Link a branch, pull request or commit",
                  {.keys = "b", .icon_size = 14, .color = c.text_tertiary})) {
    out.run("issue.links", {}, {issue.id});
  }
  if (is_empty) {
    const Rect r = flow.take(line_height());
    const std::string branch = branch_name_for(issue.number, issue.title);
    const ItemState copy = item(id_of("copy"), r, {.role = Aria::button, .name = "Copy branch name"});
    if (copy.hovered) fill(inset(r, -6, 0), c.bg_hover, 5);
    if (copy.has_ring) focus_ring(inset(r, -2, 2), 4);
    draw_icon(r.x + 7, r.center_y(), icons::git_branch, 14, c.text_tertiary);
    draw_text_in({r.x + 22, r.y, r.w - 50, r.h}, branch, theme::mono, c.text_tertiary);
    draw_icon(r.right() - 9, r.center_y(), icons::copy, 13, c.text_tertiary);
    tooltip(copy, r, "Copy branch name", "y b");
    if (copy.clicked) out.run("issue.copy.branch", {}, {issue.id});
    return;
  }
  std::uint64_t number = 1;
  for (const GitIntegration& link : found->second) {
    for (const GitLine& line : lines_of(link)) {
      const Rect r = flow.take(line_height());
      const ImGuiID line_id = id_of(number++);
      if (!is_near_view(r)) continue;
      const ItemState row = item(line_id, r, {.role = Aria::link, .name = line.text, .value = line.url});
      if (row.hovered) fill(inset(r, -6, 0), c.bg_hover, 5);
      if (row.has_ring) focus_ring(inset(r, -2, 2), 4);
      draw_icon(r.x + 7, r.center_y(), line.icon, 14, line.color);
      const float detail = std::min(120.0f, text_width(line.detail, theme::small));
      draw_text_in({r.right() - detail, r.y, detail + 1, r.h}, line.detail, theme::small, c.text_tertiary);
      text_line({r.x + 22, r.y, r.w - 30 - detail, r.h},
                line.text,
                line.is_mono ? theme::mono : theme::body,
                c.text_primary);
      if (row.clicked && !line.url.empty()) out.run("open.url", line.url);
    }
  }
}

}  // namespace dits::web
