#include "server/cli/command_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "server/cli/commands.hpp"

namespace dits::cli {

namespace {

constexpr Argument as_json = toggle("--json", "as JSON, for programs");
constexpr Argument whose = flag("--user", "EMAIL", "whose issues; needed when there are several accounts");
constexpr Argument to_file =
    flag("-o", "PATH", "write to this file; - is the standard output, as without it");
constexpr Argument over_old = toggle("--force", "write over a file that is there already");
constexpr Argument password_in = toggle("--password-stdin", "read the password from the standard input");
constexpr Argument quietly = toggle("--quiet", "say only what is wrong");
constexpr Argument unasked = toggle("--yes", "do not ask");
constexpr Argument to_status =
    flag("--status", "NAME", "into this status, where the workflow has several that fit");

std::vector<CommandRow> make_rows() {
  return {
      {"serve", "start the server (what dits does when no command is given)"},
      {"studio",
       "serve Studio (every table, SQL) on port 5555, beside a running server or alone, and open it"},
      {"add",
       "make an issue: dits add Fix the login '#bug' '!high' due:fri",
       {words("TEXT",
              "the title; #label, !priority, @project, due:day, start:day and >#parent are taken out"),
        flag("--description", "TEXT", "its description; - reads it from the standard input"),
        whose,
        as_json},
       issue_add},
      {"list",
       "issues: dits list 'is:open label:bug sort:due'; without QUERY the open ones",
       {words("QUERY", "in the language of the search field (docs/query.md)"),
        flag("--limit", "N", "at most so many (50)"),
        whose,
        as_json},
       issue_list},
      {"show",
       "an issue with all that hangs on it",
       {required("ISSUE", "its number, or its id"), whose, as_json},
       issue_show},
      {"edit",
       "title and description of an issue in $VISUAL or $EDITOR",
       {required("ISSUE", "its number, or its id"), whose, as_json},
       issue_edit},
      {"start",
       "move an issue to In Progress, and print the name for its branch: git switch -c $(dits start 128)",
       {required("ISSUE", "its number, or its id"), to_status, whose, as_json},
       issue_start},
      {"done", "close issues", {words("ISSUE", "numbers, or ids"), to_status, whose, as_json}, issue_done},
      {"label add",
       "make a label: dits label add bug",
       {words("NAME", "what it is called"), flag("--color", "COLOR", "as #D73A4A (#8B8276)"), whose, as_json},
       label_add},
      {"label list", "the labels", {whose, as_json}, label_list},
      {"backup",
       "write a verified backup into the data directory: backups/dits_backup_YYYYMMDD_HHMMSS.sql.gz",
       {toggle("--list", "list the backups instead"),
        toggle("--check", "read every backup and compare it with its manifest"),
        toggle("--unencrypted", "write one without encryption, whatever is configured"),
        quietly,
        as_json},
       backup},
      {"restore",
       "replace all data by a backup (asks); without FILE: list the backups",
       {optional("FILE", "a name from the list, or a path"),
        toggle("--list", "list the backups"),
        unasked,
        toggle("--without-manifest", "restore a file that has no manifest beside it"),
        toggle("--without-attachments", "restore although attachments are missing"),
        quietly,
        as_json},
       restore_backup_file},
      {"import github",
       "issues of GitHub as gh api or gh issue list --json gives them, also gzipped; twice is once",
       {required("FILE", ".json or .jsonl, or one of them as .gz; - is standard input"),
        needed_flag("--user", "EMAIL", "whose issues they become"),
        toggle("--strict", "write nothing when an issue can't be read"),
        quietly,
        as_json},
       import_github_file},
      {"import json",
       "an export of dits, into an account in which nothing was made yet",
       {required("FILE", ".jsonl or .jsonl.gz; - is standard input"),
        needed_flag("--user", "EMAIL", "whose account it becomes"),
        quietly,
        as_json},
       import_json_file},
      {"import csv",
       "a table of issues; the first row names the columns",
       {required("FILE", ".csv or .csv.gz; - is standard input"),
        needed_flag("--user", "EMAIL", "whose issues they become"),
        flag("--map", "COLUMNS", "columns that are called otherwise: Summary=title,Owner="),
        flag("--map-value", "VALUES", "values that are called otherwise: status:Resolved=Done"),
        flag("--dates", "ORDER", "day-first or month-first, for dates such as 3/4/2025"),
        flag("--encoding", "NAME", "of the file, where it is not Unicode: windows-1252"),
        toggle("--dry-run", "check and count everything, and write nothing"),
        quietly,
        as_json},
       import_csv_file},
      {"export json",
       "everything of an account, without loss; dits import json reads it",
       {needed_flag("--user", "EMAIL", "whose"), to_file, over_old, quietly},
       export_json_file},
      {"export csv",
       "the issues as a table for spreadsheets",
       {needed_flag("--user", "EMAIL", "whose"), to_file, over_old, quietly},
       export_csv_file},
      {"export markdown",
       "a folder with one file for each issue",
       {needed_flag("--user", "EMAIL", "whose"),
        needed_flag(
            "-o", "PATH", "the folder, new or empty; a file that ends in .tar; or -, for a tar there"),
        over_old,
        quietly},
       export_markdown_folder},
      {"user add",
       "make an account; the first one is an administrator",
       {required("EMAIL", ""),
        flag("--name", "NAME", "what the person is called"),
        password_in,
        toggle("--admin", "an administrator"),
        as_json},
       user_add},
      {"user list", "the accounts", {as_json}, user_list},
      {"user passwd",
       "set a password; ends all sessions, and not the tokens",
       {required("EMAIL", ""), password_in, toggle("--revoke-tokens", "end the tokens too")},
       user_passwd},
      {"user rename",
       "another address or name",
       {required("EMAIL", ""),
        flag("--email", "EMAIL", "the new address"),
        flag("--name", "NAME", "the new name"),
        as_json},
       user_rename},
      {"user role",
       "make somebody an administrator, or not",
       {required("EMAIL", ""), required("ROLE", "admin or user"), as_json},
       user_role},
      {"user zone",
       "whose days its API calls mean (the first browser tells); with ZONE: from now on that one's",
       {required("EMAIL", ""), optional("ZONE", "Europe/Vienna, UTC, +02:00"), as_json},
       user_zone},
      {"user disable",
       "let nobody in by this account, whatever they hold; nothing of it is lost",
       {required("EMAIL", ""), as_json},
       user_disable},
      {"user enable",
       "undo dits user disable: its password and tokens count again",
       {required("EMAIL", ""), as_json},
       user_enable},
      {"user delete",
       "delete an account for ever, with everything that it owns (asks)",
       {required("EMAIL", ""), unasked},
       user_delete},
      {"user token",
       "make an API token and print it",
       {required("EMAIL", ""),
        flag("--scope", "SCOPE", "read, write or admin (read)"),
        flag("--name", "NAME", "what the token is for"),
        flag("--expires", "DAYS", "days until it ends (never)"),
        as_json},
       user_token},
      {"token list",
       "API tokens: of one account, or of all",
       {optional("EMAIL", "whose"), as_json},
       token_list},
      {"token revoke",
       "end API tokens",
       {required("EMAIL", "whose"), words("TOKEN", "ids, or beginnings, as dits token list shows them")},
       token_revoke},
      {"db status", "which migrations are applied, which are pending", {as_json}, db_status},
      {"db new",
       "write the folder of a new migration",
       {required("NAME", "in snake_case"),
        flag("--directory", "FOLDER", "where migrations lie (migrations)")},
       db_new},
      {"db reset", "delete all data and make the schema anew (asks)", {unasked}, db_reset},
      {"db upgrade",
       "bring the database of an earlier PostgreSQL over, as the next start does by itself",
       {toggle("--check", "tell what that takes, and change nothing"), as_json},
       db_upgrade},
      {"db info",
       "the database's version, size, connections and tables; pool, caches and Redis of every running server",
       {as_json},
       db_info},
      {"db shell",
       "psql on the database; arguments for psql follow after --",
       {words("ARGUMENTS", "for psql")},
       db_shell},
      {"doctor",
       "look for what is wrong here (data directory, disk, port, PostgreSQL, schema, backups, Redis) and say "
       "what "
       "to do",
       {toggle("--fix", "repair what can be repaired safely"),
        flag("--find", "ID", "where a thing still stands, in tables, log and backups, and nothing else"),
        as_json},
       doctor},
      {"health",
       "does the server of this configuration serve? Exit code 0 when it does: for health checks",
       {as_json},
       health},
      {"config", "every setting, its value, and where that comes from", {as_json}, nullptr, config_show},
      {"completion",
       "print what a shell needs to complete the words of dits",
       {required("SHELL", "bash, zsh or fish")},
       nullptr,
       completion},
      {"man", "print the manual page, as man -l reads it", {}, nullptr, man},
      {"help", "what a command does and takes", {words("COMMAND", "such as db status")}},
      {"version", "the version, and the versions of everything inside", {as_json}, nullptr, version},
  };
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> groups{{
    {"label", "labels of issues"},
    {"db", "the database"},
    {"user", "accounts"},
    {"token", "API tokens"},
    {"import", "bring issues in"},
    {"export", "take everything out"},
}};

constexpr std::array<std::string_view, 8> codes{
    "0 done, or nothing to do: also when a list has nothing to show",
    "1 failed",
    "2 usage or configuration",
    "3 no database answers, or no server (dits health)",
    "4 data directory in use",
    "5 migration needed or refused",
    "6 imported, but not all of it or not as it was: the lines are named",
    "7 there is nothing: no database in the data directory, no backup",
};

}  // namespace

std::span<const CommandRow> all_commands() {
  static const std::vector<CommandRow> rows = make_rows();
  return rows;
}

const CommandRow* find_command(std::string_view name) {
  const auto found = std::ranges::find(all_commands(), name, &CommandRow::name);
  return found == all_commands().end() ? nullptr : &*found;
}

std::string_view help_of_group(std::string_view group) {
  const auto found = std::ranges::find(groups, group, &std::pair<std::string_view, std::string_view>::first);
  return found == groups.end() ? std::string_view{} : found->second;
}

std::span<const std::string_view> exit_code_texts() { return codes; }

}  // namespace dits::cli
