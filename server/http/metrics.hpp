// What /metrics tells, in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/metrics.hpp"

namespace dits::http {

class Metrics {
 public:
  // One answered request. `route` is the pattern, never the path: the number of series stays bounded.
  void count_request(std::string_view method,
                     std::string_view route,
                     int status,
                     std::chrono::microseconds duration);

  // Somebody with figures of their own: called for each scrape.
  using Source = std::function<void(MetricPage&)>;
  void add_source(Source source);

  std::string text() const;

  // Upper bounds of the histogram's buckets; a last bucket holds everything above.
  static constexpr std::array<double, 9> bounds_seconds{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0};
  using Buckets = std::array<std::uint64_t, bounds_seconds.size() + 1>;

  // All requests answered since the start.
  struct Totals {
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  // of these with 4xx
    std::uint64_t failed = 0;   // of these with 5xx
    Buckets times{};            // how long they took; event streams, which last, are not among them
  };
  Totals totals() const;

  std::atomic<std::int64_t> requests_in_flight{0};

 private:
  struct Series {
    std::map<int, std::uint64_t> by_status;
    Buckets buckets{};
    std::uint64_t total_microseconds = 0;
  };

  // By method and route; looked up without a copy of them.
  using Name = std::pair<std::string, std::string>;
  struct ByName {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return std::pair<std::string_view, std::string_view>(a) <
             std::pair<std::string_view, std::string_view>(b);
    }
  };

  mutable std::mutex mutex_;
  std::map<Name, Series, ByName> series_;
  std::vector<Source> sources_;
};

}  // namespace dits::http
