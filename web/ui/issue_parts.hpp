// The pieces that the detail pane, the issue page and the phone page are put together from. Each draws from
// the top of `flow` and moves it down.
#pragma once

#include <optional>

#include "web/ui/parts.hpp"

namespace dits::web {

// A column that fills from the top.
struct Flow {
  float x = 0;
  float y = 0;
  float w = 0;

  Rect take(float height) {
    const Rect r{x, y, w, height};
    y += height;
    return r;
  }
};

// Properties as rows of 26: label, value, key.
void issue_properties(const State& state, Outbox& out, const Issue& issue, Flow& flow, bool shows_keys);
// The same as chips of 36 that wrap, for fingers.
void issue_property_chips(const State& state, Outbox& out, const Issue& issue, Flow& flow);
void issue_title(const State& state, Outbox& out, const Issue& issue, Flow& flow, theme::TextStyle style);
// Returns where the check box of the keyboard is, on screen or beyond it.
std::optional<float> issue_text(const State& state, Outbox& out, const Issue& issue, Flow& flow);
void issue_sub_issues(const State& state, Outbox& out, const Issue& issue, Flow& flow, ImU32 behind);
void issue_relations(const State& state, Outbox& out, const Issue& issue, Flow& flow);
void issue_git(const State& state, Outbox& out, const Issue& issue, Flow& flow);
void issue_activity(const State& state, Outbox& out, const Issue& issue, Flow& flow);
// The files, with a way to save each and to add more.
void issue_files(const State& state, Outbox& out, const Issue& issue, Flow& flow);
// Goes to a place of ours, or opens a tab for it when that is wanted; opens any other address; nothing when
// it is empty.
void follow_link(Outbox& out, const std::string& link, bool opens_tab);
// Where an issue is; empty before the server has numbered it.
std::string address_of(const Issue& issue);
// Opens what stands for an issue in a tab of its own when it was pressed so: by the middle button, or with
// Ctrl or Cmd, as a link is. Returns whether it was.
bool open_tab_by_click(Outbox& out, const ItemState& item, const Issue& issue);
// The field to comment in; opens into an editor.
void comment_box(const State& state, Outbox& out, const Issue& issue, Flow& flow);
// What stands in a field to comment in that is not open: the draft that waits, as text with its mark, or the
// placeholder. Returns the field's name.
std::string comment_words(
    const State& state, const Issue& issue, Rect r, std::string_view placeholder, theme::TextStyle style);
// "Deleted", with Restore.
void trash_banner(const State& state, Outbox& out, const Issue& issue, Flow& flow);

// A line and a title of 12/600 with a count; returns the row for what stands at its right.
Rect section_title(Flow& flow, std::string_view title, std::string_view count, float sign_width = 0);

}  // namespace dits::web
