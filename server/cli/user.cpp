// `dits user …`: accounts.
#include <cstdio>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/service/account_changes.hpp"
#include "server/service/accounts.hpp"
#include "server/service/audit.hpp"
#include "server/service/auth.hpp"
#include "server/service/credentials.hpp"
#include "shared/json/user_json.hpp"

namespace dits::cli {

namespace {

Json json_of(const User& user) {
  return {{"id", to_string(user.id)},
          {"email", user.email},
          {"name", user.name},
          {"role", std::string(name_of(user.role))}};
}

// What became of an account.
Result<void> tell(const CommandLine& line, const User& user, const std::string& what) {
  if (line.has("--json")) {
    print_json(json_of(user));
  } else {
    std::printf("%s %s\n", user.email.c_str(), what.c_str());
  }
  return {};
}

Result<User> change(const CommandLine& line, const Config& config, const AccountChange& wanted) {
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  return change_account(session->services(), line.get("EMAIL"), wanted);
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
  if (line.has("--json")) {
    print_json(json_of(user));
  } else {
    std::printf("%s  %s\n", to_string(user.id).c_str(), user.email.c_str());
  }
  return {};
}

Result<void> user_passwd(const CommandLine& line, const Config& config) {
  const std::string password = TRY(read_password(line.has("--password-stdin")));
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  ServiceContext& services = session->services();
  PasswordHasher passwords;
  TRY(set_account_password(services, passwords, line.get("EMAIL"), password));
  std::printf("The password of %s is set; its sessions have ended.\n", line.get("EMAIL").c_str());
  const User user = TRY(find_account(services, line.get("EMAIL")));
  const Viewer viewer = command_line_viewer(user.id, user.role);
  const std::vector<ApiToken> tokens = TRY(list_tokens(services, viewer));
  if (tokens.empty()) return {};
  const std::string count = counted(static_cast<std::int64_t>(tokens.size()), "API token");
  if (!line.has("--revoke-tokens")) {
    std::printf("%s still let%s programs in: --revoke-tokens, or dits token revoke, ends them.\n",
                count.c_str(),
                tokens.size() == 1 ? "s" : "");
    return {};
  }
  for (const ApiToken& token : tokens) TRY(revoke_token(services, viewer, token.id));
  settle_waiting_changes(services, user.id);
  std::printf("%s ended.\n", count.c_str());
  return {};
}

Result<void> user_list(const CommandLine& line, const Config& config) {
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  std::vector<std::vector<std::string>> lines;
  Json users = Json::array();
  for (const AccountRow& account : TRY(list_accounts(session->services()))) {
    const User& user = account.user;
    Json json = json_of(user);
    json["isDisabled"] = account.disabled_at.has_value();
    json["tokens"] = account.tokens;
    json["timeZone"] = time_zone_from_preferences(user.preferences);
    json["createdAt"] = to_string(user.created_at);
    users.push_back(std::move(json));
    lines.push_back({to_string(user.id),
                     std::string(name_of(user.role)),
                     user.email,
                     user.name,
                     account.disabled_at ? "disabled" : ""});
  }
  if (line.has("--json")) {
    print_json({{"users", std::move(users)}});
  } else {
    print_table(lines, {3, false});
  }
  return {};
}

Result<void> user_rename(const CommandLine& line, const Config& config) {
  AccountChange wanted;
  if (line.has("--email")) wanted.email = line.get("--email");
  if (line.has("--name")) wanted.name = line.get("--name");
  if (!wanted.email && !wanted.name)
    return invalid("--email", "Say what is to be another: --email EMAIL, --name NAME, or both.");
  const User user = TRY(change(line, config, wanted));
  return tell(line, user, "is the address of " + user.name + " now");
}

Result<void> user_zone(const CommandLine& line, const Config& config) {
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  User user = TRY(find_account(session->services(), line.get("EMAIL")));
  if (line.has("ZONE")) {
    UserPatch patch;
    patch.preferences = preferences_with_time_zone(user.preferences, line.get("ZONE"));
    const Result<User> changed =
        update_me(session->services(), command_line_viewer(user.id, user.role), patch);
    if (!changed && changed.error().code == ErrorCode::invalid)
      return invalid("ZONE", "There is no such time zone: it is written as Europe/Vienna, UTC or +02:00.");
    user = TRY(changed);
  }
  const std::string zone = time_zone_from_preferences(user.preferences);
  if (line.has("--json")) {
    Json json = json_of(user);
    json["timeZone"] = zone;
    print_json(json);
  } else {
    std::printf("%s\n", zone.empty() ? "UTC" : harmless(zone).c_str());
  }
  return {};
}

Result<void> user_role(const CommandLine& line, const Config& config) {
  const std::string role = line.get("ROLE");
  if (role != "admin" && role != "user")
    return invalid("ROLE", "expected admin or user, got '" + role + "'.");
  AccountChange wanted;
  wanted.role = role == "admin" ? Role::admin : Role::user;
  return tell(line,
              TRY(change(line, config, wanted)),
              role == "admin" ? "is an administrator now" : "is no administrator now");
}

Result<void> user_disable(const CommandLine& line, const Config& config) {
  AccountChange wanted;
  wanted.is_disabled = true;
  return tell(
      line,
      TRY(change(line, config, wanted)),
      "is disabled: its sessions have ended, its password and tokens let nobody in until dits user enable");
}

Result<void> user_enable(const CommandLine& line, const Config& config) {
  AccountChange wanted;
  wanted.is_disabled = false;
  return tell(line, TRY(change(line, config, wanted)), "is enabled: its password and tokens count again");
}

Result<void> user_delete(const CommandLine& line, const Config& config) {
  const std::string email = line.get("EMAIL");
  const auto session = TRY(Session::open(config, DirectoryUse::none));
  const User user = TRY(find_account(session->services(), email));
  const std::string what = user.email + " (" + user.name + ") with all issues, files and tokens";
  if (!line.has("--yes") && !confirm("Delete the account " + what + " for ever?"))
    return invalid("--yes", "Nothing was deleted: say yes, or pass --yes. It would delete " + what + ".");
  TRY(delete_account(session->services(), email));
  std::printf("%s is deleted. It stands in backups until they expire.\n", user.email.c_str());
  return {};
}

}  // namespace dits::cli
