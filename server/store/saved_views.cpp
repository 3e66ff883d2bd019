#include "server/store/saved_views.hpp"

#include "server/store/saved_views.sql.hpp"

namespace dits::store {

static SavedView saved_view_from_row(Row row) {
  return {row.id<SavedViewTag>(0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          std::string(row.text(3)),
          static_cast<std::int32_t>(row.int64(4)),
          row.timestamp(5),
          row.timestamp(6),
          row.optional_timestamp(7)};
}

Result<std::vector<SavedView>> list_saved_views(Reader reader, UserId user_id, Presence presence) {
  return all_of(TRY(reader.run(sql::list_saved_views, {user_id, presence == Presence::deleted})),
                saved_view_from_row);
}

Result<std::optional<SavedView>> find_saved_view(Reader reader, UserId user_id, SavedViewId id) {
  return first_of(TRY(reader.run(sql::find_saved_view, {user_id, id})), saved_view_from_row);
}

Result<void> insert_saved_view(Transaction& transaction, UserId user_id, const SavedView& view) {
  TRY(transaction.run(sql::insert_saved_view,
                      {user_id,
                       view.id,
                       view.name,
                       view.query,
                       view.settings,
                       view.position,
                       view.created_at,
                       view.updated_at}));
  return {};
}

Result<void> update_saved_view(Transaction& transaction, UserId user_id, const SavedView& view) {
  TRY(transaction.run(sql::update_saved_view,
                      {user_id,
                       view.id,
                       view.name,
                       view.query,
                       view.settings,
                       view.position,
                       view.updated_at,
                       view.deleted_at}));
  return {};
}

Result<void> purge_saved_view(Transaction& transaction, UserId user_id, SavedViewId id) {
  TRY(transaction.run(sql::purge_saved_view, {user_id, id}));
  return {};
}

}  // namespace dits::store
