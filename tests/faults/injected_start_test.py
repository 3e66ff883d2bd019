#!/usr/bin/env python3
"""The first start of a new data directory, with one system call failing.

The start unpacks PostgreSQL, makes the cluster, applies the migrations one by one and claims the directory. After each fault the next start, without
one, succeeds and has everything; no file of an unfinished step and no process is left."""

import re
import shutil
import sys
import unittest

from support.injection import Campaign, Place, Trace, counting_tracer, has_strace, temporary_files, wait_until_gone

START = ("--exit", "--port", "0", "--log-level", "warn")


@unittest.skipUnless(has_strace(), "strace is not here, or may not trace")
class InjectedStart(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        self.data, self.output = self.place.join("data"), self.place.join("trace")

    def test_a_first_start(self):
        done = self.place.run(self.data, *START, tracer=counting_tracer(self.output))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        migrations = self.migrations()
        campaign = Campaign("first start", Trace(self.output).calls(), ["openat", "write", "ftruncate", "recvfrom"])
        for injection in campaign.injections():
            wait_until_gone(self.place.path)
            shutil.rmtree(self.data)
            done = self.place.run(self.data, *START, tracer=injection.tracer(self.output))
            campaign.judge(injection, done, self.output)
            if left := wait_until_gone(self.data):
                campaign.complain(injection, f"the processes {left} are left")
            again = self.place.run(self.data, *START)
            if again.returncode != 0:
                campaign.complain(injection, f"the next start fails: {again.stderr.decode()[-300:]!r}")
                continue
            if left := temporary_files(self.data):
                campaign.complain(injection, f"left over: {left}")
            if self.migrations() != migrations:
                campaign.complain(injection, "the schema differs")
        print(campaign.report(), file=sys.stderr)
        self.assertEqual(campaign.complaints, [])
        self.assertGreater(campaign.hit, 0, "no fault was hit")

    def migrations(self) -> list:
        done = self.place.run(self.data, "db", "status")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return re.findall(r"\d{14}_\w+", done.stdout.decode())


if __name__ == "__main__":
    unittest.main()
