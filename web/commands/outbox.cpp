// See outbox.hpp.
#include "web/commands/outbox.hpp"

#include <utility>

namespace dits::web {

void Outbox::run(std::string_view command, Argument argument, std::vector<IssueId> targets) {
  items_.push_back(Invocation{std::string(command), std::move(argument), std::move(targets)});
}

void Outbox::run_at(
    float x, float y, std::string_view command, Argument argument, std::vector<IssueId> targets) {
  items_.push_back(Invocation{std::string(command), std::move(argument), std::move(targets), true, x, y});
}

std::vector<Outbox::Item> Outbox::take() { return std::exchange(items_, {}); }

}  // namespace dits::web
