// One connection to PostgreSQL, kept in libpq's pipeline mode: a batch of commands goes out together, ends
// with one sync, and takes one round trip. Outside of this room only start-up work (migrations, roles, the
// embedded cluster) uses connections directly; everything else goes through Database.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/base/secret.hpp"
#include "server/db/actor.hpp"
#include "server/db/param.hpp"
#include "server/db/rows.hpp"
#include "shared/core/result.hpp"

namespace dits {

class ServerWatch;

struct ConnectionOptions {
  Secret url;            // URI or "key=value …" as libpq takes it
  std::string database;  // instead of the URL's; empty: the URL's
  std::string role;      // SET ROLE for the session; empty: who the URL says
  // Instead of the URL's user: another role that may log in, with the password that set_login_password() gave
  // it.
  std::string login;
  // Errors carry PostgreSQL's own words and where in the statement they belong: for statements that an
  // administrator wrote. Else a person reads our sentences, and the log the rest.
  bool tells_errors = false;
  std::string application_name = "dits";
  std::chrono::milliseconds connect_timeout{1500};
  std::chrono::milliseconds statement_timeout{10'000};  // 0: none, here and below
  std::chrono::milliseconds lock_timeout{4'000};
  std::chrono::milliseconds idle_in_transaction_timeout{30'000};
};

// One command of a batch. Its statement is prepared on this connection when it is first used.
struct Command {
  std::string_view name;  // of the prepared statement; at most 63 bytes
  std::string_view sql;
  std::span<const Param> params = {};
  bool is_computed = false;  // its text is made at run time: the least recently used ones are forgotten
  // Of the last command's rows at most about so much memory is kept (Rows::is_cut); 0: all of them.
  std::size_t most_bytes = 0;
};

// What somebody told by NOTIFY.
struct Notice {
  std::string channel;
  std::string payload;
  int sender = 0;  // the process of PostgreSQL that serves the one who told
};

class Connection {
 public:
  // Errors: unavailable, kind "database_away"; invalid when the server is too old or the login is refused.
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);

  // Does anybody answer there, be it with a refusal? False after `at_most` of silence: a server that is
  // frozen or unreachable.
  static bool server_answers(const ConnectionOptions& options, std::chrono::milliseconds at_most);

  // From now on silence is doubted: when the watch, which has to outlive the connection, says that the server
  // is not there, the connection is given up, long before the time limit of its statement.
  void doubt_silence(ServerWatch& watch);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends all commands in one round trip and answers with the rows of the last one. Outside of a transaction
  // block they are one implicit transaction. The first failure stops the batch; see Transaction for the
  // errors.
  Result<Rows> run(std::span<const Command> commands);

  // One statement without preparing it.
  Result<Rows> run_once(std::string_view sql, std::span<const Param> params = {});
  Result<Rows> run_once(std::string_view sql, std::initializer_list<Param> params) {
    return run_once(sql, std::span<const Param>(params.begin(), params.size()));
  }

  // Any number of statements separated by ';', without parameters: scripts of our own. One implicit
  // transaction unless the script says BEGIN. Errors carry PostgreSQL's message, for the operator's eyes.
  Result<void> run_script(const std::string& sql);

  // "COPY … FROM STDIN": the data goes out in pieces of any size; the number of rows comes at the end.
  // Between begin and end nothing else may be asked. A refused row is told by end_copy_in.
  Result<void> begin_copy_in(const std::string& sql);
  Result<void> put_copy_data(std::string_view piece);
  Result<std::int64_t> end_copy_in();
  // "COPY … TO STDOUT": `take` gets whole rows; an error of it ends the connection.
  Result<void> copy_out(const std::string& sql,
                        const std::function<Result<void>(std::string_view row)>& take);

  // Gives `role` the password by which ConnectionOptions::login finds it again: made from this connection's
  // own, so that every instance on this database makes the same. Does nothing when the server asked for none.
  // Errors: those of PostgreSQL, when we may not.
  Result<void> set_login_password(const std::string& role);

  // Round trip without a statement. False, and is_broken(), when there is no answer in time.
  bool ping(std::chrono::milliseconds at_most);

  // What was notified on the channels that this connection listens to: everything that has come, waiting for
  // it at most so long, or until `also` (a descriptor, -1: none) can be read. Errors: unavailable.
  Result<std::vector<Notice>> wait_for_notices(std::chrono::milliseconds at_most, int also);

  // Who the settings of the session name, and with that whose rows a statement outside of a transaction
  // sees: nobody at first, and when it is not known. Each failed batch makes it unknown.
  const std::optional<Actor>& reader() const { return reader_; }
  void note_reader(const Actor& reader) { reader_ = reader; }
  // Before it is set anew: whatever comes between, nobody is taken for somebody else.
  void forget_reader() { reader_.reset(); }

  // Nobody is to use it again: it is closed instead of going back to its pool.
  void retire();

  bool is_broken() const;
  // Idle means: no batch under way and no transaction open. Only idle connections may be used by somebody
  // else.
  bool is_idle() const;
  // False when the server has closed its end; costs one system call.
  bool looks_alive();
  int server_version() const;  // 170011
  bool is_local() const;       // over a unix socket

 private:
  struct Handle;
  explicit Connection(std::unique_ptr<Handle> handle);

  enum class Sent { close, prepare, execute };
  enum class Copy { in, out };

  Result<Rows> run_batch(std::span<const Command> commands);
  Result<void> send(const Command& command);
  Result<void> make_room_for_computed();
  Result<Rows> collect(std::string_view name, std::string_view sql, std::size_t most_bytes = 0);
  Result<void> take_sync();
  Result<void> begin_copy(const std::string& sql, Copy copy);
  Result<std::int64_t> leave_copy();
  Error lost();

  std::unique_ptr<Handle> handle_;
  std::chrono::milliseconds answer_timeout_{0};
  bool tells_errors_ = false;
  std::optional<Actor> reader_;
  std::unordered_map<std::string, std::uint64_t>
      prepared_;  // name -> when it was last used; 0: not computed, stays
  std::size_t computed_count_ = 0;
  std::uint64_t use_ = 0;
  // The batch under way.
  std::vector<Sent> sent_;
  std::vector<std::pair<std::string, bool>> being_prepared_;  // name, is it computed
};

// "PGHOST=…", "PGPASSWORD=…": what PostgreSQL's own programs need to reach this database as we do; what the
// URL does not say is taken from our own environment, where libpq finds it too. Errors: invalid, for a URL
// that can't be read.
Result<std::vector<std::string>> connection_environment(const Secret& url);

}  // namespace dits
