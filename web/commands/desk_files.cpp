// Files that are pasted, dropped or chosen: sent, and written into the text where they were given.
#include <utility>

#include "shared/api/paths.hpp"
#include "web/commands/desk.hpp"
#include "web/commands/file_path.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

bool takes_files(const Editor& editor) {
  return editor.kind == EditorKind::description || editor.kind == EditorKind::comment ||
         editor.kind == EditorKind::comment_edit;
}

// Brackets would end the text of the link.
std::string link_text(const std::string& name) {
  std::string text;
  for (const char c : name) text += c == '[' ? '(' : c == ']' ? ')' : c == '\\' ? '_' : c;
  return text;
}

std::string markdown_for(const Attachment& file) {
  const std::string link = '[' + link_text(file.file_name) + "](" + file_path(file) + ')';
  return is_shown_inline(file.content_type) ? '!' + link : link;
}

Toast toast_of(ToastKind kind, std::string text) {
  Toast toast;
  toast.kind = kind;
  toast.text = std::move(text);
  toast.stays = kind == ToastKind::error;
  return toast;
}

std::string replaced(std::string text, const std::string& placeholder, const std::string& with) {
  const std::size_t at = text.find(placeholder);
  if (at != std::string::npos) text.replace(at, placeholder.size(), with);
  return text;
}

}  // namespace

void Desk::put_in_place_of(const std::string& placeholder, const std::string& text) {
  if (placeholder.empty()) return;
  if (state_.editor.text.find(placeholder) != std::string::npos) {
    change(EditorTyped{replaced(state_.editor.text, placeholder, text), state_.editor.is_preview});
  } else if (state_.quick_create.description.find(placeholder) != std::string::npos) {
    QuickCreate draft = state_.quick_create;
    draft.description = replaced(draft.description, placeholder, text);
    change(QuickCreateChanged{std::move(draft)});
  }
}

void Desk::file_given(const GivenFile& file) {
  const auto refuse_it = [&](const std::string& why) {
    put_in_place_of(file.placeholder, "");
    change(ToastShown{toast_of(ToastKind::error, file.name + ' ' + why)});
  };
  if (!file.problem.empty()) return refuse_it(file.problem);
  if (state_.route.screen == Screen::settings && state_.route.section == SettingsSection::transfer) {
    if (!state_.transfer.is_running) gateway_.import_file(file.name, file.bytes);
    return;
  }
  if (state_.quick_create.is_open) return refuse_it("can be added when the issue is made");
  const bool is_for_editor = takes_files(state_.editor);
  const Issue* issue =
      find_issue(state_.entities, is_for_editor ? state_.editor.issue_id : state_.open_issue);
  if (issue == nullptr) return refuse_it("needs an issue to hang on: open one first");
  if (issue->deleted_at) return refuse_it("cannot hang on an issue that lies in the trash");
  if (issue->version == 0) return refuse_it("can be added when the issue has reached the server");
  if (state_.sync.phase == SyncPhase::offline) return refuse_it("cannot be sent while offline");
  gateway_.upload(issue->id,
                  file.name,
                  file.bytes,
                  [this, name = file.name, placeholder = file.placeholder](const Result<Attachment>& sent) {
                    if (!sent) {
                      put_in_place_of(placeholder, "");
                      change(ToastShown{toast_of(ToastKind::error, name + ": " + sent.error().message)});
                      return;
                    }
                    put_in_place_of(placeholder, markdown_for(*sent));
                    change(ToastShown{toast_of(ToastKind::success, "Attached " + sent->file_name)});
                  });
}

}  // namespace dits::web
