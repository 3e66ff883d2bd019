// The resource /issues.
#include "server/api/issues.hpp"

#include <algorithm>

#include "server/api/handlers.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_details.hpp"
#include "server/service/issues.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/writer.hpp"

namespace dits {

static http::Response issue_response(const Issue& issue, IssueFields fields = IssueFields::all()) {
  std::string text;
  append_issue(text, issue, fields);
  return http::Response::ok(std::move(text)).with_header("ETag", "\"" + std::to_string(issue.version) + "\"");
}

static Result<IssueKey> key_param(const http::Request& request) {
  return parse_issue_key(request.param("id"));
}

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"q", "fields", "limit", "cursor", "sort"}));
  IssueListQuestion question;
  question.query = request.query("q").value_or("");
  question.fields = request.query("fields").value_or("");
  question.sort = request.query("sort").value_or("");
  question.cursor = request.query("cursor").value_or("");
  question.limit = TRY(integer_query(request, "limit", 50, 1, 200));
  question.zone = TRY(zone_of(request));
  const IssueListAnswer answer = TRY(list_issues(context, request.viewer, question));
  return http::Response::ok(issue_page_to_text(answer.issues, answer.fields, answer.next_cursor));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"parse", "today"}));
  const bool is_typed = TRY(flag_query(request, "parse"));
  std::optional<Date> today;
  if (const std::optional<std::string_view> day = request.query("today")) {
    const Result<Date> date = parse_date(*day);
    if (!is_typed || !date) return invalid("today", "Must be a day as 2026-07-31, beside parse=1");
    today = *date;
  }
  const std::string_view zone = TRY(zone_of(request));
  const Json body = TRY(body_of(request));
  Issue draft = TRY(issue_draft_from_json(body));
  const Issue created =
      TRY(is_typed ? create_typed_issue(context, request.viewer, std::move(draft), today, zone)
                   : create_issue(context, request.viewer, std::move(draft)));
  http::Response response = issue_response(created);
  response.status = 201;
  response.headers.emplace_back("Location", paths::path_with(paths::issue, created.id));
  return response;
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"fields"}));
  const IssueKey key = TRY(key_param(request));
  IssueFields fields = IssueFields::all();
  if (const std::optional<std::string_view> list = request.query("fields")) {
    fields = TRY(parse_issue_fields(*list));
  }
  return issue_response(TRY(get_issue(context, request.viewer, key)), fields);
}

static Result<http::Response> get_details(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"fields"}));
  const IssueKey key = TRY(key_param(request));
  IssueFields fields = IssueFields::all();
  if (const std::optional<std::string_view> list = request.query("fields")) {
    fields = TRY(parse_issue_fields(*list));
  }
  return http::Response::ok(issue_details_to_text(TRY(issue_details(context, request.viewer, key)), fields));
}

// Acts on the issue if it is at one of these versions, whichever that is; at none given, at any.
template <typename Act>
static Result<IssueAnswer> at_one_of(const std::vector<std::int64_t>& versions, Act act) {
  using Version = std::optional<std::int64_t>;
  IssueAnswer answer = TRY(act(versions.empty() ? Version() : Version(versions.front())));
  const bool is_listed = std::find(versions.begin(), versions.end(), answer.issue.version) != versions.end();
  if (!answer.is_version_mismatch || !is_listed) return answer;
  return act(Version(answer.issue.version));
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const std::vector<std::int64_t> versions = TRY(if_match(request));
  const Json body = TRY(body_of(request));
  const IssueUpdate update = TRY(issue_update_from_json(body));
  const IssueAnswer answer = TRY(at_one_of(
      versions, [&](auto version) { return update_issue(context, request.viewer, key, update, version); }));
  if (answer.is_version_mismatch) return http::precondition_failed(dump(issue_to_json(answer.issue)));
  return issue_response(answer.issue);
}

static Result<http::Response> transition(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const std::vector<std::int64_t> versions = TRY(if_match(request));
  const Json body = TRY(body_of(request));
  const TransitionBody move = TRY(transition_from_json(body));
  IssueUpdate update;
  update.patch.status_id = move.status_id;
  update.override_transitions = move.override_transitions;
  const IssueAnswer answer = TRY(at_one_of(
      versions, [&](auto version) { return update_issue(context, request.viewer, key, update, version); }));
  if (answer.is_version_mismatch) return http::precondition_failed(dump(issue_to_json(answer.issue)));
  return issue_response(answer.issue);
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const std::vector<std::int64_t> versions = TRY(if_match(request));
  const IssueAnswer answer = TRY(
      at_one_of(versions, [&](auto version) { return remove_issue(context, request.viewer, key, version); }));
  if (answer.is_version_mismatch) return http::precondition_failed(dump(issue_to_json(answer.issue)));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  return issue_response(TRY(restore_issue(context, request.viewer, key)));
}

static Result<http::Response> change_many(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  const std::vector<IssueBulkStep> steps = TRY(issue_bulk_from_json(body));
  const std::vector<Issue> changed = TRY(change_issues(context, request.viewer, steps));
  return http::Response::ok(issue_page_to_text(changed, IssueFields::lean(), ""));
}

static Result<http::Response> get_sub_issues(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const std::vector<Issue> children = TRY(list_sub_issues(context, request.viewer, key));
  return http::Response::ok(issue_page_to_text(children, IssueFields::lean(), ""));
}

static Result<http::Response> get_activity(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({"limit", "cursor"}));
  const IssueKey key = TRY(key_param(request));
  const std::int64_t limit = TRY(integer_query(request, "limit", 50, 1, 200));
  const std::int64_t before = TRY(integer_query(request, "cursor", newest_change, 1, newest_change));
  const ChangePage page = TRY(list_activity(context, request.viewer, key, before, limit));
  return http::Response::ok(change_page_to_text(page));
}

static Result<http::Response> get_duplicates(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const Issue issue = TRY(get_issue(context, request.viewer, key));
  Json items = Json::array();
  for (const store::SimilarIssue& similar :
       TRY(list_possible_duplicates(context, request.viewer, issue.title, key))) {
    ObjectValue item;
    item.put("id", similar.id);
    item.put("number", similar.number);
    item.put("title", similar.title);
    item.put("similarity", similar.similarity);
    items.push_back(item.take());
  }
  return http::Response::ok(dump({{"items", std::move(items)}, {"nextCursor", nullptr}}));
}

std::vector<http::Route> issue_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::issues,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists issues by a query", {}, "IssuePage", "q,fields,limit,cursor,sort", {}, "Time-Zone"}},
      {Method::post,
       paths::issues,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates an issue", "IssueCreate", "Issue", "parse,today", {}, "Time-Zone"}},
      {Method::post,
       paths::issues_bulk,
       Who::user,
       Scope::write,
       bound(context, change_many),
       {"Changes many issues in one transaction and undo step", "IssueBulk", "IssuePage"}},
      {Method::get,
       paths::issue,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows an issue", {}, "Issue", "fields"}},
      {Method::patch,
       paths::issue,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes an issue", "IssueChange", "Issue", {}, {}, "If-Match"}},
      {Method::del,
       paths::issue,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts an issue into the trash", {}, {}, {}, {}, "If-Match"}},
      {Method::post,
       paths::issue_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes an issue out of the trash", {}, "Issue"}},
      {Method::post,
       paths::issue_transition,
       Who::user,
       Scope::write,
       bound(context, transition),
       {"Moves an issue to another status", "IssueMove", "Issue", {}, {}, "If-Match"}},
      {Method::get,
       paths::issue_sub_issues,
       Who::user,
       Scope::read,
       bound(context, get_sub_issues),
       {"Lists the issues below an issue", {}, "IssuePage"}},
      {Method::get,
       paths::issue_details,
       Who::user,
       Scope::read,
       bound(context, get_details),
       {"Reads an issue (its fields) with what hangs on it and its newest 50 changes, as one state",
        {},
        "IssueDetails",
        "fields"}},
      {Method::get,
       paths::issue_activity,
       Who::user,
       Scope::read,
       bound(context, get_activity),
       {"Lists the changes of an issue and what hangs on it, newest first",
        {},
        "AuditEntryPage",
        "limit,cursor"}},
      {Method::get,
       paths::issue_duplicates,
       Who::user,
       Scope::read,
       bound(context, get_duplicates),
       {"Lists issues whose titles look alike", {}, "SimilarIssuePage"}},
  };
}

}  // namespace dits
