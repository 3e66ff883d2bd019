#include "tests/support/test_database.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/config.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"

namespace dits::test {

namespace {

constexpr std::string_view template_name = "dits_test_template";

template <typename T>
T must(Result<T> result, std::string_view what) {
  if (result) {
    if constexpr (std::is_void_v<T>) {
      return;
    } else {
      return std::move(result).value();
    }
  }
  std::fprintf(stderr, "tests/support: %s: %s\n", std::string(what).c_str(), result.error().message.c_str());
  std::abort();
}

// The server with the template of all test databases.
class TestServer {
 public:
  TestServer() {
    if (const auto url = environment_variable("TEST_DATABASE_URL")) {
      url_ = Secret(*url);
      auto maintenance = must(open(""), "connect to TEST_DATABASE_URL");
      must(maintenance->run_script("DROP DATABASE IF EXISTS " + std::string(template_name)),
           "drop the old template");
      must(maintenance->run_script("CREATE DATABASE " + std::string(template_name)), "create the template");
    } else {
      embedded::ClusterOptions options{
          directory_.path() + "/data", environment_variable("DITS_PG_BINDIR").value_or(""), 200};
      // Test data need not outlive a power cut.
      options.more_settings = {"fsync=off", "synchronous_commit=off", "full_page_writes=off"};
      cluster_ = must(embedded::Cluster::start(options), "start the test cluster");
      url_ = cluster_->url(embedded::owner_role);
      must(must(open("template1"), "connect")
               ->run_script("ALTER DATABASE dits RENAME TO " + std::string(template_name)),
           "rename");
    }
    auto owner = must(open(template_name), "connect to the template");
    must(migrate(*owner, {must(embedded_migrations(), "read the migrations"), "test"}), "migrate");
    must(grant_app_role(*owner), "grant");
    // For tests of the tests: what must be missed is taken away from every test database.
    if (const auto sql = environment_variable("DITS_TEST_TEMPLATE_SQL"))
      must(owner->run_script(*sql), "run DITS_TEST_TEMPLATE_SQL");
    pool_role_ = must(role_for_pool(*owner), "find the role");
    owner.reset();
    maintenance_ = must(open(cluster_ ? "template1" : ""), "connect");
  }

  Result<std::unique_ptr<Connection>> open(std::string_view database) const {
    ConnectionOptions options;
    options.url = url_;
    options.database = database;
    options.statement_timeout = std::chrono::seconds(60);
    return Connection::open(options);
  }

  void create(const std::string& name) {
    must(maintenance_->run_script("CREATE DATABASE " + name + " TEMPLATE " + std::string(template_name)),
         "create a test database");
  }
  void drop(const std::string& name) {
    must(maintenance_->run_script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"), "drop");
  }

  Secret url_of(const std::string& database) const {
    if (cluster_) return cluster_->url(embedded::owner_role, database);
    const std::string& url = url_.reveal();
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = url.find('/', host);
    const std::size_t query = url.find('?', host);
    const std::string head = url.substr(0, std::min(path, query));
    return Secret(head + "/" + database + (query == std::string::npos ? "" : url.substr(query)));
  }

  const std::string& pool_role() const { return pool_role_; }
  embedded::Cluster* cluster() const { return cluster_.get(); }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<embedded::Cluster> cluster_;
  Secret url_;
  std::string pool_role_;
  std::unique_ptr<Connection> maintenance_;
};

TestServer& server() {
  static TestServer one;
  return one;
}

}  // namespace

TestDatabase::TestDatabase() {
  static int count = 0;
  name_ = "dits_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  server().create(name_);
  owner_url_ = server().url_of(name_);
  pool_role_ = server().pool_role();
  database_ = std::make_unique<PooledDatabase>(pool_options(), StatementLog{});
}

TestDatabase::~TestDatabase() {
  database_.reset();
  server().drop(name_);
}

PoolOptions TestDatabase::pool_options() const {
  PoolOptions options;
  options.connection.url = owner_url_;
  options.connection.role = pool_role_;
  return options;
}

std::unique_ptr<Connection> TestDatabase::owner() {
  ConnectionOptions options;
  options.url = owner_url_;
  return must(Connection::open(options), "connect as the owner");
}

void TestDatabase::run_as_owner(std::string_view sql) { must(owner()->run_script(std::string(sql)), sql); }

std::string TestDatabase::ask_as_owner(std::string_view sql) {
  const Rows rows = must(owner()->run_once(sql), sql);
  return rows.empty() ? std::string{} : std::string(rows[0].text(0));
}

UserId TestDatabase::add_user(std::string_view email) {
  const auto id = system_clock().new_id<UserId>();
  auto connection = owner();
  must(connection->run_once("SELECT set_config('dits.system', 'on', false)"), "become the system");
  must(connection->run_once("INSERT INTO users (id, email, password_hash, name) VALUES ($1, $2, '', $2)",
                            {id, email}),
       "add a user");
  must(connection->run_once("INSERT INTO user_counters (user_id) VALUES ($1)", {id}),
       "add the user's counters");
  return id;
}

embedded::Cluster* test_cluster() { return server().cluster(); }

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = std::filesystem::temp_directory_path().string() + "/dits-test-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace dits::test
