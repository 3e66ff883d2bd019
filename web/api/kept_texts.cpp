// What was typed and how things are shown, kept in the browser: a record for each draft and each conflict, so
// that two tabs overwrite nothing of each other, and one for the view.
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/studio_json.hpp"
#include "web/api/gateway.hpp"
#include "web/api/kept_names.hpp"
#include "web/store/conflict.hpp"
#include "web/store/display.hpp"
#include "web/store/inline_draft.hpp"

namespace dits::web {

namespace {

constexpr int texts_after_ms = 300;
constexpr std::string_view look_record = "look";

Json strings(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list;
}

std::vector<std::string> strings_in(const Json& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& one : *found) {
    if (const auto* text = one.get_ptr<const std::string*>()) texts.push_back(*text);
  }
  return texts;
}

std::string string_in(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  const auto* text = found != object.end() ? found->get_ptr<const std::string*>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

// The mark goes as a signed number: that is what JSON is read with.
Json draft_to_json(const Draft& draft) {
  Json json = Json::object();
  json["text"] = draft.text;
  json["at"] = to_string(draft.changed_at);
  json["base"] = static_cast<std::int64_t>(draft.base);
  return json;
}

Draft draft_from_json(const Json& json) {
  Draft draft;
  if (!json.is_object()) return draft;
  FieldReader reader(json);
  std::int64_t base = 0;
  reader.read("text", draft.text);
  reader.read("at", draft.changed_at);
  if (reader.read("base", base)) draft.base = static_cast<std::uint64_t>(base);
  return draft;
}

AppearanceChanged look_in(const Json& view) {
  AppearanceChanged look;
  const std::string theme = string_in(view, "theme");
  if (!theme.empty()) {
    look.theme = theme == "dark"    ? ThemeChoice::dark
                 : theme == "light" ? ThemeChoice::light
                                    : ThemeChoice::system;
  }
  const std::string sidebar = string_in(view, "sidebar");
  if (!sidebar.empty()) {
    look.sidebar = sidebar == "rail"     ? SidebarMode::rail
                   : sidebar == "hidden" ? SidebarMode::hidden
                                         : SidebarMode::open;
  }
  if (string_in(view, "density") == "compact") look.density = Density::compact;
  if (string_in(view, "detail") == "closed") look.detail_open = false;
  return look;
}

// What an account did: its words may be in it.
Json view_of(const State& state) {
  Json view = Json::object();
  view["recentCommands"] = strings(state.palette.recent);
  view["queryHistory"] = strings(state.query_history);
  Json displays = Json::object();
  for (const auto& [key, display] : state.displays) displays[key] = json_from_stored(to_text(display));
  view["displays"] = std::move(displays);
  return view;
}

// How the browser looks, whoever is signed in.
Json look_of(const State& state) {
  Json view = Json::object();
  view["theme"] = state.theme == ThemeChoice::dark    ? "dark"
                  : state.theme == ThemeChoice::light ? "light"
                                                      : "system";
  view["density"] = state.density == Density::compact ? "compact" : "comfortable";
  view["sidebar"] = state.sidebar == SidebarMode::rail     ? "rail"
                    : state.sidebar == SidebarMode::hidden ? "hidden"
                                                           : "open";
  view["detail"] = state.detail_open ? "open" : "closed";
  return view;
}

}  // namespace

// ---- drafts and the view

void Gateway::load_look() {
  platform_.storage_get(std::string(look_record), [this](const std::optional<std::string>& text) {
    if (!text) return;
    kept_look_ = *text;
    const Json look = json_from_stored(kept_look_);
    if (look.is_object()) arrive({look_in(look)});
  });
}

void Gateway::take_texts(const Platform::StoredEntries& entries) {
  DraftsLoaded loaded;
  for (const auto& [key, text] : entries) {
    const KeptName name = kept_name(key);
    if (name.kind == "studio") take_studio_texts(text);
    if (name.kind == "view") {
      kept_view_ = text;
      const Json view = json_from_stored(text);
      if (!view.is_object()) continue;
      loaded.recent_commands = strings_in(view, "recentCommands");
      loaded.query_history = strings_in(view, "queryHistory");
      if (const auto displays = view.find("displays"); displays != view.end() && displays->is_object()) {
        for (auto display = displays->begin(); display != displays->end(); ++display)
          loaded.displays[display.key()] = display_from_text(dump(display.value()));
      }
    }
    const bool is_own_form = name.kind == "form" && name.tab == tab_;
    if (name.kind != "draft" && !is_own_form) continue;
    const Draft& draft = loaded.drafts[is_own_form ? quick_create_draft : name.rest] =
        draft_from_json(json_from_stored(text));
    kept_drafts_[key] = dump(draft_to_json(draft));
  }
  arrive({std::move(loaded)});
  texts_are_loaded_ = true;
}

void Gateway::save_texts_soon() {
  if (texts_save_is_due_) return;
  texts_save_is_due_ = true;
  platform_.call_after(texts_after_ms, [this] { save_texts(); });
}

void Gateway::save_texts() {
  texts_save_is_due_ = false;
  if (!texts_are_loaded_) return;  // what is not here yet would look dropped
  save_studio_texts();
  if (std::string look = dump(look_of(state_)); look != kept_look_) {
    kept_look_ = std::move(look);
    platform_.storage_put(std::string(look_record), kept_look_, [](Result<void>) {});
  }
  if (std::string view = dump(view_of(state_)); view != kept_view_) {
    kept_view_ = std::move(view);
    platform_.storage_put(words("view"), kept_view_, [](Result<void>) {});
  }
  std::set<std::string> seen;
  for (const auto& [key, draft] : state_.drafts)
    save_draft(words("draft:") + key, dump(draft_to_json(draft)), seen);
  const QuickCreate& form = state_.quick_create;
  if (!form.title.empty() || !form.description.empty()) {
    const Draft draft{form.title + "\n" + form.description, {}};
    // A sub-issue's words are its parent's also after a reload.
    const bool is_sub_issue = form.parent_issue_id.is_set();
    const std::string key = is_sub_issue ? words("draft:") + form_draft_key(form) : words("form:") + tab_;
    save_draft(key, dump(draft_to_json(draft)), seen);
  }
  std::erase_if(kept_drafts_, [&](const auto& kept) {
    if (seen.contains(kept.first)) return false;
    platform_.storage_remove(kept.first, [](Result<void>) {});
    return true;
  });
}

void Gateway::save_draft(const std::string& key, const std::string& text, std::set<std::string>& seen) {
  seen.insert(key);
  std::string& kept = kept_drafts_[key];
  if (kept == text) return;
  kept = text;
  platform_.storage_put(key, text, [this, key](const Result<void>& put) {
    if (put) return;
    kept_drafts_[key].clear();
    storage_failed();
  });
}

// The form that an ended tab has left waits for its turn here.
void Gateway::take_over_form(const std::string& tab) {
  const std::string record = words("form:") + tab;
  platform_.storage_get(record, [this, tab, record](const std::optional<std::string>& text) {
    if (!text || record != words("form:") + tab) return;
    DraftKept kept;
    kept.key = std::string(quick_create_draft) + ":" + tab;
    kept.draft = draft_from_json(json_from_stored(*text));
    fill_form(kept.form, kept.draft.text);
    arrive({std::move(kept)});
    save_texts();
    platform_.storage_remove(record, [](Result<void>) {});
  });
}

// ---- Studio: the statement in its console, and what was changed in its tables and not saved yet

void Gateway::take_studio_texts(const std::string& text) {
  kept_studio_ = text;
  // Else it takes them when it is opened.
  if (state_.studio) change_studio([this](StudioState& studio) { take_kept_texts(studio); });
}

void Gateway::take_kept_texts(StudioState& studio) const {
  const Json kept = json_from_stored(kept_studio_);
  if (!kept.is_object()) return;
  if (std::string sql = string_in(kept, "sql"); !sql.empty()) studio.sql = std::move(sql);
  const auto edits = kept.find("edits");
  if (edits == kept.end()) return;
  if (const Result<std::vector<StudioChange>> changes = studio_changes_from_json(*edits))
    take_kept_edits(studio, edits_by_table(*changes));
}

void Gateway::save_studio_texts() {
  if (!state_.studio) return;
  const StudioState& studio = studio_of(state_);
  Json json = {{"sql", studio.sql}};
  if (const std::vector<StudioChange> edits = all_changes_of(studio); !edits.empty())
    json["edits"] = studio_changes_to_json(edits);
  std::string text = dump(json);
  if (text == kept_studio_) return;
  kept_studio_ = std::move(text);
  platform_.storage_put(words("studio"), kept_studio_, [this](const Result<void>& put) {
    if (!put) storage_failed();
  });
}

// ---- conflicts

void Gateway::keep_conflict(const Conflict& conflict) {
  const std::string record = words_of_log("conflict") + to_string(conflict.issue_id);
  platform_.storage_put(record, conflict_to_text(conflict), [this](const Result<void>& put) {
    if (!put) storage_failed();
  });
}

void Gateway::note_conflicts(const Change& change) {
  if (!owner_.id.is_set()) return;
  if (const auto* found = change.get_if<ConflictFound>()) {
    for (const Conflict& conflict : state_.conflicts) {
      if (conflict.issue_id == found->conflict.issue_id) keep_conflict(conflict);
    }
  }
  if (const auto* gone = change.get_if<NounGone>(); gone != nullptr && gone->type == EntityType::issue)
    platform_.storage_remove(words_of_log("conflict") + to_string(gone->id), [](Result<void>) {});
  if (const auto* settled = change.get_if<ConflictSettled>())
    platform_.storage_remove(words_of_log("conflict") + to_string(settled->issue_id), [](Result<void>) {});
}

}  // namespace dits::web
