#include "server/store/labels.hpp"

#include "server/store/labels.sql.hpp"

namespace dits::store {

static Label label_from_row(Row row) {
  return {row.id<LabelTag>(0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          row.timestamp(3),
          row.timestamp(4),
          row.optional_timestamp(5)};
}

Result<std::vector<Label>> list_labels(Reader reader, UserId user_id, Presence presence) {
  return all_of(TRY(reader.run(sql::list_labels, {user_id, presence == Presence::deleted})), label_from_row);
}

Result<std::optional<Label>> find_label(Reader reader, UserId user_id, LabelId id) {
  return first_of(TRY(reader.run(sql::find_label, {user_id, id})), label_from_row);
}

Result<std::vector<Label>> find_labels_by_name(Reader reader,
                                               UserId user_id,
                                               const std::vector<std::string>& names) {
  return all_of(TRY(reader.run(sql::find_labels_by_name, {user_id, names})), label_from_row);
}

Result<void> insert_label(Transaction& transaction, UserId user_id, const Label& label) {
  TRY(transaction.run(sql::insert_label,
                      {user_id, label.id, label.name, label.color, label.created_at, label.updated_at}));
  return {};
}

Result<void> update_label(Transaction& transaction, UserId user_id, const Label& label) {
  TRY(transaction.run(sql::update_label,
                      {user_id, label.id, label.name, label.color, label.updated_at, label.deleted_at}));
  return {};
}

Result<void> purge_label(Transaction& transaction, UserId user_id, LabelId id) {
  TRY(transaction.run(sql::purge_label, {user_id, id}));
  return {};
}

}  // namespace dits::store
