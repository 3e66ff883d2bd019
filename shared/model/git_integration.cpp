#include "shared/model/git_integration.hpp"

#include <algorithm>

#include "shared/core/names.hpp"
#include "shared/model/checks.hpp"

namespace dits {

namespace {

constexpr Names<4> provider_names = {"GITHUB", "GITLAB", "BITBUCKET", "LOCAL"};
constexpr std::size_t max_reference_code_points = 2000;

bool is_commit_hash(std::string_view text) {
  return text.size() >= 7 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_web_address(std::string_view text) {
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (text.substr(0, scheme.size()) == scheme) {
      return text.size() > scheme.size() && text.find_first_of(" \"<>\\^`{|}") == std::string_view::npos;
    }
  }
  return false;
}

}  // namespace

std::string_view name_of(GitProvider provider) { return name_in(provider_names, provider); }
Result<GitProvider> git_provider_from_name(std::string_view name) {
  return value_in<GitProvider>(provider_names, name, "provider");
}

Result<void> validate(const GitIntegration& link) {
  Refusals refusals;
  check_name(refusals, "repository", link.repository, 300);
  if (!link.branch_name && !link.pr_url && !link.commit_hash) {
    refusals.add("branchName", "Give a branch, a pull request or a commit");
  }
  if (link.branch_name) check_name(refusals, "branchName", *link.branch_name, 300);
  if (link.pr_url) {
    check_name(refusals, "prUrl", *link.pr_url, max_reference_code_points);
    if (!is_web_address(*link.pr_url))
      refusals.add("prUrl", "Must be an address that begins with https:// or http://");
  }
  if (link.commit_hash && !is_commit_hash(*link.commit_hash)) {
    refusals.add("commitHash", "Must be 7 to 64 hexadecimal digits in lower case");
  }
  return refusals.result();
}

std::string branch_name_for(std::int64_t number, std::string_view title) {
  constexpr std::size_t max_length = 60;
  std::string name = std::to_string(number);
  std::size_t word_end = name.size();
  bool between_words = true;
  for (const char c : title) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((lower < 'a' || lower > 'z') && (lower < '0' || lower > '9')) {
      if (!between_words) word_end = name.size();
      between_words = true;
      continue;
    }
    if (between_words) name += '-';
    between_words = false;
    name += lower;
    if (name.size() > max_length) {
      // Cut between words, unless the first word alone is too long.
      const bool has_word = word_end > std::to_string(number).size();
      name.resize(has_word ? word_end : max_length);
      break;
    }
  }
  return name;
}

}  // namespace dits
