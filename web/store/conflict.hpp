// Two edits of one issue that do not know of each other.
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// The fields of `later` over those of `into`.
void join(IssuePatch& into, const IssuePatch& later);

// `mine` in two: the fields that someone else set to something else meanwhile, and the others. `before`: the
// fields as they were when mine was written.
struct SplitPatch {
  IssuePatch disputed;
  IssuePatch agreed;
};
SplitPatch split_patch(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs);
bool is_conflict(const IssuePatch& mine, const IssuePatch& before, const Issue& theirs);

// For the browser's storage. Errors: invalid, when it is not the text of one.
std::string conflict_to_text(const Conflict& conflict);
Result<Conflict> conflict_from_text(std::string_view text);

}  // namespace dits::web
