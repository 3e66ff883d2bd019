// Formatting and pacing of server-sent events.
#include "server/http/event_stream.hpp"

#include <charconv>

namespace dits::http {
namespace {

constexpr std::chrono::seconds heartbeat_interval{15};
// A client that went away is noticed after so long.
constexpr std::chrono::milliseconds poll_interval{2000};

}  // namespace

std::string format_event(std::string_view id, std::string_view name, std::string_view data) {
  std::string out;
  if (!id.empty()) out += "id: " + std::string(id) + "\n";
  if (!name.empty()) out += "event: " + std::string(name) + "\n";
  do {
    const std::size_t end = data.find('\n');
    out += "data: " + std::string(data.substr(0, end)) + "\n";
    data = end == std::string_view::npos ? std::string_view{} : data.substr(end + 1);
  } while (!data.empty());
  return out + "\n";
}

Result<std::optional<std::int64_t>> last_event_id(const Request& request) {
  std::string_view text = request.header("last-event-id");
  if (text.empty()) text = request.query("lastEventId").value_or(std::string_view{});
  if (text.empty()) return std::optional<std::int64_t>{};
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || value < 0)
    return invalid("lastEventId", "must be the number of a change");
  return std::optional<std::int64_t>{value};
}

Response event_stream(StreamPoll poll) {
  Response response;
  response.status = 200;
  response.content_type = "text/event-stream";
  response.with_header("X-Accel-Buffering", "no");
  auto last_sent = std::chrono::steady_clock::now() -
                   heartbeat_interval;  // the first words come at once: the client knows it is open
  response.stream = [poll = std::move(poll), last_sent](const StreamWrite& write) mutable {
    if (std::chrono::steady_clock::now() - last_sent >= heartbeat_interval) {
      last_sent = std::chrono::steady_clock::now();
      if (!write(format_event({}, "heartbeat", "{}"))) return false;
    }
    switch (poll(write, poll_interval)) {
      case StreamStep::over:
        return false;
      case StreamStep::sent:
        last_sent = std::chrono::steady_clock::now();
        return true;
      case StreamStep::idle:
        return write({});
    }
    return false;
  };
  return response;
}

Result<std::shared_ptr<StreamCounts::Ticket>> StreamCounts::take(UserId user_id) {
  const std::lock_guard lock(mutex_);
  std::size_t& open = open_[user_id];
  if (open >= max_per_user_) {
    Error error = unavailable("Too many event streams are open for this account.", 5);
    error.kind = "rate_limited";
    return error;
  }
  ++open;
  return std::make_shared<Ticket>(*this, user_id);
}

void StreamCounts::give_back(UserId user_id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(user_id);
  if (found != open_.end() && --found->second == 0) open_.erase(found);
}

}  // namespace dits::http
