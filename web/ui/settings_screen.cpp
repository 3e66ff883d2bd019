// The list of sections at the left, the chosen one at the right.
#include "web/ui/settings_screen.hpp"

#include <array>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/settings_sections.hpp"

namespace dits::web {

namespace {

const char* icon_of(SettingsSection section) {
  switch (section) {
    case SettingsSection::profile:
      return icons::user;
    case SettingsSection::appearance:
      return icons::palette;
    case SettingsSection::labels:
      return icons::tags;
    case SettingsSection::workflow:
      return icons::square_kanban;
    case SettingsSection::projects:
      return icons::folder;
    case SettingsSection::views:
      return icons::bookmark;
    case SettingsSection::sessions:
      return icons::monitor_smartphone;
    case SettingsSection::tokens:
      return icons::key_round;
    case SettingsSection::transfer:
      return icons::arrow_up_down;
    case SettingsSection::backups:
      return icons::archive;
  }
  return icons::settings;
}

void draw_section(const State& state, Outbox& out, Flow& flow) {
  switch (state.route.section) {
    case SettingsSection::profile:
      profile_section(state, out, flow);
      return;
    case SettingsSection::appearance:
      appearance_section(state, out, flow);
      return;
    case SettingsSection::labels:
      labels_section(state, out, flow);
      return;
    case SettingsSection::workflow:
      workflow_section(state, out, flow);
      return;
    case SettingsSection::projects:
      projects_section(state, out, flow);
      return;
    case SettingsSection::views:
      views_section(state, out, flow);
      return;
    case SettingsSection::sessions:
      sessions_section(state, out, flow);
      return;
    case SettingsSection::tokens:
      tokens_section(state, out, flow);
      return;
    case SettingsSection::transfer:
      transfer_section(state, out, flow);
      return;
    case SettingsSection::backups:
      backups_section(state, out, flow);
      return;
  }
}

void section_list(const State& state, Outbox& out, Rect r, float row_height) {
  const theme::Palette& c = theme::colors();
  const a11y::Scope scope(scope_node(id_of("sections"), r, Aria::tablist, "Sections"));
  const ArrowRegion region;
  for (int i = 0; i < settings_section_count; ++i) {
    const auto section = static_cast<SettingsSection>(i);
    const Rect row{r.x + 8, r.y + 12 + row_height * static_cast<float>(i), r.w - 16, row_height};
    // On a phone each opens as a page of its own: none is chosen while the list is seen.
    const bool is_on = state.route.section == section && !(is_phone() && state.route.lists_sections);
    a11y::Node node;
    node.role = Aria::tab;
    node.name = title_of(section);
    node.selected = is_on ? Tri::yes : Tri::no;
    const ItemState item_state = item(id_of(title_of(section)), row, node);
    if (is_on) {
      fill(row, c.bg_selected, 6);
    } else if (item_state.hovered) {
      fill(row, c.bg_hover, 6);
    }
    if (item_state.has_ring) outline(row, c.focus_ring, 6, 2);
    draw_icon(row.x + 15.5f, row.center_y(), icon_of(section), 15, is_on ? c.accent_text : c.text_secondary);
    draw_text(row.x + 32,
              row.center_y(),
              title_of(section),
              is_phone() ? theme::touch_body
              : is_on    ? theme::body_medium
                         : theme::body,
              is_on ? c.text_primary : c.text_secondary);
    if (item_state.clicked) out.run("go.settings", section);
  }
}

}  // namespace

void settings_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("settings");
  Rect rest = r;
  const Rect header = cut_top(rest, theme::header_height);
  horizontal_line(header.x, header.bottom() - 1, header.w, c.border_subtle);
  draw_icon(header.x + 23.5f, header.center_y(), icons::settings_2, 15, c.accent_text);
  float x = header.x + 39;
  x += draw_text(x, header.center_y(), "Settings", theme::body_strong, c.text_primary) + 8;
  draw_icon(x + 6.5f, header.center_y(), icons::chevron_right, 13, c.text_tertiary);
  draw_text(x + 21, header.center_y(), title_of(state.route.section), theme::body, c.text_secondary);
  mirror(id_of("title"), header, {.role = Aria::heading, .name = "Settings", .level = 1});
  const Rect nav = cut_left(rest, std::min(200.0f, rest.w * 0.3f));
  vertical_line(nav.right() - 1, nav.y, nav.h, c.border_subtle);
  section_list(state, out, nav, theme::nav_height);
  const a11y::Scope panel(scope_node(id_of("panel"), rest, Aria::region, title_of(state.route.section)));
  const IdScope section_ids(title_of(state.route.section));
  Scroll scroll("body", rest);
  Flow flow{rest.x + 32, scroll.top() + 22, std::min(860.0f, rest.w - 64)};
  draw_section(state, out, flow);
  scroll.end_at(flow.y + 40);
}

void phone_settings_screen(const State& state, Outbox& out, Rect r) {
  const IdScope ids("settings");
  Scroll scroll("body", r);
  if (state.route.lists_sections) {
    constexpr float row_height = 46;
    const float height = 24 + row_height * settings_section_count;
    section_list(state, out, {r.x, scroll.top(), r.w, height}, row_height);
    scroll.end_at(scroll.top() + height);
    return;
  }
  const a11y::Scope panel(scope_node(id_of("panel"), r, Aria::region, title_of(state.route.section)));
  const IdScope section_ids(title_of(state.route.section));
  Flow flow{r.x + 16, scroll.top() + 16, r.w - 32};
  draw_section(state, out, flow);
  scroll.end_at(flow.y + 40);
}

}  // namespace dits::web
