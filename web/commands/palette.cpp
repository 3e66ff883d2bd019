// Rows of the palette, scored and in sections.
#include "web/commands/palette.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/sorting.hpp"
#include "shared/core/text.hpp"
#include "web/commands/plans.hpp"

namespace dits::web {

namespace {

constexpr std::size_t command_rows = 8;
constexpr std::size_t issue_rows = 6;
constexpr std::size_t place_rows = 6;
constexpr std::size_t only_rows = 40;  // of the one kind that a prefix asks for
constexpr std::size_t recent_rows = 5;
constexpr int recency_points = 24;       // of the newest; each older one 4 less
constexpr int number_score = 1'000'000;  // the issue whose number was typed
constexpr int words_points = 1000;       // what begins words stands before scattered letters

struct Scored {
  int score = 0;
  PaletteRow row;
};

void keep_best(std::vector<Scored>& scored, std::size_t limit) {
  sort_stably(scored, [](const Scored& a, const Scored& b) { return a.score > b.score; });
  if (scored.size() > limit) scored.resize(limit);
}

void add_section(PaletteAnswer& answer, std::string title, std::vector<Scored> scored, std::size_t limit) {
  keep_best(scored, limit);
  if (scored.empty()) return;
  PaletteSection section{std::move(title), {}};
  for (Scored& one : scored) section.rows.push_back(std::move(one.row));
  answer.shown += section.rows.size();
  answer.sections.push_back(std::move(section));
}

PaletteRow command_row(const Command& command, std::vector<MatchRange> matches) {
  PaletteRow row;
  row.kind = PaletteRow::Kind::command;
  row.text = std::string(command.title);
  row.matches = std::move(matches);
  row.command = &command;
  row.icon = std::string(command.icon);
  row.invocation.command = std::string(command.id);
  row.takes_argument = command.has_argument;
  return row;
}

int recency(const State& state, std::string_view id) {
  const auto& recent = state.palette.recent;
  const auto found = std::find(recent.begin(), recent.end(), id);
  return found == recent.end() ? 0
                               : std::max(0, recency_points - 4 * static_cast<int>(found - recent.begin()));
}

std::vector<Scored> commands_for(const State& state,
                                 std::string_view pattern,
                                 bool on_issue,
                                 PaletteAnswer& answer) {
  std::vector<Scored> scored;
  for (const Command& command : all_commands()) {
    if (!command.in_palette || command.needs_issue != on_issue || !is_available(state, command)) continue;
    ++answer.considered;
    FuzzyMatch match = fuzzy_match(command.title, pattern);
    if (match.score == 0) continue;
    const int score =
        match.score + recency(state, command.id) + (begins_words(command.title, pattern) ? words_points : 0);
    scored.push_back({score, command_row(command, std::move(match.ranges))});
  }
  return scored;
}

PaletteRow issue_row(const State& state, Slot slot, std::vector<MatchRange> matches) {
  const Issue& issue = issue_at(state, slot);
  PaletteRow row;
  row.kind = PaletteRow::Kind::issue;
  row.text = issue.title;
  row.matches = std::move(matches);
  row.slot = slot;
  if (const Project* project = find_project(state.entities, issue.project_id)) row.detail = project->name;
  row.invocation.command = "issue.open";
  row.invocation.argument = issue.id;
  return row;
}

// Titles match by their words, not by scattered letters: in thousands of titles any letters come somewhere.
std::vector<Scored> issues_for(const State& state, std::string_view pattern, PaletteAnswer& answer) {
  std::vector<Scored> scored;
  const std::string folded = fold_case(trim(pattern));
  const auto count = static_cast<Slot>(state.entities.issues.size());
  answer.considered += state.counts.all;
  std::int64_t number = 0;
  const bool is_number =
      !folded.empty() && folded.size() < 9 && folded.find_first_not_of("0123456789") == std::string::npos;
  if (is_number) number = std::stoll(folded);
  if (const Slot slot = find_slot(state.entities, number); slot != no_slot) {
    scored.push_back({number_score, issue_row(state, slot, {})});
  }
  const bool has_words = folded.find(' ') != std::string::npos;
  constexpr std::size_t enough = 200;
  for (Slot slot = count; slot-- > 0 && scored.size() < enough;) {
    const Issue& issue = issue_at(state, slot);
    if (!issue.id.is_set() || issue.deleted_at) continue;
    const IssueFacts& facts = facts_at(state, slot);
    const std::size_t found = folded.empty() ? 0 : facts.folded_title.find(folded);
    const bool is_together = found != std::string::npos;
    if (!is_together && !(has_words && begins_words(facts.folded_title, folded))) continue;
    const bool starts_word = is_together && (found == 0 || facts.folded_title[found - 1] == ' ');
    const int score = (is_together ? 400 - static_cast<int>(std::min<std::size_t>(found, 50)) : 200) +
                      (starts_word ? 100 : 0) + (facts.is_closed ? 0 : 150);
    // Folding keeps code points, not bytes: only plain titles have the match where it was found.
    std::vector<MatchRange> ranges = fuzzy_match(issue.title, pattern).ranges;
    scored.push_back({score, issue_row(state, slot, std::move(ranges))});
  }
  return scored;
}

std::vector<Scored> places_for(const State& state,
                               std::string_view pattern,
                               bool only_projects,
                               PaletteAnswer& answer) {
  std::vector<Scored> scored;
  const auto add = [&](std::string text, std::string icon, Route route, std::string detail) {
    ++answer.considered;
    FuzzyMatch match = fuzzy_match(text, pattern);
    if (match.score == 0) return;
    PaletteRow row;
    row.kind = PaletteRow::Kind::place;
    row.text = std::move(text);
    row.detail = std::move(detail);
    row.icon = std::move(icon);
    row.matches = std::move(match.ranges);
    row.invocation.command = "go.route";
    row.invocation.argument = std::move(route);
    scored.push_back({match.score, std::move(row)});
  };
  for (const Project* project : shown_projects(state)) {
    add(project->name, "layers", route_to(Screen::project, project->id.uuid), "Project");
  }
  for (const Area* area : shown_areas(state))
    add(area->name, "box", route_to(Screen::area, area->id.uuid), "Area");
  if (only_projects) return scored;
  for (const SavedView* view : shown_views(state)) {
    add(view->name, "bookmark", route_to(Screen::view, view->id.uuid), "View");
  }
  for (const Label* label : shown_labels(state))
    add(label->name, "tag", route_to(Screen::label, label->id.uuid), "Label");
  for (int at = 0; at < settings_section_count; ++at) {
    Route route = route_to(Screen::settings);
    route.section = static_cast<SettingsSection>(at);
    add("Settings › " + std::string(title_of(route.section)), "settings-2", route, "");
  }
  return scored;
}

PaletteRow create_row(std::string_view title) {
  PaletteRow row;
  row.kind = PaletteRow::Kind::create;
  row.text = "Create issue “" + std::string(title) + "”";
  row.icon = "plus";
  row.invocation.command = "issue.create";
  row.invocation.argument = std::string(title);
  return row;
}

// Which section comes first: the number that was typed, then commands whose words it begins.
int rank_of(const std::vector<Scored>& scored) {
  int rank = 0;
  for (const Scored& one : scored) {
    if (one.score >= number_score) return 2;
    if (one.row.kind == PaletteRow::Kind::command && one.score >= words_points) rank = 1;
  }
  return rank;
}

void add_recent(const State& state, PaletteAnswer& answer) {
  std::vector<Scored> scored;
  for (const std::string& id : state.palette.recent) {
    const Command* command = find_command(id);
    if (command == nullptr || !command->in_palette || !is_available(state, *command)) continue;
    if (scored.size() == recent_rows) break;
    scored.push_back({static_cast<int>(recent_rows - scored.size()), command_row(*command, {})});
  }
  add_section(answer, "Recent", std::move(scored), recent_rows);
}

void answer_query(const State& state, std::string_view text, PaletteAnswer& answer) {
  PaletteRow row;
  row.kind = PaletteRow::Kind::place;
  row.text = "Search " + std::string(text);
  row.icon = "search";
  Route route = shows_issues(state.route.screen) ? state.route : route_to(Screen::all);
  route.has_query = true;
  route.query = std::string(text);
  row.invocation.command = "go.route";
  row.invocation.argument = std::move(route);
  add_section(answer, "Query", {{1, std::move(row)}}, 1);
}

}  // namespace

PaletteAnswer palette_answer(const State& state) {
  PaletteAnswer answer;
  const std::vector<IssueId> targets = target_issues(state);
  if (targets.size() == 1) {
    const Issue* issue = find_issue(state.entities, targets.front());
    if (issue != nullptr) answer.target = "#" + std::to_string(issue->number);
  } else if (!targets.empty()) {
    answer.target = std::to_string(targets.size()) + " selected";
  }
  const std::string_view all = state.palette.text;
  const char prefix = all.empty() ? '\0' : all.front();
  const std::string_view rest = trim(all.empty() ? all : all.substr(1));
  const std::string on = "On " + answer.target;
  switch (prefix) {
    case '>':
      add_section(answer, on, commands_for(state, rest, true, answer), only_rows);
      add_section(answer, "Commands", commands_for(state, rest, false, answer), only_rows);
      return answer;
    case '#':
      add_section(answer, "Issues", issues_for(state, rest, answer), only_rows);
      return answer;
    case '@':
      add_section(answer, "Projects and areas", places_for(state, rest, true, answer), only_rows);
      return answer;
    case '/':
      answer_query(state, rest, answer);
      return answer;
    case '?': {
      std::vector<Scored> scored;
      for (const Command& command : all_commands()) {
        if (command.keys.empty()) continue;
        ++answer.considered;
        FuzzyMatch match = fuzzy_match(command.title, rest);
        if (match.score == 0) continue;
        PaletteRow row = command_row(command, std::move(match.ranges));
        row.detail = std::string(title_of(command.scope));
        scored.push_back({match.score, std::move(row)});
      }
      add_section(answer, "Keys", std::move(scored), only_rows);
      return answer;
    }
    default:
      break;
  }
  const std::string_view pattern = trim(all);
  if (pattern.empty()) add_recent(state, answer);
  struct Part {
    std::string title;
    std::vector<Scored> scored;
    std::size_t limit;
  };
  std::array<Part, 3> parts{{{on, commands_for(state, pattern, true, answer), command_rows},
                             {"Issues", {}, issue_rows},
                             {"Go to and commands", commands_for(state, pattern, false, answer), 0}}};
  parts[2].limit = command_rows + place_rows;
  if (!pattern.empty()) {
    parts[1].scored = issues_for(state, pattern, answer);
    for (Scored& place : places_for(state, pattern, false, answer))
      parts[2].scored.push_back(std::move(place));
    sort_stably(parts, [](const Part& a, const Part& b) { return rank_of(a.scored) > rank_of(b.scored); });
  }
  for (Part& part : parts) add_section(answer, std::move(part.title), std::move(part.scored), part.limit);
  if (!pattern.empty() && answer.shown == 0) add_section(answer, "No command", {{1, create_row(pattern)}}, 1);
  return answer;
}

const PaletteRow* palette_row(const PaletteAnswer& answer, std::size_t cursor) {
  for (const PaletteSection& section : answer.sections) {
    if (cursor < section.rows.size()) return &section.rows[cursor];
    cursor -= section.rows.size();
  }
  return nullptr;
}

}  // namespace dits::web
