// What the server says: snapshots, changes made elsewhere, answers, and the session.
#include <algorithm>
#include <utility>

#include "shared/json/value.hpp"
#include "web/store/conflict.hpp"
#include "web/store/display.hpp"
#include "web/store/issue_index.hpp"
#include "web/store/list_build.hpp"
#include "web/store/reduce_parts.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

template <typename Noun, typename NounId>
void erase_noun(std::vector<Noun>& nouns, NounId id) {
  std::erase_if(nouns, [&](const Noun& noun) { return noun.id == id; });
}

void clear_entities(State& state) {
  state.entities = {};
  state.list.selected.clear();
  state.list.anchor.reset();
  state.list.text_hits.clear();
  state.list.ordered.clear();
  state.list.by_day = {};
}

void read_preferences(State& state) {
  const Json preferences = json_from_stored(state.session.me.preferences);
  if (!preferences.is_object()) return;
  if (const auto theme = preferences.find("theme"); theme != preferences.end()) {
    state.theme = *theme == "dark"    ? ThemeChoice::dark
                  : *theme == "light" ? ThemeChoice::light
                                      : ThemeChoice::system;
  }
  if (const auto density = preferences.find("density"); density != preferences.end()) {
    state.density = *density == "compact" ? Density::compact : Density::comfortable;
  }
  if (const auto start = preferences.find("weekStart"); start != preferences.end()) {
    state.week_start = *start == "sunday" ? 6 : *start == "saturday" ? 5 : 0;
  }
}

void refresh_list_query(State& state) {
  compile_list_query(state);
  state.list_work.is_all = true;
}

FormState& form_of(State& state, FormKind kind) {
  switch (kind) {
    case FormKind::setup:
      return state.session.setup;
    case FormKind::password:
      return state.session.password;
    case FormKind::token:
      return state.session.token;
    case FormKind::login:
      break;
  }
  return state.session.login;
}

// An issue that was deleted for ever: drafts hold its text, and so do conflicts.
void forget_words_about(State& state, IssueId id) {
  const std::string prefix = "issue:" + to_string(id) + ":";
  std::erase_if(state.drafts, [&](const auto& draft) { return draft.first.starts_with(prefix); });
  if (const auto comments = state.entities.comments.find(id); comments != state.entities.comments.end()) {
    for (const Comment& comment : comments->second) state.drafts.erase("comment:" + to_string(comment.id));
  }
  std::erase_if(state.conflicts, [&](const Conflict& conflict) { return conflict.issue_id == id; });
  std::erase_if(state.toasts, [&](const Toast& toast) { return toast.entity_id == id.uuid; });
}

// Keeps what belongs to this browser, forgets what belongs to the account.
void forget_account(State& state) {
  State fresh;
  fresh.now = state.now;
  fresh.zone = state.zone;
  fresh.today = state.today;
  fresh.route = state.route;
  fresh.list_route = state.list_route;
  fresh.list.query_text = state.list.query_text;
  fresh.list.is_ready = state.list.is_ready;
  fresh.theme = state.theme;
  fresh.density = state.density;
  fresh.week_start = state.week_start;
  fresh.calendar.day = state.calendar.day;
  fresh.system_is_dark = state.system_is_dark;
  fresh.reduced_motion = state.reduced_motion;
  fresh.is_mac = state.is_mac;
  fresh.has_new_version = state.has_new_version;
  fresh.origin = state.origin;
  fresh.revision = state.revision;
  state = std::move(fresh);
}

}  // namespace

void apply(State& state, const SnapshotBegan& change) {
  clear_entities(state);
  state.entities.projects = change.projects;
  state.entities.areas = change.areas;
  state.entities.labels = change.labels;
  state.entities.workflows = change.workflows;
  state.entities.views = change.views;
  state.entities.relations = change.relations;
  state.entities.issues.reserve(change.expected_issues);
  state.entities.facts.reserve(change.expected_issues);
  if (change.me.id.is_set()) {
    state.session.me = change.me;
    read_preferences(state);
  }
  state.sync.phase = SyncPhase::loading;
  state.sync.change_id = change.change_id;
  state.sync.log = change.log;
  state.sync.loaded = 0;
  state.sync.from_cache = change.from_cache;
  rebuild_index(state);
  // A saved view's query is known only now.
  if (!state.list_route.has_query && state.list_route.screen == Screen::view) {
    const SavedView* view = find_view(state.entities, SavedViewId{state.list_route.entity_id});
    if (view != nullptr) {
      state.list.query_text = view->query;
      if (!state.displays.contains(display_key(state.list_route)))
        state.list.display = display_from_text(view->settings);
    }
  }
  refresh_list_query(state);
}

void apply(State& state, const IssuesArrived& change) {
  if (state.sync.phase == SyncPhase::loading) {
    state.sync.loaded += static_cast<std::uint32_t>(change.issues.size());
  }
  put_portion(state, change.issues, change.git, change.relations);
  if (state.editor.kind == EditorKind::none) return;
  const Issue* written = find_issue(state.entities, state.editor.issue_id);
  if (written != nullptr) note_overtaken_editor(state, *written);
}

void apply(State& state, const SnapshotEnded& change) {
  state.sync.change_id = change.change_id;
  state.sync.phase = SyncPhase::synced;
  state.sync.problem.clear();
}

void apply(State& state, const ProjectArrived& change) { apply(state, ProjectSaved{{}, change.noun}); }
void apply(State& state, const AreaArrived& change) { apply(state, AreaSaved{{}, change.noun}); }
void apply(State& state, const LabelArrived& change) { apply(state, LabelSaved{{}, change.noun}); }
void apply(State& state, const WorkflowArrived& change) { apply(state, WorkflowSaved{{}, change.noun}); }
void apply(State& state, const ViewArrived& change) { apply(state, ViewSaved{{}, change.noun}); }

void apply(State& state, const CommentArrived& change) {
  const auto loaded = state.entities.comments.find(change.noun.issue_id);
  if (loaded != state.entities.comments.end()) put_noun(loaded->second, change.noun);
}

void apply(State& state, const AttachmentArrived& change) {
  const auto loaded = state.entities.attachments.find(change.noun.issue_id);
  if (loaded != state.entities.attachments.end()) put_noun(loaded->second, change.noun);
}

void apply(State& state, const RelationArrived& change) { put_relation(state, change.noun); }
void apply(State& state, const GitLinkArrived& change) { apply(state, GitLinkAdded{change.noun}); }

void apply(State& state, const NounGone& change) {
  Entities& entities = state.entities;
  switch (change.type) {
    case EntityType::issue_relation:
      drop_relation(state, RelationId{change.id});
      return;
    case EntityType::project:
      erase_noun(entities.projects, ProjectId{change.id});
      break;
    case EntityType::area:
      erase_noun(entities.areas, AreaId{change.id});
      break;
    case EntityType::label:
      erase_noun(entities.labels, LabelId{change.id});
      break;
    case EntityType::workflow:
      erase_noun(entities.workflows, WorkflowId{change.id});
      break;
    case EntityType::saved_view:
      erase_noun(entities.views, SavedViewId{change.id});
      break;
    case EntityType::issue:
      forget_words_about(state, IssueId{change.id});
      apply(state, IssuePurged{IssueId{change.id}});
      return;
    case EntityType::comment:
      state.drafts.erase("comment:" + to_string(change.id));
      for (auto& [issue, comments] : entities.comments) erase_noun(comments, CommentId{change.id});
      return;
    case EntityType::git_integration:
      for (auto& [issue, links] : entities.git_links) {
        const std::size_t before = links.size();
        erase_noun(links, GitIntegrationId{change.id});
        if (links.size() != before) refresh_git_facts(state, issue);
      }
      return;
    case EntityType::attachment:
      for (auto& [issue, files] : entities.attachments) erase_noun(files, AttachmentId{change.id});
      return;
    case EntityType::user:
    case EntityType::api_token:
    case EntityType::session:
    case EntityType::studio:
      return;
  }
  rebuild_index(state);
}

void apply(State& state, const DescriptionArrived& change) {
  const Slot slot = find_slot(state.entities, change.id);
  if (slot == no_slot) return;
  change_issue(state, slot, [&](Issue& issue) {
    issue.description = change.text;
    issue.has_description = true;
  });
}

void apply(State& state, const CommentsArrived& change) {
  state.entities.comments[change.id] = change.comments;
}

void apply(State& state, const AttachmentsArrived& change) {
  state.entities.attachments[change.id] = change.attachments;
}

void apply(State& state, const UploadsChanged& change) { state.uploads = change.running; }

void apply(State& state, const TransferChanged& change) { state.transfer = change.transfer; }

void apply(State& state, const GitLinksArrived& change) {
  state.entities.git_links[change.id] = change.links;
  refresh_git_facts(state, change.id);
}

void apply(State& state, const ActivityArrived& change) {
  state.entities.activity[change.id] = change.entries;
}

void apply(State& state, const TextHitsArrived& change) {
  std::vector<Slot>& hits = state.list.text_hits[change.text];
  hits.clear();
  for (const IssueId id : change.ids) {
    if (const Slot slot = find_slot(state.entities, id); slot != no_slot) hits.push_back(slot);
  }
  std::sort(hits.begin(), hits.end());
  rebuild_queries(state);  // saved views may look for the same words
}

void apply(State& state, const ChangeIdReached& change) {
  state.sync.change_id = std::max(state.sync.change_id, change.change_id);
}

void apply(State& state, const SyncChanged& change) {
  if (change.phase == SyncPhase::offline && state.sync.phase != SyncPhase::offline) {
    state.sync.offline_since = state.now;
  } else if (change.phase != SyncPhase::offline) {
    state.sync.offline_since.reset();
  }
  state.sync.phase = change.phase;
  state.sync.problem = change.problem;
}

void apply(State& state, const QueueChanged& change) {
  const auto mark = [&](const std::vector<IssueId>& ids, bool is_pending) {
    for (const IssueId id : ids) {
      const Slot slot = find_slot(state.entities, id);
      if (slot != no_slot) state.entities.facts[slot].is_pending = is_pending;
    }
  };
  mark(state.sync.pending_issues, false);
  mark(change.pending_issues, true);
  state.sync.pending_issues = change.pending_issues;
  state.sync.waiting = change.waiting;
  state.sync.kept = change.kept;
  state.sync.is_sending = change.is_sending;
}

void apply(State& state, const ConflictFound& change) {
  const IssueId id = change.conflict.issue_id;
  Conflict conflict = change.conflict;
  for (const Conflict& known : state.conflicts) {
    if (known.issue_id != id) continue;
    IssuePatch mine = known.mine;
    join(mine, conflict.mine);
    conflict.mine = std::move(mine);
  }
  std::erase_if(state.conflicts, [&](const Conflict& known) { return known.issue_id == id; });
  std::erase_if(state.toasts, [&](const Toast& toast) {
    return toast.entity_id == id.uuid && toast.action_command == "conflict.keep_mine";
  });
  state.conflicts.push_back(std::move(conflict));
  Toast toast;
  toast.kind = ToastKind::warning;
  toast.text = "#" + std::to_string(change.conflict.theirs.number) + " was changed elsewhere";
  toast.action_label = "Keep mine";
  toast.action_command = "conflict.keep_mine";
  toast.second_label = "Take theirs";
  toast.second_command = "conflict.take_theirs";
  toast.entity_id = id.uuid;
  toast.stays = true;
  show_toast(state, std::move(toast));
}

void apply(State& state, const WordsSetAside&) {
  state.conflicts.clear();
  std::erase_if(state.toasts, [](const Toast& toast) {
    return toast.action_command == "conflict.keep_mine" || toast.action_command == "words.send_older";
  });
  if (state.dialog.kind == DialogKind::compare_conflict) state.dialog = {};
}

void apply(State& state, const ConflictSettled& change) {
  std::erase_if(state.conflicts, [&](const Conflict& known) { return known.issue_id == change.issue_id; });
  std::erase_if(state.toasts, [&](const Toast& toast) { return toast.entity_id == change.issue_id.uuid; });
  if (state.dialog.kind == DialogKind::compare_conflict) state.dialog = {};
}

void apply(State& state, const IssueMissing&) { state.issue_missing = true; }

void apply(State& state, const SignedIn& change) {
  const bool is_other = state.session.me.id.is_set() && state.session.me.id != change.me.id;
  if (is_other) forget_account(state);
  state.session.me = change.me;
  state.session.phase = SessionPhase::signed_in;
  state.session.login = {};
  state.session.setup = {};
  if (state.sync.phase == SyncPhase::idle) state.sync.phase = SyncPhase::loading;
  read_preferences(state);
}

void apply(State& state, const SignedOut&) {
  forget_account(state);
  state.session.phase = SessionPhase::signed_out;
}

void apply(State& state, const SessionLost&) {
  state.session.phase = SessionPhase::signed_out;
  state.palette.is_open = false;
  state.picker = {};
}

void apply(State& state, const SetupNeeded&) { state.session.phase = SessionPhase::setup; }

void apply(State& state, const FormSent& change) { form_of(state, change.form) = {true, std::nullopt}; }
void apply(State& state, const FormAnswered& change) { form_of(state, change.form) = {false, change.error}; }

void apply(State& state, const SessionsArrived& change) {
  state.session.sessions = change.sessions;
  state.session.sessions_loaded = true;
}

void apply(State& state, const BackupsArrived& change) { state.session.backups = change.backups; }

void apply(State& state, const TokensArrived& change) {
  state.session.tokens = change.tokens;
  state.session.tokens_loaded = true;
}

void apply(State& state, const TokenMade& change) { state.session.new_token = change.secret; }

}  // namespace dits::web
