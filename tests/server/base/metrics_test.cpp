// The table of metrics, and the page that prints them.
#include "server/base/metrics.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <doctest/doctest.h>

namespace dits {
namespace {

std::string listing() {
  std::string text;
  for (const MetricRow& row : all_metrics()) {
    text += std::string(row.name) + " · " + std::string(name_of(row.type)) + " · " +
            std::string(name_of(row.unit)) + " · " + std::string(row.help) + "\n";
  }
  return text;
}

TEST_SUITE("golden") {
  TEST_CASE("the metrics are those in tests/golden/metrics.txt") {
    const std::string path = "tests/golden/metrics.txt";
    if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << listing();
    std::ifstream file(path);
    const std::string golden{std::istreambuf_iterator<char>(file), {}};
    CHECK(listing() == golden);
  }
}

TEST_CASE("the name of a metric says what it is, as Prometheus has it") {
  std::set<std::string_view> names;
  for (const MetricRow& row : all_metrics()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK((row.name.starts_with("dits_") || row.name.starts_with("process_")));
    CHECK(row.name.ends_with("_total") == (row.type == MetricType::counter));
    CHECK((row.name.find("_seconds") != std::string_view::npos) == (row.unit == MetricUnit::seconds));
    CHECK((row.name.find("_bytes") != std::string_view::npos) == (row.unit == MetricUnit::bytes));
    CHECK(row.help.ends_with('.'));
  }
}

TEST_CASE("the lines of a metric stand together behind its help and type, in the order of the table") {
  MetricPage page;
  page.add(Metric::cache_misses, {{"cache", "stats"}}, 1);
  page.add(Metric::cache_hits, {{"cache", "stats"}}, 2);
  page.add(Metric::cache_misses, {{"cache", "names"}}, 3);
  page.add(Metric::cache_hits, {{"cache", "names"}}, 4);
  page.add(Metric::pool_idle, 5);
  CHECK(page.text() ==
        "# HELP dits_pool_idle Open connections that nobody uses.\n"
        "# TYPE dits_pool_idle gauge\n"
        "dits_pool_idle 5\n"
        "# HELP dits_cache_hits_total Questions that a cache could answer.\n"
        "# TYPE dits_cache_hits_total counter\n"
        "dits_cache_hits_total{cache=\"stats\"} 2\n"
        "dits_cache_hits_total{cache=\"names\"} 4\n"
        "# HELP dits_cache_misses_total Questions that it could not.\n"
        "# TYPE dits_cache_misses_total counter\n"
        "dits_cache_misses_total{cache=\"stats\"} 1\n"
        "dits_cache_misses_total{cache=\"names\"} 3\n");
}

TEST_CASE("a histogram adds its buckets up, and whatever a label says stays in its quotes") {
  MetricPage page;
  const double bounds[] = {0.5, 2};
  const std::uint64_t counts[] = {1, 0, 2};
  page.add_histogram(Metric::statement_seconds, {{"statement", "a\"} 1\n\\"}}, bounds, counts, 7.25);
  const std::string label = "{statement=\"a\\\"} 1\\n\\\\\"";
  CHECK(page.text() ==
        "# HELP dits_statement_seconds Time of each SQL statement, round trip included.\n"
        "# TYPE dits_statement_seconds histogram\n"
        "dits_statement_seconds_bucket" +
            label + ",le=\"0.5\"} 1\ndits_statement_seconds_bucket" + label +
            ",le=\"2\"} 1\ndits_statement_seconds_bucket" + label +
            ",le=\"+Inf\"} 3\ndits_statement_seconds_sum" + label + "} 7.25\ndits_statement_seconds_count" +
            label + "} 3\n");
}

TEST_CASE("a figure has the digits that it needs: whole ones all of them") {
  for (const auto& [value, text] : {std::pair{3.0, "3"},
                                    {0.0025, "0.0025"},
                                    {-1.5, "-1.5"},
                                    {123456789012.0, "123456789012"},
                                    {9007199254740991.0, "9007199254740991"},
                                    {1.5e20, "1.5e+20"}}) {
    CHECK(metric_number(value) == text);
  }
}

}  // namespace
}  // namespace dits
