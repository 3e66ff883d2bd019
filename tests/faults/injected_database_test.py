#!/usr/bin/env python3
"""The PostgreSQL inside, whose own writes and syncs fail: what was acknowledged stays, and DITS brings it back by itself.

A failed sync of the log ends PostgreSQL (what the kernel has dropped can't be synced later), and it recovers; a write that fails refuses
its change. strace holds the whole family of processes while clients write; then it lets go."""

import glob
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from support.campaign import LONG, Campaign
from support.dits import Dits
from support.injection import has_strace
from support.processes import give_to_plain_user, plain_user, wait_until

FAULTS = [("fdatasync", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "EIO"), ("pwrite64", "EIO"), ("fdatasync", "ENOSPC"), ("openat", "ENOSPC"),
          ("pwritev", "EIO"), ("ftruncate", "EIO"), ("rename", "EIO"), ("openat", "EMFILE"), ("sendto", "EPIPE"), ("recvfrom", "EIO")]
NUMBERS = [1, 2, 3, 5, 9] if LONG else [1]
SECONDS = 10  # at most, for each


@unittest.skipUnless(has_strace(), "strace is not here, or may not trace")
class InjectedDatabase(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="dits-injected-database-", ignore_cleanup_errors=True)
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        give_to_plain_user(directory.name)
        self.output = os.path.join(directory.name, "trace")
        self.server = Dits(os.path.join(directory.name, "data"), user=plain_user())
        self.server.start_until_ready()
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.kill())
        self.hits = {}

    def inject(self, call: str, error: str, number: int):
        """strace at work on PostgreSQL until it hit, every process of it: the Nth call fails, and every fourth after that."""
        processes = self.server.database_processes()
        if os.path.exists(self.output):
            os.remove(self.output)
        strace = subprocess.Popen(["strace", "-f", "-o", self.output, "-e", f"trace={call}", "-e", "signal=none", "-e",
                                   f"inject={call}:error={error}:when={number}+4", *[f"-p{process}" for process in processes]],
                                  stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + SECONDS
        while self.hits_so_far() < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        strace.send_signal(signal.SIGINT)
        strace.wait()
        self.hits[call, error] = self.hits.get((call, error), 0) + self.hits_so_far()

    def hits_so_far(self) -> int:
        try:
            with open(self.output, errors="replace", encoding="utf-8") as file:
                return file.read().count("(INJECTED)")
        except FileNotFoundError:
            return 0

    def test_failing_disks(self):
        faults = {f"{call} {number}: {error}": lambda chance, call=call, error=error, number=number: self.inject(call, error, number)
                  for call, error in (FAULTS if LONG else FAULTS[:4]) for number in NUMBERS}
        campaign = Campaign("PostgreSQL whose calls fail", [self.server], faults, clients=3)
        campaign.begin()
        campaign.run(len(faults))
        problems = campaign.end()
        hits = ", ".join(f"{call} {error} {count}" for (call, error), count in self.hits.items())
        with open(glob.glob(os.path.join(self.server.data_dir, "cluster-*", "postgresql.log"))[0], encoding="utf-8", errors="replace") as log:
            text = log.read()
        print(f"hit: {hits}; PostgreSQL gave up {text.count('PANIC:')} times and recovered {text.count('redo done')} times", file=sys.stderr)
        self.assertEqual(problems, [])
        self.assertGreater(sum(self.hits.values()), 0, "no fault was hit")
        wait_until(self.server.is_ready, "the server is ready")
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.server.database_processes(), [])


if __name__ == "__main__":
    unittest.main()
