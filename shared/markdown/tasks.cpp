#include "shared/markdown/tasks.hpp"

namespace dits::markdown {

std::optional<std::string> toggled_task(std::string_view text, std::size_t task_offset) {
  if (task_offset == 0 || task_offset + 1 >= text.size()) return std::nullopt;
  const char mark = text[task_offset];
  const bool is_box = text[task_offset - 1] == '[' && text[task_offset + 1] == ']';
  if (!is_box || (mark != ' ' && mark != 'x' && mark != 'X')) return std::nullopt;
  std::string toggled(text);
  toggled[task_offset] = mark == ' ' ? 'x' : ' ';
  return toggled;
}

TaskCount count_tasks(const std::vector<Block>& blocks) {
  TaskCount count;
  for (const Block& block : blocks) {
    const TaskCount inner = count_tasks(block.children);
    count.done += inner.done + (block.task == Task::done ? 1 : 0);
    count.all += inner.all + (block.task == Task::none ? 0 : 1);
  }
  return count;
}

}  // namespace dits::markdown
