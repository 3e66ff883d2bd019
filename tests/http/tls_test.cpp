// HTTPS from end to end, with a client that is not ours: HSTS, the cookie that is bound to its host, old
// protocols refused.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "tests/http/support/running_server.hpp"

namespace dits::test {
namespace {

bool has_programs() { return std::system("command -v openssl curl >/dev/null 2>&1") == 0; }

struct Certificate {
  explicit Certificate(int days = 2, const std::string& name = "IP:127.0.0.1") {
    int code = 0;
    const std::string request = directory.path() + "/request.pem";
    const std::string output = shell_output(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -addext "
        "subjectAltName=" +
            name + " -keyout " + key() + " -out " + request + " && openssl x509 -req -in " + request +
            " -signkey " + key() + " -copy_extensions copy -days " + std::to_string(days) + " -out " + path(),
        code);
    CAPTURE(output);
    REQUIRE(code == 0);
  }
  // What `dits doctor` says with it; its exit code in `code`.
  std::string diagnosis(int& code) const {
    std::string output;
    code = run_binary_with_errors({"doctor"},
                                  {{"DITS_DATA_DIR", directory.path() + "/none"},
                                   {"PORT", "0"},
                                   {"TLS_CERT", path()},
                                   {"TLS_KEY", key()}},
                                  output);
    return output;
  }
  // Made anew, for two days from then on.
  void begin_in(int days) const {
    int code = 0;
    const auto day = [&](int from_now) {
      return "$(date -u -d '+" + std::to_string(from_now) + " days' +%Y%m%d%H%M%SZ)";
    };
    const std::string home = directory.path() + "/ca";
    const std::string output = shell_output(
        "mkdir -p " + home + " && cd " + home +
            " && touch index && printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nrand_serial=yes\n"
            "new_certs_dir=.\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n' "
            "> conf && openssl ca -batch -config conf -selfsign -notext -keyfile " +
            key() + " -in " + directory.path() + "/request.pem -startdate " + day(days) + " -enddate " +
            day(days + 2) + " -out " + path(),
        code);
    CAPTURE(output);
    REQUIRE(code == 0);
  }
  std::string path() const { return directory.path() + "/certificate.pem"; }
  std::string key() const { return directory.path() + "/key.pem"; }

  TemporaryDirectory directory;
};

std::string header_in(const std::string& answer, const std::string& name) {
  const std::size_t at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

}  // namespace

TEST_CASE("over TLS the session's cookie is bound to the host and HSTS is said" *
          doctest::skip(!has_programs())) {
  const Certificate certificate;
  const RunningServer server({"--tls-cert", certificate.path(), "--tls-key", certificate.key()});
  const std::string origin = "https://127.0.0.1:" + std::to_string(server.port());
  int code = 0;
  const auto curl = [&](const std::string& arguments) {
    return shell_output(
        "curl -sS -i --http1.1 --max-time 20 --cacert " + certificate.path() + " " + arguments, code);
  };
  const Json account{{"setupToken", server.setup_token()},
                     {"email", alice_email},
                     {"name", "Alice"},
                     {"password", good_password}};
  const std::string made = curl("-H 'Content-Type: application/json' -d '" + dump(account) + "' " + origin +
                                "/api/v1/auth/register");
  CAPTURE(made);
  REQUIRE(code == 0);
  CHECK(made.starts_with("HTTP/1.1 201"));
  // Nothing for an address, nor for this machine's own names: other programs have ports there, too.
  CHECK(header_in(made, "Strict-Transport-Security").empty());
  for (const auto& [host, hsts] : {std::pair{"localhost:3000", ""},
                                   {"dits.localhost", ""},
                                   {"[::1]:3000", ""},
                                   {"dits.example.org:3000", "max-age=31536000"},
                                   {"notlocalhost", "max-age=31536000"}}) {
    CAPTURE(std::string(host));
    CHECK(header_in(curl("-H 'Host: " + std::string(host) + "' " + origin + "/healthz"),
                    "Strict-Transport-Security") == hsts);
  }
  const std::string cookie = header_in(made, "Set-Cookie");
  CHECK(cookie.starts_with("__Host-dits_session_"));
  for (const char* part : {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"})
    CHECK(cookie.find(part) != std::string::npos);
  CHECK(cookie.find("Domain") == std::string::npos);
  const std::string pair = cookie.substr(0, cookie.find(';'));
  const std::string me = origin + "/api/v1/auth/me";
  CHECK(curl("-b '" + pair + "' " + me).starts_with("HTTP/1.1 200"));
  // A page of plain HTTP on this host could have set that one.
  CHECK(curl("-b '" + pair.substr(std::string("__Host-").size()) + "' " + me).starts_with("HTTP/1.1 401"));
  CHECK(header_in(curl("-H 'Host: dits.example.org' " + origin + "/"), "Strict-Transport-Security") ==
        "max-age=31536000");
  const std::string out = curl("-b '" + pair + "' -X POST " + origin + "/api/v1/auth/logout");
  CHECK(header_in(out, "Set-Cookie").starts_with(pair.substr(0, pair.find('=')) + "=;"));
  CHECK(header_in(out, "Set-Cookie").find("Max-Age=0") != std::string::npos);
  CHECK(curl("-b '" + pair + "' " + me).starts_with("HTTP/1.1 401"));

  curl("--tls-max 1.1 " + origin + "/healthz");
  CHECK(code != 0);
  curl("--tlsv1.2 --tls-max 1.2 " + origin + "/healthz");
  CHECK(code == 0);
  // Its own health check asks it whatever name is in the certificate.
  std::string health;
  CHECK(run_binary_with_errors({"health",
                                "--host",
                                "localhost",
                                "--port",
                                std::to_string(server.port()),
                                "--tls-cert",
                                certificate.path(),
                                "--tls-key",
                                certificate.key()},
                               {},
                               health) == 0);
  // Who speaks plain HTTP to it is told.
  const Answer plain = server.client().get("/healthz");
  CHECK(plain.status == 400);
  CHECK(plain.body.find("begins with https://") != std::string::npos);
}

TEST_CASE("a certificate that is renewed is served without a start, one that can't be read never" *
          doctest::skip(!has_programs())) {
  const Certificate first;
  const Certificate second;
  const RunningServer server({"--tls-cert", first.path(), "--tls-key", first.key()});
  const std::string origin = "https://127.0.0.1:" + std::to_string(server.port());
  const auto trusts = [&](const Certificate& certificate) {
    int code = 0;
    shell_output("curl -sS --max-time 20 --cacert " + certificate.path() + " " + origin + "/healthz", code);
    return code == 0;
  };
  const std::string kept = first.directory.path() + "/kept.pem";
  std::filesystem::copy_file(first.path(), kept);
  CHECK(trusts(first));
  const auto replace = [&](const std::string& from, const std::string& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  };
  const auto waits_for = [&](const Certificate& certificate) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!trusts(certificate) && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return trusts(certificate);
  };
  // A certificate without its key is half of a renewal: the old one serves on.
  replace(second.path(), first.path());
  REQUIRE(::kill(server.process_id(), SIGHUP) == 0);
  int code = 0;
  for (int connection = 0; connection < 20; ++connection) {
    shell_output("curl -sS --max-time 20 --cacert " + kept + " " + origin + "/healthz", code);
    CHECK(code == 0);
  }
  // The other half is seen without a signal.
  replace(second.key(), first.key());
  CHECK(waits_for(second));
  // Two days from its beginning.
  const std::string metrics =
      shell_output("curl -sS --cacert " + second.path() + " " + origin + "/metrics", code);
  const std::size_t at = metrics.find("\ndits_certificate_expires_seconds ");
  REQUIRE(at != std::string::npos);
  const double left = std::stod(metrics.substr(metrics.find(' ', at))) - static_cast<double>(::time(nullptr));
  CHECK(left > 47 * 3600);
  CHECK(left < 49 * 3600);
}

// Whoever writes the same number of bytes into the same files and keeps their time has only the signal to
// tell of it.
TEST_CASE("SIGHUP alone has the certificate read again" * doctest::skip(!has_programs())) {
  const Certificate first;
  const Certificate second;
  const auto padded = [](const std::string& path) {
    std::string text = *read_file(path);
    text.resize(4000, '\n');
    return text;
  };
  const auto write_in_place = [](const std::string& path, const std::string& text) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    REQUIRE(file.write(text.data(), static_cast<std::streamsize>(text.size())));
  };
  const std::array<std::string, 2> served = {first.path(), first.key()};
  const std::array<std::string, 2> renewed = {padded(second.path()), padded(second.key())};
  for (const std::string& path : served) write_in_place(path, padded(path));
  const RunningServer server({"--tls-cert", first.path(), "--tls-key", first.key()});
  int code = 0;
  const auto is_served = [&] {
    shell_output("curl -sS --max-time 20 --cacert " + second.path() +
                     " https://127.0.0.1:" + std::to_string(server.port()) + "/healthz",
                 code);
    return code == 0;
  };
  for (std::size_t at = 0; at < served.size(); ++at) {
    const auto time = std::filesystem::last_write_time(served[at]);
    write_in_place(served[at], renewed[at]);
    std::filesystem::last_write_time(served[at], time);
  }
  CHECK_FALSE(is_served());
  REQUIRE(::kill(server.process_id(), SIGHUP) == 0);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_served() && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(code == 0);
}

TEST_CASE("the doctor tells when the certificate ends, and what is wrong with its files" *
          doctest::skip(!has_programs())) {
  int code = 0;
  const auto says = [](const std::string& output, std::string_view part) {
    CAPTURE(output);
    return output.find(part) != std::string::npos;
  };
  // Of two days, most of which are left: whoever renews such ones does so every day.
  const std::string good = Certificate(2, "DNS:dits.example.org,IP:127.0.0.1,IP:::1").diagnosis(code);
  CHECK(says(
      good,
      "ok       the TLS certificate ends in 47 hours; it is for dits.example.org, 127.0.0.1, ::1, from 20"));
  const std::string ended = Certificate(-1).diagnosis(code);
  CHECK(says(ended, "the TLS certificate has ended"));
  CHECK(says(ended, "renew the files of TLS_CERT and TLS_KEY"));
  CHECK(code != 0);
  // One whose time has not come is no good one.
  const Certificate early;
  early.begin_in(3);
  CHECK(says(early.diagnosis(code), "the TLS certificate is not valid yet: it begins in 2 days; it is for "));
  CHECK(code != 0);
  const Certificate mixed;
  std::filesystem::copy_file(
      Certificate().key(), mixed.key(), std::filesystem::copy_options::overwrite_existing);
  CHECK(says(mixed.diagnosis(code), "the key does not belong to the certificate"));
  CHECK(code != 0);
}

TEST_CASE("on plain HTTP there is no HSTS, unless a listed proxy says that it speaks TLS") {
  const RunningServer server({"--trusted-proxies", "127.0.0.1"});
  const Client client = server.client();
  CHECK(client.get("/healthz").header("Strict-Transport-Security").empty());
  const Answer behind =
      client.get("/healthz", {{"X-Forwarded-Proto", "https"}, {"Host", "dits.example.org"}});
  CHECK(behind.header("Strict-Transport-Security") == "max-age=31536000");
  const Answer made = client.post("/api/v1/auth/register",
                                  {{"setupToken", server.setup_token()},
                                   {"email", alice_email},
                                   {"name", "Alice"},
                                   {"password", good_password}},
                                  {{"X-Forwarded-Proto", "https"}});
  CHECK(made.header("Set-Cookie").starts_with("__Host-dits_session_"));
  const RunningServer other;
  CHECK(other.client()
            .get("/healthz", {{"X-Forwarded-Proto", "https"}, {"Host", "dits.example.org"}})
            .header("Strict-Transport-Security")
            .empty());
}

}  // namespace dits::test
