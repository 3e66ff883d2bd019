// The files that the executable carries: PostgreSQL, the web app, migrations, the seed.
// Names are paths with '/': "postgres/postgres.tar.zst", "web/index.html",
// "migrations/20260101000000_core/up.sql".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace dits {

struct EmbeddedFile {
  std::string_view name;
  std::span<const std::byte> bytes;

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

// All files, in no particular order.  Made by the build.
extern const std::span<const EmbeddedFile> embedded_table;

std::optional<EmbeddedFile> find_embedded_file(std::string_view name);

// The files whose names begin with `prefix`, in order of their names.
std::vector<EmbeddedFile> embedded_files_under(std::string_view prefix);

}  // namespace dits
