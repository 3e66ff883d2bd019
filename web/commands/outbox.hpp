// What a screen hands back: commands to run and changes to make, in order. Screens have no other way out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "web/store/change.hpp"
#include "web/store/forms.hpp"

namespace dits::web {

// What a command may be told. A command without one opens its picker or dialog.
using Argument = std::variant<std::monostate,
                              std::string,
                              std::int64_t,
                              StatusId,
                              ProjectId,
                              AreaId,
                              LabelId,
                              IssueId,
                              SavedViewId,
                              RelationId,
                              GitIntegrationId,
                              CommentId,
                              AttachmentId,
                              SessionId,
                              ApiTokenId,
                              WorkflowId,
                              Priority,
                              Date,
                              DaySpan,
                              Route,
                              Grouping,
                              SortField,
                              SettingsSection,
                              Credentials,
                              PasswordChange,
                              TokenRequest,
                              Workflow,
                              GitIntegration>;

struct Invocation {
  std::string command;  // its id: "issue.status.done"
  Argument argument;
  std::vector<IssueId> targets;  // empty: the selection, or the issue under the cursor
  // Where a picker opens that this needs; not has_anchor: in the middle.
  bool has_anchor = false;
  float anchor_x = 0;
  float anchor_y = 0;
};

class Outbox {
 public:
  using Item = std::variant<Invocation, Change>;

  void run(std::string_view command, Argument argument = {}, std::vector<IssueId> targets = {});
  // The same from the mouse: a picker that the command opens stands at this point.
  void run_at(
      float x, float y, std::string_view command, Argument argument = {}, std::vector<IssueId> targets = {});
  void change(Change change) { items_.emplace_back(std::move(change)); }

  bool is_empty() const { return items_.empty(); }
  std::vector<Item> take();

 private:
  std::vector<Item> items_;
};

}  // namespace dits::web
