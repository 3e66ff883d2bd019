// Tables as RFC 4180 has them, and no formula in a spreadsheet.
#include "shared/core/csv.hpp"

#include <doctest/doctest.h>

using namespace dits;

namespace {

struct ReadRow {
  std::int64_t line;
  std::vector<std::string> cells;
};

Result<std::vector<ReadRow>> read_all(std::string_view text, std::size_t piece = 3) {
  std::vector<ReadRow> rows;
  CsvReader reader([&](std::int64_t line, std::vector<std::string>& cells) -> Result<void> {
    rows.push_back({line, cells});
    return {};
  });
  while (!text.empty()) {
    TRY(reader.add(text.substr(0, piece)));
    text.remove_prefix(std::min(piece, text.size()));
  }
  TRY(reader.finish());
  return rows;
}

}  // namespace

TEST_CASE("rows, quotes and line ends are read wherever the bytes are cut") {
  struct Row {
    const char* text;
    std::vector<std::vector<std::string>> cells;
  };
  const Row rows[] = {
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"a\rb\r", {{"a"}, {"b"}}},
      {"\xef\xbb\xbf"
       "a,b\n",
       {{"a", "b"}}},
      {"\"a,\"\"b\"\"\",c\n", {{"a,\"b\"", "c"}}},
      {"\"two\r\nlines\",x\n", {{"two\r\nlines", "x"}}},
      {",\n,,\n", {{"", ""}, {"", "", ""}}},
      {"\n\na\n\n", {{"a"}}},
      {"\"\"\n", {{""}}},
      {"", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    for (const std::size_t piece : {1U, 2U, 100U}) {
      const auto read = read_all(row.text, piece);
      REQUIRE(read);
      REQUIRE(read->size() == row.cells.size());
      for (std::size_t at = 0; at < row.cells.size(); ++at) CHECK((*read)[at].cells == row.cells[at]);
    }
  }
}

TEST_CASE("what separates the cells is found in the first row, or said before it") {
  struct Row {
    const char* text;
    std::vector<std::string> second;
    std::int64_t line = 2;
  };
  const Row rows[] = {
      {"title;due\nA, b;2026-02-01\n", {"A, b", "2026-02-01"}},
      {"title\tdue\r\nA; b\t2026-02-01\r\n", {"A; b", "2026-02-01"}},
      {"title|due\nA|2026-02-01", {"A", "2026-02-01"}},
      {"\"a;b;c\",due\nA,x;y;z\n", {"A", "x;y;z"}},
      {"a;b,c\nA,B\n", {"A", "B"}},
      {"Name;Size 5\";Note\nA, B, C;2;\"x;y\"\n", {"A, B, C", "2", "x;y"}},
      {"title\nA; b\n", {"A; b"}},
      {"\xef\xbb\xbfsep=;\r\ntitle,x;due\r\nA, b;\"2026;\"\r\n", {"A, b", "2026;"}, 3},
      {"SEP=\t\ntitle;due\tx\n1;2\t3\n", {"1;2", "3"}, 3},
      {"\n\na;b;c\n1;2;3\n", {"1", "2", "3"}, 4},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    for (const std::size_t piece : {1U, 3U, 100U}) {
      const auto read = read_all(row.text, piece);
      REQUIRE(read);
      REQUIRE(read->size() == 2);
      CHECK((*read)[1].cells == row.second);
      CHECK((*read)[1].line == row.line);
    }
  }
  CHECK(read_all("a;b\n\"x\"y;z\n").error().message.find("the separator") != std::string::npos);
}

TEST_CASE("each row knows the line on which it begins") {
  const auto read = read_all("a\n\"b\nb\"\r\n\r\nc\n");
  REQUIRE(read);
  CHECK((*read)[0].line == 1);
  CHECK((*read)[1].line == 2);
  CHECK((*read)[2].line == 5);
}

TEST_CASE("what is no table is refused by its line") {
  CHECK(read_all("a\n\"b\"c\n").error().message.find("Line 2: after a closing quote") == 0);
  CHECK(read_all("a\n\"b\nc").error().message.find("Line 2: a quote that begins") == 0);
  CHECK(read_all("a\n\xff\n").error().message.find("Line 2: this is not text") == 0);
  CHECK(read_all(std::string(max_csv_columns, ',') + "\n").error().message.find("Line 1: there are more") ==
        0);
  const std::string large_cell = std::string(max_csv_cell_bytes, 'x') + ",";
  CHECK(read_all("a\n" + large_cell + large_cell + large_cell + large_cell + "x\n", 65536)
            .error()
            .message.find("Line 2: a row") == 0);
  CHECK(read_all(std::string(max_csv_cell_bytes + 1, 'x'), 65536).error().message.find("Line 1: a cell") ==
        0);
}

TEST_CASE("no cell that was written is a formula, and every cell is read back as it was") {
  for (const std::string cell : {"=1+1",  "+1",          "-1",  "@x",         "\tx",
                                 "\rx",   "plain",       "",    "'",          "'quoted'",
                                 "'=1",   "''=1",        "a,b", "a\"b",       "a;b;c;d",
                                 "sep=;", "a\tb\tc|d|e", " x",  "two\nlines", "\xef\xbb\xbfmarked"}) {
    CAPTURE(cell);
    std::string text;
    append_csv_row(text, {cell, "end"});
    const auto read = read_all(text);
    REQUIRE(read);
    const std::string shown = (*read)[0].cells[0];
    CHECK((shown.empty() || std::string_view("=+-@\t\r").find(shown[0]) == std::string_view::npos));
    CHECK(csv_cell_text(shown) == cell);
  }
}

TEST_CASE("a single cell is in quotes where it needs them, and as it is otherwise") {
  const std::pair<std::string_view, std::string_view> cells[] = {{"plain", "plain"},
                                                                 {"", "\"\""},
                                                                 {"a,b", "\"a,b\""},
                                                                 {"a;b", "\"a;b\""},
                                                                 {"two\nlines", "\"two\nlines\""},
                                                                 {"say \"x\"", "\"say \"\"x\"\"\""},
                                                                 {" indented", "\" indented\""},
                                                                 {"-5", "-5"},
                                                                 {"=1+1", "=1+1"}};
  for (const auto& [cell, written] : cells) {
    std::string text;
    append_csv_cell(text, cell);
    CHECK(text == written);
  }
}

TEST_CASE("an empty cell of a row has no quotes unless it is the whole row") {
  std::string text;
  append_csv_row(text, {"a", "", "c"});
  append_csv_row(text, {""});
  CHECK(text == "a,,c\r\n\"\"\r\n");
}

TEST_CASE("words of one cell are read as they were joined") {
  const std::vector<std::vector<std::string>> rows = {{},
                                                      {"bug"},
                                                      {"bug", "sync"},
                                                      {"kitchen, bath", "bug"},
                                                      {"5\" disk", "\"quoted\"", "a\"\"b"},
                                                      {" leading", "trailing "},
                                                      {",", "\""}};
  for (const std::vector<std::string>& words : rows) {
    CAPTURE(joined_words(words));
    const auto read = words_in_cell(joined_words(words));
    REQUIRE(read);
    CHECK(*read == words);
  }
  CHECK(words_in_cell(" a ,, b,").value() == std::vector<std::string>{"a", "b"});
  CHECK(words_in_cell("\"Story Points, est.\"=title,x=").value() ==
        std::vector<std::string>{"Story Points, est.=title", "x="});
  CHECK_FALSE(words_in_cell("a, \"never closed"));
}
