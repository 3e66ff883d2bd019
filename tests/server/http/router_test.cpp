#include "server/http/router.hpp"

#include <doctest/doctest.h>

namespace dits::http {
namespace {

Handler echo(std::string text) {
  return [text = std::move(text)](const Request& request) -> Result<Response> {
    std::string body = text;
    for (const auto& [name, value] : request.path_params) body += " " + name + "=" + value;
    return Response::text(body, "text/plain");
  };
}

Router make_router() {
  RouterOptions options;
  options.cookie_tag = "tag";
  options.routes = {
      {Method::get, "/things/{id}", Who::anyone, Scope::none, echo("one"), {"x"}},
      {Method::get, "/things/special", Who::anyone, Scope::none, echo("special"), {"x"}},
      {Method::post, "/things", Who::user, Scope::write, echo("made"), {"x"}},
      {Method::get, "/things/{id}/parts/{partId}", Who::anyone, Scope::none, echo("part"), {"x"}},
      {Method::get, "/admin", Who::admin, Scope::admin, echo("admin"), {"x"}},
      {Method::get,
       "/fails",
       Who::anyone,
       Scope::none,
       [](const Request&) -> Result<Response> { return not_found("gone"); },
       {"x"}},
  };
  options.authenticate = [](const Credentials& credentials) -> Result<Viewer> {
    if (credentials.session != "good" && credentials.bearer != "good") return unauthorized("no");
    Viewer viewer;
    viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
    viewer.scope = credentials.bearer.empty() ? Scope::admin : Scope::read;
    viewer.credential = credentials.bearer.empty() ? CredentialKind::session : CredentialKind::token;
    return viewer;
  };
  return Router(std::move(options));
}

Response ask(const std::string& method,
             const std::string& target,
             std::vector<std::pair<std::string, std::string>> headers = {},
             const std::string& body = {}) {
  static const Router router = make_router();
  RequestHead head;
  head.method = method;
  head.target = target;
  head.headers = std::move(headers);
  head.headers.emplace_back("Host", "h");
  Exchange exchange;
  return router.answer(head, body, "127.0.0.1", false, exchange);
}

}  // namespace

TEST_CASE("a literal segment goes before a parameter, whatever the order of the table") {
  CHECK(ask("GET", "/things/7").body == "one id=7");
  CHECK(ask("GET", "/things/special").body == "special");
  CHECK(ask("GET", "/things/7/parts/a%2Fb").body == "part id=7 partId=a/b");
}

TEST_CASE("an empty or an extra segment matches nothing") {
  CHECK(ask("GET", "/things/").status == 404);
  CHECK(ask("GET", "/things/7/").status == 404);
  CHECK(ask("GET", "//things/7").status == 404);
  CHECK(ask("GET", "/").status == 404);
  CHECK(ask("GET", "/things/7/parts").status == 404);
}

TEST_CASE("a known address answers a foreign method with the methods it knows") {
  CHECK(ask("PUT", "/things/7").status == 405);
  CHECK(ask("BREW", "/things/7").status == 405);
  CHECK(ask("OPTIONS", "/things/7").status == 204);
}

TEST_CASE("who and scope are checked before the body is looked at") {
  CHECK(ask("POST", "/things").status == 401);
  CHECK(ask("POST", "/things", {{"Authorization", "Bearer good"}}, "not json").status == 403);
  CHECK(ask("POST", "/things", {{"Cookie", "dits_session=good"}}).status == 200);
  CHECK(ask("POST", "/things", {{"Cookie", "dits_session=good"}}, "not json").status == 415);
  CHECK(ask("GET", "/admin", {{"Cookie", "dits_session=good"}}).status == 403);
}

TEST_CASE("the cookie of another installation on the same host is not looked at, an earlier version's is") {
  const auto status = [](const std::string& cookies) {
    return ask("POST", "/things", {{"Cookie", cookies}}).status;
  };
  CHECK(status("dits_session_tag=good") == 200);
  CHECK(status("dits_session_other=good") == 401);
  CHECK(status("dits_session_other=bad; dits_session_tag=good") == 200);
  CHECK(status("dits_session=bad; dits_session_tag=good") == 200);
  CHECK(status("dits_session=good; dits_session_tag=bad") == 401);
  CHECK(status("dits_session=good") == 200);
}

TEST_CASE("a body that was compressed on its way is refused with a sentence") {
  const auto post = [](const std::string& encoding) {
    return ask("POST",
               "/things",
               {{"Cookie", "dits_session=good"},
                {"Content-Type", "application/json"},
                {"Content-Encoding", encoding}},
               "{}");
  };
  CHECK(post("identity").status == 200);
  for (const char* encoding : {"gzip", "br", "deflate", "gzip, identity"}) {
    const Response refused = post(encoding);
    CHECK(refused.status == 415);
    CHECK(refused.body.find("Content-Encoding") != std::string::npos);
  }
}

TEST_CASE("JSON in another encoding than UTF-8 is refused") {
  const auto status = [](const std::string& type) {
    return ask("POST", "/things", {{"Cookie", "dits_session=good"}, {"Content-Type", type}}, "{}").status;
  };
  for (const char* type : {"application/json",
                           "application/json; charset=utf-8",
                           "application/json;charset=UTF-8; x=y",
                           "application/json; x=y; Charset=\"utf-8\""})
    CHECK(status(type) == 200);
  for (const char* type :
       {"application/json; charset=iso-8859-1", "application/json; x=y; charset=\"utf-16\""})
    CHECK(status(type) == 415);
}

TEST_CASE("a body that is too large is told how large it may be, and by which setting") {
  RouterOptions options;
  Limits limits;
  limits.max_body_bytes = std::size_t{2} * 1024 * 1024;
  limits.setting = "--some-limit";
  options.routes = {{Method::post, "/large", Who::anyone, Scope::none, echo("taken"), {"x"}, limits}};
  const Router router(std::move(options));
  RequestHead head;
  head.method = "POST";
  head.target = "/large";
  head.headers = {{"Content-Type", "application/json"}};
  Exchange exchange;
  const Response refused = router.answer(head, std::string(3'000'000, ' '), "127.0.0.1", false, exchange);
  CHECK(refused.status == 413);
  CHECK(refused.body.find("at most 2 MB here; --some-limit sets it.") != std::string::npos);
}

TEST_CASE("what a client puts into X-Forwarded-For above its proxy's own line is not believed") {
  RouterOptions options;
  options.trusted_proxies = TrustedProxies::parse({"127.0.0.1"}).value();
  options.routes = {{Method::get,
                     "/address",
                     Who::anyone,
                     Scope::none,
                     [](const Request& request) -> Result<Response> {
                       return Response::text(request.remote_address, "text/plain");
                     },
                     {"x"}}};
  const Router router(std::move(options));
  RequestHead head;
  head.method = "GET";
  head.target = "/address";
  head.headers = {{"X-Forwarded-For", "6.6.6.6"}, {"x-forwarded-for", "1.2.3.4"}};
  Exchange exchange;
  CHECK(router.answer(head, {}, "127.0.0.1", false, exchange).body == "1.2.3.4");
  CHECK(router.answer(head, {}, "9.9.9.9", false, exchange).body == "9.9.9.9");
}

TEST_CASE("an error of a handler becomes a problem document with the request's id") {
  const Response response = ask("GET", "/fails");
  CHECK(response.status == 404);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body.find("requestId") != std::string::npos);
}

TEST_CASE("a browser that does not say where its request comes from is refused, a program is not") {
  const std::pair<std::string, std::string> cookie{"Cookie", "dits_session=good"};
  const std::pair<std::string, std::string> json{"Content-Type", "application/json"};
  const auto post = [&](std::vector<std::pair<std::string, std::string>> headers) {
    headers.push_back(cookie);
    headers.push_back(json);
    return ask("POST", "/things", std::move(headers), "{}").status;
  };
  CHECK(post({}) == 200);
  CHECK(post({{"User-Agent", "curl/8.0"}}) == 200);
  CHECK(post({{"User-Agent", "Mozilla/5.0 (X11)"}}) == 403);
  CHECK(post({{"User-Agent", "Mozilla/5.0 (X11)"}, {"Origin", "http://h"}}) == 200);
  CHECK(post({{"User-Agent", "Mozilla/5.0 (X11)"}, {"Sec-Fetch-Site", "same-origin"}}) == 200);
  CHECK(post({{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(post({{"Origin", "http://elsewhere"}}) == 403);
}

namespace {

// A body in two pieces; after the first one the sender's credential is revoked.
class RevokedMeanwhile : public BodySource {
 public:
  explicit RevokedMeanwhile(bool& is_revoked) : is_revoked_(is_revoked) {}
  Result<std::string_view> next(std::size_t) override {
    ++count_;
    if (count_ == 2) is_revoked_ = true;
    return count_ > 2 ? std::string_view() : std::string_view("piece");
  }

 private:
  bool& is_revoked_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("a file whose sender is locked out while it is on its way is not taken") {
  for (const bool is_locked_out : {true, false}) {
    CAPTURE(is_locked_out);
    bool is_revoked = false;
    bool is_taken = false;
    Limits limits;
    limits.takes_file = true;
    RouterOptions options;
    options.routes = {{Method::post,
                       "/files",
                       Who::user,
                       Scope::write,
                       [&](const Request& request) -> Result<Response> {
                         while (!TRY(request.read_body()).empty()) {
                         }
                         is_taken = true;
                         return Response::no_content();
                       },
                       {"x"},
                       limits}};
    options.authenticate = [&](const Credentials&) -> Result<Viewer> {
      if (is_revoked && is_locked_out) return unauthorized("no");
      Viewer viewer;
      viewer.user_id = UserId{make_uuid_v7(1, 1, 1)};
      viewer.scope = Scope::write;
      viewer.credential = CredentialKind::token;
      return viewer;
    };
    const Router router(std::move(options));
    RequestHead head;
    head.method = "POST";
    head.target = "/files";
    head.headers = {{"Authorization", "Bearer good"}, {"Content-Type", "application/octet-stream"}};
    Exchange exchange;
    RevokedMeanwhile file(is_revoked);
    const Response answer = router.answer(head, "", "127.0.0.1", false, exchange, &file);
    CHECK(answer.status == (is_locked_out ? 401 : 204));
    CHECK(is_taken == !is_locked_out);
  }
}

}  // namespace dits::http
