#include "shared/model/git_integration.hpp"

#include <algorithm>
#include <iterator>

#include "shared/core/names.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
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

namespace {

// Letters of the Latin script that are more than a letter with a mark; others of beyond ASCII break words.
struct Spelling {
  char32_t letter;
  std::string_view text;
};
constexpr Spelling spellings[] = {{0xDF, "ss"},
                                  {0xE6, "ae"},
                                  {0xF0, "d"},
                                  {0xF8, "o"},
                                  {0xFE, "th"},
                                  {0x111, "d"},
                                  {0x127, "h"},
                                  {0x131, "i"},
                                  {0x142, "l"},
                                  {0x14B, "ng"},
                                  {0x153, "oe"},
                                  {0x167, "t"},
                                  {0x1E9E, "ss"}};

// The title in lower case and in letters of ASCII, as far as there are some for it.
std::string in_ascii(std::string_view title) {
  std::string text;
  for (std::size_t at = 0; at < title.size();) {
    const char32_t letter = without_marks(fold_code_point(take_code_point(title, at)));
    const bool is_mark = letter >= 0x300 && letter <= 0x36F;
    const auto* const found = std::find_if(std::begin(spellings),
                                           std::end(spellings),
                                           [&](const Spelling& one) { return one.letter == letter; });
    if (letter < 0x80) {
      text += static_cast<char>(letter);
    } else if (found != std::end(spellings)) {
      text += found->text;
    } else if (!is_mark) {
      text += ' ';
    }
  }
  return text;
}

}  // namespace

std::string branch_name_for(std::int64_t number, std::string_view title) {
  constexpr std::size_t max_length = 60;
  std::string name = std::to_string(number);
  std::size_t word_end = name.size();
  bool between_words = true;
  for (const char lower : in_ascii(title)) {
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
