#include "server/api/auth.hpp"

#include "server/api/handlers.hpp"
#include "server/http/headers.hpp"
#include "server/service/accounts.hpp"
#include "server/service/credentials.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/writer.hpp"

namespace dits {
namespace {

using http::Request;
using http::Response;
using AuthHandler = Result<Response> (*)(AuthContext&, const Request&);

Json session_to_json(const Session& session, const Viewer& viewer) {
  ObjectValue out;
  out.put("id", session.id);
  out.put("userAgent", session.user_agent);
  out.put("ipAddress", session.ip_address);
  out.put("createdAt", session.created_at);
  out.put("lastSeenAt", session.last_seen_at);
  out.put("expiresAt", session.expires_at);
  out.put("isCurrent", session.id == viewer.session_id);
  return out.take();
}

Json api_token_to_json(const ApiToken& token) {
  ObjectValue out;
  out.put("id", token.id);
  out.put("name", token.name);
  out.put("scope", store::name_of_scope(token.scope));
  out.put("prefix", token.prefix);
  out.put("expiresAt", token.expires_at);
  out.put("lastUsedAt", token.last_used_at);
  out.put("createdAt", token.created_at);
  return out.take();
}

std::string items_json(Json items) {
  Json out = Json::object();
  out["items"] = std::move(items);
  out["nextCursor"] = nullptr;
  return dump(out);
}

Response with_session(Response response, const Request& request, const SignedIn& signed_in) {
  const std::chrono::milliseconds life(session_absolute_ms);
  response.with_header("Set-Cookie",
                       http::session_cookie(request.session_cookie_name,
                                            signed_in.session_token,
                                            std::chrono::duration_cast<std::chrono::seconds>(life),
                                            request.is_secure));
  return response;
}

std::string user_body(const User& user) {
  Json out = Json::object();
  out["user"] = user_to_json(user);
  return dump(out);
}

Result<Response> handle_register(AuthContext& auth, const Request& request) {
  const Json json = TRY(body_of(request));
  const RegisterBody body = TRY(register_from_json(json));
  const SignedIn signed_in = TRY(register_account(auth, request.viewer, body));
  return with_session(
      Response::created(user_body(signed_in.user), std::string(paths::auth_me)), request, signed_in);
}

Result<Response> handle_setup(AuthContext& auth, const Request& request) {
  if (!TRY(is_setup_token_good(auth.services, std::string(request.param("token")))))
    return not_found("This link is not valid any more.");
  return Response::ok("{\"valid\":true}");
}

Result<Response> handle_login(AuthContext& auth, const Request& request) {
  const Json json = TRY(body_of(request));
  const LoginBody body = TRY(login_from_json(json));
  const SignedIn signed_in = TRY(sign_in(auth, request.viewer, body));
  return with_session(Response::ok(user_body(signed_in.user)), request, signed_in);
}

Result<Response> handle_logout(AuthContext& auth, const Request& request) {
  TRY(sign_out(auth, request.viewer));
  Response response = Response::no_content();
  const auto remove = [&](const std::string& name) {
    response.with_header("Set-Cookie",
                         http::session_cookie(name, {}, std::chrono::seconds(0), request.is_secure));
  };
  remove(request.session_cookie_name);
  const std::string earlier = http::session_cookie_name(request.is_secure);
  if (request.cookie(request.session_cookie_name).empty() && !request.cookie(earlier).empty())
    remove(earlier);
  return response;
}

Result<Response> handle_get_me(AuthContext& auth, const Request& request) {
  return Response::ok(dump(user_to_json(TRY(get_me(auth.services, request.viewer)))));
}

Result<Response> handle_update_me(AuthContext& auth, const Request& request) {
  const Json json = TRY(body_of(request));
  const UserPatch patch = TRY(user_patch_from_json(json));
  return Response::ok(dump(user_to_json(TRY(update_me(auth.services, request.viewer, patch)))));
}

Result<Response> handle_change_password(AuthContext& auth, const Request& request) {
  const Json json = TRY(body_of(request));
  const PasswordBody body = TRY(password_change_from_json(json));
  TRY(change_password(auth, request.viewer, body));
  return Response::no_content();
}

Result<Response> handle_list_sessions(AuthContext& auth, const Request& request) {
  Json items = Json::array();
  for (const Session& session : TRY(list_sessions(auth.services, request.viewer)))
    items.push_back(session_to_json(session, request.viewer));
  return Response::ok(items_json(std::move(items)));
}

Result<Response> handle_end_session(AuthContext& auth, const Request& request) {
  const auto id = TRY(id_param<SessionId>(request));
  TRY(end_session(auth, request.viewer, id));
  return Response::no_content();
}

Result<Response> handle_end_other_sessions(AuthContext& auth, const Request& request) {
  TRY(end_other_sessions(auth, request.viewer));
  return Response::no_content();
}

Result<Response> handle_list_tokens(AuthContext& auth, const Request& request) {
  Json items = Json::array();
  for (const ApiToken& token : TRY(list_tokens(auth.services, request.viewer)))
    items.push_back(api_token_to_json(token));
  return Response::ok(items_json(std::move(items)));
}

Result<Response> handle_create_token(AuthContext& auth, const Request& request) {
  const Json json = TRY(body_of(request));
  const TokenBody body = TRY(token_from_json(json));
  const NewToken created = TRY(create_token(auth.services, request.viewer, body));
  Json out = api_token_to_json(created.token);
  out["token"] = created.secret;
  return Response::created(dump(out), paths::path_with(paths::auth_token, created.token.id));
}

Result<Response> handle_revoke_token(AuthContext& auth, const Request& request) {
  const auto id = TRY(id_param<ApiTokenId>(request));
  TRY(revoke_token(auth, request.viewer, id));
  return Response::no_content();
}

}  // namespace

std::vector<http::Route> auth_routes(AuthContext& auth) {
  using http::Method;
  using http::Who;
  // An answer with a secret in it must not be kept under an Idempotency-Key, and a token manages no
  // credentials.
  http::Limits session_only;
  session_only.needs_session = true;
  session_only.keeps_idempotency = false;
  const auto with = [&auth](AuthHandler handler) {
    return [&auth, handler](const Request& request) { return handler(auth, request); };
  };
  return {
      {Method::post,
       paths::auth_register,
       Who::anyone,
       Scope::none,
       with(handle_register),
       {"Make the first account", "Registration", "SignedIn"}},
      {Method::get,
       paths::auth_setup,
       Who::anyone,
       Scope::none,
       with(handle_setup),
       {"Whether a one-time link is good", {}, "SetupLink"}},
      {Method::post,
       paths::auth_login,
       Who::anyone,
       Scope::none,
       with(handle_login),
       {"Sign in", "Login", "SignedIn"}},
      {Method::post,
       paths::auth_logout,
       Who::user,
       Scope::read,
       with(handle_logout),
       {"Sign out"},
       session_only},
      {Method::get, paths::auth_me, Who::user, Scope::read, with(handle_get_me), {"The account", {}, "User"}},
      {Method::patch,
       paths::auth_me,
       Who::user,
       Scope::admin,
       with(handle_update_me),
       {"Change the account", "UserChange", "User"}},
      {Method::post,
       paths::auth_password,
       Who::user,
       Scope::admin,
       with(handle_change_password),
       {"Change the password", "PasswordChange"},
       session_only},
      {Method::get,
       paths::auth_sessions,
       Who::user,
       Scope::admin,
       with(handle_list_sessions),
       {"Where one is signed in", {}, "SessionPage"}},
      {Method::del,
       paths::auth_sessions,
       Who::user,
       Scope::admin,
       with(handle_end_other_sessions),
       {"Sign out everywhere else"},
       session_only},
      {Method::del,
       paths::auth_session,
       Who::user,
       Scope::admin,
       with(handle_end_session),
       {"Sign one session out"},
       session_only},
      {Method::get,
       paths::auth_tokens,
       Who::user,
       Scope::admin,
       with(handle_list_tokens),
       {"Tokens for programs", {}, "ApiTokenPage"}},
      {Method::post,
       paths::auth_tokens,
       Who::user,
       Scope::admin,
       with(handle_create_token),
       {"Make a token; it is shown once", "ApiTokenCreate", "ApiToken"},
       session_only},
      {Method::del,
       paths::auth_token,
       Who::user,
       Scope::admin,
       with(handle_revoke_token),
       {"Revoke a token"},
       session_only},
  };
}

}  // namespace dits
