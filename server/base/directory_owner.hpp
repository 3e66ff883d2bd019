// Whose a directory is: a file `identity` in the data directory, and another in its attachments/, names the
// database that they belong to.
#pragma once

#include <optional>
#include <string>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct DirectoryOwner {
  Uuid database;      // its identity
  std::string place;  // where it was when the file was written: embedded_place, or a URL without its password

  // The PostgreSQL and the database in it, "7581…/16384", by which a copy is told from the original; empty:
  // embedded, where the directory says it, or not known.
  std::string seat = {};

  bool is_embedded() const;
  friend bool operator==(const DirectoryOwner&, const DirectoryOwner&) = default;
};

inline constexpr const char* embedded_place = "embedded";

// None: nobody has claimed the directory, or it is not there. Errors: unavailable, when the file can't be
// read or names no database.
Result<std::optional<DirectoryOwner>> read_directory_owner(const std::string& directory);

// Errors: unavailable.
Result<void> write_directory_owner(const std::string& directory, const DirectoryOwner& owner);

}  // namespace dits
