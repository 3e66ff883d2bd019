// What several screens draw the same way: the words and signs of issues, labels, people and places.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/commands/command.hpp"
#include "web/commands/outbox.hpp"
#include "web/store/selectors.hpp"
#include "web/store/state.hpp"
#include "web/widgets/controls.hpp"

namespace dits::web {

using namespace widgets;

Ring ring_of(StatusKind kind);
Bars bars_of(Priority priority);
// The font's text of a Lucide name; the plain circle for an unknown one.
const char* icon_named(std::string_view name);
// The keys of a command as "d d" or "Ctrl K"; empty when it has none.
std::string keys_of(std::string_view command_id);
std::string joined_keys(const std::vector<std::string>& caps);
// ⌘ instead of Ctrl in what keys_of says.
void use_mac_keys(bool is_mac);

ImU32 signal_color(Signal signal);
ImU32 due_color(DueTone tone);
// "#128", or "new" before the server has numbered it.
std::string number_text(const Issue& issue);
// What an issue is called in the mirror: "#128 Title".
std::string issue_name(const Issue& issue);

// Chips of the issue's labels, at most `max_chips`, then "+n", ending at `right`; returns where they begin.
float draw_chips_to_left(float right,
                         float center_y,
                         const std::vector<const Label*>& labels,
                         std::size_t max_chips = 3);
float draw_chips(float x, float center_y, float max_x, const std::vector<const Label*>& labels);
// The ring and "2/5" of sub-issues; returns the width.
float draw_sub_issue_count(float x, float center_y, Progress progress, float ring_size = 12);

// Runs what a picker, palette or menu row carries.
void run_invocation(Outbox& out, const Invocation& invocation);
// Runs a command whose picker shall open below `anchor`.
void run_below(Outbox& out,
               Rect anchor,
               std::string_view command,
               Argument argument = {},
               std::vector<IssueId> targets = {});
void go(Outbox& out, Route route);

}  // namespace dits::web
