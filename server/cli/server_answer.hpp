// Asks what listens on a port of this machine who it is: for health checks, and for who finds the port taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "server/base/config.hpp"
#include "server/http/outgoing.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

struct ServerAnswer {
  enum class Kind : std::uint8_t { serves, not_ready, other_scheme, silent, nobody, stranger };

  Kind kind = Kind::nobody;
  std::string message;  // a sentence, of everything but what serves: what is wrong; of that, what could be
                        // better
  Json state;           // as /readyz tells it; an object with status and message where nobody did
  bool is_dits() const {
    return kind == Kind::serves || kind == Kind::not_ready || kind == Kind::other_scheme;
  }
};

ServerAnswer ask_server(const http::ServerAddress& server, std::chrono::milliseconds time_limit);

// Where the server of this configuration listens.
http::ServerAddress address_of(const Config& config);

}  // namespace dits::cli
