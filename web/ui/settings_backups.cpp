// The administrator's page of backups: how the last ones went, night by night, what there is, and "Back up
// now".
#include <array>
#include <string>

#include "web/theme/icons.hpp"
#include "web/ui/settings_sections.hpp"

namespace dits::web {

namespace {

constexpr int shown_nights = 30;
constexpr float panel_height = 116;

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
  const Date today = date_of(state.now, state.utc_offset_minutes);
  const auto place_of = [&](Timestamp time) {
    return shown_nights - 1 - (today.days - date_of(time, state.utc_offset_minutes).days);
  };
  const auto mark = [&](int place, Night night) {
    if (place >= 0 && place < shown_nights && nights[static_cast<std::size_t>(place)] != Night::good)
      nights[static_cast<std::size_t>(place)] = night;
  };
  for (const BackupItem& row : state.session.backups.overview.items)
    mark(place_of(row.written_at), Night::good);
  for (const BackupRun& one : state.session.backups.overview.history) {
    mark(place_of(one.began_at), one.is_good() ? Night::good : Night::failed);
    if (!one.is_good())
      failure = day_label(state, date_of(one.began_at, state.utc_offset_minutes)) + " failed: " + one.problem;
  }
  return nights;
}

void nights_bar(const State& state, Rect r) {
  const theme::Palette& c = theme::colors();
  std::string failure;
  const auto nights = nights_of(state, failure);
  const float step = r.w / shown_nights;
  for (int i = 0; i < shown_nights; ++i) {
    const Night night = nights[static_cast<std::size_t>(i)];
    const Rect cell{r.x + step * static_cast<float>(i), r.y, step - 3, 20};
    if (night == Night::none) {
      fill(cell, c.bg_inset, 3);
    } else {
      fill(cell, night == Night::good ? c.signal_success : c.signal_danger, 3);
    }
  }
  const Rect words{r.x, r.y + 24, r.w, 16};
  text_line(words, failure.empty() ? "The last 30 days" : failure, theme::small, c.text_tertiary);
}

void state_panel(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const BackupOverview& view = state.session.backups.overview;
  const bool is_bad = !view.last_problem.empty() || view.items.empty();
  const Rect panel = flow.take(panel_height);
  fill(panel, c.bg_raised, 8);
  outline(panel, c.border_default, 8);
  draw_icon(panel.x + 24,
            panel.y + 29,
            is_bad ? icons::circle_alert : icons::shield_check,
            20,
            is_bad ? c.signal_danger : c.signal_success);
  std::string title = "There is no backup yet";
  std::string text = "to " + view.directory;
  if (!view.items.empty()) {
    const BackupItem& last = view.items.front();
    title = "Last copy " + ago_label(state.now, last.written_at) +
            (last.is_verified ? ", checked by reading it back" : ", without a manifest");
    text = size_text(last.bytes) + " " + text;
  }
  if (!view.last_problem.empty()) title = "The last backup failed: " + view.last_problem;
  if (view.is_running) title = "A backup is being written";
  text_line({panel.x + 46, panel.y + 10, panel.w - 60, 20}, title, theme::body_strong, c.text_primary);
  text_line({panel.x + 46, panel.y + 30, panel.w - 60, 18}, text, theme::small, c.text_secondary);
  nights_bar(state, {panel.x + 14, panel.y + 62, panel.w - 28, 44});
  flow.y += 12;
}

void backups_table(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const bool phone = is_phone();
  SettingsTable table =
      begin_table(flow,
                  phone ? std::vector<float>{0.65f, 0.35f} : std::vector<float>{0.46f, 0.14f, 0.18f, 0.22f},
                  phone ? std::vector<std::string_view>{"File", "Written"}
                        : std::vector<std::string_view>{"File", "Size", "Written", "State"},
                  state.session.backups.overview.items.size());
  for (const BackupItem& row : state.session.backups.overview.items) {
    const std::vector<Rect> cells = next_row(table);
    text_line(cells[0], row.file, theme::mono, c.text_primary);
    if (!phone) {
      text_line(cells[1], size_text(row.bytes), theme::body, c.text_primary);
      std::string words = row.is_verified ? "verified" : "no manifest";
      if (row.is_encrypted) words += ", encrypted";
      text_line(cells[3], words, theme::body, c.text_secondary);
    }
    text_line(cells[phone ? 1 : 2], ago_label(state.now, row.written_at), theme::body, c.text_primary);
  }
}

}  // namespace

void backups_section(const State& state, Outbox& out, Flow& flow) {
  const BackupsView& view = state.session.backups;
  Rect bar = section_head(flow, "Backups", "The whole database and its attachments, from one moment.");
  if (!view.is_loaded) {
    if (appeared(id_of("load"))) out.run("backups.load");
    draw_skeleton_bar(flow.x, flow.take(30).center_y(), 260);
    return;
  }
  if (!view.refusal.empty()) {
    text_line(flow.take(24), view.refusal, theme::body, theme::colors().text_secondary);
    return;
  }
  const BackupOverview& overview = view.overview;
  if (button_right(bar, "start", "Back up now", {.kind = ButtonKind::primary, .icon = icons::archive}))
    out.run("backups.start");
  if (button_right(bar, "again", "Look again", {.kind = ButtonKind::ghost})) out.run("backups.load");
  state_panel(state, flow);
  setting_line(
      flow,
      "Schedule: " + overview.schedule,
      "Set by BACKUP_SCHEDULE; kept for " + std::to_string(overview.keep_days) + " days (BACKUP_KEEP_DAYS)");
  setting_line(flow,
               overview.is_encrypted ? "Encrypted" : "Not encrypted",
               overview.is_encrypted ? "AES-256 with a key made of the passphrase; keep it elsewhere too"
                                     : "BACKUP_PASSPHRASE_FILE encrypts the next ones");
  setting_line(
      flow, "Restore", "On the server: dits restore FILE. It asks, checks, and keeps the replaced data");
  flow.y += 12;
  if (!overview.items.empty()) backups_table(state, flow);
}

}  // namespace dits::web
