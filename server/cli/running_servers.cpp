#include "server/cli/running_servers.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "server/cli/terminal.hpp"
#include "server/db/notifications.hpp"
#include "server/service/channels.hpp"

namespace dits::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_limit = 2s;
constexpr auto answer_time = 500ms;

std::int64_t number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

void print_hits(const Json& caches, const char* name) {
  const auto found = caches.find(name);
  if (found == caches.end()) return;
  const std::int64_t hits = number(*found, "hits");
  const std::int64_t all = hits + number(*found, "misses");
  std::printf("  cache      %-9s %s of %s answered, hit rate %.1f %%\n",
              name,
              grouped(hits).c_str(),
              grouped(all).c_str(),
              all == 0 ? 0.0 : 100.0 * static_cast<double>(hits) / static_cast<double>(all));
}

void print_pool(const Json& pool) {
  const auto count = [&pool](const char* name) { return grouped(number(pool, name)); };
  std::printf("  pool       %s of %s connections, %s idle, %s waiting\n",
              count("size").c_str(),
              count("max").c_str(),
              count("idle").c_str(),
              count("waiting").c_str());
  std::printf("             %s lent, %s after a wait (%s ms together), %s waited in vain\n",
              count("checkouts").c_str(),
              count("waits").c_str(),
              count("waitMs").c_str(),
              count("timeouts").c_str());
  std::printf("             %s opened, %s attempts failed, %s found dead and replaced\n",
              count("connects").c_str(),
              count("failedConnects").c_str(),
              count("reconnects").c_str());
}

void print_replica(const Json& replica) {
  const std::string reason = text(replica, "reason");
  std::printf("  replica    %s %s, lags %s ms, %s reads\n",
              text(replica, "name").c_str(),
              reason.empty() ? "is in use" : ("is left out: " + reason).c_str(),
              grouped(number(replica, "lagMs")).c_str(),
              grouped(number(replica, "reads")).c_str());
}

void print_redis(const Json& redis) {
  if (!redis.is_object()) {
    std::printf("  redis      not used (--redis-url)\n");
    return;
  }
  const std::string reason = text(redis, "reason");
  std::printf("  redis      %s, %s of %s connections, %s commands, %s failures, %s outages\n",
              reason.empty() ? "connected" : ("away: " + reason).c_str(),
              grouped(number(redis, "connections")).c_str(),
              grouped(number(redis, "max")).c_str(),
              grouped(number(redis, "commands")).c_str(),
              grouped(number(redis, "failures")).c_str(),
              grouped(number(redis, "outages")).c_str());
}

}  // namespace

std::vector<Json> figures_of_running_servers(const DatabasePlace& place) {
  std::vector<Json> servers;
  if (place.is_embedded() && !place.cluster->is_joined()) return servers;
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = false;
  const auto on_notice = [&](const Notice& notice, Notifications&) {
    Result<Json> figures = parse_json(notice.payload);
    const std::lock_guard lock(mutex);
    if (figures && figures->is_object()) servers.push_back(std::move(figures).value());
  };
  const auto on_state = [&](bool is_open_now) {
    const std::lock_guard lock(mutex);
    is_open = is_open_now;
    changed.notify_all();
  };
  {
    ConnectionOptions options;
    options.url = place.owner_url;
    options.application_name = "dits-command";
    Notifications notifications(options, {figures_channel}, {on_notice, on_state});
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, connect_limit, [&] { return is_open; })) return {};
    notifications.send(ask_channel, "");
    changed.wait_for(lock, answer_time, [&] { return !is_open; });
    lock.unlock();
  }
  std::ranges::sort(servers, {}, [](const Json& one) { return text(one, "url"); });
  return servers;
}

void print_figures(const std::vector<Json>& servers) {
  if (servers.empty()) std::printf("servers      none runs on this database\n");
  for (const Json& server : servers) {
    std::printf("server       %s, process %lld, DITS %s\n",
                text(server, "url").c_str(),
                static_cast<long long>(number(server, "processId")),
                text(server, "version").c_str());
    print_pool(server.value("pool", Json::object()));
    for (const Json& replica : server.value("replicas", Json::array())) print_replica(replica);
    const Json caches = server.value("caches", Json::object());
    print_hits(caches, "stats");
    print_hits(caches, "sessions");
    print_redis(server.value("redis", Json()));
  }
}

}  // namespace dits::cli
