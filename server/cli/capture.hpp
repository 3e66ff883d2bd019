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

// Whose days count: those of TZ, or of this machine. Of a TZ that nobody knows it is told that they are
// UTC's.
TimeZone zone_of_person();

// "128", "#128", or an id. Errors: not_found.
Result<IssueKey> issue_key(std::string_view word);

// Errors: not_found, which says what was looked for.
Result<Issue> find_issue(Desk& desk, const IssueKey& key);
Error with_issue_name(Error error, const IssueKey& key);

// What became of it: a line, or JSON.
Result<void> show_issue(Desk& desk, const CommandLine& line, const std::string& what, const Issue& issue);

}  // namespace dits::cli
