#!/usr/bin/env python3
"""command_line_test.py [DITS] (else $DITS_BINARY): what an operator types, and what comes of it, on a database of its own.

Everything runs on the PostgreSQL inside, in a data directory made for the test."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DITS_BINARY", "build/native/dits"))
PASSWORD = "correct horse battery"


class Commands(unittest.TestCase):
    """A folder to stand in, and an environment without a word of DITS."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dits-commands-")
        os.chmod(self.folder, 0o755)  # as root, another user runs PostgreSQL
        self.data = os.path.join(self.folder, "data")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "DITS_DATA_DIR": self.data}

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_dits(self, *arguments, text="", more=None, stdout=subprocess.PIPE):
        return subprocess.run([PROGRAM, *arguments], input=text, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120, cwd=self.folder,
                              env={**self.environment, **(more or {})})

    def dits(self, *arguments, code=0, text="", more=None):
        done = self.run_dits(*arguments, text=text, more=more)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout if code == 0 else done.stdout + done.stderr

    def add_user(self, email, *more):
        return self.dits("user", "add", email, "--password-stdin", *more, text=PASSWORD + "\n")


class Nothing(Commands):
    def test_a_mistyped_data_directory_stays_a_mistyped_data_directory(self):
        for command in ["user list", "user passwd a@b.c --password-stdin", "user token a@b.c", "db info", "db status", "db reset --yes", "db shell",
                        "db upgrade", "db upgrade --check", "doctor", "doctor --fix", "doctor --find 01900000-0000-7000-8000-000000000001", "backup",
                        "backup --list", "backup --check", "export json --user a@b.c", "export csv --user a@b.c",
                        "export markdown --user a@b.c -o notes", "studio --port 0"]:
            with self.subTest(command=command):
                told = self.dits(*command.split(), code=7, text=PASSWORD + "\n", more={"PORT": "0"})
                self.assertRegex(told.splitlines()[-1], r"^dits: There is no (database|backup) in .*/data.*: is --data-dir \(DITS_DATA_DIR\) right\?")
                self.assertEqual(sorted(os.listdir(self.folder)), [])

    def test_what_begins_with_a_new_database_says_so(self):
        table = os.path.join(self.folder, "issues.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("title\nhello\n")
        for number, (command, code) in enumerate([("user add a@b.c --password-stdin", 0), (f"import csv {table} --user a@b.c", 1)]):
            with self.subTest(command=command):
                self.data = os.path.join(self.folder, f"data{number}")
                self.environment["DITS_DATA_DIR"] = self.data
                done = self.run_dits(*command.split(), text=PASSWORD + "\n")
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(f"a new, empty database was made in {self.data}\n", done.stderr)
                self.assertNotIn("a new, empty database", self.run_dits("user", "list").stderr)

    def test_a_check_without_a_backup_is_no_success(self):
        self.add_user("anna@example.org")
        self.assertIn("There is no backup in", self.dits("backup", "--check", code=7))
        self.assertIn("There is no backup in", self.dits("backup", "--list"))
        self.dits("backup")
        self.assertIn("good", self.dits("backup", "--check"))
        # A restore begins with a new database where there is none.
        backup = self.dits("backup").split(" ")[0]
        self.environment["DITS_DATA_DIR"] = os.path.join(self.folder, "elsewhere")
        done = self.run_dits("restore", backup, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("a new, empty database was made in", done.stderr)
        self.assertIn("anna@example.org", self.dits("user", "list"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
