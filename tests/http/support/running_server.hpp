// The real executable on a port of its own, over a database of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/http/support/client.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

// $DITS_BINARY, else the `dits` beside the test program.
std::string binary_path();

// Runs the executable to its end; its exit code, what it wrote to stdout in `output`, and the most memory
// that it had in `peak_kb`.
int run_binary(const std::vector<std::string>& arguments,
               const Headers& environment,
               const std::string& input,
               std::string& output,
               long* peak_kb = nullptr);

// The same without input, and with what it wrote to stderr as well.
int run_binary_with_errors(const std::vector<std::string>& arguments,
                           const Headers& environment,
                           std::string& output);

// What a command of this machine's shell prints, on both ways, and its exit code in `code`.
std::string shell_output(const std::string& command, int& code);

// SIGKILL after so long, unless it has ended before; its exit code, nothing when it was killed.
std::optional<int> run_and_kill(const std::vector<std::string>& arguments,
                                const Headers& environment,
                                std::chrono::nanoseconds after);

class RunningServer {
 public:
  // Waits until it listens; ends the test program when it does not.
  explicit RunningServer(const std::vector<std::string>& arguments = {}, const Headers& environment = {});
  // One of several on the same database, which outlives it; only started: call wait_until_it_listens().
  RunningServer(TestDatabase& database,
                const std::vector<std::string>& arguments,
                const Headers& environment);
  // Over the database inside, in `data_dir`, instead of one of the tests'.
  static std::unique_ptr<RunningServer> embedded(const std::string& data_dir);
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void wait_until_it_listens();
  int port() const { return port_; }
  pid_t process_id() const { return process_id_; }
  const std::string& setup_token() const { return setup_token_; }  // empty when there are accounts
  TestDatabase& database() { return *database_; }
  Headers environment() const;  // for run_binary on the same database

  Client client() const { return Client(port_); }
  // A client with a fresh session of this user, written straight into the database.
  Client signed_in(const std::string& user_id);
  // With a token of this scope ("READ", "WRITE", "ADMIN").
  Client with_token(const std::string& user_id, const std::string& scope);

  // SIGKILL; it has ended then.
  void kill();
  // SIGTERM; the exit code, or -1 when it did not end within `seconds`.
  int terminate(int seconds = 10);

 private:
  explicit RunningServer(const std::string* data_dir) : data_dir_(*data_dir) {}
  void launch(const std::vector<std::string>& arguments, const Headers& environment);

  std::unique_ptr<TestDatabase> own_database_;
  TestDatabase* database_ = nullptr;  // null: the one inside
  TemporaryDirectory directory_;
  std::string data_dir_;
  pid_t process_id_ = -1;
  int output_ = -1;
  int port_ = 0;
  std::string setup_token_;
};

// Values as a session's cookie and a token may have them, unknown to the server until they are written into
// its database.
std::string fresh_secret();
// SQL that makes the credential whose secret this is; `state` is "live", "expired" or "revoked".
std::string session_sql(const std::string& user_id, const std::string& secret, std::string_view state);
std::string token_sql(const std::string& user_id,
                      const std::string& secret,
                      std::string_view scope,
                      std::string_view state);

// One server for all scenarios that do not need their own, with two accounts.
struct SharedServer {
  RunningServer server;
  std::string alice_id;  // the administrator, registered with the setup link
  std::string bob_id;
  Client alice;
  Client bob;

  SharedServer();
};
SharedServer& shared_server();

constexpr const char* alice_email = "alice@example.org";
constexpr const char* bob_email = "bob@example.org";
constexpr const char* good_password = "correct horse battery";

}  // namespace dits::test
