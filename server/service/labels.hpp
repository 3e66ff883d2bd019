// Labels: the rules, the transaction and the audit row of each call.
#pragma once

#include <vector>

#include "server/service/audit.hpp"
#include "shared/model/label.hpp"

namespace dits {

// Live ones, by name.
Result<std::vector<Label>> list_labels(ServiceContext& context, const Viewer& viewer);
// Those in the trash are found too. Errors: not_found.
Result<Label> get_label(ServiceContext& context, const Viewer& viewer, LabelId id);
// Errors: invalid, conflict ("name_taken", "id_taken").
Result<Label> create_label(ServiceContext& context, const Viewer& viewer, Label draft);
Result<Label> update_label(ServiceContext& context,
                           const Viewer& viewer,
                           LabelId id,
                           const LabelPatch& patch);
// Takes the label off its issues and puts it into the trash: one undo step brings both back.
Result<void> remove_label(ServiceContext& context, const Viewer& viewer, LabelId id);
// The label alone. Errors: conflict when a live one has taken its name.
Result<Label> restore_label(ServiceContext& context, const Viewer& viewer, LabelId id);
// For good, and only from the trash.
Result<void> purge_label(ServiceContext& context, const Viewer& viewer, LabelId id);

// Within a transaction.
Result<Label> create_entity(AuditedTransaction& work, Label draft);
Result<Label> change_entity(AuditedTransaction& work, const Label& before, Label after);
Result<void> trash_entity(AuditedTransaction& work, const Label& before);

}  // namespace dits
