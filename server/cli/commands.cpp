#include "server/cli/commands.hpp"

namespace dits::cli {

Command find_command(const std::string& name) {
  struct Row {
    const char* name;
    Command command;
  };
  constexpr Row rows[] = {
      {"db status", db_status},
      {"db new", db_new},
      {"db reset", db_reset},
      {"db upgrade", db_upgrade},
      {"db info", db_info},
      {"db shell", db_shell},
      {"backup", backup},
      {"restore", restore_backup_file},
      {"import github", import_github_file},
      {"import json", import_json_file},
      {"import csv", import_csv_file},
      {"export json", export_json_file},
      {"export csv", export_csv_file},
      {"export markdown", export_markdown_folder},
      {"user add", user_add},
      {"user passwd", user_passwd},
      {"user token", user_token},
      {"user list", user_list},
      {"doctor", doctor},
  };
  for (const Row& row : rows) {
    if (name == row.name) return row.command;
  }
  return nullptr;
}

}  // namespace dits::cli
