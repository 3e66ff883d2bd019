// What the commands that work on issues share: whose they are, and how one is named.
#pragma once

#include <memory>
#include <string_view>

#include "server/cli/command_line.hpp"
#include "server/cli/session.hpp"
#include "server/service/issues.hpp"

namespace dits::cli {

// The database, and the account that is worked for.
struct Desk {
  std::unique_ptr<Session> session;
  Viewer viewer;

  ServiceContext& services() const { return session->services(); }
};

// The account of --user, else the only one that there is. Errors: those of Session::open; invalid (--user)
// when there are several; not_found.
Result<Desk> open_desk(const CommandLine& line, const Config& config);

// "128", "#128", or an id. Errors: not_found.
Result<IssueKey> issue_key(std::string_view word);

}  // namespace dits::cli
