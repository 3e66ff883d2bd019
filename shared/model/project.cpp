#include "shared/model/project.hpp"

#include "shared/core/names.hpp"
#include "shared/model/checks.hpp"

namespace dits {

namespace {

constexpr Names<4> status_names = {"ACTIVE", "ARCHIVED", "COMPLETED", "ON_HOLD"};

}  // namespace

std::string_view name_of(ProjectStatus status) { return name_in(status_names, status); }
Result<ProjectStatus> project_status_from_name(std::string_view name) {
  return value_in<ProjectStatus>(status_names, name, "status");
}

void apply(const ProjectPatch& patch, Project& project) {
  if (patch.name) project.name = *patch.name;
  if (patch.description) project.description = *patch.description;
  if (patch.status) project.status = *patch.status;
  if (patch.start_date) project.start_date = *patch.start_date;
  if (patch.end_date) project.end_date = *patch.end_date;
  if (patch.settings) project.settings = *patch.settings;
}

Result<void> validate(const Project& project) {
  Refusals refusals;
  check_name(refusals, "name", project.name, 200);
  check_long_text(refusals, "description", project.description, max_long_text_bytes);
  check_order(refusals, "endDate", project.start_date, project.end_date);
  return refusals.result();
}

}  // namespace dits
