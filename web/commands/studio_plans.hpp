// Plans of Studio's commands.
#pragma once

#include <functional>

#include "web/commands/plans.hpp"

namespace dits::web {

// Studio with this change made to it, and a question to the server: what the plans below are made of.
Plan studio_changed(const State& state, const std::function<void(StudioState&)>& change);
Plan studio_call(StudioCall::Kind kind);

Plan plan_go_studio(const State& state,
                    const Invocation& invocation);  // a table's name, or none: the last one
Plan plan_studio_filter(const State& state, const Invocation& invocation);  // the filter's text
Plan plan_studio_move(const State& state, const Invocation& invocation, int rows, int columns);
Plan plan_studio_cursor(const State& state, const Invocation& invocation);  // "row,column"
Plan plan_studio_edit(const State& state, const Invocation& invocation);
Plan plan_studio_keep(const State& state, const Invocation& invocation, int columns);  // then moves on
Plan plan_studio_set(const State& state, const Invocation& invocation);                // this value at once
Plan plan_studio_null(const State& state, const Invocation& invocation);
Plan plan_studio_cancel(const State& state, const Invocation& invocation);
Plan plan_studio_discard(const State& state, const Invocation& invocation);
Plan plan_studio_save(const State& state, const Invocation& invocation);
Plan plan_studio_follow(const State& state, const Invocation& invocation);
Plan plan_studio_duplicate(const State& state, const Invocation& invocation);
Plan plan_studio_delete(const State& state, const Invocation& invocation);
Plan plan_studio_add(const State& state, const Invocation& invocation);
Plan plan_studio_region(const State& state, const Invocation& invocation, StudioRegion region);
Plan plan_studio_sort(const State& state, const Invocation& invocation);        // a column, or the cursor's
Plan plan_studio_statistics(const State& state, const Invocation& invocation);  // likewise; again closes it
Plan plan_studio_hide(const State& state, const Invocation& invocation);        // likewise
Plan plan_studio_show_all(const State& state, const Invocation& invocation);
Plan plan_studio_call(const State& state, const Invocation& invocation, StudioCall::Kind kind);
Plan plan_studio_reload(const State& state, const Invocation& invocation);
Plan plan_studio_run(const State& state, const Invocation& invocation);
Plan plan_studio_confirm_write(const State& state, const Invocation& invocation);  // the number of rows
Plan plan_studio_writes(const State& state, const Invocation& invocation);
Plan plan_studio_export(const State& state, const Invocation& invocation, bool is_json);
Plan plan_studio_save_query(const State& state, const Invocation& invocation);    // its name
Plan plan_studio_open_query(const State& state, const Invocation& invocation);    // its name
Plan plan_studio_forget_query(const State& state, const Invocation& invocation);  // its name

}  // namespace dits::web
