// `dits add | list | show`: issues from where one works. capture_edit.cpp edits them, capture_move.cpp moves
// them.
#include "server/cli/capture.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <optional>

#include "server/base/clock.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/issue_lines.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/issue_details.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/model/git_integration.hpp"

namespace dits::cli {

namespace {

constexpr std::int64_t largest_page = 200;
constexpr std::int64_t shown_without_limit = 50;
constexpr const char* open_issues = "is:open";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

void print_fact(const char* name, const std::string& text) {
  if (!text.empty()) std::printf("%-10s %s\n", name, harmless(text).c_str());
}

}  // namespace

Result<Desk> open_desk(const CommandLine& line, const Config& config) {
  Desk desk;
  desk.session = TRY(Session::open(config, DirectoryUse::none));
  if (line.has("--user")) {
    const User user = TRY(find_account(desk.services(), line.get("--user")));
    desk.viewer = command_line_viewer(user.id, user.role);
    return desk;
  }
  const std::vector<AccountRow> accounts = TRY(list_accounts(desk.services()));
  if (accounts.empty()) return not_found("There is no account yet; dits user add EMAIL makes one.");
  if (accounts.size() > 1) {
    return invalid("--user",
                   "There are " + std::to_string(accounts.size()) +
                       " accounts here: say whose issues with --user EMAIL; dits user list shows them.");
  }
  desk.viewer = command_line_viewer(accounts.front().user.id, accounts.front().user.role);
  return desk;
}

TimeZone zone_of_person() {
  if (const auto zone = environment_variable("TZ"); zone && !is_known_time_zone(*zone)) {
    std::fprintf(stderr,
                 "dits: there is no time zone '%s' (TZ) on this machine: days are those of UTC\n",
                 harmless(*zone).c_str());
  }
  return time_zone_here();
}

Result<IssueKey> issue_key(std::string_view word) {
  if (word.starts_with('#')) word.remove_prefix(1);
  return parse_issue_key(word);
}

Error with_issue_name(Error error, const IssueKey& key) {
  if (error.code != ErrorCode::not_found) return error;
  error.message =
      "There is no issue " + (key.id.is_set() ? to_string(key.id) : "#" + std::to_string(key.number)) + ".";
  return error;
}

Result<Issue> find_issue(Desk& desk, const IssueKey& key) {
  Result<Issue> found = get_issue(desk.services(), desk.viewer, key);
  return found ? std::move(found) : with_issue_name(found.error(), key);
}

Result<void> show_issue(Desk& desk, const CommandLine& line, const std::string& what, const Issue& issue) {
  const NamesHere names = TRY(read_names(desk));
  if (line.has("--json")) {
    print_json(json_of(issue, names));
  } else {
    print_issue(what, issue, names);
  }
  return {};
}

namespace {

// As one word of a shell.
std::string shell_word(const std::string& text) {
  const bool is_plain = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (is_plain && !text.starts_with('-')) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

// A label that is missing can be made, and here is how.
Error with_label_command(Error error) {
  constexpr std::string_view opening = "There is no label “";
  constexpr std::string_view closing = "”";
  for (FieldError& field : error.fields) {
    if (!field.message.starts_with(opening)) continue;
    const std::size_t end = field.message.find(closing, opening.size());
    if (end == std::string::npos) continue;
    const std::string name = field.message.substr(opening.size(), end - opening.size());
    field.message.insert(end + closing.size(), "; dits label add " + shell_word(name) + " makes it");
  }
  if (!error.fields.empty()) error.message = error.fields.front().message;
  return error;
}

}  // namespace

Result<void> issue_add(const CommandLine& line, const Config& config) {
  Issue draft;
  draft.title = joined(line.rest);
  if (trim(draft.title).empty())
    return invalid("TEXT", "Say what is to be done: dits add Fix the login '#bug' '!high' due:fri");
  draft.description = line.get("--description");
  if (draft.description == "-")
    draft.description.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  Desk desk = TRY(open_desk(line, config));
  const Result<Issue> made =
      create_typed_issue(desk.services(), desk.viewer, std::move(draft), std::nullopt, zone_of_person());
  if (!made && made.error().kind == "unknown_attribute") return with_label_command(made.error());
  return show_issue(desk, line, "made", TRY(made));
}

Result<void> issue_list(const CommandLine& line, const Config& config) {
  std::int64_t limit = shown_without_limit;
  if (line.has("--limit")) {
    const std::string text = line.get("--limit");
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (code != std::errc{} || end != text.data() + text.size() || limit < 1)
      return invalid("--limit", "expected a number from 1 on, got '" + text + "'.");
  }
  const std::string asked = joined(line.rest);
  Desk desk = TRY(open_desk(line, config));
  const NamesHere names = TRY(read_names(desk));
  std::vector<std::vector<std::string>> lines = {head_of_lines()};
  Json issues = Json::array();
  const TimeZone zone = zone_of_person();
  std::string cursor;
  for (std::int64_t left = limit; left > 0;) {
    IssueListQuestion question;
    question.query = asked.empty() ? open_issues : std::string_view(asked);
    question.cursor = cursor;
    question.limit = std::min(left, largest_page);
    question.zone = zone;
    const IssueListAnswer answer = TRY(list_issues(desk.services(), desk.viewer, question));
    for (const Issue& issue : answer.issues) {
      if (line.has("--json")) {
        issues.push_back(json_of(issue, names, answer.fields));
      } else {
        lines.push_back(line_of(issue, names));
      }
    }
    left -= static_cast<std::int64_t>(answer.issues.size());
    cursor = answer.next_cursor;
    if (cursor.empty()) break;
  }
  if (line.has("--json")) {
    print_json({{"issues", std::move(issues)}, {"isAll", cursor.empty()}});
    return {};
  }
  if (lines.size() > 1) print_table(lines, {title_column});
  if (lines.size() == 1) std::fprintf(stderr, "no issue\n");
  if (!cursor.empty()) std::fprintf(stderr, "... and more: --limit N shows them\n");
  return {};
}

Result<void> issue_show(const CommandLine& line, const Config& config) {
  const IssueKey key = TRY(issue_key(line.get("ISSUE")));
  Desk desk = TRY(open_desk(line, config));
  const Result<IssueDetails> found = issue_details(desk.services(), desk.viewer, key);
  if (!found) return with_issue_name(found.error(), key);
  const IssueDetails& details = *found;
  if (line.has("--json")) {
    std::printf("%s\n", issue_details_to_text(details).c_str());
    return {};
  }
  const NamesHere names = TRY(read_names(desk));
  const Issue& issue = details.issue;
  std::printf("#%lld  %s\n", static_cast<long long>(issue.number), harmless(issue.title).c_str());
  if (issue.deleted_at) print_fact("in trash", "since " + to_string(date_of(*issue.deleted_at)));
  print_fact("status", names.status_name(issue.status_id));
  print_fact("priority", priority_word(issue.priority));
  print_fact("place", names.place_name(issue));
  print_fact("labels", names.label_names(issue));
  print_fact("start", day_word(issue.start_date));
  print_fact("due", day_word(issue.due_date));
  print_fact("branch", branch_name_for(issue.number, issue.title));
  if (issue.parent_issue_id.is_set()) {
    const IssueKey above = TRY(parse_issue_key(to_string(issue.parent_issue_id)));
    const Issue parent = TRY(get_issue(desk.services(), desk.viewer, above));
    print_fact("parent", "#" + std::to_string(parent.number) + "  " + parent.title);
  }
  for (const Issue& part : TRY(list_sub_issues(desk.services(), desk.viewer, key)))
    print_fact(
        "part",
        "#" + std::to_string(part.number) + "  " + names.status_name(part.status_id) + "  " + part.title);
  if (!issue.description.empty()) std::printf("\n%s\n", harmless(issue.description).c_str());
  for (const Comment& comment : details.comments)
    std::printf("\n--- %s\n%s\n", to_string(comment.created_at).c_str(), harmless(comment.body).c_str());
  return {};
}

}  // namespace dits::cli
