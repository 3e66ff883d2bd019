// A command: one thing the user can do, as a row of data. The same rows make the keymap, the which-key panel,
// the palette, the menus, the tooltips and the keyboard help.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/markdown/writing.hpp"
#include "web/commands/outbox.hpp"
#include "web/store/change.hpp"
#include "web/store/state.hpp"
#include "web/store/studio.hpp"

namespace dits::web {

// Where a command's keys are live. Narrow scopes win over issue, issue over global.
enum class Scope : std::uint8_t {
  global,
  issue,  // the issue under the cursor, or all selected
  list,
  board,
  calendar,
  plan,
  issue_page,
  query,  // the query field has focus
  palette,
  editor,  // a text field has focus
  drag,
  sidebar,
  picker,
  caret,  // choices at the caret
  dialog,
  studio,
  studio_text,  // a field of Studio has the caret
  insights,
};
constexpr int scope_count = 18;
std::string_view title_of(Scope scope);  // "List": a heading of the keyboard help

// ---- what a command does beside changing the state ----

struct GoTo {
  Route route;
  bool replaces = false;  // the history entry
};
struct GoBack {};
struct CopyText {
  std::string text;
};
struct WriteInPlace {  // of what stands before the caret of the text area, when it does
  std::string before;
  std::string written;
  std::size_t back = 0;  // so many characters before the end of it goes the caret
};
struct TypeStroke {  // in the text area
  markdown::Stroke stroke = markdown::Stroke::bold;
};
struct OpenUrl {
  std::string url;
};
struct SaveUrl {  // a file of our own server's
  std::string url;
  std::string name;
};
struct SaveText {  // a file of our own making
  std::string name;
  std::string type;
  std::string text;
};
struct PickFiles {};
struct UndoLast {};
struct RedoLast {};
struct UndoOfLog {  // one change of the audit log
  std::int64_t change_id = 0;
};
struct SignIn {
  Credentials who;
};
struct MakeFirstAccount {
  Credentials who;
  std::string setup_token;
};
struct SignOut {
  bool is_confirmed = false;
};
struct SendOlderWords {};
struct DropOlderWords {};
struct ChangePassword {
  PasswordChange password;
};
struct LoadSessions {};
struct RevokeSession {
  SessionId id;
};
struct RevokeOtherSessions {};
struct LoadTokens {};
struct MakeToken {
  TokenRequest token;
};
struct RevokeToken {
  ApiTokenId id;
};
struct LoadBackups {};
struct StartBackup {};
struct SyncNow {};      // try the connection again
struct LoadVersion {};  // begin anew, in the newest version of the program
struct KeepMine {       // of a conflict
  IssueId id;
};
struct TakeTheirs {
  IssueId id;
};

using Effect = std::variant<GoTo,
                            GoBack,
                            CopyText,
                            WriteInPlace,
                            TypeStroke,
                            OpenUrl,
                            SaveUrl,
                            SaveText,
                            PickFiles,
                            UndoLast,
                            RedoLast,
                            UndoOfLog,
                            SignIn,
                            MakeFirstAccount,
                            SignOut,
                            SendOlderWords,
                            DropOlderWords,
                            ChangePassword,
                            LoadSessions,
                            RevokeSession,
                            RevokeOtherSessions,
                            LoadTokens,
                            MakeToken,
                            RevokeToken,
                            LoadBackups,
                            StartBackup,
                            SyncNow,
                            LoadVersion,
                            KeepMine,
                            TakeTheirs,
                            StudioCall>;

struct Plan {
  std::vector<Change> changes;  // data changes among them are one undo step
  std::vector<Effect> effects;
  std::string title;             // of the undo step and the toast: "Set priority: High"
  std::string complaint;         // it cannot be done: one sentence for the mode line or the palette's foot
  bool closes_dialog = false;    // after everything else
  std::vector<Invocation> then;  // run these after it
};

inline Plan refuse(std::string sentence) { return Plan{{}, {}, {}, std::move(sentence), false, {}}; }

// What is particular about a command, beside its scope.
struct CommandTraits {
  bool (*may_run)(const State& state) = nullptr;  // none: wherever its scope is
  // Does the issue have what the command would set? Told in the which-key panel.
  bool (*is_set)(const State& state, const Issue& issue) = nullptr;
  bool is_for_trash = false;  // acts on what is in the trash, and on nothing else
  bool is_danger = false;     // red in a menu
};

struct Command {
  std::string_view id;     // stable: palette history, tests, outbox.run
  std::string_view title;  // what the palette shows: "Set priority: High"
  std::string_view hint;   // a word or two for which-key and the mode line: "High"
  std::string_view keys;   // "p h": press p, then h; empty: only by palette and mouse. Several: "j|Down"
  Scope scope = Scope::global;
  std::string_view icon;      // Lucide's name: "calendar-clock"
  bool needs_issue = false;   // acts on the selection or the issue under the cursor
  bool has_argument = false;  // without one it opens a picker or dialog: the palette shows "…" and Tab
  bool in_palette = true;
  Plan (*plan)(const State& state, const Invocation& invocation) = nullptr;
  CommandTraits traits{};
};

std::span<const Command> all_commands();
const Command* find_command(std::string_view id);

// Can it be run now: is there an issue to act on, does the screen have a list, …?
bool is_available(const State& state, const Command& command);
// The keys as caps: "p h" -> {"p", "h"}, "Ctrl K" -> {"Ctrl", "K"} (Cmd on macOS). Empty: none.
std::vector<std::string> key_caps(const Command& command, bool is_mac);
std::vector<std::string> key_caps(std::string_view command_id, bool is_mac);

}  // namespace dits::web
