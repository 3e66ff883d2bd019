#!/usr/bin/env python3
"""Commands that write, with one system call failing: backup, restore, a later start, an upgrade from PostgreSQL 15.

After each fault the data are those of before or those of after, whole; the same command succeeds without the fault; no file of an
unfinished step and no process is left."""

import os
import sys
import unittest

from support.databases import BIN as OLD
from support.databases import needs_postgres15
from support.dits import Dits
from support.http_call import Caller
from support.injection import Campaign, Place, Trace, counting_tracer, has_strace, temporary_files, wait_until_gone
from support.processes import plain_user

EMAIL = "demo@dits.dev"
NOTHING_THERE = 7  # the code of a command that has nothing to look at
START = ("--exit", "--port", "0", "--log-level", "warn")


@unittest.skipUnless(has_strace(), "strace is not here, or may not trace")
class InjectedCommands(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        self.data, self.output = self.place.join("data"), self.place.join("trace")

    def run_well(self, *arguments: str, data: str = None, text: str = "") -> bytes:
        done = self.place.run(data or self.data, *arguments, text=text)
        self.assertEqual(done.returncode, 0, (arguments, done.stderr.decode()))
        return done.stdout

    def export(self, *arguments: str) -> bytes:
        return self.run_well("export", "json", "--user", EMAIL, *arguments)

    def keep_as(self, name: str) -> str:
        """The data directory as it is, to start from again and again."""
        wait_until_gone(self.place.path)
        kept = self.place.join(name)
        os.rename(self.data, kept)
        return kept

    def bring_back(self, kept: str):
        wait_until_gone(self.place.path)
        self.place.copy(kept, "data")

    def plant_file(self) -> str:
        """The path of an attachment of the demo: what a backup and a restore carry."""
        token = self.run_well("user", "token", EMAIL, "--scope", "write").split()[-1].decode()
        server = Dits(self.data, user=plain_user())
        server.start_until_ready()
        caller = Caller(server.port, token, 30)
        issue = caller.call("GET", "/api/v1/issues?limit=1").json()["items"][0]["id"]
        answer = caller.call("POST", f"/api/v1/issues/{issue}/attachments?name=demo.bin", os.urandom(200_000),
                             {"Content-Type": "application/octet-stream"})
        caller.close()
        self.assertEqual((answer.status, server.stop()), (201, 0))
        name = answer.json()["sha256"]
        return os.path.join(self.data, "attachments", name[:2], name[2:])

    def campaign(self, name: str, kept: str, arguments, short, look, again=None):
        """`look(injection, code)`: what does not fit after the faulty run; `again`: the command that must then succeed."""
        self.bring_back(kept)
        done = self.place.run(self.data, *arguments, tracer=counting_tracer(self.output))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        campaign = Campaign(name, Trace(self.output).calls(), short)
        for injection in campaign.injections():
            self.bring_back(kept)
            done = self.place.run(self.data, *arguments, tracer=injection.tracer(self.output))
            campaign.judge(injection, done, self.output)
            if left := wait_until_gone(self.data):
                campaign.complain(injection, f"the processes {left} are left")
            try:
                for problem in look(injection, done.returncode):
                    campaign.complain(injection, problem)
            except AssertionError as error:
                campaign.complain(injection, f"what is left is of no use: {error}"[:600])
                continue
            repeated = self.place.run(self.data, *(again or arguments))
            if repeated.returncode != 0:
                campaign.complain(injection, f"the next run fails: {repeated.stderr.decode()[-300:]!r}")
            elif left := temporary_files(self.data):
                campaign.complain(injection, f"left over: {left}")
        print(campaign.report(), file=sys.stderr, flush=True)
        self.assertEqual(campaign.complaints, [])
        self.assertGreater(campaign.hit, 0, "no fault was hit")

    def test_a_backup(self):
        self.run_well("--seed", *START)
        self.plant_file()
        kept = self.keep_as("kept")

        def look(injection, code):
            checked = self.place.run(self.data, "backup", "--check")
            if checked.returncode == NOTHING_THERE:
                folder = os.path.join(self.data, "backups")
                left = [name for name in os.listdir(folder) if name.startswith("dits_backup")] if os.path.isdir(folder) else []
                if code == 0 or left:
                    yield f"code {code}, and no backup is found beside {left}"
                return
            self.assertEqual(checked.returncode, 0, checked.stderr.decode())
            listed = checked.stdout.decode()
            if code == 0 and listed.count("  good") != 1:
                yield f"code 0, and the backups are {listed!r}"
            if code != 0 and "dits_backup" in listed and listed.count("  good") != 1:
                yield f"a bad backup: {listed!r}"

        self.campaign("backup", kept, ["backup"], ["openat", "write", "rename"], look)

    def test_a_restore(self):
        self.run_well("--seed", *START)
        path = self.plant_file()
        backup = self.run_well("backup").split()[0].decode()
        then = self.export()
        self.run_well("db", "shell", "--", "-q", "-c", "UPDATE issues SET title = 'Later ' || title; DELETE FROM attachments")
        os.remove(path)
        now = self.export()
        self.assertNotEqual(now, then)
        kept = self.keep_as("kept")

        def look(injection, code):
            found = self.export()
            if found not in (now, then):
                yield "the data are neither the old nor the new ones"
            if code == 0 and found != then:
                yield "code 0, and nothing was restored"
            if found == then and not os.path.exists(path):
                yield "the rows of an attachment are there, and its file is not"

        self.campaign("restore", kept, ["restore", os.path.basename(backup), "--yes"], ["write", "fsync", "sendto"], look)

    def test_a_later_start(self):
        self.run_well("--seed", *START)
        self.plant_file()
        before = self.export()
        kept = self.keep_as("kept")

        def look(injection, code):
            if self.export() != before:
                yield "the data differ"
            clusters = [name for name in os.listdir(self.data) if name.startswith("cluster-")]
            if len(clusters) != 1:
                yield f"there are {clusters}"

        self.campaign("later start", kept, START, ["getdents64", "clone"], look)

    @needs_postgres15
    def test_an_upgrade(self):
        self.run_well("--pg-bindir", OLD, "--seed", *START)
        before = self.export("--pg-bindir", OLD)
        kept = self.keep_as("kept")

        def look(injection, code):
            clusters = [name for name in os.listdir(self.data) if name.startswith("cluster-") and name.removeprefix("cluster-").isdigit()]
            old = ["--pg-bindir", OLD] if "cluster-15" in clusters and len(clusters) == 1 else []
            if code == 0 and old:
                yield "code 0, and nothing was upgraded"
            if not (old or "cluster-15" not in clusters):
                return  # the switch lacks its last step: the next start takes it
            if self.export(*old) != before:
                yield "the data differ"

        self.campaign("upgrade", kept, ["db", "upgrade"], ["syncfs", "rename"], look)
        self.assertEqual(self.export(), before)


if __name__ == "__main__":
    unittest.main()
