// Boxes that are ticked in the text.
#include "shared/markdown/tasks.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits::markdown {

TEST_CASE("ticking a box changes its one character and nothing else") {
  const std::string text = "Intro\n\n1. [ ] ä one\n2. [x] two\n   - [ ] three\n";
  const std::vector<Block> blocks = parse(text);
  const Block& list = blocks[1];
  const auto ticked = toggled_task(text, list.children[0].task_offset);
  REQUIRE(ticked);
  CHECK(*ticked == "Intro\n\n1. [x] ä one\n2. [x] two\n   - [ ] three\n");
  CHECK(toggled_task(text, list.children[1].task_offset) ==
        "Intro\n\n1. [ ] ä one\n2. [ ] two\n   - [ ] three\n");
  CHECK(toggled_task(*ticked, list.children[0].task_offset) == text);
  CHECK(!toggled_task("shorter", list.children[1].task_offset));
  CHECK(!toggled_task("abc", 1));
  CHECK(count_tasks(blocks).all == 3);
  CHECK(count_tasks(blocks).done == 1);
}

}  // namespace dits::markdown
