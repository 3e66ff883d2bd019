// What the pickers of the new issue's form choose. A choice takes the place of what the title says.
#include <algorithm>

#include "shared/core/day_text.hpp"
#include "web/commands/issue_plans.hpp"
#include "web/store/inline_draft.hpp"

namespace dits::web {

namespace {

using query::InlineAttribute;
using query::InlineKind;

void toggle_label(const State& state, QuickCreate& form, LabelId id) {
  const std::vector<LabelId> chosen = issue_of(state, form).label_ids;
  if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) {
    form.label_ids.push_back(id);
    std::sort(form.label_ids.begin(), form.label_ids.end());
    return;
  }
  std::erase(form.label_ids, id);
  drop_inline(state, form, [&](const InlineAttribute& one) {
    return one.kind == InlineKind::label && one.label_id == id;
  });
}

}  // namespace

Plan plan_form_set(const State& state, const Invocation& invocation) {
  QuickCreate form = state.quick_create;
  Plan plan;
  if (const auto* status = argument_as<StatusId>(invocation)) {
    form.status_id = *status;
  } else if (const auto* priority = argument_as<Priority>(invocation)) {
    drop_inline(state, form, [](const InlineAttribute& one) { return one.kind == InlineKind::priority; });
    form.priority = *priority;
  } else if (const auto* project = argument_as<ProjectId>(invocation)) {
    drop_inline(state, form, [](const InlineAttribute& one) { return one.project_id.is_set(); });
    form.project_id = *project;
  } else if (const auto* area = argument_as<AreaId>(invocation)) {
    drop_inline(state, form, [](const InlineAttribute& one) { return one.area_id.is_set(); });
    form.area_id = *area;
  } else if (const auto* label = argument_as<LabelId>(invocation)) {
    toggle_label(state, form, *label);
  } else if (const auto* typed = argument_as<std::string>(invocation)) {
    const Result<Label> made = new_label(state, *typed);
    if (!made) return refuse(made.error().message);
    toggle_label(state, form, made->id);
    plan.changes.emplace_back(LabelSaved{std::nullopt, *made});
  }
  plan.changes.emplace_back(QuickCreateChanged{std::move(form)});
  return plan;
}

Plan plan_form_day(const State& state, const Invocation& invocation, bool is_start) {
  QuickCreate form = state.quick_create;
  std::optional<Date> day;
  if (const auto* date = argument_as<Date>(invocation)) day = *date;
  if (const auto* typed = argument_as<std::string>(invocation)) day = parse_day(*typed, state.today);
  const InlineKind kind = is_start ? InlineKind::start : InlineKind::due;
  drop_inline(state, form, [&](const InlineAttribute& one) { return one.kind == kind; });
  (is_start ? form.start_date : form.due_date) = day;
  // A start after the new due date would be refused: it moves along.
  if (!is_start && day && form.start_date && *form.start_date > *day) form.start_date = day;
  return change_view(QuickCreateChanged{std::move(form)});
}

}  // namespace dits::web
