#include "server/backup/dump_reader.hpp"

#include <algorithm>
#include <charconv>

#include "server/backup/bad_archive.hpp"
#include "server/backup/dump_statements.hpp"

namespace dits {

namespace {

constexpr std::string_view copy_begin = "COPY ";
constexpr std::string_view copy_end = " FROM stdin;";
constexpr std::string_view rows_end = "\\.";
constexpr std::string_view last_words = "-- PostgreSQL database dump complete";
constexpr std::string_view version_words = "-- Dumped from database version ";
constexpr std::string_view our_schema = "public.";
constexpr std::size_t longest_line = std::size_t{256} * 1024 * 1024;
constexpr std::size_t most_sql_bytes =
    std::size_t{4} * 1024 * 1024;  // between two tables; our schema has 60 KB

bool is_copy(std::string_view line) { return line.starts_with(copy_begin) && line.ends_with(copy_end); }

bool is_plain_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// A name that is a word of SQL stands in quotes.
std::string_view without_quotes(std::string_view name) {
  const bool is_quoted = name.size() > 2 && name.starts_with('"') && name.ends_with('"');
  return is_quoted ? name.substr(1, name.size() - 2) : name;
}

Error foreign_copy(std::string_view line, std::int64_t number) {
  return bad_archive("Line " + std::to_string(number) +
                     " holds a statement that no backup of DITS has: " + std::string(line.substr(0, 80)));
}

Result<CopyHead> head_from_line(std::string_view line, std::int64_t number) {
  CopyHead head;
  std::string_view target = line.substr(copy_begin.size(), line.size() - copy_begin.size() - copy_end.size());
  const std::size_t open = target.find(" (");
  if (open == std::string_view::npos || !target.ends_with(')')) return foreign_copy(line, number);
  const std::string_view table = target.substr(0, open);
  if (!table.starts_with(our_schema) || !is_plain_name(table.substr(our_schema.size())))
    return foreign_copy(line, number);
  head.table = table;
  head.target = head.table + " (";
  std::string_view names = target.substr(open + 2, target.size() - open - 3);
  while (!names.empty()) {
    const std::size_t comma = names.find(", ");
    const std::string_view name = without_quotes(names.substr(0, comma));
    if (!is_plain_name(name)) return foreign_copy(line, number);
    head.target += (head.columns.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    head.columns.emplace_back(name);
    names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 2);
  }
  head.target += ")";
  return head;
}

// The value at a place of a row; ours hold no tab, and what COPY escapes is not asked for here.
std::string_view value_at(std::string_view line, int place) {
  for (; place > 0; --place) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return {};
    line.remove_prefix(tab + 1);
  }
  return line.substr(0, line.find('\t'));
}

}  // namespace

int CopyHead::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Result<void> DumpReader::add(std::string_view piece) {
  const std::size_t last = piece.rfind('\n');
  if (last == std::string_view::npos) {
    rest_ += piece;
    if (rest_.size() > longest_line) return bad_archive("It holds a line that no backup of DITS has.");
    return {};
  }
  if (rest_.empty()) {
    TRY(take_lines(piece.substr(0, last + 1)));
  } else {
    const std::size_t first = piece.find('\n') + 1;
    rest_ += piece.substr(0, first);
    const std::string line = std::move(rest_);
    rest_.clear();
    TRY(take_lines(line));
    TRY(take_lines(piece.substr(first, last + 1 - first)));
  }
  rest_ += piece.substr(last + 1);
  return {};
}

Result<void> DumpReader::finish() {
  if (!rest_.empty() || is_in_rows_) return bad_archive("It ends in the middle of the data.");
  return flush_sql();
}

Result<void> DumpReader::take_lines(std::string_view lines) {
  std::size_t rows_at = 0;  // where the rows begin that were not handed on yet
  std::size_t at = 0;
  while (at < lines.size()) {
    const std::size_t end = lines.find('\n', at);
    const std::string_view line = lines.substr(at, end - at);
    const std::size_t next = end + 1;
    ++line_;
    if (!is_in_rows_) {
      TRY(take_sql_line(line));
      rows_at = next;
    } else if (line == rows_end) {
      if (at > rows_at) TRY(handler_.take_rows(lines.substr(rows_at, at - rows_at)));
      TRY(handler_.end_rows());
      is_in_rows_ = false;
    }
    at = next;
  }
  if (is_in_rows_ && lines.size() > rows_at) TRY(handler_.take_rows(lines.substr(rows_at)));
  return {};
}

Result<void> DumpReader::take_sql_line(std::string_view line) {
  if (line.starts_with('\\')) {
    // The two lines by which pg_dump fences psql in mean nothing to us.
    if (line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ")) return {};
    return bad_archive(
        "Line " + std::to_string(line_) +
        " holds a command for psql, which no backup of DITS has: " + std::string(line.substr(0, 60)));
  }
  if (is_copy(line)) {
    TRY(flush_sql());
    is_in_rows_ = true;
    return handler_.begin_rows(TRY(head_from_line(line, line_)));
  }
  if (sql_.empty()) sql_line_ = line_;
  sql_ += line;
  sql_ += '\n';
  if (sql_.size() > most_sql_bytes) return bad_archive("It holds more statements than any backup of DITS.");
  return {};
}

Result<void> DumpReader::flush_sql() {
  if (sql_.empty()) return {};
  const std::string sql = std::move(sql_);
  sql_.clear();
  TRY(check_dumped_statements(sql, sql_line_));
  return handler_.take_sql(sql);
}

Result<void> DumpScanner::add(std::string_view piece) {
  all_.add(piece);
  contents_.sql_bytes += static_cast<std::int64_t>(piece.size());
  return reader_.add(piece);
}

Result<DumpContents> DumpScanner::finish() {
  TRY(reader_.finish());
  contents_.sql_sha256 = hex(all_.finish());
  std::ranges::sort(contents_.migrations, {}, &DumpedMigration::name);
  auto& attachments = contents_.attachments;
  std::ranges::sort(attachments);
  const auto repeated = std::ranges::unique(attachments, {}, &DumpedAttachment::sha256);
  attachments.erase(repeated.begin(), repeated.end());
  return std::move(contents_);
}

Result<void> DumpScanner::take_sql(std::string_view lines) {
  contents_.is_complete = lines.find(last_words) != std::string_view::npos;
  const std::size_t version = lines.find(version_words);
  if (version != std::string_view::npos && contents_.server_version.empty()) {
    const std::string_view text = lines.substr(version + version_words.size());
    contents_.server_version = text.substr(0, text.find_first_of(" \n"));
  }
  return {};
}

Result<void> DumpScanner::begin_rows(const CopyHead& head) {
  contents_.is_complete = false;
  head_ = head;
  table_ = head.table.starts_with(our_schema) ? head.table.substr(our_schema.size()) : head.table;
  rows_ = 0;
  table_hash_ = std::make_unique<Sha256>();
  return {};
}

Result<void> DumpScanner::take_rows(std::string_view lines) {
  table_hash_->add(lines);
  rows_ += std::ranges::count(lines, '\n');
  if (table_ != "schema_migrations" && table_ != "attachments" && table_ != "database_identity") return {};
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    read_row(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  return {};
}

Result<void> DumpScanner::end_rows() {
  contents_.tables[table_] = {rows_, hex(table_hash_->finish())};
  return {};
}

void DumpScanner::read_row(std::string_view line) {
  if (table_ == "schema_migrations") {
    contents_.migrations.push_back({std::string(value_at(line, head_.column("name"))),
                                    std::string(value_at(line, head_.column("checksum")))});
    return;
  }
  if (table_ == "database_identity") {
    contents_.database = value_at(line, head_.column("id"));
    return;
  }
  const std::string_view bytea = value_at(line, head_.column("sha256"));  // \\x and 64 digits
  const std::string_view size = value_at(line, head_.column("byte_size"));
  DumpedAttachment attachment;
  if (bytea.size() > 3) attachment.sha256 = bytea.substr(3);
  std::from_chars(size.data(), size.data() + size.size(), attachment.bytes);
  contents_.attachments.push_back(std::move(attachment));
}

}  // namespace dits
