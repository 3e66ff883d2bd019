// `dits user token`, `dits token list | revoke`: API tokens.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "server/base/clock.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/audit.hpp"
#include "server/service/credentials.hpp"
#include "shared/model/checks.hpp"

namespace dits::cli {

namespace {

Result<TokenBody> token_body(const CommandLine& line) {
  TokenBody body;
  body.name = line.has("--name") ? line.get("--name") : "command line";
  Refusals refusals;
  check_name(refusals, "--name", body.name, 100);
  TRY(refusals.result());
  const std::string scope = line.has("--scope") ? line.get("--scope") : "read";
  std::string upper;
  for (const char c : scope) upper += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const Result<TokenScope> known = token_scope_from_name(upper);
  if (!known) return invalid("--scope", "expected read, write or admin, got '" + scope + "'.");
  body.scope = *known;
  if (line.has("--expires")) {
    const std::string text = line.get("--expires");
    int days = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (code != std::errc{} || end != text.data() + text.size() || days < 1 || days > 36500) {
      return invalid("--expires", "expected a number of days, got '" + text + "'.");
    }
    body.expires_at = Timestamp{system_clock().now().unix_ms + days * ms_per_day};
  }
  return body;
}

std::string small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return out;
}

Json json_of(const ApiToken& token, const User& user) {
  Json json{{"id", to_string(token.id)},
            {"email", user.email},
            {"name", token.name},
            {"prefix", token.prefix},
            {"scope", small_letters(store::name_of_scope(token.scope))},
            {"createdAt", to_string(token.created_at)}};
  json["expiresAt"] = token.expires_at ? Json(to_string(*token.expires_at)) : Json(nullptr);
  json["lastUsedAt"] = token.last_used_at ? Json(to_string(*token.last_used_at)) : Json(nullptr);
  return json;
}

std::string day_of(const std::optional<Timestamp>& time) {
  return time ? to_string(date_of(*time)) : std::string("never");
}

// By its id, or how it begins.
bool is_named(const ApiToken& token, const std::string& word) {
  return to_string(token.id) == word || (word.size() >= 8 && token.prefix.starts_with(word)) ||
         (word.size() > token.prefix.size() && word.starts_with(token.prefix));
}

}  // namespace

Result<void> user_token(const CommandLine& line, const Config& config) {
  const TokenBody body = TRY(token_body(line));
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  const User user = TRY(find_account(session->services(), line.get("EMAIL")));
  const NewToken made = TRY(create_token(session->services(), command_line_viewer(user.id, user.role), body));
  if (line.has("--json")) {
    Json json = json_of(made.token, user);
    json["secret"] = made.secret;
    print_json(json);
  } else {
    std::printf("%s\n", made.secret.c_str());
  }
  return {};
}

Result<void> token_list(const CommandLine& line, const Config& config) {
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  std::vector<User> users;
  if (line.has("EMAIL")) {
    users.push_back(TRY(find_account(session->services(), line.get("EMAIL"))));
  } else {
    for (AccountRow& account : TRY(list_accounts(session->services())))
      users.push_back(std::move(account.user));
  }
  std::vector<std::vector<std::string>> lines = {
      {"token", "of", "name", "scope", "made", "last used", "ends", "id"}};
  Json tokens = Json::array();
  for (const User& user : users) {
    for (const ApiToken& token :
         TRY(list_tokens(session->services(), command_line_viewer(user.id, user.role)))) {
      tokens.push_back(json_of(token, user));
      lines.push_back({token.prefix + "…",
                       user.email,
                       token.name,
                       small_letters(store::name_of_scope(token.scope)),
                       to_string(date_of(token.created_at)),
                       day_of(token.last_used_at),
                       day_of(token.expires_at),
                       to_string(token.id)});
    }
  }
  if (line.has("--json")) {
    print_json({{"tokens", std::move(tokens)}});
  } else if (lines.size() == 1) {
    std::printf("There is no API token; dits user token EMAIL makes one.\n");
  } else {
    print_table(lines, {2});
  }
  return {};
}

// All that are named are found before the first one ends.
Result<void> token_revoke(const CommandLine& line, const Config& config) {
  if (line.rest.empty()) return invalid("TOKEN", "Say which: dits token list shows them.");
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  ServiceContext& services = session->services();
  const User user = TRY(find_account(services, line.get("EMAIL")));
  const Viewer viewer = command_line_viewer(user.id, user.role);
  const std::vector<ApiToken> tokens = TRY(list_tokens(services, viewer));
  std::vector<ApiToken> named;
  for (const std::string& word : line.rest) {
    const auto is_meant = [&](const ApiToken& token) { return is_named(token, word); };
    const auto found = std::ranges::find_if(tokens, is_meant);
    if (found == tokens.end())
      return not_found(user.email + " has no such token; dits token list " + user.email + " shows them.");
    if (std::ranges::count_if(tokens, is_meant) > 1)
      return invalid("TOKEN", word + " is the beginning of several tokens: name one by its id.");
    named.push_back(*found);
  }
  for (const ApiToken& token : named) {
    TRY(revoke_token(services, viewer, token.id));
    std::printf("%s… (%s) has ended\n", token.prefix.c_str(), token.name.c_str());
  }
  settle_waiting_changes(services, user.id);
  return {};
}

}  // namespace dits::cli
