"""The program under test: a server that is started, killed, frozen and started again on one port, and its commands."""

import glob
import os
import signal
import subprocess

from support.http_call import status_of
from support.processes import free_port, processes_in, wait_until

EMAIL = "faults@dits.test"
PASSWORD = "correct horse battery"


def program() -> str:
    return os.path.abspath(os.environ.get("DITS_BINARY", "build/dits"))


class Dits:
    """`settings`: environment of the server and of its commands, such as DATABASE_URL. `user`: see plain_user(). `place`: where it works."""

    def __init__(self, data_dir: str, settings: dict = None, arguments=(), user: dict = None, log: str = None, place: str = "/"):
        self.data_dir, self.port = data_dir, free_port()
        self.environment = {**os.environ, "DITS_DATA_DIR": data_dir, "LOG_LEVEL": "warn", **(settings or {})}
        self.arguments, self.user, self.place = list(arguments), user or {}, place
        self.log_path = log or data_dir.rstrip("/") + ".log"
        self.process = None

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([program(), "--port", str(self.port), *self.arguments], env=self.environment, cwd=self.place,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, **self.user)

    def check_alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with the code {self.process.returncode}: {self.last_words()}")

    def is_ready(self) -> bool:
        self.check_alive()
        return status_of(self.port, "/readyz") == 200

    def start_until_ready(self, seconds: float = 60):
        self.start()
        wait_until(self.is_ready, "the server is ready", seconds)

    def last_words(self) -> str:
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return " | ".join(log.read().splitlines()[-3:])

    def command(self, *arguments: str, text: str = "") -> str:
        """What a command prints. Raises RuntimeError with its complaint."""
        done = self.attempt(*arguments, text=text)
        if done.returncode != 0:
            raise RuntimeError(f"dits {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def attempt(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess:
        return subprocess.run([program(), *arguments], input=text, capture_output=True, text=True, timeout=300, env=self.environment,
                              cwd=self.place, check=False, **self.user)

    def query(self, sql: str) -> str:
        return self.command("db", "shell", "--", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql)

    def make_account(self, *options: str) -> str:
        """A token that may write."""
        self.command(*options, "user", "add", EMAIL, "--name", "Faults", "--password-stdin", text=PASSWORD + "\n")
        return self.command(*options, "user", "token", EMAIL, "--scope", "write").split()[-1]

    def kill(self, number: int = signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait(timeout=60)

    def stop(self) -> int:
        """The exit code of an orderly end."""
        self.process.terminate()
        return self.process.wait(timeout=60)

    def postmaster(self):
        """Of the PostgreSQL inside; None: it does not run."""
        lines = self.postmaster_lines()
        return int(lines[0]) if lines else None

    def database_state(self) -> str:
        """ "starting", "ready", "stopping"; empty: it does not run."""
        lines = self.postmaster_lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def postmaster_lines(self) -> list:
        for path in glob.glob(os.path.join(self.data_dir, "cluster-*", "postmaster.pid")):
            try:
                with open(path, encoding="ascii") as file:
                    return file.readlines()
            except OSError:
                pass
        return []

    def database_processes(self) -> list:
        """Postmaster and backends of the PostgreSQL inside, the commands left out."""
        return [process for path in glob.glob(os.path.join(self.data_dir, "cluster-*")) for process in processes_in(os.path.realpath(path))]
