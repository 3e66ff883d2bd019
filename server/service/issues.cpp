#include "server/service/issues.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

#include "server/service/attachments.hpp"
#include "server/service/entities.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/time_zones.hpp"
#include "server/service/word_keeper.hpp"
#include "server/store/issue_lists.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/portions.hpp"
#include "shared/query/inline_attributes.hpp"
#include "shared/query/parser.hpp"

namespace dits {

Result<IssueKey> parse_issue_key(std::string_view text) {
  if (const Result<Uuid> uuid = parse_uuid(text); uuid && *uuid != Uuid{}) return IssueKey{IssueId{*uuid}, 0};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return no_such("issue");
  return IssueKey{{}, number};
}

static Result<Issue> find_by_key(store::Reader reader, UserId user_id, const IssueKey& key) {
  std::optional<Issue> found = key.id.is_set()
                                   ? TRY(store::find_issue(reader, user_id, key.id))
                                   : TRY(store::find_issue_by_number(reader, user_id, key.number));
  if (!found) return no_such("issue");
  return std::move(*found);
}

Result<Issue> get_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key) {
  return find_by_key({context.database, viewer.user_id}, viewer.user_id, key);
}

Result<std::vector<Issue>> list_sub_issues(ServiceContext& context,
                                           const Viewer& viewer,
                                           const IssueKey& key) {
  const store::Reader reader(context.database, viewer.user_id, Access::stale_read);
  const Issue parent = TRY(find_by_key(reader, viewer.user_id, key));
  return store::list_sub_issues(reader, viewer.user_id, parent.id);
}

Result<std::vector<store::SimilarIssue>> list_possible_duplicates(ServiceContext& context,
                                                                  const Viewer& viewer,
                                                                  const std::string& title,
                                                                  const std::optional<IssueKey>& except) {
  const store::Reader reader(context.database, viewer.user_id, Access::stale_read);
  IssueId except_id;
  if (except) except_id = TRY(find_by_key(reader, viewer.user_id, *except)).id;
  return store::list_possible_duplicates(reader, viewer.user_id, title, except_id);
}

// What the viewer's queries can name. A replica is not asked: what it knows may be older than the change that
// was forgotten.
static Result<NamesMemory::Names> query_names_of(ServiceContext& context, UserId user_id) {
  NamesMemory* const memory = context.names;
  if (memory != nullptr) {
    if (NamesMemory::Names known = memory->get(user_id)) return known;
  }
  const NamesMemory::Memory::Moment moment = memory == nullptr ? 0 : memory->moment();
  auto names = std::make_shared<const query::Names>(
      TRY(store::load_query_names({context.database, user_id}, user_id)));
  if (memory != nullptr) memory->set(user_id, names, moment);
  return NamesMemory::Names(std::move(names));
}

// Where the words of the texts are remembered, a search for text looks at the issues alone that may have it.
static Result<store::IssueList> list_narrowed(ServiceContext& context,
                                              UserId user_id,
                                              store::IssueListRequest& request,
                                              const query::Names& names) {
  if (context.words != nullptr && query::asks_for_text(request.query)) {
    const query::Plan plan = query::make_plan(request.query, names, request.moment);
    std::optional<Result<store::IssueList>> found = context.words->search(
        user_id, plan.root, [&](Transaction& transaction, const std::vector<std::int64_t>& numbers) {
          request.within = numbers;
          return store::list_issues(transaction, user_id, request, names);
        });
    if (found) return std::move(*found);
    request.within.reset();
  }
  return store::list_issues({context.database, user_id}, user_id, request, names);
}

static Result<TimeZone> zone_asked_for(ServiceContext& context,
                                       const Viewer& viewer,
                                       const AskedZone& asked) {
  if (const auto* zone = std::get_if<TimeZone>(&asked)) return *zone;
  return time_zone_of(context, viewer, *std::get_if<std::string_view>(&asked));
}

Result<IssueListAnswer> list_issues(ServiceContext& context,
                                    const Viewer& viewer,
                                    const IssueListQuestion& question) {
  store::IssueListRequest request;
  request.query = TRY(query::parse_query(question.query));
  if (request.query.sort.empty() && !question.sort.empty()) {
    request.query.sort = TRY(query::parse_sort(question.sort));
  }
  if (!question.fields.empty()) request.fields = TRY(parse_issue_fields(question.fields));
  request.cursor = question.cursor;
  request.limit = question.limit;
  if (query::needs_moment(request.query)) {
    request.moment.zone = TRY(zone_asked_for(context, viewer, question.zone));
    request.moment.today = request.moment.zone.date_of(context.clock.now());
  }
  NamesMemory::Names names;
  if (query::needs_names(request.query)) names = TRY(query_names_of(context, viewer.user_id));
  store::IssueList list =
      TRY(list_narrowed(context, viewer.user_id, request, names ? *names : query::Names{}));
  return IssueListAnswer{std::move(list.issues), request.fields, std::move(list.next_cursor)};
}

// The issue as the writes before have left it. What others will ask for who wait is read along.
static Result<Issue> find_for_change(AuditedTransaction& work, const IssueKey& key) {
  WriteMemory* const memory = work.memory();
  if (memory == nullptr) return find_by_key(work.transaction(), work.user_id(), key);
  if (memory->find(key) == nullptr) {
    std::vector<IssueId> ids;
    std::vector<std::int64_t> numbers;
    const auto want = [&](const IssueKey& wanted) {
      if (memory->find(wanted) != nullptr) return;
      if (wanted.id.is_set()) ids.push_back(wanted.id);
      if (wanted.number != 0) numbers.push_back(wanted.number);
    };
    want(key);
    for (const IssueKey& wanted : work.wanted()) {
      if (wanted.id.is_set() == key.id.is_set()) want(wanted);
    }
    const std::vector<Issue> found =
        key.id.is_set() ? TRY(store::find_issues(work.transaction(), work.user_id(), ids))
                        : TRY(store::find_issues_by_number(work.transaction(), work.user_id(), numbers));
    for (const Issue& issue : found) memory->remember(issue);
  }
  const Issue* const issue = memory->find(key);
  if (issue == nullptr) return no_such("issue");
  return *issue;
}

Result<Issue> create_issue(ServiceContext& context, const Viewer& viewer, Issue draft) {
  return write_together(context, viewer, {}, [&](AuditedTransaction& work) -> Result<Issue> {
    Issue created = TRY(IssueChanges(work).create(draft));
    TRY(work.commit());
    return created;
  });
}

// What an attribute names and is not there: all of it at once, with how to leave the words in the title.
static Result<void> refuse_unknown(std::string_view typed,
                                   std::span<const query::InlineAttribute> attributes) {
  Error error = invalid("title", "");
  error.kind = "unknown_attribute";
  for (const query::InlineAttribute& attribute : attributes) {
    if (attribute.is_taken()) continue;
    const std::string word(typed.substr(attribute.begin, attribute.end - attribute.begin));
    error.fields.push_back(
        {"title", attribute.problem + "; to leave it in the title, write \\" + word + " instead."});
  }
  if (error.fields.empty()) return {};
  error.message = error.fields.front().message;
  return error;
}

Result<Issue> create_typed_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 Issue draft,
                                 std::optional<Date> today,
                                 const AskedZone& zone) {
  if (!today) today = TRY(zone_asked_for(context, viewer, zone)).date_of(context.clock.now());
  const store::Reader reader(context.database, viewer.user_id);
  const query::Names names = TRY(store::load_query_names(reader, viewer.user_id));
  std::vector<query::InlineAttribute> attributes = query::read_inline_attributes(draft.title, names, *today);
  std::vector<std::int64_t> numbers;
  for (const query::InlineAttribute& attribute : attributes) {
    if (attribute.kind == query::InlineKind::parent) numbers.push_back(attribute.parent_number);
  }
  std::map<std::int64_t, IssueId> parents;
  if (!numbers.empty()) {
    for (const Issue& parent : TRY(store::find_issues_by_number(reader, viewer.user_id, numbers))) {
      if (!parent.deleted_at) parents.emplace(parent.number, parent.id);
    }
  }
  for (query::InlineAttribute& attribute : attributes) {
    if (attribute.kind != query::InlineKind::parent) continue;
    if (const auto parent = parents.find(attribute.parent_number); parent != parents.end()) {
      draft.parent_issue_id = parent->second;
    } else {
      attribute.problem = "There is no issue #" + std::to_string(attribute.parent_number);
    }
  }
  TRY(refuse_unknown(draft.title, attributes));
  draft.title = query::title_without(draft.title, attributes);
  query::apply_inline(attributes, draft);
  return create_issue(context, viewer, std::move(draft));
}

Result<IssueAnswer> update_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 const IssueUpdate& update,
                                 std::optional<std::int64_t> version) {
  return write_together(context, viewer, key, [&](AuditedTransaction& work) -> Result<IssueAnswer> {
    Issue before = TRY(find_for_change(work, key));
    if (version && *version != before.version) return IssueAnswer{std::move(before), true};
    TRY(refuse_trashed(before));
    Issue after = before;
    apply(update, after);
    const Moves moves = update.override_transitions ? Moves::overridden : Moves::by_workflow;
    after = TRY(IssueChanges(work).change(before, std::move(after), moves));
    TRY(work.commit());
    return IssueAnswer{std::move(after)};
  });
}

Result<IssueAnswer> remove_issue(ServiceContext& context,
                                 const Viewer& viewer,
                                 const IssueKey& key,
                                 std::optional<std::int64_t> version) {
  return free_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<IssueAnswer> {
    Issue before = TRY(find_by_key(work.transaction(), viewer.user_id, key));
    if (version && *version != before.version) return IssueAnswer{std::move(before), true};
    Issue after = TRY(IssueChanges(work).trash(before));
    TRY(work.commit());
    return IssueAnswer{std::move(after)};
  });
}

Result<Issue> restore_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key) {
  return free_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Issue> {
    const Issue before = TRY(find_by_key(work.transaction(), viewer.user_id, key));
    Issue after = TRY(IssueChanges(work).restore(before));
    TRY(work.commit());
    return after;
  });
}

Result<void> purge_issue(ServiceContext& context, const Viewer& viewer, const IssueKey& key) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Issue found = TRY(find_by_key(work.transaction(), viewer.user_id, key));
  TRY(refuse_live(found, "issue"));
  std::vector<std::string> files;
  for (const Attachment& each :
       TRY(store::list_attachments_with_deleted(work.transaction(), viewer.user_id, found.id)))
    files.push_back(each.sha256);
  TRY(IssueChanges(work).purge(found));
  TRY(work.commit());
  remove_purged_files(context, viewer.user_id, files);
  return {};
}

static Result<IssueChanges::Step> step_for(const AuditedTransaction& work,
                                           const IssueBulkStep& asked,
                                           Issue before) {
  if (asked.version && *asked.version != before.version) {
    return conflict("Issue #" + std::to_string(before.number) + " was changed meanwhile.",
                    "version_mismatch");
  }
  IssueChanges::Step step{std::move(before), {}, AuditAction::update};
  step.after = step.before;
  switch (asked.action) {
    case IssueAction::update:
      TRY(refuse_trashed(step.before));
      apply(asked.update, step.after);
      if (asked.update.override_transitions) step.moves = Moves::overridden;
      break;
    case IssueAction::remove:
      step.action = AuditAction::remove;
      if (!step.after.deleted_at) step.after.deleted_at = work.now();
      break;
    case IssueAction::restore:
      step.action = AuditAction::restore;
      step.after.deleted_at.reset();
      break;
  }
  return step;
}

static Result<std::vector<Issue>> change_portion(AuditedTransaction& work,
                                                 std::span<const IssueBulkStep> steps,
                                                 std::vector<Issue> issues) {
  std::unordered_map<IssueId, Issue, IdHash> found;
  for (Issue& issue : issues) found.emplace(issue.id, std::move(issue));
  std::vector<IssueChanges::Step> changes;
  for (const IssueBulkStep& step : steps) {
    const auto issue = found.find(step.id);
    if (issue == found.end()) return no_such("issue");
    changes.push_back(TRY(step_for(work, step, std::move(issue->second))));
  }
  return IssueChanges(work).change_many(std::move(changes));
}

Result<std::vector<Issue>> change_issues(ServiceContext& context,
                                         const Viewer& viewer,
                                         const std::vector<IssueBulkStep>& steps) {
  const bool is_edit = std::ranges::any_of(
      steps, [](const IssueBulkStep& step) { return step.action == IssueAction::update; });
  AuditedTransaction work =
      TRY(AuditedTransaction::begin(context, viewer, is_edit ? Access::write : Access::freeing_write));
  std::vector<IssueId> ids;
  for (const IssueBulkStep& step : steps) ids.push_back(step.id);
  std::vector<Issue> changed;
  std::size_t bytes = 0;
  std::size_t done = 0;
  const auto change_some = [&](std::span<const IssueId> some, std::vector<Issue> issues) -> Result<void> {
    const auto part = std::span(steps).subspan(done, some.size());
    done += some.size();
    for (Issue& issue : TRY(change_portion(work, part, std::move(issues)))) {
      issue.description = std::string();
      issue.has_description = false;
      bytes += issue.title.size() + issue.metadata.size();
      changed.push_back(std::move(issue));
    }
    if (bytes > max_bulk_text_bytes)
      return invalid("issueIds", "These issues have too much in their metadata: change fewer at a time.");
    if (some.size() < steps.size()) work.begin_group();
    return work.flush();
  };
  TRY(store::for_issue_portions(work.transaction(), viewer.user_id, ids, change_some));
  TRY(work.commit());
  return changed;
}

}  // namespace dits
