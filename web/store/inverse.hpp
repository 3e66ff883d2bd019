// What undoes a change, taken from the state before it.
#pragma once

#include <optional>
#include <string>

#include "web/store/change.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// The change that puts back what `change` will change in `before`; nothing for what is not data, and for what
// cannot be undone.
std::optional<Change> inverse_of(const Change& change, const State& before);

// Does it write data, so that it has to be sent?
bool is_data(const Change& change);

// "Set priority: High", "Move #128 to trash": what a toast and the undo list call it.
std::string title_of(const Change& change, const State& before);
// A title as what happened: "Add comment" is "Added comment".
std::string told(const std::string& title);

}  // namespace dits::web
