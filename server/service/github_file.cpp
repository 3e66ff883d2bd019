#include "server/service/github_file.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "server/service/json_items.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr std::string_view right_commands =
    "Such a file is made by: gh api --paginate 'repos/OWNER/NAME/issues?state=all&per_page=100' > "
    "issues.json, or: gh issue list --state all --limit 100000 --json "
    "number,title,body,state,url,createdAt,updatedAt,closedAt,labels,author > issues.json. Other files are "
    "read by dits import csv and dits import json.";

bool has_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string();
}

std::string members_of(const Json& object) {
  constexpr std::size_t most = 8;
  std::string out;
  std::size_t count = 0;
  for (const auto& member : object.items()) {
    if (count++ == most) return out + ", …";
    if (count > 1) out += ", ";
    out += beginning_of(member.key());
  }
  return out.empty() ? "no members" : out;
}

std::string shape_of_object(const Json& json, const std::string& problem) {
  const auto is_list = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_array();
  };
  if (json.contains("message") && !json.contains("title"))
    return "it holds an answer of GitHub that says " +
           beginning_of(has_text(json, "message") ? json["message"].get<std::string>() : "");
  const bool has_items = is_list("items");
  if (has_items && !json["items"].empty() && json["items"].front().is_object() &&
      json["items"].front().contains("content"))
    return "it holds the items of a project of GitHub's, and not their issues themselves (gh issue list of "
           "each "
           "repository gives them)";
  if (has_items)
    return "it holds an answer of GitHub's search, whose issues are in “items” (gh api … --jq '.items[]' "
           "takes them out)";
  if (json.contains("data")) return "it holds an answer of GitHub's GraphQL API";
  const bool is_issue = json.contains("number") && json.contains("title") &&
                        (json.contains("html_url") || json.contains("url"));
  if (is_issue) return problem;
  return "its objects have " + members_of(json) + ", and an issue needs number, title and html_url (or url)";
}

// What stands in place of an issue; `problem` is what reading it as one said.
std::string shape_of(const JsonItem& item, const std::string& problem) {
  if (item.text.starts_with("\xFF\xFE") || item.text.starts_with("\xFE\xFF"))
    return "it is written in UTF-16, and has to be in UTF-8";
  const Result<Json> json = parse_json(item.text);
  const bool looks_like_json = item.text.starts_with('{') || item.text.starts_with('[');
  if (!json && !looks_like_json) return "it is no JSON: it begins with " + beginning_of(item.text);
  if (!json) return "its JSON can't be read (line " + std::to_string(item.line) + ": " + problem + ")";
  if (json->is_object()) return shape_of_object(*json, "line " + std::to_string(item.line) + ": " + problem);
  const std::string kind = json->is_array()     ? "list"
                           : json->is_string()  ? "text"
                           : json->is_number()  ? "number"
                           : json->is_boolean() ? "truth value"
                                                : "null";
  return item.is_in_list ? "it is a list of " + kind + "s" : "it is a " + kind;
}

}  // namespace

class GithubFile::Reader {
 public:
  Reader(GithubFile& file, const Options& options, const Progress& progress)
      : file_(file), options_(options), progress_(progress) {}

  Result<void> read(const Source& source) {
    JsonItems items([this](const JsonItem& item) { return take(item); });
    TRY(source([&](std::string_view bytes) { return items.add(bytes); }));
    TRY(items.finish());
    if (items.is_cut_off()) TRY(refuse(items.line(), "the file ends before the ] of its list"));
    if (file_.read_count_ == 0 && !items.has_list())
      return invalid("", options_.name + " is empty. " + std::string(right_commands));
    if (file_.entries_.empty() && !shape_.empty())
      return invalid("",
                     options_.name + " has no issue of GitHub that can be read: " + shape_ + ". " +
                         std::string(right_commands));
    std::stable_sort(file_.entries_.begin(), file_.entries_.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.created_at, a.number) < std::pair(b.created_at, b.number);
    });
    return {};
  }

 private:
  Result<void> take(const JsonItem& item) {
    ++file_.read_count_;
    const Result<Json> json = parse_json(item.text);
    if (!json) return refuse(item, {}, json.error().message);
    const Result<GithubIssue> issue = github_issue_from_json(*json);
    if (!issue) return refuse(item, name_in(*json), issue.error().message);
    if (!issue->has_state) ++file_.without_state_;
    if (!issue->created_at) ++file_.without_date_;
    TRY(keep(item, *issue));
    if (progress_ && file_.read_count_ % 500 == 0) progress_(file_.read_count_);
    return {};
  }

  Result<void> keep(const JsonItem& item, const GithubIssue& issue) {
    Entry entry;
    entry.url = issue.url;
    entry.repository = place_of(issue.home);
    entry.number = issue.number;
    entry.created_at = issue.created_at;
    entry.updated_at = issue.updated_at;
    entry.line = item.line;
    const auto [place, is_new] = by_url_.emplace(fold_case(issue.url), file_.entries_.size());
    if (!is_new) {
      ++file_.repeated_;
      const std::optional<Timestamp>& other = file_.entries_[place->second].updated_at;
      if (other && entry.updated_at && *entry.updated_at < *other) return {};
    }
    entry.place = TRY(file_.spill_.add(item.text));
    if (is_new) {
      file_.entries_.push_back(std::move(entry));
    } else {
      file_.entries_[place->second] = std::move(entry);
    }
    return {};
  }

  std::uint32_t place_of(const std::string& home) {
    const auto [place, is_new] =
        repositories_.emplace(home, static_cast<std::uint32_t>(file_.repositories_.size()));
    if (is_new) file_.repositories_.push_back(home);
    return place->second;
  }

  // `name` is its own, or empty: then it is counted. A whole file may be one line.
  Result<void> refuse(const JsonItem& item, const std::string& name, const std::string& problem) {
    if (shape_.empty()) shape_ = shape_of(item, problem);
    const std::string shown = name.empty() ? "item " + std::to_string(file_.read_count_) : name;
    return refuse(item.line, shown + ": " + problem);
  }
  Result<void> refuse(std::int64_t line, const std::string& problem) {
    if (options_.is_strict)
      return invalid("", "Line " + std::to_string(line) + ": " + problem + ". Nothing was written.");
    file_.problems_.add(line, problem);
    return {};
  }

  GithubFile& file_;
  const Options& options_;
  const Progress& progress_;
  std::unordered_map<std::string, std::size_t> by_url_;
  std::map<std::string, std::uint32_t> repositories_;
  std::string shape_;  // of the first that is no issue
};

Result<GithubFile> GithubFile::read(const Source& source, const Options& options, const Progress& progress) {
  GithubFile file(TRY(SpillFile::open()));
  TRY(Reader(file, options, progress).read(source));
  return file;
}

Result<GithubIssue> GithubFile::issue(const Entry& entry) {
  const std::string text = TRY(spill_.read(entry.place));
  return github_issue_from_json(TRY(parse_json(text)));
}

}  // namespace dits
