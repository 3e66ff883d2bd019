// Files: those on issues, and whole accounts as files that come in and go out.
#include <utility>

#include "shared/api/paths.hpp"
#include "web/commands/app_plans.hpp"
#include "web/commands/file_path.hpp"

namespace dits::web {

Plan plan_file_delete(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<AttachmentId>(invocation)) {
    for (const auto& [issue, files] : state.entities.attachments) {
      for (const Attachment& file : files) {
        if (file.id != *id || file.deleted_at) continue;
        AttachmentSaved removal{file, file};
        removal.after.deleted_at = state.now;
        Plan plan = change_view(std::move(removal));
        plan.title = "Deleted " + file.file_name + on_issue(state, issue);
        return plan;
      }
    }
  }
  return refuse("That file is gone");
}

Plan plan_file_save(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<AttachmentId>(invocation)) {
    for (const auto& [issue, files] : state.entities.attachments) {
      for (const Attachment& file : files) {
        if (file.id != *id) continue;
        Plan plan;
        plan.effects.emplace_back(SaveUrl{file_path(file), file.file_name});
        return plan;
      }
    }
  }
  return refuse("That file is gone");
}

Plan plan_export(const State&, const Invocation& invocation) {
  const auto* format = argument_as<std::string>(invocation);
  const std::string wanted = format != nullptr ? *format : std::string("json");
  const std::string name = wanted == "csv"        ? "dits-issues.csv"
                           : wanted == "markdown" ? "dits-markdown.tar"
                                                  : "dits-export.jsonl";
  Plan plan;
  plan.effects.emplace_back(
      SaveUrl{paths::with_query(std::string(paths::exports), {{"format", wanted}}), name});
  return plan;
}

Plan plan_import(const State& state, const Invocation&) {
  if (state.transfer.is_running) return refuse("An import is running already");
  Plan plan;
  // Where its progress is shown, and where a file is taken for an import and not for an issue.
  if (state.route.screen != Screen::settings || state.route.section != SettingsSection::transfer) {
    Route transfer = route_to(Screen::settings);
    transfer.section = SettingsSection::transfer;
    plan = go_to(std::move(transfer));
  }
  plan.effects.emplace_back(PickFiles{});
  return plan;
}

Plan plan_file_add(const State& state, const Invocation& invocation) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  if (issues.front()->deleted_at) return refuse("It lies in the trash: restore it first");
  Plan plan;
  if (state.route.screen != Screen::issue) {
    AppearanceChanged shown;
    shown.detail_open = true;
    plan.changes.emplace_back(CursorWent{issues.front()->id});
    plan.changes.emplace_back(shown);
  }
  plan.effects.emplace_back(PickFiles{});
  return plan;
}

}  // namespace dits::web
