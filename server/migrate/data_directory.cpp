#include "server/migrate/data_directory.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/backup/backup.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/identity.hpp"

namespace dits {

namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::size_t folder_digits = 2;
constexpr std::string_view ask_seat =
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid FROM pg_database WHERE datname "
    "= "
    "current_database()";

bool is_embedded(const DatabaseFacts& database) { return database.place == embedded_place; }

std::string where(const std::string& place) {
  return place == embedded_place ? std::string("the one inside it") : "at " + place;
}

std::string described(const DirectoryOwner& owner) {
  return "the database " + to_string(owner.database) + " (" + where(owner.place) + ")";
}

std::string described(const DatabaseFacts& database) {
  const std::string place = " (" + where(database.place) + ")";
  if (database.identity) return "the database " + to_string(*database.identity) + place;
  return (database.has_accounts ? "a database of an earlier DITS" : "a new, empty database") + place;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Error foreign(std::string message) { return conflict(std::move(message), "foreign_directory"); }

// What the owner would lose.
bool holds_anything(const DirectoryFacts& directory) {
  return directory.has_attachments || directory.has_backups ||
         (directory.owner && directory.owner->is_embedded() && !directory.clusters.empty());
}

// The same database by its identity, but another one by where it is: one of the two is a copy.
bool is_copy(const DirectoryOwner& owner, const DatabaseFacts& database) {
  if (owner.is_embedded() != is_embedded(database)) return true;
  return !owner.seat.empty() && !database.seat.empty() && owner.seat != database.seat;
}

std::string way_back(const DirectoryFacts& directory, const DatabaseFacts& database) {
  const bool was_embedded = directory.owner->is_embedded();
  if (was_embedded && !is_embedded(database)) return "start without DATABASE_URL";
  if (!was_embedded && is_embedded(database)) return "start with its DATABASE_URL";
  if (!was_embedded) return "correct DATABASE_URL";
  if (!directory.clusters.empty())
    return "start DITS as before, with the PostgreSQL of " + listed(directory.clusters);
  return "restore one of its backups with dits restore";
}

Error belongs_to_another(const DirectoryFacts& directory, const DatabaseFacts& database) {
  return foreign(
      "The data directory " + directory.path + " belongs to " + described(*directory.owner) +
      ", and this would use it with " + described(database) +
      ", whose server would clear away the other's attachments and backups. Nothing was touched. To "
      "go on with the first one, " +
      way_back(directory, database) +
      "; for the second one give a data directory of its own with --data-dir.");
}

Error stands_elsewhere(const DirectoryFacts& directory, const DatabaseFacts& database) {
  return foreign(
      "The data directory " + directory.path + " was last used by " + described(*directory.owner) +
      ", and this is a copy of that database (" + where(database.place) +
      "): only one of the two may go on with these attachments and backups. To go on with the first "
      "one, " +
      way_back(directory, database) +
      "; to let this one take its place, restore a backup into it with dits restore, or, when it is "
      "up to date, remove " +
      directory.path + "/identity and start again.");
}

Error lies_beside_another(const DirectoryFacts& directory, const DatabaseFacts& database) {
  return foreign("The data directory " + directory.path + " holds " + listed(directory.clusters) +
                 ", and this start would use " + described(database) +
                 " beside it. Start DITS as before, with the PostgreSQL of " + listed(directory.clusters) +
                 "; or move that folder away when nothing in it is needed; or give another directory with "
                 "--data-dir.");
}

Error has_unknown_attachments(const DirectoryFacts& directory, const DatabaseFacts& database) {
  return foreign(
      "The folder " + directory.path + "/attachments holds files, and " + described(database) +
      " knows none of them: they belong to another database, and would be cleared away. Start with "
      "the database that they belong to; or restore its backup with dits restore; or move the "
      "folder away; or give another directory with --data-dir.");
}

Error has_foreign_attachments(const DirectoryFacts& directory, const DatabaseFacts& database) {
  return foreign("The folder " + directory.path + "/attachments belongs to " +
                 described(*directory.attachments_owner) + ", and this would use it with " +
                 described(database) +
                 ". Start with the first one, or restore its backup with dits restore; or move the folder "
                 "away; or give another directory with --data-dir.");
}

// "cluster-17".
bool is_cluster_name(const std::string& name) {
  constexpr std::string_view prefix = "cluster-";
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
}

Result<bool> has_files_of_attachments(const std::string& directory) {
  for (const std::string& folder : TRY(names_in(directory))) {
    if (folder.size() != folder_digits) continue;
    for (const std::string& name : TRY(names_in(directory + "/" + folder))) {
      if (name.size() == hash_digits - folder_digits) return true;
    }
  }
  return false;
}

// Empty where the login may not ask.
Result<std::string> read_seat(Connection& owner) {
  const Result<Rows> rows = owner.run_once(ask_seat);
  if (!rows && owner.is_broken()) return rows.error();
  return rows ? std::string((*rows)[0].text(0)) : std::string();
}

}  // namespace

Result<void> check_directory(const DirectoryFacts& directory, const DatabaseFacts& database) {
  if (directory.owner) {
    const bool is_own = database.identity && *database.identity == directory.owner->database;
    if (!is_own && holds_anything(directory)) return belongs_to_another(directory, database);
    if (is_own && is_copy(*directory.owner, database) && holds_anything(directory))
      return stands_elsewhere(directory, database);
    if (!is_own) return {};
  } else if (is_embedded(database) && !database.has_accounts && !directory.clusters.empty()) {
    return lies_beside_another(directory, database);
  }
  if (!directory.has_attachments) return {};
  if (directory.attachments_owner) {
    const bool is_own = database.identity && *database.identity == directory.attachments_owner->database;
    return is_own ? Result<void>() : has_foreign_attachments(directory, database);
  }
  // Nobody has claimed them. The PostgreSQL inside lies beside them, so that its accounts say enough.
  const bool is_known =
      directory.owner || database.knows_attachments || (is_embedded(database) && database.has_accounts);
  return is_known ? Result<void>() : has_unknown_attachments(directory, database);
}

Result<void> check_directory_for_restore(const DirectoryFacts& directory,
                                         const DatabaseFacts& database,
                                         const std::string& restored) {
  const bool is_free = !database.identity || !database.has_accounts;
  const auto becomes = [&](const DirectoryOwner& owner) {
    return (database.identity && *database.identity == owner.database) ||
           (is_free && restored == to_string(owner.database));
  };
  if (directory.owner && !becomes(*directory.owner) && holds_anything(directory))
    return belongs_to_another(directory, database);
  if (directory.attachments_owner && directory.has_attachments && !becomes(*directory.attachments_owner))
    return has_foreign_attachments(directory, database);
  return {};
}

Result<DirectoryFacts> read_directory(const Config& config, const std::string& cluster_in_use) {
  DirectoryFacts facts;
  facts.path = config.data_dir;
  const std::string attachments = backup_place(config).attachment_store;
  facts.owner = TRY(read_directory_owner(config.data_dir));
  facts.attachments_owner = TRY(read_directory_owner(attachments));
  facts.has_attachments = TRY(has_files_of_attachments(attachments));
  facts.has_backups = !TRY(find_backups(backup_directory(config))).empty();
  for (std::string& name : TRY(names_in(config.data_dir))) {
    if (is_cluster_name(name) && name != cluster_in_use) facts.clusters.push_back(std::move(name));
  }
  return facts;
}

Result<DatabaseFacts> read_database(Connection& owner,
                                    const Config& config,
                                    const DirectoryFacts& directory) {
  DatabaseFacts facts;
  facts.place = place_text(config);
  if (!is_embedded(facts)) facts.seat = TRY(read_seat(owner));
  facts.identity = TRY(read_identity(owner));
  const std::vector<Uuid> accounts = TRY(list_accounts(owner));
  facts.has_accounts = !accounts.empty();
  if (directory.owner || directory.attachments_owner || !directory.has_attachments) return facts;
  const std::string store = backup_place(config).attachment_store;
  facts.knows_attachments = TRY(names_attachment(owner, accounts, [&](const std::string& sha256) {
    const std::string path =
        store + "/" + sha256.substr(0, folder_digits) + "/" + sha256.substr(folder_digits);
    return ::access(path.c_str(), F_OK) == 0;
  }));
  return facts;
}

Result<void> claim_directory(const Config& config, const DirectoryFacts& seen, const DirectoryOwner& owner) {
  const std::string attachments = backup_place(config).attachment_store;
  TRY(make_directories(attachments));
  // One at a time: two databases may come upon a directory that nobody has claimed.
  const FileDescriptor directory(::open(config.data_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return system_error("cannot open " + config.data_dir);
  while (::flock(directory.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error("cannot lock " + config.data_dir);
  }
  const std::optional<DirectoryOwner> now = TRY(read_directory_owner(config.data_dir));
  if (now && now != seen.owner && now->database != owner.database) {
    DirectoryFacts taken = seen;
    taken.owner = now;
    return belongs_to_another(taken, {owner.database, owner.place, owner.seat});
  }
  if (now != owner) {
    TRY(write_directory_owner(config.data_dir, owner));
    log::info("data directory claimed",
              {{"path", config.data_dir}, {"database", to_string(owner.database)}, {"place", owner.place}});
  }
  if (TRY(read_directory_owner(attachments)) != owner) TRY(write_directory_owner(attachments, owner));
  return {};
}

std::string place_text(const Config& config) {
  return config.is_embedded() ? std::string(embedded_place) : without_password(config.database_url.reveal());
}

}  // namespace dits
