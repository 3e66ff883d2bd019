// What the commands of Studio's SQL console do: statements run and confirmed, queries kept.
#include <utility>

#include "shared/core/text.hpp"
#include "shared/json/studio_json.hpp"
#include "shared/model/sql_text.hpp"
#include "web/commands/studio_plans.hpp"

namespace dits::web {

static Plan with_saved_queries(const State& state, const std::vector<SavedSql>& saved, std::string title) {
  ProfileSaved profile{state.session.me, state.session.me};
  profile.after.preferences = preferences_with_saved_sql(state.session.me.preferences, saved);
  Plan plan = studio_changed(state, [&](StudioState& studio) { studio.saved = saved; });
  if (profile.after.preferences != profile.before.preferences) plan.changes.emplace_back(std::move(profile));
  plan.title = std::move(title);
  return plan;
}

Plan plan_studio_run(const State& state, const Invocation& invocation) {
  const StudioState& studio = studio_of(state);
  // In the editor of a cell the same keys keep what was written.
  if (studio.is_editing) return plan_studio_keep(state, invocation, 0);
  switch (kind_of_sql(studio.sql)) {
    case SqlKind::empty:
      return refuse("There is no statement to run");
    case SqlKind::several:
      return refuse("One statement at a time, please");
    case SqlKind::writes:
      if (!studio.allows_writes)
        return refuse("This statement writes: turn on \"Allow writes from SQL\" first");
      break;
    case SqlKind::reads:
    case SqlKind::other:
      break;
  }
  return studio_call(StudioCall::Kind::run_sql);
}

Plan plan_studio_confirm_write(const State& state, const Invocation&) {
  const StudioState& studio = studio_of(state);
  if (!studio.answer || !studio.answer->is_trial) return {};
  if (!awaits_confirmation(studio))
    return refuse("The statement was changed since it was tried: run it again");
  Plan plan;
  plan.effects.emplace_back(StudioCall{StudioCall::Kind::run_sql, studio.answer->affected});
  return plan;
}

Plan plan_studio_writes(const State& state, const Invocation&) {
  return studio_changed(state, [](StudioState& next) { next.allows_writes = !next.allows_writes; });
}

Plan plan_studio_save_query(const State& state, const Invocation& invocation) {
  const StudioState& studio = studio_of(state);
  if (sql_statement(studio.sql).empty()) return refuse("There is no statement to save");
  // A comment in the first line is its name, else its first words, unless one was given.
  std::string name;
  if (const auto* given = argument_as<std::string>(invocation)) name = *given;
  constexpr std::size_t longest_name = 40;
  if (name.empty()) {
    std::string_view words = studio.sql;
    if (words.substr(0, 2) == "--") {
      words = trim(words.substr(2, words.find('\n') - 2));
    } else {
      words = sql_statement(studio.sql);
    }
    for (const char c : words) {
      if (name.size() == longest_name) break;
      const char letter = c == '\n' ? ' ' : c;
      if (letter != ' ' || (!name.empty() && name.back() != ' ')) name += letter;
    }
  }
  std::vector<SavedSql> saved = studio.saved;
  std::erase_if(saved, [&](const SavedSql& each) { return each.name == name; });
  saved.push_back({name, studio.sql});
  constexpr std::size_t most_saved = 50;
  if (saved.size() > most_saved) return refuse("There are 50 saved queries: forget one first");
  return with_saved_queries(state, saved, "Query saved: " + name);
}

Plan plan_studio_open_query(const State& state, const Invocation& invocation) {
  const auto* name = argument_as<std::string>(invocation);
  for (const SavedSql& each : studio_of(state).saved) {
    if (name == nullptr || each.name != *name) continue;
    Plan plan = studio_changed(state, [&](StudioState& next) {
      next.sql = each.sql;
      next.region = StudioRegion::console;
    });
    plan.then.push_back({"studio.run", {}, {}, false, 0, 0});
    return plan;
  }
  return refuse("There is no such query");
}

Plan plan_studio_forget_query(const State& state, const Invocation& invocation) {
  const auto* name = argument_as<std::string>(invocation);
  if (name == nullptr) return refuse("Which query?");
  std::vector<SavedSql> saved = studio_of(state).saved;
  std::erase_if(saved, [&](const SavedSql& each) { return each.name == *name; });
  return with_saved_queries(state, saved, "Query forgotten: " + *name);
}

}  // namespace dits::web
