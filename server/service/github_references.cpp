// What stands in running text is found by asking the markdown parser: all that looks like a reference is
// replaced by a mention of an issue with a number that is only there, and where the parser sees that mention,
// it was one.
#include "server/service/github_references.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "shared/core/text.hpp"
#include "shared/markdown/blocks.hpp"
#include "shared/markdown/links.hpp"

namespace dits {

namespace {

constexpr std::int64_t first_mark = 900'000'000;  // and as many digits as a mention may have
constexpr std::size_t most_references = 50'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_of_owner(char c) { return is_letter(c) || is_digit(c) || c == '-'; }
bool is_of_name(char c) { return is_of_owner(c) || c == '.' || c == '_'; }

// A letter, or a sign within names and paths.
bool is_word_before(std::string_view text, std::size_t at) {
  return at > 0 && (markdown::is_word_before(text, at) || is_of_name(text[at - 1]) || text[at - 1] == '/');
}

// The number that begins at `at`, which moves behind it.
std::optional<std::int64_t> take_number(std::string_view text, std::size_t& at) {
  constexpr std::size_t most_digits = 9;
  std::int64_t number = 0;
  const std::size_t begin = at;
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == begin || end - begin > most_digits || text[begin] == '0') return std::nullopt;
  for (; at < end; ++at) number = number * 10 + (text[at] - '0');
  return number;
}

// Moves behind the run of characters; false when there is none.
template <typename IsOf>
bool take_run(std::string_view text, std::size_t& at, IsOf is_of) {
  const std::size_t begin = at;
  while (at < text.size() && is_of(text[at])) ++at;
  return at > begin;
}

bool take_words(std::string_view text, std::size_t& at, std::string_view words) {
  if (text.substr(at, words.size()) != words) return false;
  at += words.size();
  return true;
}

// The address that begins at `at`, which moves behind it, whatever follows.
std::optional<GithubAddress> take_address(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::size_t end = at;
  if (!take_words(text, end, "https://") && !take_words(text, end, "http://")) return std::nullopt;
  const auto is_of_host = [](char c) { return is_of_name(c) || c == ':'; };
  if (!take_run(text, end, is_of_host) || !take_words(text, end, "/")) return std::nullopt;
  if (!take_run(text, end, is_of_owner) || !take_words(text, end, "/")) return std::nullopt;
  if (!take_run(text, end, is_of_name)) return std::nullopt;
  GithubAddress address{with_https(text.substr(begin, end - begin)), 0};
  if (!take_words(text, end, "/issues/") && !take_words(text, end, "/pull/")) return std::nullopt;
  const std::optional<std::int64_t> number = take_number(text, end);
  if (!number) return std::nullopt;
  address.number = *number;
  at = end;
  return address;
}

// Does an address that ends at `at` go on there? A point or question mark ends a sentence as well, and what
// stands before another address ends this one.
bool goes_on(std::string_view text, std::size_t at) {
  constexpr std::string_view signs = ".?!,:;";
  const std::size_t end = at;
  while (at < text.size() && signs.find(text[at]) != std::string_view::npos) ++at;
  if (at == text.size()) return false;
  const std::string_view rest = text.substr(at);
  if (at > end && (rest.starts_with("https://") || rest.starts_with("http://"))) return false;
  const char c = text[at];
  const bool is_letter_behind = is_of_name(c) || c == '/' || static_cast<unsigned char>(c) >= 0x80;
  return is_letter_behind ? c != '_' : c == '#' || c == '%' || c == '&' || c == '=' || c == '+' || c == '@';
}

class Scanner {
 public:
  Scanner(std::string_view text, std::string_view home) : text_(text), home_(home) {}

  std::vector<GithubReference> run() {
    while (at_ < text_.size() && found_.size() < most_references) {
      std::size_t end = at_;
      if (take(end)) {
        at_ = last_end_ = end;
      } else {
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  bool take(std::size_t& end) {
    switch (text_[at_]) {
      case '[':
        return take_link(end);
      case '<':
      case 'h':
        return take_bare_address(end);
      case 'G':
      case 'g':
        return take_gh(end);
      case '#':
        return take_hash(end);
      default:
        return false;
    }
  }

  bool keep(std::size_t begin, std::size_t end, std::string_view words, GithubAddress to, bool is_link) {
    found_.push_back({begin, end, std::string(words), std::move(to), is_link});
    return true;
  }

  // "[#12](https://github.com/owner/name/issues/12)"
  bool take_link(std::size_t& end) {
    constexpr std::size_t longest_words = 200;
    const std::size_t begin = at_ + 1;
    const std::size_t length = text_.substr(begin, longest_words).find(']');
    if (length == std::string_view::npos) return false;
    const std::string_view words = text_.substr(begin, length);
    end = begin + length + 1;
    if (!take_words(text_, end, "(")) return false;
    std::optional<GithubAddress> to = take_address(text_, end);
    if (!to || !take_words(text_, end, ")")) return false;
    const std::vector<GithubReference> within = Scanner(words, home_).run();
    const bool is_reference = within.size() == 1 && within[0].begin == 0 && within[0].end == words.size() &&
                              within[0].to.number == to->number;
    return is_reference && keep(at_, end, words, std::move(*to), true);
  }

  bool take_bare_address(std::size_t& end) {
    const bool is_in_angles = text_[at_] == '<';
    if (is_in_angles) ++end;
    const std::size_t begin = end;
    std::optional<GithubAddress> to = take_address(text_, end);
    if (!to) return false;
    const std::string_view words = text_.substr(begin, end - begin);
    if (text_.substr(end, 1) == "/") ++end;
    if (is_in_angles ? !take_words(text_, end, ">") : goes_on(text_, end)) return false;
    return keep(at_, end, words, std::move(*to), true);
  }

  bool take_gh(std::size_t& end) {
    const std::string_view sign = text_.substr(at_, 3);
    if (sign != "GH-" && sign != "gh-") return false;
    if (is_word_before(text_, at_) && text_[at_ - 1] != '_') return false;
    end = at_ + 3;
    const std::optional<std::int64_t> number = take_number(text_, end);
    if (!number) return false;
    return keep(at_, end, text_.substr(at_, end - at_), {std::string(home_), *number}, false);
  }

  bool take_hash(std::size_t& end) {
    end = at_ + 1;
    const std::optional<std::int64_t> number = take_number(text_, end);
    if (!number) return false;
    std::size_t begin = at_;
    std::string home(home_);
    if (const std::string_view repository = repository_before(at_); !repository.empty()) {
      begin -= repository.size();
      home = std::string(site()) + "/" + std::string(repository);
    }
    return keep(begin, end, text_.substr(begin, end - begin), {std::move(home), *number}, false);
  }

  // "owner/name", which ends at `end`.
  std::string_view repository_before(std::size_t end) const {
    std::size_t begin = end;
    while (begin > last_end_ && is_of_name(text_[begin - 1])) --begin;
    if (begin == end || begin == last_end_ || text_[begin - 1] != '/') return {};
    const std::size_t slash = --begin;
    while (begin > last_end_ && is_of_owner(text_[begin - 1])) --begin;
    const bool is_cut = is_word_before(text_, begin) && text_[begin - 1] != '_';
    return begin == slash || is_cut ? std::string_view() : text_.substr(begin, end - begin);
  }

  // "https://github.com" of the text's own repository.
  std::string_view site() const { return home_.substr(0, home_.find('/', home_.find("://") + 3)); }

  std::string_view text_;
  std::string_view home_;
  std::size_t at_ = 0;
  std::size_t last_end_ = 0;
  std::vector<GithubReference> found_;
};

template <typename Visit>
void visit_spans(const std::vector<markdown::Block>& blocks, const Visit& visit) {
  for (const markdown::Block& block : blocks) {
    for (const markdown::Span& span : block.spans) visit(span);
    for (const auto& row : block.rows) {
      for (const auto& cell : row) {
        for (const markdown::Span& span : cell) visit(span);
      }
    }
    visit_spans(block.children, visit);
  }
}

std::string page_of(const GithubAddress& to) { return to.home + "/issues/" + std::to_string(to.number); }

}  // namespace

std::optional<GithubAddress> github_address_from(std::string_view url) {
  std::size_t end = 0;
  std::optional<GithubAddress> address = take_address(url, end);
  return end == url.size() ? address : std::nullopt;
}

std::string with_https(std::string_view url) {
  constexpr std::string_view without = "http://github.com/";
  return url.starts_with(without) ? "https://github.com/" + std::string(url.substr(without.size()))
                                  : std::string(url);
}

GithubText::GithubText(std::string_view text, std::string_view home)
    : text_(text), references_(Scanner(text, home).run()) {
  if (references_.empty()) return;
  std::vector<std::string> marks;
  for (std::size_t at = 0; at < references_.size(); ++at)
    marks.push_back("#" + std::to_string(first_mark + static_cast<std::int64_t>(at)));
  std::set<std::size_t> seen;
  visit_spans(markdown::parse(text_with(marks)), [&](const markdown::Span& span) {
    if (span.kind == markdown::SpanKind::mention && span.number >= first_mark)
      seen.insert(static_cast<std::size_t>(span.number - first_mark));
  });
  std::vector<GithubReference> kept;
  for (const std::size_t at : seen) {
    if (at < references_.size()) kept.push_back(std::move(references_[at]));
  }
  references_ = std::move(kept);
}

std::string GithubText::with_numbers(const NumberHere& number_here) const {
  std::vector<std::string> numbers;
  for (const GithubReference& reference : references_) {
    const std::optional<std::int64_t> number = number_here(reference.to);
    numbers.push_back(number ? "#" + std::to_string(*number) : std::string());
  }
  return text_with(links_for(numbers));
}

std::string GithubText::with_links_followed(const NumberHere& number_here) const {
  std::vector<std::string> numbers;
  for (const GithubReference& reference : references_) {
    const std::optional<std::int64_t> number =
        reference.is_link ? number_here(reference.to) : std::optional<std::int64_t>();
    numbers.push_back(number ? "#" + std::to_string(*number)
                             : std::string(text_.substr(reference.begin, reference.end - reference.begin)));
  }
  return text_with(numbers);
}

// Where there is no number, a link: in markdown, or as a tag where markdown is not read.
std::vector<std::string> GithubText::links_for(const std::vector<std::string>& numbers) const {
  const auto needs_link = [&](std::size_t at) { return numbers[at].empty() && !references_[at].is_link; };
  std::vector<std::string> replacements = numbers;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const GithubReference& reference = references_[at];
    if (needs_link(at)) {
      replacements[at] = "[" + reference.words + "](" + page_of(reference.to) + ")";
    } else if (numbers[at].empty()) {
      replacements[at] = text_.substr(reference.begin, reference.end - reference.begin);
      // The markdown parser would take what follows without a blank for a part of the address.
      const bool is_bare = replacements[at].starts_with('h');
      if (is_bare && at + 1 < numbers.size() && references_[at + 1].begin == reference.end + 1)
        replacements[at] = "<" + replacements[at] + ">";
    }
  }
  if (text_.find('<') == std::string_view::npos) return replacements;
  std::vector<std::string> marks = numbers;
  for (std::size_t at = 0; at < marks.size(); ++at) {
    if (numbers[at].empty()) marks[at] = "[x](https://" + std::to_string(at) + ")";
  }
  std::set<std::string> seen;
  visit_spans(markdown::parse(text_with(marks)), [&](const markdown::Span& span) {
    if (span.kind == markdown::SpanKind::link) seen.insert(span.target);
  });
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    if (needs_link(at) && !seen.contains("https://" + std::to_string(at)))
      replacements[at] = "<a href=\"" + page_of(references_[at].to) + "\">" + references_[at].words + "</a>";
  }
  return replacements;
}

std::string GithubText::text_with(const std::vector<std::string>& replacements) const {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < replacements.size(); ++at) {
    out += text_.substr(copied, references_[at].begin - copied);
    // A \ before it would take the [ of a link, or the < of a tag.
    const bool is_link = replacements[at].starts_with('[') || replacements[at].starts_with('<');
    const bool was_link = references_[at].is_link;
    const std::size_t last_plain = out.find_last_not_of('\\');
    const bool is_escaped = (out.size() - (last_plain + 1)) % 2 == 1;  // npos + 1 is 0
    if (is_link && !was_link && is_escaped) out.pop_back();
    out += replacements[at];
    copied = references_[at].end;
  }
  return out += text_.substr(copied);
}

}  // namespace dits
