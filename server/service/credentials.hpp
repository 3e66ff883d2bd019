// Sessions and tokens as their owner sees and ends them.
#pragma once

#include <string>
#include <vector>

#include "server/service/auth.hpp"
#include "server/store/api_tokens.hpp"
#include "server/store/sessions.hpp"

namespace dits {

using store::ApiToken;
using store::Session;

Result<std::vector<Session>> list_sessions(ServiceContext& context, const Viewer& viewer);
// Errors: not_found.
Result<void> end_session(AuthContext& auth, const Viewer& viewer, SessionId id);
// All but the viewer's own; how many.
Result<std::int64_t> end_other_sessions(AuthContext& auth, const Viewer& viewer);

struct NewToken {
  ApiToken token;
  std::string secret;  // shown once
};

Result<std::vector<ApiToken>> list_tokens(ServiceContext& context, const Viewer& viewer);
// Errors: invalid; forbidden, when the viewer is a token.
Result<NewToken> create_token(ServiceContext& context, const Viewer& viewer, const TokenBody& body);
// Errors: not_found.
Result<void> revoke_token(AuthContext& auth, const Viewer& viewer, ApiTokenId id);
// The same for a command beside the servers, who notice within two seconds. Call settle_waiting_changes()
// behind the last one.
Result<void> revoke_token(ServiceContext& context, const Viewer& viewer, ApiTokenId id);

}  // namespace dits
