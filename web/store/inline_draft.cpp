#include "web/store/inline_draft.hpp"

#include <algorithm>

#include "shared/core/text.hpp"
#include "web/store/change.hpp"
#include "web/store/query_run.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

std::vector<query::InlineAttribute> inline_attributes(const State& state, const QuickCreate& form) {
  if (form.title.find_first_of("#@!>:\\") == std::string::npos) return {};
  std::vector<query::InlineAttribute> attributes =
      query::read_inline_attributes(form.title, query_names(state), state.today, form.left_alone);
  for (query::InlineAttribute& one : attributes) {
    if (one.kind != query::InlineKind::parent) continue;
    const Issue* parent = find_issue(state.entities, one.parent_number);
    if (parent == nullptr || parent->deleted_at)
      one.problem = "There is no issue #" + std::to_string(one.parent_number);
  }
  return attributes;
}

Issue issue_of(const State& state, const QuickCreate& form) {
  const std::vector<query::InlineAttribute> attributes = inline_attributes(state, form);
  Issue issue;
  issue.title = attributes.empty() ? form.title : query::title_without(form.title, attributes);
  issue.description = form.description;
  issue.priority = form.priority;
  issue.project_id = form.project_id;
  issue.area_id = form.area_id;
  issue.parent_issue_id = form.parent_issue_id;
  issue.label_ids = form.label_ids;
  issue.start_date = form.start_date;
  issue.due_date = form.due_date;
  query::apply_inline(attributes, issue);
  if (const Issue* parent = find_issue(state.entities, query::parent_number_of(attributes)))
    issue.parent_issue_id = parent->id;
  const Status* status = find_status(state.entities, form.status_id);
  const std::vector<const Status*> offered = statuses_for(state, issue.project_id);
  const bool is_offered = std::find(offered.begin(), offered.end(), status) != offered.end();
  issue.status_id = is_offered ? form.status_id : default_status(state, issue.project_id);
  return issue;
}

namespace {

// "- [ ] ", "* ", "2. ": what makes a line an item.
std::string_view without_list_mark(std::string_view line) {
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const std::string_view behind = line.substr(digits, 2);
  if (digits > 0 && (behind == ". " || behind == ") ")) return trim(line.substr(digits + 2));
  if (line.size() < 2 || std::string_view("-*+").find(line[0]) == std::string_view::npos || line[1] != ' ')
    return line;
  line = trim(line.substr(2));
  const bool is_box = line.size() > 3 && line[0] == '[' && line.substr(2, 2) == "] ";
  return is_box ? trim(line.substr(4)) : line;
}

}  // namespace

std::vector<std::string> titles_in(std::string_view pasted) {
  constexpr std::size_t most = 100;
  std::vector<std::string> titles;
  while (!pasted.empty() && titles.size() <= most) {
    const std::size_t end = std::min(pasted.find('\n'), pasted.size());
    const std::string_view title = without_list_mark(trim(pasted.substr(0, end)));
    if (!title.empty()) titles.emplace_back(title);
    pasted.remove_prefix(std::min(end + 1, pasted.size()));
  }
  return titles.size() < 2 || titles.size() > most ? std::vector<std::string>{} : titles;
}

QuickCreate form_of_line(const QuickCreate& form, std::size_t line) {
  QuickCreate one = form;
  one.title = form.lines[line];
  return one;
}

std::string form_draft_key(const QuickCreate& form) {
  return form.parent_issue_id.is_set() ? "sub-issue:" + to_string(form.parent_issue_id)
                                       : std::string(quick_create_draft) + ":aside";
}

bool has_waiting_form(const State& state) {
  const QuickCreate& form = state.quick_create;
  const bool has_words = !form.title.empty() || !form.description.empty();
  return (has_words && !form.parent_issue_id.is_set()) ||
         std::any_of(state.drafts.begin(), state.drafts.end(), [](const auto& kept) {
           return is_waiting_form(kept.first);
         });
}

void leave_alone(QuickCreate& form, const query::InlineAttribute& attribute) {
  form.left_alone.push_back(form.title.substr(attribute.begin, attribute.end - attribute.begin));
}

void forget_left_alone(QuickCreate& form) {
  std::erase_if(form.left_alone,
                [&](const std::string& word) { return form.title.find(word) == std::string::npos; });
}

}  // namespace dits::web
