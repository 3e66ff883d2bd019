// One of everything that an account can have, made through the API when it is first asked for.
#pragma once

#include <map>
#include <string>

#include "tests/http/support/in_process_server.hpp"

namespace dits::test {

// The objects behind the names of route_entries.cpp: what hangs on an issue hangs on @issue, a status on
// @workflow. Every text has the account's word in it.
class AccountThings {
 public:
  AccountThings(InProcessServer& server, const Account& account) : server_(server), account_(account) {}

  // The id of it. A name that is not known ends the test.
  std::string id(const std::string& name);
  // All that were made.
  const std::map<std::string, std::string>& made() const { return ids_; }

 private:
  Json send(std::string_view method, const std::string& path, const Json& body);
  std::string create(const std::string& path, const Json& body);
  std::string named(const std::string& noun);
  std::string part(const std::string& kind, const Json& body);
  std::string attachment();
  void make_workflow();
  std::string make(const std::string& name);

  InProcessServer& server_;
  const Account& account_;
  std::map<std::string, std::string> ids_;
};

}  // namespace dits::test
