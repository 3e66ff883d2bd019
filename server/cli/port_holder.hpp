// Whether the port of this configuration is free, and who has it where it is not.
#pragma once

#include "server/base/config.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

// As check_listening(); of a DITS that runs on the port it says so, and which.
Result<void> check_port(const Config& config);

// What would end a start of the server, before it makes or opens a database: the files of TLS, the port.
// Errors: those of TlsContext::load() and check_port().
Result<void> check_before_start(const Config& config);

}  // namespace dits::cli
