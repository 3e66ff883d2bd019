// `dits user add | passwd | token | list`.
#include <charconv>
#include <cstdio>

#include "server/base/clock.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/accounts.hpp"
#include "server/service/credentials.hpp"

namespace dits::cli {

namespace {

Result<TokenBody> token_body(const CommandLine& line) {
  TokenBody body;
  body.name = line.has("--name") ? line.get("--name") : "command line";
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

}  // namespace

Result<void> user_add(const CommandLine& line, const Config& config) {
  NewAccount account;
  account.email = line.get("EMAIL");
  account.name = line.has("--name") ? line.get("--name") : account.email.substr(0, account.email.find('@'));
  account.password = TRY(read_password(line.has("--password-stdin")));
  if (line.has("--admin")) account.role = Role::admin;
  const auto session = TRY(Session::open(config, DirectoryUse::none, OpenedBy::maker));
  PasswordHasher passwords;
  const User user =
      TRY(create_account(session->services(), passwords, command_line_viewer({}, Role::admin), account));
  std::printf("%s  %s\n", to_string(user.id).c_str(), user.email.c_str());
  return {};
}

Result<void> user_passwd(const CommandLine& line, const Config& config) {
  const std::string password = TRY(read_password(line.has("--password-stdin")));
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  PasswordHasher passwords;
  TRY(set_account_password(session->services(), passwords, line.get("EMAIL"), password));
  std::printf("The password of %s is set; its sessions have ended.\n", line.get("EMAIL").c_str());
  return {};
}

Result<void> user_token(const CommandLine& line, const Config& config) {
  const TokenBody body = TRY(token_body(line));
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  const User user = TRY(find_account(session->services(), line.get("EMAIL")));
  const NewToken made = TRY(create_token(session->services(), command_line_viewer(user.id, user.role), body));
  std::printf("%s\n", made.secret.c_str());
  return {};
}

Result<void> user_list(const CommandLine&, const Config& config) {
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  for (const User& user : TRY(list_accounts(session->services()))) {
    std::printf("%s  %-5s  %s  %s\n",
                to_string(user.id).c_str(),
                std::string(name_of(user.role)).c_str(),
                user.email.c_str(),
                user.name.c_str());
  }
  return {};
}

}  // namespace dits::cli
