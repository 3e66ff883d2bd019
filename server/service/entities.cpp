#include "server/service/entities.hpp"

namespace dits {

Error no_such(std::string_view noun) { return not_found("There is no such " + std::string(noun) + "."); }

Error explain_clash(Error error, std::string_view noun, std::string_view name_field) {
  if (error.kind != "unique_violation") return error;
  if (error.field.ends_with("_pkey")) {
    return {ErrorCode::conflict, "This id is taken.", "id", "id_taken"};
  }
  return {ErrorCode::conflict,
          "There is a " + std::string(noun) + " of this name already.",
          std::string(name_field),
          "name_taken"};
}

}  // namespace dits
