// Unpacks the archives inside the executable: tar (ustar) compressed with zstd, made by our own build.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "server/embedded/cluster_user.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

// Into the existing directory; what is unpacked belongs to `owner` when it is given. Errors: unavailable
// (kind "disk_full" when that is the reason); internal for a broken archive.
Result<void> unpack_tar_zst(std::span<const std::byte> archive,
                            const std::string& directory,
                            const std::optional<ClusterUser>& owner);

}  // namespace dits::embedded
