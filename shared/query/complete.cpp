#include "shared/query/complete.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/query/token.hpp"

namespace dits::query {

namespace {

// The field that a token stands behind: null when there is none or it is unknown; `is_sort` for sort:.
struct Context {
  const FieldInfo* field = nullptr;
  bool is_sort = false;
  bool is_value = false;
};

Context context_of(std::string_view query, const Token& field) {
  const std::string_view name = name_of_field(query, field);
  return {find_field(name), fold_case(name) == "sort", true};
}

SpanKind value_kind(const Context& context) {
  if (context.field == nullptr) return SpanKind::value;
  switch (context.field->kind) {
    case FieldKind::day:
    case FieldKind::number:
    case FieldKind::issue:
      return SpanKind::number;
    default:
      return context.field->field == Field::label ? SpanKind::label : SpanKind::value;
  }
}

class Completer {
 public:
  Completer(std::string_view typed, std::size_t begin, std::size_t end)
      : folded_(fold_case(typed)), begin_(begin), end_(end) {}

  // Candidates that begin with what was typed come before those that have it inside.
  void offer(std::string_view match, std::string text, std::string_view description) {
    const std::string folded = fold_case(match);
    const std::size_t at = folded.find(folded_);
    if (at == std::string::npos) return;
    auto& list = at == 0 ? beginning_ : inside_;
    list.push_back({std::move(text), std::string(description), begin_, end_});
  }

  void offer_words(std::span<const Word> words) {
    for (const Word& word : words) {
      if (word_of(words, word.value) == word.name) offer(word.name, std::string(word.name), word.help);
    }
  }

  template <typename Named>
  void offer_names(const std::vector<Named>& named) {
    for (const Named& each : named) {
      std::string text = each.name;
      if (!reads_as_word(text)) {
        text = "\"";
        for (const char c : each.name) {
          if (c == '"' || c == '\\') text += '\\';
          text += c;
        }
        text += '"';
      }
      offer(each.name, std::move(text), {});
    }
  }

  std::vector<Completion> take(std::size_t limit) {
    std::move(inside_.begin(), inside_.end(), std::back_inserter(beginning_));
    if (beginning_.size() > limit) beginning_.resize(limit);
    return std::move(beginning_);
  }

 private:
  std::string folded_;
  std::size_t begin_;
  std::size_t end_;
  std::vector<Completion> beginning_;
  std::vector<Completion> inside_;
};

void offer_values(Completer& completer, const Context& context, const Names& names) {
  if (context.is_sort) return completer.offer_words(sort_words());
  if (context.field == nullptr) return;
  switch (context.field->kind) {
    case FieldKind::state:
      return completer.offer_words(state_words());
    case FieldKind::part:
      return completer.offer_words(part_words());
    case FieldKind::priority: {
      completer.offer_words(priority_words());
      completer.offer(">=high", ">=high", "high or urgent");
      return;
    }
    case FieldKind::day: {
      const bool is_ahead = context.field->field == Field::start || context.field->field == Field::due;
      completer.offer("today", "today", {});
      completer.offer("<7d", "<7d", is_ahead ? "within a week, or late" : "in the last week");
      completer.offer("<30d", "<30d", is_ahead ? "within 30 days, or late" : "in the last 30 days");
      completer.offer(">30d", ">30d", is_ahead ? "in more than 30 days" : "more than 30 days ago");
      completer.offer("yesterday", "yesterday", {});
      completer.offer("tomorrow", "tomorrow", {});
      return;
    }
    case FieldKind::name:
      switch (context.field->field) {
        case Field::status:
          return completer.offer_names(names.statuses);
        case Field::label:
          return completer.offer_names(names.labels);
        case Field::project:
          return completer.offer_names(names.projects);
        default:
          return completer.offer_names(names.areas);
      }
    case FieldKind::issue:
    case FieldKind::number:
    case FieldKind::text:
      return;
  }
}

void offer_fields(Completer& completer) {
  for (const FieldInfo& field : all_fields())
    completer.offer(field.name, std::string(field.name) + ":", field.help);
  completer.offer("sort", "sort:", "the order: sort:-updated, sort:priority");
}

}  // namespace

std::vector<Span> spans_of(std::string_view query) {
  std::vector<Span> spans;
  Context context;
  for (const Token& token : tokens_of(query)) {
    SpanKind kind = SpanKind::comparison;
    switch (token.kind) {
      case TokenKind::field:
        context = context_of(query, token);
        kind = context.field != nullptr || context.is_sort ? SpanKind::field : SpanKind::bad_field;
        break;
      case TokenKind::word:
        kind = SpanKind::text;
        break;
      case TokenKind::quoted:
        kind = SpanKind::quoted;
        break;
      case TokenKind::value:
        kind = value_kind(context);
        break;
      case TokenKind::quoted_value:
        kind = value_kind(context) == SpanKind::label ? SpanKind::label : SpanKind::quoted;
        break;
      case TokenKind::open:
      case TokenKind::close:
        kind = SpanKind::parenthesis;
        break;
      default:
        break;
    }
    spans.push_back({kind, token.begin, token.end});
  }
  return spans;
}

std::vector<Completion> completions_at(std::string_view query,
                                       std::size_t caret,
                                       const Names& names,
                                       std::size_t limit) {
  caret = std::min(caret, query.size());
  Context
      context;  // of the field whose values the caret may be among: they follow each other without a space
  std::size_t chain_end = 0;
  std::size_t begin = caret;
  std::size_t end = caret;
  for (const Token& token : tokens_of(query)) {
    if (token.begin >= caret) break;
    const bool is_value = context.is_value && token.begin == chain_end && token.kind != TokenKind::open &&
                          token.kind != TokenKind::close;
    if (!is_value) context = token.kind == TokenKind::field ? context_of(query, token) : Context{};
    if (token.kind == TokenKind::quoted && token.end >= caret && !is_value) return {};
    chain_end = token.end;
    const bool is_text = token.kind == TokenKind::value || token.kind == TokenKind::quoted_value ||
                         token.kind == TokenKind::word;
    const bool is_field_name = token.kind == TokenKind::field && token.end > caret;
    if (is_field_name) context = {};
    if (token.end >= caret && (is_text || is_field_name)) {
      begin = token.begin;
      end = token.end;
    }
  }
  if (chain_end < caret) context = {};
  const std::string_view typed = query.substr(begin, caret - begin);
  Completer completer(without_quote(typed), begin, end);
  if (context.is_value) {
    offer_values(completer, context, names);
  } else {
    offer_fields(completer);
  }
  return completer.take(limit);
}

}  // namespace dits::query
