#include "shared/model/status_kind.hpp"

#include <initializer_list>
#include <string>

#include "shared/core/text.hpp"

namespace dits {

StatusKind status_kind(std::string_view name, bool is_closed) {
  if (is_closed) return StatusKind::done;
  // Words of their own, or the beginning of one: "In progress", "Testing"; not the end of one ("Inactive").
  const std::string folded = ' ' + fold_case(name);
  const auto has_any = [&folded](std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
      for (std::size_t at = folded.find(word); at != std::string::npos; at = folded.find(word, at + 1)) {
        const char before = folded[at - 1];
        if (before < 'a' || before > 'z') return true;
      }
    }
    return false;
  };
  if (has_any({"not ", "unstarted", "inactive"})) return StatusKind::todo;
  if (has_any({"review", "test", "verify"})) return StatusKind::review;
  if (has_any({"progress", "doing", "started", "active"})) return StatusKind::progress;
  if (has_any({"backlog", "idea", "later", "triage"})) return StatusKind::backlog;
  return StatusKind::todo;
}

}  // namespace dits
