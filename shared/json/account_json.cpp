#include "shared/json/account_json.hpp"

#include "shared/core/names.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"
#include "shared/model/checks.hpp"
#include "shared/model/user.hpp"

namespace dits {

namespace {

constexpr Names<3> scope_names = {"READ", "WRITE", "ADMIN"};

void check(FieldReader& reader, const Result<void>& valid, std::string_view field) {
  if (valid) return;
  const Error& error = valid.error();
  reader.refuse(field, error.fields.empty() ? error.message : error.fields.front().message);
}

}  // namespace

std::string_view name_of(TokenScope scope) { return name_in(scope_names, scope); }
Result<TokenScope> token_scope_from_name(std::string_view name) {
  return value_in<TokenScope>(scope_names, name, "scope");
}

Result<RegisterBody> register_from_json(const Json& body) {
  FieldReader reader(body);
  RegisterBody registration;
  reader.read("setupToken", registration.setup_token);
  if (reader.require("email", registration.email)) check(reader, validate_email(registration.email), "email");
  if (reader.require("name", registration.name)) check(reader, validate_user_name(registration.name), "name");
  if (reader.require_verbatim("password", registration.password)) {
    check(reader, validate_password(registration.password), "password");
  }
  TRY(reader.finish());
  return registration;
}

Result<LoginBody> login_from_json(const Json& body) {
  FieldReader reader(body);
  LoginBody login;
  reader.require("email", login.email);
  reader.require_verbatim("password", login.password);
  TRY(reader.finish());
  return login;
}

Result<PasswordBody> password_change_from_json(const Json& body) {
  FieldReader reader(body);
  PasswordBody change;
  reader.require_verbatim("currentPassword", change.current_password);
  if (reader.require_verbatim("newPassword", change.new_password)) {
    check(reader, validate_password(change.new_password), "newPassword");
  }
  TRY(reader.finish());
  return change;
}

Result<TokenBody> token_from_json(const Json& body) {
  FieldReader reader(body);
  TokenBody token;
  if (reader.require("name", token.name)) {
    Refusals refusals;
    check_name(refusals, "name", token.name, 100);
    check(reader, refusals.result(), "name");
  }
  reader.read_enum("scope", token.scope, token_scope_from_name);
  reader.read("expiresAt", token.expires_at);
  TRY(reader.finish());
  return token;
}

Json register_to_json(const RegisterBody& body) {
  ObjectValue out;
  if (!body.setup_token.empty()) out.put("setupToken", body.setup_token);
  out.put("email", body.email);
  out.put("name", body.name);
  out.put("password", body.password);
  return out.take();
}

Json login_to_json(const LoginBody& body) {
  ObjectValue out;
  out.put("email", body.email);
  out.put("password", body.password);
  return out.take();
}

Json password_change_to_json(const PasswordBody& body) {
  ObjectValue out;
  out.put("currentPassword", body.current_password);
  out.put("newPassword", body.new_password);
  return out.take();
}

Json token_to_json(const TokenBody& body) {
  ObjectValue out;
  out.put("name", body.name);
  out.put("scope", name_of(body.scope));
  out.put("expiresAt", body.expires_at);
  return out.take();
}

}  // namespace dits
