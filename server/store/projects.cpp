#include "server/store/projects.hpp"

#include "server/store/enums.hpp"
#include "server/store/projects.sql.hpp"

namespace dits::store {

static Project project_from_row(Row row) {
  return {row.id<ProjectTag>(0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          enum_from_row(row.text(3), project_status_from_name),
          row.optional_date(4),
          row.optional_date(5),
          std::string(row.text(6)),
          row.timestamp(7),
          row.timestamp(8),
          row.optional_timestamp(9)};
}

Result<std::vector<Project>> list_projects(Reader reader, UserId user_id, Presence presence) {
  return all_of(TRY(reader.run(sql::list_projects, {user_id, presence == Presence::deleted})),
                project_from_row);
}

Result<std::optional<Project>> find_project(Reader reader, UserId user_id, ProjectId id) {
  return first_of(TRY(reader.run(sql::find_project, {user_id, id})), project_from_row);
}

Result<void> insert_project(Transaction& transaction, UserId user_id, const Project& project) {
  TRY(transaction.run(sql::insert_project,
                      {user_id,
                       project.id,
                       project.name,
                       project.description,
                       name_of(project.status),
                       project.start_date,
                       project.end_date,
                       project.settings,
                       project.created_at,
                       project.updated_at}));
  return {};
}

Result<void> update_project(Transaction& transaction, UserId user_id, const Project& project) {
  TRY(transaction.run(sql::update_project,
                      {user_id,
                       project.id,
                       project.name,
                       project.description,
                       name_of(project.status),
                       project.start_date,
                       project.end_date,
                       project.settings,
                       project.updated_at,
                       project.deleted_at}));
  return {};
}

Result<void> purge_project(Transaction& transaction, UserId user_id, ProjectId id) {
  TRY(transaction.run(sql::purge_project, {user_id, id}));
  return {};
}

}  // namespace dits::store
