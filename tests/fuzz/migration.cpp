// Whatever its name and its two files, a migration is read without harm: only under a name that sorts by its
// time, and by the text of its SQL.
#include <string>
#include <string_view>

#include "server/base/crypto.hpp"
#include "server/migrate/migration_files.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first line is the name, the second the description, and the rest SQL.
  const std::size_t end_of_name = std::min(text.find('\n'), size);
  const std::string_view rest = text.substr(std::min(end_of_name + 1, size));
  const std::size_t end_of_json = std::min(rest.find('\n'), rest.size());
  const std::string name(text.substr(0, end_of_name));
  const std::string sql(rest.substr(std::min(end_of_json + 1, rest.size())));
  const fuzz::Budget budget(size, 5'000);
  const Result<Migration> migration = parse_migration(name, sql, rest.substr(0, end_of_json));
  if (!migration) return 0;
  fuzz::require(is_migration_name(name) && name.find_first_of("/.\\") == std::string::npos);
  fuzz::require(migration->name == name && migration->sql == sql && migration->checksum == hex(sha256(sql)));
  const std::string json =
      std::string("{\"transaction\": ") + (migration->is_transactional ? "true}" : "false}");
  const Result<Migration> again = parse_migration(name, sql, json);
  fuzz::require(again && again->is_transactional == migration->is_transactional);
  return 0;
}
