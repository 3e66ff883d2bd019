// Studio's filter language, and SQL cut into pieces.
#include "shared/model/studio.hpp"

#include <doctest/doctest.h>

#include "shared/model/sql_text.hpp"

using namespace dits;

TEST_CASE("a filter is conditions joined by and; everything else is a word to look for") {
  const StudioFilter filter =
      parse_studio_filter(
          "status = 'In Progress' and due_date<2026-08-01 AND title ~ sync area_id is not null offline")
          .value();
  REQUIRE(filter.conditions.size() == 4);
  CHECK(condition_text(filter.conditions[0]) == "status = 'In Progress'");
  CHECK(condition_text(filter.conditions[1]) == "due_date < 2026-08-01");
  CHECK(condition_text(filter.conditions[2]) == "title ~ sync");
  CHECK(condition_text(filter.conditions[3]) == "area_id is not null");
  CHECK(filter.words == std::vector<std::string>{"offline"});
  CHECK(parse_studio_filter("  ").value().is_empty());
  CHECK(parse_studio_filter("bert's").value().words == std::vector<std::string>{"bert's"});
}

TEST_CASE("a filter that is printed reads as the same filter") {
  for (const char* text : {"a = 1",
                           "a <> 'it''s'",
                           "a >= '' and b is null",
                           "a = 'and' word",
                           "x 'two words'",
                           "a = \"quoted \"\" too\"",
                           "a != 0199c1f2-dead-7000-8000-00000000beef"}) {
    CAPTURE(text);
    const StudioFilter filter = parse_studio_filter(text).value();
    const StudioFilter again = parse_studio_filter(filter_text(filter)).value();
    CHECK(again.words == filter.words);
    REQUIRE(again.conditions.size() == filter.conditions.size());
    for (std::size_t at = 0; at < filter.conditions.size(); ++at) {
      CHECK(again.conditions[at].column == filter.conditions[at].column);
      CHECK(again.conditions[at].op == filter.conditions[at].op);
      CHECK(again.conditions[at].value == filter.conditions[at].value);
    }
  }
}

TEST_CASE("a filter that makes no sense says what is missing") {
  for (const char* text : {"= 3",
                           "a =",
                           "a = <",
                           "a == b",
                           "a ~ 'open",
                           "a = 'b''",
                           "'",
                           "\"a\"\"",
                           "a = ",
                           "A = 1",
                           "a <=> 2"}) {
    CAPTURE(text);
    const auto filter = parse_studio_filter(text);
    REQUIRE_FALSE(filter.has_value());
    CHECK(filter.error().field == "filter");
  }
}

TEST_CASE("the tokens of SQL are all of its text") {
  for (const char* text : {"select 1",
                           "select 'it''s' -- end",
                           "/* a /* b */ c */ x",
                           "E'a\\'b' \"c\"\"d\" $tag$ $x$ $tag$",
                           "$1::int",
                           "'open",
                           "/* open",
                           "$$ open",
                           "a.b<=1.5;"}) {
    CAPTURE(text);
    std::string joined;
    for (const SqlToken& token : sql_tokens(text)) joined += token.text;
    CHECK(joined == text);
  }
}

TEST_CASE("what a statement does is known before it is sent") {
  const std::pair<const char*, SqlKind> cases[] = {
      {"", SqlKind::empty},
      {" -- nothing\n ;", SqlKind::empty},
      {"select 1;", SqlKind::reads},
      {"/* x */ SELECT 'delete from a; b'", SqlKind::reads},
      {"with a as (select 1) select * from a", SqlKind::reads},
      {"with a as (delete from b returning 1) select * from a", SqlKind::writes},
      {"Insert into a values (1)", SqlKind::writes},
      {"explain select 1", SqlKind::reads},
      {"(select 1) union (select 2)", SqlKind::reads},
      {"drop table a", SqlKind::other},
      {"begin", SqlKind::other},
      {"select 1; select 2", SqlKind::several},
      {"select $$;$$", SqlKind::reads},
  };
  for (const auto& [text, kind] : cases) {
    CAPTURE(text);
    CHECK(kind_of_sql(text) == kind);
  }
}

TEST_CASE("a statement is what stands before its semicolon") {
  CHECK(sql_statement("  select 1 ; -- done") == "select 1");
  CHECK(sql_statement("select ';' -- why\n") == "select ';'");
  CHECK(sql_statement(" ;; ") == "");
}
