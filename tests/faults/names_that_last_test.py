#!/usr/bin/env python3
"""Whatever must last is synced, its bytes and its name, before it is said to be there: on a file system that keeps nothing else.

The system calls of the program itself are looked at (PostgreSQL sees to its own files)."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from support.dits import EMAIL, PASSWORD, Dits, program
from support.http_call import Caller
from support.injection import has_strace
from support.processes import children_of, give_to_plain_user, plain_user, send_signal, wait_until
from support.strict_disk import StrictDisk, tracer

# The files of PostgreSQL are its own; the rest says something about who runs now, or holds room, or is made anew.
PASSING = ["/cluster-[^/]*/", r"/lock$", r"/\.lock$", "/ballast(-start)?$", "/upgrade-status(.new)?$"]


@unittest.skipUnless(has_strace(), "strace is not here, or may not trace")
class NamesThatLast(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="dits-names-"))
        os.chmod(self.root, 0o755)
        self.home, self.trace = os.path.join(self.root, "home"), os.path.join(self.root, "trace")
        os.mkdir(self.home)
        give_to_plain_user(self.home)
        self.traces = 0
        self.server = Dits(os.path.join(self.home, "data"), user=plain_user(), log=os.path.join(self.root, "server.log"))

    def tearDown(self):
        shutil.rmtree(self.root)

    def traced(self) -> list:
        self.traces += 1
        self.trace = os.path.join(self.home, f"trace{self.traces}")
        return tracer(self.trace)

    def assert_all_lasts(self, what: str):
        disk = StrictDisk(self.home, [*PASSING, "/trace[0-9]*$"])
        disk.take(self.trace)
        self.assertEqual(disk.problems + disk.lost(), [], what)

    def run_traced(self, *arguments: str, text: str = ""):
        done = subprocess.run([*self.traced(), program(), *arguments], input=text, text=True, capture_output=True, timeout=300,
                              env=self.server.environment, cwd=self.home, check=False, **plain_user())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_all_lasts(" ".join(arguments))

    def test_everything_that_writes(self):
        self.run_traced("--exit", "--port", "0")
        self.server.start_until_ready()
        token = self.server.make_account()
        self.server.stop()

        process = subprocess.Popen([*self.traced(), program(), "--port", str(self.server.port)], env=self.server.environment, cwd=self.home,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **plain_user())
        self.server.process = process
        wait_until(self.server.is_ready, "the traced server is ready")
        caller = Caller(self.server.port, token, 30)
        issue = caller.call("POST", "/api/v1/issues", {"title": "With a file"}).json()["id"]
        for number in range(2):
            answer = caller.call("POST", f"/api/v1/issues/{issue}/attachments?name=a.bin", os.urandom(100_000),
                                 {"Content-Type": "application/octet-stream"})
            self.assertEqual(answer.status, 201)
        caller.close()
        send_signal(children_of(process.pid), signal.SIGKILL)
        process.wait(timeout=60)
        self.assert_all_lasts("an upload")

        self.run_traced("backup")
        backup = os.path.basename(glob.glob(os.path.join(self.server.data_dir, "backups", "*.sql.gz"))[0])
        words = os.path.join(self.root, "passphrase")
        with open(words, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        os.chmod(words, 0o600)
        give_to_plain_user(words)
        time.sleep(1)  # a name has seconds
        self.run_traced("--backup-passphrase-file", words, "backup")
        shutil.rmtree(glob.glob(os.path.join(self.server.data_dir, "attachments", "??"))[0])
        self.run_traced("restore", backup, "--yes")
        for arguments in (["json", "-o", "all.jsonl"], ["csv", "-o", "all.csv"], ["markdown", "-o", "all.tar"], ["markdown", "-o", "folder"]):
            self.run_traced("export", arguments[0], "--user", EMAIL, "-o", os.path.join(self.home, arguments[2]))
        self.run_traced("db", "new", "one_more", "--directory", os.path.join(self.home, "migrations"))

    def test_the_strict_disk_loses_what_it_must(self):
        disk = StrictDisk("/d", [])
        trace = os.path.join(self.root, "planted")

        def after(text: str) -> list:
            with open(trace, "w", encoding="utf-8") as file:
                file.write(text)
            disk.take(trace)
            return disk.lost()

        self.assertEqual(after('7 mkdir("/d/a", 0700) = 0\n'), ["the name /a"])
        self.assertEqual(after('7 openat(AT_FDCWD</d>, "/d/a/x", O_WRONLY|O_CREAT, 0600) = 5</d/a/x>\n'),
                         ["the name /a", "the name /a/x", "the bytes of /a/x"])
        self.assertEqual(after("7 fsync(5</d/a/x> <unfinished ...>\n8 fsync(9</e>) = 0\n7 <... fsync resumed>) = 0\n"),
                         ["the name /a", "the name /a/x"])
        self.assertEqual(after('7 rename("/d/a/x", "/d/a/y") = 0\n7 fsync(6</d>) = 0\n'), ["the name /a/y"])
        self.assertEqual(after("7 fsync(6</d/a>) = -1 EIO\n"), ["the name /a/y"])
        self.assertEqual(after("7 fsync(6</d/a>) = 0\n"), [])
        self.assertEqual(disk.problems, [])
        after('7 openat(AT_FDCWD</d>, "/d/z.new", O_WRONLY|O_CREAT, 0600) = 5</d/z.new>\n7 rename("/d/z.new", "/d/z") = 0\n')
        self.assertEqual(disk.problems, ["/z got its name before its bytes were synced"])
        self.assertEqual(after("7 syncfs(6</d>) = 0\n"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
