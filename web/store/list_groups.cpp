// Grouping: every issue gets a rank, equal ranks are a group, ranks in order are the groups in order.
#include "web/store/list_groups.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

using Rank = std::int64_t;
constexpr Rank last_rank = std::numeric_limits<Rank>::max();
constexpr int days_shown_singly = 31;  // older days of the logbook stand together by month

using RankById = std::unordered_map<Uuid, Rank, UuidHash>;

Rank rank_in(const RankById& ranks, const Uuid& id) {
  const auto found = ranks.find(id);
  return found == ranks.end() ? last_rank : found->second;
}

// What is going on comes first in a list; a board keeps the workflow's order.
Rank kind_rank(StatusKind kind) {
  switch (kind) {
    case StatusKind::progress:
      return 0;
    case StatusKind::review:
      return 1;
    case StatusKind::todo:
      return 2;
    case StatusKind::backlog:
      return 3;
    case StatusKind::done:
      return 4;
  }
  return 5;
}

ListGroup make_group(GroupKind kind, std::string key, std::string title, const Uuid& id = {}) {
  ListGroup group;
  group.kind = kind;
  group.key = std::move(key);
  group.title = std::move(title);
  group.entity_id = id;
  return group;
}

class Builder {
 public:
  explicit Builder(const State& state) : state_(state) {}

  Grouped by_status(const std::vector<Slot>& ordered) {
    const bool is_board = state_.list_route.layout == Layout::board;
    const Workflow* shown = workflow_for(
        state_.entities,
        state_.list_route.screen == Screen::project ? ProjectId{state_.list_route.entity_id} : ProjectId{});
    RankById ranks;
    Rank workflow_at = 0;
    for (const Workflow& workflow : state_.entities.workflows) {
      ++workflow_at;
      const Rank home = &workflow == shown ? 0 : workflow_at * 1'000'000;
      for (const Status& status : workflow.statuses) {
        const Rank kind = is_board ? 0 : kind_rank(status_kind(status)) * 10'000;
        // In a list the same kind of two workflows stands together; on a board each workflow has its columns.
        const Rank rank = is_board ? home + status.position : kind + home / 1'000'000 * 100 + status.position;
        ranks[status.id.uuid] = rank;
        const bool is_column = &workflow == shown && (is_board || state_.list.display.show_empty_groups);
        const auto key = to_string(status.id);
        known_[rank] = make_group(GroupKind::status, key, status.name, status.id.uuid);
        if (is_column) always_.push_back(rank);
      }
    }
    known_[last_rank] = make_group(GroupKind::status, "none", "No status");
    return assign(ordered, [&](Slot slot) { return rank_in(ranks, issue_at(state_, slot).status_id.uuid); });
  }

  Grouped by_priority(const std::vector<Slot>& ordered) {
    for (int at = 0; at < 5; ++at) {
      const auto priority = static_cast<Priority>(4 - at);
      known_[at] =
          make_group(GroupKind::priority, std::string(name_of(priority)), std::string(title_of(priority)));
      known_[at].priority = priority;
      if (state_.list.display.show_empty_groups) always_.push_back(at);
    }
    return assign(ordered, [&](Slot slot) { return 4 - static_cast<Rank>(issue_at(state_, slot).priority); });
  }

  Grouped by_project(const std::vector<Slot>& ordered) {
    RankById ranks = know_all(shown_projects(state_), GroupKind::project);
    known_[last_rank] = make_group(GroupKind::project, "none", "No project");
    return assign(ordered, [&](Slot slot) { return rank_in(ranks, issue_at(state_, slot).project_id.uuid); });
  }

  Grouped by_area(const std::vector<Slot>& ordered) {
    RankById ranks = know_all(shown_areas(state_), GroupKind::area);
    known_[last_rank] = make_group(GroupKind::area, "none", "No area");
    return assign(ordered, [&](Slot slot) { return rank_in(ranks, issue_at(state_, slot).area_id.uuid); });
  }

  Grouped by_label(const std::vector<Slot>& ordered) {
    RankById ranks = know_all(shown_labels(state_), GroupKind::label);
    known_[last_rank] = make_group(GroupKind::label, "none", "No label");
    std::vector<Slot> rows;
    std::vector<Rank> row_ranks;
    for (const Slot slot : ordered) {
      const std::vector<LabelId>& labels = issue_at(state_, slot).label_ids;
      if (labels.empty()) {
        rows.push_back(slot);
        row_ranks.push_back(last_rank);
      }
      for (const LabelId label : labels) {
        rows.push_back(slot);
        row_ranks.push_back(rank_in(ranks, label.uuid));
      }
    }
    return collect(std::move(rows), row_ranks);
  }

  Grouped by_due(const std::vector<Slot>& ordered) {
    constexpr std::array<std::string_view, 6> titles{
        "Overdue", "Today", "Tomorrow", "Next 7 days", "Later", "No due date"};
    know_sections(titles);
    return assign(ordered, [&](Slot slot) -> Rank {
      const auto& due = issue_at(state_, slot).due_date;
      if (!due) return 5;
      const int days = due->days - state_.today.days;
      return days < 0 ? 0 : days == 0 ? 1 : days == 1 ? 2 : days <= 7 ? 3 : 4;
    });
  }

  Grouped by_desk(const std::vector<Slot>& ordered) {
    constexpr std::array<std::string_view, 4> titles{
        "Overdue", "Due today", "Also on the desk", "Done today"};
    know_sections(titles);
    return assign(ordered, [&](Slot slot) -> Rank {
      const unsigned smart = facts_at(state_, slot).smart;
      if ((smart & smart_done_today) != 0) return 3;
      if ((smart & smart_today) == 0) return 2;
      return *issue_at(state_, slot).due_date < state_.today ? 0 : 1;
    });
  }

  Grouped by_coming_day(const std::vector<Slot>& ordered) {
    return assign(ordered, [&](Slot slot) -> Rank {
      const Date day = coming_day(state_, issue_at(state_, slot));
      const auto [known, is_new] = known_.try_emplace(day.days);
      if (is_new) {
        known->second = make_group(GroupKind::due, to_string(day), day_title(day));
      }
      return day.days;
    });
  }

  Grouped by_completed_day(const std::vector<Slot>& ordered) {
    return assign(ordered, [&](Slot slot) -> Rank {
      const auto& completed = issue_at(state_, slot).completed_at;
      if (!completed) {
        known_.try_emplace(last_rank, make_group(GroupKind::section, "none", "Earlier"));
        return last_rank;
      }
      Date day = state_.zone.date_of(*completed);
      const bool is_old = state_.today.days - day.days > days_shown_singly;
      const CivilDate civil = civil_from_date(day);
      if (is_old) day = date_from_civil({civil.year, civil.month, 1});
      const auto [known, is_new] = known_.try_emplace(-day.days);
      if (is_new) {
        known->second = make_group(GroupKind::section,
                                   (is_old ? "month " : "") + to_string(day),
                                   is_old ? month_title(civil) : day_title(day));
      }
      return -day.days;
    });
  }

  // By which day an issue of Upcoming comes: the first of start and due that is still ahead.
  static Date coming_day(const State& state, const Issue& issue) {
    const bool start_is_ahead = issue.start_date && *issue.start_date > state.today;
    const bool due_is_ahead = issue.due_date && *issue.due_date > state.today;
    if (start_is_ahead && due_is_ahead) return std::min(*issue.start_date, *issue.due_date);
    if (start_is_ahead) return *issue.start_date;
    return due_is_ahead ? *issue.due_date : state.today;
  }

 private:
  std::string day_title(Date day) const {
    const int days = day.days - state_.today.days;
    if (days == 0) return "Today";
    if (days == 1) return "Tomorrow";
    if (days == -1) return "Yesterday";
    const std::string title = long_day_label(day);
    const int year = civil_from_date(day).year;
    return year == civil_from_date(state_.today).year ? title : title + " " + std::to_string(year);
  }

  static std::string month_title(const CivilDate& civil) {
    return std::string(full_month_name(civil.month)) + " " + std::to_string(civil.year);
  }

  template <std::size_t N>
  void know_sections(const std::array<std::string_view, N>& titles) {
    for (std::size_t at = 0; at < N; ++at) {
      known_[static_cast<Rank>(at)] =
          make_group(GroupKind::section, std::string(titles[at]), std::string(titles[at]));
    }
  }

  template <typename Noun>
  RankById know_all(const std::vector<const Noun*>& nouns, GroupKind kind) {
    RankById ranks;
    Rank rank = 0;
    for (const Noun* noun : nouns) {
      ranks[noun->id.uuid] = rank;
      known_[rank] = make_group(kind, to_string(noun->id), noun->name, noun->id.uuid);
      if (state_.list.display.show_empty_groups) always_.push_back(rank);
      ++rank;
    }
    return ranks;
  }

  template <typename RankOf>
  Grouped assign(const std::vector<Slot>& ordered, RankOf rank_of) {
    std::vector<Rank> ranks;
    ranks.reserve(ordered.size());
    for (const Slot slot : ordered) ranks.push_back(rank_of(slot));
    return collect(ordered, ranks);
  }

  // Numbers the ranks that occur and sorts the rows by them; rows of one group keep their order.
  Grouped collect(std::vector<Slot> rows, const std::vector<Rank>& ranks) {
    std::unordered_map<Rank, std::uint32_t> counts;
    for (const Rank rank : always_) counts[rank] = 0;
    for (const Rank rank : ranks) ++counts[rank];
    std::vector<Rank> in_order;
    in_order.reserve(counts.size());
    for (const auto& [rank, count] : counts) in_order.push_back(rank);
    std::sort(in_order.begin(), in_order.end());

    Grouped grouped;
    std::unordered_map<Rank, std::uint32_t> number_of;
    std::vector<std::uint32_t> next;
    std::uint32_t first = 0;
    for (const Rank rank : in_order) {
      number_of[rank] = static_cast<std::uint32_t>(grouped.groups.size());
      grouped.groups.push_back(known_[rank]);
      grouped.groups.back().first = first;
      grouped.groups.back().count = counts[rank];
      next.push_back(first);
      first += counts[rank];
    }
    grouped.rows.resize(rows.size());
    Rank last = 0;
    std::uint32_t last_number = 0;
    bool has_last = false;
    for (std::size_t at = 0; at < rows.size(); ++at) {
      if (!has_last || ranks[at] != last) {
        last = ranks[at];
        last_number = number_of[last];
        has_last = true;
      }
      grouped.rows[next[last_number]++] = rows[at];
    }
    return grouped;
  }

  const State& state_;
  std::unordered_map<Rank, ListGroup> known_;
  std::vector<Rank> always_;  // shown even when empty
};

}  // namespace

Grouped group_rows(const State& state, Grouping grouping, const std::vector<Slot>& ordered) {
  Builder builder(state);
  switch (grouping) {
    case Grouping::status:
      return builder.by_status(ordered);
    case Grouping::priority:
      return builder.by_priority(ordered);
    case Grouping::project:
      return builder.by_project(ordered);
    case Grouping::area:
      return builder.by_area(ordered);
    case Grouping::label:
      return builder.by_label(ordered);
    case Grouping::due:
      return builder.by_due(ordered);
    case Grouping::smart:
      if (state.list_route.screen == Screen::today) return builder.by_desk(ordered);
      if (state.list_route.screen == Screen::upcoming) return builder.by_coming_day(ordered);
      if (state.list_route.screen == Screen::logbook) return builder.by_completed_day(ordered);
      break;
    case Grouping::none:
      break;
  }
  Grouped all;
  all.rows = ordered;
  ListGroup group = make_group(GroupKind::all, "all", "");
  group.count = static_cast<std::uint32_t>(ordered.size());
  all.groups.push_back(std::move(group));
  return all;
}

}  // namespace dits::web
