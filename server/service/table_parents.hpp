// Which row of an imported table is below which: rows name each other by the keys that the table gives them
// (numbers, or such as DEV-7), or by their titles, in any order. Keeps a few words for each row, however
// large the row is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/id.hpp"

namespace dits {

class TableParents {
 public:
  struct Mistake {
    std::int64_t line = 0;
    std::string what;
  };
  struct Placed {
    IssueId id;
    IssueId parent;  // not set: none
  };

  explicit TableParents(std::function<IssueId()> make_id) : make_id_(std::move(make_id)) {}

  // The row at `line` has this key, title and parent; empty: none. A parent is first looked for among the
  // keys, then among the titles. Keeps a mistake when another row has the key.
  Placed add(std::int64_t line, const std::string& key, const std::string& title, const std::string& parent);

  // When all rows are there: keys that are there twice, parents that are not there or are one of several, and
  // rows that are their own ancestor, by line.
  std::vector<Mistake> take_mistakes();

 private:
  enum class State { unknown, on_the_way, good, circular };
  struct Child {
    std::int64_t line = 0;
    IssueId parent;
    State state = State::unknown;
  };
  struct Titled {
    IssueId id;
    int rows = 0;
  };
  // What a row named as its parent: the issue that was taken for it, which must turn out to be the right one,
  // since it is written before the rest of the table is read.
  struct Asked {
    IssueId id;
    std::int64_t line = 0;  // of the first that asked
    bool is_open = false;   // no row has been this yet
  };

  IssueId id_for(const std::string& key, const std::string& title);
  IssueId parent_called(const std::string& name, std::int64_t line);
  void check_asked(const std::string& name, const Asked& asked);
  void follow(IssueId id);

  std::function<IssueId()> make_id_;
  std::map<std::string, IssueId> keys_;
  std::map<std::string, Titled> titles_;
  std::map<std::string, Asked> asked_;
  std::map<IssueId, Child> children_;
  std::vector<Mistake> mistakes_;
};

}  // namespace dits
