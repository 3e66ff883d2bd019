// Reads what pg_dump writes as plain SQL, in pieces of any size, and tells statements from the rows of COPY.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/crypto.hpp"
#include "shared/core/result.hpp"

namespace dits {

// "COPY public.labels (user_id, id) FROM stdin;". Names are of small letters, digits and "_": they are safe
// to be put into a statement.
struct CopyHead {
  std::string table;  // "public.labels"
  std::vector<std::string> columns;
  std::string target;  // "public.labels ("user_id", "id")"

  // The place of a column in the rows, or -1.
  int column(std::string_view name) const;
};

// What a dump is made of, in its order. An error ends the reading.
class DumpHandler {
 public:
  virtual ~DumpHandler() = default;
  virtual Result<void> take_sql(std::string_view lines) = 0;  // whole lines
  virtual Result<void> begin_rows(const CopyHead& head) = 0;
  virtual Result<void> take_rows(std::string_view lines) = 0;  // whole lines
  virtual Result<void> end_rows() = 0;
};

class DumpReader {
 public:
  explicit DumpReader(DumpHandler& handler) : handler_(handler) {}

  // Errors: invalid, kind "bad_archive", naming the line, for commands that psql would run, for statements
  // that no dump of ours has and for lines longer than any row; those of the handler.
  Result<void> add(std::string_view piece);
  // Errors: invalid, kind "bad_archive", when it ends within a line or within rows.
  Result<void> finish();

 private:
  Result<void> take_lines(std::string_view lines);
  Result<void> take_sql_line(std::string_view line);
  Result<void> flush_sql();

  DumpHandler& handler_;
  std::string rest_;  // the beginning of a line
  std::string sql_;   // lines not yet handed on
  std::int64_t line_ = 0;
  std::int64_t sql_line_ = 1;  // where sql_ begins
  bool is_in_rows_ = false;
};

struct TableDigest {
  std::int64_t rows = 0;
  std::string sha256;  // of the rows as COPY writes them, hex

  friend bool operator==(const TableDigest&, const TableDigest&) = default;
};

struct DumpedMigration {
  std::string name;
  std::string checksum;

  friend bool operator==(const DumpedMigration&, const DumpedMigration&) = default;
};

struct DumpedAttachment {
  std::string sha256;  // hex
  std::int64_t bytes = 0;

  friend auto operator<=>(const DumpedAttachment&, const DumpedAttachment&) = default;
};

// What is in a dump, by its own text.
struct DumpContents {
  std::int64_t sql_bytes = 0;
  std::string sql_sha256;                     // hex
  std::map<std::string, TableDigest> tables;  // "issues"
  std::vector<DumpedMigration> migrations;    // in their order
  std::vector<DumpedAttachment> attachments;  // each hash once, in order
  std::string server_version;                 // "17.11"
  std::string database;      // the identity of the database; empty: from before there were any
  bool is_complete = false;  // pg_dump's last words stand at its end

  friend bool operator==(const DumpContents&, const DumpContents&) = default;
};

// Counts and hashes a dump that comes by.
class DumpScanner : private DumpHandler {
 public:
  DumpScanner() : reader_(*this) {}

  Result<void> add(std::string_view piece);
  Result<DumpContents> finish();

 private:
  Result<void> take_sql(std::string_view lines) override;
  Result<void> begin_rows(const CopyHead& head) override;
  Result<void> take_rows(std::string_view lines) override;
  Result<void> end_rows() override;
  void read_row(std::string_view line);

  DumpReader reader_;
  DumpContents contents_;
  Sha256 all_;
  CopyHead head_;
  std::string table_;
  std::int64_t rows_ = 0;
  std::unique_ptr<Sha256> table_hash_;
};

}  // namespace dits
