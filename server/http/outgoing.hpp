// The one way in which the server asks others: what an operator has configured, such as the webhook for
// alerts. No redirects, few seconds, little of the answer.
#pragma once

#include <chrono>
#include <string>

#include "server/base/secret.hpp"
#include "shared/core/result.hpp"

namespace dits::http {

// Sends JSON to `url`, "https://host[:port][/path]" or http. Errors: invalid: that is no such address;
// unavailable: nobody answered in time, or with another status than 2xx; the message names host and status,
// never the rest of the address, which may hold a key.
Result<void> post_json(const Secret& url,
                       const std::string& json,
                       std::chrono::milliseconds time_limit = std::chrono::seconds(5));

}  // namespace dits::http
