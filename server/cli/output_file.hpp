// The file of -o, and files that are named to be read: one rule for all commands. What can't be written or
// read is a wrong argument, told with the path as it was given, before a database is opened.
#pragma once

#include <string>
#include <string_view>

#include "server/base/files.hpp"
#include "server/cli/command_line.hpp"

namespace dits::cli {

// A file that appears under its name when it is complete. One that is there is written over only with
// --force; what is no regular file (a pipe, a device) is written into as it is.
class OutputFile {
 public:
  // The path of -o; empty, and "-": the standard output. Errors: invalid.
  static Result<OutputFile> create(const CommandLine& line);
  OutputFile(OutputFile&&) = default;
  ~OutputFile();

  Result<void> write(std::string_view bytes);
  // Errors: conflict, where somebody else has made the file meanwhile.
  Result<void> finish();

 private:
  OutputFile() = default;
  Result<void> open(bool may_replace);

  std::string shown_;   // as it was given; empty: the standard output
  std::string target_;  // where that leads
  std::string part_;    // beside it; empty: written into as it is
  bool may_replace_ = false;
  FileDescriptor file_;
};

// That `path` is a file that can be read. Errors: invalid, `argument`.
Result<void> check_readable(const std::string& argument, const std::string& path);
// That a folder may be made there, or is there and empty. Errors: invalid.
Result<void> check_new_folder(const std::string& path);
// What went wrong with `path` as a wrong argument, except that a disk is full or fails.
Error wrong_path(Error error);

}  // namespace dits::cli
