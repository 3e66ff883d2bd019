#include "tests/support/streaming_pair.hpp"

#include <csignal>

#include <doctest/doctest.h>
#include <sys/wait.h>

namespace dits::test {

StreamingPair::StreamingPair() {
  host_.make_cluster("primary");
  primary_ = host_.start_until_ready("primary", primary_port);
  host_.run("pg_basebackup",
            {"-D",
             host_.path() + "/replica",
             "-R",
             "-X",
             "stream",
             "-c",
             "fast",
             "--no-sync",
             "-d",
             "host=" + host_.path() + " port=5432 user=dits dbname=postgres"});
  start_replica();
}

StreamingPair::~StreamingPair() {
  for (const pid_t process : {replica_, primary_}) {
    if (process <= 0) continue;
    ::kill(process, SIGQUIT);
    ::kill(process, SIGCONT);
    ::waitpid(process, nullptr, 0);
  }
}

void StreamingPair::start_replica() { replica_ = host_.start_until_ready("replica", replica_port); }

void StreamingPair::signal_replica(int signal) const { REQUIRE(::kill(replica_, signal) == 0); }

void StreamingPair::kill_replica() {
  ::kill(replica_, SIGKILL);
  ::waitpid(replica_, nullptr, 0);
  replica_ = -1;
}

}  // namespace dits::test
