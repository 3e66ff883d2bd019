// The ways in which this program asks others: what an operator has configured, such as the webhook for
// alerts, and a server of its own. No redirects, few seconds, little of the answer.
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

// Where a server listens, as its configuration says it.
struct ServerAddress {
  std::string host;  // "0.0.0.0" and "::" are this machine
  int port = 0;
  bool is_tls = false;

  std::string url() const;
};

struct OwnAnswer {
  int status = 0;
  std::string body;
};

// GET of a path from a server of our own on this machine, whose certificate is whatever it is: it may name
// the host that others use. Errors: unavailable, naming the address; kinds below, or none for what answers
// otherwise than in HTTP.
inline constexpr const char* nobody_listens = "nobody_listens";
inline constexpr const char* no_answer_in_time = "no_answer_in_time";
Result<OwnAnswer> get_from(const ServerAddress& server,
                           const std::string& path,
                           std::chrono::milliseconds time_limit = std::chrono::seconds(5));

}  // namespace dits::http
