#include "server/cli/port_holder.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

#include "server/base/ip_address.hpp"
#include "server/cli/server_answer.hpp"
#include "server/embedded/instance_lock.hpp"
#include "server/http/tls.hpp"

namespace dits::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds time_limit{2};

std::string link_target(const fs::path& path) {
  std::error_code problem;
  return fs::read_symlink(path, problem).string();
}

// "socket:[4711]", as /proc shows the socket that listens on the port; empty: none is seen.
std::string listening_socket(int port) {
  constexpr std::string_view listening = "0A";
  std::array<char, 8> wanted{};
  std::snprintf(wanted.data(), wanted.size(), ":%04X", static_cast<unsigned>(port));
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
      // sl local remote state queues timer retransmits uid timeout inode
      std::istringstream words(line);
      std::array<std::string, 10> cells;
      for (std::string& cell : cells) words >> cell;
      if (cells[1].ends_with(wanted.data()) && cells[3] == listening) return "socket:[" + cells[9] + "]";
    }
  }
  return {};
}

bool is_number(std::string_view text) {
  int number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc{} && end == text.data() + text.size();
}

struct Holder {
  std::string process;   // its number; empty: it is not seen, as that of another user
  std::string data_dir;  // empty: likewise
};

// By the files that it has open.
Holder holder_of(const std::string& socket) {
  // Processes and files may go while they are looked at: that ends a walk, and is no error.
  const fs::directory_iterator end;
  std::error_code problem;
  for (fs::directory_iterator process("/proc", problem); !problem && process != end;
       process.increment(problem)) {
    const std::string number = process->path().filename().string();
    if (!is_number(number)) continue;
    bool is_it = false;
    std::string data_dir;
    std::error_code closed;
    for (fs::directory_iterator file(process->path() / "fd", closed); !closed && file != end;
         file.increment(closed)) {
      const fs::path target = link_target(file->path());
      is_it = is_it || target == socket;
      if (target.filename() == "lock") data_dir = target.parent_path().string();
    }
    if (is_it) return {number, data_dir};
  }
  return {};
}

}  // namespace

Result<void> check_port(const Config& config) {
  Result<void> free = check_listening(config.host, config.port);
  if (free || free.error().kind != "port_taken") return free;
  http::ServerAddress address = address_of(config);
  const ServerAnswer answer = ask_server(address, time_limit);
  if (!answer.is_dits()) return free;
  if (answer.kind == ServerAnswer::Kind::other_scheme) address.is_tls = !address.is_tls;
  const std::string socket = listening_socket(config.port);
  const Holder holder = socket.empty() ? Holder{} : holder_of(socket);
  std::string who = holder.process.empty() ? "" : "process " + holder.process;
  if (!holder.data_dir.empty()) who += (who.empty() ? "" : ", ") + ("data directory " + holder.data_dir);
  return conflict("A DITS runs already at " + address.url() + (who.empty() ? "" : " (" + who + ")") +
                      ": use that one, or take another port with --port.",
                  "port_taken");
}

Result<void> check_before_start(const Config& config) {
  if (config.is_tls()) TRY(http::TlsContext::load(config.tls_cert, config.tls_key));
  // Of two servers on one data directory that is the reason, whatever their ports.
  const bool is_in_use = config.is_embedded() && embedded::instance_in(config.data_dir).starts_with("server");
  return is_in_use ? Result<void>() : check_port(config);
}

}  // namespace dits::cli
