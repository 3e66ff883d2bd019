// A file of GitHub's issues, read to its end before anything is written: JSON lines, a list, one page or
// several, what `gh issue list --json` writes. What can be read of it lies in a file meanwhile; memory holds
// a few words about each issue.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/spill_file.hpp"
#include "server/service/github_issue.hpp"
#include "server/service/import_notes.hpp"

namespace dits {

class GithubFile {
 public:
  struct Entry {
    std::string url;               // of one address there is one entry
    std::uint32_t repository = 0;  // in repositories()
    std::int64_t number = 0;
    std::optional<Timestamp> created_at;
    std::optional<Timestamp> updated_at;
    std::int64_t line = 0;
    SpillFile::Place place;
  };
  struct Options {
    std::string name;        // of the file, for messages
    bool is_strict = false;  // the first issue that can't be read ends it
  };
  // Gives the bytes of the file, unpacked, piece by piece.
  using Source = std::function<Result<void>(const std::function<Result<void>(std::string_view)>& take)>;
  using Progress = std::function<void(std::int64_t issues)>;

  // Of several issues with one address the one that was changed last counts, or the last of the file. Errors:
  // invalid for an empty file, for one of which no issue can be read (it says what is there instead, and
  // which command makes a file that can), and in strict mode for the first bad line; those of `source` and of
  // SpillFile.
  static Result<GithubFile> read(const Source& source, const Options& options, const Progress& progress);

  // In the order in which the issues were made; those of which nobody knows it come first, by number.
  const std::vector<Entry>& entries() const { return entries_; }
  // Their homes.
  const std::vector<std::string>& repositories() const { return repositories_; }
  Result<GithubIssue> issue(const Entry& entry);

  std::int64_t read_count() const { return read_count_; }
  std::int64_t without_state() const { return without_state_; }
  std::int64_t without_date() const { return without_date_; }
  // Issues that stand in the file once more.
  std::int64_t repeated() const { return repeated_; }
  const ImportNotes& problems() const { return problems_; }

 private:
  explicit GithubFile(SpillFile spill) : spill_(std::move(spill)) {}
  class Reader;

  SpillFile spill_;
  std::vector<Entry> entries_;
  std::vector<std::string> repositories_;
  std::int64_t read_count_ = 0;
  std::int64_t without_state_ = 0;
  std::int64_t without_date_ = 0;
  std::int64_t repeated_ = 0;
  ImportNotes problems_;
};

}  // namespace dits
