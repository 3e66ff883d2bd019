#include "shared/json/system_json.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

void append_figure(std::string& out, float figure) {
  if (!is_known(figure)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", static_cast<double>(figure));
  out += text.data();
}

void append_samples(std::string& out, const std::vector<SystemSample>& samples) {
  out += '[';
  for (const SystemSample& sample : samples) {
    if (out.back() != '[') out += ',';
    out += '[' + std::to_string(sample.at.unix_ms);
    for (const float figure : sample.figures) {
      out += ',';
      append_figure(out, figure);
    }
    out += ']';
  }
  out += ']';
}

std::string series_list() {
  Json names = Json::array();
  for (std::size_t at = 0; at < system_series_count; ++at)
    names.push_back(std::string(name_of(static_cast<SystemSeries>(at))));
  return dump(names);
}

Json part_to_json(const SystemPart& part) {
  ObjectValue out;
  out.put("name", part.name);
  out.put("state", name_of(part.health));
  out.put("message", part.message);
  return out.take();
}

Json instance_to_json(const SystemInstance& instance) {
  ObjectValue out;
  out.put("url", instance.url);
  out.put("version", instance.version);
  out.put("processId", instance.process_id);
  out.put("poolSize", instance.pool_size);
  out.put("poolMax", instance.pool_max);
  out.put("isAsked", instance.is_asked);
  return out.take();
}

Json alert_to_json(const SystemAlert& alert) {
  ObjectValue out;
  out.put("name", alert.name);
  out.put("summary", alert.summary);
  out.put("since", alert.since);
  out.put("resolvedAt", alert.resolved_at);
  return out.take();
}

Json statement_to_json(const SystemStatement& statement) {
  ObjectValue out;
  out.put("name", statement.name);
  out.put("calls", statement.calls);
  out.put("meanMs", statement.mean_ms);
  out.put("worstMs", statement.worst_ms);
  out.put("totalMs", statement.total_ms);
  out.put("plan", statement.plan);
  return out.take();
}

template <typename Item>
std::string list_text(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(to_json(item));
  return dump(list);
}

Result<SystemPart> part_from_json(const Json& json) {
  FieldReader reader(json);
  SystemPart part;
  reader.require("name", part.name);
  reader.read_enum("state", part.health, part_health_from_name);
  reader.read("message", part.message);
  TRY(reader.result());
  return part;
}

Result<SystemInstance> instance_from_json(const Json& json) {
  FieldReader reader(json);
  SystemInstance instance;
  reader.require("url", instance.url);
  reader.read("version", instance.version);
  reader.read("processId", instance.process_id);
  reader.read("poolSize", instance.pool_size);
  reader.read("poolMax", instance.pool_max);
  reader.read("isAsked", instance.is_asked);
  TRY(reader.result());
  return instance;
}

Result<SystemAlert> alert_from_json(const Json& json) {
  FieldReader reader(json);
  SystemAlert alert;
  reader.require("name", alert.name);
  reader.read("summary", alert.summary);
  reader.read("since", alert.since);
  reader.read("resolvedAt", alert.resolved_at);
  TRY(reader.result());
  return alert;
}

Result<SystemStatement> statement_from_json(const Json& json) {
  FieldReader reader(json);
  SystemStatement statement;
  reader.require("name", statement.name);
  reader.read("calls", statement.calls);
  reader.read("meanMs", statement.mean_ms);
  reader.read("worstMs", statement.worst_ms);
  reader.read("totalMs", statement.total_ms);
  reader.read("plan", statement.plan);
  TRY(reader.result());
  return statement;
}

template <typename Item>
Result<std::vector<Item>> list_in(FieldReader& reader,
                                  std::string_view name,
                                  Result<Item> (*from_json)(const Json&)) {
  std::vector<Item> items;
  const Json* list = reader.find(name);
  if (list == nullptr || !list->is_array()) return items;
  for (const Json& each : *list) items.push_back(TRY(from_json(each)));
  return items;
}

// The place of each of the text's series among ours; nullopt for one that is not known here.
using SeriesPlaces = std::vector<std::optional<SystemSeries>>;

Result<SeriesPlaces> places_in(FieldReader& reader) {
  SeriesPlaces places;
  const Json* names = reader.find("series");
  if (names == nullptr || !names->is_array()) return invalid("series", "Must be a list");
  for (const Json& name : *names) {
    const auto* text = name.get_ptr<const std::string*>();
    const Result<SystemSeries> series =
        text != nullptr ? system_series_from_name(*text) : Result<SystemSeries>(invalid("series", ""));
    places.push_back(series ? std::optional(*series) : std::nullopt);
  }
  return places;
}

Result<std::vector<SystemSample>> samples_in(FieldReader& reader,
                                             std::string_view name,
                                             const SeriesPlaces& places) {
  std::vector<SystemSample> samples;
  const Json* rows = reader.find(name);
  if (rows == nullptr) return samples;
  if (!rows->is_array()) return invalid(std::string(name), "Must be a list");
  samples.reserve(rows->size());
  for (const Json& row : *rows) {
    if (!row.is_array() || row.size() != places.size() + 1 || !row[0].is_number())
      return invalid(std::string(name), "Must hold a time and a figure for each series");
    SystemSample& sample = samples.emplace_back();
    sample.at = {row[0].get<std::int64_t>()};
    for (std::size_t at = 0; at < places.size(); ++at) {
      const Json& figure = row[at + 1];
      if (places[at] && figure.is_number()) sample[*places[at]] = static_cast<float>(figure.get<double>());
    }
  }
  return samples;
}

}  // namespace

std::string system_overview_text(const SystemOverview& overview) {
  std::string text;
  text.reserve(2'000 + 120 * (overview.samples.size() + overview.minutes.size()));
  ObjectText out(text);
  out.put("at", overview.at);
  out.put("url", std::string_view(overview.url));
  out.put("version", std::string_view(overview.version));
  out.put("startedAt", overview.started_at);
  out.put("poolMax", overview.pool_max);
  const auto put_raw = [&](std::string_view name, const std::string& json) {
    out.begin_member(name);
    text += json;
  };
  put_raw("parts", list_text(overview.parts, part_to_json));
  put_raw("instances", list_text(overview.instances, instance_to_json));
  put_raw("alerts", list_text(overview.alerts, alert_to_json));
  put_raw("statements", list_text(overview.statements, statement_to_json));
  put_raw("series", series_list());
  out.begin_member("samples");
  append_samples(text, overview.samples);
  out.begin_member("minutes");
  append_samples(text, overview.minutes);
  out.close();
  return text;
}

Result<SystemOverview> system_overview_from_text(std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldReader reader(json);
  SystemOverview overview;
  reader.require("at", overview.at);
  reader.read("url", overview.url);
  reader.read("version", overview.version);
  reader.read("startedAt", overview.started_at);
  reader.read("poolMax", overview.pool_max);
  overview.parts = TRY(list_in(reader, "parts", part_from_json));
  overview.instances = TRY(list_in(reader, "instances", instance_from_json));
  overview.alerts = TRY(list_in(reader, "alerts", alert_from_json));
  overview.statements = TRY(list_in(reader, "statements", statement_from_json));
  const SeriesPlaces places = TRY(places_in(reader));
  overview.samples = TRY(samples_in(reader, "samples", places));
  overview.minutes = TRY(samples_in(reader, "minutes", places));
  TRY(reader.result());
  return overview;
}

}  // namespace dits
