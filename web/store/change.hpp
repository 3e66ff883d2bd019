// Every way in which the state changes, as one type. reduce() shows a change, inverse_of() undoes it,
// request_for() sends it: a new change of data does not compile until it can be shown, undone and sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "web/store/one_of.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// ---- data: optimistic, undoable, sent to the server ----

struct IssueCreated {
  Issue issue;  // id chosen here; number 0 until the server gives one (reduce shows the next free one)
};
struct IssueEdit {
  IssueId id;
  IssuePatch patch;
};
struct IssuesPatched {
  std::vector<IssueEdit> edits;  // one: PATCH; more: one bulk call, one undo step
  Timestamp at;
};
struct IssuesTrashed {
  std::vector<IssueId> ids;
  Timestamp at;
};
struct IssuesRestored {
  std::vector<IssueId> ids;
  Timestamp at;
};
struct IssuePurged {  // for ever: no undo, asked first
  IssueId id;
};
struct RelationAdded {
  IssueRelation relation;
};
struct RelationRemoved {
  IssueRelation relation;
};
struct GitLinkAdded {
  GitIntegration link;
};
struct GitLinkRemoved {
  GitIntegration link;
};

// A noun saved whole. Without `before` it is new; with deleted_at set in `after` alone it goes to the trash,
// in `before` alone it comes back.
template <typename Noun>
struct Saved {
  std::optional<Noun> before;
  Noun after;
};
using CommentSaved = Saved<Comment>;
using AttachmentSaved = Saved<Attachment>;  // into the trash and back: it is made by an upload
using ProjectSaved = Saved<Project>;
using AreaSaved = Saved<Area>;
using LabelSaved = Saved<Label>;
using WorkflowSaved = Saved<Workflow>;
using ViewSaved = Saved<SavedView>;

struct ProfileSaved {
  User before;
  User after;  // name and preferences
};

// ---- what the server says ----

struct SnapshotBegan {
  std::int64_t change_id = 0;
  std::string log;  // that it is of
  User me;
  std::vector<Project> projects;
  std::vector<Area> areas;
  std::vector<Label> labels;
  std::vector<Workflow> workflows;
  std::vector<SavedView> views;
  std::vector<IssueRelation> relations;
  std::uint32_t expected_issues = 0;
  bool from_cache = false;
};
struct IssuesArrived {  // pages of the snapshot, search results, answers to writes: each replaces what is
                        // here
  std::vector<Issue> issues;
  // Of pages of the snapshot: which kinds of links hang on each (bits of GitFlag), and relations.
  std::vector<std::uint8_t> git = {};
  std::vector<IssueRelation> relations = {};
};
struct SnapshotEnded {
  std::int64_t change_id = 0;
};
// A noun as the server has it: in place of ours.
template <typename Noun>
struct Arrived {
  Noun noun;
};
using ProjectArrived = Arrived<Project>;
using AreaArrived = Arrived<Area>;
using LabelArrived = Arrived<Label>;
using WorkflowArrived = Arrived<Workflow>;
using ViewArrived = Arrived<SavedView>;
using CommentArrived = Arrived<Comment>;
using AttachmentArrived = Arrived<Attachment>;
using RelationArrived = Arrived<IssueRelation>;
using GitLinkArrived = Arrived<GitIntegration>;
struct NounGone {  // its row is gone for ever
  EntityType type = EntityType::project;
  Uuid id;
};
struct DescriptionArrived {
  IssueId id;
  std::string text;
};
struct CommentsArrived {
  IssueId id;
  std::vector<Comment> comments;
};
struct AttachmentsArrived {
  IssueId id;
  std::vector<Attachment> attachments;
};
struct TransferChanged {
  TransferState transfer;
};
struct UploadsChanged {
  std::uint32_t running = 0;
};
struct GitLinksArrived {
  IssueId id;
  std::vector<GitIntegration> links;
};
struct ActivityArrived {
  IssueId id;
  std::vector<AuditEntry> entries;
};
struct TextHitsArrived {
  std::string text;  // folded
  std::vector<IssueId> ids;
};
struct ChangeIdReached {
  std::int64_t change_id = 0;
};
struct SyncChanged {
  SyncPhase phase = SyncPhase::synced;
  std::string problem;
};
struct QueueChanged {
  std::uint32_t waiting = 0;
  bool is_sending = false;
  std::vector<IssueId> pending_issues;
  std::uint32_t kept = 0;  // of the waiting ones: that the browser's storage has
};
struct WordsSetAside {};  // conflicts of another account or log: kept, but not shown
struct ConflictFound {
  Conflict conflict;
};
struct ConflictSettled {
  IssueId issue_id;
};
struct IssueMissing {};  // the page's number does not exist

// ---- session ----

struct SignedIn {
  User me;
};
struct SignedOut {};    // chosen: the tab forgets the account
struct SessionLost {};  // the server does not know us any more: drafts and queued writes stay
struct SetupNeeded {};
enum class FormKind : std::uint8_t { login, setup, password, token };
struct FormSent {
  FormKind form = FormKind::login;
};
struct FormAnswered {
  FormKind form = FormKind::login;
  std::optional<Error> error;
};
struct SessionsArrived {
  std::vector<SessionRow> sessions;
};
struct TokensArrived {
  std::vector<TokenRow> tokens;
};
struct BackupsArrived {
  BackupsView backups;
};
struct TokenMade {
  std::string secret;  // empty: it was put away
};

// ---- what the user looks at ----

struct Ticked {
  Timestamp now;
  TimeZone zone = {};
  std::uint64_t random_high = 0;
  std::uint64_t random_low = 0;
};
struct Navigated {
  Route route;
};
struct QueryTyped {
  std::string text;
};
struct QueryRemembered {  // Enter or leaving the field: into the history
  std::string text;
};
struct CursorMoved {
  std::size_t line = 0;
  bool centre = false;
};
struct CursorWent {  // to an issue, wherever it is now
  IssueId id;
};
struct CalendarChanged {  // where the cursor is
  CalendarState calendar;
};
struct PlanChanged {  // likewise, and what of the days is seen
  PlanState plan;
};
struct ScrollDone {};  // the list or page has scrolled as asked
struct SelectionChanged {
  std::vector<IssueId> ids;
  std::optional<std::size_t> anchor;
};
struct SelectionToggled {
  IssueId id;
};
struct GroupFolded {
  std::string key;
  bool is_folded = true;
};
struct DisplayChanged {
  Display display;
};
struct AppearanceChanged {
  std::optional<ThemeChoice> theme;
  std::optional<Density> density;
  std::optional<unsigned> week_start;
  std::optional<SidebarMode> sidebar;
  std::optional<bool> detail_open;
  std::optional<float> detail_width;
  std::optional<bool> show_timing;
};
struct EnvironmentChanged {
  bool system_is_dark = false;
  bool reduced_motion = false;
  bool is_mac = false;
  std::string origin;
};
struct ModeChanged {
  Mode mode = Mode::normal;
};
struct RegionFocused {
  Region region = Region::body;
};
struct SidebarCursorMoved {
  std::size_t row = 0;
};
struct KeysPending {
  PendingKeys pending;
};
struct PickerOpened {
  Picker picker;
};
struct PickerChanged {
  std::string filter;
  std::size_t cursor = 0;
  Date month;
};
struct PickerClosed {};
struct CaretMenuChanged {
  CaretMenu menu;
};
struct PaletteChanged {  // opening, typing, moving, choosing an argument
  PaletteState palette;
};
struct PaletteClosed {};
struct CommandRemembered {
  std::string command;
};
struct DialogChanged {  // opening and typing
  Dialog dialog;
};
struct DialogClosed {};
struct QuickCreateChanged {  // opening and typing
  QuickCreate draft;
};
struct QuickCreateClosed {
  bool keep_draft = true;
};
struct EditorOpened {
  Editor editor;
};
struct EditorTyped {
  std::string text;
  bool is_preview = false;
};
struct EditorClosed {
  bool keep_draft = true;
};
struct EditorSaved {};  // and stays open: what it holds is the text from now on
struct DraftKept {      // words that would be lost otherwise
  std::string key;
  Draft draft;
  QuickCreate form;  // with a key of quick create: the whole form
};
struct DraftTaken {};  // the earlier draft goes into the editor, what the editor held takes its place
struct DraftDropped {
  std::string key;
};
struct DraftsLoaded {  // from the browser's storage, at start
  std::map<std::string, Draft> drafts;
  std::vector<std::string> recent_commands;
  std::vector<std::string> query_history;
  std::map<std::string, Display> displays;
};
struct DragChanged {  // begin, move over, end (no issues)
  BoardDrag drag;
};
struct ToastShown {
  Toast toast;  // id and shown_at are given by reduce
};
struct VersionOffered {  // another version of the program is here
  std::string sentence;  // of the toast that offers it
};
struct ToastDismissed {
  std::uint32_t id = 0;
};
struct Announced {
  std::string text;
};
struct PageItemMoved {
  std::size_t item = 0;
};
struct PageScrolled {
  float lines = 0;
};
struct StudioChanged {  // what it shows, has changed or typed
  std::shared_ptr<const StudioState> studio;
};
struct SystemChanged {  // the figures of the server, or how they are looked at
  std::shared_ptr<const SystemView> system;
};
struct InsightsChanged {  // how issues flow, or how that is looked at
  std::shared_ptr<const InsightsView> insights;
};
struct UndoStackChanged {
  std::uint32_t undo_depth = 0;
  std::uint32_t redo_depth = 0;
  std::string undo_title;
};

struct ChangeKinds : KindList<
                         // data
                         IssueCreated,
                         IssuesPatched,
                         IssuesTrashed,
                         IssuesRestored,
                         IssuePurged,
                         RelationAdded,
                         RelationRemoved,
                         GitLinkAdded,
                         GitLinkRemoved,
                         CommentSaved,
                         AttachmentSaved,
                         ProjectSaved,
                         AreaSaved,
                         LabelSaved,
                         WorkflowSaved,
                         ViewSaved,
                         ProfileSaved,
                         // server
                         SnapshotBegan,
                         IssuesArrived,
                         SnapshotEnded,
                         ProjectArrived,
                         AreaArrived,
                         LabelArrived,
                         WorkflowArrived,
                         ViewArrived,
                         CommentArrived,
                         AttachmentArrived,
                         RelationArrived,
                         GitLinkArrived,
                         NounGone,
                         DescriptionArrived,
                         CommentsArrived,
                         AttachmentsArrived,
                         UploadsChanged,
                         TransferChanged,
                         GitLinksArrived,
                         ActivityArrived,
                         TextHitsArrived,
                         ChangeIdReached,
                         SyncChanged,
                         QueueChanged,
                         WordsSetAside,
                         ConflictFound,
                         ConflictSettled,
                         IssueMissing,
                         // session
                         SignedIn,
                         SignedOut,
                         SessionLost,
                         SetupNeeded,
                         FormSent,
                         FormAnswered,
                         SessionsArrived,
                         TokensArrived,
                         BackupsArrived,
                         TokenMade,
                         // view
                         Ticked,
                         Navigated,
                         QueryTyped,
                         QueryRemembered,
                         CursorMoved,
                         CursorWent,
                         CalendarChanged,
                         PlanChanged,
                         ScrollDone,
                         SelectionChanged,
                         SelectionToggled,
                         GroupFolded,
                         DisplayChanged,
                         AppearanceChanged,
                         EnvironmentChanged,
                         ModeChanged,
                         RegionFocused,
                         SidebarCursorMoved,
                         KeysPending,
                         PickerOpened,
                         PickerChanged,
                         PickerClosed,
                         CaretMenuChanged,
                         PaletteChanged,
                         PaletteClosed,
                         CommandRemembered,
                         DialogChanged,
                         DialogClosed,
                         QuickCreateChanged,
                         QuickCreateClosed,
                         EditorOpened,
                         EditorTyped,
                         EditorClosed,
                         EditorSaved,
                         DraftKept,
                         DraftTaken,
                         DraftDropped,
                         DraftsLoaded,
                         DragChanged,
                         ToastShown,
                         VersionOffered,
                         ToastDismissed,
                         Announced,
                         PageItemMoved,
                         PageScrolled,
                         StudioChanged,
                         SystemChanged,
                         InsightsChanged,
                         UndoStackChanged> {};
using Change = OneOf<ChangeKinds>;

// Data stands first in the list.
template <typename Kind>
constexpr bool is_data_kind = Change::index_of<Kind> <= Change::index_of<ProfileSaved>;

constexpr const char* quick_create_draft = "quick-create";  // its title, and behind a line end its text
// The key of a draft: "issue:<id>:description", "issue:<id>:comment", "quick-create", …
std::string draft_key(const Editor& editor);
// The key of a draft that something newer has overtaken, beside the one of `key`.
std::string earlier_draft(const std::string& key);
// New issues that wait for an empty form: quick_create_draft, a colon and something of their own.
bool is_waiting_form(const std::string& key);
// Such a draft is the title and, behind a line end, the text.
void fill_form(QuickCreate& form, const std::string& draft);
// Two texts with the same mark are the same; never 0.
std::uint64_t text_mark(const std::string& text);

}  // namespace dits::web
