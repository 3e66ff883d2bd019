// The calculations of Insights, against slower ones that say what is meant.
#include "shared/model/insights.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "shared/json/insights_json.hpp"
#include "shared/model/status_kind.hpp"

using namespace dits;

namespace {

// The least value that is as large as so many percent of all.
double counted_percentile(const std::vector<double>& values, int percent) {
  double found = 1e300;
  for (const double candidate : values) {
    const auto not_above =
        std::count_if(values.begin(), values.end(), [&](double value) { return value <= candidate; });
    if (not_above * 100 >= static_cast<std::ptrdiff_t>(values.size()) * percent)
      found = std::min(found, candidate);
  }
  return found;
}

// How likely so many issues are done after so many days, by adding up every way there is.
double chance_of_end(const std::vector<std::int64_t>& per_day, std::int64_t remaining, int days) {
  std::vector<double> left(static_cast<std::size_t>(remaining) + 1);
  left.back() = 1;
  for (int day = 0; day < days; ++day) {
    std::vector<double> next(left.size());
    for (std::size_t at = 0; at < left.size(); ++at) {
      for (const std::int64_t count : per_day) {
        const auto done = std::min(static_cast<std::size_t>(count), at);
        next[at - done] += left[at] / static_cast<double>(per_day.size());
      }
    }
    left = std::move(next);
  }
  return left[0];
}

}  // namespace

TEST_CASE("a percentile is the least value that so many percent do not exceed") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same values each time
  for (int size = 1; size <= 60; ++size) {
    std::vector<double> values;
    for (int i = 0; i < size; ++i) values.push_back(static_cast<double>(random() % 20) / 4);
    for (const int percent : {1, 15, 50, 85, 95, 100}) {
      CAPTURE(size);
      CAPTURE(percent);
      std::vector<double> sorted = values;
      CHECK(percentile(sorted, percent) == counted_percentile(values, percent));
    }
  }
  std::vector<double> none;
  CHECK(percentile(none, 50) == 0);
}

TEST_CASE("weeks end with the last day, and days before the first whole one count for none") {
  CHECK(weekly({1, 1, 1}).empty());
  CHECK(weekly({9, 1, 1, 1, 1, 1, 1, 1}) == std::vector<std::int64_t>{7});
  CHECK(weekly({0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 2}) == std::vector<std::int64_t>{5, 3});
  CHECK(median({}) == 0);
  CHECK(median({4}) == 4);
  CHECK(median({9, 1, 4}) == 4);
  CHECK(median({9, 1, 4, 5}) == 4.5);
}

TEST_CASE("a forecast draws from the days that were") {
  CHECK(forecast({2}, 10) == Forecast{5, 5, 5});
  CHECK(forecast({3}, 10) == Forecast{4, 4, 4});
  CHECK(forecast({0, 0}, 10) == std::nullopt);
  CHECK(forecast({}, 10) == std::nullopt);
  CHECK(forecast({}, 0) == Forecast{});
  CHECK(forecast({1}, 100'000) == std::nullopt);
  CHECK(forecast({0, 1, 3}, 40) == forecast({0, 1, 3}, 40));
}

TEST_CASE("its days are those that the chances say") {
  const std::pair<std::vector<std::int64_t>, std::int64_t> cases[] = {
      {{0, 1}, 10}, {{0, 0, 0, 0, 0, 0, 1}, 4}, {{0, 1, 2, 5}, 60}, {{1, 0, 0, 4, 0, 0, 2}, 23}};
  for (const auto& [per_day, remaining] : cases) {
    CAPTURE(remaining);
    const auto found = forecast(per_day, remaining);
    REQUIRE(found);
    const std::pair<int, double> ends[] = {{found->early, 0.15}, {found->half, 0.5}, {found->late, 0.85}};
    for (const auto& [days, chance] : ends) {
      CAPTURE(days);
      CHECK(chance_of_end(per_day, remaining, days) >= chance - 0.05);
      CHECK(chance_of_end(per_day, remaining, days - 1) <= chance + 0.05);
    }
  }
}

TEST_CASE("insights as JSON come back as they were") {
  Insights insights;
  insights.from = Date{20'000};
  insights.to = Date{20'001};
  insights.total = 7;
  insights.open = 4;
  const Uuid id = parse_uuid("0199c1f2-0000-7000-8000-00000000beef").value();
  insights.statuses = {{StatusId{id}, {3, 4}}};
  insights.created = {1, 0};
  insights.completed = {0, 2};
  insights.recent = {0, 0, 2};
  insights.finished_total = 9;
  insights.finished = {{IssueId{id}, 12, "Fix \"it\"", Timestamp{1000}, Timestamp{86'401'000}, 1, 1.5},
                       {IssueId{id}, 13, "No beginning", std::nullopt, Timestamp{5000}, 0.25, 0.25}};
  insights.working_total = 1;
  insights.working = {{IssueId{id}, 14, "Doing", StatusId{id}, Timestamp{7000}}};
  const std::string text = insights_text(insights);
  const auto back = insights_from_text(text);
  REQUIRE(back);
  CHECK(insights_text(*back) == text);
  CHECK(back->finished[1].started_at == std::nullopt);
  CHECK(back->statuses[0].counts == insights.statuses[0].counts);
  CHECK_FALSE(insights_from_text("{}"));
  insights.created.push_back(1);
  CHECK_FALSE(insights_from_text(insights_text(insights)));
}

TEST_CASE("work begins with a status that is worked on") {
  CHECK(is_started(status_kind("In Progress", false)));
  CHECK(is_started(status_kind("In Review", false)));
  CHECK_FALSE(is_started(status_kind("Backlog", false)));
  for (const char* name : {"Not started", "Unstarted", "Inactive", "Latest", "Not in progress"}) {
    CAPTURE(name);
    CHECK_FALSE(is_started(status_kind(name, false)));
  }
  for (const char* name : {"Started", "Being tested", "in-progress", "Code review"}) {
    CAPTURE(name);
    CHECK(is_started(status_kind(name, false)));
  }
  CHECK_FALSE(is_started(status_kind("To Do", false)));
  CHECK_FALSE(is_started(status_kind("In Progress", true)));
}
