#include "server/service/github_issue.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"
#include "server/service/github_references.hpp"
#include "server/service/import_notes.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/json/fields.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"

namespace dits {

namespace {

constexpr std::size_t max_label_code_points = 50;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view text_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  const std::string* text = value != nullptr ? value->get_ptr<const std::string*>() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

Result<std::string> required_text(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (value != nullptr && !value->is_string()) return invalid(name, std::string(name) + " is no text");
  const std::string_view text = text_member(object, name);
  if (text.empty()) return invalid(name, std::string(name) + " is missing");
  return std::string(text);
}

// As the REST API names a member and as `gh … --json` does; the one that is there.
struct Spellings {
  const char* rest;
  const char* gh;

  const char* in(const Json& object) const { return member(object, rest) != nullptr ? rest : gh; }
};
constexpr Spellings created_at = {"created_at", "createdAt"};
constexpr Spellings updated_at = {"updated_at", "updatedAt"};
constexpr Spellings closed_at = {"closed_at", "closedAt"};
constexpr Spellings author = {"user", "author"};
constexpr Spellings draft = {"draft", "isDraft"};

using Changes = std::vector<std::string>;

std::optional<Timestamp> optional_time(const Json& object, const char* name, Changes& changes) {
  if (member(object, name) == nullptr) return std::nullopt;
  const Result<Timestamp> time = parse_timestamp(text_member(object, name));
  if (!time) changes.push_back(std::string(name) + ": is no time, and was left out");
  return time ? std::optional<Timestamp>(*time) : std::nullopt;
}

std::string normal_text(std::string_view text, const char* field, Changes& changes) {
  if (!is_normal_form(text)) changes.push_back(normal_form_note(field));
  return normal_form(text);
}

// One line in normal form without control characters, cut to a number of characters.
std::string one_line(std::string_view text,
                     std::size_t max_code_points,
                     const char* field,
                     Changes& changes) {
  const std::string normal = normal_text(text, field, changes);
  bool has_controls = false;
  std::string out;
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < normal.size() && count < max_code_points) {
    const char32_t code_point = take_code_point(normal, at);
    const bool is_control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
                            code_point == 0x2028 || code_point == 0x2029;
    append_code_point(out, is_control ? U' ' : code_point);
    has_controls = has_controls || is_control;
    ++count;
  }
  if (has_controls)
    changes.push_back(std::string(field) + ": signs that can't be shown in a line became spaces");
  if (!trim(std::string_view(normal).substr(at)).empty()) {
    changes.push_back(std::string(field) + ": was cut to " + std::to_string(max_code_points) + " characters");
  } else if (at < normal.size() || trim(out).size() < out.size()) {
    changes.push_back(std::string(field) + ": lost the spaces around it");
  }
  return std::string(trim(out));
}

std::string with_plain_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      out += text[at];
    } else if (at + 1 == text.size() || text[at + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

// What stands in `url` behind `before`, up to the second slash: "owner/name".
std::string repository_from(std::string_view url, std::string_view before) {
  const std::size_t begin = url.find(before);
  if (begin == std::string_view::npos) return {};
  std::string_view rest = url.substr(begin + before.size());
  const std::size_t owner_end = rest.find('/');
  if (owner_end == std::string_view::npos) return {};
  return std::string(rest.substr(0, rest.find('/', owner_end + 1)));
}

// Of "https://github.com/owner/name/issues/7", on whatever host.
std::string repository_at(std::string_view url) {
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return {};
  return repository_from(url.substr(host + 3), "/");
}

// Without what leads to a place on the page or to a way of showing it, and by https where there is nothing
// else.
std::string plain_address(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  while (url.ends_with('/')) url.remove_suffix(1);
  return with_https(url);
}

bool is_http_url(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

// The page of the issue: `url` is one in what gh writes, and an address of the API in what that answers.
Result<std::string> address_in(const Json& json) {
  std::string_view address = text_member(json, "html_url");
  if (address.empty()) {
    address = text_member(json, "url");
    if (address.find("/repos/") != std::string_view::npos) address = {};
  }
  if (address.empty()) return invalid("html_url", "html_url (or url, the address of its page) is missing");
  if (!is_http_url(address) || address.size() > 2000) return invalid("html_url", "html_url is no address");
  return plain_address(address);
}

Result<std::int64_t> number_in(const Json& json) {
  const Json* const number = member(json, "number");
  if (number == nullptr) return invalid("number", "number is missing");
  std::int64_t value = 0;
  if (read_value(*number, value) != nullptr || value <= 0)
    return invalid("number", "number is no whole number above 0");
  return value;
}

// Open unless the file says something else.
Result<bool> is_closed_in(const Json& json) {
  if (member(json, "state") == nullptr) return false;
  const std::string state = fold_case(text_member(json, "state"));
  if (state != "open" && state != "closed" && state != "merged")
    return invalid("state", "state is none of open, closed and merged");
  return state != "open";
}

Result<std::optional<Timestamp>> creation_in(const Json& json) {
  const char* const name = created_at.in(json);
  if (member(json, name) == nullptr) return std::optional<Timestamp>();
  const Result<Timestamp> time = parse_timestamp(text_member(json, name));
  if (!time) return invalid(name, std::string(name) + " is no time");
  return std::optional<Timestamp>(*time);
}

std::vector<GithubLabel> labels_from(const Json& json, Changes& changes) {
  std::vector<GithubLabel> labels;
  const Json* list = member(json, "labels");
  if (list == nullptr) return labels;
  if (!list->is_array()) {
    changes.push_back("labels: are no list, and were left out");
    return labels;
  }
  for (const Json& each : *list) {
    const std::string* plain = each.get_ptr<const std::string*>();
    GithubLabel label;
    label.name = one_line(plain != nullptr ? std::string_view(*plain) : text_member(each, "name"),
                          max_label_code_points,
                          "labels",
                          changes);
    const std::string color = "#" + std::string(text_member(each, "color"));
    if (validate_color(color)) label.color = color;
    if (is_visible(label.name)) {
      labels.push_back(std::move(label));
    } else {
      changes.emplace_back("labels: one without a name was left out");
    }
  }
  return labels;
}

void read_pull_request(const Json& json, GithubIssue& issue) {
  const Json* const pull_request = member(json, "pull_request");
  if (pull_request == nullptr && issue.url.find("/pull/") == std::string::npos) return;
  const std::string_view url = pull_request != nullptr ? text_member(*pull_request, "html_url") : "";
  issue.pull_request_url = is_http_url(url) ? std::string(url) : issue.url;
  issue.merged_at = pull_request != nullptr ? optional_time(*pull_request, "merged_at", issue.changes)
                                            : optional_time(json, "mergedAt", issue.changes);
  const Json* const is_draft = member(json, draft.in(json));
  issue.is_draft = is_draft != nullptr && is_draft->is_boolean() && is_draft->get<bool>();
}

}  // namespace

Result<GithubIssue> github_issue_from_json(const Json& json) {
  if (!json.is_object()) return invalid("", "is no JSON object");
  GithubIssue issue;
  issue.url = TRY(address_in(json));
  issue.repository = repository_from(text_member(json, "repository_url"), "/repos/");
  if (issue.repository.empty()) issue.repository = repository_at(issue.url);
  if (issue.repository.empty())
    return invalid("repository_url", "neither repository_url nor html_url names a repository");
  issue.home = issue.url.substr(0, issue.url.find('/', issue.url.find("://") + 3)) + "/" + issue.repository;
  Project project;
  project.name = issue.repository;
  if (const Result<void> valid = validate(project); !valid)
    return invalid("repository_url",
                   "the name of the repository can't be a project's: " + valid.error().message);
  issue.number = TRY(number_in(json));
  issue.title = one_line(TRY(required_text(json, "title")), max_title_code_points, "title", issue.changes);
  if (!is_visible(issue.title)) return invalid("title", "title has no character that can be seen");
  if (const Json* body = member(json, "body"); body != nullptr && !body->is_string())
    issue.changes.emplace_back("body: is no text, and was left out");
  issue.body = with_plain_line_ends(normal_text(text_member(json, "body"), "body", issue.changes));
  if (issue.body.size() > max_description_bytes) return invalid("body", "body is longer than 512 KiB");
  issue.has_state = member(json, "state") != nullptr;
  issue.is_closed = TRY(is_closed_in(json));
  issue.labels = labels_from(json, issue.changes);
  if (const Json* user = member(json, author.in(json))) issue.author = text_member(*user, "login");
  issue.created_at = TRY(creation_in(json));
  issue.updated_at = optional_time(json, updated_at.in(json), issue.changes);
  if (issue.updated_at && issue.created_at && *issue.updated_at < *issue.created_at) {
    issue.updated_at.reset();
    issue.changes.push_back(std::string(updated_at.in(json)) + ": is before " + created_at.in(json) +
                            ", and was left out");
  }
  issue.closed_at = optional_time(json, closed_at.in(json), issue.changes);
  read_pull_request(json, issue);
  return issue;
}

std::string name_of(const GithubIssue& issue) {
  return issue.repository + "#" + std::to_string(issue.number);
}

std::string name_in(const Json& json) {
  for (const char* const address : {"html_url", "url"}) {
    const std::string_view text = text_member(json, address);
    if (const std::optional<GithubAddress> known = github_address_from(plain_address(text)))
      return repository_at(known->home + "/") + "#" + std::to_string(known->number);
  }
  if (const Result<std::int64_t> number = number_in(json)) return "issue " + std::to_string(*number);
  const std::string_view title = text_member(json, "title");
  return title.empty() ? std::string() : beginning_of(title);
}

std::string text_fingerprint(std::string_view text) { return hex(sha256(text)).substr(0, 8); }

std::string names_fingerprint(std::vector<std::string> names) {
  for (std::string& name : names) name = fold_case(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string all;
  for (const std::string& name : names) all += name + "\n";
  return text_fingerprint(all);
}

GithubFingerprint fingerprint_of(const GithubIssue& issue) {
  std::vector<std::string> names;
  for (const GithubLabel& label : issue.labels) names.push_back(label.name);
  return {text_fingerprint(issue.title),
          text_fingerprint(issue.body),
          issue.is_closed ? "closed" : "open",
          names_fingerprint(std::move(names))};
}

Json metadata_of(const GithubIssue& issue, std::string_view text_here) {
  const GithubFingerprint print = fingerprint_of(issue);
  Json metadata = {{"source", "github"},
                   {"sourceUrl", issue.url},
                   {"sourceNumber", issue.number},
                   {"sourceRepository", issue.repository},
                   {"sourceAuthor", issue.author},
                   {"imported", print.title + "." + print.body + "." + print.state + "." + print.labels}};
  if (issue.updated_at) metadata["sourceUpdatedAt"] = to_string(*issue.updated_at);
  put_text_fingerprint(metadata, text_here);
  return metadata;
}

Json metadata_with(Json metadata, const GithubIssue& issue, std::string_view text_here, bool has_its_text) {
  const std::string imported_text = text_fingerprint_in(metadata);
  const std::optional<Timestamp> known = source_update_in(metadata);
  const Json fresh = metadata_of(issue, text_here);
  if (issue.updated_at && (!known || *known < *issue.updated_at))
    metadata["sourceUpdatedAt"] = fresh["sourceUpdatedAt"];
  metadata["imported"] = fresh["imported"];
  if (has_its_text) {
    put_text_fingerprint(metadata, text_here);
  } else {
    metadata["importedText"] = imported_text;
  }
  return metadata;
}

GithubFingerprint fingerprint_in(const Json& metadata) {
  std::string_view rest = text_member(metadata, "imported");
  GithubFingerprint print;
  for (std::string* part : {&print.title, &print.body, &print.state, &print.labels}) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    *part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return print;
}

std::optional<Timestamp> source_update_in(const Json& metadata) {
  const Result<Timestamp> time = parse_timestamp(text_member(metadata, "sourceUpdatedAt"));
  return time ? std::optional<Timestamp>(*time) : std::nullopt;
}

std::string text_fingerprint_in(const Json& metadata) {
  const std::string_view print = text_member(metadata, "importedText");
  return print.empty() ? fingerprint_in(metadata).body : std::string(print);
}

void put_text_fingerprint(Json& metadata, std::string_view text_here) {
  const std::string print = text_fingerprint(text_here);
  if (print == fingerprint_in(metadata).body) {
    metadata.erase("importedText");
  } else {
    metadata["importedText"] = print;
  }
}

}  // namespace dits
