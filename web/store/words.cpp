// Names and dates as people read them.
#include <array>
#include <utility>

#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

constexpr std::array<std::string_view, 7> weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_weekdays{
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 12> long_months{"January",
                                                       "February",
                                                       "March",
                                                       "April",
                                                       "May",
                                                       "June",
                                                       "July",
                                                       "August",
                                                       "September",
                                                       "October",
                                                       "November",
                                                       "December"};

template <typename Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace

std::string device_label(std::string_view user_agent) {
  // Each names itself after those whose pages it wants to get: the first that fits is the one.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> browsers{{{"Edg", "Edge"},
                                                                                   {"OPR/", "Opera"},
                                                                                   {"Firefox/", "Firefox"},
                                                                                   {"FxiOS/", "Firefox"},
                                                                                   {"Chrome/", "Chromium"},
                                                                                   {"Safari/", "Safari"}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> systems{{{"iPhone", "iPhone"},
                                                                                  {"iPad", "iPad"},
                                                                                  {"Android", "Android"},
                                                                                  {"Windows", "Windows"},
                                                                                  {"Mac OS X", "macOS"},
                                                                                  {"CrOS", "ChromeOS"},
                                                                                  {"Linux", "Linux"}}};
  const auto first_in = [&](const auto& words) {
    for (const auto& [sign, name] : words) {
      if (user_agent.find(sign) != std::string_view::npos) return name;
    }
    return std::string_view{};
  };
  const std::string_view system = first_in(systems);
  const std::string_view browser = first_in(browsers);
  if (browser.empty()) {
    // A program: "curl/8.5.0".
    const std::string_view name = user_agent.substr(0, user_agent.find_first_of("/ "));
    return name.empty() ? "Unknown device" : std::string(name);
  }
  return std::string(browser) + (system.empty() ? "" : " on " + std::string(system));
}

std::string_view weekday_name(unsigned weekday) { return weekdays[weekday % 7]; }
std::string_view month_name(unsigned month) { return months[(month + 11) % 12]; }
std::string_view full_month_name(unsigned month) { return long_months[(month + 11) % 12]; }

std::string day_label(const State& state, Date date) {
  const int days = date.days - state.today.days;
  if (days == 0) return "Today";
  const CivilDate civil = civil_from_date(date);
  if (days > -7 && days < 14) {
    return std::string(weekday_name(weekday_of(date))) + " " + std::to_string(civil.day);
  }
  std::string label = std::to_string(civil.day) + " " + std::string(month_name(civil.month));
  if (civil.year != civil_from_date(state.today).year) label += " " + std::to_string(civil.year);
  return label;
}

DueLabel due_label(const State& state, const Issue& issue) {
  if (!issue.due_date) return {};
  DueLabel label{day_label(state, *issue.due_date), DueTone::normal};
  if (kind_of(state, issue) == StatusKind::done) {
    label.tone = DueTone::done;
  } else if (*issue.due_date < state.today) {
    label.tone = DueTone::overdue;
  } else if (*issue.due_date == state.today) {
    label.tone = DueTone::today;
  }
  return label;
}

std::string long_day_label(Date date) {
  const CivilDate civil = civil_from_date(date);
  return std::string(long_weekdays[weekday_of(date)]) + " " + std::to_string(civil.day) + " " +
         std::string(full_month_name(civil.month));
}

std::string full_date_label(Date date) {
  const CivilDate civil = civil_from_date(date);
  return std::string(weekday_name(weekday_of(date))) + " " + std::to_string(civil.day) + " " +
         std::string(month_name(civil.month)) + " " + std::to_string(civil.year);
}

std::string ago_label(const State& state, Timestamp then) {
  const std::int64_t minutes = (state.now.unix_ms - then.unix_ms) / 60'000;
  if (minutes < 1) return "just now";
  if (minutes < 60) return std::to_string(minutes) + " min ago";
  if (minutes < 24 * 60) return std::to_string(minutes / 60) + " h ago";
  const std::int64_t days = minutes / (24 * 60);
  if (days == 1) return "yesterday";
  if (days < 7) return std::to_string(days) + " days ago";
  const CivilDate civil = civil_from_date(state.zone.date_of(then));
  std::string label = std::to_string(civil.day) + " " + std::string(month_name(civil.month));
  if (civil.year != civil_from_date(state.today).year) label += " " + std::to_string(civil.year);
  return label;
}

std::string_view title_of(Priority priority) {
  constexpr std::array<std::string_view, 5> words{"No priority", "Low", "Medium", "High", "Urgent"};
  return word(words, priority);
}

std::string_view title_of(RelationType type) {
  constexpr std::array<std::string_view, 5> words{
      "Blocks", "Blocked by", "Relates to", "Duplicates", "Duplicated by"};
  return word(words, type);
}

std::string_view title_of(Mode mode) {
  constexpr std::array<std::string_view, 9> words{
      "NORMAL", "EDIT", "QUERY", "PICK", "COMMAND", "SQL", "DRAG", "LOGIN", "SETUP"};
  return word(words, mode);
}

std::string_view title_of(Grouping grouping) {
  constexpr std::array<std::string_view, grouping_count> words{
      "None", "Status", "Priority", "Project", "Area", "Label", "Due date", "Automatic"};
  return word(words, grouping);
}

std::string_view title_of(SortField field) {
  constexpr std::array<std::string_view, sort_field_count> words{"Manual",
                                                                 "Priority",
                                                                 "Due date",
                                                                 "Start date",
                                                                 "Created",
                                                                 "Updated",
                                                                 "Completed",
                                                                 "Title",
                                                                 "Number",
                                                                 "Status"};
  return word(words, field);
}

std::string_view title_of(ProjectStatus status) {
  constexpr std::array<std::string_view, 4> words{"Active", "Archived", "Completed", "On hold"};
  return word(words, status);
}

std::string_view title_of(ThemeChoice theme) {
  constexpr std::array<std::string_view, 3> words{"System", "Light", "Dark"};
  return word(words, theme);
}

}  // namespace dits::web
