"""A PostgreSQL 15 and a Redis of this machine, which are killed, frozen and started again."""

import os
import signal
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from needs import needs
from support.processes import give_to_plain_user, plain_user, processes_in, wait_until

BIN = os.environ.get("DITS_POSTGRES15_BIN", "/usr/lib/postgresql/15/bin")
REDIS = os.environ.get("DITS_REDIS_SERVER", "/usr/bin/redis-server")


needs_postgres15 = needs(os.access(os.path.join(BIN, "postgres"), os.X_OK), "PostgreSQL 15")
needs_redis = needs(os.access(REDIS, os.X_OK), "Redis")


class Postgres15:
    """A cluster with the database "dits", which belongs to a plain owner; reached by a socket in `directory`."""

    def __init__(self, directory: str):
        os.makedirs(directory, 0o755)
        give_to_plain_user(directory)
        self.directory, self.cluster = directory, os.path.join(directory, "cluster")
        self.run("initdb", "-D", self.cluster, "-U", "super", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        self.process = None
        self.start_until_ready()
        self.ask("postgres", "CREATE ROLE plain LOGIN")
        self.ask("postgres", "CREATE DATABASE dits OWNER plain TEMPLATE template0")

    @property
    def url(self) -> str:
        return f"postgresql://plain@/dits?host={self.directory}&port=5432"

    def run(self, name: str, *arguments: str) -> str:
        done = subprocess.run([os.path.join(BIN, name), *arguments], capture_output=True, text=True, cwd=self.directory, check=False,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **plain_user())
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stderr}")
        return done.stdout

    def ask(self, database: str, sql: str) -> str:
        return self.run("psql", "-h", self.directory, "-U", "super", "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql)

    def start(self):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(BIN, "postgres"), "-D", self.cluster, "-k", self.directory, "-c",
                                             "listen_addresses="], cwd=self.directory, stdout=log, stderr=log,
                                            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **plain_user())

    def start_until_ready(self):
        """It refuses to start while the children of one that was killed are there."""
        self.start()

        def answers():
            if self.process.poll() is not None:
                self.start()
            try:
                return self.ask("postgres", "SELECT 1")
            except RuntimeError:
                return None

        wait_until(answers, "PostgreSQL 15 answers")

    def processes(self) -> list:
        return processes_in(self.cluster)

    def kill(self, number: int = signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait(timeout=60)


class Redis:
    def __init__(self, directory: str):
        os.makedirs(directory, 0o755)
        self.directory, self.process = directory, None
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.directory}/socket"

    def start(self):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen([REDIS, "--port", "0", "--unixsocket", os.path.join(self.directory, "socket"), "--dir",
                                             self.directory, "--save", ""], stdout=log, stderr=log)

    def kill(self, number: int = signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait(timeout=60)
