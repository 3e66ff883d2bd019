#include "server/service/table_words.hpp"

#include <algorithm>
#include <array>

#include "server/service/issue_table.hpp"
#include "shared/core/csv.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

bool is_column(std::string_view name) {
  return std::find(issue_table_columns.begin(), issue_table_columns.end(), name) != issue_table_columns.end();
}

// What other programs call the same, as plain_name() has it.
struct Alias {
  std::string_view theirs;
  std::string_view ours;
};
constexpr Alias aliases[] = {{"summary", "title"},
                             {"name", "title"},
                             {"subject", "title"},
                             {"task name", "title"},
                             {"card name", "title"},
                             {"issue title", "title"},
                             {"body", "description"},
                             {"card description", "description"},
                             {"state", "status"},
                             {"label", "labels"},
                             {"tags", "labels"},
                             {"project name", "project"},
                             {"due date", "due"},
                             {"start date", "start"},
                             {"id", "number"},
                             {"issue id", "number"},
                             {"task id", "number"},
                             {"#", "number"},
                             {"parent id", "parent"},
                             {"parent issue", "parent"},
                             {"parent task", "parent"},
                             {"parent item", "parent"},
                             {"created at", "created"},
                             {"created on", "created"},
                             {"updated at", "updated"},
                             {"updated on", "updated"},
                             {"last modified", "updated"},
                             {"completed at", "completed"},
                             {"closed at", "completed"},
                             {"closed on", "completed"},
                             {"closed", "completed"},
                             {"resolved", "completed"}};

// What words in a name hint at, the most telling first.
struct Hint {
  std::string_view word;
  std::string_view ours;
};
constexpr Hint hints[] = {{"parent", "parent"},
                          {"subtask of", "parent"},
                          {"sub task of", "parent"},
                          {"label", "labels"},
                          {"labels", "labels"},
                          {"tag", "labels"},
                          {"tags", "labels"},
                          {"component", "labels"},
                          {"components", "labels"},
                          {"category", "labels"},
                          {"priority", "priority"},
                          {"severity", "priority"},
                          {"urgency", "priority"},
                          {"due", "due"},
                          {"deadline", "due"},
                          {"start", "start"},
                          {"created", "created"},
                          {"creation", "created"},
                          {"updated", "updated"},
                          {"modified", "updated"},
                          {"completed", "completed"},
                          {"closed", "completed"},
                          {"resolved", "completed"},
                          {"finished", "completed"},
                          {"completion", "completed"},
                          {"description", "description"},
                          {"notes", "description"},
                          {"details", "description"},
                          {"content", "description"},
                          {"text", "description"},
                          {"status", "status"},
                          {"state", "status"},
                          {"stage", "status"},
                          {"list", "status"},
                          {"section", "status"},
                          {"column", "status"},
                          {"project", "project"},
                          {"board", "project"},
                          {"area", "area"},
                          {"folder", "area"},
                          {"title", "title"},
                          {"subject", "title"},
                          {"summary", "title"},
                          {"task", "title"},
                          {"headline", "title"},
                          {"name", "title"},
                          {"key", "number"},
                          {"id", "number"},
                          {"number", "number"},
                          {"no", "number"}};
// Of people, places and other things that have dates, names and keys of their own.
constexpr std::string_view strangers[] = {"by",
                                          "cycle",
                                          "author",
                                          "creator",
                                          "reporter",
                                          "assignee",
                                          "owner",
                                          "user",
                                          "milestone",
                                          "sprint",
                                          "epic",
                                          "url",
                                          "link",
                                          "email",
                                          "comments",
                                          "comment",
                                          "attachments",
                                          "count"};

// A column's name in lower case, its words a blank apart, without "(UTC)": times without an offset are UTC.
std::string plain_name(std::string_view theirs) {
  std::string out;
  for (const char c : fold_case(theirs)) {
    const bool is_blank = c == ' ' || c == '_' || c == '-' || c == '\t';
    if (!is_blank) out += c;
    if (is_blank && !out.empty() && !out.ends_with(' ')) out += ' ';
  }
  constexpr std::string_view utc = "(utc)";
  if (out.ends_with(utc)) out.resize(out.size() - utc.size());
  return std::string(trim(out));
}

bool has_words(std::string_view name, std::string_view words) {
  return (' ' + std::string(name) + ' ').find(' ' + std::string(words) + ' ') != std::string::npos;
}

// What is compared of a value: its letters and digits in lower case. "In-Progress", "in_progress" and
// "INPROGRESS" are one.
std::string plain_value(std::string_view text) {
  std::string out;
  for (const char c : fold_case(text)) {
    const bool is_ascii_sign =
        static_cast<unsigned char>(c) < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
    if (!is_ascii_sign) out += c;
  }
  return out;
}

// Statuses that say the same in other programs, and in ours: one row a meaning.
constexpr std::string_view not_begun =
    " todo open ready planned next new pending unstarted notstarted selectedfordevelopment reopened ";
constexpr std::string_view in_work =
    " inprogress doing started active wip ongoing working indevelopment development inarbeit ";
constexpr std::string_view in_review =
    " inreview review reviewing testing intest test qa verify verification codereview readyforreview ";
constexpr std::string_view put_off = " backlog icebox later someday triage unscheduled ideas ";
constexpr std::string_view given_up =
    " cancelled canceled wontfix wontdo rejected declined duplicate obsolete invalid abandoned notplanned "
    "archived ";
constexpr std::string_view finished =
    " done closed resolved complete completed fixed finished verified merged released deployed shipped "
    "erledigt "
    "fertig geschlossen ";

bool is_among(std::string_view words, const std::string& word) {
  return !word.empty() && words.find(' ' + word + ' ') != std::string_view::npos;
}

// "Summary=title" by its last =, both sides without blanks and quotes.
Result<std::pair<std::string, std::string>> pair_from_word(const std::string& word,
                                                           std::string_view field,
                                                           const std::string& what) {
  const std::size_t equals = word.rfind('=');
  if (equals == std::string::npos || equals == 0) return invalid(std::string(field), what);
  return std::pair(std::string(trim(std::string_view(word).substr(0, equals))),
                   std::string(trim(std::string_view(word).substr(equals + 1))));
}

}  // namespace

std::string our_column(std::string_view theirs) {
  const std::string name = plain_name(theirs);
  for (const Alias& alias : aliases) {
    if (name == alias.theirs) return std::string(alias.ours);
  }
  return is_column(name) ? name : std::string();
}

std::string suggested_column(std::string_view theirs) {
  const std::string name = plain_name(theirs);
  const auto is_in = [&](std::string_view word) { return has_words(name, word); };
  if (std::ranges::any_of(strangers, is_in)) return {};
  // The key of a list or of a board is not what it is called.
  const bool is_key = name.ends_with(" id") || name.ends_with(" key");
  for (const Hint& hint : hints) {
    if (!is_in(hint.word)) continue;
    return is_key && hint.ours != "number" && hint.ours != "parent" ? std::string() : std::string(hint.ours);
  }
  return {};
}

std::optional<Priority> priority_from_cell(std::string_view text) {
  const std::string word = plain_value(text);
  if (word == "none" || word == "nopriority" || trim(text).empty()) return Priority::none;
  for (const Priority priority : {Priority::low, Priority::medium, Priority::high, Priority::urgent}) {
    if (word == fold_case(name_of(priority))) return priority;
  }
  return std::nullopt;
}

std::string suggested_priority(std::string_view text) {
  constexpr std::string_view urgent =
      " 1 p0 p1 s1 sev1 highest veryhigh critical blocker showstopper immediate emergency top kritisch "
      "dringend ";
  constexpr std::string_view high = " 2 p2 s2 sev2 major important hoch ";
  constexpr std::string_view medium = " 3 p3 s3 sev3 normal moderate default average mittel ";
  constexpr std::string_view low = " 4 5 p4 p5 s4 sev4 lowest verylow minor trivial niedrig gering ";
  const std::string word = plain_value(text);
  if (is_among(urgent, word)) return "urgent";
  if (is_among(high, word)) return "high";
  if (is_among(medium, word)) return "medium";
  if (is_among(low, word)) return "low";
  return "none";
}

const Status* status_called(const Workflow& workflow, std::string_view text) {
  for (const Status& status : workflow.statuses) {
    if (fold_case(status.name) == fold_case(text)) return &status;
  }
  const std::string word = plain_value(text);
  const Status* found = nullptr;
  for (const Status& status : workflow.statuses) {
    if (word.empty() || plain_value(status.name) != word) continue;
    if (found != nullptr) return nullptr;  // it could be either
    found = &status;
  }
  return found;
}

std::string suggested_status(const Workflow& workflow, std::string_view text) {
  const std::string word = plain_value(text);
  for (const std::string_view meaning : {not_begun, in_work, in_review, put_off, given_up, finished}) {
    if (!is_among(meaning, word)) continue;
    for (const Status& status : workflow.statuses) {
      if (is_among(meaning, plain_value(status.name))) return status.name;
    }
  }
  const bool is_closed = is_among(finished, word) || is_among(given_up, word);
  for (const Status& status : workflow.statuses) {
    if (status.is_closed == is_closed) return status.name;
  }
  return workflow.statuses.empty() ? std::string() : workflow.statuses.front().name;
}

Result<std::map<std::string, std::string>> column_map_from_text(std::string_view text) {
  std::map<std::string, std::string> columns;
  for (const std::string& word : TRY(words_in_cell(text))) {
    const auto [theirs, named] = TRY(
        pair_from_word(word,
                       "columns",
                       "Must be pairs such as Summary=title,Owner= ; a name with a comma stands in quotes."));
    const std::string ours = fold_case(named);
    if (!ours.empty() && !is_column(ours))
      return invalid("columns", "There is no column \"" + ours + "\" to map to.");
    columns[theirs] = ours;
  }
  return columns;
}

Result<TableValues> value_map_from_text(std::string_view text) {
  const std::string what =
      "Must be pairs such as status:Resolved=Done,priority:Highest=urgent ; what has a comma stands in "
      "quotes.";
  TableValues values;
  for (const std::string& word : TRY(words_in_cell(text))) {
    const auto [theirs, ours] = TRY(pair_from_word(word, "values", what));
    const std::size_t colon = theirs.find(':');
    if (colon == std::string::npos) return invalid("values", what);
    const std::string column = fold_case(trim(std::string_view(theirs).substr(0, colon)));
    constexpr std::array<std::string_view, 5> with_values = {
        "status", "priority", "project", "area", "labels"};
    if (std::ranges::find(with_values, column) == with_values.end())
      return invalid(
          "values",
          "\"" + column +
              "\" is no column whose values can be mapped: status, priority, project, area, labels.");
    values[{column, fold_case(trim(std::string_view(theirs).substr(colon + 1)))}] = ours;
  }
  return values;
}

}  // namespace dits
