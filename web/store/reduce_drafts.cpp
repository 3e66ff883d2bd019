// What is being written: the form of a new issue, the editor, and drafts of both.
#include <algorithm>
#include <utility>

#include "web/store/display.hpp"
#include "web/store/reduce_parts.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr std::string_view earlier_suffix = ":earlier";

bool is_empty(const QuickCreate& form) { return form.title.empty() && form.description.empty(); }

void keep_earlier(State& state, const std::string& key, Draft draft) {
  Draft& kept = state.drafts[earlier_draft(key)];
  if (kept.text == draft.text) return;
  if (!kept.text.empty()) draft.text = kept.text + "\n\n" + draft.text;
  kept = std::move(draft);
}

void offer_earlier(State& state) {
  if (!state.drafts.contains(earlier_draft(draft_key(state.editor)))) return;
  Toast toast;
  toast.text = "There is a draft of yours, begun over another version of this text";
  toast.action_label = "Use the draft";
  toast.action_command = "editor.use_draft";
  toast.second_label = "Drop it";
  toast.second_command = "editor.drop_draft";
  toast.entity_id = state.editor.issue_id.uuid;
  toast.stays = true;
  show_toast(state, std::move(toast));
}

// Offers and news of an editor mean nothing without it.
void dismiss_offers(State& state) {
  std::erase_if(state.toasts, [](const Toast& toast) { return toast.action_command == "editor.use_draft"; });
}

}  // namespace

std::string draft_key(const Editor& editor) {
  const std::string issue = "issue:" + to_string(editor.issue_id);
  switch (editor.kind) {
    case EditorKind::title:
      return issue + ":title";
    case EditorKind::description:
      return issue + ":description";
    case EditorKind::comment:
      return issue + ":comment";
    case EditorKind::comment_edit:
      return "comment:" + to_string(editor.comment_id);
    case EditorKind::none:
      break;
  }
  return {};
}

std::string earlier_draft(const std::string& key) { return key + std::string(earlier_suffix); }

bool is_waiting_form(const std::string& key) {
  return key.starts_with(std::string(quick_create_draft) + ":");
}

void fill_form(QuickCreate& form, const std::string& draft) {
  const std::size_t end = std::min(draft.find('\n'), draft.size());
  form.title = draft.substr(0, end);
  form.description = end < draft.size() ? draft.substr(end + 1) : std::string{};
}

// FNV-1a.
std::uint64_t text_mark(const std::string& text) {
  std::uint64_t mark = 0xCBF29CE484222325ULL;
  for (const char c : text) {
    mark ^= static_cast<unsigned char>(c);
    mark *= 0x100000001B3ULL;
  }
  return mark == 0 ? 1 : mark;
}

void note_overtaken_editor(State& state, const Issue& issue) {
  Editor& editor = state.editor;
  if (editor.issue_id != issue.id || editor.is_overtaken) return;
  const bool is_title = editor.kind == EditorKind::title;
  if (!is_title && (editor.kind != EditorKind::description || !issue.has_description)) return;
  const std::string& there = is_title ? issue.title : issue.description;
  if (there == editor.base || there == editor.text) return;
  if (editor.text == editor.base) {
    editor.text = editor.base = there;
    return;
  }
  editor.is_overtaken = true;
  Toast toast;
  toast.kind = ToastKind::warning;
  toast.text = "#" + std::to_string(issue.number) +
               " was changed elsewhere while you write; when you save, you are asked which to keep";
  show_toast(state, std::move(toast));
}

void apply(State& state, const QuickCreateChanged& change) {
  state.quick_create = change.draft;
  state.quick_create.is_open = true;
}

void apply(State& state, const CaretMenuChanged& change) { state.caret_menu = change.menu; }

void apply(State& state, const QuickCreateClosed& change) {
  state.caret_menu = {};
  if (change.keep_draft) {
    state.quick_create.is_open = false;
  } else {
    state.quick_create = {};
  }
}

void apply(State& state, const EditorOpened& change) {
  state.caret_menu = {};
  state.editor = change.editor;
  state.editor.base = change.editor.text;
  state.editor.is_overtaken = false;
  const std::string key = draft_key(change.editor);
  const auto found = state.drafts.find(key);
  if (found != state.drafts.end()) {
    if (found->second.base == 0 || found->second.base == text_mark(state.editor.base)) {
      state.editor.text = found->second.text;
    } else {
      keep_earlier(state, key, found->second);
      state.drafts.erase(key);
    }
  }
  dismiss_offers(state);
  offer_earlier(state);
}

void apply(State& state, const EditorTyped& change) {
  if (state.editor.kind == EditorKind::none) return;
  const bool is_typed = state.editor.text != change.text;
  state.editor.text = change.text;
  state.editor.is_preview = change.is_preview;
  if (is_typed)
    state.drafts[draft_key(state.editor)] = {change.text, state.now, text_mark(state.editor.base)};
}

void apply(State& state, const EditorClosed& change) {
  if (!change.keep_draft) state.drafts.erase(draft_key(state.editor));
  state.editor = {};
  state.caret_menu = {};
  dismiss_offers(state);
}

void apply(State& state, const EditorSaved&) {
  state.editor.base = state.editor.text;
  state.editor.is_overtaken = false;
  state.drafts.erase(draft_key(state.editor));
}

void apply(State& state, const DraftKept& change) {
  if (is_waiting_form(change.key)) {
    const bool is_free = !state.quick_create.is_open && is_empty(state.quick_create);
    if (is_free) {
      state.quick_create = change.form;
      state.quick_create.is_open = false;
    } else {
      state.drafts[change.key] = change.draft;
    }
    return;
  }
  const bool is_open = state.editor.kind != EditorKind::none && draft_key(state.editor) == change.key;
  const auto found = state.drafts.find(change.key);
  if (is_open || (found != state.drafts.end() && found->second.text != change.draft.text)) {
    // What the user writes now is newer.
    if (!is_open || state.editor.text != change.draft.text) keep_earlier(state, change.key, change.draft);
    if (is_open) offer_earlier(state);
  } else {
    state.drafts[change.key] = change.draft;
  }
}

void apply(State& state, const DraftTaken&) {
  const std::string key = draft_key(state.editor);
  const auto found = state.drafts.find(earlier_draft(key));
  if (found == state.drafts.end()) return;
  const std::uint64_t base = text_mark(state.editor.base);
  std::string taken = std::move(found->second.text);
  if (state.editor.text == state.editor.base || state.editor.text.empty()) {
    state.drafts.erase(found);
  } else {
    found->second = {state.editor.text, state.now, base};
  }
  state.drafts[key] = {taken, state.now, base};
  state.editor.text = std::move(taken);
  dismiss_offers(state);
}

void apply(State& state, const DraftDropped& change) {
  state.drafts.erase(change.key);
  dismiss_offers(state);
}

void apply(State& state, const DraftsLoaded& change) {
  state.drafts = change.drafts;
  state.palette.recent = change.recent_commands;
  state.query_history = change.query_history;
  state.displays = change.displays;
  const auto kept = state.drafts.find(quick_create_draft);
  if (kept != state.drafts.end() && state.quick_create.title.empty())
    fill_form(state.quick_create, kept->second.text);
  state.drafts.erase(quick_create_draft);
  const auto display = state.displays.find(display_key(state.list_route));
  if (display != state.displays.end()) state.list.display = display->second;
  state.list_work.is_all = true;
}

}  // namespace dits::web
