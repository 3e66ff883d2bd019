#include "server/service/table_columns.hpp"

#include <algorithm>
#include <map>

#include "server/service/import_notes.hpp"
#include "server/service/table_words.hpp"
#include "shared/core/csv.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"

namespace dits {

bool TableColumns::has(const std::string& ours) const {
  return std::ranges::find(ours_, ours) != ours_.end();
}

void TableColumns::set(std::vector<std::string> ours) {
  theirs_ = ours;
  ours_ = std::move(ours);
}

void TableColumns::take_column(const std::string& theirs, TableMaps& maps) {
  theirs_.push_back(theirs);
  const std::string* const mapped = theirs.empty() ? nullptr : maps.column(theirs);
  ours_.push_back(mapped != nullptr ? *mapped : our_column(theirs));
  if (mapped == nullptr && ours_.back().empty() && !theirs.empty()) unknown_.push_back(ours_.size() - 1);
}

// Each of ours is proposed once, and only while no column is it already.
void TableColumns::propose(TableObstacles& obstacles) {
  for (const std::size_t place : unknown_) {
    std::string ours = suggested_column(theirs_[place]);
    if (ours != "labels" && has(ours)) ours.clear();
    obstacles.unknown_column(theirs_[place], ours);
    ours_[place] = std::move(ours);
  }
}

// Labels may stand in several columns; of any other the first counts until the person has chosen.
void TableColumns::refuse_doubles(TableObstacles& obstacles) {
  std::map<std::string, std::size_t> first;
  for (std::size_t place = 0; place < ours_.size(); ++place) {
    std::string& ours = ours_[place];
    if (ours.empty() || ours == "labels") continue;
    const auto [entry, is_first] = first.emplace(ours, place);
    if (is_first) continue;
    const std::string& other = theirs_[entry->second];
    if (fold_case(other) == fold_case(theirs_[place])) {
      obstacles.mistake(1,
                        "two columns are called " + beginning_of(other) + ": give one of them another name");
    } else {
      obstacles.double_column(theirs_[place],
                              "the columns " + beginning_of(other) + " and " + beginning_of(theirs_[place]) +
                                  " are both the " + ours);
    }
    ours.clear();
  }
}

void TableColumns::take(const std::vector<std::string>& cells, TableMaps& maps, TableObstacles& obstacles) {
  for (const std::string& cell : cells) take_column(normal_form(trim(csv_cell_text(cell))), maps);
  propose(obstacles);
  refuse_doubles(obstacles);
  maps.tell_missing_columns(ours_, obstacles);
  if (!has("title")) obstacles.mistake(1, "there is no column for the title");
}

}  // namespace dits
