// A project: a finite body of work with a clear end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class ProjectStatus { active, archived, completed, on_hold };
std::string_view name_of(ProjectStatus status);  // "ACTIVE", "ARCHIVED", "COMPLETED", "ON_HOLD"
Result<ProjectStatus> project_status_from_name(std::string_view name);

struct Project {
  ProjectId id;
  std::string name;
  std::string description;
  ProjectStatus status = ProjectStatus::active;
  std::optional<Date> start_date;
  std::optional<Date> end_date;
  std::string settings = "{}";  // JSON object
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

struct ProjectPatch {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<ProjectStatus> status;
  std::optional<std::optional<Date>> start_date;  // inner nullopt clears
  std::optional<std::optional<Date>> end_date;
  std::optional<std::string> settings;
};

void apply(const ProjectPatch& patch, Project& project);
// Name 1..200 code points, description up to 256 KiB, start_date <= end_date. Errors: invalid.
Result<void> validate(const Project& project);

}  // namespace dits
