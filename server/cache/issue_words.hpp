// Which of a user's issues have which words, in little memory: what a search for text within words is
// narrowed by, so that it need not look through all texts. Whoever asks looks at the texts of what is found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/query/plan.hpp"

namespace dits {

// Pieces of a folded text, each of which stands within a word of every text that has this one in it; none
// when it has neither letters nor digits.
std::vector<std::string> word_parts(std::string_view folded);
// The same of what has to be there for the pattern; the longest of them.
std::vector<std::string> word_parts(const query::TextPattern& pattern);

// The words of some issues. Immutable.
class IssueWords {
 public:
  // The numbers, ascending, of the issues that have `part` in one of their words; nothing when there may be
  // more than `most`.
  std::optional<std::vector<std::int64_t>> find(std::string_view part, std::size_t most) const;

  std::size_t issue_count() const { return issue_count_; }
  std::size_t bytes() const;

 private:
  friend class IssueWordsBuilder;

  std::string words_;  // each ends in a zero byte
  std::vector<std::uint32_t> word_begins_;
  // Of each word the numbers as differences, seven bits a byte; nothing for a word that too many have.
  std::string numbers_;
  std::vector<std::uint32_t> number_begins_;  // and the end of the last
  std::size_t issue_count_ = 0;
};

class IssueWordsBuilder {
 public:
  // A word that more than `most` issues have is kept without their numbers.
  explicit IssueWordsBuilder(std::size_t most) : most_(most) {}

  // Numbers ascend from 1 on; the same may come again with another text.
  void add(std::int64_t number, std::string_view folded);
  // Of what is held until now, about.
  std::size_t bytes() const { return bytes_; }
  IssueWords finish();

 private:
  struct Place {
    std::int64_t last = 0;
    std::size_t count = 0;
    std::string numbers;  // as in IssueWords
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void add_word(std::string_view word);

  const std::size_t most_;
  std::unordered_map<std::string, Place, Hash, std::equal_to<>> places_;
  std::int64_t number_ = 0;
  std::size_t issue_count_ = 0;
  std::size_t bytes_ = 0;
};

// What is known of a user's words at one change of the log.
struct UserWords {
  std::string log;             // whose change that is (store::find_log_name)
  std::int64_t change_id = 0;  // issues that were changed later have to be looked at
  std::size_t most = 0;        // a search that more issues may fit is not narrowed
  // First of all issues, then of those that were changed since. Words that an issue has no more do no harm.
  std::vector<std::shared_ptr<const IssueWords>> layers;

  // The numbers, ascending, of the issues that may fit; nothing when any may.
  std::optional<std::vector<std::int64_t>> find(const query::TextPattern& pattern) const;
  // The same for all that a query asks for.
  std::optional<std::vector<std::int64_t>> find(const query::PlanNode& node) const;
  std::size_t bytes() const;
};

}  // namespace dits
