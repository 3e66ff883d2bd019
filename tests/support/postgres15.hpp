// The programs of a PostgreSQL 15 on this machine, and servers made with them, for tests that need more than
// the embedded one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "server/base/secret.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/cluster_user.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

// The directory with the programs of PostgreSQL 15, or empty when this machine has none.
std::string postgres15_directory();

// A directory in which clusters lie, their sockets too, and the user who runs them.
class Postgres15Host {
 public:
  Postgres15Host();

  // A cluster `name` in UTF-8 with the superuser dits, in PostgreSQL's locale C unless `options` say
  // otherwise.
  void make_cluster(const std::string& name, std::vector<std::string> options = {}) const;
  void run(const std::string& program, std::vector<std::string> arguments) const;
  pid_t start_until_ready(const std::string& name, int port) const;

  const std::string& path() const { return directory_.path(); }
  Secret url(int port, std::string_view user = "dits", std::string_view database = "postgres") const;

 private:
  pid_t start(const std::string& name, int port) const;

  TemporaryDirectory directory_;
  embedded::ClusterUser user_;
};

std::unique_ptr<Connection> connect_to(const Secret& url);

// One server with databases whose owner, plain, is no superuser.
class Postgres15 {
 public:
  Postgres15();
  ~Postgres15();
  Postgres15(const Postgres15&) = delete;
  Postgres15& operator=(const Postgres15&) = delete;

  // Makes a database without a schema; `options` as CREATE DATABASE has them. Its URL, as the plain owner.
  Secret make_database(const std::string& name, const std::string& options = "") const;
  Secret superuser_url(std::string_view database) const { return host_.url(port, "dits", database); }
  const Postgres15Host& host() const { return host_; }

 private:
  static constexpr int port = 5434;  // only the name of a socket

  Postgres15Host host_;
  pid_t process_ = -1;
};

}  // namespace dits::test
