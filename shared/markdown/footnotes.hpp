// Footnotes: [^name] in a text, and what it stands for on a line of its own that begins with [^name]:
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dits::markdown {

struct Footnote {
  std::string name;
  std::string text;
  std::size_t number = 0;  // in the order in which they are used, from 1; 0: not yet
};

class Footnotes {
 public:
  // Takes the definitions out of `text`: blanks stand in their place, so that all else stays where it is.
  // Within fenced code there are none.
  explicit Footnotes(std::string& text);

  // The number of the footnote that is used at the beginning of `text`, as in "[^name] and more", and how
  // long that is; 0 when it is none. Numbers are given as footnotes are used.
  std::size_t use(std::string_view text, std::size_t& length);
  bool is_empty() const { return all_.empty(); }
  // Those that were used so far, in their order.
  const std::vector<std::size_t>& used() const { return used_; }
  const Footnote& operator[](std::size_t at) const { return all_[at]; }

 private:
  std::vector<Footnote> all_;  // by name
  std::vector<std::size_t> used_;
};

}  // namespace dits::markdown
