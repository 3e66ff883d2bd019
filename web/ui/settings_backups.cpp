// The administrator's page of backups: how the last ones went, night by night, what there is, and "Back up
// now".
#include <algorithm>
#include <array>
#include <string>

#include "web/theme/icons.hpp"
#include "web/ui/settings_sections.hpp"

namespace dits::web {

namespace {

constexpr int shown_nights = 30;

std::string size_text(std::int64_t bytes) {
  constexpr std::array units = {"bytes", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  const auto tenths = static_cast<std::int64_t>(value * 10 + 0.5);
  std::string text = std::to_string(tenths / 10);
  if (unit > 0) text += "." + std::to_string(tenths % 10);
  return text + " " + units[unit];
}

enum class Night : std::uint8_t { none, good, failed };

// How each of the last nights went; today is the last.
std::array<Night, shown_nights> nights_of(const State& state, std::string& failure) {
  std::array<Night, shown_nights> nights{};
  const Date today = state.zone.date_of(state.now);
  const auto place_of = [&](Timestamp time) {
    return shown_nights - 1 - (today.days - state.zone.date_of(time).days);
  };
  const auto mark = [&](int place, Night night) {
    if (place >= 0 && place < shown_nights && nights[static_cast<std::size_t>(place)] != Night::good)
      nights[static_cast<std::size_t>(place)] = night;
  };
  for (const BackupItem& row : state.session.backups.overview.items) {
    if (!row.is_foreign) mark(place_of(row.written_at), Night::good);
  }
  for (const BackupRun& one : state.session.backups.overview.history) {
    mark(place_of(one.began_at), one.is_good() ? Night::good : Night::failed);
    if (!one.is_good())
      failure = day_label(state, state.zone.date_of(one.began_at)) + " failed: " + one.problem;
  }
  return nights;
}

// The bars of the nights, with their first, their last failed and their last day below.
void nights_bar(const State& state, Rect r) {
  const theme::Palette& c = theme::colors();
  std::string failure;
  const auto nights = nights_of(state, failure);
  constexpr float gap = 3;
  const float step = (r.w + gap) / shown_nights;
  int good = 0;
  int last_failed = -1;
  for (int i = 0; i < shown_nights; ++i) {
    const Night night = nights[static_cast<std::size_t>(i)];
    const Rect cell{r.x + step * static_cast<float>(i), r.y, step - gap, 20};
    ImU32 color = c.bg_sunken;
    if (night == Night::good) color = theme::with_alpha(c.signal_success, 0.55f);
    if (night == Night::failed) color = c.signal_danger;
    fill(cell, color, 3);
    if (night == Night::good) ++good;
    if (night == Night::failed) last_failed = i;
  }
  const Rect words{r.x, r.y + 24, r.w, 16};
  const Date today = state.zone.date_of(state.now);
  const std::string first = day_label(state, Date{today.days - shown_nights + 1});
  draw_text_in(words, first, theme::caption, c.text_tertiary);
  draw_text_in(words, "today", theme::caption, c.text_tertiary, Align::right);
  if (last_failed >= 0) {
    // Below its night, as far as the two ends leave room.
    const float width = std::min(text_width(failure, theme::caption) + 1, r.w - 140);
    const float middle_x = r.x + step * (static_cast<float>(last_failed) + 0.5f);
    const float x = std::clamp(middle_x - width / 2, r.x + 70, r.right() - 70 - width);
    text_line({x, words.y, width, words.h}, failure, theme::caption, c.text_tertiary);
  }
  std::string summary = "The last 30 days: " + std::to_string(good) + " with a backup";
  if (!failure.empty()) summary += "; " + failure;
  mirror(id_of("nights"), r, {.role = Aria::image, .name = summary});
}

// What the panel says in its two lines.
struct PanelWords {
  std::string title;
  std::string text;  // before the directory
  bool is_bad = false;
};
PanelWords panel_words(const State& state) {
  const BackupOverview& view = state.session.backups.overview;
  // Another database's is no copy of this one.
  const auto last = std::find_if(
      view.items.begin(), view.items.end(), [](const BackupItem& item) { return !item.is_foreign; });
  const bool has_none = last == view.items.end();
  PanelWords words;
  words.is_bad = !view.is_running && (!view.last_problem.empty() || has_none);
  if (view.is_running) {
    words.title = "A backup is being written";
  } else if (!view.last_problem.empty()) {
    words.title = "The last backup failed: " + view.last_problem;
  } else if (has_none) {
    words.title = "There is no backup yet";
  } else {
    words.title = "Last copy " + ago_label(state, last->written_at) +
                  (last->is_verified ? ", checked by reading it back" : ", without a manifest");
  }
  words.text = has_none ? "They go to " : size_text(last->bytes) + " in ";
  return words;
}

void state_panel(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const BackupOverview& view = state.session.backups.overview;
  const PanelWords words = panel_words(state);
  const float room = flow.w - 60;
  const float title_height = wrapped_height(room, words.title, theme::body_strong);
  const Rect panel = flow.take(94 + title_height);
  fill(panel, c.bg_raised, 8);
  outline(panel, c.border_default, 8);
  const char* icon = words.is_bad ? icons::circle_alert : icons::shield_check;
  ImU32 ink = words.is_bad ? c.signal_danger : c.signal_success;
  if (view.is_running) {
    icon = icons::archive;
    ink = c.text_secondary;
  }
  draw_icon(panel.x + 24, panel.y + 30, icon, 20, ink);
  const float x = panel.x + 46;
  draw_wrapped(x, panel.y + 10, room, words.title, theme::body_strong, c.text_primary);
  const float y = panel.y + 10 + title_height;
  const float width = draw_text(x, y + 9, words.text, theme::small, c.text_secondary);
  text_line({x + width, y, room - width, 18}, view.directory, theme::mono, c.text_secondary);
  mirror(id_of("state"),
         {panel.x, panel.y, panel.w, title_height + 30},
         {.role = words.is_bad ? Aria::alert : Aria::status,
          .name = words.title + ". " + words.text + view.directory});
  nights_bar(state, {panel.x + 14, y + 32, panel.w - 28, 44});
  flow.y += 12;
}

void backups_table(const State& state, Outbox& out, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const bool phone = is_phone();
  SettingsTable table = begin_table(
      flow,
      phone ? std::vector<float>{0.72f, 0.28f} : std::vector<float>{0.4f, 0.12f, 0.16f, 0.18f, 0.14f},
      phone ? std::vector<std::string_view>{"Backup", ""}
            : std::vector<std::string_view>{"File", "Size", "Written", "State", ""},
      state.session.backups.overview.items.size());
  for (const BackupItem& row : state.session.backups.overview.items) {
    const IdScope ids(row.file);
    const std::vector<Rect> cells = next_row(table);
    const std::string ago = ago_label(state, row.written_at);
    std::string words = row.is_verified ? "verified" : "no manifest";
    if (row.is_encrypted) words += ", encrypted";
    if (row.is_foreign) words += ", of another database";
    if (phone) {
      const Rect cell = cells[0];
      text_line({cell.x, cell.y + 5, cell.w, 19}, row.file, theme::mono_small, c.text_primary);
      text_line({cell.x, cell.y + 24, cell.w, 18},
                ago + ", " + size_text(row.bytes) + ", " + words,
                theme::small,
                c.text_tertiary);
    } else {
      text_line(cells[0], row.file, theme::mono, c.text_primary);
      text_line(cells[1], size_text(row.bytes), theme::body, c.text_primary);
      text_line(cells[2], ago, theme::body, c.text_primary);
      text_line(cells[3], words, theme::body, c.text_secondary);
    }
    mirror(id_of("backup"),
           cells[0],
           {.role = Aria::text, .name = row.file + ", " + size_text(row.bytes) + ", " + ago + ", " + words});
    Rect end = cells.back();
    if (button_right(end,
                     "restore",
                     "Restore…",
                     {.kind = ButtonKind::ghost,
                      .tip = "Copies the command that restores it, to run on the server",
                      .name = "Restore " + row.file}))
      out.run("backups.copy_restore", row.file);
  }
}

// A backup that is being written ends by itself: asks how it stands, again and again.
void look_while_running(const State& state, Outbox& out) {
  static std::uint64_t asked = 0;
  constexpr int pause_ms = 1500;
  const IdScope ids(asked + 1);
  if (!state.session.backups.overview.is_running || !has_waited(id_of("pause"), pause_ms)) return;
  ++asked;
  out.run("backups.load");
}

}  // namespace

void backups_section(const State& state, Outbox& out, Flow& flow) {
  const BackupsView& page = state.session.backups;
  const BackupOverview& view = page.overview;
  Rect bar = section_head(flow, "Backups", "The whole database and its attachments, from one moment.");
  if (!page.is_loaded) {
    if (appeared(id_of("load"))) out.run("backups.load");
    draw_skeleton_bar(flow.x, flow.take(30).center_y(), 260);
    return;
  }
  if (!page.refusal.empty()) {
    if (button_right(bar, "again", "Try again", {.icon = icons::refresh_cw})) out.run("backups.load");
    const Rect r = flow.take(wrapped_height(flow.w, page.refusal, theme::body));
    draw_wrapped(r.x, r.y, r.w, page.refusal, theme::body, theme::colors().signal_danger);
    mirror(id_of("refusal"), r, {.role = Aria::alert, .name = page.refusal});
    return;
  }
  look_while_running(state, out);
  const bool is_running = view.is_running;
  if (button_right(bar,
                   "start",
                   is_running ? "Backing up" : "Back up now",
                   {.kind = ButtonKind::primary, .icon = icons::archive, .is_disabled = is_running}))
    out.run("backups.start");
  if (icon_button_right(bar, "again", icons::refresh_cw, "Look again", {})) out.run("backups.load");
  state_panel(state, flow);
  setting_line(flow,
               "Schedule: " + view.schedule,
               "Set by BACKUP_SCHEDULE; kept for " + std::to_string(view.keep_days) +
                   " days (BACKUP_KEEP_DAYS), the newest three always");
  setting_line(flow,
               view.is_encrypted ? "Encrypted" : "Not encrypted",
               view.is_encrypted ? "AES-256 with a key made of the passphrase; keep it elsewhere too"
                                 : "BACKUP_PASSPHRASE_FILE encrypts the next ones");
  setting_line(
      flow,
      "Restore",
      "On the server: dits restore FILE. It asks, checks, and keeps the replaced data until the next start");
  flow.y += 12;
  if (!view.items.empty()) backups_table(state, out, flow);
}

}  // namespace dits::web
