#include "web/ui/markdown_runs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "web/widgets/picture.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

using markdown::Block;
using markdown::Span;
using markdown::SpanKind;

// The piece of a run from one break up to the next.
std::vector<RichSpan> piece_of_run(const std::vector<Span>& spans,
                                   const TextRun& run,
                                   const RichBreak& from,
                                   const RichBreak* to,
                                   const SpanLook& look) {
  const std::size_t last = to == nullptr ? run.last : run.first + to->span + (to->byte > 0 ? 1 : 0);
  std::vector<RichSpan> rich;
  for (std::size_t at = run.first + from.span; at < last; ++at) {
    rich.push_back(rich_span(spans[at], look));
    const std::size_t begin = at == run.first + from.span ? from.byte : 0;
    const bool is_cut = to != nullptr && at == run.first + to->span;
    if (begin == 0 && !is_cut) continue;
    const std::string text(rich.back().text.view());
    const std::size_t end = is_cut ? to->byte : text.size();
    rich.back().text = text.substr(begin, end - begin);
  }
  return rich;
}

struct RunPlace {
  float y = 0;
  SpanLook look;
  Reading reading = Reading::links;
};

void draw_run(View& view, const std::vector<Span>& spans, const TextRun& run, const RunPlace& place) {
  const auto& [y, look, reading] = place;
  // The pieces between the breaks of which something is seen; the first one begins before the first break.
  const auto behind = std::upper_bound(run.breaks.begin(),
                                       run.breaks.end(),
                                       view.clip_top - view_margin - y,
                                       [](float edge, const RichBreak& each) { return edge < each.y; });
  auto at = static_cast<std::size_t>(behind - run.breaks.begin());
  for (; at <= run.breaks.size(); ++at) {
    const RichBreak from = at == 0 ? RichBreak{} : run.breaks[at - 1];
    const RichBreak* to = at < run.breaks.size() ? &run.breaks[at] : nullptr;
    if (y + from.y > view.clip_bottom + view_margin) break;
    const IdScope ids(static_cast<std::uint64_t>(run.first) << 20u | at);
    const std::vector<RichSpan> rich = run.breaks.empty() ? rich_spans(spans, run.first, run.last, look)
                                                          : piece_of_run(spans, run, from, to, look);
    const RichLayout layout =
        rich_text("spans", view.flow.x, y + from.y, view.flow.w, look.style.line_height, rich, reading);
    take_link(view, layout);
  }
}

}  // namespace

void take_link(View& view, const RichLayout& layout) {
  if (!layout.pointed_link.empty() && !layout.pointed_link.starts_with(footnote_link)) {
    view.events.pointed_issue = parse_route(layout.pointed_link).issue_number;
    view.events.pointed_place = layout.pointed_place;
  }
  if (layout.pressed_link.empty()) return;
  if (layout.pressed_link.starts_with(footnote_link)) {
    view.to_footnote = std::atoll(layout.pressed_link.c_str() + footnote_link.size());
    return;
  }
  view.events.link = layout.pressed_link;
  view.events.opens_tab = layout.opens_tab;
}

bool has_parts(const std::vector<Span>& spans) {
  return std::any_of(spans.begin(), spans.end(), [](const Span& span) {
    return span.is_code || span.kind == SpanKind::link || span.kind == SpanKind::mention ||
           span.kind == SpanKind::image || span.kind == SpanKind::footnote;
  });
}

float moved_sideways(View& view, const Block& block, Rect place, float width) {
  const float most = width - place.w;
  if (most <= 0) return 0;
  auto& [offset, before_finger] = view.kept.sideways[&block];
  const ImGuiIO& io = ImGui::GetIO();
  const float wheel = io.MouseWheelH != 0 ? io.MouseWheelH : io.KeyShift ? io.MouseWheel : 0;
  if (wheel != 0 && is_hovered(place)) offset -= wheel * 60;
  const Sweep finger = sweep();
  if (finger.phase == Sweep::Phase::none) before_finger = offset;
  if (finger.phase == Sweep::Phase::moving && place.contains(finger.start))
    offset = before_finger - finger.distance;

  const Rect track{place.x + 2, place.bottom() - 8, place.w - 4, 8};
  const float length = std::max(32.0f, track.w * place.w / width);
  const ArrowRegion arrows;
  const ItemState bar = hit(id_of("sideways"), track, item_on_press);
  if (bar.held) offset = (mouse().x - track.x - length / 2) / (track.w - length) * most;
  if (bar.has_ring && ImGui::IsKeyPressed(ImGuiKey_RightArrow)) offset += 60;
  if (bar.has_ring && ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) offset -= 60;
  offset = std::round(std::clamp(offset, 0.0f, most));
  mirror(
      bar, track, {.role = Aria::slider, .name = "Scroll sideways", .value_now = offset, .value_max = most});
  const Rect thumb{track.x + (track.w - length) * offset / most, track.y + 2, length, 4};
  fill(thumb, theme::with_alpha(theme::colors().border_strong, bar.hovered || bar.held ? 0.8f : 0.5f), 2);
  if (bar.has_ring) focus_ring(thumb, 2);
  return offset;
}

void draw_runs(View& view, const Block& block, BlockLayout& layout, SpanLook look, Reading reading) {
  look.is_faded = view.is_faded;
  for (TextRun& run : layout.runs) {
    const float y = view.flow.y + run.top;
    if (!view.is_near(y, run.height)) continue;
    if (!run.is_picture) {
      draw_run(view, block.spans, run, {y, look, reading});
      continue;
    }
    const Span& span = block.spans[run.first];
    const IdScope ids(static_cast<std::uint64_t>(run.first));
    picture("picture", view.flow.x, y, view.flow.w, span.target, span.text);
    view.kept.shown_pictures.push_back({&run, view.flow.w, &span.target});
  }
}

}  // namespace dits::web
