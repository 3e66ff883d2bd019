#include "shared/query/parser.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/query/print.hpp"
#include "tests/shared/support/random_query.hpp"

namespace dits::query {

namespace {

struct Good {
  const char* text;
  const char* printed;
};

// Each is read and printed; the printed form is read as the same tree.
constexpr Good good_queries[] = {
    {"", ""},
    {"   ", ""},
    {"websocket", "websocket"},
    {"websocket timeout", "websocket timeout"},
    {"\"websocket timeout\"", "\"websocket timeout\""},
    {"is:open label:bug (priority:>=high OR due:<7d) -project:\"Old site\" sort:-updated \"websocket "
     "timeout\"",
     "is:open label:bug (priority:>=high OR due:<7d) -project:\"Old site\" \"websocket timeout\" "
     "sort:-updated"},
    {"a OR b c", "a OR (b c)"},
    {"(a OR b) c", "(a OR b) c"},
    {"a AND b", "a b"},
    {"NOT a", "-a"},
    {"NOT (a b)", "-(a b)"},
    {"--a", "--a"},
    {"((a))", "a"},
    {"a (b (c d))", "a b c d"},
    {"a OR (b OR c)", "a OR b OR c"},
    {"or and not", "or and not"},
    {"\"OR\"", "\"OR\""},
    {"IS:Open", "is:open"},
    {"is:done", "is:closed"},
    {"label:bug,feature", "label:bug,feature"},
    {"label:\"needs info\",bug", "label:\"needs info\",bug"},
    {"label:b*", "label:b*"},
    {"label:\"b*\"", "label:\"b*\""},
    {"status:in-progress", "status:in-progress"},
    {"priority:urgent", "priority:urgent"},
    {"priority:low..high", "priority:low..high"},
    {"priority:NO_PRIORITY", "priority:none"},
    {"due:2026-01-01..2026-02-01", "due:2026-01-01..2026-02-01"},
    {"due:2026-02", "due:2026-02"},
    {"due:2026", "due:2026"},
    {"due:today", "due:today"},
    {"due:tomorrow", "due:+1d"},
    {"due:+0w", "due:today"},
    {"created:>=-2w", "created:>=-2w"},
    {"updated:>90d", "updated:>90d"},
    {"start:..+7d", "start:..+7d"},
    {"start:today..", "start:today.."},
    {"number:1..50,77", "number:1..50,77"},
    {"#128", "number:128"},
    {"#128a", "\"#128a\""},
    {"parent:#12", "parent:12"},
    {"parent:*", "parent:*"},
    {"blocks:1,2", "blocks:1,2"},
    {"has:sub-issues no:label", "has:sub-issues no:labels"},
    {"sort:priority,-due", "sort:priority sort:-due"},
    {"text:foo", "foo"},
    {"text:foo,bar", "text:foo,bar"},
    {"foo*bar", "foo*bar"},
    {"text:-foo*", "text:-foo*"},
    {"http://example.org/a?b=c", "\"http://example.org/a?b=c\""},
    {"12:30", "\"12:30\""},
    {"\"a \\\"b\\\" \\\\c\"", "\"a \\\"b\\\" \\\\c\""},
    {"-", "\"-\""},
    {"a - b", "a \"-\" b"},
    {"日本　語", "日本 語"},
    // As word processors, phones and East Asian keyboards write it.
    {"“std vector”", "\"std vector\""},
    {"„Größe“ «x» « mot clé » \"a“b”\"", "Größe x \"mot clé\" \"a“b”\""},
    {"label:“bug”", "label:bug"},
    {"label:“needs info”，bug、ui", "label:\"needs info\",bug,ui"},
    {"–label:bug", "-label:bug"},
    {"—bug −x ‐y", "-bug -x -y"},
    {"x – y well–known", "x \"–\" y well–known"},
    {"is：open", "is:open"},
    {"sort：–created", "sort:-created"},
    {"（a OR b） priority：＞＝high", "(a OR b) priority:>=high"},
    {"标题：x 12：30", "\"标题：x\" \"12：30\""},
    {"label:\"a，b\"", "label:\"a，b\""},
    {"Cafe\u0301 label:\"e\u0301\"", "Caf\u00E9 label:\u00E9"},
    {"a,b", "\"a,b\""},
    {"#re,t2e:d-26ent:* NO :due_", "#re,t2e:d-26ent:* NO \":due_\""},
    {"#1*", "#1*"},
    {"-#*,*", "-#*,*"},
    {"text:a:b*,#*", "text:a:b*,#*"},
    {"＃1 number:＃2 parent:＃3", "number:1 number:2 parent:3"},
    {"foo＊bar parent:＊", "foo*bar parent:*"},
    {"\"＊\" ＃x", "\"＊\" \"＃x\""},
    {"priority:≥high due:≤+7d number:≧1", "priority:>=high due:<=+7d number:>=1"},
    {"don’t text:'tis", "\"don’t\" \"'tis\""},
    {"a\u202Fb\u2009c", "a b c"},
    // Marks that come along from a page that is written from right to left, or from a phone.
    {"\u200Fis:open", "is:open"},
    {"\uFEFFis:open", "is:open"},
    {"\u2066label:bug\u2069", "label:bug"},
    {"is:open\u200F", "is:open"},
    {"is:\u200Eopen", "is:open"},
    {"is:open \u200B", "is:open"},
    {"is\u200F:open", "is:open"},
    {"\u200B\u200E", ""},
    {"-\u200Elabel:bug\u200F,\u200Eui sort:\u200E-\u200Ecreated", "-label:bug,ui sort:-created"},
    {"due:\u200E<\u200E7d\u200E number:\u200E1\u200E..\u200E5", "due:<7d number:1..5"},
    {"(\u2067a\u2069 OR\u200F b\u00AD)", "a OR b"},
    {"- \u200E a", "\"-\" a"},
    // Within a word they belong to it, in plain quotes every character does.
    {"می\u200Cخواهم", "می\u200Cخواهم"},
    {"\"\u200Ea\"", "\"\u200Ea\""},
};

struct Bad {
  const char* text;
  std::size_t column;
  const char* message;  // its beginning
  const char* suggestion;
};

constexpr Bad bad_queries[] = {
    {"lable:bug", 1, "Unknown field \"lable\"; did you mean label?", "label"},
    {"x label:", 9, "Expected a value right behind label: (a name", ""},
    {"label: bug", 8, "Expected a value right behind label:", ""},
    {"is:opne", 4, "Unknown state \"opne\"; did you mean open?", "open"},
    {"is:xyzzy", 4, "Unknown state \"xyzzy\"; expected open, closed", ""},
    {"has:wings", 5, "Unknown part \"wings\"", ""},
    {"priority:>=hihg", 12, "Unknown priority \"hihg\"; did you mean high?", "high"},
    {"due:2026-02-30", 5, "\"2026-02-30\" is not what due: takes; expected a day such as", ""},
    {"due:<", 6, "Expected a value right behind due:", ""},
    {"due:<today..+7d", 11, "A comparison and a range do not go together", ""},
    {"due:7d..today", 9, "Both sides of a range need a sign", ""},
    {"number:..", 8, "A range needs a value on one side", ""},
    {"number:abc", 8, "\"abc\" is not what number: takes; expected a number", ""},
    {"parent:Epic", 8, "\"Epic\" is not what parent: takes; expected the number of an issue, or *", ""},
    {"(a b", 1, "This ( has no )", ""},
    {"a)", 2, "Unexpected )", ""},
    {")", 1, "Unexpected )", ""},
    {"()", 2, "Expected a term", ""},
    {"a OR", 5, "Expected a term beside OR", ""},
    {"OR a", 1, "Expected a term beside OR", ""},
    {"a OR sort:title", 16, "Expected a term beside OR", ""},
    {"a OR OR b", 6, "Expected a term beside OR", ""},
    {"NOT", 4, "Expected a term after NOT", ""},
    {"AND a", 1, "Expected a term before AND", ""},
    {"a AND", 6, "Expected a term after AND", ""},
    {"\"abc", 1, "This quote has no end", ""},
    {"27”", 3, "This quote has no end", ""},
    {"“abc", 1, "This quote has no end", ""},
    {"\"abc”", 1, "This quote has no end", ""},
    {"lable：bug", 1, "Unknown field \"lable\"; did you mean label?", "label"},
    {"label:\"abc", 7, "This quote has no end", ""},
    {"label:a,", 9, "Expected a value right behind label:", ""},
    {"label:,a", 7, "Expected a value right behind label:", ""},
    {"label:\"\"", 7, "Expected a name", ""},
    {"sort:", 6, "Expected a key right behind sort:", ""},
    {"sort:updatd", 6, "Unknown sort key \"updatd\"; did you mean updated?", "updated"},
    {"(sort:title)", 2, "sort: stands outside of parentheses", ""},
    {"-sort:title", 2, "sort: cannot be negated", ""},
    {"ärger lable:x", 7, "Unknown field \"lable\"", "label"},
    {"is:op\u200Ben", 4, "Unknown state \"op[U+200B]en\"; expected open", ""},
    {"due_date:today", 1, "Unknown field \"due_date\"; did you mean due?", "due"},
    {"dueDate:today", 1, "Unknown field \"dueDate\"; did you mean due?", "due"},
    {"x start-date:today", 3, "Unknown field \"start-date\"; did you mean start?", "start"},
    {"created_at:today", 1, "Unknown field \"created_at\"; did you mean created?", "created"},
    {"tags:bug", 1, "Unknown field \"tags\"; did you mean label?", "label"},
    {"Title:bug", 1, "Unknown field \"Title\"; did you mean text?", "text"},
    {"snake_case:x", 1, "Unknown field \"snake_case\"; put it in quotes", ""},
    {"due:none", 5, "\"none\" is not what due: takes; no:due finds the issues without one", ""},
    {"due:*", 5, "\"*\" is not what due: takes; has:due finds the issues with one", ""},
    {"parent:None", 8, "\"None\" is not what parent: takes; no:parent finds the issues without one", ""},
    {"completed:*", 11, "\"*\" is not what completed: takes; is:closed finds what is completed", ""},
    {"priority:*", 10, "\"*\" is not what priority: takes; has:priority finds the issues with one", ""},
    {"created:none", 9, "\"none\" is not what created: takes; expected a day such as", ""},
    {"label:'bug'", 7, "Quotes are double ones, as in label:\"bug\"", "\"bug\""},
    {"label:‘bug’", 7, "Quotes are double ones, as in label:\"bug\"", "\"bug\""},
    {"project:'Old site'", 9, "Quotes are double ones, as in project:\"two words\"", ""},
};

}  // namespace

TEST_CASE("a query is read, and printed so that it is read as the same tree") {
  for (const Good& good : good_queries) {
    CAPTURE(std::string(good.text));
    const Parsed parsed = read_query(good.text);
    CHECK_MESSAGE(!parsed.problem, (parsed.problem ? parsed.problem->message : ""));
    if (parsed.problem) continue;
    const std::string printed = print_query(parsed.query);
    CHECK(printed == good.printed);
    const Parsed again = read_query(printed);
    CHECK(!again.problem);
    CHECK(again.query == parsed.query);
  }
}

TEST_CASE("a wrong query says in which column it is wrong and what was expected") {
  for (const Bad& bad : bad_queries) {
    CAPTURE(std::string(bad.text));
    const Parsed parsed = read_query(bad.text);
    REQUIRE(parsed.problem);
    CHECK(parsed.problem->column == bad.column);
    CHECK(parsed.problem->suggestion == bad.suggestion);
    CHECK(parsed.problem->message.substr(0, std::string(bad.message).size()) == bad.message);
  }
}

TEST_CASE("the error of a query names the field q and the column") {
  const Result<Query> query = parse_query("lable:bug");
  REQUIRE(!query);
  CHECK(query.error().field == "q");
  CHECK(query.error().kind == "query_syntax");
  CHECK(query.error().message == "Column 1: Unknown field \"lable\"; did you mean label?");
}

TEST_CASE("printing and reading gives the same tree for random trees") {
  test::Random random(2026);
  const test::Vocabulary vocabulary;
  for (int round = 0; round < 20'000; ++round) {
    const Query query = test::random_query(random, vocabulary);
    const std::string printed = print_query(query);
    if (printed.size() > max_query_bytes) continue;
    const Parsed parsed = read_query(printed);
    CAPTURE(printed);
    REQUIRE_MESSAGE(!parsed.problem, (parsed.problem ? parsed.problem->message : ""));
    REQUIRE_MESSAGE(parsed.query == query, print_query(parsed.query));
  }
}

TEST_CASE("nesting and length are limited, and a hostile query ends quickly") {
  CHECK(read_query(std::string(2000, '(')).problem);
  CHECK(read_query(std::string(2000, '-') + "a").problem);
  CHECK(read_query(std::string(max_query_bytes + 1, 'a')).problem);
  std::string deep = "a";
  for (int depth = 0; depth < max_query_depth; ++depth) deep = "-" + deep;
  CHECK(!read_query(deep).problem);
  CHECK(read_query("-" + deep).problem);
  const std::string opened(max_query_depth, '(');
  const std::string closed(max_query_depth, ')');
  CHECK(!read_query(opened + "one" + closed).problem);
  CHECK(read_query("(" + opened + "one" + closed + ")").problem);
  CHECK(read_query(std::string("a\0b", 3)).problem);
  CHECK(read_query("\xFF").problem);
}

TEST_CASE("a query that is nested as deeply as can be read is printed without another level") {
  std::string deep = "a OR b c";
  for (int depth = 1; depth < max_query_depth; depth += 2) {
    CAPTURE(deep);
    const Parsed parsed = read_query(deep);
    REQUIRE(!parsed.problem);
    const Parsed again = read_query(print_query(parsed.query));
    REQUIRE_MESSAGE(!again.problem, print_query(parsed.query));
    CHECK(again.query == parsed.query);
    deep = "x OR y -(" + deep + ")";
  }
  for (const char* wrap : {"-(", "("}) {
    std::string text = "a OR b c";
    for (int depth = 0; depth < 11; ++depth) text = "p OR q " + std::string(wrap) + text + ")";
    const Parsed parsed = read_query(text);
    REQUIRE(!parsed.problem);
    CHECK(read_query(print_query(parsed.query)).query == parsed.query);
  }
}

TEST_CASE("every beginning of a query is read without harm") {
  const std::string text =
      "is:open label:\"a b\",c (priority:>=high OR due:2026-01-01..+7d) -x sort:-due #12 \"q";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const Parsed parsed = read_query(text.substr(0, length));
    if (!parsed.problem) CHECK(read_query(print_query(parsed.query)).query == parsed.query);
  }
}

TEST_CASE("the sort parameter takes keys with a direction") {
  const Result<std::vector<SortTerm>> sort = parse_sort("priority, -due");
  REQUIRE(sort);
  CHECK(*sort == std::vector<SortTerm>{{SortKey::priority, false}, {SortKey::due, true}});
  CHECK(!parse_sort(""));
  CHECK(!parse_sort("priority,"));
  CHECK(!parse_sort("--due"));
  CHECK(parse_sort("x").error().field == "sort");
}

TEST_CASE("a sort key that is repeated counts once, so that a query's order has an end") {
  std::string keys = "due";
  for (int i = 0; i < 200; ++i) keys += ",-due,title";
  CHECK(parse_sort(keys)->size() == 2);
  const Parsed parsed = read_query("sort:" + keys);
  CHECK(parsed.query.sort.size() == 2);
  CHECK(!parsed.query.sort.at(0).is_descending);
}

}  // namespace dits::query
