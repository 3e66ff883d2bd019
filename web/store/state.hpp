// The whole state of the web app. Screens read it and change nothing; reduce() is the only writer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "shared/core/error.hpp"
#include "shared/core/time_zone.hpp"
#include "shared/model/backup.hpp"
#include "shared/model/user.hpp"
#include "web/store/calendar.hpp"
#include "web/store/drag_part.hpp"
#include "web/store/entities.hpp"
#include "web/store/plan.hpp"
#include "web/store/route.hpp"

namespace dits::web {

struct StudioState;    // see studio.hpp
struct SystemView;     // see system.hpp
struct InsightsView;   // see insights.hpp
struct CompiledQuery;  // the parsed query with what it needs to run; see query_run.hpp

// ---- session ----

enum class SessionPhase : std::uint8_t {
  starting,    // nothing is known yet: draw the frame with skeletons
  setup,       // the first account is being made
  signed_out,  // show the login screen
  signed_in,
};

struct SessionRow {  // one device that is signed in
  SessionId id;
  std::string device;  // from the user agent
  std::string address;
  Timestamp created_at;
  Timestamp last_seen_at;
  bool is_current = false;
};

struct TokenRow {
  ApiTokenId id;
  std::string name;
  std::string scope;  // "read", "write", "admin"
  std::string prefix;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
};

// What an administrator sees of the server's backups.
struct BackupsView {
  bool is_loaded = false;
  std::string refusal;  // why there is nothing to see
  BackupOverview overview;
};

// A form that waits for the server: login, first account, password, token.
struct FormState {
  bool is_sending = false;
  std::optional<Error> error;  // fields in error->fields or error->field
};

struct Session {
  SessionPhase phase = SessionPhase::starting;
  User me;
  FormState login;
  FormState setup;
  FormState password;
  FormState token;
  std::vector<SessionRow> sessions;
  std::vector<TokenRow> tokens;
  bool sessions_loaded = false;
  bool tokens_loaded = false;
  BackupsView backups;
  std::string new_token;  // shown once, right after it was made
};

// ---- sync ----

enum class SyncPhase : std::uint8_t {
  idle,     // not signed in
  loading,  // the first snapshot comes in; `loaded`/`expected` tell how far
  synced,
  offline,  // no connection; everything stays editable
  failed,   // the server answered something that cannot be used; `problem` says what
};

struct SyncState {
  SyncPhase phase = SyncPhase::idle;
  std::int64_t change_id = 0;           // the last change of the log that is in here
  std::string log;                      // which log that is, as the server names it
  std::uint32_t loaded = 0;             // issues that came in
  std::uint32_t waiting = 0;            // writes that are not confirmed yet
  std::uint32_t kept = 0;               // of these: that the browser has stored
  std::vector<IssueId> pending_issues;  // whose writes these are
  bool is_sending = false;
  std::optional<Timestamp> offline_since;
  std::string problem;      // one sentence, with phase failed
  bool from_cache = false;  // what is shown came from IndexedDB and may be a little old
};

// An edit that met another one: the server kept the other, mine is here until the user decides.
struct Conflict {
  IssueId issue_id;
  IssuePatch mine;
  Issue theirs;
};

// ---- lists ----

enum class Grouping : std::uint8_t {
  none,
  status,
  priority,
  project,
  area,
  label,
  due,
  smart
};  // smart: as the screen wants it
constexpr int grouping_count = 8;
enum class SortField : std::uint8_t {
  manual,
  priority,
  due,
  start,
  created,
  updated,
  completed,
  title,
  number,
  status
};
constexpr int sort_field_count = 10;
enum class Density : std::uint8_t { comfortable, compact };
enum class ThemeChoice : std::uint8_t { system, light, dark };
enum class SidebarMode : std::uint8_t { open, rail, hidden };

enum Column : std::uint16_t {
  column_id = 1,
  column_priority = 2,
  column_status = 4,
  column_sub_issues = 8,
  column_project = 16,
  column_labels = 32,
  column_git = 64,
  column_due = 128,
  column_updated = 256
};
constexpr std::uint16_t default_columns =
    column_id | column_priority | column_status | column_sub_issues | column_labels | column_git | column_due;

// How a list is shown; kept per screen in the browser and in saved views.
struct Display {
  Grouping grouping = Grouping::smart;
  SortField sort = SortField::manual;  // `sort:` in the query wins
  bool descending = false;
  std::uint16_t columns = default_columns;
  bool show_empty_groups = false;

  friend bool operator==(const Display& a, const Display& b) {
    return a.grouping == b.grouping && a.sort == b.sort && a.descending == b.descending &&
           a.columns == b.columns && a.show_empty_groups == b.show_empty_groups;
  }
};

enum class GroupKind : std::uint8_t { all, status, priority, project, area, label, due, section };

struct ListGroup {
  GroupKind kind = GroupKind::all;
  std::string key;    // stable: remembers what is folded
  std::string title;  // "In Progress", "Overdue", "Thu 16 July"
  Uuid entity_id;     // status, project, area or label; unset: "No project"
  Priority priority = Priority::none;
  std::uint32_t first = 0;  // in ListResult::rows
  std::uint32_t count = 0;
  std::uint32_t first_line = 0;  // in ListResult::lines: the header's line
  bool is_folded = false;
};

// One line of the list: a group's header (slot == no_slot) or an issue.
struct ListLine {
  std::uint32_t group = 0;
  Slot slot = no_slot;
  bool is_header() const { return slot == no_slot; }
};

struct ListResult {
  std::vector<Slot> rows;         // in order, group after group, folded ones too
  std::vector<ListGroup> groups;  // at least one; a single one of kind `all` draws no header
  std::vector<ListLine> lines;    // what can be scrolled through
  std::uint32_t total = 0;        // issues of this screen before the query: "23 of 61"
  std::string drop_term;          // nothing matches: the term without which most issues would, if any
  std::string drop_query;         // and the query without it
};

struct QueryError {
  std::size_t column = 0;  // byte offset in the text
  std::size_t length = 0;
  std::string message;
  std::string suggestion;  // what the text there should be, when that is known
};

struct ListState {
  std::string query_text;           // as typed
  std::optional<QueryError> error;  // then the last good result stays
  std::shared_ptr<const CompiledQuery> query;
  std::vector<std::string> texts;                      // what the query looks for, folded
  std::map<std::string, std::vector<Slot>> text_hits;  // per text: where the server found it; sorted
  Display display;
  std::vector<Slot> ordered;  // the result without groups
  ListResult result;
  CalendarIndex by_day;    // with the layout calendar
  PlanNet net;             // with the layout plan
  std::size_t cursor = 0;  // a line; the issue under it is cursor_issue(state)
  IssueId cursor_id;       // the cursor follows this issue through changes; unset: on a header
  std::unordered_set<Slot> selected;
  std::optional<std::size_t> anchor;  // line where the range selection began
  std::set<std::string> folded;       // keys of groups
  bool scroll_to_cursor = false;      // set by moves; the list clears it by drawing once (ScrollDone)
  bool centre_cursor = false;
  bool is_fresh = true;   // just opened: the cursor goes to the first issue
  bool is_ready = false;  // the query of the first screen is compiled
};

// ---- modes, pickers, palette ----

enum class Mode : std::uint8_t { normal, edit, query, pick, command, sql, drag, login, setup };

enum class PickerKind : std::uint8_t {
  none,
  status,
  priority,
  labels,
  project_or_area,
  project,
  area,
  view,
  due_date,
  start_date,
  parent,
  relation_target,  // an issue; the command knows the kind of relation
  context_menu,
  grouping,
  display,
};

// A small popup with choices: the row chosen is run as `command` with its value on `targets`.
struct Picker {
  PickerKind kind = PickerKind::none;
  std::string command;  // run as command(value)
  std::vector<IssueId> targets;
  std::string filter;
  std::size_t cursor = 0;
  bool has_anchor = false;  // opened by the mouse: at the pointer; else in the middle of the list
  float anchor_x = 0;
  float anchor_y = 0;
  Date month;                // first day of the month that a date picker shows
  bool is_for_form = false;  // a field of the new issue is chosen
};

// Choices at the caret of a text that is being written; see web/commands/caret_menu.
struct CaretMenu {
  char sign = 0;           // # @ : or /; 0: it is closed
  std::size_t begin = 0;   // of the sign in the text
  std::string typed = {};  // behind it, up to the caret
  std::size_t cursor = 0;
  float x = 0;  // where the caret stands: the upper end of its line
  float y = 0;
  float line_height = 0;
  bool is_put_away = false;  // by Esc, for this sign
};

struct PaletteState {
  bool is_open = false;
  std::string text;
  std::size_t cursor = 0;
  std::string argument_command;     // not empty: choosing the argument of this command (Tab)
  std::string error;                // red line in the foot
  std::vector<std::string> recent;  // command ids, newest first
};

struct PendingKeys {
  std::vector<std::string> keys;  // pressed so far: {"p"}
  Timestamp since;                // the which-key panel opens 200 ms later
  std::string complaint;          // "p k means nothing"
};

enum class DialogKind : std::uint8_t {
  none,
  confirm,
  keyboard_help,
  save_view,
  new_project,
  edit_project,
  new_area,
  edit_area,
  new_label,
  edit_label,
  new_token,
  git_link,
  compare_conflict
};

struct Dialog {
  DialogKind kind = DialogKind::none;
  std::string title;  // confirm: what will happen
  std::string text;
  std::string confirm_label;     // "Delete 3"
  std::string command;           // run on confirm, with `argument`
  std::vector<IssueId> targets;  // what it is run on
  Uuid entity_id;                // edit_*: which
  std::string name;              // the form's fields, as typed
  std::string description;
  std::string color;
  std::string second;  // token scope; git repository; project end date
  std::string third;   // git branch, URL or commit
  bool is_danger = false;
  std::string error;
};

// ---- editing ----

struct QuickCreate {
  bool is_open = false;
  std::string title;
  std::string description;
  StatusId status_id;
  Priority priority = Priority::none;
  ProjectId project_id;
  AreaId area_id;
  IssueId parent_issue_id;
  std::vector<LabelId> label_ids;
  std::optional<Date> start_date;
  std::optional<Date> due_date;
  std::vector<std::string> lines;       // that were pasted into the title: each could be an issue
  std::vector<std::string> left_alone;  // words of the title that look like attributes and are none
  bool keeps_open = false;              // create another
  std::string error;
};

enum class EditorKind : std::uint8_t { none, title, description, comment, comment_edit };

// The text that is being written. It is also a draft, kept in the browser until it is saved or dropped.
struct Editor {
  EditorKind kind = EditorKind::none;
  IssueId issue_id;
  CommentId comment_id;  // comment_edit
  std::string text;
  bool is_preview = false;
  std::string base = {};      // the text over which it is written: what reduce found when the editor opened
  bool is_overtaken = false;  // the text was changed elsewhere since, and the user has been told
};

struct Draft {
  std::string text;
  Timestamp changed_at;
  std::uint64_t base = 0;  // text_mark of the text over which it was written; 0: not known
};

enum class ToastKind : std::uint8_t { info, success, warning, error };

struct Toast {
  std::uint32_t id = 0;
  ToastKind kind = ToastKind::info;
  std::string text;
  std::string action_label;  // "Undo", "Keep mine"
  std::string action_command;
  std::string second_label;  // "Take theirs"
  std::string second_command;
  Uuid entity_id;                // argument of the actions
  std::uint32_t undo_depth = 0;  // offers to undo the step that is the last of so many
  Timestamp shown_at;
  bool stays = false;  // errors and conflicts; others leave after 6 s
};

// The import that runs, or how the last one ended.
struct TransferState {
  bool is_running = false;
  bool has_failed = false;
  float fraction = 0;  // of the file that is read
  std::string text;    // "Imported 12 issues", or what is wrong
};

struct BoardDrag {
  std::vector<IssueId> issues;  // empty: nothing is dragged
  DragPart part = DragPart::whole;
  std::optional<Date> from_day;  // calendar: where it was taken; absent: from the tray
  std::optional<Date> over_day;
  bool is_over_tray = false;
  IssueId over_issue;            // plan: what would be blocked
  bool is_alone = false;         // plan: pushes nothing
  std::uint32_t over_group = 0;  // in ListResult::groups
  std::uint32_t over_index = 0;  // before this card of the group
  bool has_target = false;
};

enum class Region : std::uint8_t { sidebar, query, body, detail };

// Numbers that the sidebar and lists show; kept up to date with every change.
struct Counts {
  std::uint32_t inbox = 0, today = 0, desk = 0, done_today = 0, upcoming = 0, next = 0, logbook = 0,
                trash = 0;
  std::uint32_t open = 0, all = 0;
};
struct Progress {
  std::uint32_t open = 0, closed = 0;
  std::uint32_t total() const { return open + closed; }
};

// What the changes of one reduce touched and the list has still to follow; empty between reduces.
struct ListWork {
  std::vector<Slot> touched;
  bool is_all = false;     // run the query again over everything
  bool is_layout = false;  // only group and fold again
};

struct State {
  Timestamp now;  // at the start of this frame
  TimeZone zone;
  Date today;
  std::uint64_t random_high = 0;  // new before every command: see fresh_uuid
  std::uint64_t random_low = 0;

  Entities entities;
  Counts counts;
  std::unordered_map<ProjectId, Progress, IdHash> project_progress;
  std::unordered_map<AreaId, Progress, IdHash> area_progress;
  std::unordered_map<LabelId, std::uint32_t, IdHash> label_counts;     // open issues
  std::unordered_map<SavedViewId, std::uint32_t, IdHash> view_counts;  // issues in each saved view
  std::vector<std::shared_ptr<const CompiledQuery>> view_queries;      // of entities.views, the first 32
  std::set<Slot> in_progress;                                          // open issues that are worked on
  std::set<Slot> due_in_week;  // open issues due from today to six days on
  ListWork list_work;

  Session session;
  SyncState sync;
  std::vector<Conflict> conflicts;

  Route route;
  Route list_route;  // the list that an opened issue belongs to: J, K and Esc use it
  ListState list;
  std::map<std::string, Display> displays;  // by screen: see display_key
  IssueId open_issue;                       // detail pane or issue page: what is loaded for reading
  bool issue_missing = false;               // /issues/999 and no such number
  std::size_t page_item = 0;                // issue page: the checklist item or link under the cursor
  bool page_item_moved = false;             // scroll to it
  float page_scroll = 0;  // lines that j and k asked to scroll; the page takes it and says ScrollDone

  std::shared_ptr<const StudioState> studio;     // null until it is opened: see studio_of
  std::shared_ptr<const SystemView> system;      // likewise: see system_of
  std::shared_ptr<const InsightsView> insights;  // likewise: see insights_of

  Mode mode = Mode::normal;
  Region region = Region::body;
  bool is_typing = false;  // a field of a form has the caret
  std::size_t sidebar_cursor = 0;
  PendingKeys pending;
  Picker picker;
  PaletteState palette;
  CaretMenu caret_menu;
  Dialog dialog;
  QuickCreate quick_create;
  Editor editor;
  TransferState transfer;
  std::uint32_t uploads = 0;            // files on their way to the server
  std::map<std::string, Draft> drafts;  // by key: see draft_key, earlier_draft
  BoardDrag drag;
  CalendarState calendar;
  PlanState plan;
  std::vector<Toast> toasts;  // oldest first
  std::uint32_t next_toast_id = 1;
  std::string announcement;  // said by the ARIA status region: "#128 moved to Done"

  ThemeChoice theme = ThemeChoice::system;
  std::string origin;  // "https://dits.example": for links that are copied
  bool system_is_dark = false;
  bool reduced_motion = false;
  bool is_mac = false;
  bool has_new_version = false;  // the browser has another version of the program than the one that runs
  Density density = Density::comfortable;
  unsigned week_start = 0;  // 0 = Monday … 6 = Sunday
  SidebarMode sidebar = SidebarMode::open;
  bool detail_open = true;
  float detail_width = 396;
  bool show_timing = false;  // developer overlay
  std::vector<std::string> query_history;

  std::uint32_t undo_depth = 0;  // how many steps can be undone and redone; the stack is the app's
  std::uint32_t redo_depth = 0;
  std::string undo_title;      // "Set priority: High", what `u` would undo
  std::uint64_t revision = 0;  // grows with every change: nothing is drawn while it stays
};

}  // namespace dits::web
