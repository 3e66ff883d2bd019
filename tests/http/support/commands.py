"""Commands of dits, run as a person types them: each test in a folder of its own, on the PostgreSQL inside."""

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
