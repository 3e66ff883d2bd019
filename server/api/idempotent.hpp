// Idempotency-Key between the router and the service that keeps answers.
#pragma once

#include "server/http/router.hpp"
#include "server/service/context.hpp"

namespace dits {

// Runs `handler` for this request, or answers what the first request with this key was answered, with
// "Idempotency-Replayed: true".
Result<http::Response> run_idempotent(ServiceContext& context,
                                      const http::Request& request,
                                      const http::Handler& handler);

}  // namespace dits
