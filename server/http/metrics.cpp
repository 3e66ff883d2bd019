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

void add_process(MetricPage& page) {
  const ProcessFigures process = process_figures();
  page.add(Metric::process_cpu_seconds, process.cpu_seconds);
  page.add(Metric::process_resident_bytes, static_cast<double>(process.resident_bytes));
  page.add(Metric::process_open_files, static_cast<double>(open_descriptors()));
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

void Metrics::add_source(Source source) {
  const std::lock_guard lock(mutex_);
  sources_.push_back(std::move(source));
}

std::string Metrics::text() const {
  MetricPage page;
  std::vector<Source> sources;
  {
    const std::lock_guard lock(mutex_);
    sources = sources_;
    for (const auto& [key, series] : series_) {
      const MetricPage::Label method{"method", key.first};
      const MetricPage::Label route{"route", key.second};
      for (const auto& [status, count] : series.by_status)
        page.add(
            Metric::http_requests, {method, route, {"status", std::to_string(status)}}, metric_value(count));
      page.add_histogram(Metric::http_request_seconds,
                         {method, route},
                         bounds_seconds,
                         series.buckets,
                         static_cast<double>(series.total_microseconds) / 1e6);
    }
  }
  page.add(Metric::http_requests_in_flight, static_cast<double>(requests_in_flight.load()));
  for (const Source& source : sources) source(page);
  add_process(page);
  return page.text();
}

}  // namespace dits::http
