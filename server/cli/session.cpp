#include "server/cli/session.hpp"

#include "server/base/clock.hpp"
#include "server/service/channels.hpp"

namespace dits::cli {

namespace {

// A command may take its time; its statements are of interest only to who asks for them.
StatementLog statement_log_for(const Config& config) { return {std::chrono::hours(1), config.dev}; }

}  // namespace

Session::Session(DatabasePlace place, PoolOptions pool, const Config& config, DirectoryUse use)
    : place_(std::move(place)),
      database_(std::make_unique<PooledDatabase>(pool, statement_log_for(config))),
      notifications_(std::move(pool.connection), {}, {}),
      attachment_files_(attachment_files_for(config)),
      services_{*database_,
                system_clock(),
                event_bus_,
                nullptr,
                nullptr,
                use == DirectoryUse::files ? &attachment_files_ : nullptr} {
  event_bus_.add_courier([this](const std::string& message) {
    notifications_.send(changes_channel, message);
    return true;
  });
}

Result<std::unique_ptr<Session>> Session::open(const Config& config, DirectoryUse use, OpenedBy opened_by) {
  DatabasePlace place = TRY(open_database_place(config, opened_by));
  TRY(bring_up_to_date(place, config, use));
  PoolOptions pool = TRY(pool_options_for(place, config));
  // A command works for minutes where a request works for milliseconds.
  pool.connection.application_name = "dits-command";
  pool.connection.statement_timeout = std::chrono::minutes(5);
  pool.connection.idle_in_transaction_timeout = std::chrono::minutes(5);
  pool.wait_limit = std::chrono::seconds(15);
  return std::unique_ptr<Session>(new Session(std::move(place), std::move(pool), config, use));
}

Viewer command_line_viewer(UserId user_id, Role role) {
  Viewer viewer;
  viewer.user_id = user_id;
  viewer.role = role;
  viewer.scope = Scope::admin;
  viewer.credential = CredentialKind::command_line;
  viewer.user_agent = "dits command line";
  return viewer;
}

}  // namespace dits::cli
