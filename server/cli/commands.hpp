// The commands of `dits` beside `serve`: one function each.
#pragma once

#include "server/base/config.hpp"
#include "server/cli/command_line.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

using Command = Result<void> (*)(const CommandLine& line, const Config& config);

Result<void> db_status(const CommandLine& line, const Config& config);
Result<void> db_new(const CommandLine& line, const Config& config);
Result<void> db_reset(const CommandLine& line, const Config& config);
Result<void> db_upgrade(const CommandLine& line, const Config& config);
Result<void> db_info(const CommandLine& line, const Config& config);
Result<void> db_shell(const CommandLine& line, const Config& config);
Result<void> backup(const CommandLine& line, const Config& config);
Result<void> restore_backup_file(const CommandLine& line, const Config& config);
Result<void> import_github_file(const CommandLine& line, const Config& config);
Result<void> import_json_file(const CommandLine& line, const Config& config);
Result<void> import_csv_file(const CommandLine& line, const Config& config);
Result<void> export_json_file(const CommandLine& line, const Config& config);
Result<void> export_csv_file(const CommandLine& line, const Config& config);
Result<void> export_markdown_folder(const CommandLine& line, const Config& config);
Result<void> user_add(const CommandLine& line, const Config& config);
Result<void> user_passwd(const CommandLine& line, const Config& config);
Result<void> user_token(const CommandLine& line, const Config& config);
Result<void> user_list(const CommandLine& line, const Config& config);
Result<void> doctor(const CommandLine& line, const Config& config);

// Needs no configuration: a wrong one must not keep anybody from asking which DITS this is.
ExitCode version(const CommandLine& line);

// The command of this name, or null.
Command find_command(const std::string& name);

}  // namespace dits::cli
