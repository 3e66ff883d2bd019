// The form of a new issue with the attributes that stand among the words of its title.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/query/inline_attributes.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// Those of the title; a parent that is not there is a problem.
std::vector<query::InlineAttribute> inline_attributes(const State& state, const QuickCreate& form);

// The issue that the form makes, without id, times and completion: what the title says lies over what was
// chosen.
Issue issue_of(const State& state, const QuickCreate& form);

// The titles in several lines that were pasted, without the marks of lists; none where no more than one has
// words, or more than can be looked through.
std::vector<std::string> titles_in(std::string_view pasted);
// The form of one of them: it takes all else from the form.
QuickCreate form_of_line(const QuickCreate& form, std::size_t line);

// The key of the draft that the form's words are when another form is opened: each parent's sub-issue has its
// own, and what has no parent waits for the next new issue.
std::string form_draft_key(const QuickCreate& form);
// Do words of a new issue wait to be gone on with?
bool has_waiting_form(const State& state);

// Takes attributes of a kind out of the title: those for which `goes` is true.
template <typename Goes>
void drop_inline(const State& state, QuickCreate& form, Goes goes) {
  std::vector<query::InlineAttribute> attributes = inline_attributes(state, form);
  std::erase_if(attributes, [&](const query::InlineAttribute& one) { return !goes(one); });
  if (!attributes.empty()) form.title = query::title_without(form.title, attributes);
}

// Makes the word of an attribute a word again, or forgets those that are not in the title any more.
void leave_alone(QuickCreate& form, const query::InlineAttribute& attribute);
void forget_left_alone(QuickCreate& form);

}  // namespace dits::web
