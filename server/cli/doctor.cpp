// `dits doctor`: what could be wrong with this machine, told before it matters.
#include <chrono>
#include <cstdio>

#include <sys/stat.h>
#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/files.hpp"
#include "server/base/version.hpp"
#include "server/cache/redis_link.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/doctor_backups.hpp"
#include "server/cli/doctor_database.hpp"
#include "server/cli/doctor_find.hpp"
#include "server/cli/port_holder.hpp"
#include "server/cli/running_servers.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/http/tls.hpp"
#include "server/jobs/alerts.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits::cli {

namespace {

constexpr std::int64_t little_disk = 512LL * 1024 * 1024;

void look_at_data_dir(const Config& config, Report& report) {
  struct stat status {};
  if (::stat(config.data_dir.c_str(), &status) != 0) {
    report.note("data directory " + config.data_dir + " is not there yet; the first start makes it");
    return;
  }
  if ((status.st_mode & 0077) != 0 && (status.st_mode & 0777) != 0711) {
    report.bad("data directory " + config.data_dir + " is open to others",
               "chmod 700 " + config.data_dir,
               [&config]() -> Result<std::string> {
                 if (::chmod(config.data_dir.c_str(), 0700) != 0)
                   return system_error("cannot change its mode");
                 return std::string("only you can read it now");
               });
  } else {
    report.good("data directory " + config.data_dir);
  }
  const std::int64_t free = free_disk_bytes(config.data_dir);
  if (free < little_disk) {
    report.bad("only " + readable_size(free) + " free on its disk",
               "make room: writes are refused when it is full");
  } else {
    report.good(readable_size(free) + " free on its disk");
  }
}

void look_at_redis(const Config& config, Report& report) {
  if (config.redis_url.is_empty()) return report.good("no Redis: the cache is in the server's own memory");
  const std::string url = without_password(config.redis_url.reveal());
  const Result<RedisUrl> place = parse_redis_url(config.redis_url.reveal());
  if (!place) return report.bad(place.error().message, "correct REDIS_URL (now " + url + ")");
  const auto redis = RedisLink::open(*place, std::chrono::milliseconds(500));
  if (redis) return report.good("Redis at " + url + " answers");
  report.bad(
      "Redis at " + url + ": " + redis.error().message,
      "is it running? redis-cli -u '" + url + "' ping; docker ps. Until then the server goes on without it");
}

void look_at_certificate(const Config& config, Timestamp now, Report& report) {
  if (config.tls_cert.empty()) return;
  const auto tls = http::TlsContext::load(config.tls_cert, config.tls_key);
  if (!tls)
    return report.bad(tls.error().message, "correct TLS_CERT and TLS_KEY: the next start would end with it");
  const http::CertificateDates dates = (*tls)->dates();
  const std::string names = (*tls)->names();
  const std::string facts = "; it is for " + (names.empty() ? "no host (subjectAltName)" : names) +
                            ", from " + to_string(date_of(dates.begins_at)) + " to " +
                            to_string(date_of(dates.ends_at));
  const auto until = [now](Timestamp time) {
    return std::chrono::seconds((time.unix_ms - now.unix_ms) / 1000);
  };
  const std::string end = "the TLS certificate " + certificate_end(until(dates.ends_at)) + facts;
  const char* const renewing =
      "renew the files of TLS_CERT and TLS_KEY; a running server reads them by itself";
  if (now < dates.begins_at) {
    report.bad("the TLS certificate " + certificate_begin(until(dates.begins_at)) + facts,
               "is the clock of this machine right? Else give TLS_CERT and TLS_KEY one that is valid");
  } else if (now >= dates.due_at) {
    report.bad(end, renewing);
  } else if (names.empty()) {
    report.bad(end, "browsers take it for no host: have one made with a subjectAltName");
  } else {
    report.good(end);
  }
}

// Running servers say through the database where they are; true when there is one.
bool look_at_running_servers(const DatabasePlace& place, Report& report) {
  const std::vector<Json> servers = figures_of_running_servers(place);
  for (const Json& server : servers)
    report.good("a DITS serves " + server.value("url", std::string("its port")));
  if (!servers.empty()) return true;
  if (place.is_embedded() && place.cluster->is_joined()) {
    report.good("a DITS serves this data directory");
    return true;
  }
  return false;
}

enum class Database { answers, is_away };

// Whether a server could take it. Whose it is nobody knows while the database is away.
void look_at_port(const Config& config, Report& report, Database database) {
  const std::string port = "port " + std::to_string(config.port) + " of " + config.host;
  const Result<void> listening = check_port(config);
  if (listening) {
    report.good(port + " is free");
  } else if (listening.error().kind == "port_taken" && database == Database::is_away) {
    report.note(port + " is taken, by a running DITS or by another program",
                "the database would know; until then: ss -ltnp");
  } else {
    report.bad(listening.error().message);
  }
}

// Errors: not_found, kind nothing_there.
Result<void> look_at_database(const Config& config, Report& report) {
  const auto place = open_database_place(config, OpenedBy::onlooker);
  if (!place && place.error().kind == nothing_there) {
    look_at_port(config, report, Database::answers);
    return place.error();
  }
  if (!place && place.error().kind == "upgrade_needed") {
    report.note(place.error().message);
    return {};
  }
  if (!place) {
    report.bad(place.error().message, advice_for_connection(place.error(), config));
    return {};
  }
  const auto owner = connect_as_owner(*place);
  if (!owner) {
    look_at_port(config, report, Database::is_away);
    report.bad("PostgreSQL does not let us in: " + owner.error().message,
               advice_for_connection(owner.error(), config));
    return {};
  }
  if (!look_at_running_servers(*place, report)) look_at_port(config, report, Database::answers);
  look_at_server(**owner, *place, config, report);
  look_at_schema(**owner, *place, report);
  look_at_identity(**owner, *place, config, report);
  look_at_tables(**owner, report);
  look_at_replicas(config, report);
  return {};
}

// What was deleted for ever, looked for wherever it may be.
Result<void> find_thing(const std::string& text, bool is_json, const Config& config) {
  const Result<Uuid> id = parse_uuid(text);
  if (!id) return invalid("--find", "--find needs an id as in an address of the API: 0190b5c8-….");
  Report report(false, is_json ? Report::Form::json : Report::Form::lines);
  const DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
  const auto owner = TRY(connect_as_owner(place));
  look_for(*owner, *id, report);
  SealKeys keys(config.backup_passphrase);
  look_for_in_backups(list_backups(backup_directory(config)), keys, *id, report);
  if (is_json) print_json({{"found", report.found()}, {"problems", report.problems()}});
  if (report.problems() == 0) return {};
  return internal("The log still tells what was written.");
}

}  // namespace

Result<void> doctor(const CommandLine& line, const Config& config) {
  if (line.has("--find")) return find_thing(line.get("--find"), line.has("--json"), config);
  const bool is_json = line.has("--json");
  Report report(line.has("--fix"), is_json ? Report::Form::json : Report::Form::lines);
  report.good("dits " + std::string(version_text()));
  for (const FieldError& doubt : config.doubts) report.note(doubt.field + " " + doubt.message);
  for (const GivenSetting& setting : config.given) report.good("set: " + setting.name + " " + setting.text);
  if (::geteuid() == 0) report.note("running as root", "a user of its own is safer");
  look_at_data_dir(config, report);
  look_at_backups(config, report, system_clock().now());
  look_at_attachments(config, report);
  if (config.is_embedded()) look_at_clusters(config, report);
  const Result<void> looked = look_at_database(config, report);
  look_at_redis(config, report);
  look_at_certificate(config, system_clock().now(), report);
  if (is_json) {
    print_json(
        {{"checks", report.found()}, {"problems", report.problems()}, {"repairable", report.repairable()}});
  } else if (report.repairable() > 0)
    std::printf("%d of this can be repaired: dits doctor --fix\n", report.repairable());
  if (report.problems() == 0) return looked;
  return internal(std::to_string(report.problems()) + (report.problems() == 1 ? " problem." : " problems."));
}

}  // namespace dits::cli
