// Rows of the popups: what can be chosen, what is chosen now, and what choosing runs.
#include "web/commands/picker.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/core/day_text.hpp"
#include "shared/core/sorting.hpp"
#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "web/commands/plans.hpp"
#include "web/store/inline_draft.hpp"

namespace dits::web {

namespace {

constexpr std::size_t issue_limit = 30;

class Rows {
 public:
  explicit Rows(const State& state) : state_(state) {
    if (state.picker.is_for_form) {
      form_ = issue_of(state, state.quick_create);
      targets_.push_back(&form_);
    }
    for (const IssueId id : state.picker.targets) {
      if (const Issue* issue = find_issue(state.entities, id)) targets_.push_back(issue);
    }
  }

  const std::vector<const Issue*>& targets() const { return targets_; }
  std::size_t count() const { return rows_.size(); }

  // Adds the row when it fits the filter; nullptr when not.
  PickerRow* add(std::string text, Argument value, std::string icon = {}) {
    FuzzyMatch match = fuzzy_match(text, state_.picker.filter);
    if (match.score == 0) return nullptr;
    PickerRow row;
    row.text = std::move(text);
    row.icon = std::move(icon);
    row.matches = std::move(match.ranges);
    row.invocation.command = state_.picker.command;
    row.invocation.argument = std::move(value);
    row.invocation.targets = state_.picker.targets;
    rows_.push_back(std::move(row));
    scores_.push_back(match.score);
    return &rows_.back();
  }

  // With a filter the best match comes first.
  std::vector<PickerRow> take() {
    if (state_.picker.filter.empty()) return std::move(rows_);
    const auto is_better = [](const void* scores, std::uint32_t a, std::uint32_t b) {
      const auto& all = *static_cast<const decltype(scores_)*>(scores);
      return all[a] > all[b];
    };
    std::vector<PickerRow> sorted;
    sorted.reserve(rows_.size());
    for (const std::uint32_t at : stable_order(rows_.size(), is_better, &scores_))
      sorted.push_back(std::move(rows_[at]));
    return sorted;
  }

  template <typename Has>
  void check(PickerRow* row, Has has) const {
    if (row == nullptr || targets_.empty()) return;
    const auto count =
        std::count_if(targets_.begin(), targets_.end(), [&](const Issue* issue) { return has(*issue); });
    row->is_checked = static_cast<std::size_t>(count) == targets_.size();
    row->is_partly_checked = count > 0 && !row->is_checked;
  }

 private:
  const State& state_;
  Issue form_;
  std::vector<const Issue*> targets_;
  std::vector<PickerRow> rows_;
  std::vector<int> scores_;
};

bool has_label(const Issue& issue, LabelId id) {
  return std::find(issue.label_ids.begin(), issue.label_ids.end(), id) != issue.label_ids.end();
}

std::vector<PickerRow> status_rows(const State& state, Rows& rows) {
  if (rows.targets().empty()) return {};
  const Issue& first = *rows.targets().front();
  for (const Status* status :
       state.picker.is_for_form ? statuses_for(state, first.project_id) : allowed_statuses(state, first)) {
    PickerRow* row = rows.add(status->name, status->id);
    if (row != nullptr) row->status = status;
    rows.check(row, [&](const Issue& issue) { return issue.status_id == status->id; });
  }
  return rows.take();
}

std::vector<PickerRow> priority_rows(Rows& rows) {
  for (int at = 4; at >= 0; --at) {
    const auto priority = static_cast<Priority>(at);
    PickerRow* row = rows.add(std::string(title_of(priority)), priority);
    if (row == nullptr) continue;
    row->has_priority = true;
    row->priority = priority;
    rows.check(row, [&](const Issue& issue) { return issue.priority == priority; });
  }
  return rows.take();
}

std::vector<PickerRow> label_rows(const State& state, Rows& rows) {
  const std::string wanted = name_from(state.picker.filter);
  bool is_known = wanted.empty();
  for (const Label* label : shown_labels(state)) {
    if (fold_case(label->name) == fold_case(wanted)) is_known = true;
    PickerRow* row = rows.add(label->name, label->id);
    if (row != nullptr) row->label = label;
    rows.check(row, [&](const Issue& issue) { return has_label(issue, label->id); });
  }
  std::vector<PickerRow> all = rows.take();
  if (!is_known) {
    PickerRow row;
    row.text = "Create label “" + wanted + "”";
    row.icon = "plus";
    row.creates = true;
    row.invocation.command = state.picker.command;
    row.invocation.argument = wanted;
    row.invocation.targets = state.picker.targets;
    all.push_back(std::move(row));
  }
  return all;
}

void add_projects(const State& state, Rows& rows) {
  for (const Project* project : shown_projects(state)) {
    PickerRow* row = rows.add(project->name, project->id, "layers");
    if (row != nullptr) row->detail = "Project";
    rows.check(row, [&](const Issue& issue) { return issue.project_id == project->id; });
  }
}

void add_areas(const State& state, Rows& rows) {
  for (const Area* area : shown_areas(state)) {
    PickerRow* row = rows.add(area->name, area->id);
    if (row != nullptr) {
      row->area = area;
      row->detail = "Area";
    }
    rows.check(row, [&](const Issue& issue) { return issue.area_id == area->id; });
  }
}

std::vector<PickerRow> place_rows(const State& state, Rows& rows) {
  add_projects(state, rows);
  add_areas(state, rows);
  PickerRow* none = rows.add("No project", ProjectId{}, "x");
  rows.check(none, [](const Issue& issue) { return !issue.project_id.is_set(); });
  if (none != nullptr) none->begins_group = state.picker.filter.empty();
  rows.check(rows.add("No area", AreaId{}, "x"), [](const Issue& issue) { return !issue.area_id.is_set(); });
  return rows.take();
}

std::vector<PickerRow> view_rows(const State& state, Rows& rows) {
  for (const SavedView* view : shown_views(state)) {
    PickerRow* row = rows.add(view->name, view->id, "bookmark");
    if (row != nullptr) row->detail = view->query;
  }
  return rows.take();
}

std::vector<PickerRow> issue_rows(const State& state, Rows& rows) {
  const std::string filter = fold_case(name_from(state.picker.filter));
  std::string_view digits = filter;
  if (!digits.empty() && digits.front() == '#') digits.remove_prefix(1);
  const bool is_number = !digits.empty() && digits.size() < 9 &&
                         digits.find_first_not_of("0123456789") == std::string_view::npos;
  std::vector<Slot> slots;
  if (is_number) {
    const Slot slot = find_slot(state.entities, static_cast<std::int64_t>(std::stoll(std::string(digits))));
    if (slot != no_slot) slots.push_back(slot);
  }
  // Open ones first, the newest first.
  for (const bool closed : {false, true}) {
    for (Slot at = static_cast<Slot>(state.entities.issues.size()); at-- > 0 && slots.size() < issue_limit;) {
      const Issue& issue = issue_at(state, at);
      const IssueFacts& facts = facts_at(state, at);
      const bool fits = issue.id.is_set() && !issue.deleted_at && facts.is_closed == closed &&
                        (filter.empty() || facts.folded_title.find(filter) != std::string::npos);
      if (fits && (slots.empty() || slots.front() != at)) slots.push_back(at);
    }
  }
  std::vector<PickerRow> all;
  for (const Slot slot : slots) {
    const Issue& issue = issue_at(state, slot);
    const bool is_target = std::any_of(rows.targets().begin(),
                                       rows.targets().end(),
                                       [&](const Issue* target) { return target->id == issue.id; });
    if (is_target) continue;
    PickerRow row;
    row.text = issue.title;
    row.matches = fuzzy_match(issue.title, state.picker.filter).ranges;
    row.slot = slot;
    row.invocation.command = state.picker.command;
    row.invocation.argument = issue.id;
    row.invocation.targets = state.picker.targets;
    all.push_back(std::move(row));
  }
  if (state.picker.kind == PickerKind::parent && filter.empty()) {
    const bool has_parent = std::any_of(rows.targets().begin(), rows.targets().end(), [](const Issue* issue) {
      return issue->parent_issue_id.is_set();
    });
    if (has_parent) {
      PickerRow row;
      row.text = "No parent";
      row.icon = "x";
      row.invocation.command = "issue.parent.clear";
      row.invocation.targets = state.picker.targets;
      all.insert(all.begin(), std::move(row));
    }
  }
  return all;
}

std::vector<PickerRow> date_rows(const State& state) {
  std::vector<PickerRow> all;
  const auto add = [&](std::string text, std::string detail, std::string command, Argument value) {
    PickerRow row;
    row.text = std::move(text);
    row.detail = std::move(detail);
    row.icon = "calendar";
    row.invocation.command = std::move(command);
    row.invocation.argument = std::move(value);
    row.invocation.targets = state.picker.targets;
    all.push_back(std::move(row));
  };
  if (const auto date = picker_date(state)) {
    add(full_date_label(*date), day_label(state, *date), state.picker.command, *date);
    return all;
  }
  if (!state.picker.filter.empty()) return all;
  const bool is_start = state.picker.kind == PickerKind::start_date;
  for (const auto& [title, text] : {std::pair{"Today", "today"},
                                    std::pair{"Tomorrow", "tomorrow"},
                                    std::pair{"Next week", "next week"},
                                    std::pair{"Next month", "next month"}}) {
    const auto day = parse_day(text, state.today);
    add(title, full_date_label(*day), state.picker.command, *day);
  }
  const std::string clears = state.picker.is_for_form ? state.picker.command
                             : is_start               ? "issue.start.clear"
                                                      : "issue.due.clear";
  add(is_start ? "No start date" : "No due date", "", clears, {});
  all.back().icon = "calendar-x";
  return all;
}

std::vector<PickerRow> menu_rows(const State& state) {
  struct Item {
    std::string_view command;
    bool begins_group;
  };
  constexpr std::array items{
      Item{"issue.open", false},          Item{"issue.edit_title", false},
      Item{"issue.comment", false},       Item{"issue.toggle_done", true},
      Item{"issue.start", false},         Item{"issue.status.pick", false},
      Item{"issue.priority.pick", false}, Item{"issue.due.pick", false},
      Item{"issue.labels.pick", false},   Item{"issue.move.pick", false},
      Item{"issue.new_sub_issue", true},  Item{"issue.relation.blocks", false},
      Item{"issue.links", false},         Item{"issue.file.add", false},
      Item{"issue.copy.link", true},      Item{"issue.copy.branch", false},
      Item{"issue.trash", true},          Item{"issue.restore", true},
      Item{"issue.purge", false},
  };
  const bool in_trash = is_any_trashed(state, state.picker.targets);
  std::vector<PickerRow> all;
  for (const Item& item : items) {
    const Command* command = find_command(item.command);
    if (command == nullptr || command->traits.is_for_trash != in_trash) continue;
    FuzzyMatch match = fuzzy_match(command->title, state.picker.filter);
    if (match.score == 0) continue;
    PickerRow row;
    row.text = std::string(command->title);
    row.matches = std::move(match.ranges);
    row.icon = std::string(command->icon);
    row.begins_group = item.begins_group && !all.empty();
    row.is_danger = command->traits.is_danger;
    row.caps = key_caps(*command, state.is_mac);
    row.invocation.command = std::string(item.command);
    row.invocation.targets = state.picker.targets;
    row.invocation.has_anchor = state.picker.has_anchor;
    row.invocation.anchor_x = state.picker.anchor_x;
    row.invocation.anchor_y = state.picker.anchor_y;
    all.push_back(std::move(row));
  }
  return all;
}

std::vector<PickerRow> grouping_rows(const State& state, Rows& rows) {
  for (int at = 0; at < grouping_count; ++at) {
    const auto grouping = static_cast<Grouping>((at + grouping_count - 1) % grouping_count);
    PickerRow* row = rows.add(std::string(title_of(grouping)), grouping);
    if (row != nullptr) row->is_checked = state.list.display.grouping == grouping;
  }
  return rows.take();
}

std::vector<PickerRow> display_rows(const State& state, Rows& rows) {
  const Display& display = state.list.display;
  for (int at = 0; at < sort_field_count; ++at) {
    const auto field = static_cast<SortField>(at);
    PickerRow* row = rows.add("Sort by " + std::string(title_of(field)), field, "arrow-up-down");
    if (row == nullptr) continue;
    row->invocation.command = "view.sort";
    row->is_checked = display.sort == field;
    if (row->is_checked) row->detail = display.descending ? "descending" : "ascending";
  }
  struct ColumnTitle {
    Column column;
    std::string_view title;
  };
  constexpr std::array columns{
      ColumnTitle{column_id, "#id"},
      ColumnTitle{column_priority, "Priority"},
      ColumnTitle{column_status, "Status"},
      ColumnTitle{column_sub_issues, "Sub-issues"},
      ColumnTitle{column_project, "Project"},
      ColumnTitle{column_labels, "Labels"},
      ColumnTitle{column_git, "Git"},
      ColumnTitle{column_due, "Due date"},
      ColumnTitle{column_updated, "Updated"},
  };
  bool is_first = true;
  for (const ColumnTitle& column : columns) {
    PickerRow* row =
        rows.add("Column " + std::string(column.title), std::int64_t{column.column}, "columns-3");
    if (row == nullptr) continue;
    row->invocation.command = "view.column";
    row->is_checked = (display.columns & column.column) != 0;
    row->begins_group = std::exchange(is_first, false) && state.picker.filter.empty();
  }
  PickerRow* empty = rows.add("Empty groups", std::string("empty_groups"), "rows-3");
  if (empty != nullptr) {
    empty->invocation.command = "view.display";
    empty->is_checked = display.show_empty_groups;
    empty->begins_group = state.picker.filter.empty();
  }
  return rows.take();
}

}  // namespace

std::vector<PickerRow> picker_rows(const State& state) {
  Rows rows(state);
  switch (state.picker.kind) {
    case PickerKind::none:
      return {};
    case PickerKind::status:
      return status_rows(state, rows);
    case PickerKind::priority:
      return priority_rows(rows);
    case PickerKind::labels:
      return label_rows(state, rows);
    case PickerKind::project_or_area:
      return place_rows(state, rows);
    case PickerKind::project:
      add_projects(state, rows);
      return rows.take();
    case PickerKind::area:
      add_areas(state, rows);
      return rows.take();
    case PickerKind::view:
      return view_rows(state, rows);
    case PickerKind::due_date:
    case PickerKind::start_date:
      return date_rows(state);
    case PickerKind::parent:
    case PickerKind::relation_target:
      return issue_rows(state, rows);
    case PickerKind::context_menu:
      return menu_rows(state);
    case PickerKind::grouping:
      return grouping_rows(state, rows);
    case PickerKind::display:
      return display_rows(state, rows);
  }
  return {};
}

std::string picker_placeholder(const State& state) {
  switch (state.picker.kind) {
    case PickerKind::none:
      return "";
    case PickerKind::status:
      return "Set status";
    case PickerKind::priority:
      return "Set priority";
    case PickerKind::labels:
      return "Labels";
    case PickerKind::project_or_area:
      return "Move to";
    case PickerKind::project:
      return "Go to project";
    case PickerKind::area:
      return "Go to area";
    case PickerKind::view:
      return "Go to saved view";
    case PickerKind::due_date:
      return "Set due date: fri, +3d, 31 jul";
    case PickerKind::start_date:
      return "Set start date: fri, +3d, 31 jul";
    case PickerKind::parent:
      return "Set parent";
    case PickerKind::relation_target: {
      const Command* command = find_command(state.picker.command);
      return command != nullptr ? std::string(command->title) : "Issue";
    }
    case PickerKind::context_menu:
      return "Actions";
    case PickerKind::grouping:
      return "Group by";
    case PickerKind::display:
      return "Display";
  }
  return "";
}

bool picker_is_multiple(PickerKind kind) { return kind == PickerKind::labels || kind == PickerKind::display; }
bool picker_is_date(PickerKind kind) {
  return kind == PickerKind::due_date || kind == PickerKind::start_date;
}

std::optional<Date> picker_date(const State& state) {
  return picker_is_date(state.picker.kind) ? parse_day(state.picker.filter, state.today) : std::nullopt;
}

}  // namespace dits::web
