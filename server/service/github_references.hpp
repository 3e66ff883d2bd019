// References to other issues in a text from GitHub: #12, GH-12, owner/name#12, and addresses of issues, bare
// or behind such words. What the markdown parser takes for code, for the text of another link or for a tag is
// none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dits {

// "https://github.com/owner/name/issues/12", also with pull for issues.
struct GithubAddress {
  std::string home;  // of the repository: "https://github.com/owner/name"
  std::int64_t number = 0;
};
std::optional<GithubAddress> github_address_from(std::string_view url);
// The same address with https where it is github.com's, which has no other.
std::string with_https(std::string_view url);

struct GithubReference {
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  std::string words;  // as it is shown: "#12", "owner/name#12", or the address
  GithubAddress to;
  bool is_link = false;  // leads to GitHub as it is
};

class GithubText {
 public:
  // `home` is that of the repository in which the text was written. `text` must outlive the object.
  GithubText(std::string_view text, std::string_view home);

  // In the order of the text.
  const std::vector<GithubReference>& references() const { return references_; }

  using NumberHere = std::function<std::optional<std::int64_t>(const GithubAddress& to)>;
  // The text with the issues that are here by their number here; the others as links to GitHub.
  std::string with_numbers(const NumberHere& number_here) const;
  // The same, of a text that was brought here before: its plain #12 are numbers of here already.
  std::string with_links_followed(const NumberHere& number_here) const;

 private:
  std::string text_with(const std::vector<std::string>& replacements) const;
  std::vector<std::string> links_for(const std::vector<std::string>& numbers) const;

  std::string_view text_;
  std::vector<GithubReference> references_;
};

}  // namespace dits
