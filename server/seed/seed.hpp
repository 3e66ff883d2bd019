// The sample data of a new instance: a demo user with a project, areas, labels and issues.
#pragma once

#include <string_view>

#include "server/service/context.hpp"
#include "server/service/passwords.hpp"

namespace dits {

// The account that seed/demo.json makes; everybody can read its password there.
inline constexpr std::string_view demo_email = "demo@dits.dev";

// What a run added; all zero when everything was there.
struct SeedSummary {
  int users = 0;
  int projects = 0;
  int areas = 0;
  int labels = 0;
  int issues = 0;
  int relations = 0;

  bool is_empty() const { return users + projects + areas + labels + issues + relations == 0; }
};

// Adds what seed/demo.json has and the database lacks, through the services. What has the same name counts as
// there, also in the trash, so a second run changes nothing and nothing that was deleted comes back.
Result<SeedSummary> seed_demo(ServiceContext& context, PasswordHasher& passwords);

// The same with another document, for tests.
Result<SeedSummary> seed_from(ServiceContext& context, PasswordHasher& passwords, std::string_view json);

}  // namespace dits
