// What is loaded only when it is looked at: texts, comments, links, history, the trash, and hits in texts
// that are not here.
#include <algorithm>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/issue_details_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "web/api/gateway.hpp"

namespace dits::web {

namespace {

constexpr int look_after_ms = 90;   // a held j passes many issues by
constexpr int find_after_ms = 150;  // and a fast hand types many words
constexpr std::size_t shortest_text = 2;
constexpr int most_pages = 5;

template <typename Noun, typename Read>
void add_nouns(std::vector<Change>& changes, const Json& trash, std::string_view name, Read read) {
  const auto found = trash.find(name);
  if (found == trash.end() || !found->is_array()) return;
  for (const Json& one : *found) {
    if (Result<Noun> noun = read(one)) changes.emplace_back(Arrived<Noun>{std::move(*noun)});
  }
}

}  // namespace

void Gateway::look_at(IssueId id) {
  if (id == looked_at_) return;
  looked_at_ = id;
  platform_.call_off(look_timer_);
  if (!id.is_set() || !is_synced_once_) return;
  look_timer_ = platform_.call_after(look_after_ms, [this, id] { load_details(id); });
}

void Gateway::load_details(IssueId id) {
  // An issue that the server does not have yet has nothing to load.
  if (state_.session.phase != SessionPhase::signed_in || find_issue(state_.entities, id) == nullptr) return;
  const Issue& issue = *find_issue(state_.entities, id);
  if (issue.version == 0 ||
      (queue_.has(id) && issue.has_description && !state_.entities.comments.contains(id)))
    return;
  // A text that is here is kept up to date by the stream.
  const std::string path = paths::with_query(paths::path_with(paths::issue_details, id),
                                             {{"fields", issue.has_description ? "id" : ""}});
  client_.send({"GET", path}, [this, id](const Answer& answer) {
    if (!answer.is_ok()) return;
    Result<IssueDetails> details = issue_details_from_text(answer.body);
    if (!details) return;
    std::vector<Change> changes;
    if (details->issue.has_description)
      changes.emplace_back(DescriptionArrived{id, std::move(details->issue.description)});
    changes.emplace_back(CommentsArrived{id, std::move(details->comments)});
    changes.emplace_back(AttachmentsArrived{id, std::move(details->attachments)});
    changes.emplace_back(GitLinksArrived{id, std::move(details->git_integrations)});
    changes.emplace_back(ActivityArrived{id, std::move(details->activity)});
    arrive(std::move(changes));
  });
}

void Gateway::find_texts(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const bool is_plain = text.find_first_of("*\"\\") == std::string::npos;
    if (text.size() < shortest_text || !is_plain || state_.list.text_hits.contains(text)) continue;
    if (!asked_texts_.insert(text).second) continue;
    platform_.call_after(find_after_ms, [this, text] {
      asked_texts_.erase(text);
      const auto& wanted = state_.list.texts;
      if (std::find(wanted.begin(), wanted.end(), text) != wanted.end()) ask_text(text, "", {}, most_pages);
    });
  }
}

void Gateway::ask_text(const std::string& text,
                       const std::string& cursor,
                       std::vector<IssueId> found,
                       int pages) {
  if (state_.session.phase != SessionPhase::signed_in || state_.sync.phase == SyncPhase::offline) return;
  const std::string path = paths::with_query(
      std::string(paths::issues),
      {{"q", "\"" + text + "\""}, {"fields", "id,number,title"}, {"limit", "200"}, {"cursor", cursor}});
  client_.send({"GET", path}, [this, text, found = std::move(found), pages](const Answer& answer) mutable {
    if (!answer.is_ok()) return;
    for (const Json& item : items_of(answer.body)) {
      if (!item.is_object() || !item.contains("id")) continue;
      const auto* id = item["id"].get_ptr<const std::string*>();
      if (const auto uuid = id != nullptr ? parse_uuid(*id) : Result<Uuid>(invalid("id", "")))
        found.push_back(IssueId{*uuid});
    }
    std::string next;
    const Result<Json> page = parse_json(answer.body);
    if (page && page->is_object() && page->contains("nextCursor")) {
      if (const auto* cursor_text = (*page)["nextCursor"].get_ptr<const std::string*>()) next = *cursor_text;
    }
    arrive({TextHitsArrived{text, found}});
    if (!next.empty() && pages > 1) ask_text(text, next, std::move(found), pages - 1);
  });
}

void Gateway::load_trash() {
  client_.send({"GET", std::string(paths::trash)}, [this](const Answer& answer) {
    const Result<Json> trash = parse_json(answer.body);
    if (!answer.is_ok() || !trash || !trash->is_object()) return;
    std::vector<Change> changes;
    IssuesArrived issues;
    if (const auto found = trash->find("issues"); found != trash->end() && found->is_array()) {
      for (const Json& one : *found) {
        Result<Issue> issue = issue_from_json(one);
        if (issue && !queue_.has(issue->id)) issues.issues.push_back(std::move(*issue));
      }
    }
    changes.emplace_back(std::move(issues));
    add_nouns<Project>(changes, *trash, "projects", project_from_json);
    add_nouns<Area>(changes, *trash, "areas", area_from_json);
    add_nouns<Label>(changes, *trash, "labels", label_from_json);
    add_nouns<Workflow>(changes, *trash, "workflows", workflow_from_json);
    add_nouns<SavedView>(changes, *trash, "views", saved_view_from_json);
    arrive(std::move(changes));
  });
}

}  // namespace dits::web
