// One visit over every change, and what has to follow each: the list, the mode, what is open for reading.
#include "web/store/reduce.hpp"

#include "web/store/layers.hpp"
#include "web/store/list_build.hpp"
#include "web/store/reduce_parts.hpp"
#include "web/store/selectors.hpp"
#include "web/store/studio.hpp"

namespace dits::web {

namespace {

Mode mode_of(const State& state) {
  if (state.session.phase == SessionPhase::setup) return Mode::setup;
  if (state.session.phase == SessionPhase::signed_out) return Mode::login;
  switch (top_part(state)) {
    case Part::drag:
      return Mode::drag;
    case Part::picker:
    case Part::menu:
      return Mode::pick;
    case Part::palette:
      return Mode::command;
    case Part::dialog:
    case Part::form:
    case Part::editor:
      return Mode::edit;
    case Part::field:
      if (state.route.screen != Screen::studio || studio_of(state).is_editing) return Mode::edit;
      if (studio_of(state).region == StudioRegion::console) return Mode::sql;
      return studio_of(state).region != StudioRegion::grid ? Mode::query : Mode::edit;
    case Part::page:
      break;
  }
  if (state.region == Region::query) return Mode::query;
  return state.pending.keys.empty() ? Mode::normal : Mode::pick;
}

void settle(State& state) {
  refresh_list(state);
  const Issue* opened = opened_issue(state);
  state.open_issue = opened != nullptr ? opened->id : IssueId{};
  if (state.route.screen == Screen::issue) {
    const bool is_loaded = state.sync.phase == SyncPhase::synced || state.sync.phase == SyncPhase::offline;
    state.issue_missing = opened == nullptr && is_loaded;
  }
  state.mode = mode_of(state);
  ++state.revision;
}

}  // namespace

void reduce(State& state, const Change& change) {
  change.visit([&state](const auto& one) { apply(state, one); });
  settle(state);
}

void reduce_all(State& state, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    change.visit([&state](const auto& one) { apply(state, one); });
  }
  settle(state);
}

}  // namespace dits::web
