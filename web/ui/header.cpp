// Header bars.
#include "web/ui/header.hpp"

#include <array>

#include "shared/model/trash.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"

namespace dits::web {

namespace {

// The sign of the screen: its project's ring, its area's square, or the smart view's icon. Returns the width.
float draw_screen_sign(const State& state, float x, float y) {
  const theme::Palette& c = theme::colors();
  const char* icon = nullptr;
  switch (state.route.screen) {
    case Screen::project: {
      const Progress progress = project_progress(state, ProjectId{state.route.entity_id});
      const float total = static_cast<float>(std::max(1u, progress.total()));
      draw_progress_ring(x + 7.5f, y, static_cast<float>(progress.closed) / total, 15);
      return 23;
    }
    case Screen::area: {
      const Area* area = find_area(state.entities, AreaId{state.route.entity_id});
      draw_square(x + 6, y, area ? theme::hue_of(area->color) : theme::Hue::stone);
      return 20;
    }
    case Screen::label: {
      const Label* label = find_label(state.entities, LabelId{state.route.entity_id});
      draw_label_dot(x + 5, y, label ? theme::hue_of(label->color) : theme::Hue::stone);
      return 18;
    }
    case Screen::inbox:
      icon = icons::inbox;
      break;
    case Screen::today:
      icon = icons::sun;
      break;
    case Screen::upcoming:
      icon = icons::calendar_days;
      break;
    case Screen::next:
      icon = icons::circle_arrow_right;
      break;
    case Screen::logbook:
      icon = icons::book_check;
      break;
    case Screen::view:
      icon = icons::bookmark;
      break;
    case Screen::trash:
      icon = icons::trash_2;
      break;
    default:
      icon = icons::layers;
      break;
  }
  draw_icon(x + 7.5f, y, icon, 15, c.accent_text);
  return 23;
}

}  // namespace

void list_header(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("header");
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::banner, "Header"));
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = r;
  bar.x += 16;
  bar.w -= 28;
  if (button_right(
          bar, "new", "New issue", {.kind = ButtonKind::primary, .icon = icons::plus, .keys = "c"}, 14))
    out.run("issue.new");
  float x = bar.x + draw_screen_sign(state, bar.x, r.center_y());
  const std::string title = screen_title(state);
  const std::array<Segment, 5> segments{{{icons::list, "List", "v l"},
                                         {icons::square_kanban, "Board", "v b"},
                                         {icons::calendar, "Calendar", "v c"},
                                         {icons::waypoints, "Plan", "v p"},
                                         {icons::chart_line, "Insights", "v i"}}};
  const float switch_width = segmented_width(segments);
  const float room = bar.right() - x - switch_width - 28;
  const float title_width = std::min(std::max(40.0f, room), text_width(title, theme::body_strong) + 1);
  text_line({x, r.y, title_width, r.h}, title, theme::body_strong, c.text_primary);
  mirror(id_of("title"), {x, r.y, title_width, r.h}, {.role = Aria::heading, .name = title, .level = 1});
  x += title_width + 14;
  if (state.route.screen == Screen::trash) return;
  const auto chosen = static_cast<int>(state.route.layout);
  if (const auto picked = segmented("views", x, r.center_y(), "View", segments, chosen, Aria::tablist)) {
    constexpr std::array<std::string_view, 5> commands{
        "view.list", "view.board", "view.calendar", "view.plan", "view.insights"};
    out.run(commands[static_cast<std::size_t>(*picked)]);
  }
}

Rect plain_header(Rect r, const char* icon, std::string_view title, std::string_view more) {
  const theme::Palette& c = theme::colors();
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = r;
  bar.x += 16;
  bar.w -= 28;
  draw_icon(bar.x + 7.5f, r.center_y(), icon, 15, c.accent_text);
  float x = bar.x + 23;
  x += draw_text(x, r.center_y(), title, theme::body_strong, c.text_primary) + 8;
  mirror(id_of("title"), {bar.x, r.y, x - bar.x, r.h}, {.role = Aria::heading, .name = title, .level = 1});
  if (!more.empty()) x += draw_text(x, r.center_y(), more, theme::body, c.text_tertiary) + 8;
  return {x, r.y, std::max(0.0f, bar.right() - x), r.h};
}

void trash_hint(const State& state, Rect& r) {
  if (state.route.screen != Screen::trash || state.list.result.total == 0) return;
  const theme::Palette& c = theme::colors();
  const IdScope ids("trash");
  const std::string text =
      "Issues are deleted for ever " + std::to_string(days_in_trash) + " days after they came here.";
  const Rect line = cut_top(r, theme::banner_height);
  fill(line, c.bg_inset);
  horizontal_line(line.x, line.bottom() - 1, line.w, c.border_subtle);
  draw_icon(line.x + 19, line.center_y(), icons::info, 14, c.text_tertiary);
  text_line({line.x + 34, line.y, line.w - 46, line.h}, text, theme::small, c.text_secondary);
  mirror(id_of("hint"), line, {.role = Aria::text, .name = text});
}

void connection_banner(const State& state, Outbox& out, Rect& r) {
  const theme::Palette& c = theme::colors();
  BannerOptions options;
  std::string strong;
  std::string text;
  if (state.sync.phase == SyncPhase::offline) {
    options.icon = icons::cloud_off;
    options.ink = c.signal_warning;
    options.tint = c.signal_warning_tint;
    strong = "Offline";
    if (state.sync.offline_since) {
      const std::int64_t local = state.sync.offline_since->unix_ms / 60'000 +
                                 state.zone.offset_minutes_at(*state.sync.offline_since);
      const auto minutes = static_cast<int>(((local % 1440) + 1440) % 1440);
      std::array<char, 16> clock{};
      std::snprintf(clock.data(), clock.size(), " since %02d:%02d.", minutes / 60, minutes % 60);
      strong += clock.data();
    } else {
      strong += '.';
    }
    text = state.sync.waiting == 0 ? "Everything can be changed; it will be sent later."
           : state.sync.waiting == 1
               ? "1 change waits and will be sent."
               : std::to_string(state.sync.waiting) + " changes wait and will be sent in order.";
  } else if (state.sync.phase == SyncPhase::failed) {
    options.icon = icons::circle_alert;
    options.ink = c.signal_danger;
    options.tint = c.signal_danger_tint;
    strong = state.sync.problem.empty() ? "The server could not be understood." : state.sync.problem;
    text = state.sync.waiting == 0                 ? ""
           : state.sync.kept >= state.sync.waiting ? "Your changes are kept here."
                                                   : "Your changes wait in this tab alone.";
  } else {
    return;
  }
  options.strong = strong;
  options.text = text;
  options.action = "Try now";
  if (banner("connection", cut_top(r, theme::banner_height), options)) out.run("sync.now");
}

}  // namespace dits::web
