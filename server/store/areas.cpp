#include "server/store/areas.hpp"

#include "server/store/areas.sql.hpp"

namespace dits::store {

static Area area_from_row(Row row) {
  return {row.id<AreaTag>(0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          std::string(row.text(3)),
          std::string(row.text(4)),
          row.timestamp(5),
          row.timestamp(6),
          row.optional_timestamp(7)};
}

Result<std::vector<Area>> list_areas(Reader reader, UserId user_id, Presence presence) {
  return all_of(TRY(reader.run(sql::list_areas, {user_id, presence == Presence::deleted})), area_from_row);
}

Result<std::optional<Area>> find_area(Reader reader, UserId user_id, AreaId id) {
  return first_of(TRY(reader.run(sql::find_area, {user_id, id})), area_from_row);
}

Result<void> insert_area(Transaction& transaction, UserId user_id, const Area& area) {
  TRY(transaction.run(sql::insert_area,
                      {user_id,
                       area.id,
                       area.name,
                       area.description,
                       area.color,
                       area.settings,
                       area.created_at,
                       area.updated_at}));
  return {};
}

Result<void> update_area(Transaction& transaction, UserId user_id, const Area& area) {
  TRY(transaction.run(sql::update_area,
                      {user_id,
                       area.id,
                       area.name,
                       area.description,
                       area.color,
                       area.settings,
                       area.updated_at,
                       area.deleted_at}));
  return {};
}

Result<void> purge_area(Transaction& transaction, UserId user_id, AreaId id) {
  TRY(transaction.run(sql::purge_area, {user_id, id}));
  return {};
}

}  // namespace dits::store
