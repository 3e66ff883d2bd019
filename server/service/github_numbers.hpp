// What the issues of a file from GitHub are here, found by their addresses.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/service/github_file.hpp"
#include "server/service/github_references.hpp"
#include "shared/core/id.hpp"

namespace dits {

// What an entry of the file is here.
struct GithubTarget {
  IssueId id;
  std::int64_t number = 0;
  bool is_new = false;
};

class GithubNumbers {
 public:
  // `targets` are as the file's entries.
  void read(const GithubFile& file, const std::vector<GithubTarget>& targets);

  // The number here, when the file holds that issue; letters of owner and name in whatever case.
  std::optional<std::int64_t> find(const GithubAddress& to) const;

 private:
  struct Row {
    std::uint32_t home = 0;
    std::int64_t number = 0;
    std::int64_t number_here = 0;
    friend auto operator<=>(const Row&, const Row&) = default;
  };
  std::map<std::string, std::uint32_t> homes_;  // by folded address
  std::vector<Row> rows_;                       // sorted
};

}  // namespace dits
