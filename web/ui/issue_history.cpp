// What happened to an issue, with what was said about it, newest last.
#include <algorithm>
#include <array>

#include "web/theme/icons.hpp"
#include "web/ui/issue_card.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/markdown_view.hpp"
#include "web/ui/text_editor.hpp"
#include "web/widgets/rich_text.hpp"

namespace dits::web {

namespace {

struct Entry {
  Timestamp at;
  const ActivityLine* line = nullptr;
  const Comment* comment = nullptr;
};

struct Actor {
  ImU32 color;
  std::string initial;
  const char* icon = nullptr;
};

Actor actor_of(const State& state, const ActivityLine& line) {
  const theme::Palette& c = theme::colors();
  if (line.actor == "you") {
    const std::string& name = state.session.me.name;
    return {c.accent_base, name.empty() ? "Y" : name.substr(0, 1), nullptr};
  }
  if (line.actor == "import") return {c.status_todo, "", icons::download};
  return {c.status_todo, "", icons::terminal};
}

void draw_line(const State& state, const ActivityLine& line, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const std::string when = ago_label(state, line.at);
  const float when_width = text_width(when, theme::small);
  const std::string who = line.actor == "you" ? "You" : line.actor;
  const float text_x = flow.x + 29;
  const float text_w = std::max(60.0f, flow.w - 29 - when_width - 10);
  const std::array<RichSpan, 3> spans{{{who, theme::small_medium, c.text_primary},
                                       {" ", theme::small, 0},
                                       {line.text, theme::small, c.text_secondary}}};
  const float height = rich_text_height(text_w, 18, spans);
  const Rect r = flow.take(std::max(28.0f, height + 10));
  if (!is_near_view(r)) return;
  const Actor actor = actor_of(state, line);
  draw_avatar(r.x + 10, r.y + 14, actor.color, actor.initial, actor.icon);
  rich_text("text", text_x, r.y + 5, text_w, 18, spans);
  draw_text(r.right() - when_width, r.y + 14, when, theme::small, c.text_tertiary);
  const std::string name = who + ' ' + line.text + ", " + when;
  mirror(id_of("entry"), r, {.role = Aria::article, .name = name});
}

// Who said it and when, and what can be done with it.
void draw_comment_head(
    const State& state, Outbox& out, const Issue& issue, const Comment& comment, Rect head) {
  const theme::Palette& c = theme::colors();
  const std::string when = ago_label(state, comment.created_at);
  const std::string& name = state.session.me.name;
  draw_avatar(head.x + 10, head.center_y(), c.accent_base, name.empty() ? "Y" : name.substr(0, 1));
  float x = head.x + 29;
  x += draw_text(x,
                 head.center_y(),
                 name.empty() ? "You" : std::string_view(name),
                 theme::small_medium,
                 c.text_primary) +
       8;
  draw_text(x, head.center_y(), when, theme::small, c.text_tertiary);
  if (icon_button_right(
          head, "delete", icons::trash_2, "Delete comment", {.icon_size = 13, .color = c.text_tertiary})) {
    out.run("issue.comment.delete", comment.id, {issue.id});
  }
  if (icon_button_right(
          head, "edit", icons::pencil, "Edit comment", {.icon_size = 13, .color = c.text_tertiary})) {
    Editor editor;
    editor.kind = EditorKind::comment_edit;
    editor.issue_id = issue.id;
    editor.comment_id = comment.id;
    editor.text = comment.body;
    out.change(EditorOpened{editor});
  }
}

void draw_comment(const State& state, Outbox& out, const Issue& issue, const Comment& comment, Flow& flow) {
  const theme::Palette& c = theme::colors();
  if (state.editor.kind == EditorKind::comment_edit && state.editor.comment_id == comment.id) {
    text_editor(state, out, flow, {"Edit comment", "Comment in Markdown", "Save", 90});
    return;
  }
  flow.y += 4;
  const float top = flow.y;
  // The frame lies under the text, whose height shows only afterwards: it is drawn into a lower channel.
  ImDrawList& list = canvas();
  ImDrawListSplitter splitter;
  splitter.Split(&list, 2);
  splitter.SetCurrentChannel(&list, 1);
  const Rect head{flow.x + 12, flow.y, flow.w - 18, 34};
  const std::string label = "Comment, " + ago_label(state, comment.created_at);
  const a11y::Scope article(scope_node(id_of("comment"), {flow.x, top, flow.w, 60}, Aria::article, label));
  if (is_near_view(head)) draw_comment_head(state, out, issue, comment, head);
  Flow inner{flow.x + 12, flow.y + 34, flow.w - 24};
  const MarkdownEvents events = markdown_view("body", inner, comment.body, {.is_read_only = true});
  follow_link(out, events.link, events.opens_tab);
  mention_card(state, events);
  const Rect frame{flow.x, top, flow.w, inner.y + 2 - top};
  splitter.SetCurrentChannel(&list, 0);
  fill(frame, c.bg_raised, 6);
  outline(frame, c.border_default, 6);
  splitter.Merge(&list);
  flow.y = frame.bottom() + 8;
}

}  // namespace

void issue_activity(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("activity");
  Rect bar = section_title(flow, "Activity", {});
  draw_text_in(bar, "Newest last", theme::small, c.text_tertiary, Align::right);
  const std::vector<ActivityLine> lines = activity_lines(state, issue.id);
  std::vector<Entry> entries;
  for (const ActivityLine& line : lines) entries.push_back({line.at, &line, nullptr});
  if (const auto found = state.entities.comments.find(issue.id); found != state.entities.comments.end()) {
    for (const Comment& comment : found->second) {
      if (!comment.deleted_at) entries.push_back({comment.created_at, nullptr, &comment});
    }
  }
  std::stable_sort(
      entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.at < b.at; });
  // A feed without articles would be none.
  const Aria role = entries.empty() ? Aria::group : Aria::feed;
  const a11y::Scope feed(scope_node(id_of("feed"), {flow.x, flow.y, flow.w, 40}, role, "Activity"));
  std::uint64_t number = 0;
  for (const Entry& entry : entries) {
    const IdScope entry_ids(++number);
    if (entry.line) {
      draw_line(state, *entry.line, flow);
    } else {
      draw_comment(state, out, issue, *entry.comment, flow);
    }
  }
  if (entries.empty()) {
    const Rect r = flow.take(26);
    draw_text(r.x, r.center_y(), "Nothing has happened yet", theme::small, c.text_tertiary);
  }
}

std::string comment_words(
    const State& state, const Issue& issue, Rect r, std::string_view placeholder, theme::TextStyle style) {
  const theme::Palette& c = theme::colors();
  Editor editor;
  editor.kind = EditorKind::comment;
  editor.issue_id = issue.id;
  const Draft* draft = draft_for(state, editor);
  if (draft == nullptr || draft->text.empty()) {
    draw_text_in(r, placeholder, style, c.text_tertiary);
    return "Comment";
  }
  const std::string_view text = draft->text;
  const float width = text_width("Draft", theme::caption_medium) + 10;
  fill({r.x, r.center_y() - 9, width, 18}, c.signal_warning_tint, 4);
  draw_text(r.x + 5, r.center_y(), "Draft", theme::caption_medium, c.signal_warning);
  draw_text_in({r.x + width + 8, r.y, std::max(0.0f, r.w - width - 8), r.h},
               text.substr(0, text.find('\n')),
               style,
               c.text_primary);
  return "Comment, a draft waits";
}

void comment_box(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("comment");
  if (issue.deleted_at) return;
  flow.y += 10;
  if (state.editor.kind == EditorKind::comment && state.editor.issue_id == issue.id) {
    text_editor(state, out, flow, {"Comment", "Comment in Markdown", "Comment", 90});
    return;
  }
  const Rect r = flow.take(38);
  const ItemState box = hit(id_of("open"), r);
  fill(r, c.bg_raised, 6);
  outline(r, box.hovered ? c.border_strong : c.border_default, 6);
  if (box.has_ring) focus_ring(r, 6);
  const std::string name =
      comment_words(state, issue, {r.x + 10, r.y, r.w - 50, r.h}, "Comment in Markdown", theme::body);
  mirror(box, r, {.role = Aria::button, .name = name, .shortcut = "m"});
  draw_keys(r.right() - 28, r.center_y(), "m");
  Editor editor;
  editor.kind = EditorKind::comment;
  editor.issue_id = issue.id;
  if (box.clicked) out.change(EditorOpened{editor});
}

}  // namespace dits::web
