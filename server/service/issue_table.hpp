// The table of issues (CSV) that the export writes and the import reads.
#pragma once

#include <array>
#include <string_view>

namespace dits {

// The columns in the order in which the export writes them; the import takes any of them in any order.
constexpr std::array<std::string_view, 14> issue_table_columns{"number",
                                                               "title",
                                                               "description",
                                                               "status",
                                                               "priority",
                                                               "project",
                                                               "area",
                                                               "labels",
                                                               "parent",
                                                               "start",
                                                               "due",
                                                               "completed",
                                                               "created",
                                                               "updated"};

}  // namespace dits
