// Palette, pickers, the query field, and everything that is written: quick create, editor, dialogs.
#include <algorithm>
#include <utility>

#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "shared/query/token.hpp"
#include "web/commands/app_plans.hpp"
#include "web/commands/palette.hpp"
#include "web/commands/picker.hpp"
#include "web/commands/session_plans.hpp"
#include "web/store/inline_draft.hpp"

namespace dits::web {

namespace {

std::size_t stepped(std::size_t cursor, std::size_t count, int step) {
  if (count == 0) return 0;
  const auto size = static_cast<std::ptrdiff_t>(count);
  return static_cast<std::size_t>((static_cast<std::ptrdiff_t>(cursor) + step + size) % size);
}

Plan choose_row(const State& state, const PickerRow& row) {
  Plan plan;
  plan.then.push_back(row.invocation);
  if (picker_is_multiple(state.picker.kind)) {
    plan.changes.emplace_back(PickerChanged{"", state.picker.cursor, state.picker.month});
  } else {
    plan.changes.emplace_back(PickerClosed{});
  }
  return plan;
}

// Someone changed the comment while it was edited here: the editor begins again over theirs and offers ours.
Plan reopen_comment(Editor editor, const Comment& theirs) {
  editor.text = theirs.body;
  return change_view(EditorOpened{std::move(editor)});
}

Plan save_comment(const State& state) {
  const Editor& editor = state.editor;
  Comment comment;
  std::optional<Comment> before;
  if (editor.kind == EditorKind::comment_edit) {
    const auto comments = state.entities.comments.find(editor.issue_id);
    if (comments != state.entities.comments.end()) {
      for (const Comment& known : comments->second) {
        if (known.id == editor.comment_id) before = known;
      }
    }
    if (!before) return refuse("That comment is gone");
    if (editor.text == before->body) return {};
    if (before->body != editor.base) return reopen_comment(editor, *before);
    comment = *before;
  } else {
    comment.id = CommentId{fresh_uuid(state)};
    comment.issue_id = editor.issue_id;
    comment.created_at = state.now;
  }
  comment.body = normal_form(editor.text);
  comment.updated_at = state.now;
  if (const auto valid = validate(comment); !valid) return refuse(valid.error().message);
  Plan plan = change_view(CommentSaved{before, std::move(comment)});
  plan.title = (before ? "Edit comment" : "Add comment") + on_issue(state, editor.issue_id);
  return plan;
}

Plan save_text(const State& state) {
  const Editor& editor = state.editor;
  if (state.uploads > 0 && editor.text.find("![Uploading ") != std::string::npos)
    return refuse("A file is still on its way: save when it has arrived");
  if (editor.kind == EditorKind::comment || editor.kind == EditorKind::comment_edit)
    return save_comment(state);
  const Issue* issue = find_issue(state.entities, editor.issue_id);
  if (issue == nullptr) return refuse("That issue is gone");
  const bool is_title = editor.kind == EditorKind::title;
  const std::string text = is_title ? name_from(editor.text) : normal_form(editor.text);
  if (text == editor.base) return {};
  Issue changed = *issue;
  (is_title ? changed.title : changed.description) = text;
  if (const auto valid = validate(changed); !valid) return refuse(valid.error().message);
  const std::string& there = is_title ? issue->title : issue->description;
  if (there != editor.base && there != text) {
    Conflict conflict{issue->id, {}, *issue};
    (is_title ? conflict.mine.title : conflict.mine.description) = text;
    return change_view(ConflictFound{std::move(conflict)});
  }
  Invocation on_it;
  on_it.targets = {editor.issue_id};
  return patch_targets(state, on_it, is_title ? "Edit title" : "Edit text", [&](const Issue& one) {
    IssuePatch patch;
    if (is_title && one.title != text) patch.title = text;
    if (!is_title && one.description != text) patch.description = text;
    return std::optional<IssuePatch>(patch);
  });
}

std::string in_quotes(const std::string& value) {
  return query::reads_as_word(value) ? value : "\"" + value + "\"";
}

}  // namespace

Plan plan_query_focus(const State& state, const Invocation&) {
  if (shows_issues(state.route.screen)) return change_view(ModeChanged{Mode::query});
  Plan plan = go_to(route_to(Screen::all));
  plan.changes.emplace_back(ModeChanged{Mode::query});
  return plan;
}

Plan plan_query_leave(const State& state, const Invocation&) {
  Plan plan = change_view(ModeChanged{Mode::normal});
  plan.changes.emplace_back(QueryRemembered{state.list.query_text});
  return plan;
}

Plan plan_query_set(const State&, const Invocation& invocation) {
  const auto* text = argument_as<std::string>(invocation);
  return text != nullptr ? change_view(QueryTyped{*text}) : refuse("Which query?");
}

// A click on a chip adds its term, Alt and a click takes such terms out.
Plan plan_query_add(const State& state, const Invocation& invocation, bool removes) {
  std::string term;
  if (const auto* id = argument_as<LabelId>(invocation)) {
    const Label* label = find_label(state.entities, *id);
    if (label != nullptr) term = "label:" + in_quotes(label->name);
  } else if (const auto* text = argument_as<std::string>(invocation)) {
    term = *text;
  }
  if (term.empty()) return refuse("Which term?");
  std::string query = " " + state.list.query_text + " ";
  const std::string padded = " " + term + " ";
  const std::size_t found = query.find(padded);
  if (removes && found != std::string::npos) query.replace(found, padded.size(), " ");
  if (!removes && found == std::string::npos) query += term;
  return change_view(QueryTyped{std::string(trim(query))});
}

Plan plan_query_drop_term(const State& state, const Invocation&) {
  const std::string& text = state.list.query_text;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const query::Token& token : query::tokens_of(text)) {
    // Tokens of one term touch; a gap begins the next.
    if (token.begin > end) begin = token.begin;
    end = token.end;
  }
  return change_view(QueryTyped{std::string(trim(std::string_view(text).substr(0, begin)))});
}

Plan plan_query_clear(const State&, const Invocation&) { return change_view(QueryTyped{""}); }

Plan plan_palette_open(const State&, const Invocation& invocation) {
  PaletteState palette;
  if (const auto* text = argument_as<std::string>(invocation)) palette.text = *text;
  return change_view(PaletteChanged{std::move(palette)});
}

Plan plan_palette_step(const State& state, const Invocation&, int step) {
  PaletteState palette = state.palette;
  palette.cursor = stepped(palette.cursor, palette_answer(state).shown, step);
  return change_view(PaletteChanged{std::move(palette)});
}

Plan plan_palette_run(const State& state, const Invocation&, bool stays) {
  const PaletteAnswer answer = palette_answer(state);
  const PaletteRow* row = palette_row(answer, state.palette.cursor);
  if (row == nullptr) return {};
  Plan plan;
  if (!stays) plan.changes.emplace_back(PaletteClosed{});
  if (row->command != nullptr) plan.changes.emplace_back(CommandRemembered{std::string(row->command->id)});
  plan.then.push_back(row->invocation);
  return plan;
}

Plan plan_palette_argument(const State& state, const Invocation&) {
  const PaletteAnswer answer = palette_answer(state);
  const PaletteRow* row = palette_row(answer, state.palette.cursor);
  if (row == nullptr || !row->takes_argument) return {};
  // The command without its argument opens the picker for it, in the palette's place.
  return plan_palette_run(state, {}, false);
}

Plan plan_palette_close(const State&, const Invocation&) { return change_view(PaletteClosed{}); }

Plan plan_picker_step(const State& state, const Invocation&, int step) {
  const std::size_t cursor = stepped(state.picker.cursor, picker_rows(state).size(), step);
  return change_view(PickerChanged{state.picker.filter, cursor, state.picker.month});
}

Plan plan_picker_choose(const State& state, const Invocation&) {
  const std::vector<PickerRow> rows = picker_rows(state);
  if (state.picker.cursor >= rows.size()) return change_view(PickerClosed{});
  return choose_row(state, rows[state.picker.cursor]);
}

Plan plan_picker_digit(const State& state, const Invocation&, std::size_t row) {
  const std::vector<PickerRow> rows = picker_rows(state);
  return row < rows.size() ? choose_row(state, rows[row]) : Plan{};
}

Plan plan_picker_close(const State&, const Invocation&) { return change_view(PickerClosed{}); }

Plan plan_picker_month(const State& state, const Invocation&, int step) {
  CivilDate civil = civil_from_date(state.picker.month);
  const int month = static_cast<int>(civil.month) - 1 + step;
  civil.year += month < 0 ? -1 : month / 12;
  civil.month = static_cast<unsigned>((month + 12) % 12 + 1);
  civil.day = 1;
  return change_view(PickerChanged{state.picker.filter, state.picker.cursor, date_from_civil(civil)});
}

void set_form_aside(const State& state, IssueId parent, QuickCreate& form, Plan& plan) {
  const bool has_words = !form.title.empty() || !form.description.empty();
  if (form.parent_issue_id == parent && has_words) return;
  if (has_words) {
    plan.changes.emplace_back(
        DraftKept{form_draft_key(form), {form.title + "\n" + form.description, state.now}, {}});
  }
  form = {};
  form.parent_issue_id = parent;
  const auto kept = state.drafts.find(form_draft_key(form));
  if (!parent.is_set() || kept == state.drafts.end()) return;
  fill_form(form, kept->second.text);
  plan.changes.emplace_back(DraftDropped{kept->first});
}

Plan plan_new_issue(const State& state, const Invocation& invocation) {
  Plan plan;
  QuickCreate draft = state.quick_create;
  // The words of a sub-issue wait for that one.
  set_form_aside(state, IssueId{}, draft, plan);
  const auto waits = std::find_if(
      state.drafts.begin(), state.drafts.end(), [](const auto& kept) { return is_waiting_form(kept.first); });
  if (draft.title.empty() && draft.description.empty() && waits != state.drafts.end()) {
    fill_form(draft, waits->second.text);
    plan.changes.emplace_back(DraftDropped{waits->first});
  }
  const bool is_kept = !draft.title.empty() || !draft.description.empty();
  if (!is_kept) {
    draft = {};
    const Route& route = state.route.screen == Screen::issue ? state.list_route : state.route;
    if (route.screen == Screen::project) draft.project_id = ProjectId{route.entity_id};
    if (route.screen == Screen::area) draft.area_id = AreaId{route.entity_id};
    if (route.screen == Screen::label) draft.label_ids = {LabelId{route.entity_id}};
    if (route.screen == Screen::today) draft.due_date = state.today;
    if (shows_calendar(state.route)) draft.due_date = state.calendar.day;
    draft.status_id = default_status(state, draft.project_id);
  }
  if (!draft.status_id.is_set()) draft.status_id = default_status(state, draft.project_id);
  if (const auto* status = argument_as<StatusId>(invocation)) draft.status_id = *status;
  if (const auto* project = argument_as<ProjectId>(invocation)) draft.project_id = *project;
  if (const auto* day = argument_as<Date>(invocation)) draft.due_date = *day;
  if (const auto* days = argument_as<DaySpan>(invocation)) {
    draft.start_date = days->first;
    draft.due_date = days->last;
  }
  if (const auto* title = argument_as<std::string>(invocation)) draft.title = *title;
  draft.error.clear();
  plan.changes.emplace_back(QuickCreateChanged{std::move(draft)});
  return plan;
}

Plan plan_save(const State& state, const Invocation& invocation, bool leaves) {
  if (state.quick_create.is_open) return plan_create_issue(state, invocation);
  if (state.editor.kind == EditorKind::none) return {};
  Plan plan = save_text(state);
  if (!plan.complaint.empty()) return plan;
  const auto has = [&](auto is_kind) {
    return std::any_of(plan.changes.begin(), plan.changes.end(), is_kind);
  };
  if (has([](const Change& change) { return change.is<EditorOpened>(); })) return plan;
  const bool is_settled = has([](const Change& change) { return change.is<ConflictFound>(); });
  const bool is_comment = state.editor.kind == EditorKind::comment;
  if (leaves || is_comment || is_settled) {
    plan.changes.emplace_back(EditorClosed{false});
  } else {
    plan.changes.emplace_back(EditorSaved{});
  }
  return plan;
}

// Esc: what was written stays as a draft. What did not change leaves none behind.
Plan plan_leave(const State& state, const Invocation&) {
  if (state.quick_create.is_open) return change_view(QuickCreateClosed{true});
  if (state.editor.kind != EditorKind::none) {
    const bool is_same = state.editor.text == state.editor.base;
    return change_view(EditorClosed{!is_same});
  }
  return change_view(ModeChanged{Mode::normal});
}

Plan plan_stroke(const State& state, const Invocation&, markdown::Stroke stroke) {
  const bool is_title = !state.quick_create.is_open && state.editor.kind == EditorKind::title;
  const bool is_writing = state.quick_create.is_open || state.editor.kind != EditorKind::none;
  Plan plan;
  if (is_writing && !is_title && !state.editor.is_preview) plan.effects.emplace_back(TypeStroke{stroke});
  return plan;
}

Plan plan_discard(const State& state, const Invocation&) {
  if (state.editor.kind != EditorKind::none) return change_view(EditorClosed{false});
  return change_view(QuickCreateClosed{false});
}

Plan plan_use_draft(const State& state, const Invocation&) {
  const bool is_there =
      state.editor.kind != EditorKind::none && state.drafts.contains(earlier_draft(draft_key(state.editor)));
  return is_there ? change_view(DraftTaken{}) : refuse("There is no other draft of this text");
}

Plan plan_drop_draft(const State& state, const Invocation&) {
  if (state.editor.kind == EditorKind::none) return refuse("There is no other draft of this text");
  return change_view(DraftDropped{earlier_draft(draft_key(state.editor))});
}

Plan plan_confirm(const State& state, const Invocation&) {
  Plan plan = plan_dialog_form(state, state.dialog);
  if (plan.complaint.empty()) {
    plan.closes_dialog = true;
    return plan;
  }
  Dialog dialog = state.dialog;
  dialog.error = plan.complaint;
  return change_view(DialogChanged{std::move(dialog)});
}

Plan plan_dialog_close(const State&, const Invocation&) { return change_view(DialogClosed{}); }

Plan plan_comment_delete(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<CommentId>(invocation)) {
    for (const auto& [issue, comments] : state.entities.comments) {
      for (const Comment& comment : comments) {
        if (comment.id != *id || comment.deleted_at) continue;
        CommentSaved removal{comment, comment};
        removal.after.deleted_at = state.now;
        Plan plan = change_view(std::move(removal));
        plan.title = "Deleted comment" + on_issue(state, issue);
        return plan;
      }
    }
  }
  return refuse("That comment is gone");
}

Plan plan_toast(const State&, const Invocation& invocation) {
  const auto* id = argument_as<std::int64_t>(invocation);
  return id != nullptr ? change_view(ToastDismissed{static_cast<std::uint32_t>(*id)}) : Plan{};
}

}  // namespace dits::web
