#include "server/store/trash.hpp"

#include "server/store/enums.hpp"
#include "server/store/trash.sql.hpp"

namespace dits::store {

Result<std::vector<TrashItem>> list_expired_trash(Reader reader,
                                                  UserId user_id,
                                                  Timestamp deleted_before,
                                                  std::int64_t limit) {
  return all_of(TRY(reader.run(sql::list_expired_trash, {user_id, deleted_before, limit})), [](Row row) {
    return TrashItem{enum_from_row(row.text(0), entity_type_from_name), row.uuid(1)};
  });
}

}  // namespace dits::store
