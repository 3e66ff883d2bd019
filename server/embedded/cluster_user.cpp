#include "server/embedded/cluster_user.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dits::embedded {

namespace {

constexpr uid_t private_uid = 64817;  // in the range that Debian leaves unused

}  // namespace

Result<ClusterUser> choose_cluster_user(const std::string& data_dir, const std::string& cluster_dir) {
  struct stat cluster {};
  const bool has_cluster = ::stat(cluster_dir.c_str(), &cluster) == 0;
  if (::geteuid() != 0) {
    if (has_cluster && cluster.st_uid != ::geteuid()) {
      return unavailable("The database in " + data_dir + " belongs to the user with the number " +
                         std::to_string(cluster.st_uid) +
                         (cluster.st_uid == private_uid ? " (it was made by a DITS that root started)" : "") +
                         ". Start DITS as before, or choose another --data-dir.");
    }
    return ClusterUser{::geteuid(), ::getegid(), false};
  }
  if (has_cluster && cluster.st_uid != 0) return ClusterUser{cluster.st_uid, cluster.st_gid, true};
  struct stat data {};
  if (::stat(data_dir.c_str(), &data) == 0 && data.st_uid != 0)
    return ClusterUser{data.st_uid, data.st_gid, true};
  return ClusterUser{private_uid, private_uid, true};
}

bool become(const ClusterUser& user) {
  return !user.is_switched ||
         (::setgroups(0, nullptr) == 0 && ::setresgid(user.gid, user.gid, user.gid) == 0 &&
          ::setresuid(user.uid, user.uid, user.uid) == 0);
}

}  // namespace dits::embedded
