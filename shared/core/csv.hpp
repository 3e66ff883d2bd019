// Comma-separated values as RFC 4180 has them, read as they arrive and written cell by cell.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"

namespace dits {

constexpr std::size_t max_csv_cell_bytes = std::size_t{1024} * 1024;
constexpr std::size_t max_csv_columns = 1000;
constexpr std::size_t max_csv_row_bytes = std::size_t{4} * 1024 * 1024;

// The kind of the error for text that is in no encoding that can be read here.
constexpr const char* csv_not_utf8 = "not_utf8";

// Rows end with CRLF, LF or CR; a byte order mark at the beginning and empty lines are passed over. Between
// the cells of a row stands what a first line "sep=;" says, as spreadsheets write it, else that of comma,
// semicolon, tab and bar which the first row has most of outside quotes (of as many the one named first).
class CsvReader {
 public:
  // `line` is where the row begins, from 1. An error that `take` gives ends the reading and is passed on.
  using TakeRow = std::function<Result<void>(std::int64_t line, std::vector<std::string>& cells)>;
  explicit CsvReader(TakeRow take) : take_(std::move(take)) {}

  // Errors: invalid, naming the line: something behind a closing quote, too many or too large cells, a row
  // that is too large, text that is no UTF-8 (kind csv_not_utf8) or has a NUL, what is no text at all (a
  // workbook, something compressed); those of `take`.
  Result<void> add(std::string_view bytes);
  // Errors: as add(), and invalid when a quote is still open.
  Result<void> finish();

 private:
  enum class State { cell_begin, plain, quoted, quote_in_quoted };
  Result<void> begin();
  Result<void> take_byte(char c);
  Result<void> end_cell();
  Result<void> end_row();
  Error wrong(const std::string& what) const;

  TakeRow take_;
  State state_ = State::cell_begin;
  std::vector<std::string> cells_;
  std::size_t row_bytes_ = 0;  // of cells_
  std::string cell_;
  std::string head_;  // of the file, until its first row is here
  bool is_begun_ = false;
  char separator_ = ',';
  bool has_cell_ = false;  // the row has something in it, be it only a comma
  bool was_return_ = false;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
};

// One cell, in quotes where it needs them. An empty one is "", which tells it from one that is not there.
void append_csv_cell(std::string& out, std::string_view cell);
// One row with its CRLF, for people and their spreadsheets: an empty cell has no quotes unless it is the
// whole row. A cell that a spreadsheet would take for a formula (one that begins with = + - @, a tab or a
// carriage return) gets an apostrophe before it; csv_cell_text takes it away again.
void append_csv_row(std::string& out, const std::vector<std::string>& cells);
// Several words in one cell: "bug, sync, "kitchen, bath"". One that has a comma or a quote, or a space at an
// end, stands in quotes, and quotes within are doubled.
std::string joined_words(const std::vector<std::string>& words);
// The words of such a cell; what follows a closing quote goes on until the comma. Empty ones are passed over.
// Errors: invalid, when a quote is never closed.
Result<std::vector<std::string>> words_in_cell(std::string_view cell);
// What append_csv_row wrote: without the apostrophe that stands before a formula.
std::string_view csv_cell_text(std::string_view cell);

}  // namespace dits
