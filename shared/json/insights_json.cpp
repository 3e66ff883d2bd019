#include "shared/json/insights_json.hpp"

#include <cmath>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

using Finished = Insights::Finished;
using Working = Insights::Working;
using StatusDays = Insights::StatusDays;

// A minute is a fine enough part of a day.
double rounded(double days) { return std::round(days * 10'000) / 10'000; }

Json status_days_to_json(const StatusDays& status) {
  ObjectValue out;
  out.put("statusId", status.status_id);
  Json json = out.take();
  json["counts"] = status.counts;
  return json;
}

Json finished_to_json(const Finished& issue) {
  ObjectValue out;
  out.put("id", issue.id);
  out.put("number", issue.number);
  out.put("title", issue.title);
  out.put("startedAt", issue.started_at);
  out.put("completedAt", issue.completed_at);
  out.put("cycleDays", rounded(issue.cycle_days));
  out.put("leadDays", rounded(issue.lead_days));
  return out.take();
}

Json working_to_json(const Working& issue) {
  ObjectValue out;
  out.put("id", issue.id);
  out.put("number", issue.number);
  out.put("title", issue.title);
  out.put("statusId", issue.status_id);
  out.put("since", issue.since);
  return out.take();
}

template <typename Item>
Json list_of(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(to_json(item));
  return list;
}

Result<StatusDays> status_days_from_json(const Json& json) {
  FieldReader reader(json);
  StatusDays status;
  reader.require("statusId", status.status_id);
  reader.require("counts", status.counts);
  TRY(reader.result());
  return status;
}

Result<Finished> finished_from_json(const Json& json) {
  FieldReader reader(json);
  Finished issue;
  reader.require("id", issue.id);
  reader.require("number", issue.number);
  reader.require("title", issue.title);
  reader.read("startedAt", issue.started_at);
  reader.require("completedAt", issue.completed_at);
  reader.require("cycleDays", issue.cycle_days);
  reader.require("leadDays", issue.lead_days);
  TRY(reader.result());
  return issue;
}

Result<Working> working_from_json(const Json& json) {
  FieldReader reader(json);
  Working issue;
  reader.require("id", issue.id);
  reader.require("number", issue.number);
  reader.require("title", issue.title);
  reader.require("statusId", issue.status_id);
  reader.require("since", issue.since);
  TRY(reader.result());
  return issue;
}

template <typename Item>
Result<void> read_list(FieldReader& reader,
                       std::string_view name,
                       std::vector<Item>& into,
                       Result<Item> (*from_json)(const Json&)) {
  const Json* list = reader.find(name);
  if (list == nullptr || !list->is_array()) return invalid(std::string(name), "Must be a list");
  for (const Json& item : *list) into.push_back(TRY(from_json(item)));
  return {};
}

// Each list of days has as many of them as all others.
Result<void> check_days(const Insights& insights) {
  const std::size_t days = insights.days();
  bool is_good = days > 0 && insights.created.size() == days;
  for (const StatusDays& status : insights.statuses) is_good = is_good && status.counts.size() == days;
  if (!is_good) return invalid("completed", "The lists of days differ in length");
  return {};
}

}  // namespace

std::string insights_text(const Insights& insights) {
  ObjectValue out;
  out.put("from", insights.from);
  out.put("to", insights.to);
  out.put("total", insights.total);
  out.put("open", insights.open);
  Json json = out.take();
  json["statuses"] = list_of(insights.statuses, status_days_to_json);
  json["created"] = insights.created;
  json["completed"] = insights.completed;
  json["recentCompleted"] = insights.recent;
  json["finishedTotal"] = insights.finished_total;
  json["finished"] = list_of(insights.finished, finished_to_json);
  json["inProgressTotal"] = insights.working_total;
  json["inProgress"] = list_of(insights.working, working_to_json);
  return dump(json);
}

Result<Insights> insights_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldReader reader(json);
  Insights insights;
  reader.require("from", insights.from);
  reader.require("to", insights.to);
  reader.require("total", insights.total);
  reader.require("open", insights.open);
  reader.require("created", insights.created);
  reader.require("completed", insights.completed);
  reader.require("recentCompleted", insights.recent);
  reader.require("finishedTotal", insights.finished_total);
  reader.require("inProgressTotal", insights.working_total);
  TRY(reader.result());
  TRY(read_list(reader, "statuses", insights.statuses, status_days_from_json));
  TRY(read_list(reader, "finished", insights.finished, finished_from_json));
  TRY(read_list(reader, "inProgress", insights.working, working_from_json));
  TRY(check_days(insights));
  return insights;
}

}  // namespace dits
