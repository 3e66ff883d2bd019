#include "server/db/slow_statements.hpp"

#include <algorithm>
#include <array>

#include "shared/core/text.hpp"

namespace dits {

namespace {

// EXPLAIN takes these alone, not what maintains or sets something.
bool has_plan(std::string_view sql) {
  constexpr std::array planned = {"select", "insert", "update", "delete", "merge", "with", "values"};
  constexpr std::string_view between = " \t\r\n(";
  sql.remove_prefix(std::min(sql.size(), sql.find_first_not_of(between)));
  const std::string first = fold_case(sql.substr(0, sql.find_first_of(between)));
  return std::ranges::find(planned, first) != planned.end();
}

}  // namespace

void SlowStatements::note(std::string_view name,
                          const Command& command,
                          const Actor& actor,
                          std::chrono::microseconds time,
                          std::int64_t rows) {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const std::lock_guard lock(mutex_);
  auto found = entries_.find(name);
  if (found == entries_.end()) {
    if (entries_.size() >= most_statements) return;
    found = entries_.emplace(std::string(name), Entry{}).first;
    found->second.figures.name = name;
  }
  Entry& entry = found->second;
  ++entry.figures.count;
  if (us <= entry.figures.worst_us) return;
  entry.figures.worst_us = us;
  entry.figures.worst_rows = rows;
  entry.figures.at_unix_ms = now.count();
  // Ours (BEGIN, COMMIT, the actor) are nobody's to tune.
  if (name.starts_with("dits.") || us <= 2 * entry.explained_us || !has_plan(command.sql)) return;
  entry.run = {std::string(name),
               std::string(command.sql),
               std::vector<Param>(command.params.begin(), command.params.end()),
               actor,
               us};
  entry.has_run = true;
}

std::vector<SlowRun> SlowStatements::take_unexplained() {
  std::vector<SlowRun> runs;
  const std::lock_guard lock(mutex_);
  for (auto& [name, entry] : entries_) {
    if (!entry.has_run) continue;
    entry.has_run = false;
    entry.explained_us = entry.run.us;
    runs.push_back(std::move(entry.run));
  }
  return runs;
}

void SlowStatements::set_plan(std::string_view name, std::string plan) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(name); found != entries_.end())
    found->second.figures.plan = std::move(plan);
}

std::vector<SlowStatementFigures> SlowStatements::all() const {
  std::vector<SlowStatementFigures> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, entry] : entries_) out.push_back(entry.figures);
  }
  std::ranges::sort(out, std::greater{}, &SlowStatementFigures::worst_us);
  return out;
}

std::string without_quoted_values(std::string_view plan) {
  std::string out;
  bool is_quoted = false;
  for (const char c : plan) {
    if (c == '\'') {
      is_quoted = !is_quoted;
      // A doubled quote inside of a text ends and begins it again: one mark is enough.
      if (is_quoted && !out.ends_with("'?'")) out += "'?'";
    } else if (!is_quoted) {
      out += c;
    }
  }
  return out;
}

}  // namespace dits
