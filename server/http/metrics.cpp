// Counters by route and the process's own figures.
#include "server/http/metrics.hpp"

#include <memory>

#include <dirent.h>

#include "server/base/process_figures.hpp"
#include "server/http/message.hpp"
#include "shared/api/paths.hpp"

namespace dits::http {
namespace {

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  if (!directory) return 0;
  std::size_t count = 0;
  while (::readdir(directory.get()) != nullptr) ++count;
  return count > 3 ? count - 3 : 0;  // ".", ".." and the one that reads
}

std::string process_lines() {
  const ProcessFigures process = process_figures();
  return metric_lines(
             "process_cpu_seconds_total", "counter", "CPU time of this process.", process.cpu_seconds) +
         metric_lines("process_resident_memory_bytes",
                      "gauge",
                      "Resident memory of this process.",
                      static_cast<double>(process.resident_bytes)) +
         metric_lines(
             "process_open_fds", "gauge", "Open file descriptors.", static_cast<double>(open_descriptors()));
}

}  // namespace

void Metrics::count_request(std::string_view method,
                            std::string_view route,
                            int status,
                            std::chrono::microseconds duration) {
  const double seconds = static_cast<double>(duration.count()) / 1e6;
  std::size_t bucket = 0;
  while (bucket < bounds_seconds.size() && seconds > bounds_seconds[bucket]) ++bucket;
  const std::lock_guard lock(mutex_);
  // A client may invent methods; each name would be a series that stays.
  const std::string_view known = is_known_method(method) ? method : "other";
  auto found = series_.find(std::pair(known, route));
  if (found == series_.end()) found = series_.try_emplace(Name(known, route)).first;
  Series& series = found->second;
  ++series.by_status[status];
  ++series.buckets[bucket];
  series.total_microseconds += static_cast<std::uint64_t>(duration.count());
}

Metrics::Totals Metrics::totals() const {
  const std::lock_guard lock(mutex_);
  Totals totals;
  for (const auto& [key, series] : series_) {
    for (const auto& [status, count] : series.by_status) {
      totals.requests += count;
      if (status >= 500) totals.failed += count;
      if (status >= 400 && status < 500) totals.refused += count;
    }
    if (key.second == paths::events) continue;
    for (std::size_t i = 0; i < series.buckets.size(); ++i) totals.times[i] += series.buckets[i];
  }
  return totals;
}

void Metrics::add_source(std::function<std::string()> source) {
  const std::lock_guard lock(mutex_);
  sources_.push_back(std::move(source));
}

std::string Metrics::text() const {
  std::string counts =
      "# HELP dits_http_requests_total Answered requests.\n# TYPE dits_http_requests_total counter\n";
  std::string times =
      "# HELP dits_http_request_seconds Time from a whole request to its answer.\n# TYPE "
      "dits_http_request_seconds histogram\n";
  std::vector<std::function<std::string()>> sources;
  {
    const std::lock_guard lock(mutex_);
    sources = sources_;
    for (const auto& [key, series] : series_) {
      const std::string labels = "method=\"" + key.first + "\",route=\"" + key.second + "\"";
      for (const auto& [status, count] : series.by_status) {
        counts += "dits_http_requests_total{" + labels + ",status=\"" + std::to_string(status) + "\"} " +
                  std::to_string(count) + "\n";
      }
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < series.buckets.size(); ++i) {
        sum += series.buckets[i];
        const std::string bound = i < bounds_seconds.size() ? metric_number(bounds_seconds[i]) : "+Inf";
        times += "dits_http_request_seconds_bucket{" + labels + ",le=\"" + bound + "\"} " +
                 std::to_string(sum) + "\n";
      }
      times += "dits_http_request_seconds_sum{" + labels + "} " +
               metric_number(static_cast<double>(series.total_microseconds) / 1e6) + "\n";
      times += "dits_http_request_seconds_count{" + labels + "} " + std::to_string(sum) + "\n";
    }
  }
  std::string out = counts + times +
                    metric_lines("dits_http_requests_in_flight",
                                 "gauge",
                                 "Requests being answered.",
                                 static_cast<double>(requests_in_flight.load()));
  for (const auto& source : sources) out += source();
  return out + process_lines();
}

}  // namespace dits::http
