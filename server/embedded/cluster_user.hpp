// Which user PostgreSQL runs as. It refuses root, so a server started by root lends it another identity.
#pragma once

#include <string>

#include <sys/types.h>

#include "shared/core/result.hpp"

namespace dits::embedded {

struct ClusterUser {
  uid_t uid = 0;
  gid_t gid = 0;
  bool is_switched = false;  // we are root and become this user in the child
};

// Ourselves; for root the owner of an existing cluster, else the owner of the data directory, else a number
// of our own that needs no entry in /etc/passwd. Errors: unavailable, when the cluster belongs to somebody
// else.
Result<ClusterUser> choose_cluster_user(const std::string& data_dir, const std::string& cluster_dir);

// In a forked child: become this user for good. False: errno says why. Only system calls.
bool become(const ClusterUser& user);

}  // namespace dits::embedded
