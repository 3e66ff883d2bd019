#include "tests/shared/support/random_query.hpp"

namespace dits::query::test {

namespace {

Pattern random_pattern(Random& random, const std::vector<std::string>& words) {
  std::string text = random.pick(words);
  if (!random.chance(20)) return {std::move(text), false};
  // Without quotes only what the lexer takes for one word; a star somewhere makes it a pattern.
  static const std::vector<std::string> patterns = {"*", "b*", "*e*", "w*x", "*ug", "in*", "*ä*", "s*k"};
  return {random.pick(patterns), true};
}

DayValue random_day(Random& random, const Vocabulary& vocabulary) {
  DayValue day;
  day.kind = static_cast<DayValue::Kind>(random.below(5));
  const Date date = {vocabulary.around.days + static_cast<std::int32_t>(random.below(800)) - 400};
  CivilDate civil = civil_from_date(date);
  switch (day.kind) {
    case DayValue::Kind::month:
      civil.day = 1;
      break;
    case DayValue::Kind::year:
      civil = {civil.year, 1, 1};
      break;
    case DayValue::Kind::day:
      break;
    case DayValue::Kind::offset:
    case DayValue::Kind::distance: {
      static const std::vector<std::int32_t> amounts = {0, 1, 3, 7, 14, 30, 400};
      day.amount = random.pick(amounts);
      day.unit = static_cast<DayValue::Unit>(random.below(4));
      if (day.kind == DayValue::Kind::offset && random.chance(50)) day.amount = -day.amount;
      if (day.kind == DayValue::Kind::offset && day.amount == 0) day.unit = DayValue::Unit::day;
      return day;
    }
  }
  day.date = date_from_civil(civil);
  return day;
}

Operand random_operand(Random& random, const Vocabulary& vocabulary, FieldKind kind) {
  switch (kind) {
    case FieldKind::state:
      return static_cast<State>(random.below(8));
    case FieldKind::part:
      return static_cast<Part>(random.below(13));
    case FieldKind::name:
      return random_pattern(random, vocabulary.names);
    case FieldKind::priority:
      return static_cast<Priority>(random.below(5));
    case FieldKind::issue:
      if (random.chance(20)) return AnyIssue{};
      break;
    case FieldKind::day:
      return random_day(random, vocabulary);
    case FieldKind::number:
      break;
    case FieldKind::text:
      return random_pattern(random, vocabulary.texts);
  }
  return static_cast<std::int64_t>(random.below(static_cast<std::size_t>(vocabulary.greatest_number))) + 1;
}

bool is_distance(const Operand& operand) {
  const auto* day = std::get_if<DayValue>(&operand);
  return day != nullptr && day->kind == DayValue::Kind::distance;
}

Value random_value(Random& random, const Vocabulary& vocabulary, FieldKind kind) {
  Value value;
  value.operand = random_operand(random, vocabulary, kind);
  const bool has_order = kind == FieldKind::priority || kind == FieldKind::day || kind == FieldKind::number;
  if (has_order) value.comparison = static_cast<Comparison>(random.below(6));
  if (value.comparison != Comparison::range) return value;
  if (random.chance(20)) return value;
  do {
    value.last = random_operand(random, vocabulary, kind);
  } while (is_distance(value.last) != is_distance(value.operand));
  if (random.chance(20)) value.operand = std::monostate{};
  return value;
}

Node random_term(Random& random, const Vocabulary& vocabulary) {
  Node node;
  node.kind = Node::Kind::term;
  node.term.field = static_cast<Field>(random.below(18));
  const FieldKind kind = info_of(node.term.field).kind;
  do {
    node.term.values.push_back(random_value(random, vocabulary, kind));
  } while (random.chance(20));
  return node;
}

Node random_node(Random& random, const Vocabulary& vocabulary, int depth, Node::Kind parent) {
  const std::size_t choice = depth >= 5 ? 0 : random.below(10);
  if (choice < 5) return random_term(random, vocabulary);
  Node node;
  if (choice < 7) {
    node.kind = Node::Kind::negation;
    node.children.push_back(random_node(random, vocabulary, depth + 1, Node::Kind::negation));
    return node;
  }
  node.kind = parent == Node::Kind::all   ? Node::Kind::any
              : parent == Node::Kind::any ? Node::Kind::all
              : random.chance(50)         ? Node::Kind::all
                                          : Node::Kind::any;
  for (std::size_t count = random.below(2) + 2; count > 0; --count) {
    node.children.push_back(random_node(random, vocabulary, depth + 1, node.kind));
  }
  return node;
}

}  // namespace

Query random_query(Random& random, const Vocabulary& vocabulary) {
  Query query;
  if (!random.chance(5)) query.root = random_node(random, vocabulary, 0, Node::Kind::negation);
  while (random.chance(40) && query.sort.size() < 3) {
    const SortTerm term{static_cast<SortKey>(random.below(12)), random.chance(50)};
    // A key counts once, so a query has it once.
    if (std::none_of(query.sort.begin(), query.sort.end(), [&](const SortTerm& known) {
          return known.key == term.key;
        }))
      query.sort.push_back(term);
  }
  return query;
}

}  // namespace dits::query::test
