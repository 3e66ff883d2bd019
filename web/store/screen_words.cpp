// What the frame around a screen shows: titles, sidebar, state of the connection, history as sentences.
#include <algorithm>

#include "shared/core/text.hpp"
#include "shared/json/value.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

std::string with_thousands(std::uint32_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

struct SmartScreen {
  Screen screen;
  const char* title;
};
constexpr SmartScreen smart_screens[] = {{Screen::inbox, "Inbox"},
                                         {Screen::today, "Today"},
                                         {Screen::upcoming, "Upcoming"},
                                         {Screen::next, "Next"},
                                         {Screen::logbook, "Logbook"}};

std::uint32_t smart_count(const Counts& counts, Screen screen) {
  switch (screen) {
    case Screen::inbox:
      return counts.inbox;
    case Screen::today:
      return counts.today;
    case Screen::upcoming:
      return counts.upcoming;
    case Screen::next:
      return counts.next;
    default:
      return 0;
  }
}

Route route_to(Screen screen, const Uuid& id = {}) {
  Route route;
  route.screen = screen;
  route.entity_id = id;
  return route;
}

SidebarRow heading(const char* title, const char* command) {
  SidebarRow row;
  row.kind = SidebarRow::Kind::heading;
  row.title = title;
  row.command = command;
  return row;
}

// The name behind an id in an audit value; the id itself when it is not here any more.
std::string name_behind(const State& state, std::string_view field, const Json& value) {
  if (value.is_null()) return "none";
  if (const auto* text = value.get_ptr<const std::string*>()) {
    const auto uuid = parse_uuid(*text);
    if (uuid && field == "statusId") {
      if (const Status* status = find_status(state.entities, StatusId{*uuid})) return status->name;
    }
    if (uuid && field == "projectId") {
      if (const Project* project = find_project(state.entities, ProjectId{*uuid})) return project->name;
    }
    if (uuid && field == "areaId") {
      if (const Area* area = find_area(state.entities, AreaId{*uuid})) return area->name;
    }
    if (uuid && field == "parentIssueId") {
      if (const Issue* issue = find_issue(state.entities, IssueId{*uuid}))
        return "#" + std::to_string(issue->number);
    }
    if (field == "startDate" || field == "dueDate") {
      if (const auto date = parse_date(*text)) return full_date_label(*date);
    }
    if (field == "priority") {
      if (const auto priority = priority_from_name(*text)) return std::string(title_of(*priority));
    }
    return *text;
  }
  if (value.is_array() && field == "labelIds") {
    std::string names;
    for (const Json& item : value) {
      const auto* text = item.get_ptr<const std::string*>();
      const auto uuid = text != nullptr ? parse_uuid(*text) : Result<Uuid>(invalid("labelIds", ""));
      const Label* label = uuid ? find_label(state.entities, LabelId{*uuid}) : nullptr;
      if (label == nullptr) continue;
      if (!names.empty()) names += ", ";
      names += label->name;
    }
    return names.empty() ? "none" : names;
  }
  return dump(value);
}

struct FieldTitle {
  std::string_view field;
  std::string_view title;
};
constexpr FieldTitle field_titles[] = {{"statusId", "status"},
                                       {"priority", "priority"},
                                       {"projectId", "project"},
                                       {"areaId", "area"},
                                       {"parentIssueId", "parent"},
                                       {"startDate", "start date"},
                                       {"dueDate", "due date"},
                                       {"labelIds", "labels"},
                                       {"title", "title"}};

std::string describe_update(const State& state, const AuditEntry& entry) {
  const Json before = json_from_stored(entry.old_values);
  const Json after = json_from_stored(entry.new_values);
  std::string text;
  for (const FieldTitle& known : field_titles) {
    const auto found = after.find(known.field);
    if (!after.is_object() || found == after.end()) continue;
    text += text.empty() ? "changed " : "; ";
    const auto old = before.is_object() ? before.find(known.field) : before.end();
    text += std::string(known.title) + ": ";
    if (before.is_object() && old != before.end()) text += name_behind(state, known.field, *old) + " → ";
    text += name_behind(state, known.field, *found);
  }
  if (!text.empty()) return text;
  if (after.is_object() && after.contains("description")) return "edited the description";
  if (after.is_object() && after.contains("position")) return "moved this in the list";
  return "changed this";
}

constexpr std::int64_t import_gap_ms = 60'000;  // an issue older than its first entry was brought in

bool is_imported(const State& state, const AuditEntry& entry) {
  const Issue* issue = find_issue(state.entities, IssueId{entry.entity_id});
  return issue != nullptr && issue->created_at.unix_ms + import_gap_ms < entry.created_at.unix_ms;
}

// The name of the file that an entry of the log is about; empty when it is about something else.
std::string file_name_in(const AuditEntry& entry) {
  if (entry.entity_type != EntityType::attachment) return {};
  for (const std::string* values : {&entry.new_values, &entry.old_values}) {
    const Json json = json_from_stored(*values);
    if (!json.is_object() || !json.contains("fileName")) continue;
    if (const auto* name = json["fileName"].get_ptr<const std::string*>()) return *name;
  }
  return {};
}

// What follows who did it: "edited the description".
std::string describe(const State& state, const AuditEntry& entry) {
  const bool is_issue = entry.entity_type == EntityType::issue;
  std::string noun = fold_case(name_of(entry.entity_type));
  std::replace(noun.begin(), noun.end(), '_', ' ');
  if (entry.entity_type == EntityType::issue_relation) noun = "relation";
  if (entry.entity_type == EntityType::git_integration) noun = "git link";
  const bool has_vowel =
      std::string_view("aeio").find(noun.empty() ? 'x' : noun[0]) != std::string_view::npos;
  noun.insert(0, has_vowel ? "an " : "a ");
  if (std::string name = file_name_in(entry); !name.empty()) noun = std::move(name);
  switch (entry.action) {
    case AuditAction::create:
      if (is_issue) return is_imported(state, entry) ? "imported this" : "created this";
      return "added " + noun;
    case AuditAction::update:
      return is_issue ? describe_update(state, entry) : "edited " + noun;
    case AuditAction::remove:
      return is_issue ? "moved this to the trash" : "removed " + noun;
    case AuditAction::restore:
      return is_issue ? "restored this" : "restored " + noun;
    case AuditAction::archive:
      return "archived this";
  }
  return "changed this";
}

}  // namespace

std::vector<SidebarRow> sidebar_rows(const State& state) {
  std::vector<SidebarRow> rows;
  const Route& here = state.route.screen == Screen::issue ? state.list_route : state.route;
  const auto add = [&](SidebarRow row) {
    row.is_current = row.kind != SidebarRow::Kind::heading && row.route.screen == here.screen &&
                     row.route.entity_id == here.entity_id &&
                     (here.screen != Screen::all || shows_insights(row.route) == shows_insights(here));
    rows.push_back(std::move(row));
  };
  for (const SmartScreen& smart : smart_screens) {
    SidebarRow row;
    row.title = smart.title;
    row.route = route_to(smart.screen);
    row.count = smart_count(state.counts, smart.screen);
    add(std::move(row));
  }
  add(heading("Projects", "project.new"));
  for (const Project* project : shown_projects(state)) {
    if (project->status == ProjectStatus::archived) continue;
    SidebarRow row;
    row.kind = SidebarRow::Kind::project;
    row.title = project->name;
    row.route = route_to(Screen::project, project->id.uuid);
    row.entity_id = project->id.uuid;
    row.progress = project_progress(state, project->id);
    row.count = row.progress.open;
    add(std::move(row));
  }
  add(heading("Areas", "area.new"));
  for (const Area* area : shown_areas(state)) {
    SidebarRow row;
    row.kind = SidebarRow::Kind::area;
    row.title = area->name;
    row.route = route_to(Screen::area, area->id.uuid);
    row.entity_id = area->id.uuid;
    row.color = area->color;
    row.count = area_progress(state, area->id).open;
    add(std::move(row));
  }
  add(heading("Saved views", "view.save"));
  for (const SavedView* view : shown_views(state)) {
    SidebarRow row;
    row.kind = SidebarRow::Kind::view;
    row.title = view->name;
    row.route = route_to(Screen::view, view->id.uuid);
    row.entity_id = view->id.uuid;
    row.count = view_count(state, view->id);
    add(std::move(row));
  }
  for (const SmartScreen& foot : {SmartScreen{Screen::all, "All issues"},
                                  SmartScreen{Screen::trash, "Trash"},
                                  SmartScreen{Screen::all, "Insights"},
                                  SmartScreen{Screen::studio, "Studio"},
                                  SmartScreen{Screen::system, "System"},
                                  SmartScreen{Screen::settings, "Settings"}}) {
    const bool is_for_admins = foot.screen == Screen::studio || foot.screen == Screen::system;
    if (is_for_admins && state.session.me.role != Role::admin) continue;
    SidebarRow row;
    row.kind = SidebarRow::Kind::foot;
    row.title = foot.title;
    row.route = route_to(foot.screen);
    if (row.title == "Insights") row.route.layout = Layout::insights;
    row.count = foot.screen == Screen::trash ? state.counts.trash : 0;
    add(std::move(row));
  }
  return rows;
}

std::string screen_title(const State& state) {
  const Route& route = state.route;
  const Entities& entities = state.entities;
  switch (route.screen) {
    case Screen::login:
      return "Sign in";
    case Screen::setup:
      return "First run";
    case Screen::inbox:
      return "Inbox";
    case Screen::today:
      return "Today";
    case Screen::upcoming:
      return "Upcoming";
    case Screen::next:
      return "Next";
    case Screen::logbook:
      return "Logbook";
    case Screen::all:
      return "All issues";
    case Screen::trash:
      return "Trash";
    case Screen::studio:
      return "Studio";
    case Screen::system:
      return "System";
    case Screen::settings:
      return "Settings";
    case Screen::not_found:
      return "Not found";
    case Screen::project: {
      const Project* project = find_project(entities, ProjectId{route.entity_id});
      return project != nullptr ? project->name : "Project";
    }
    case Screen::area: {
      const Area* area = find_area(entities, AreaId{route.entity_id});
      return area != nullptr ? area->name : "Area";
    }
    case Screen::label: {
      const Label* label = find_label(entities, LabelId{route.entity_id});
      return label != nullptr ? label->name : "Label";
    }
    case Screen::view: {
      const SavedView* view = find_view(entities, SavedViewId{route.entity_id});
      return view != nullptr ? view->name : "View";
    }
    case Screen::issue: {
      const Issue* issue = find_issue(entities, route.issue_number);
      const std::string number = "#" + std::to_string(route.issue_number);
      return issue != nullptr ? number + " " + issue->title : number;
    }
  }
  return "dits";
}

// The name of a project or an issue is its account's.
std::string document_title(const State& state) {
  switch (state.session.phase) {
    case SessionPhase::starting:
      return "dits";
    case SessionPhase::setup:
      return "First run · dits";
    case SessionPhase::signed_out:
      return "Sign in · dits";
    case SessionPhase::signed_in:
      break;
  }
  return screen_title(state) + " · dits";
}

std::string screen_query(const State& state, const Route& route) {
  if (route.has_query) return route.query;
  if (route.screen == Screen::view) {
    const SavedView* view = find_view(state.entities, SavedViewId{route.entity_id});
    return view != nullptr ? view->query : "";
  }
  const bool hides_closed = route.screen == Screen::all || route.screen == Screen::project ||
                            route.screen == Screen::area || route.screen == Screen::label;
  return hides_closed && route.layout == Layout::list ? "is:open" : "";
}

std::string display_key(const Route& route) {
  Route plain = route;
  plain.has_query = false;
  plain.day.reset();
  plain.layout = Layout::list;
  return format_route(plain);
}

std::string sync_label(const State& state) {
  const SyncState& sync = state.sync;
  const std::string waiting = std::to_string(sync.waiting);
  switch (sync.phase) {
    case SyncPhase::idle:
      return "";
    case SyncPhase::loading:
      return "Loading " + with_thousands(sync.loaded) + " issues";
    case SyncPhase::offline:
      if (sync.waiting == 0) return "Offline";
      return "Offline, " + waiting + (sync.waiting == 1 ? " change " : " changes ") +
             (sync.kept >= sync.waiting ? "kept" : "not stored");
    case SyncPhase::failed:
      return "Sync failed";
    case SyncPhase::synced:
      return sync.waiting == 0 ? "Synced" : waiting + " waiting to sync";
  }
  return "";
}

// A comment that stands in the history says by itself when it was made.
static bool is_shown_comment(const State& state, IssueId id, const AuditEntry& entry) {
  if (entry.entity_type != EntityType::comment || entry.action != AuditAction::create) return false;
  const auto found = state.entities.comments.find(id);
  if (found == state.entities.comments.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const Comment& comment) {
    return comment.id.uuid == entry.entity_id && !comment.deleted_at;
  });
}

std::vector<ActivityLine> activity_lines(const State& state, IssueId id) {
  std::vector<ActivityLine> lines;
  const auto found = state.entities.activity.find(id);
  if (found == state.entities.activity.end()) return lines;
  for (const AuditEntry& entry : found->second) {
    if (is_shown_comment(state, id, entry)) continue;
    const Json metadata = json_from_stored(entry.metadata);
    std::string actor = "you";
    if (metadata.is_object() && metadata.contains("source")) {
      if (const auto* source = metadata["source"].get_ptr<const std::string*>()) actor = *source;
    }
    lines.push_back({describe(state, entry), std::move(actor), entry.created_at, entry.change_id});
  }
  return lines;
}

}  // namespace dits::web
