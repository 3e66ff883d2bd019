#include "shared/model/issue_fields.hpp"

#include "shared/core/names.hpp"
#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr Names<issue_field_count> field_names = {"id",
                                                  "number",
                                                  "title",
                                                  "description",
                                                  "priority",
                                                  "statusId",
                                                  "projectId",
                                                  "areaId",
                                                  "parentIssueId",
                                                  "startDate",
                                                  "dueDate",
                                                  "completedAt",
                                                  "position",
                                                  "labelIds",
                                                  "metadata",
                                                  "version",
                                                  "createdAt",
                                                  "updatedAt",
                                                  "deletedAt"};

}  // namespace

std::string_view name_of(IssueField field) { return name_in(field_names, field); }

Result<IssueFields> parse_issue_fields(std::string_view list) {
  IssueFields fields;
  while (true) {
    const std::size_t comma = list.find(',');
    fields.add(TRY(value_in<IssueField>(field_names, trim(list.substr(0, comma)), "fields")));
    if (comma == std::string_view::npos) return fields;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace dits
