// Everything out, and in again.
#include <algorithm>
#include <array>

#include "web/theme/icons.hpp"
#include "web/ui/settings_sections.hpp"

namespace dits::web {

namespace {

struct FormatRow {
  const char* format;
  const char* title;
  const char* text;
};
constexpr std::array<FormatRow, 3> formats{{
    {"json", "JSON", "Everything, history and files too; DITS reads it back without loss"},
    {"csv", "CSV", "The issues as a table, for spreadsheets"},
    {"markdown", "Markdown", "A folder with one file for each issue, in a tar"},
}};

void import_state(const State& state, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const TransferState& transfer = state.transfer;
  if (transfer.text.empty()) return;
  flow.y += 8;
  std::string_view rest = transfer.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const float height = wrapped_height(flow.w, line, theme::body);
    const Rect r = flow.take(height + 4);
    const ImU32 color = transfer.has_failed ? c.signal_danger : c.text_secondary;
    draw_wrapped(r.x, r.y, r.w, line, theme::body, color);
    mirror(id_of(line), r, {.role = transfer.has_failed ? Aria::alert : Aria::status, .name = line});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!transfer.is_running) return;
  const Rect bar = flow.take(6);
  const int percent = static_cast<int>(transfer.fraction * 100);
  const std::string value = std::to_string(percent) + '%';
  fill(bar, c.bg_sunken, 3);
  fill({bar.x, bar.y, bar.w * transfer.fraction, bar.h}, c.accent_base, 3);
  mirror(id_of("progress"), bar, {.role = Aria::progressbar, .name = "Import", .value = value});
}

}  // namespace

void transfer_section(const State& state, Outbox& out, Flow& flow) {
  section_head(flow, "Export", "Take everything with you. Nothing is left out, nothing is locked in.");
  for (const FormatRow& row : formats) {
    const IdScope ids(row.format);
    const Rect line = setting_line(flow, row.title, row.text, 90);
    Rect bar{line.x, line.y, line.w, line.h};
    const std::string name = std::string("Export as ") + row.title;
    if (button_right(bar, "export", "Export", {.icon = icons::download, .name = name}))
      out.run("data.export", std::string(row.format));
  }
  flow.y += 26;
  section_head(
      flow, "Import", "An export of DITS into an account that is new, or a table of issues into any.");
  const Rect line = setting_line(
      flow,
      "File",
      "A .jsonl of DITS, or a .csv whose first row names the columns: title, status, labels, … Issues of "
      "GitHub come in on the server: dits import github FILE",
      130);
  Rect bar{line.x, line.y, line.w, line.h};
  if (button_right(bar,
                   "import",
                   "Choose a file…",
                   {.icon = icons::upload,
                    .is_disabled = state.transfer.is_running,
                    .name = "Choose a file to import"}))
    out.run("data.import");
  import_state(state, flow);
}

}  // namespace dits::web
