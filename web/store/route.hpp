// Where the app is, as its URL says: every screen and every opened issue has one, and back and forward move
// between them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"
#include "web/store/plan_zoom.hpp"

namespace dits::web {

enum class Screen : std::uint8_t {
  login,      // /login
  setup,      // /setup/<token>
  inbox,      // /inbox: open, no project, no area
  today,      // /today
  upcoming,   // /upcoming
  next,       // /next: unblocked and startable
  logbook,    // /logbook
  all,        // /issues: everything, as the query says
  project,    // /projects/<id>
  area,       // /areas/<id>
  label,      // /labels/<id>
  view,       // /views/<id>
  trash,      // /trash
  issue,      // /issues/128; /issues/new is the inbox with the form of a new one
  settings,   // /settings/<section>; /settings is the list of them
  studio,     // /studio/<table>; /studio/sql is its console
  system,     // /insights/system
  not_found,  // anything else
};

enum class Layout : std::uint8_t { list, board, calendar, plan, insights };

enum class SettingsSection : std::uint8_t {
  profile,
  appearance,
  labels,
  workflow,
  projects,
  views,
  sessions,
  tokens,
  transfer,
  backups
};
constexpr int settings_section_count = 10;

struct Route {
  Screen screen = Screen::inbox;
  Layout layout = Layout::list;  // ?layout=board, calendar, plan or insights, on screens that show a list
  Uuid entity_id;                // project, area, label or view
  std::int64_t issue_number = 0;
  SettingsSection section = SettingsSection::profile;
  bool makes_issue = false;       // /issues/new: the form of a new issue, over the inbox
  bool lists_sections = false;    // /settings alone: a phone shows the list of sections
  bool by_week = false;           // ?span=week, of a calendar; else a month
  std::optional<Date> day;        // ?day=2026-07-23, of a calendar; without it today
  PlanZoom zoom = PlanZoom::day;  // ?zoom=week, of a plan
  int days = 60;                  // ?days=30 or 365, of insights
  bool has_query = false;         // ?q= is in the URL; without it the screen's own query holds
  std::string query;
  std::string token;  // of /setup/<token>
  std::string table;  // of /studio/<table>
  std::string path;   // as it was given: for not_found

  friend bool operator==(const Route& a, const Route& b) {
    return a.screen == b.screen && a.layout == b.layout && a.entity_id == b.entity_id &&
           a.issue_number == b.issue_number && a.makes_issue == b.makes_issue && a.section == b.section &&
           a.lists_sections == b.lists_sections && a.by_week == b.by_week && a.day == b.day &&
           a.zoom == b.zoom && a.days == b.days && a.has_query == b.has_query && a.query == b.query &&
           a.token == b.token && a.table == b.table;
  }
};

std::string_view name_of(SettingsSection section);   // "profile", …: the word in the URL
std::string_view title_of(SettingsSection section);  // "Profile", …

// Never fails: what is not known becomes Screen::not_found with `path`. "/" is the inbox.
Route parse_route(std::string_view url);
// The inverse: path and query, percent-encoded.
std::string format_route(const Route& route);

// Does the screen show a list (or board) of issues with a query bar?
bool shows_issues(Screen screen);
// Are they on days? The trash has no days.
bool shows_calendar(const Route& route);
// Are they bars on a line of days? Nor has it that.
bool shows_plan(const Route& route);
// Or how they flow? The smart screens are of today alone: they have no history.
bool has_history(Screen screen);
bool shows_insights(const Route& route);
// May it be seen without an account?
bool is_public(Screen screen);

std::string percent_encode(std::string_view text);
std::string percent_decode(std::string_view text);

}  // namespace dits::web
