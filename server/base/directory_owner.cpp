#include "server/base/directory_owner.hpp"

#include <algorithm>
#include <string_view>

#include "server/base/files.hpp"

namespace dits {

namespace {

std::string path_in(const std::string& directory) { return directory + "/identity"; }

}  // namespace

bool DirectoryOwner::is_embedded() const { return place == embedded_place; }

// Three lines: the identity, the place, the seat.
Result<std::optional<DirectoryOwner>> read_directory_owner(const std::string& directory) {
  const Result<std::string> text = read_file(path_in(directory));
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<DirectoryOwner>();
  if (!text) return text.error();
  std::string_view rest = *text;
  const auto next_line = [&rest] {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
  };
  const Result<Uuid> database = parse_uuid(next_line());
  if (!database) {
    return unavailable("The file " + path_in(directory) +
                       " names no database: its first line is not as DITS wrote it. Put the file back from a "
                       "copy of the directory, or remove it: the next start writes it anew when nothing "
                       "speaks against it.");
  }
  DirectoryOwner owner{*database, {}};
  owner.place = next_line();
  owner.seat = next_line();
  return std::optional<DirectoryOwner>(std::move(owner));
}

Result<void> write_directory_owner(const std::string& directory, const DirectoryOwner& owner) {
  return write_file_atomically(path_in(directory),
                               to_string(owner.database) + "\n" + owner.place + "\n" + owner.seat + "\n");
}

}  // namespace dits
