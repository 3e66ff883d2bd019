// Another version of the program: the page begins anew only when that loses no word.
#include "web/api/gateway.hpp"
#include "web/store/studio.hpp"

namespace dits::web {

namespace {

bool has_words(const State& state) {
  const QuickCreate& form = state.quick_create;
  if (state.studio && (!studio_of(state).sql.empty() || !all_changes_of(studio_of(state)).empty()))
    return true;
  return state.sync.waiting > 0 || !state.drafts.empty() || !state.conflicts.empty() || !form.title.empty() ||
         !form.description.empty();
}

}  // namespace

void Gateway::load_version() {
  save_texts();
  // Read behind what was put before: that is stored, or has failed, when this is answered.
  platform_.storage_list(words("name"), [this](const Platform::StoredEntries&) {
    const bool is_stored =
        platform_.storage_is_durable() && !storage_has_failed_ && state_.sync.kept == state_.sync.waiting;
    if (is_stored || !has_words(state_)) return platform_.load_version();
    arrive({VersionOffered{"This browser cannot store what you wrote: reload when everything is sent"}});
  });
}

}  // namespace dits::web
