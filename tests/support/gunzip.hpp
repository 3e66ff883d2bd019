#pragma once

#include <string>

namespace dits::test {

// What gzip made, undone; empty when it did not. Of at most 4 MB.
std::string gunzip(const std::string& bytes);

}  // namespace dits::test
