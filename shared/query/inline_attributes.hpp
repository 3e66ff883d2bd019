// Attributes within a title as it is typed: "Fix the login #bug !high @Work due:fri start:+3d >#128".
//
//   #bug  #"kitchen, bath"    a label, by its name in any case
//   !urgent !high !medium !low !none
//   @Work  @"Old site"        a project, else an area; blanks of a name may be left out or be - or _
//   due:fri  start:+3d  due:"31 jul"  due:next-week     a day, see shared/core/day_text
//   >#128                     the parent
//
// Each begins a word and ends at white space; the signs may have any form that a query's may, see signs.hpp.
// Left alone are: text in "…", “…” or `…`, #128 by itself,
// everything behind a backslash (\#bug), and what merely looks alike (C#, me@example.org, !important, due:).
// An attribute that is well written and names nothing that is there is told, and stays in the title; so is a
// priority with a slip of the hand (!hgih).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/issue.hpp"
#include "shared/query/plan.hpp"

namespace dits::query {

enum class InlineKind : std::uint8_t {
  label,
  priority,
  place,
  due,
  start,
  parent,
  escape  // the backslash before what would be an attribute; it leaves the title, the word stays
};

struct InlineAttribute {
  InlineKind kind = InlineKind::label;
  std::size_t begin = 0;  // of the typed text, in bytes
  std::size_t end = 0;
  std::string problem =
      {};  // a sentence without its point, when it cannot be taken; else one of these is set
  LabelId label_id = {};
  Priority priority = Priority::none;
  ProjectId project_id = {};  // place: this or the area
  AreaId area_id = {};
  Date day = {};
  std::int64_t parent_number = 0;  // whether there is such an issue, the caller has to find out

  bool is_taken() const { return problem.empty(); }
};

constexpr std::size_t max_inline_bytes = 4096;  // a longer text is no title, and holds no attributes

// In the order of the text. Words that stand among `left_alone` ("#bug") are words. Archived projects are not
// found.
std::vector<InlineAttribute> read_inline_attributes(std::string_view typed,
                                                    const Names& names,
                                                    Date today,
                                                    std::span<const std::string> left_alone = {});

// What stays of the text without the attributes that are taken, and without white space at both ends.
std::string title_without(std::string_view typed, std::span<const InlineAttribute> attributes);

// Lays what is taken over the draft: labels are added, of the others the last of a kind counts. Title and
// parent are the caller's.
void apply_inline(std::span<const InlineAttribute> attributes, Issue& draft);
// The last parent that is taken; 0: none.
std::int64_t parent_number_of(std::span<const InlineAttribute> attributes);

}  // namespace dits::query
