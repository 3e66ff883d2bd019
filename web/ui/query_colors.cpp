// Colours and completion come from the language itself; here they get the theme's colours and the labels'
// tints.
#include "web/ui/query_colors.hpp"

#include <algorithm>

#include "shared/core/text.hpp"
#include "shared/query/complete.hpp"
#include "web/store/query_run.hpp"
#include "web/theme/tokens.hpp"

namespace dits::web {

namespace {

ImU32 color_of(query::SpanKind kind) {
  const theme::Palette& c = theme::colors();
  switch (kind) {
    case query::SpanKind::field:
      return c.syn_key;
    case query::SpanKind::bad_field:
      return c.syn_error;
    case query::SpanKind::comparison:
    case query::SpanKind::parenthesis:
      return c.syn_op;
    case query::SpanKind::value:
      return c.syn_value;
    case query::SpanKind::number:
      return c.syn_number;
    case query::SpanKind::quoted:
      return c.syn_string;
    case query::SpanKind::label:
    case query::SpanKind::text:
      return c.text_primary;
  }
  return c.text_primary;
}

theme::Hue hue_of_label(const State& state, std::string_view name) {
  if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  const std::string folded = fold_case(name);
  for (const Label& label : state.entities.labels) {
    if (!label.deleted_at && fold_case(label.name) == folded) return theme::hue_of(label.color);
  }
  return theme::Hue::stone;
}

}  // namespace

std::vector<widgets::ColoredSpan> query_spans(const State& state, std::string_view query) {
  std::vector<widgets::ColoredSpan> spans;
  std::size_t error_begin = query.size() + 1;
  std::size_t error_end = error_begin;
  if (state.list.error && state.list.query_text == query) {
    error_begin = state.list.error->column;
    error_end = error_begin + std::max<std::size_t>(1, state.list.error->length);
  }
  for (const query::Span& span : query::spans_of(query)) {
    widgets::ColoredSpan colored;
    colored.begin = span.begin;
    colored.end = span.end;
    colored.color = color_of(span.kind);
    if (span.kind == query::SpanKind::label) {
      const theme::LabelColors& colors =
          theme::label_colors(hue_of_label(state, query.substr(span.begin, span.end - span.begin)));
      colored.color = colors.fg;
      colored.background = colors.bg;
    }
    colored.is_wrong =
        span.kind == query::SpanKind::bad_field || (span.begin < error_end && span.end > error_begin);
    spans.push_back(colored);
  }
  return spans;
}

std::vector<query::Completion> query_completions(const State& state,
                                                 std::string_view text,
                                                 std::size_t caret) {
  return query::completions_at(text, caret, query_names(state), 8);
}

}  // namespace dits::web
