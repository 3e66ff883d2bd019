// The files of an issue: name, size, a way to save and to delete each.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "web/commands/file_path.hpp"
#include "web/theme/icons.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/widgets/picture.hpp"

namespace dits::web {

namespace {

constexpr std::int64_t largest_thumbnail = 4'000'000;  // bytes: what is larger is loaded when it is wanted

// "3 B", "12 KB", "4.2 MB"
std::string size_text(std::int64_t bytes) {
  constexpr std::array<const char*, 4> units{" B", " KB", " MB", " GB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1000;
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), size < 10 && unit > 0 ? "%.1f" : "%.0f", size);
  return digits.data() + std::string(units.at(unit));
}

void file_row(Outbox& out, const Issue& issue, const Attachment& file, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(UuidHash{}(file.id.uuid) | 1u);
  const bool is_picture = is_shown_inline(file.content_type) && file.byte_size <= largest_thumbnail;
  const Rect r = flow.take(is_phone() ? 44.0f : is_picture ? 40.0f : 26.0f);
  if (!is_near_view(r)) return;
  const float remove_width = is_phone() ? 40 : 22;
  const Rect remove_place{r.right() - remove_width, r.y + 2, remove_width, r.h - 4};
  // A finger does not hover: what it would press has to be seen.
  const bool is_lit = is_phone() || is_hovered(r);
  const std::string size = size_text(file.byte_size);
  const std::string remove_name = "Delete " + file.file_name;
  const ItemState remove =
      item(id_of("remove"), remove_place, {.role = Aria::button, .name = remove_name}, item_no_tab_stop);
  const std::string name = "Save " + file.file_name + ", " + size;
  // Beside it, not below: in the mirror the later of two would cover the other.
  const Rect save_place{r.x, r.y, remove_place.x - r.x, r.h};
  const ItemState row = item(id_of("row"), save_place, {.role = Aria::button, .name = name});
  if (row.hovered) fill(inset(r, -6, 0), c.bg_hover, 5);
  if (row.has_ring) focus_ring(inset(r, -2, 2), 4);
  const Rect picture_place{r.x, r.center_y() - 16, 44, 32};
  const std::string url = file_path(file);
  const float text_x = r.x + (is_picture ? 54.0f : 22.0f);
  if (is_picture) fill(picture_place, c.bg_sunken, 3);
  if (!is_picture || !thumbnail(picture_place, url)) {
    const char* icon = is_shown_inline(file.content_type) ? icons::image : icons::file;
    draw_icon(is_picture ? picture_place.center_x() : r.x + 7, r.center_y(), icon, 14, c.text_tertiary);
  }
  const float size_width = text_width(size, theme::mono_small);
  const float size_x = (is_lit ? remove_place.x - 6 : r.right()) - size_width;
  const Rect name_place{text_x, r.y, std::max(0.0f, size_x - text_x - 8), r.h};
  text_line(name_place, file.file_name, theme::body, c.text_primary);
  draw_text(size_x, r.center_y(), size, theme::mono_small, c.text_tertiary);
  if (is_lit) {
    const ImU32 color = remove.hovered ? c.signal_danger : c.text_tertiary;
    draw_icon(remove_place.center_x(), r.center_y(), icons::x, 13, color);
  }
  tooltip(remove, remove_place, "Delete");
  if (remove.clicked) {
    out.run("issue.file.delete", file.id, {issue.id});
  } else if (row.clicked) {
    out.run("issue.file.save", file.id, {issue.id});
  }
}

std::vector<const Attachment*> live_files(const State& state, IssueId id) {
  std::vector<const Attachment*> files;
  const auto found = state.entities.attachments.find(id);
  if (found == state.entities.attachments.end()) return files;
  for (const Attachment& file : found->second) {
    if (!file.deleted_at) files.push_back(&file);
  }
  return files;
}

}  // namespace

void issue_files(const State& state, Outbox& out, const Issue& issue, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("files");
  const std::vector<const Attachment*> files = live_files(state, issue.id);
  const bool is_sending = state.uploads > 0 && state.open_issue == issue.id;
  Rect bar = section_title(flow, "Files", files.empty() ? std::string() : std::to_string(files.size()));
  const Rect plus = cut_right(bar, 24);
  if (icon_button("add",
                  middle(plus, 24),
                  icons::plus,
                  "Attach a file",
                  {.is_disabled = issue.deleted_at.has_value(), .icon_size = 14, .color = c.text_tertiary}))
    out.run("issue.file.add", {}, {issue.id});
  for (const Attachment* file : files) file_row(out, issue, *file, flow);
  if (!is_sending) return;
  const Rect r = flow.take(26);
  const std::string words =
      state.uploads == 1 ? "Sending a file" : "Sending " + std::to_string(state.uploads) + " files";
  draw_icon(r.x + 7, r.center_y(), icons::upload, 14, c.text_tertiary);
  text_line({r.x + 22, r.y, r.w - 22, r.h}, words, theme::body, c.text_tertiary);
  mirror(id_of("sending"), r, {.role = Aria::status, .name = words});
}

}  // namespace dits::web
