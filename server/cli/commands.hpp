// The commands of `dits` beside `serve`: one function each.
#pragma once

#include "server/base/config.hpp"
#include "server/cli/command_line.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

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
Result<void> user_rename(const CommandLine& line, const Config& config);
Result<void> user_zone(const CommandLine& line, const Config& config);
Result<void> user_role(const CommandLine& line, const Config& config);
Result<void> user_disable(const CommandLine& line, const Config& config);
Result<void> user_enable(const CommandLine& line, const Config& config);
Result<void> user_delete(const CommandLine& line, const Config& config);
Result<void> token_list(const CommandLine& line, const Config& config);
Result<void> token_revoke(const CommandLine& line, const Config& config);
Result<void> issue_add(const CommandLine& line, const Config& config);
Result<void> issue_list(const CommandLine& line, const Config& config);
Result<void> issue_show(const CommandLine& line, const Config& config);
Result<void> issue_edit(const CommandLine& line, const Config& config);
Result<void> issue_start(const CommandLine& line, const Config& config);
Result<void> issue_done(const CommandLine& line, const Config& config);
Result<void> label_add(const CommandLine& line, const Config& config);
Result<void> label_list(const CommandLine& line, const Config& config);
Result<void> doctor(const CommandLine& line, const Config& config);
Result<void> health(const CommandLine& line, const Config& config);

// Need no configuration: a wrong one must not keep anybody from asking.
Result<void> config_show(const CommandLine& line, const ConfigSources& sources);
Result<void> completion(const CommandLine& line, const ConfigSources& sources);
Result<void> man(const CommandLine& line, const ConfigSources& sources);
Result<void> version(const CommandLine& line, const ConfigSources& sources);

}  // namespace dits::cli
