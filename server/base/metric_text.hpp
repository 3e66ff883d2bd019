// Figures as text in Prometheus' format, for every room that has some to tell.
#pragma once

#include <string>
#include <string_view>

namespace dits {

// As many digits as a figure needs: "3", "0.0025", "1.5e+20".
std::string metric_number(double value);

// The two lines before the values of a metric.
std::string metric_head(std::string_view name, std::string_view type, std::string_view help);

// A gauge or counter without labels: help, type, value.
std::string metric_lines(std::string_view name, std::string_view type, std::string_view help, double value);

}  // namespace dits
