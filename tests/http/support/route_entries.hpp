// How each route of the server is called with good sense: what the authorisation matrix sends.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/route.hpp"

namespace dits::test {

// "@name" in target and body stands for an object of account_things.hpp.
struct RouteEntry {
  std::string_view method;
  std::string_view path;    // the route's pattern
  std::string_view target;  // the same with names of objects
  std::string_view body = {};
  bool is_file = false;
};

// Every route at least once.
std::span<const RouteEntry> route_entries();
// The first of the route; null for one that the table does not know.
const RouteEntry* entry_of(const http::Route& route);

// The names of objects in it, each once.
std::vector<std::string> names_in(const RouteEntry& entry);
bool is_in_path(const RouteEntry& entry, const std::string& name);

// Every "@name" replaced by what `id_of` says.
std::string filled(std::string_view text, const std::function<std::string(const std::string& name)>& id_of);

// An id that nobody has.
std::string missing_id(const std::string& name);

}  // namespace dits::test
