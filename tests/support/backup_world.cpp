#include "tests/support/backup_world.hpp"

#include <filesystem>

#include <doctest/doctest.h>
#include <unistd.h>

#include "server/base/crypto.hpp"
#include "server/base/files.hpp"

namespace dits::test {

namespace {

// The URL of a database as other processes can use it: ours goes through a descriptor that they do not have.
std::string url_by_path(const std::string& url) {
  constexpr std::string_view host = "host=/proc/self/fd/";
  if (!url.starts_with(host)) return url;
  const std::size_t end = url.find(' ');
  const std::string directory = std::filesystem::read_symlink(url.substr(5, end - 5)).string();
  return "host=" + directory + url.substr(end);
}

}  // namespace

BackupWorld::BackupWorld() {
  config_.data_dir = data_.path() + "/data";
  config_.pg_bindir = environment_variable("DITS_PG_BINDIR").value_or("");
  config_.database_url = Secret(url_by_path(db_.owner_url().reveal()));
  place_.owner_url = config_.database_url;
}

std::string BackupWorld::add_issues(std::string_view email, int count) {
  const std::string user = to_string(db_.add_user(email));
  const std::string workflow = to_string(system_clock().new_id<UserId>());
  const std::string status = to_string(system_clock().new_id<UserId>());
  // However many and however slow the machine: no limit of time here.
  db_.run_as_owner(
      "SET statement_timeout = 0; INSERT INTO workflows (user_id, id, name) VALUES ('" + user + "', '" +
      workflow + "', 'W');" + "INSERT INTO statuses (user_id, id, workflow_id, name) VALUES ('" + user +
      "', '" + status + "', '" + workflow + "', 'Todo');" +
      "INSERT INTO issues (user_id, id, number, title, description, status_id) SELECT '" + user +
      "', gen_random_uuid(), n, 'Issue ' || n || E' \\\\. tab\\tquote'' ⌘ é', repeat(E'line \\n\\\\.\\n', "
      "n % 200), '" +
      status + "' FROM generate_series(1, " + std::to_string(count) + ") n");
  return user;
}

std::string BackupWorld::add_attachment(const std::string& user_id, std::string_view bytes) {
  const std::string hash = hex(sha256(bytes));
  const std::string directory = config_.data_dir + "/attachments/" + hash.substr(0, 2);
  REQUIRE(make_directories(directory));
  REQUIRE(write_file_atomically(directory + "/" + hash.substr(2), bytes));
  db_.run_as_owner("INSERT INTO owned_files (user_id, sha256, byte_size, content_type) VALUES ('" + user_id +
                   "', '\\x" + hash + "', " + std::to_string(bytes.size()) +
                   ", 'image/png') ON CONFLICT DO NOTHING");
  db_.run_as_owner(
      "INSERT INTO attachments (user_id, id, issue_id, file_name, content_type, byte_size, sha256) SELECT "
      "user_id, "
      "gen_random_uuid(), id, 'a.png', 'image/png', " +
      std::to_string(bytes.size()) + ", '\\x" + hash + "' FROM issues WHERE user_id = '" + user_id +
      "' LIMIT 1");
  return hash;
}

Backup BackupWorld::back_up() {
  Result<Backup> written = dits::back_up(place_, config_, system_clock());
  INFO((written ? std::string() : written.error().message));
  REQUIRE(written);
  return std::move(written).value();
}

Secret BackupWorld::url_as(std::string_view role, std::string_view database) const {
  const std::string& url = config_.database_url.reveal();
  return Secret(url.substr(0, url.find(" user=")) + " user=" + std::string(role) +
                " dbname=" + std::string(database));
}

PlainOwner::PlainOwner(BackupWorld& world)
    : world_(world),
      role_("plain_" + std::to_string(::getpid())),
      database_(role_ + "_db"),
      config_(world.config()) {
  world_.db().run_as_owner("CREATE ROLE " + role_ + " LOGIN");
  world_.db().run_as_owner("CREATE DATABASE " + database_ + " OWNER " + role_ + " TEMPLATE template0");
  config_.database_url = world_.url_as(role_, database_);
  config_.migrate = true;
  place_ = open_database_place(config_, OpenedBy::command).value();
  REQUIRE(bring_up_to_date(*place_, config_, DirectoryUse::none));
}

PlainOwner::~PlainOwner() {
  place_.reset();
  world_.db().run_as_owner("DROP DATABASE " + database_ + " WITH (FORCE)");
  world_.db().run_as_owner("DROP ROLE " + role_);
}

std::unique_ptr<Connection> PlainOwner::as_superuser() const {
  return connect_as_owner({nullptr, world_.url_as("dits_owner", database_)}).value();
}

}  // namespace dits::test
