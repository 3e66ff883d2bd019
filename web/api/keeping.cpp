// What the browser keeps: a copy of the issues in chunks, drafts, the queue of writes, how lists are shown.
// Chunks are written before the change id that they hold, so that a copy is never newer than it says.
#include <algorithm>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/json/user_json.hpp"
#include "web/api/gateway.hpp"
#include "web/api/issue_codec.hpp"
#include "web/store/display.hpp"

namespace dits::web {

namespace {

constexpr std::size_t chunk_size = 1024;
constexpr int cache_after_ms = 2000;
constexpr int texts_after_ms = 300;
constexpr std::string_view cache_prefix = "cache:";

std::string chunk_key(std::size_t chunk) {
  std::string number = std::to_string(chunk);
  return "cache:issues:" + std::string(5 - std::min<std::size_t>(number.size(), 5), '0') + number;
}

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

}  // namespace

Gateway::Gateway(Platform& platform, const State& state, GatewayListener& listener)
    : platform_(platform), state_(state), listener_(listener), client_(platform) {}

void Gateway::start() {
  was_online_ = platform_.environment().online;
  load_texts();
  platform_.storage_get("queue", [this](std::optional<std::string> text) {
    if (text) {
      if (Result<WriteQueue> kept = WriteQueue::from_text(*text); kept && queue_.is_empty())
        queue_ = std::move(*kept);
    }
    platform_.storage_get("undo", [this](std::optional<std::string> undo) {
      if (undo) listener_.found_undo(*undo);
      read_cache();
    });
  });
}

void Gateway::tick() {
  const bool is_online = platform_.environment().online;
  if (is_online == was_online_) return;
  was_online_ = is_online;
  if (!is_online) {
    if (state_.session.phase == SessionPhase::signed_in) went_offline();
  } else {
    offline_tries_ = 0;
    sync_now();
  }
}

Ticked Gateway::clock() {
  const Timestamp now = platform_.now();
  return {now, platform_.utc_offset_minutes(now), platform_.random_bits(), platform_.random_bits()};
}

EnvironmentChanged Gateway::surroundings() const {
  const Environment& environment = platform_.environment();
  return {environment.dark, environment.reduced_motion, environment.mac, environment.origin};
}

void Gateway::go_to(const std::string& url, bool replaces) {
  platform_.navigate(url, replaces ? Platform::History::replace : Platform::History::push);
}

// ---- the copy of the issues

void Gateway::read_cache() {
  platform_.storage_list(std::string(cache_prefix), [this](const Platform::StoredEntries& entries) {
    hear_cache(entries);
    is_reading_cache_ = false;
    ask_who();
  });
}

void Gateway::hear_cache(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::vector<Issue> issues;
  Result<SyncSnapshot> meta = not_found("There is no copy");
  for (const auto& [key, value] : entries) {
    if (key == "cache:meta") {
      meta = sync_snapshot_from_text(value);
      continue;
    }
    Result<std::vector<Issue>> chunk = unpack_issues(value);
    if (!chunk) return;  // another version wrote it: the server has everything
    issues.insert(
        issues.end(), std::make_move_iterator(chunk->begin()), std::make_move_iterator(chunk->end()));
  }
  if (!meta || !meta->user || meta->change_id <= 0) return;
  cached_me_ = *meta->user;
  SnapshotBegan began;
  began.change_id = meta->change_id;
  began.me = *meta->user;
  began.projects = std::move(meta->projects);
  began.areas = std::move(meta->areas);
  began.labels = std::move(meta->labels);
  began.workflows = std::move(meta->workflows);
  began.views = std::move(meta->views);
  began.relations = std::move(meta->relations);
  began.expected_issues = static_cast<std::uint32_t>(issues.size());
  began.from_cache = true;
  arrive({std::move(began), IssuesArrived{std::move(issues)}});
}

void Gateway::touch_slot(Slot slot) { dirty_chunks_.insert(slot / chunk_size); }

void Gateway::save_cache_soon() {
  if (cache_save_is_due_) return;
  cache_save_is_due_ = true;
  platform_.call_after(cache_after_ms, [this] {
    cache_save_is_due_ = false;
    save_cache();
  });
}

void Gateway::save_cache() {
  if (!is_synced_once_ || state_.session.phase != SessionPhase::signed_in) return;
  if (is_saving_cache_) return save_cache_soon();
  is_saving_cache_ = true;
  const std::int64_t change_id = state_.sync.change_id;
  const std::set<std::size_t> chunks = std::exchange(dirty_chunks_, {});
  nouns_are_dirty_ = false;
  const auto left = std::make_shared<std::size_t>(chunks.size());
  const auto one_done = [this, left, change_id](Result<void>) {
    if (*left > 0) --*left;
    if (*left == 0) save_meta(change_id);
  };
  if (chunks.empty()) return save_meta(change_id);
  for (const std::size_t chunk : chunks) {
    std::string bytes;
    const std::size_t end = std::min(state_.entities.issues.size(), (chunk + 1) * chunk_size);
    for (std::size_t slot = chunk * chunk_size; slot < end; ++slot) {
      const Issue& issue = state_.entities.issues[slot];
      if (issue.id.is_set()) append_packed(bytes, issue);
    }
    platform_.storage_put(chunk_key(chunk), std::move(bytes), one_done);
  }
}

void Gateway::save_meta(std::int64_t change_id) {
  SyncSnapshot meta;
  meta.change_id = change_id;
  meta.user = state_.session.me;
  meta.projects = state_.entities.projects;
  meta.areas = state_.entities.areas;
  meta.labels = state_.entities.labels;
  meta.workflows = state_.entities.workflows;
  meta.views = state_.entities.views;
  meta.relations = state_.entities.relations;
  platform_.storage_put(
      "cache:meta", sync_snapshot_to_text(meta), [this](Result<void>) { is_saving_cache_ = false; });
}

// ---- texts and views

void Gateway::load_texts() {
  platform_.storage_get("view", [this](std::optional<std::string> text) {
    const Json kept = json_from_stored(text.value_or(""));
    if (!kept.is_object()) return;
    DraftsLoaded loaded;
    loaded.recent_commands = strings_in(kept, "recentCommands");
    loaded.query_history = strings_in(kept, "queryHistory");
    if (const auto drafts = kept.find("drafts"); drafts != kept.end() && drafts->is_object()) {
      for (auto draft = drafts->begin(); draft != drafts->end(); ++draft) {
        if (const auto* body = draft.value().get_ptr<const std::string*>())
          loaded.drafts[draft.key()] = {*body, platform_.now()};
      }
    }
    if (const auto displays = kept.find("displays"); displays != kept.end() && displays->is_object()) {
      for (auto display = displays->begin(); display != displays->end(); ++display) {
        loaded.displays[display.key()] = display_from_text(dump(display.value()));
      }
    }
    AppearanceChanged look;
    const std::string theme = string_in(kept, "theme");
    if (!theme.empty()) {
      look.theme = theme == "dark"    ? ThemeChoice::dark
                   : theme == "light" ? ThemeChoice::light
                                      : ThemeChoice::system;
    }
    const std::string sidebar = string_in(kept, "sidebar");
    if (!sidebar.empty()) {
      look.sidebar = sidebar == "rail"     ? SidebarMode::rail
                     : sidebar == "hidden" ? SidebarMode::hidden
                                           : SidebarMode::open;
    }
    if (string_in(kept, "density") == "compact") look.density = Density::compact;
    if (string_in(kept, "detail") == "closed") look.detail_open = false;
    arrive({std::move(loaded), look});
  });
}

void Gateway::save_texts_soon() {
  if (texts_save_is_due_) return;
  texts_save_is_due_ = true;
  platform_.call_after(texts_after_ms, [this] {
    texts_save_is_due_ = false;
    Json kept = Json::object();
    kept["recentCommands"] = strings(state_.palette.recent);
    kept["queryHistory"] = strings(state_.query_history);
    Json drafts = Json::object();
    for (const auto& [key, draft] : state_.drafts) drafts[key] = draft.text;
    if (!state_.quick_create.title.empty() || !state_.quick_create.description.empty()) {
      drafts[quick_create_draft] = state_.quick_create.title + "\n" + state_.quick_create.description;
    }
    kept["drafts"] = std::move(drafts);
    Json displays = Json::object();
    for (const auto& [key, display] : state_.displays) displays[key] = json_from_stored(to_text(display));
    kept["displays"] = std::move(displays);
    kept["theme"] = state_.theme == ThemeChoice::dark    ? "dark"
                    : state_.theme == ThemeChoice::light ? "light"
                                                         : "system";
    kept["density"] = state_.density == Density::compact ? "compact" : "comfortable";
    kept["sidebar"] = state_.sidebar == SidebarMode::rail     ? "rail"
                      : state_.sidebar == SidebarMode::hidden ? "hidden"
                                                              : "open";
    kept["detail"] = state_.detail_open ? "open" : "closed";
    platform_.storage_put("view", dump(kept), [](Result<void>) {});
  });
}

void Gateway::keep_undo(const std::string& text) {
  platform_.storage_put("undo", text, [](Result<void>) {});
}

namespace {

// The issues that a change writes, so that their chunks are kept again.
std::vector<IssueId> issues_of(const Change& change) {
  std::vector<IssueId> ids;
  if (const auto* created = change.get_if<IssueCreated>()) ids.push_back(created->issue.id);
  if (const auto* patched = change.get_if<IssuesPatched>()) {
    for (const IssueEdit& edit : patched->edits) ids.push_back(edit.id);
  }
  if (const auto* trashed = change.get_if<IssuesTrashed>()) ids = trashed->ids;
  if (const auto* restored = change.get_if<IssuesRestored>()) ids = restored->ids;
  if (const auto* arrived = change.get_if<IssuesArrived>()) {
    for (const Issue& issue : arrived->issues) ids.push_back(issue.id);
  }
  return ids;
}

bool is_text_or_view(const Change& change) {
  return change.is<EditorTyped>() || change.is<EditorClosed>() || change.is<QuickCreateChanged>() ||
         change.is<QuickCreateClosed>() || change.is<CommandRemembered>() || change.is<QueryRemembered>() ||
         change.is<DisplayChanged>() || change.is<AppearanceChanged>();
}

}  // namespace

void Gateway::noted(const Change& change) {
  if (is_text_or_view(change)) save_texts_soon();
  if (is_reading_cache_ || !is_synced_once_) return;
  for (const IssueId id : issues_of(change)) {
    if (const Slot slot = find_slot(state_.entities, id); slot != no_slot) touch_slot(slot);
  }
  // A hole that a purged issue left: which chunk it was in is not known any more.
  if (const auto* gone = change.get_if<NounGone>(); gone != nullptr && gone->type == EntityType::issue) {
    for (std::size_t slot = 0; slot < state_.entities.issues.size(); ++slot) {
      if (!state_.entities.issues[slot].id.is_set()) touch_slot(static_cast<Slot>(slot));
    }
  }
  if (!dirty_chunks_.empty() || nouns_are_dirty_) save_cache_soon();
}

}  // namespace dits::web
