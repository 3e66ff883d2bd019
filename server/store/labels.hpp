// Labels in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/label.hpp"

namespace dits::store {

Result<std::vector<Label>> list_labels(Reader reader, UserId user_id, Presence presence = Presence::live);
// Deleted ones are found too.
Result<std::optional<Label>> find_label(Reader reader, UserId user_id, LabelId id);
// Live labels whose names, whatever their case, are among these.
Result<std::vector<Label>> find_labels_by_name(Reader reader,
                                               UserId user_id,
                                               const std::vector<std::string>& names);

// Errors of the writing calls: conflict (unique_violation) when a live label has the name, or any row has the
// id.
Result<void> insert_label(Transaction& transaction, UserId user_id, const Label& label);
Result<void> update_label(Transaction& transaction, UserId user_id, const Label& label);
Result<void> purge_label(Transaction& transaction, UserId user_id, LabelId id);

}  // namespace dits::store
