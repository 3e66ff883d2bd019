// The table of routes as a golden file, and the document made from it.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>

#include "server/api/all_routes.hpp"
#include "server/api/docs_page.hpp"
#include "server/api/openapi.hpp"
#include "server/cache/session_cache.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/value.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;

namespace {

// Routes are only looked at, never called.
struct Api {
  test::ServiceWorld world;
  PasswordHasher passwords{{1024, 1, 1}};
  std::unique_ptr<KeyValue> values = make_memory_key_value();
  SessionCache sessions{values.get()};
  AuthContext auth{world.context(), passwords, sessions};
  AdminContext admin{world.context(), world.database().database()};
  std::vector<http::Route> routes = all_routes(world.context(), auth, admin);
};

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("the table of routes is the one in tests/golden/routes.txt") {
    const Api api;
    const std::string text = routes_listing(api.routes);
    const std::string path = "tests/golden/routes.txt";
    if (std::getenv("DITS_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    const std::string golden{std::istreambuf_iterator<char>(file), {}};
    CHECK(text == golden);
  }
}

TEST_CASE("the OpenAPI document has every route once, and every schema it refers to") {
  const Api api;
  const std::vector<http::Route>& routes = api.routes;
  const std::string text = openapi_document(routes);
  const Result<Json> document = parse_json(text);
  REQUIRE(document.has_value());
  std::size_t operations = 0;
  std::set<std::string> ids;
  for (const Json& path : (*document)["paths"]) {
    for (const Json& operation : path) {
      ++operations;
      CHECK(ids.insert(*operation["operationId"].get_ptr<const std::string*>()).second);
    }
  }
  CHECK(operations == routes.size());
  const std::string mark = "\"#/components/schemas/";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    const std::string name = text.substr(begin, text.find('"', begin) - begin);
    CAPTURE(name);
    CHECK((*document)["components"]["schemas"].contains(name));
  }
  const std::string page = docs_page(routes);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("style=") == std::string::npos);
}
