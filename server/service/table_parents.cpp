#include "server/service/table_parents.hpp"

#include <algorithm>

#include "server/service/import_notes.hpp"

namespace dits {

IssueId TableParents::id_for(const std::string& key, const std::string& title) {
  for (const std::string& name : {key, title}) {
    const auto asked = name.empty() ? asked_.end() : asked_.find(name);
    if (asked == asked_.end() || !asked->second.is_open) continue;
    asked->second.is_open = false;
    return asked->second.id;
  }
  return make_id_();
}

IssueId TableParents::parent_called(const std::string& name, std::int64_t line) {
  if (const auto asked = asked_.find(name); asked != asked_.end()) return asked->second.id;
  Asked asked{{}, line, false};
  if (const auto keyed = keys_.find(name); keyed != keys_.end()) {
    asked.id = keyed->second;
  } else if (const auto titled = titles_.find(name); titled != titles_.end()) {
    asked.id = titled->second.id;
  } else {
    asked.id = make_id_();
    asked.is_open = true;
  }
  return asked_.emplace(name, asked).first->second.id;
}

TableParents::Placed TableParents::add(std::int64_t line,
                                       const std::string& key,
                                       const std::string& title,
                                       const std::string& parent) {
  Placed placed;
  if (!key.empty() && keys_.contains(key)) {
    mistakes_.push_back({line, "number: " + key + " is there twice"});
    placed.id = make_id_();
  } else {
    placed.id = id_for(key, title);
    if (!key.empty()) keys_.emplace(key, placed.id);
  }
  if (!title.empty()) ++titles_.try_emplace(title, Titled{placed.id, 0}).first->second.rows;
  if (parent.empty()) return placed;
  placed.parent = parent_called(parent, line);
  children_.emplace(placed.id, Child{line, placed.parent, State::unknown});
  return placed;
}

// Looks at each row once, however long the chains are.
void TableParents::follow(IssueId id) {
  std::vector<Child*> way;
  auto at = children_.find(id);
  while (at != children_.end() && at->second.state == State::unknown) {
    at->second.state = State::on_the_way;
    way.push_back(&at->second);
    at = children_.find(at->second.parent);
  }
  const bool is_circular =
      at != children_.end() && (at->second.state == State::on_the_way || at->second.state == State::circular);
  for (Child* each : way) each->state = is_circular ? State::circular : State::good;
}

void TableParents::check_asked(const std::string& name, const Asked& asked) {
  const auto keyed = keys_.find(name);
  const auto titled = titles_.find(name);
  const auto mistake = [&](const std::string& what) { mistakes_.push_back({asked.line, "parent: " + what}); };
  if (keyed == keys_.end() && titled == titles_.end())
    return mistake("no row of this table has the number or the title " + beginning_of(name));
  if (keyed == keys_.end() && titled->second.rows > 1)
    return mistake("several rows have the title " + beginning_of(name) + "; name the one by its number");
  if (keyed == keys_.end() && asked.id != titled->second.id)
    return mistake("another row names the one with the title " + beginning_of(name) +
                   " by its number; do so here, too");
  if (keyed != keys_.end() && asked.id != keyed->second)
    mistake(beginning_of(name) + " is the number of one row and the title of another");
}

std::vector<TableParents::Mistake> TableParents::take_mistakes() {
  for (const auto& [name, asked] : asked_) check_asked(name, asked);
  for (auto& [id, child] : children_) {
    follow(id);
    if (child.state == State::circular)
      mistakes_.push_back({child.line, "parent: the row is its own ancestor"});
  }
  std::ranges::stable_sort(mistakes_, {}, &Mistake::line);
  return std::move(mistakes_);
}

}  // namespace dits
