// The format: a version byte an issue, then every field in the order below; numbers as little-endian 64 bits,
// texts with their length. Descriptions stay out: they are loaded when an issue is opened.
#include "web/api/issue_codec.hpp"

#include <cstring>
#include <utility>

namespace dits::web {

namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::int64_t no_value = INT64_MIN;

void put(std::string& out, std::int64_t value) {
  for (int shift = 0; shift < 64; shift += 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift) & 0xFFU);
  }
}
void put(std::string& out, const Uuid& id) {
  out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}
void put(std::string& out, const std::string& text) {
  put(out, static_cast<std::int64_t>(text.size()));
  out += text;
}
void put(std::string& out, const std::optional<Date>& date) {
  put(out, date ? std::int64_t{date->days} : no_value);
}
void put(std::string& out, const std::optional<Timestamp>& time) {
  put(out, time ? time->unix_ms : no_value);
}
void put(std::string& out, double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  put(out, bits);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool is_at_end() const { return bytes_.empty(); }
  bool is_broken() const { return is_broken_; }

  std::uint8_t byte() {
    const std::string_view one = take(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
  }
  std::int64_t number() {
    const std::string_view eight = take(8);
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < eight.size(); ++at) {
      value |= std::uint64_t{static_cast<unsigned char>(eight[at])} << (8 * at);
    }
    return static_cast<std::int64_t>(value);
  }
  Uuid uuid() {
    Uuid id;
    const std::string_view bytes = take(id.bytes.size());
    if (!bytes.empty()) std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
    return id;
  }
  std::string text() {
    const std::int64_t size = number();
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size()) {
      is_broken_ = true;
      return {};
    }
    return std::string(take(static_cast<std::size_t>(size)));
  }
  std::optional<Date> date() {
    const std::int64_t days = number();
    return days == no_value ? std::nullopt : std::optional<Date>(Date{static_cast<std::int32_t>(days)});
  }
  std::optional<Timestamp> time() {
    const std::int64_t ms = number();
    return ms == no_value ? std::nullopt : std::optional<Timestamp>(Timestamp{ms});
  }
  double real() {
    const std::int64_t bits = number();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) {
      is_broken_ = true;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  bool is_broken_ = false;
};

}  // namespace

void append_packed(std::string& out, const Issue& issue) {
  out += static_cast<char>(format_version);
  put(out, issue.id.uuid);
  put(out, issue.number);
  put(out, issue.title);
  out += static_cast<char>(issue.priority);
  put(out, issue.status_id.uuid);
  put(out, issue.project_id.uuid);
  put(out, issue.area_id.uuid);
  put(out, issue.parent_issue_id.uuid);
  put(out, issue.start_date);
  put(out, issue.due_date);
  put(out, issue.completed_at);
  put(out, issue.position);
  put(out, static_cast<std::int64_t>(issue.label_ids.size()));
  for (const LabelId label : issue.label_ids) put(out, label.uuid);
  put(out, issue.metadata);
  put(out, issue.version);
  put(out, issue.created_at.unix_ms);
  put(out, issue.updated_at.unix_ms);
  put(out, issue.deleted_at);
}

Result<std::vector<Issue>> unpack_issues(std::string_view bytes) {
  std::vector<Issue> issues;
  Reader reader(bytes);
  while (!reader.is_at_end()) {
    if (reader.byte() != format_version) return invalid("cache", "Was written by another version");
    Issue issue;
    issue.id = IssueId{reader.uuid()};
    issue.number = reader.number();
    issue.title = reader.text();
    const std::uint8_t priority = reader.byte();
    issue.priority = priority <= static_cast<std::uint8_t>(Priority::urgent) ? static_cast<Priority>(priority)
                                                                             : Priority::none;
    issue.status_id = StatusId{reader.uuid()};
    issue.project_id = ProjectId{reader.uuid()};
    issue.area_id = AreaId{reader.uuid()};
    issue.parent_issue_id = IssueId{reader.uuid()};
    issue.start_date = reader.date();
    issue.due_date = reader.date();
    issue.completed_at = reader.time();
    issue.position = reader.real();
    const std::int64_t labels = reader.number();
    if (labels < 0 || labels > 1000) return invalid("cache", "Is damaged");
    for (std::int64_t at = 0; at < labels; ++at) issue.label_ids.push_back(LabelId{reader.uuid()});
    issue.metadata = reader.text();
    issue.version = reader.number();
    issue.created_at.unix_ms = reader.number();
    issue.updated_at.unix_ms = reader.number();
    issue.deleted_at = reader.time();
    issue.has_description = false;
    if (reader.is_broken()) return invalid("cache", "Is damaged");
    issues.push_back(std::move(issue));
  }
  return issues;
}

}  // namespace dits::web
