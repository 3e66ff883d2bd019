// `dits doctor`: what could be wrong with this machine, told before it matters.
#include <cstdio>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/backup/backup.hpp"
#include "server/base/clock.hpp"
#include "server/base/files.hpp"
#include "server/base/version.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits::cli {

namespace {

constexpr std::int64_t little_disk = 512LL * 1024 * 1024;

// One line for each thing looked at; remembers whether all was well.
class Report {
 public:
  void good(const std::string& what) { std::printf("ok       %s\n", what.c_str()); }
  void note(const std::string& what) { std::printf("note     %s\n", what.c_str()); }
  void bad(const std::string& what) {
    std::printf("PROBLEM  %s\n", what.c_str());
    ++problems_;
  }
  int problems() const { return problems_; }

 private:
  int problems_ = 0;
};

void look_at_data_dir(const Config& config, Report& report) {
  struct stat status {};
  if (::stat(config.data_dir.c_str(), &status) != 0) {
    report.note("data directory " + config.data_dir + " is not there yet; the first start makes it");
    return;
  }
  if ((status.st_mode & 0077) != 0 && (status.st_mode & 0777) != 0711) {
    report.bad("data directory " + config.data_dir + " is open to others: chmod 700");
  } else {
    report.good("data directory " + config.data_dir);
  }
  const std::int64_t free = free_disk_bytes(config.data_dir);
  (free < little_disk ? report.bad("only " + readable_size(free) + " free on its disk")
                      : report.good(readable_size(free) + " free on its disk"));
}

void look_at_backups(const Config& config, Report& report) {
  const std::vector<Backup> backups = list_backups(backup_directory(config));
  if (backups.empty()) {
    report.note("no backup yet: dits backup writes one");
  } else {
    report.good(std::to_string(backups.size()) + " backups, the newest is " + backups.front().path);
  }
}

// Taken by a running DITS is fine; the caller knows whether one runs.
bool is_port_free(const Config& config) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  if (::getaddrinfo(config.host.c_str(), std::to_string(config.port).c_str(), &hints, &list) != 0)
    return false;
  const FileDescriptor socket(::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool is_free = ::bind(socket.get(), list->ai_addr, list->ai_addrlen) == 0;
  ::freeaddrinfo(list);
  return is_free;
}

void look_at_database(const Config& config, Report& report) {
  const auto place = open_database_place(config, OpenedBy::command);
  if (!place) return report.bad(place.error().message);
  const auto owner = connect_as_owner(*place);
  if (!owner) return report.bad(owner.error().message);
  const int version = (*owner)->server_version();
  report.good(
      "PostgreSQL " + std::to_string(version / 10000) + "." + std::to_string(version % 10000) +
      (place->is_embedded() ? " inside dits" : " at " + without_password(config.database_url.reveal())));
  const auto known = embedded_migrations();
  const auto state = known ? migration_state(**owner, *known) : Result<MigrationState>(known.error());
  if (!state) return report.bad(state.error().message);
  if (state->pending.empty()) {
    report.good(std::to_string(state->applied.size()) + " migrations applied, none pending");
  } else {
    report.note(std::to_string(state->pending.size()) + " migrations pending");
  }
  const bool is_served = place->is_embedded() && place->cluster->is_joined();
  const std::string port = "port " + std::to_string(config.port) + " of " + config.host;
  if (is_served || is_port_free(config)) {
    report.good(port + (is_served ? " (a DITS serves this data directory)" : " is free"));
  } else {
    report.bad(port + " is taken by another program, or is no address of this machine");
  }
}

}  // namespace

Result<void> doctor(const CommandLine&, const Config& config) {
  Report report;
  report.good("dits " + std::string(version_text()));
  if (::geteuid() == 0) report.note("running as root; a user of its own is safer");
  look_at_data_dir(config, report);
  look_at_backups(config, report);
  look_at_database(config, report);
  if (report.problems() == 0) return {};
  return internal(std::to_string(report.problems()) + (report.problems() == 1 ? " problem." : " problems."));
}

}  // namespace dits::cli
