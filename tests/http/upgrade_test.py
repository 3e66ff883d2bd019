#!/usr/bin/env python3
"""upgrade_test.py [DITS [KILLS]] (else $DITS_BINARY, 12): a data directory of PostgreSQL 15 comes up under the programs inside.

An account with 1,000 issues and attachments is made with the programs of a PostgreSQL 15 of this machine ($DITS_POSTGRES15_BIN).
The executable is started on it with its own PostgreSQL, killed with SIGKILL at random moments, and in the end left alone: what
`dits export json` writes must be the same, byte for byte, before and after. Meanwhile the port says that it is not ready, and why; a
second start is refused."""

import glob
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from needs import needs

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DITS_BINARY", "build/native/dits"))
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 12
OLD = os.environ.get("DITS_POSTGRES15_BIN", "/usr/lib/postgresql/15/bin")
EMAIL = "demo@dits.dev"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return None, ""
    finally:
        connection.close()


@needs(os.access(os.path.join(OLD, "postgres"), os.X_OK), "PostgreSQL 15")
class Upgrade(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="dits-upgrade-")
        os.chmod(self.directory, 0o755)  # as root, another user runs PostgreSQL
        self.data = os.path.join(self.directory, "data")
        self.port = free_port()

    def tearDown(self):
        shutil.rmtree(self.directory)

    def command(self, *arguments: str, code: int = 0) -> bytes:
        done = subprocess.run([PROGRAM, "--data-dir", self.data, *arguments], capture_output=True, timeout=300, cwd=self.directory)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout + (done.stderr if code else b"")

    def old(self, *arguments: str) -> bytes:
        return self.command("--pg-bindir", OLD, *arguments)

    def start(self, *arguments: str):
        return subprocess.Popen([PROGRAM, "--data-dir", self.data, "--port", str(self.port), *arguments], cwd=self.directory,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def stop(self, server):
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
        self.assertEqual(server.returncode, 0)

    def wait_until_ready(self):
        deadline = time.monotonic() + 120
        while get(self.port, "/readyz")[0] != 200:
            self.assertLess(time.monotonic(), deadline, "not ready after two minutes")
            time.sleep(0.02)

    def fill(self):
        """1,000 issues and ten attachments, by the old programs."""
        self.old("--seed", "--exit", "--port", "0")
        table = os.path.join(self.directory, "issues.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write("title,description\n")
            file.writelines(f"Überschrift {number} ⌘,\"Zeile\n\\. und \\N {number}\"\n" for number in range(1000))
        self.old("import", "csv", table, "--user", EMAIL)
        token = self.old("user", "token", EMAIL, "--scope", "write").decode().strip()
        server = self.start("--pg-bindir", OLD)
        self.wait_until_ready()
        headers = {"Authorization": f"Bearer {token}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/api/v1/issues?limit=10&fields=id", headers=headers)
        issues = json.loads(connection.getresponse().read())
        for number, issue in enumerate(issues.get("items", issues.get("data", []))):
            connection.request("POST", f"/api/v1/issues/{issue['id']}/attachments?name=file{number}.bin", os.urandom(20000),
                               {**headers, "Content-Type": "application/octet-stream"})
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, 201)
        connection.close()
        self.stop(server)

    def clusters(self):
        return sorted(os.path.basename(path) for path in glob.glob(os.path.join(self.data, "cluster-*")))

    def test_everything_comes_along(self):
        self.fill()
        before = self.old("export", "json", "--user", EMAIL)
        self.assertGreater(before.count(b"\n"), 1000)
        names = sorted(os.listdir(self.data))
        check = self.command("db", "upgrade", "--check").decode()
        self.assertIn("PostgreSQL 15", check)
        self.assertIn("needed", check)
        self.assertIn("made by PostgreSQL 15", self.command("doctor", "--port", str(self.port)).decode())
        self.assertEqual(sorted(os.listdir(self.data)), names, "a look has changed something")

        chance = random.Random(20261129)
        for number in range(KILLS):
            server = self.start()
            time.sleep(chance.random() * 2.5)
            server.kill()
            server.communicate()
            if any(name.startswith("cluster-15.") for name in self.clusters()):
                print(f"kill {number + 1} came after the switch", flush=True)
                break
            self.assertIn("cluster-15", self.clusters())
            if number == KILLS // 2:
                self.assertEqual(self.old("export", "json", "--user", EMAIL), before)

        server = self.start()
        told = set()
        is_refused = False
        deadline = time.monotonic() + 120
        while True:
            self.assertLess(time.monotonic(), deadline)
            status, text = get(self.port, "/readyz")
            if status == 200:
                break
            if status == 503:
                told.add(text)
                if not is_refused:
                    status, text = get(self.port, "/api/v1/issues")
                    if status == 503:
                        self.assertIn("upgraded from PostgreSQL 15", text)
                        second = self.command("user", "list", code=4).decode()
                        self.assertIn("another version of PostgreSQL", second)
                        is_refused = True
            time.sleep(0.01)
        print(f"told on the port: {len(told)} texts", flush=True)
        if not any(name.startswith("cluster-15.") for name in self.clusters()):
            self.fail(self.clusters())
        self.stop(server)
        self.assertEqual(self.command("export", "json", "--user", EMAIL), before)
        self.assertIn("kept", self.command("db", "upgrade", "--check").decode())
        self.assertIn("does not count any more", self.command("doctor", "--port", str(self.port)).decode())
        refused = self.command("--pg-bindir", OLD, "user", "list", code=3).decode()
        self.assertIn("made by PostgreSQL", refused)

    def test_the_port_tells_how_far_it_is(self):
        self.old("--seed", "--exit", "--port", "0")
        server = self.start("--log-level", "info")
        texts = set()
        deadline = time.monotonic() + 120
        while True:
            self.assertLess(time.monotonic(), deadline)
            status, text = get(self.port, "/readyz")
            if status == 200:
                break
            if status == 503:
                texts.add(json.loads(text)["checks"]["database"]["message"])
            time.sleep(0.005)
        self.assertTrue(any("upgraded from PostgreSQL 15 to" in text for text in texts), texts)
        server.send_signal(signal.SIGTERM)
        log = server.communicate(timeout=30)[1].decode()
        for step in ["writing a backup", "making the new one", "loading the rows", "in its place", "database upgraded"]:
            self.assertIn(step, log)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
