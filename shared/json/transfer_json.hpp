// The file that `dits export json` writes: one JSON object a line, each with one member that says what it is.
// The format is described in docs/export.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/model/area.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/audit.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"
#include "shared/model/relation.hpp"
#include "shared/model/saved_view.hpp"
#include "shared/model/user.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

constexpr std::int64_t transfer_version = 1;
// Of issues, versions and changes: 2^53 - 1, up to which every reader of JSON counts exactly, and far from
// where one more is none.
constexpr std::int64_t max_transfer_count = 9'007'199'254'740'991;
// Bytes of a file in one line; a line is at most four times as long as the largest text of an issue.
constexpr std::size_t transfer_part_bytes = std::size_t{192} * 1024;

// The first line. Of the user: e-mail address, name, avatar, preferences and times.
struct TransferHeader {
  User user;
  std::int64_t last_change_id = 0;
  std::int64_t last_issue_number = 0;
};

// A piece of a file; all pieces of one file follow each other.
struct TransferPart {
  std::string sha256;  // of the whole file
  std::string data;    // base64url without padding
};

// The last line: how many lines stand before it. A file without it was cut off.
struct TransferEnd {
  std::int64_t lines = 0;
};

using TransferRecord = std::variant<TransferHeader,
                                    Project,
                                    Area,
                                    Label,
                                    Workflow,
                                    Issue,
                                    IssueRelation,
                                    GitIntegration,
                                    Comment,
                                    TransferPart,
                                    Attachment,
                                    SavedView,
                                    AuditEntry,
                                    TransferEnd>;

// The record as a line, with its line end.
std::string transfer_line(const TransferRecord& record);
// Validated as what a client sends. Errors: invalid, with what is wrong. `missing` gets the members that this
// program writes and the line does not have, although it can be read without: it was changed, or comes from
// another version.
Result<TransferRecord> transfer_record_from_line(std::string_view line, std::vector<std::string>& missing);

}  // namespace dits
