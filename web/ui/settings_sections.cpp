// Account, appearance, sessions and tokens.
#include "web/ui/settings_sections.hpp"

#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

Rect section_head(Flow& flow, std::string_view title, std::string_view text) {
  const theme::Palette& c = theme::colors();
  // A phone has no room for a sentence beside buttons: it takes the lines that it needs, below them.
  const float wrapped = is_phone() ? wrapped_height(flow.w, text, theme::body) : 20;
  const float sentence_y = is_phone() ? 34 : 22;
  const Rect r = flow.take(sentence_y + wrapped);
  draw_text(r.x, r.y + (is_phone() ? 14.0f : 11.0f), title, theme::title, c.text_primary);
  mirror(id_of(title), {r.x, r.y, r.w, 22}, {.role = Aria::heading, .name = title, .level = 2});
  if (is_phone()) {
    draw_wrapped(r.x, r.y + sentence_y, r.w, text, theme::body, c.text_secondary);
  } else {
    text_line({r.x, r.y + sentence_y, r.w, 20}, text, theme::body, c.text_secondary);
  }
  flow.y += 12;
  return {r.x, r.y + (is_phone() ? 0.0f : 4.0f), r.w, 28};
}

SettingsTable begin_table(Flow& flow,
                          std::vector<float> widths,
                          std::vector<std::string_view> heads,
                          std::size_t rows) {
  const theme::Palette& c = theme::colors();
  SettingsTable table;
  table.row_height = is_phone() ? 48.0f : 42.0f;
  table.frame = flow.take(32 + table.row_height * static_cast<float>(rows));
  table.widths = std::move(widths);
  fill(table.frame, c.bg_raised, 8);
  const Rect head{table.frame.x + 1, table.frame.y + 1, table.frame.w - 2, 31};
  fill(head, c.bg_inset, 7, ImDrawFlags_RoundCornersTop);
  outline(table.frame, c.border_default, 8);
  float x = table.frame.x + 14;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const float width = (table.frame.w - 28) * table.widths[i];
    draw_text_in({x, head.y, width - 8, head.h}, heads[i], theme::small_medium, c.text_secondary);
    x += width;
  }
  table.y = table.frame.y + 32;
  flow.y += 26;
  return table;
}

std::vector<Rect> next_row(SettingsTable& table) {
  horizontal_line(table.frame.x + 1, table.y, table.frame.w - 2, theme::colors().border_subtle);
  std::vector<Rect> cells;
  float x = table.frame.x + 14;
  for (const float part : table.widths) {
    const float width = (table.frame.w - 28) * part;
    cells.push_back({x, table.y, width - 8, table.row_height});
    x += width;
  }
  table.y += table.row_height;
  return cells;
}

Rect setting_line(Flow& flow, std::string_view title, std::string_view text, float control) {
  const theme::Palette& c = theme::colors();
  const float room = flow.w - control - (control > 0 ? 16.0f : 0.0f);
  const float height = wrapped_height(room, text, theme::small);
  const Rect r = flow.take(std::max(52.0f, 36 + height));
  horizontal_line(r.x, r.y, r.w, c.border_subtle);
  draw_text(r.x, r.y + 17, title, theme::body_medium, c.text_primary);
  draw_wrapped(r.x, r.y + 26, room, text, theme::small, c.text_tertiary);
  const std::string words = std::string(title) + ". " + std::string(text);
  mirror(id_of(title), {r.x, r.y, room, r.h}, {.role = Aria::text, .name = words});
  return r;
}

namespace {

// What is typed into the forms here; it goes with the button.
struct Typed {
  std::string name;
  bool has_name = false;
  PasswordChange password;
  std::string again;
  std::string complaint;
  bool was_sending = false;
};
Typed typed;

std::string_view error_of(const FormState& form, std::string_view field) {
  if (!form.error) return {};
  for (const FieldError& each : form.error->fields) {
    if (each.field == field) return each.message;
  }
  return form.error->field == field ? std::string_view(form.error->message) : std::string_view{};
}

struct Labelled {
  HeldText id;
  HeldText label;
  bool is_secret = false;
};

bool labelled_field(Flow& flow, const Labelled& field, std::string& text, std::string_view error) {
  const Rect label = flow.take(24);
  draw_text(label.x, label.center_y(), field.label, theme::small_medium, theme::colors().text_secondary);
  TextFieldOptions options;
  options.name = field.label;
  options.is_secret = field.is_secret;
  options.keeps_caret = true;
  options.error = error;
  const Rect r = flow.take(is_phone() ? touch_field_height : field_height);
  const TextFieldEvents events = text_field(field.id, {r.x, r.y, std::min(r.w, 360.0f), r.h}, text, options);
  if (!error.empty()) field_error(flow.x, flow.take(20).y, flow.w, error);
  flow.y += 8;
  return events.submitted;
}

void password_form(const State& state, Outbox& out, Flow& flow) {
  section_head(flow, "Password", "All other devices are signed out when it changes.");
  const FormState& answer = state.session.password;
  if (typed.was_sending && !answer.is_sending && !answer.error) {
    typed.password = {};
    typed.again.clear();
  }
  typed.was_sending = answer.is_sending;
  bool is_sent = labelled_field(flow,
                                {"current", "Current password", true},
                                typed.password.current,
                                error_of(answer, "currentPassword"));
  is_sent |= labelled_field(
      flow, {"next", "New password", true}, typed.password.next, error_of(answer, "newPassword"));
  is_sent |= labelled_field(flow, {"again", "New password again", true}, typed.again, typed.complaint);
  flow.y += 4;
  Rect bar = flow.take(28);
  const bool is_ready = !typed.password.current.empty() && !typed.password.next.empty() && !answer.is_sending;
  is_sent |= button_left(
      bar, "change", "Change the password", {.kind = ButtonKind::primary, .is_disabled = !is_ready});
  if (!is_sent || !is_ready) return;
  typed.complaint = typed.password.next == typed.again ? "" : "The two passwords differ.";
  if (typed.complaint.empty()) out.run("settings.password", typed.password);
}

}  // namespace

void profile_section(const State& state, Outbox& out, Flow& flow) {
  section_head(flow, "Account", state.session.me.email);
  if (!typed.has_name) typed.name = state.session.me.name;
  const std::string before = typed.name;
  const bool is_entered = labelled_field(flow, {"name", "Name"}, typed.name, {});
  typed.has_name = typed.has_name || before != typed.name;
  Rect bar = flow.take(28);
  const bool differs = typed.name != state.session.me.name && !typed.name.empty();
  const bool is_saved = button_left(bar, "save", "Save name", {.is_disabled = !differs});
  if ((is_saved || is_entered) && differs) {
    out.run("settings.name", typed.name);
    typed.has_name = false;
  }
  flow.y += 30;
  password_form(state, out, flow);
  flow.y += 36;
  const Rect line = setting_line(flow, "Sign out", "This browser forgets all but what is not sent yet.", 100);
  Rect end{line.x, line.y, line.w, line.h};
  if (button_right(end, "sign-out", "Sign out", {.icon = icons::log_out})) out.run("session.sign_out");
}

namespace {

struct SwatchColors {
  ImU32 canvas, panel, line, text, accent, selected;
};

SwatchColors swatch_colors(bool dark) {
  using theme::rgba;
  if (dark)
    return {rgba(0x14191BFFu),
            rgba(0x0F1315FFu),
            rgba(0x313B3FFFu),
            rgba(0xA9B6B9FFu),
            rgba(0x4CC1C9FFu),
            rgba(0x173438FFu)};
  return {rgba(0xFCFDFDFFu),
          rgba(0xF2F5F5FFu),
          rgba(0xD2DADBFFu),
          rgba(0x435459FFu),
          rgba(0x0A6C74FFu),
          rgba(0xDCEFF0FFu)};
}

// A small picture of the app in this theme.
void draw_swatch(Rect r, bool dark) {
  const SwatchColors s = swatch_colors(dark);
  constexpr std::array<float, 4> rows{12, 30, 48, 66};
  constexpr std::array<float, 4> titles{70, 90, 56, 80};
  constexpr std::array<float, 4> names{26, 22, 28, 20};
  fill(r, s.canvas);
  fill({r.x, r.y, 46, r.h}, s.panel);
  fill({r.x + 46, r.y, 1, r.h}, s.line);
  fill({r.x, r.y + 86, r.w, r.h - 86}, s.panel);
  fill({r.x, r.y + 86, 22, r.h - 86}, s.accent);
  fill({r.x + 47, r.y + 26, r.w - 47, 14}, s.selected);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float y = r.y + rows[i];
    canvas().AddCircle({r.x + 62, y + 3}, 3, i == 1 ? s.accent : s.text, 0, 1.3f);
    fill({r.x + 72, y + 1, titles[i], 4}, theme::with_alpha(s.text, 0.7f), 2);
    fill({r.x + 10, y + 1, names[i], 4}, theme::with_alpha(s.text, 0.5f), 2);
  }
}

void theme_choice(const State& state, Outbox& out, Rect r, ThemeChoice choice) {
  const theme::Palette& c = theme::colors();
  const bool is_on = state.theme == choice;
  a11y::Node node;
  node.role = Aria::radio;
  node.name = title_of(choice);
  node.checked = is_on ? Tri::yes : Tri::no;
  const ItemState item_state = item(id_of(title_of(choice)), r, node);
  const Rect picture{r.x + 2, r.y + 2, r.w - 4, 96};
  if (choice == ThemeChoice::system) {
    draw_swatch(picture, false);
    const ClipScope half({picture.center_x(), picture.y, picture.w / 2, picture.h});
    draw_swatch(picture, true);
  } else {
    draw_swatch(picture, choice == ThemeChoice::dark);
  }
  const Rect frame{r.x, r.y, r.w, 100};
  outline(frame, is_on ? c.accent_base : item_state.hovered ? c.border_strong : c.border_default, 4, 2);
  if (item_state.has_ring) focus_ring(frame, 6);
  const auto style = is_on ? theme::body_strong : theme::body;
  const float width = text_width(title_of(choice), style) + (is_on ? 22.0f : 0.0f);
  float x = r.center_x() - width / 2;
  if (is_on) {
    draw_icon(x + 7, r.y + 115, icons::check, 14, c.accent_text);
    x += 22;
  }
  draw_text(x, r.y + 115, title_of(choice), style, c.text_primary);
  if (item_state.clicked && !is_on) {
    AppearanceChanged change;
    change.theme = choice;
    out.change(change);
  }
}

}  // namespace

void appearance_section(const State& state, Outbox& out, Flow& flow) {
  section_head(flow, "Appearance", "Follows the system unless you choose.");
  const Rect row = flow.take(136);
  {
    const a11y::Scope scope(scope_node(id_of("themes"), row, Aria::radiogroup, "Theme"));
    const ArrowRegion region;
    const float width = std::min(190.0f, (row.w - 28) / 3);
    float x = row.x;
    for (const ThemeChoice choice : {ThemeChoice::light, ThemeChoice::dark, ThemeChoice::system}) {
      theme_choice(state, out, {x, row.y, width, 130}, choice);
      x += width + 14;
    }
  }
  const std::array<Segment, 2> rows{{{icons::rows_3, "Comfortable"}, {icons::rows_4, "Compact"}}};
  const Rect density =
      setting_line(flow, "Row height", "Comfortable is 34 px, compact is 28 px", segmented_width(rows));
  if (const auto picked = segmented("density",
                                    density.right() - segmented_width(rows),
                                    density.center_y(),
                                    "Row height",
                                    rows,
                                    state.density == Density::compact ? 1 : 0)) {
    AppearanceChanged change;
    change.density = *picked == 1 ? Density::compact : Density::comfortable;
    out.change(change);
  }
  const std::array<Segment, 3> starts{{{nullptr, "Monday"}, {nullptr, "Saturday"}, {nullptr, "Sunday"}}};
  const Rect week = setting_line(flow, "Week", "The day that weeks begin with", segmented_width(starts));
  if (const auto picked = segmented("week",
                                    week.right() - segmented_width(starts),
                                    week.center_y(),
                                    "First day of the week",
                                    starts,
                                    state.week_start == 6   ? 2
                                    : state.week_start == 5 ? 1
                                                            : 0)) {
    AppearanceChanged change;
    change.week_start = *picked == 0 ? 0U : *picked == 1 ? 5U : 6U;
    out.change(change);
  }
  const std::array<Segment, 3> modes{{{nullptr, "Open"}, {nullptr, "Rail"}, {nullptr, "Hidden"}}};
  const Rect side = setting_line(flow, "Sidebar", "[ switches it", segmented_width(modes));
  if (const auto picked = segmented("sidebar",
                                    side.right() - segmented_width(modes),
                                    side.center_y(),
                                    "Sidebar",
                                    modes,
                                    static_cast<int>(state.sidebar))) {
    AppearanceChanged change;
    change.sidebar = static_cast<SidebarMode>(*picked);
    out.change(change);
  }
  const Rect pane = setting_line(flow, "Detail pane", "] switches it", 30);
  if (toggle("detail", pane.right() - 30, pane.center_y(), "Detail pane", state.detail_open)) {
    AppearanceChanged change;
    change.detail_open = !state.detail_open;
    out.change(change);
  }
  const Rect keys = setting_line(flow, "Keyboard", "Every key of every screen", 140);
  Rect bar{keys.x, keys.y, keys.w, keys.h};
  if (button_right(bar, "keys", "Show the keys", {.icon = icons::keyboard, .keys = "?"}))
    out.run("help.keyboard");
}

void sessions_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  Rect bar = section_head(flow, "Sessions", "Devices signed in to this tracker.");
  if (!state.session.sessions_loaded) {
    if (appeared(id_of("load"))) out.run("sessions.load");
    draw_skeleton_bar(flow.x, flow.take(30).center_y(), 260);
    return;
  }
  if (state.session.sessions.size() > 1 &&
      button_right(bar, "others", "Sign out the others", {.icon = icons::log_out}))
    out.run("sessions.revoke_others");
  const bool phone = is_phone();
  SettingsTable table =
      begin_table(flow,
                  phone ? std::vector<float>{0.7f, 0.3f} : std::vector<float>{0.4f, 0.22f, 0.2f, 0.18f},
                  phone ? std::vector<std::string_view>{"Device", ""}
                        : std::vector<std::string_view>{"Device", "Address", "Last seen", ""},
                  state.session.sessions.size());
  for (const SessionRow& row : state.session.sessions) {
    const IdScope ids(UuidHash{}(row.id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    Rect device = cells[0];
    const std::string label = device_label(row.device);
    const bool is_phone_device =
        row.device.find("iPhone") != std::string::npos || row.device.find("Android") != std::string::npos;
    draw_icon(device.x + 8,
              device.center_y(),
              is_phone_device ? icons::smartphone : icons::laptop,
              16,
              c.text_secondary);
    device.x += 23;
    device.w -= 23;
    if (row.is_current) {
      const float width = chip_width("this device");
      const float x = std::min(device.x + text_width(label, theme::body_strong) + 7, device.right() - width);
      draw_chip(x, device.center_y(), "this device", theme::Hue::teal);
      device.w = x - device.x - 6;
    }
    text_line(device, label, theme::body_strong, c.text_primary);
    if (!phone) {
      text_line(cells[1], row.address, theme::mono, c.text_primary);
      text_line(
          cells[2], row.is_current ? "now" : ago_label(state, row.last_seen_at), theme::body, c.text_primary);
    }
    Rect end = cells.back();
    const std::string name = "Sign out " + label;
    if (!row.is_current && button_right(end, "revoke", "Sign out", {.kind = ButtonKind::ghost, .name = name}))
      out.run("sessions.revoke", row.id);
  }
}

namespace {

void new_token_panel(const State& state, Outbox& out, Flow& flow) {
  if (state.session.new_token.empty()) return;
  const theme::Palette& c = theme::colors();
  const Rect r = flow.take(60);
  fill(r, c.signal_success_tint, 8);
  outline(r, c.signal_success, 8);
  Rect row = inset(r, 14, 0);
  draw_icon(row.x + 8, row.center_y(), icons::circle_check, 17, c.signal_success);
  if (icon_button_right(row, "away", icons::x, "Put away", {})) out.run("token.put_away");
  if (button_right(row, "copy", "Copy", {.icon = icons::copy})) out.run("token.copy");
  draw_text(row.x + 29, r.y + 21, "Copy it now, it cannot be shown again.", theme::body, c.text_primary);
  text_line({row.x + 29, r.y + 30, row.w - 40, 20}, state.session.new_token, theme::mono, c.text_primary);
  mirror(id_of("secret"), r, {.role = Aria::status, .name = "New token", .value = state.session.new_token});
  flow.y += 12;
}

}  // namespace

void tokens_section(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  Rect bar = section_head(
      flow, "Access tokens", "For scripts, editors and the command line. Shown once, stored as a hash.");
  if (button_right(bar, "new", "New token", {.kind = ButtonKind::primary, .icon = icons::plus}))
    out.run("token.new");
  new_token_panel(state, out, flow);
  if (!state.session.tokens_loaded) {
    if (appeared(id_of("load"))) out.run("token.load");
    draw_skeleton_bar(flow.x, flow.take(30).center_y(), 260);
    return;
  }
  if (state.session.tokens.empty()) {
    draw_text(flow.x, flow.take(30).center_y(), "There are no tokens yet.", theme::body, c.text_tertiary);
    return;
  }
  const bool phone = is_phone();
  SettingsTable table = begin_table(
      flow,
      phone ? std::vector<float>{0.7f, 0.3f} : std::vector<float>{0.3f, 0.18f, 0.2f, 0.18f, 0.14f},
      phone ? std::vector<std::string_view>{"Name", ""}
            : std::vector<std::string_view>{"Name", "Scope", "Last used", "Expires", ""},
      state.session.tokens.size());
  for (const TokenRow& row : state.session.tokens) {
    const IdScope ids(UuidHash{}(row.id.uuid) | 1u);
    const std::vector<Rect> cells = next_row(table);
    const float width = std::min(cells[0].w - 60, text_width(row.name, theme::body_strong));
    text_line({cells[0].x, cells[0].y, width + 1, cells[0].h}, row.name, theme::body_strong, c.text_primary);
    draw_text_in({cells[0].x + width + 7, cells[0].y, cells[0].w - width - 7, cells[0].h},
                 row.prefix + "…",
                 theme::mono,
                 c.text_tertiary);
    if (!phone) {
      const theme::Hue hue = row.scope == "read"    ? theme::Hue::stone
                             : row.scope == "admin" ? theme::Hue::red
                                                    : theme::Hue::cyan;
      draw_chip(cells[1].x, cells[1].center_y(), row.scope, hue);
      text_line(cells[2],
                row.last_used_at ? ago_label(state, *row.last_used_at) : "never",
                theme::body,
                c.text_primary);
      const std::string expires =
          row.expires_at ? full_date_label(state.zone.date_of(*row.expires_at)) : "no expiry";
      text_line(cells[3], expires, theme::body, c.text_primary);
    }
    Rect end = cells.back();
    const std::string name = "Revoke " + row.name;
    if (button_right(end, "revoke", "Revoke", {.kind = ButtonKind::ghost_danger, .name = name}))
      out.run("token.revoke", row.id);
  }
}

}  // namespace dits::web
