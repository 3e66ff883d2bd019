// `dits edit`: an issue's words in the person's own editor. The database is let go of meanwhile.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "server/base/files.hpp"
#include "server/cli/capture.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/embedded/subprocess.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"

namespace dits::cli {

namespace {

std::string editor_of_person() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    if (const auto value = environment_variable(name); value && !value->empty()) return *value;
  }
  return "vi";
}

// The title, an empty line, the description.
std::string text_of(const Issue& issue) { return issue.title + "\n\n" + issue.description + "\n"; }

IssuePatch patch_from(std::string_view text, const Issue& before) {
  const std::size_t end = text.find('\n');
  const std::string title(trim(text.substr(0, end)));
  std::string_view rest = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  while (rest.starts_with('\n')) rest.remove_prefix(1);
  while (rest.ends_with('\n')) rest.remove_suffix(1);
  IssuePatch patch;
  if (title != before.title) patch.title = title;
  std::string_view was = before.description;
  while (was.starts_with('\n')) was.remove_prefix(1);
  while (was.ends_with('\n')) was.remove_suffix(1);
  if (rest != was) patch.description = std::string(rest);
  return patch;
}

Result<std::string> write_draft(const Issue& issue) {
  std::error_code problem;
  std::string path = (std::filesystem::temp_directory_path(problem) / "dits-").string() +
                     std::to_string(issue.number) + "-XXXXXX.md";
  const FileDescriptor file(::mkostemps(path.data(), 3, O_CLOEXEC));
  if (!file.is_open()) return system_error("cannot make a file for the editor in " + path);
  TRY(write_all(file.get(), text_of(issue), path));
  return path;
}

// `editor` may be a program with its flags, as "code --wait".
Result<void> run_editor(const std::string& editor, const std::string& path) {
  embedded::Program program{"/bin/sh", {"-c", editor + " \"$1\"", "sh", path}, {}};
  for (const std::string& name : environment_variable_names())
    program.environment.push_back(name + "=" + environment_variable(name).value_or(""));
  program.standard_input = STDIN_FILENO;
  program.standard_output = STDOUT_FILENO;
  const pid_t process = TRY(embedded::start_program(program));
  if (const int code = embedded::wait_for_program(process); code != 0)
    return internal("The editor (" + editor + ") ended with the code " + std::to_string(code) + ".");
  return {};
}

// What was typed is never thrown away.
Error with_kept_text(Error error, const std::string& path) {
  error.message += " Your text is kept in " + path + ".";
  return error;
}

Result<IssueAnswer> save(const CommandLine& line,
                         const Config& config,
                         const Issue& before,
                         IssuePatch patch) {
  Desk desk = TRY(open_desk(line, config));
  IssueUpdate update;
  update.patch = std::move(patch);
  const IssueKey key = TRY(parse_issue_key(to_string(before.id)));
  return update_issue(desk.services(), desk.viewer, key, update, before.version);
}

}  // namespace

Result<void> issue_edit(const CommandLine& line, const Config& config) {
  const IssueKey key = TRY(issue_key(line.get("ISSUE")));
  Issue before;
  {
    Desk desk = TRY(open_desk(line, config));
    before = TRY(find_issue(desk, key));
  }
  const std::string number = "#" + std::to_string(before.number);
  if (before.deleted_at) return conflict(number + " lies in the trash.", "issue_in_trash");
  const std::string path = TRY(write_draft(before));
  if (const Result<void> edited = run_editor(editor_of_person(), path); !edited) {
    const Result<std::string> text = read_file(path);
    if (!text || *text != text_of(before)) return with_kept_text(edited.error(), path);
    ::unlink(path.c_str());
    return edited.error();
  }
  const std::string text = TRY(read_file(path));
  if (trim(text).empty()) {
    ::unlink(path.c_str());
    return conflict("The text is empty: " + number + " stays as it was.");
  }
  if (trim(text.substr(0, text.find('\n'))).empty()) {
    return with_kept_text(
        conflict("The first line is the title, and it is empty: " + number + " stays as it was."), path);
  }
  IssuePatch patch = patch_from(text, before);
  Issue after = before;
  if (!patch.is_empty()) {
    const Result<IssueAnswer> saved = save(line, config, before, std::move(patch));
    if (!saved) return with_kept_text(saved.error(), path);
    if (saved->is_version_mismatch) {
      return with_kept_text(
          conflict(number + " was changed meanwhile, and yours was not saved over it: dits show " +
                       std::to_string(before.number) +
                       " shows how it is now, dits edit begins anew from there.",
                   "version_mismatch"),
          path);
    }
    after = saved->issue;
  }
  ::unlink(path.c_str());
  if (line.has("--json")) {
    print_json(issue_to_json(after));
  } else {
    std::printf("%s %s  %s\n",
                after.version == before.version ? "unchanged" : "saved",
                number.c_str(),
                harmless(after.title).c_str());
  }
  return {};
}

}  // namespace dits::cli
