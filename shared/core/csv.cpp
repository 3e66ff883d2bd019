#include "shared/core/csv.hpp"

#include <algorithm>

#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view zip_mark = "PK\x03\x04";  // .xlsx, .ods
constexpr std::string_view gzip_mark = "\x1f\x8b";
constexpr std::string_view separators = ",;\t|";

// Whether the characters of a row, taken one by one, stand in quotes: these open only where a cell begins.
class Quotes {
 public:
  bool are_open_at(char c) {
    if (c == '"' && (is_open_ || may_open_)) {
      is_open_ = !is_open_;
      may_open_ = true;  // doubled, it opens them again
    } else {
      may_open_ = !is_open_ && separators.find(c) != std::string_view::npos;
    }
    return is_open_;
  }

 private:
  bool is_open_ = false;
  bool may_open_ = true;
};

// Of a text that begins a table: where its first row ends, npos when that is not here yet.
std::size_t end_of_first_row(std::string_view text) {
  Quotes quotes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!quotes.are_open_at(text[at]) && (text[at] == '\n' || text[at] == '\r')) return at;
  }
  return std::string_view::npos;
}

char most_frequent_separator(std::string_view row) {
  std::size_t counts[separators.size()] = {};
  Quotes quotes;
  for (const char c : row) {
    const std::size_t which = quotes.are_open_at(c) ? std::string_view::npos : separators.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  return separators[static_cast<std::size_t>(std::max_element(counts, counts + separators.size()) - counts)];
}

bool begins_formula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
}

}  // namespace

Error CsvReader::wrong(const std::string& what) const {
  return invalid("", "Line " + std::to_string(line_) + ": " + what + ".");
}

Result<void> CsvReader::end_cell() {
  if (cell_.find('\0') != std::string::npos)
    return wrong(
        "a byte 0 stands here, which no text has: the file may be UTF-16 without its mark, or no table");
  if (!is_storable_text(cell_)) {
    Error error = wrong("this is not text in UTF-8");
    error.kind = csv_not_utf8;
    return error;
  }
  if (cells_.size() >= max_csv_columns)
    return wrong("there are more than " + std::to_string(max_csv_columns) + " columns");
  row_bytes_ += cell_.size();
  if (row_bytes_ > max_csv_row_bytes) return wrong("a row is larger than 4 MB");
  cells_.push_back(std::move(cell_));
  cell_.clear();
  state_ = State::cell_begin;
  return {};
}

Result<void> CsvReader::end_row() {
  if (has_cell_) {
    TRY(end_cell());
    TRY(take_(row_line_, cells_));
  }
  cells_.clear();
  row_bytes_ = 0;
  has_cell_ = false;
  state_ = State::cell_begin;
  return {};
}

Result<void> CsvReader::take_byte(char c) {
  const bool is_second_of_pair = c == '\n' && was_return_;
  was_return_ = c == '\r';
  if (state_ == State::quoted) {
    if (c == '\n' && !is_second_of_pair) ++line_;
    if (c == '\r') ++line_;
    if (c == '"') {
      state_ = State::quote_in_quoted;
    } else {
      cell_ += c;
    }
    return cell_.size() <= max_csv_cell_bytes ? Result<void>() : wrong("a cell is larger than 1 MB");
  }
  if (is_second_of_pair) return {};
  if (c == '\r' || c == '\n') {
    TRY(end_row());
    row_line_ = ++line_;
    return {};
  }
  has_cell_ = true;
  if (c == separator_) return end_cell();
  if (c == '"' && state_ != State::plain) {
    if (state_ == State::quote_in_quoted) cell_ += '"';
    state_ = State::quoted;
    return {};
  }
  if (state_ == State::quote_in_quoted)
    return wrong(std::string("after a closing quote comes ") +
                 (separator_ == ',' ? "a comma" : "the separator") +
                 " or the end of the line (a quote inside is doubled)");
  state_ = State::plain;
  cell_ += c;
  return cell_.size() <= max_csv_cell_bytes ? Result<void>() : wrong("a cell is larger than 1 MB");
}

// With head_, which ends behind the first row or with the file.
Result<void> CsvReader::begin() {
  is_begun_ = true;
  if (head_.starts_with(zip_mark))
    return invalid("", "This is a workbook or an archive, no table of text: save it as CSV first.");
  if (head_.starts_with(gzip_mark)) return invalid("", "This file is compressed (gzip): unpack it first.");
  const std::string head = std::move(head_);
  std::string_view rest = head;
  if (rest.starts_with(byte_order_mark)) rest.remove_prefix(byte_order_mark.size());
  constexpr std::string_view word = "sep=";
  const std::string_view first = rest.substr(0, end_of_first_row(rest));
  if (first.size() == word.size() + 1 && fold_case(first.substr(0, word.size())) == word) {
    separator_ = first.back();
    rest.remove_prefix(first.size());
  } else {
    const std::size_t begin = rest.find_first_not_of("\r\n");
    const std::string_view row = rest.substr(std::min(begin, rest.size()));
    separator_ = most_frequent_separator(row.substr(0, end_of_first_row(row)));
  }
  for (const char c : rest) TRY(take_byte(c));
  return {};
}

Result<void> CsvReader::add(std::string_view bytes) {
  if (is_begun_) {
    for (const char c : bytes) TRY(take_byte(c));
    return {};
  }
  head_ += bytes;
  const std::size_t begin = head_.find_first_not_of("\xef\xbb\xbf\r\n");
  const bool is_row_here = begin != std::string::npos &&
                           end_of_first_row(std::string_view(head_).substr(begin)) != std::string::npos;
  return is_row_here || head_.size() > max_csv_row_bytes ? this->begin() : Result<void>();
}

Result<void> CsvReader::finish() {
  if (!is_begun_) TRY(begin());
  if (state_ == State::quoted) {
    line_ = row_line_;
    return wrong("a quote that begins in this row is never closed");
  }
  return end_row();
}

void append_csv_cell(std::string& out, std::string_view cell) {
  const bool needs_quotes = cell.empty() || cell.find_first_of(",;\t|\"\r\n") != std::string_view::npos ||
                            cell.starts_with(' ') || cell.starts_with(byte_order_mark);
  if (!needs_quotes) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells) {
  bool is_first = true;
  for (const std::string& cell : cells) {
    if (!is_first) out += ',';
    is_first = false;
    if (cell.empty() && cells.size() > 1) continue;
    // What already looks guarded is guarded once more, so that reading takes exactly one away.
    const bool is_guarded =
        begins_formula(cell) || (cell.size() > 1 && cell[0] == '\'' && csv_cell_text(cell) != cell);
    append_csv_cell(out, is_guarded ? "'" + cell : cell);
  }
  out += "\r\n";
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ", ";
    const bool needs_quotes =
        word.empty() || word.find_first_of(",\"") != std::string::npos || trim(word).size() != word.size();
    if (!needs_quotes) {
      text += word;
      continue;
    }
    text += '"';
    for (const char c : word) {
      if (c == '"') text += '"';
      text += c;
    }
    text += '"';
  }
  return text;
}

Result<std::vector<std::string>> words_in_cell(std::string_view cell) {
  std::vector<std::string> words;
  while (!cell.empty()) {
    std::string word;
    cell.remove_prefix(std::min(cell.find_first_not_of(" \t\r\n"), cell.size()));
    const bool is_quoted = cell.starts_with('"');
    if (is_quoted) {
      std::size_t at = 1;
      while (true) {
        const std::size_t quote = cell.find('"', at);
        if (quote == std::string_view::npos)
          return invalid(
              "", "A quote is never closed (one that belongs to a name is doubled, and the name quoted)");
        word += cell.substr(at, quote - at);
        at = quote + 1;
        if (at >= cell.size() || cell[at] != '"') break;
        word += '"';
        ++at;
      }
      cell.remove_prefix(at);
    }
    const std::size_t comma = std::min(cell.find(','), cell.size());
    const std::string_view rest = trim(cell.substr(0, comma));
    word += rest;
    if (is_quoted || !word.empty()) words.push_back(std::move(word));
    cell.remove_prefix(std::min(comma + 1, cell.size()));
  }
  std::erase(words, std::string());
  return words;
}

std::string_view csv_cell_text(std::string_view cell) {
  if (cell.size() < 2 || cell.front() != '\'') return cell;
  // An apostrophe before a formula, or before an apostrophe that stands before one.
  const std::size_t at = cell.find_first_not_of('\'');
  if (at == std::string_view::npos || !begins_formula(cell.substr(at))) return cell;
  return cell.substr(1);
}

}  // namespace dits
