#include "tests/http/support/running_server.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/crypto.hpp"

namespace dits::test {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

struct Child {
  pid_t process_id = -1;
  int output = -1;
  int input = -1;
};

enum class Errors { apart, in_output };

Child start(const std::vector<std::string>& arguments,
            const Headers& environment,
            Errors errors = Errors::apart) {
  std::array<int, 2> output{};
  std::array<int, 2> input{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0 || ::pipe2(input.data(), O_CLOEXEC) != 0) give_up("no pipe");
  const std::string path = binary_path();
  std::vector<char*> words{const_cast<char*>(path.c_str())};  // execv's interface; it only reads
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t process_id = ::fork();
  if (process_id == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output[1], STDOUT_FILENO);
    if (errors == Errors::in_output) ::dup2(output[1], STDERR_FILENO);
    ::dup2(input[0], STDIN_FILENO);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execv(path.c_str(), words.data());
    ::_exit(127);
  }
  ::close(output[1]);
  ::close(input[0]);
  return {process_id, output[0], input[1]};
}

// The private cluster's "host=/proc/self/fd/7 port=5432 user=u dbname=d" as a URL that holds in another
// process.
std::string url_for_others(const std::string& url) {
  if (url.find("://") != std::string::npos) return url;
  const auto value_of = [&](const std::string& key) {
    const std::size_t at = url.find(key + "=") + key.size() + 1;
    return url.substr(at, url.find(' ', at) - at);
  };
  std::string host = value_of("host");
  const std::string own = "/proc/self/";
  if (host.starts_with(own)) host = "/proc/" + std::to_string(::getpid()) + "/" + host.substr(own.size());
  return "postgresql://" + value_of("user") + "@/" + value_of("dbname") + "?host=" + host +
         "&port=" + value_of("port");
}

// What it writes until it ends, and its exit code.
int finish(const Child& child, std::string& output, long* peak_kb = nullptr) {
  ::close(child.input);
  std::array<char, 4096> buffer;
  for (ssize_t count = 0; (count = ::read(child.output, buffer.data(), buffer.size())) > 0;)
    output.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(child.output);
  int status = 0;
  rusage used{};
  ::wait4(child.process_id, &status, 0, &used);
  if (peak_kb != nullptr) *peak_kb = used.ru_maxrss;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string binary_path() {
  if (const char* path = std::getenv("DITS_BINARY"); path != nullptr && *path != '\0') return path;
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "dits").string();
}

int run_binary(const std::vector<std::string>& arguments,
               const Headers& environment,
               const std::string& input,
               std::string& output,
               long* peak_kb) {
  const Child child = start(arguments, environment);
  if (::write(child.input, input.data(), input.size()) < 0) give_up("the program takes no input");
  return finish(child, output, peak_kb);
}

int run_binary_with_errors(const std::vector<std::string>& arguments,
                           const Headers& environment,
                           std::string& output) {
  return finish(start(arguments, environment, Errors::in_output), output);
}

std::string shell_output(const std::string& command, int& code) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "re");
  if (pipe == nullptr) give_up("no shell");
  std::string text;
  std::array<char, 4096> buffer;
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return text;
}

std::optional<int> run_and_kill(const std::vector<std::string>& arguments,
                                const Headers& environment,
                                std::chrono::nanoseconds after) {
  const Child child = start(arguments, environment);
  std::thread killer([&] {
    std::this_thread::sleep_for(after);
    ::kill(child.process_id, SIGKILL);
  });
  ::close(child.input);
  std::array<char, 4096> buffer;
  while (::read(child.output, buffer.data(), buffer.size()) > 0) {
  }
  ::close(child.output);
  killer.join();
  int status = 0;
  ::waitpid(child.process_id, &status, 0);
  return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

Headers RunningServer::environment() const {
  Headers variables{{"DITS_DATA_DIR", data_dir_}};
  if (database_ != nullptr)
    variables.emplace_back("DATABASE_URL", url_for_others(database_->owner_url().reveal()));
  return variables;
}

RunningServer::RunningServer(const std::vector<std::string>& arguments, const Headers& extra)
    : own_database_(std::make_unique<TestDatabase>()),
      database_(own_database_.get()),
      data_dir_(directory_.path()) {
  launch(arguments, extra);
  wait_until_it_listens();
}

RunningServer::RunningServer(TestDatabase& database,
                             const std::vector<std::string>& arguments,
                             const Headers& extra)
    : database_(&database), data_dir_(directory_.path()) {
  launch(arguments, extra);
}

std::unique_ptr<RunningServer> RunningServer::embedded(const std::string& data_dir) {
  std::unique_ptr<RunningServer> server(new RunningServer(&data_dir));
  server->launch({}, {});
  server->wait_until_it_listens();
  return server;
}

void RunningServer::launch(const std::vector<std::string>& arguments, const Headers& extra) {
  std::vector<std::string> all{"--host", "127.0.0.1", "--port", "0"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Headers values = environment();
  values.emplace_back("LOG_LEVEL", "warn");
  values.insert(values.end(), extra.begin(), extra.end());
  const Child child = start(all, values);
  process_id_ = child.process_id;
  ::close(child.input);
  output_ = child.output;
}

RunningServer::~RunningServer() {
  if (process_id_ > 0) terminate();
}

// "DITS serves http://127.0.0.1:PORT", on the first run with ".../setup/TOKEN" behind it.
void RunningServer::wait_until_it_listens() {
  std::string line;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (line.find('\n') == std::string::npos) {
    pollfd entry{output_, POLLIN, 0};
    std::array<char, 512> buffer;
    ssize_t count = -1;
    if (::poll(&entry, 1, 1000) > 0) {
      count = ::read(output_, buffer.data(), buffer.size());
      if (count <= 0) give_up("the server ended before it listened");
      line.append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (std::chrono::steady_clock::now() > deadline) give_up("the server does not say that it listens");
  }
  const std::size_t host = line.find("://127.0.0.1:");
  if (host == std::string::npos) give_up("no address in: " + line);
  std::from_chars(line.data() + host + 13, line.data() + line.size(), port_);
  if (const std::size_t setup = line.find("/setup/"); setup != std::string::npos) {
    setup_token_ = line.substr(setup + 7);
    setup_token_ = setup_token_.substr(0, setup_token_.find_first_of(" \r\n"));
  }
  // Kept open: the server must be able to write.
}

void RunningServer::kill() {
  ::kill(process_id_, SIGKILL);
  ::waitpid(process_id_, nullptr, 0);
  process_id_ = -1;
}

int RunningServer::terminate(int seconds) {
  ::kill(process_id_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  int status = 0;
  while (::waitpid(process_id_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(process_id_, SIGKILL);
      ::waitpid(process_id_, &status, 0);
      process_id_ = -1;
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process_id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Client RunningServer::signed_in(const std::string& user_id) {
  const std::string secret = fresh_secret();
  database_->run_as_owner(session_sql(user_id, secret, "live"));
  Client client(port_);
  client.credentials = {{"Cookie", "dits_session=" + secret}};
  return client;
}

Client RunningServer::with_token(const std::string& user_id, const std::string& scope) {
  const std::string secret = "dits_" + fresh_secret();
  database_->run_as_owner(token_sql(user_id, secret, scope, "live"));
  Client client(port_);
  client.credentials = {{"Authorization", "Bearer " + secret}};
  return client;
}

std::string fresh_secret() { return base64url(random_bytes(32)); }

std::string session_sql(const std::string& user_id, const std::string& secret, std::string_view state) {
  const std::string end = state == "live" ? "now() + interval '1 hour'" : "now() - interval '1 second'";
  if (state == "revoked") return "SELECT 1";
  return "INSERT INTO sessions (id, user_id, token_hash, expires_at, absolute_expires_at) VALUES "
         "(gen_random_uuid(), '" +
         user_id + "', decode('" + hex(sha256(secret)) + "', 'hex'), " + end + ", now() + interval '1 day')";
}

std::string token_sql(const std::string& user_id,
                      const std::string& secret,
                      std::string_view scope,
                      std::string_view state) {
  return "INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scope, expires_at, revoked_at) "
         "VALUES (gen_random_uuid(), '" +
         user_id + "', 'test', decode('" + hex(sha256(secret)) + "', 'hex'), 'dits_', '" +
         std::string(scope) + "', " + (state == "expired" ? "now() - interval '1 second'" : "NULL") + ", " +
         (state == "revoked" ? "now()" : "NULL") + ")";
}

SharedServer::SharedServer() : alice(server.port()), bob(server.port()) {
  const Answer registered = server.client().post("/api/v1/auth/register",
                                                 {{"setupToken", server.setup_token()},
                                                  {"email", alice_email},
                                                  {"name", "Alice"},
                                                  {"password", good_password}});
  if (registered.status != 201)
    give_up("registration: " + std::to_string(registered.status) + " " + registered.body);
  std::string output;
  if (run_binary({"user", "add", bob_email, "--name", "Bob", "--password-stdin"},
                 server.environment(),
                 std::string(good_password) + "\n",
                 output) != 0) {
    give_up("dits user add: " + output);
  }
  alice_id =
      server.database().ask_as_owner("SELECT id FROM users WHERE email = '" + std::string(alice_email) + "'");
  bob_id =
      server.database().ask_as_owner("SELECT id FROM users WHERE email = '" + std::string(bob_email) + "'");
  alice = server.signed_in(alice_id);
  bob = server.signed_in(bob_id);
}

SharedServer& shared_server() {
  static SharedServer shared;
  return shared;
}

}  // namespace dits::test
