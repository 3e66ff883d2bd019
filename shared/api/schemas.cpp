#include "shared/api/schemas.hpp"

#include <algorithm>

#include "shared/api/service_schemas.hpp"

namespace dits::schemas {

namespace {

constexpr std::uint8_t settable = answer | create | change;
constexpr std::uint8_t settable_null = settable | nullable;
constexpr std::uint8_t required = answer | create_required | change;
constexpr std::uint8_t chosen = answer | create;  // may be given once: ids
constexpr std::uint8_t answer_null = answer | nullable;
constexpr std::uint8_t on_first_page = answer | optional;

constexpr Field id = {"id", Type::id, chosen, "UUIDv7; the client may choose it"};
constexpr Field created_at = {"createdAt", Type::time, answer};
constexpr Field updated_at = {"updatedAt", Type::time, answer};
constexpr Field deleted_at = {"deletedAt", Type::time, answer_null, "Set while it lies in the trash"};
constexpr std::string_view priorities = "NO_PRIORITY|LOW|MEDIUM|HIGH|URGENT";
constexpr std::string_view project_statuses = "ACTIVE|ARCHIVED|COMPLETED|ON_HOLD";
constexpr std::string_view relation_types = "BLOCKS|BLOCKED_BY|RELATES_TO|DUPLICATES|DUPLICATED_BY";
constexpr std::string_view entity_types =
    "user|project|area|issue|label|workflow|issue_relation|git_integration|comment|attachment|saved_view|api_"
    "token|session|studio";

constexpr Field user_fields[] = {
    {"id", Type::id, answer},
    {"email", Type::text, answer},
    {"name", Type::text, answer | change},
    {"avatar", Type::text, answer | change, "URL path or empty"},
    {"preferences", Type::object, answer | change, "Kept as the web app wrote it"},
    {"role", Type::word, answer, {}, "USER|ADMIN"},
    created_at,
    updated_at,
};

constexpr Field project_fields[] = {
    id,
    {"name", Type::text, required, "1 to 200 characters"},
    {"description", Type::text, settable, "Markdown, at most 256 KiB"},
    {"status", Type::word, settable, {}, project_statuses},
    {"startDate", Type::date, settable_null},
    {"endDate", Type::date, settable_null, "Not before startDate"},
    {"settings", Type::object, settable},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field area_fields[] = {
    id,
    {"name", Type::text, required, "1 to 200 characters"},
    {"description", Type::text, settable, "Markdown, at most 256 KiB"},
    {"color", Type::text, settable, "#RRGGBB"},
    {"settings", Type::object, settable},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field label_fields[] = {
    id,
    {"name", Type::text, required, "1 to 50 characters, unique whatever their case"},
    {"color", Type::text, settable, "#RRGGBB"},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field status_fields[] = {
    id,
    {"workflowId", Type::id, answer},
    {"name", Type::text, required, "1 to 50 characters, unique in its workflow"},
    {"color", Type::text, settable, "#RRGGBB"},
    {"position", Type::integer, settable, "Order within the workflow, from 0"},
    {"isClosed", Type::boolean, settable, "Issues here are done"},
    created_at,
    updated_at,
};

constexpr Field transition_fields[] = {
    {"from", Type::id, required, "A status of the workflow"},
    {"to", Type::ids, required, "Where issues may go from there"},
};

constexpr Field workflow_fields[] = {
    id,
    {"projectId", Type::id, settable_null, "null: for every project without its own"},
    {"name", Type::text, required, "1 to 100 characters"},
    {"isDefault", Type::boolean, answer},
    {"transitions", Type::list, settable, "Allowed moves; an empty list allows all", "Transition"},
    {"statuses", Type::list, required, "In order; PATCH takes the whole new list", "Status"},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field issue_fields[] = {
    id,
    {"number", Type::integer, answer, "Shown as #128"},
    {"title", Type::text, required, "1 to 500 characters, one line"},
    {"description",
     Type::text,
     settable | optional,
     "Markdown, at most 512 KiB; left out of lists unless asked for by fields"},
    {"priority", Type::word, settable, {}, priorities},
    {"statusId", Type::id, settable, "Without it: the default workflow's first status"},
    {"projectId", Type::id, settable_null},
    {"areaId", Type::id, settable_null},
    {"parentIssueId", Type::id, settable_null},
    {"startDate", Type::date, settable_null},
    {"dueDate", Type::date, settable_null, "Not before startDate"},
    {"completedAt", Type::time, answer_null, "Set while the status is closed"},
    {"position", Type::number, settable, "Manual order, lower first"},
    {"labelIds", Type::ids, settable},
    {"addLabelIds", Type::ids, change, "Labels to put on"},
    {"removeLabelIds", Type::ids, change, "Labels to take off"},
    {"override", Type::boolean, change, "Moves to a status that the workflow does not allow; audited"},
    {"metadata", Type::object, settable},
    {"version", Type::integer, answer, "Grows with every change; send it as If-Match"},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field issue_page_fields[] = {
    {"items", Type::list, answer, {}, "Issue"},
    {"nextCursor", Type::text, answer_null, "Give it as cursor to read on"},
};

constexpr Field bulk_step_fields[] = {
    {"id", Type::id, create_required},
    {"version", Type::integer, create, "The step is refused if the issue has another one"},
    {"patch", Type::reference, create, "Required unless action is given", "IssueChange"},
    {"action", Type::word, create, {}, "UPDATE|DELETE|RESTORE"},
};

constexpr Field bulk_fields[] = {
    {"changes",
     Type::list,
     create,
     "Each step its own; or issueIds with one patch or action for all; 1 to 10000 issues",
     "IssueBulkStep"},
    {"issueIds", Type::ids, create},
    {"versions",
     Type::integers,
     create,
     "Of each of issueIds: its step is refused if the issue has another one"},
    {"patch", Type::reference, create, {}, "IssueChange"},
    {"action", Type::word, create, {}, "UPDATE|DELETE|RESTORE"},
};

constexpr Field move_fields[] = {
    {"statusId", Type::id, create_required},
    {"override", Type::boolean, create, "Moves although the workflow does not allow it; audited"},
};

constexpr Field relation_fields[] = {
    id,
    {"sourceId", Type::id, answer},
    {"targetId", Type::id, answer | create_required},
    {"relationType", Type::word, answer | create_required, "As seen from the source", relation_types},
    created_at,
};

constexpr Field git_integration_fields[] = {
    id,
    {"issueId", Type::id, answer},
    {"provider", Type::word, settable, {}, "GITHUB|GITLAB|BITBUCKET|LOCAL"},
    {"repository", Type::text, required, "owner/name"},
    {"branchName", Type::text, settable_null},
    {"prUrl", Type::text, settable_null},
    {"commitHash", Type::text, settable_null, "7 to 64 hexadecimal digits"},
    {"metadata", Type::object, settable},
    created_at,
    updated_at,
};

constexpr Field comment_fields[] = {
    id,
    {"issueId", Type::id, answer},
    {"body", Type::text, required, "Markdown, at most 256 KiB"},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field attachment_fields[] = {
    {"id", Type::id, answer},
    {"issueId", Type::id, answer},
    {"fileName", Type::text, answer, "Without folders"},
    {"contentType", Type::text, answer, "Decided by the server from the bytes"},
    {"byteSize", Type::integer, answer},
    {"sha256", Type::text, answer, "Of the bytes, 64 hexadecimal digits"},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field saved_view_fields[] = {
    id,
    {"name", Type::text, required, "1 to 100 characters"},
    {"query", Type::text, settable, "The query language, at most 4 KiB"},
    {"settings", Type::object, settable, "Layout, grouping, columns"},
    {"position", Type::integer, settable},
    created_at,
    updated_at,
    deleted_at,
};

constexpr Field audit_fields[] = {
    {"changeId", Type::integer, answer, "Per user, without gaps, in commit order"},
    {"action", Type::word, answer, {}, "CREATE|UPDATE|DELETE|RESTORE|ARCHIVE"},
    {"entityType", Type::word, answer, {}, entity_types},
    {"entityId", Type::id, answer},
    {"oldValues", Type::object, answer_null},
    {"newValues", Type::object, answer_null},
    {"metadata", Type::object, answer},
    {"createdAt", Type::time, answer},
    {"ipAddress", Type::text, answer | optional, "Where it is one's own log that is asked for"},
    {"userAgent", Type::text, answer | optional},
};

constexpr Field snapshot_fields[] = {
    {"changeId", Type::integer, answer, "Ask for the changes since this one afterwards"},
    {"log", Type::text, on_first_page, "Give it with since: another one after a restore"},
    {"user", Type::reference, on_first_page, "This and the next ones are on the first page alone", "User"},
    {"projects", Type::list, on_first_page, {}, "Project"},
    {"areas", Type::list, on_first_page, {}, "Area"},
    {"labels", Type::list, on_first_page, {}, "Label"},
    {"workflows", Type::list, on_first_page, {}, "Workflow"},
    {"views", Type::list, on_first_page, {}, "SavedView"},
    {"relations", Type::list, on_first_page, {}, "IssueRelation"},
    {"gitIntegrations", Type::list, on_first_page, {}, "GitIntegration"},
    {"issues", Type::list, answer, "Without descriptions", "Issue"},
    {"nextCursor", Type::text, answer_null, "Give it as cursor to read more issues"},
};

constexpr Field issue_details_fields[] = {
    {"issue", Type::reference, answer, {}, "Issue"},
    {"relations", Type::list, answer, "Seen from the issue", "IssueRelation"},
    {"comments", Type::list, answer, {}, "Comment"},
    {"attachments", Type::list, answer, {}, "Attachment"},
    {"gitIntegrations", Type::list, answer, {}, "GitIntegration"},
    {"activity", Type::list, answer, "Newest first; /activity has them all", "AuditEntry"},
};

constexpr Field changes_fields[] = {
    {"changeId", Type::integer, answer},
    {"changes", Type::list, answer, {}, "AuditEntry"},
    {"hasMore", Type::boolean, answer},
};

constexpr Field register_fields[] = {
    {"setupToken", Type::text, create, "From the one-time link"},
    {"email", Type::text, create_required},
    {"name", Type::text, create_required},
    {"password", Type::text, create_required, "8 to 128 characters"},
};

constexpr Field login_fields[] = {
    {"email", Type::text, create_required},
    {"password", Type::text, create_required},
};

constexpr Field password_fields[] = {
    {"currentPassword", Type::text, create_required},
    {"newPassword", Type::text, create_required, "8 to 128 characters"},
};

constexpr Field token_fields[] = {
    {"id", Type::id, answer},
    {"name", Type::text, answer | create_required},
    {"scope", Type::word, answer | create, "READ unless given", "READ|WRITE|ADMIN"},
    {"prefix", Type::text, answer, "The token's beginning, to recognise it"},
    {"expiresAt", Type::time, answer | create | nullable},
    {"lastUsedAt", Type::time, answer_null},
    {"createdAt", Type::time, answer},
    {"token", Type::text, answer | optional, "The token itself, in the answer that makes it and never again"},
};

constexpr Field field_error_fields[] = {
    {"field", Type::text, answer},
    {"message", Type::text, answer},
};

constexpr Field problem_fields[] = {
    {"type", Type::text, answer},
    {"title", Type::text, answer},
    {"status", Type::integer, answer},
    {"code", Type::text, answer, "A stable word for programs"},
    {"detail", Type::text, answer, "A sentence for people"},
    {"errors", Type::list, answer | optional, "Every refused field of a body", "FieldError"},
    {"requestId", Type::text, answer | optional},
    {"current", Type::any, answer | optional, "With 412: what it is now"},
};

constexpr Schema schemas[] = {
    {"User", "The person who owns everything", user_fields},
    {"Project", "A finite body of work", project_fields},
    {"Area", "An ongoing sphere of responsibility", area_fields},
    {"Issue", "One task, bug or idea", issue_fields},
    {"IssueDetails", "An issue with all that hangs on it", issue_details_fields},
    {"IssuePage", "Part of a list of issues", issue_page_fields},
    {"IssueBulkStep", "One step of a bulk change", bulk_step_fields},
    {"IssueBulk", "A change of many issues in one transaction", bulk_fields},
    {"IssueMove", "A move to another status", move_fields},
    {"Label", "A coloured word put on issues", label_fields},
    {"Status", "A step of a workflow", status_fields},
    {"Transition", "Allowed moves from one status", transition_fields},
    {"Workflow", "The statuses issues may have and the moves between them", workflow_fields},
    {"IssueRelation", "A relation between two issues", relation_fields},
    {"GitIntegration", "A link to a branch, pull request or commit", git_integration_fields},
    {"Comment", "A comment on an issue", comment_fields},
    {"Attachment", "A file that hangs on an issue", attachment_fields},
    {"SavedView", "A query with a name", saved_view_fields},
    {"AuditEntry", "One change of one entity", audit_fields},
    {"SyncSnapshot", "Everything a user has", snapshot_fields},
    {"SyncChanges", "The changes since a change", changes_fields},
    {"Registration", "A new account", register_fields},
    {"Login", "Address and password", login_fields},
    {"PasswordChange", "A new password", password_fields},
    {"ApiToken", "A token for programs", token_fields},
    {"FieldError", "One refused field", field_error_fields},
    {"Problem", "An error (RFC 9457)", problem_fields},
};

bool has_use(const Schema& schema, std::uint8_t use) {
  return std::any_of(
      schema.fields.begin(), schema.fields.end(), [&](const Field& field) { return (field.use & use) != 0; });
}

}  // namespace

std::vector<Schema> all() {
  std::vector<Schema> list(std::begin(schemas), std::end(schemas));
  list.insert(list.end(), of_services().begin(), of_services().end());
  return list;
}

std::optional<Schema> find(std::string_view name) {
  for (const Schema& schema : all()) {
    if (schema.name == name) return schema;
  }
  return std::nullopt;
}

bool has_answer(const Schema& schema) { return has_use(schema, answer); }
bool has_create(const Schema& schema) { return has_use(schema, create | create_required); }
bool has_change(const Schema& schema) { return has_use(schema, change); }

}  // namespace dits::schemas
