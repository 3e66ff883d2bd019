// One issue of GitHub, as its REST API or `gh issue list --json` gives it, read into what DITS knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"
#include "shared/json/value.hpp"

namespace dits {

struct GithubLabel {
  std::string name;
  std::string color;  // "#RRGGBB", empty when none was given
};

struct GithubIssue {
  std::string url;         // html_url: what tells issues apart
  std::string repository;  // "owner/name"
  std::string home;        // of the repository: "https://github.com/owner/name"
  std::int64_t number = 0;
  std::string title;
  std::string body;        // line ends are \n
  bool has_state = false;  // open when the file doesn't say
  bool is_closed = false;
  std::vector<GithubLabel> labels;
  std::string author;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
  std::optional<Timestamp> closed_at;
  std::optional<std::string> pull_request_url;
  std::optional<Timestamp> merged_at;
  bool is_draft = false;
  // What is not as the file has it, but for its line ends: "title: was cut to 500 characters".
  std::vector<std::string> changes;
};

// "lumen/harbor#5"
std::string name_of(const GithubIssue& issue);
// As far as the file has words for what could not be read: its address, its number, its title; or none.
std::string name_in(const Json& json);

// Number, title and the address of its page are needed. Errors: invalid, saying what is wrong with it.
Result<GithubIssue> github_issue_from_json(const Json& json);

// Fingerprints of the fields that an import writes: what was imported last is kept in the issue, so that the
// next run can tell what the user has changed from what has changed at GitHub.
struct GithubFingerprint {
  std::string title;
  std::string body;
  std::string state;
  std::string labels;

  friend bool operator==(const GithubFingerprint&, const GithubFingerprint&) = default;
};
GithubFingerprint fingerprint_of(const GithubIssue& issue);
std::string text_fingerprint(std::string_view text);
// Whatever the order of the names.
std::string names_fingerprint(std::vector<std::string> names);

// The issue's metadata: source, sourceUrl, sourceNumber, sourceRepository, sourceAuthor, sourceUpdatedAt and
// the fingerprints. `text_here` is what the body has become here.
Json metadata_of(const GithubIssue& issue, std::string_view text_here);
// The metadata of an issue that was imported before, after this import; `has_its_text` tells that it took the
// text over.
Json metadata_with(Json metadata, const GithubIssue& issue, std::string_view text_here, bool has_its_text);
// Of an issue that was imported before; empty fields when there are none.
GithubFingerprint fingerprint_in(const Json& metadata);
// sourceUpdatedAt.
std::optional<Timestamp> source_update_in(const Json& metadata);
// That of the text which the last import left here.
std::string text_fingerprint_in(const Json& metadata);
// Remembers it.
void put_text_fingerprint(Json& metadata, std::string_view text_here);

}  // namespace dits
