// Getting in and staying out: registration, login, sessions, tokens, throttling, forged requests.
#include <array>
#include <csignal>
#include <cstdio>
#include <thread>

#include <doctest/doctest.h>

#include "tests/http/support/running_server.hpp"
#include "tests/support/comes_true.hpp"

namespace dits::test {
namespace {

const std::string login_path = "/api/v1/auth/login";
const std::string me_path = "/api/v1/auth/me";

Json login_body(const std::string& email, const std::string& password) {
  return {{"email", email}, {"password", password}};
}

// The cookie of a Set-Cookie header as a client sends it back.
Headers cookie_of(const Answer& answer) {
  const std::string cookie = answer.header("Set-Cookie");
  return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
}

}  // namespace

TEST_CASE("the one-time link makes one account, and registration is closed after it") {
  RunningServer server;
  REQUIRE(!server.setup_token().empty());
  const Client client = server.client();
  CHECK(client.get("/api/v1/auth/setup/" + server.setup_token()).status == 200);
  CHECK(client.get("/api/v1/auth/setup/wrong").status == 404);
  const Json wrong{
      {"setupToken", "wrong"}, {"email", "eve@example.org"}, {"name", "Eve"}, {"password", good_password}};
  CHECK(client.post("/api/v1/auth/register", wrong).status == 403);
  const Json body{{"setupToken", server.setup_token()},
                  {"email", alice_email},
                  {"name", "Alice"},
                  {"password", good_password}};
  const Answer made = client.post("/api/v1/auth/register", body);
  REQUIRE(made.status == 201);
  CHECK(made.json()["user"]["role"] == "ADMIN");
  CHECK(client.get(me_path, cookie_of(made)).text("email") == alice_email);
  CHECK(client.post("/api/v1/auth/register", body).status == 403);
  CHECK(client.get("/api/v1/auth/setup/" + server.setup_token()).status == 404);
  CHECK(client
            .post("/api/v1/auth/register",
                  {{"email", "eve@example.org"}, {"name", "Eve"}, {"password", good_password}})
            .status == 403);
  CHECK(server.database().ask_as_owner("SELECT count(*) FROM users") == "1");
}

TEST_CASE("nobody gets in by a disabled account, whatever they hold, until it is enabled again") {
  SharedServer shared;
  const Client client = shared.server.client();
  const Client token = shared.server.with_token(shared.bob_id, "WRITE");
  const auto run = [&](const std::vector<std::string>& arguments) {
    std::string output;
    INFO(output);
    CHECK(run_binary(arguments, shared.server.environment(), "", output) == 0);
  };
  const auto answers = [](const Client& one, int status) {
    return comes_true([&] { return one.get(me_path).status == status; });
  };
  REQUIRE(token.get(me_path).status == 200);
  REQUIRE(shared.bob.get(me_path).status == 200);
  run({"user", "disable", bob_email});
  CHECK(answers(token, 401));
  CHECK(answers(shared.bob, 401));
  // As with a wrong password: nobody learns that it was right.
  const Answer refused = client.post(login_path, login_body(bob_email, good_password));
  CHECK(refused.status == 401);
  CHECK(refused.json()["code"] ==
        client.post(login_path, login_body(bob_email, "wrong password")).json()["code"]);
  run({"user", "enable", bob_email});
  CHECK(answers(token, 200));
  CHECK(shared.bob.get(me_path).status == 401);
  CHECK(client.post(login_path, login_body(bob_email, good_password)).status == 200);
  run({"user", "delete", bob_email, "--yes"});
  CHECK(answers(token, 401));
  CHECK(client.post(login_path, login_body(bob_email, good_password)).status == 401);
}

TEST_CASE(
    "with open registration the first account still needs the link, and later ones are nobody's "
    "administrators") {
  RunningServer server(std::vector<std::string>{"--open-registration"});
  const Client client = server.client();
  const auto body = [](const std::string& name) {
    return Json{{"email", name + "@example.org"}, {"name", name}, {"password", good_password}};
  };
  const Answer stranger = client.post("/api/v1/auth/register", body("eve"));
  CHECK(stranger.status == 403);
  CHECK(stranger.body.find("the link that the server prints") != std::string::npos);
  CHECK(server.database().ask_as_owner("SELECT count(*) FROM users") == "0");
  Json first = body("alice");
  first["setupToken"] = server.setup_token();
  const Answer made = client.post("/api/v1/auth/register", first);
  REQUIRE(made.status == 201);
  CHECK(made.json()["user"]["role"] == "ADMIN");
  const Answer second = client.post("/api/v1/auth/register", body("eve"));
  REQUIRE(second.status == 201);
  CHECK(second.json()["user"]["role"] == "USER");
}

TEST_CASE("a server that others reach warns while the demo account with its known password exists") {
  RunningServer server;
  const TemporaryDirectory data;
  std::string url;
  for (const auto& [name, value] : server.environment()) {
    if (name == "DATABASE_URL") url = value;
  }
  // What a second server on the same database writes until it listens.
  const auto start_of = [&](const std::string& flags) {
    const std::string command = "echo $$; exec env DATABASE_URL='" + url + "' DITS_DATA_DIR='" + data.path() +
                                "' '" + binary_path() + "' --port 0 " + flags + " 2>&1";
    FILE* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 4096> line{};
    while (text.find("DITS serves") == std::string::npos &&
           std::fgets(line.data(), line.size(), pipe) != nullptr)
      text += line.data();
    ::kill(static_cast<pid_t>(std::stol(text)), SIGTERM);
    ::pclose(pipe);
    return text;
  };
  const std::string outside = "--allowed-origins https://pages.example.org";
  CHECK(start_of(outside).find("demo@dits.dev") == std::string::npos);
  server.database().add_user("demo@dits.dev");
  CHECK(start_of(outside).find("demo@dits.dev") != std::string::npos);
  CHECK(start_of("--trusted-proxies 10.0.0.1").find("demo@dits.dev") != std::string::npos);
  CHECK(start_of("").find("demo@dits.dev") == std::string::npos);
}

TEST_CASE("two servers on one host do not sign each other out") {
  const SharedServer one;
  const SharedServer other;
  std::string cookies;
  for (const SharedServer* shared : {&one, &other}) {
    const Answer in = shared->server.client().post(
        login_path, login_body(alice_email, good_password), {{"Cookie", cookies}});
    REQUIRE(in.status == 200);
    const std::string cookie = in.header("Set-Cookie");
    cookies += (cookies.empty() ? "" : "; ") + cookie.substr(0, cookie.find(';'));
  }
  const Headers both{{"Cookie", cookies}};
  CHECK(one.server.client().get(me_path, both).status == 200);
  CHECK(other.server.client().get(me_path, both).status == 200);
  const Answer out = other.server.client().post("/api/v1/auth/logout", Json::object(), both);
  CHECK(out.status == 204);
  const std::string removed = out.header("Set-Cookie").substr(0, out.header("Set-Cookie").find('='));
  CHECK(cookies.find("; " + removed + "=") != std::string::npos);
  CHECK(one.server.client().get(me_path, both).status == 200);
}

TEST_CASE("login gives a session in a cookie that scripts can't read, and logout ends it") {
  SharedServer& shared = shared_server();
  const Client client = shared.server.client();
  const Answer in = client.post(login_path, login_body(alice_email, good_password));
  REQUIRE(in.status == 200);
  CHECK(in.json()["user"]["email"] == alice_email);
  CHECK(in.body.find("password") == std::string::npos);
  const std::string cookie = in.header("Set-Cookie");
  CHECK(cookie.starts_with("dits_session_"));
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Lax") != std::string::npos);
  const Headers credentials = cookie_of(in);
  CHECK(client.get(me_path, credentials).status == 200);
  const Answer again = client.post(login_path, login_body(alice_email, good_password));
  CHECK(again.header("Set-Cookie") != cookie);
  CHECK(client.post("/api/v1/auth/logout", Json::object(), credentials).status == 204);
  CHECK(client.get(me_path, credentials).status == 401);
  CHECK(client.get(me_path, cookie_of(again)).status == 200);
}

TEST_CASE("the address of a login is compared without regard to case") {
  const Answer in =
      shared_server().server.client().post(login_path, login_body("ALICE@Example.org", good_password));
  CHECK(in.status == 200);
}

TEST_CASE("an unknown account and a wrong password are answered alike") {
  const Client client = shared_server().server.client();
  const Answer wrong = client.post(login_path, login_body(bob_email, "not the password"));
  const Answer unknown = client.post(login_path, login_body("nobody@example.org", "not the password"));
  CHECK(wrong.status == 401);
  CHECK(unknown.status == 401);
  CHECK(wrong.text("detail") == unknown.text("detail"));
  CHECK(wrong.header("Content-Type") == "application/problem+json");
}

TEST_CASE("guessing a password is stopped after five attempts, for that account only") {
  SharedServer& shared = shared_server();
  const Client client = shared.server.client();
  shared.server.database().run_as_owner("DELETE FROM login_failures");
  const std::string target = "victim@example.org";
  int refused = 0;
  for (int i = 0; i < 7; ++i) {
    const Answer answer = client.post(login_path, login_body(target, "guess number " + std::to_string(i)));
    if (answer.status != 429) continue;
    ++refused;
    CHECK(answer.header("Retry-After") != "");
    CHECK(answer.text("code") == "rate_limited");
  }
  CHECK(refused == 2);
  CHECK(client.post(login_path, login_body(alice_email, good_password)).status == 200);
  shared.server.database().run_as_owner(
      "UPDATE login_failures SET locked_until = now() - interval '1 second'");
  CHECK(client.post(login_path, login_body(target, "one more guess")).status == 401);
  CHECK(client.post(login_path, login_body(target, "and another")).status == 429);
  shared.server.database().run_as_owner("DELETE FROM login_failures");
}

TEST_CASE("a session ends when it is not used for its time, and at its absolute end") {
  SharedServer& shared = shared_server();
  const std::string secret = fresh_secret();
  const Headers credentials{{"Cookie", "dits_session=" + secret}};
  TestDatabase& database = shared.server.database();
  database.run_as_owner(session_sql(shared.alice_id, secret, "expired"));
  CHECK(shared.server.client().get(me_path, credentials).status == 401);
  database.run_as_owner(
      "UPDATE sessions SET expires_at = now() + interval '1 hour', absolute_expires_at = now() - interval '1 "
      "second' "
      "WHERE expires_at < now()");
  CHECK(shared.server.client().get(me_path, credentials).status == 401);
}

TEST_CASE("using a session moves its end on, but never past its absolute end") {
  SharedServer& shared = shared_server();
  const std::string secret = fresh_secret();
  TestDatabase& database = shared.server.database();
  database.run_as_owner(
      "INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, absolute_expires_at, "
      "user_agent) VALUES "
      "(gen_random_uuid(), '" +
      shared.alice_id + "', decode(encode(sha256('" + secret +
      "'), 'hex'), 'hex'), "
      "now() - interval '10 minutes', now() + interval '1 minute', now() + interval '2 hours', 'sliding')");
  CHECK(shared.server.client().get(me_path, {{"Cookie", "dits_session=" + secret}}).status == 200);
  // Uses are written down for many requests at once, every few seconds.
  const auto ends_at_last = [&] {
    return database.ask_as_owner(
               "SELECT expires_at = absolute_expires_at FROM sessions WHERE user_agent = 'sliding'") == "t";
  };
  CHECK(comes_true(ends_at_last));
}

TEST_CASE("a new password ends all other sessions and keeps the one that set it") {
  SharedServer& shared = shared_server();
  std::string output;
  REQUIRE(run_binary({"user", "add", "carol@example.org", "--name", "Carol", "--password-stdin"},
                     shared.server.environment(),
                     "first password\n",
                     output) == 0);
  const Client client = shared.server.client();
  const Headers first = cookie_of(client.post(login_path, login_body("carol@example.org", "first password")));
  const Headers second =
      cookie_of(client.post(login_path, login_body("carol@example.org", "first password")));
  const std::string path = "/api/v1/auth/me/password";
  CHECK(client.post(path, {{"currentPassword", "wrong"}, {"newPassword", "second password"}}, first).status ==
        400);
  CHECK(client.post(path, {{"currentPassword", "first password"}, {"newPassword", "short"}}, first).status ==
        400);
  CHECK(client.post(path, {{"currentPassword", "first password"}, {"newPassword", "second password"}}, first)
            .status == 204);
  CHECK(client.get(me_path, first).status == 200);
  CHECK(client.get(me_path, second).status == 401);
  CHECK(client.post(login_path, login_body("carol@example.org", "first password")).status == 401);
  CHECK(client.post(login_path, login_body("carol@example.org", "second password")).status == 200);
}

TEST_CASE("sessions are listed, and one or all others can be signed out") {
  SharedServer& shared = shared_server();
  const Client here = shared.server.signed_in(shared.bob_id);
  const Client there = shared.server.signed_in(shared.bob_id);
  const Json items = here.get("/api/v1/auth/sessions").json()["items"];
  int current = 0;
  for (const Json& item : items) current += item["isCurrent"] == true ? 1 : 0;
  CHECK(current == 1);
  CHECK(items.size() >= 2);
  CHECK(here.remove("/api/v1/auth/sessions").status == 204);
  CHECK(there.get(me_path).status == 401);
  CHECK(here.get("/api/v1/auth/sessions").json()["items"].size() == 1);
  shared.bob = shared.server.signed_in(shared.bob_id);
}

TEST_CASE("a token is shown once, kept as a hash, and makes neither tokens nor sessions") {
  SharedServer& shared = shared_server();
  const std::string path = "/api/v1/auth/tokens";
  const Answer made = shared.alice.post(path, {{"name", "ci"}, {"scope", "ADMIN"}});
  REQUIRE(made.status == 201);
  const std::string secret = made.text("token");
  CHECK(secret.starts_with("dits_"));
  CHECK(secret.size() == 48);
  CHECK(shared.alice.get(path).body.find(secret) == std::string::npos);
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM api_tokens t WHERE t::text LIKE '%" +
                                              secret + "%'") == "0");
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM audit_logs a WHERE a::text LIKE '%" +
                                              secret + "%'") == "0");
  Client program = shared.server.client();
  program.credentials = {{"Authorization", "Bearer " + secret}};
  CHECK(program.get(me_path).status == 200);
  CHECK(program.post(path, {{"name", "child"}}).status == 403);
  CHECK(program
            .post("/api/v1/auth/me/password",
                  {{"currentPassword", good_password}, {"newPassword", "whatever it is"}})
            .status == 403);
  CHECK(shared.alice.remove(path + "/" + made.text("id")).status == 204);
  CHECK(program.get(me_path).status == 401);
}

TEST_CASE("a token ends when its time is over") {
  SharedServer& shared = shared_server();
  CHECK(shared.alice.post("/api/v1/auth/tokens", {{"name", "old"}, {"expiresAt", "2020-01-01T00:00:00Z"}})
            .status == 400);
  const std::string secret = "dits_" + fresh_secret();
  shared.server.database().run_as_owner(token_sql(shared.alice_id, secret, "WRITE", "expired"));
  CHECK(shared.server.client().get(me_path, {{"Authorization", "Bearer " + secret}}).status == 401);
}

TEST_CASE("a request from another site changes nothing") {
  SharedServer& shared = shared_server();
  const std::string host = "127.0.0.1:" + std::to_string(shared.server.port());
  const std::string path = "/api/v1/labels";
  const auto create = [&](const std::string& name, const Headers& headers) {
    return shared.alice.post(path, {{"name", name}}, headers).status;
  };
  CHECK(create("csrf1", {{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(create("csrf2", {{"Sec-Fetch-Site", "same-site"}}) == 403);
  CHECK(create("csrf3", {{"Origin", "https://evil.example"}}) == 403);
  CHECK(create("csrf4", {{"Origin", "null"}}) == 403);
  CHECK(create("csrf5", {{"Referer", "https://evil.example/page"}}) == 403);
  CHECK(create("csrf6", {{"Content-Type", "text/plain"}}) == 415);
  CHECK(create("csrf7", {{"Sec-Fetch-Site", "same-origin"}}) == 201);
  CHECK(create("csrf8", {{"Origin", "http://" + host}}) == 201);
  CHECK(shared.server.database().ask_as_owner("SELECT count(*) FROM labels WHERE name LIKE 'csrf%'") == "2");
  const Answer login = shared.server.client().post(
      login_path, login_body(alice_email, good_password), {{"Origin", "https://evil.example"}});
  CHECK(login.status == 403);
}

TEST_CASE("a name that is not the account's to change is refused") {
  SharedServer& shared = shared_server();
  CHECK(shared.alice.patch(me_path, {{"name", "Alice A."}}).text("name") == "Alice A.");
  CHECK(shared.alice.patch(me_path, {{"role", "USER"}}).status == 400);
  CHECK(shared.alice.patch(me_path, {{"email", "x@example.org"}}).status == 400);
  CHECK(shared.alice.patch(me_path, {{"nickname", "Al"}}).status == 400);
}

}  // namespace dits::test
