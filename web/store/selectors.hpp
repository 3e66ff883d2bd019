// Questions to the state that more than one screen asks. Nothing here changes or keeps anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/store/state.hpp"

namespace dits::web {

// ---- cursor and selection ----
Slot cursor_slot(const State& state);           // no_slot on a header or in an empty list
const Issue* cursor_issue(const State& state);  // on the issue page: the page's issue
const Issue* opened_issue(const State& state);  // of the issue page, or of the detail pane
bool is_selected(const State& state, Slot slot);
// What a command acts on: the selection, or the issue under the cursor, or the page's issue.
std::vector<IssueId> target_issues(const State& state);
bool is_any_trashed(const State& state, const std::vector<IssueId>& ids);
// Where the cursor is among the shown issues, from 1: "1 of 23". 0 when on a header.
std::uint32_t cursor_position(const State& state);

// ---- one issue ----
const Issue& issue_at(const State& state, Slot slot);
const IssueFacts& facts_at(const State& state, Slot slot);
const Status* status_of(const State& state, const Issue& issue);
StatusKind kind_of(const State& state, const Issue& issue);
bool is_blocked(const State& state, Slot slot);  // open, and an open issue blocks it
std::vector<const Label*> labels_of(const State& state, const Issue& issue);  // by name
std::vector<const Issue*> sub_issues_of(
    const State& state, const Issue& issue);  // by position, then number; deleted ones left out
const Issue* parent_of(const State& state, const Issue& issue);

struct RelationRow {
  RelationId id;
  RelationType type = RelationType::relates_to;  // as this issue sees it
  const Issue* other = nullptr;
  bool is_closed = false;
};
std::vector<RelationRow> relations_of(
    const State& state, const Issue& issue);  // blocked by, blocks, relates to, duplicates, duplicated by

// The bar at the left edge of a row.
enum class Signal : std::uint8_t {
  none,
  active,
  today,
  danger
};  // in progress; due today; overdue or blocked
Signal signal_of(const State& state, Slot slot);

// ---- dates as words ----
enum class DueTone : std::uint8_t { normal, today, overdue, done };
struct DueLabel {
  std::string text;  // "Today", "Tomorrow", "Thu 16", "3 Aug", "3 Aug 2027"; empty without a date
  DueTone tone = DueTone::normal;
};
DueLabel due_label(const State& state, const Issue& issue);
std::string day_label(const State& state, Date date);  // as above, without a tone
std::string long_day_label(Date date);                 // "Thursday 16 July"
std::string full_date_label(Date date);                // "Fri 10 Jul 2026"
std::string ago_label(const State& state, Timestamp then);  // "just now", "4 min ago", "3 h ago", "12 Jul"
// "Firefox on Windows", "Safari on iPhone", "curl": what a user agent names.
std::string device_label(std::string_view user_agent);
std::string_view weekday_name(unsigned weekday);  // "Mon"; 0 = Monday
std::string_view full_month_name(unsigned month);
std::string_view month_name(unsigned month);  // "Jul"; 1 = January

// ---- lists of things ----
// Not deleted; by name, active projects before the others.
std::vector<const Project*> shown_projects(const State& state);
std::vector<const Area*> shown_areas(const State& state);
std::vector<const Label*> shown_labels(const State& state);
std::vector<const SavedView*> shown_views(const State& state);
// Statuses that the issue may go to, in the workflow's order; its own one included.
std::vector<const Status*> allowed_statuses(const State& state, const Issue& issue);
// Statuses of the workflow that holds for this project (unset id: for all projects), in order.
std::vector<const Status*> statuses_for(const State& state, ProjectId project_id);
const Status* first_status_of_kind(const State& state, ProjectId project_id, StatusKind kind);
Progress project_progress(const State& state, ProjectId id);
Progress area_progress(const State& state, AreaId id);
std::uint32_t label_count(const State& state, LabelId id);
// 0 also while it is not known: a query for words matches descriptions, which only the server has all of.
std::uint32_t view_count(const State& state, SavedViewId id);
Progress sub_issue_progress(const State& state, Slot slot);

// One row of the sidebar, top to bottom; headings included.
struct SidebarRow {
  enum class Kind : std::uint8_t { smart, project, area, view, heading, foot } kind = Kind::smart;
  std::string title;
  Route route;  // where it leads; headings: nowhere
  std::uint32_t count = 0;
  bool is_current = false;
  Uuid entity_id;
  std::string color;    // areas
  Progress progress;    // projects
  std::string command;  // heading: what its + does
};
std::vector<SidebarRow> sidebar_rows(const State& state);

// The issue in progress that was touched last: Today's focus card and the branch in the mode line. nullptr:
// none.
const Issue* focus_issue(const State& state);

struct DayLoad {
  Date day;
  std::vector<Slot> issues;  // open, due on that day, by status
};
std::vector<DayLoad> next_seven_days(const State& state);

// ---- words ----
std::string screen_title(const State& state);    // "Relay 2.0", "Today", "#128 Title"
std::string document_title(const State& state);  // "Today · dits"
std::string screen_query(const State& state,
                         const Route& route);  // what the query bar holds when the URL says nothing
std::string display_key(const Route& route);   // "today", "project:<id>", …
std::string_view title_of(Priority priority);  // "Urgent", "No priority"
std::string_view title_of(RelationType type);  // "Blocks", "Blocked by"
std::string_view title_of(Mode mode);          // "NORMAL"
std::string_view title_of(Grouping grouping);
std::string_view title_of(SortField field);
std::string_view title_of(ProjectStatus status);
std::string_view title_of(ThemeChoice theme);
// "Synced", "3 waiting to sync", "Offline, 3 changes kept", "Loading 4,096 of 7,258"
std::string sync_label(const State& state);
// One line of an issue's history, to be read after who did it.
struct ActivityLine {
  std::string text;   // "changed status: To Do → In Progress"
  std::string actor;  // "you", "API", "import"
  Timestamp at;
  std::int64_t change_id = 0;
};
std::vector<ActivityLine> activity_lines(const State& state, IssueId id);

// The n-th new id of the command that is planned now; another one for every command and n.
Uuid fresh_uuid(const State& state, std::uint64_t n = 0);

// Text that was written but not saved, for this editor; nullptr: none.
const Draft* draft_for(const State& state, const Editor& editor);
bool is_dark(const State& state);

// The workflow's first status of an issue in this project: what a new issue gets.
StatusId default_status(const State& state, ProjectId project_id);

}  // namespace dits::web
