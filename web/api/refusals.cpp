// What the server does not take: conflicts, which the user decides, and refusals, whose words become drafts
// again.
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/issue_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

// More than these are not asked for one by one.
constexpr std::size_t most_reloads = 20;

std::string text_in(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  const auto* text = found != object.end() ? found->get_ptr<const std::string*>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

DraftKept kept_form(const Write& write, const Json& body, Timestamp now) {
  DraftKept kept;
  kept.key = std::string(quick_create_draft) + ":" + write.key;
  kept.form.title = text_in(body, "title");
  kept.form.description = text_in(body, "description");
  kept.draft = {kept.form.title + "\n" + kept.form.description, now};
  if (const Result<Issue> issue = issue_draft_from_json(body)) {
    kept.form.status_id = issue->status_id;
    kept.form.priority = issue->priority;
    kept.form.project_id = issue->project_id;
    kept.form.area_id = issue->area_id;
    kept.form.parent_issue_id = issue->parent_issue_id;
    kept.form.label_ids = issue->label_ids;
    kept.form.start_date = issue->start_date;
    kept.form.due_date = issue->due_date;
  }
  return kept;
}

// What was typed for a write, as drafts of the places where it was typed.
std::vector<Change> words_of(const Write& write, Timestamp now) {
  std::vector<Change> kept;
  const auto keep = [&](EditorKind kind, IssueId issue, const std::string& text, std::uint64_t base) {
    Editor editor;
    editor.kind = kind;
    editor.issue_id = issue;
    editor.comment_id = CommentId{write.entity_id};
    kept.emplace_back(DraftKept{draft_key(editor), {text, now, base}, {}});
  };
  for (std::size_t at = 0; at < write.edits.size(); ++at) {
    const auto& [id, mine] = write.edits[at];
    const IssuePatch before = at < write.before.size() ? write.before[at].patch : IssuePatch{};
    if (mine.title) keep(EditorKind::title, id, *mine.title, before.title ? text_mark(*before.title) : 0);
    if (mine.description) {
      const std::uint64_t base = before.description ? text_mark(*before.description) : 0;
      keep(EditorKind::description, id, *mine.description, base);
    }
  }
  const Json body = json_from_stored(write.body);
  if (!body.is_object()) return kept;
  if (write.method == "POST" && write.path == paths::issues) kept.emplace_back(kept_form(write, body, now));
  const std::string comment = text_in(body, "body");
  if (!comment.empty() && write.issues.size() == 1) {
    const EditorKind kind = write.method == "POST" ? EditorKind::comment : EditorKind::comment_edit;
    keep(kind, write.issues.front(), comment, 0);
  }
  return kept;
}

std::string refusal_text(const Write& lost, const Error& error, bool has_words) {
  std::string text = (lost.title.empty() ? std::string("Not saved") : lost.title) + ": " + error.message;
  if (!has_words) return text;
  if (!text.ends_with('.')) text += '.';
  return text + " What you wrote is kept as a draft";
}

}  // namespace

// The server has another version than the one written over. Where other fields were changed, ours still
// holds; what is disputed waits for the user.
void Gateway::hear_conflict(const Answer& answer) {
  Write& write = queue_.front();
  const Result<Json> problem = parse_json(answer.body);
  const bool has_current = problem && problem->is_object() && problem->contains("current");
  Result<Issue> theirs =
      has_current ? issue_from_json((*problem)["current"]) : Result<Issue>(internal("No current issue"));
  const bool is_patch = write.edits.size() == 1 && write.before.size() == 1 && write.versions.size() == 1;
  if (!theirs || !is_patch || theirs->version == write.versions.front()) {
    refuse_write(*answer.error);
    return send_next();
  }
  const SplitPatch split = split_patch(write.edits.front().patch, write.before.front().patch, *theirs);
  std::vector<Change> changes;
  if (!split.disputed.is_empty()) {
    // What is left of it cannot be undone as a whole.
    forget_awaited(write);
    listener_.refused(std::exchange(write.undo_tokens, {}));
    changes.emplace_back(ConflictFound{{theirs->id, split.disputed, *theirs}});
  }
  if (split.agreed.is_empty()) {
    (void)queue_.take_front();
  } else {
    write.edits.front().patch = split.agreed;
    write.versions = {theirs->version};
    write.rollback.clear();
    queue_.retry_front();
  }
  changes.insert(changes.begin(), IssuesArrived{{std::move(*theirs)}});
  arrive(std::move(changes));
  queue_changed();
  send_next();
}

void Gateway::refuse_write(const Error& error) {
  const Write lost = queue_.take_front();
  forget_awaited(lost);
  listener_.refused(lost.undo_tokens);
  std::vector<Change> changes = lost.rollback;
  const std::vector<Change> words = words_of(lost, platform_.now());
  changes.insert(changes.end(), words.begin(), words.end());
  Toast refused;
  refused.kind = ToastKind::error;
  refused.text = refusal_text(lost, error, !words.empty());
  refused.stays = true;
  changes.emplace_back(ToastShown{std::move(refused)});
  arrive(std::move(changes));
  queue_changed();
  // What can never be undone would stand before all other steps.
  const bool is_final = error.code == ErrorCode::conflict || error.code == ErrorCode::not_found;
  if (!lost.undo_title.empty() && !is_final) listener_.undo_refused(lost.undo_title, lost.undoes);
  // What it was before may be old by now, and after a reload is not known: the server tells.
  reload_issues(lost.issues);
}

void Gateway::reload_issues(const std::vector<IssueId>& ids) {
  if (ids.size() > most_reloads) return load_snapshot();
  for (const IssueId id : ids) {
    client_.send({"GET", paths::path_with(paths::issue, id)}, [this, id](const Answer& answer) {
      if (answer.status == 404) return arrive({NounGone{EntityType::issue, id.uuid}});
      const Result<Json> json = parse_json(answer.body);
      if (!answer.is_ok() || !json) return;
      Result<Issue> issue = issue_from_json(*json);
      if (!issue) return;
      arrive({IssuesArrived{{std::move(*issue)}}});
    });
  }
}

}  // namespace dits::web
