// URLs to routes and back.
#include "web/store/route.hpp"

#include <array>
#include <utility>

namespace dits::web {

namespace {

struct SectionName {
  std::string_view word;
  std::string_view title;
};
constexpr std::array<SectionName, settings_section_count> sections{{
    {"profile", "Profile"},
    {"appearance", "Appearance"},
    {"labels", "Labels"},
    {"workflow", "Workflow"},
    {"projects", "Projects and areas"},
    {"views", "Saved views"},
    {"sessions", "Sessions"},
    {"tokens", "API tokens"},
    {"transfer", "Import and export"},
    {"backups", "Backups"},
}};

struct PlainScreen {
  std::string_view path;
  Screen screen;
};
constexpr std::array plain_screens{
    PlainScreen{"/login", Screen::login},
    PlainScreen{"/inbox", Screen::inbox},
    PlainScreen{"/today", Screen::today},
    PlainScreen{"/upcoming", Screen::upcoming},
    PlainScreen{"/next", Screen::next},
    PlainScreen{"/logbook", Screen::logbook},
    PlainScreen{"/issues", Screen::all},
    PlainScreen{"/trash", Screen::trash},
    PlainScreen{"/settings", Screen::settings},
    PlainScreen{"/studio", Screen::studio},
    PlainScreen{"/insights/system", Screen::system},
    PlainScreen{"/setup", Screen::setup},
};
constexpr std::array entity_screens{
    PlainScreen{"/projects/", Screen::project},
    PlainScreen{"/areas/", Screen::area},
    PlainScreen{"/labels/", Screen::label},
    PlainScreen{"/views/", Screen::view},
};

constexpr std::string_view new_issue_path = "/issues/new";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::int64_t parse_number(std::string_view text) {
  if (text.empty() || text.size() > 12) return 0;
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}

Route route_of_path(std::string_view path) {
  Route route;
  route.path = std::string(path);
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path.empty() || path == "/") return route;
  for (const PlainScreen& plain : plain_screens) {
    if (path == plain.path) {
      route.screen = plain.screen;
      route.lists_sections = plain.screen == Screen::settings;
      return route;
    }
  }
  for (const PlainScreen& entity : entity_screens) {
    if (std::string_view rest = path; take_prefix(rest, entity.path)) {
      const auto id = parse_uuid(rest);
      if (!id) break;
      route.screen = entity.screen;
      route.entity_id = *id;
      return route;
    }
  }
  if (path == "/insights") {
    route.screen = Screen::all;
    route.layout = Layout::insights;
    return route;
  }
  if (path == new_issue_path) {
    route.makes_issue = true;
    return route;
  }
  if (std::string_view rest = path; take_prefix(rest, "/issues/")) {
    route.issue_number = parse_number(rest);
    route.screen = route.issue_number > 0 ? Screen::issue : Screen::not_found;
    return route;
  }
  if (std::string_view rest = path; take_prefix(rest, "/setup/")) {
    route.screen = Screen::setup;
    route.token = percent_decode(rest);
    return route;
  }
  if (std::string_view rest = path; take_prefix(rest, "/studio/")) {
    route.screen = Screen::studio;
    route.table = percent_decode(rest);
    return route;
  }
  if (std::string_view rest = path; take_prefix(rest, "/settings/")) {
    for (std::size_t at = 0; at < sections.size(); ++at) {
      if (sections[at].word != rest) continue;
      route.screen = Screen::settings;
      route.section = static_cast<SettingsSection>(at);
      return route;
    }
  }
  route.screen = Screen::not_found;
  return route;
}

}  // namespace

std::string_view name_of(SettingsSection section) { return sections[static_cast<std::size_t>(section)].word; }
std::string_view title_of(SettingsSection section) {
  return sections[static_cast<std::size_t>(section)].title;
}

Route parse_route(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  Route route = route_of_path(url.substr(0, mark));
  std::string_view rest = mark == std::string_view::npos ? std::string_view{} : url.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (take_prefix(pair, "q=")) {
      route.has_query = true;
      route.query = percent_decode(pair);
    } else if (pair == "layout=board") {
      route.layout = Layout::board;
    } else if (pair == "layout=calendar" && route.screen != Screen::trash) {
      route.layout = Layout::calendar;
    } else if (pair == "layout=plan" && route.screen != Screen::trash) {
      route.layout = Layout::plan;
    } else if (pair == "layout=insights" && has_history(route.screen)) {
      route.layout = Layout::insights;
    } else if (pair == "days=30" || pair == "days=365") {
      route.days = pair == "days=30" ? 30 : 365;
    } else if (pair == "span=week") {
      route.by_week = true;
    } else if (take_prefix(pair, "zoom=")) {
      for (int zoom = 0; zoom < plan_zoom_count; ++zoom)
        if (pair == name_of(static_cast<PlanZoom>(zoom))) route.zoom = static_cast<PlanZoom>(zoom);
    } else if (take_prefix(pair, "day=")) {
      if (const auto day = parse_date(pair)) route.day = *day;
    }
  }
  return route;
}

std::string format_route(const Route& route) {
  std::string url;
  for (const PlainScreen& plain : plain_screens) {
    if (plain.screen == route.screen) url = plain.path;
  }
  for (const PlainScreen& entity : entity_screens) {
    if (entity.screen == route.screen) url = std::string(entity.path) + to_string(route.entity_id);
  }
  if (route.makes_issue) url = new_issue_path;
  if (route.screen == Screen::issue) url = "/issues/" + std::to_string(route.issue_number);
  if (route.screen == Screen::settings && !route.lists_sections)
    url += "/" + std::string(name_of(route.section));
  if (route.screen == Screen::studio && !route.table.empty()) url += "/" + percent_encode(route.table);
  if (route.screen == Screen::setup && !route.token.empty()) url += "/" + percent_encode(route.token);
  if (route.screen == Screen::not_found) url = route.path;
  char separator = '?';
  const auto add = [&](std::string_view pair) {
    url += separator;
    url += pair;
    separator = '&';
  };
  if (route.layout == Layout::board) add("layout=board");
  if (route.layout == Layout::calendar) {
    add("layout=calendar");
    if (route.by_week) add("span=week");
    if (route.day) add("day=" + to_string(*route.day));
  }
  if (route.layout == Layout::plan) {
    add("layout=plan");
    if (route.zoom != PlanZoom::day) add("zoom=" + std::string(name_of(route.zoom)));
  }
  if (route.layout == Layout::insights) {
    add("layout=insights");
    if (route.days != 60) add("days=" + std::to_string(route.days));
  }
  if (route.has_query) add("q=" + percent_encode(route.query));
  return url;
}

bool shows_issues(Screen screen) { return screen >= Screen::inbox && screen <= Screen::trash; }
bool shows_calendar(const Route& route) {
  return route.layout == Layout::calendar && shows_issues(route.screen) && route.screen != Screen::trash;
}
bool shows_plan(const Route& route) {
  return route.layout == Layout::plan && shows_issues(route.screen) && route.screen != Screen::trash;
}
bool has_history(Screen screen) {
  return screen == Screen::all || (screen >= Screen::project && screen <= Screen::view);
}
bool shows_insights(const Route& route) {
  return route.layout == Layout::insights && has_history(route.screen);
}
bool is_public(Screen screen) { return screen == Screen::login || screen == Screen::setup; }

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 15U];
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      decoded += text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

}  // namespace dits::web
