"""What the benchmarks start, and how they are looked at: DITS, a PostgreSQL 15 of their own, nginx. Each is ended by its id."""

import glob
import http.client
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


class Trouble(Exception):
    """Something that the person at the keyboard can mend; the text says how."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_directory():
    return os.environ.get("DITS_POSTGRES15_BIN", "/usr/lib/postgresql/15/bin")


def need_tool(name):
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", postgres_directory()]))
    if not path:
        raise Trouble(f"{name} is missing: scripts/deps --bench installs it (and --test the browser)")
    return path


def need_space(directory, megabytes):
    free = shutil.disk_usage(directory).free // 1_000_000
    if free < megabytes:
        raise Trouble(f"only {free:,} MB are free on the disk of {directory}, and {megabytes:,} MB are needed: "
                      "free some space, or give --work-dir a folder on a larger disk")


def descendants(process):
    parents = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
    found, front = [], [process]
    while front:
        found += front
        front = [child for one in front for child in parents.get(one, [])]
    return found


def cpu_of(processes, with_ended=True):
    """Seconds of CPU that these processes used, and their children that have ended."""
    ticks = 0
    for process in processes:
        try:
            with open(f"/proc/{process}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in fields[11:15 if with_ended else 13])
    return ticks / TICK


def pss_of(processes):
    """Megabytes of memory, what is shared counted in parts."""
    total = 0
    for process in processes:
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += sum(int(row.split()[1]) for row in file if row.startswith("Pss:"))
        except (OSError, ValueError):
            continue
    return total / 1024


def end(process, seconds=30):
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# Large portions for the inverted indexes while the data goes in.
BULK = "-c gin_pending_list_limit=256MB -c synchronous_commit=off"


class Database:
    """SQL as the one who may do anything, through psql."""

    def __init__(self, host, user, name="dits"):
        self.host, self.user, self.name = host, user, name

    def arguments(self):
        return [os.path.join(postgres_directory(), "psql"), "-h", self.host, "-U", self.user, "-d", self.name, "-XAtq", "-v", "ON_ERROR_STOP=1"]

    def ask(self, sql):
        done = subprocess.run(self.arguments() + ["-c", sql], capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"the database refused a statement of the benchmark: {done.stderr.strip()}\n  {sql[:300]}")
        return done.stdout.strip()

    run = ask

    def copy(self, columns, lines):
        with subprocess.Popen(self.arguments() + ["-c", f"COPY {columns} FROM STDIN"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", bufsize=1 << 20, env={**os.environ, "PGOPTIONS": BULK}) as process:
            try:
                for text in lines:
                    process.stdin.write(text)
                process.stdin.close()
            except BrokenPipeError:
                pass
            errors = process.stderr.read()
        if process.returncode != 0:
            raise Trouble(f"the data did not go into {columns.split(' ')[0]}: {errors.strip()}")


class Postgres15:
    """This machine's PostgreSQL 15 with its default settings, in a cluster of our own; `plain` owns the database and nothing else."""

    def __init__(self, directory):
        if not os.access(os.path.join(postgres_directory(), "initdb"), os.X_OK):
            raise Trouble(f"there is no PostgreSQL 15 in {postgres_directory()}: scripts/deps --bench installs it, or set DITS_POSTGRES15_BIN")
        self.directory, self.process = directory, None
        os.makedirs(directory)
        self.identity = {}
        if os.geteuid() == 0:  # PostgreSQL refuses root
            nobody = pwd.getpwnam("nobody")
            os.chown(directory, nobody.pw_uid, nobody.pw_gid)
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.run("initdb", "-D", f"{directory}/cluster", "-U", "bench", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")

    def run(self, program, *arguments):
        done = subprocess.run([os.path.join(postgres_directory(), program), *arguments], cwd=self.directory, capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **self.identity)
        if done.returncode != 0:
            raise Trouble(f"{program} failed: {done.stderr.strip()}")

    def start(self):
        with open(f"{self.directory}/log", "ab") as log:
            self.process = subprocess.Popen([os.path.join(postgres_directory(), "postgres"), "-D", f"{self.directory}/cluster", "-k", self.directory,
                                             "-c", "listen_addresses="], cwd=self.directory, stdout=log, stderr=log, **self.identity)
        deadline = time.monotonic() + 60
        while subprocess.run([os.path.join(postgres_directory(), "pg_isready"), "-q", "-h", self.directory]).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL 15 did not start: {open(f'{self.directory}/log').read()[-500:]}")
            time.sleep(0.05)
        if Database(self.directory, "bench", "postgres").ask("SELECT count(*) FROM pg_roles WHERE rolname = 'plain'") == "0":
            Database(self.directory, "bench", "postgres").run("CREATE ROLE plain LOGIN")
            Database(self.directory, "bench", "postgres").run("CREATE DATABASE dits OWNER plain TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'")

    def url(self):
        return f"postgresql://plain@/dits?host={self.directory}"

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Dits:
    """The server under test, over its own PostgreSQL or the one at `url`."""

    def __init__(self, binary, directory, url=None):
        self.binary, self.directory, self.url, self.process = binary, directory, url, None
        os.makedirs(directory, exist_ok=True)
        self.port = free_port()

    def arguments(self):
        found = ["--data-dir", f"{self.directory}/data"]
        return found + (["--database-url", self.url] if self.url else [])

    def command(self, *arguments, text=""):
        done = subprocess.run([self.binary, *self.arguments(), *arguments], input=text, capture_output=True, text=True, cwd=self.directory)
        if done.returncode != 0:
            raise Trouble(f"dits {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout.strip()

    def start(self, *more):
        """Answers the milliseconds from the start of the program to its first answer out of the database."""
        began = time.monotonic()
        with open(f"{self.directory}/log", "ab") as log:
            self.process = subprocess.Popen([self.binary, "serve", *self.arguments(), "--port", str(self.port), "--backup-schedule", "off", *more],
                                            cwd=self.directory, stdout=log, stderr=log)
        while True:
            if self.process.poll() is not None:
                raise Trouble(f"dits ended at its start: {self.log()}")
            if time.monotonic() - began > 120:
                raise Trouble(f"dits does not answer: {self.log()}")
            try:
                if self.get("/readyz")[0] == 200:
                    return (time.monotonic() - began) * 1000
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.001)

    def log(self):
        with open(f"{self.directory}/log", encoding="utf-8", errors="replace") as file:
            return file.read()[-900:]

    def get(self, path, token=None, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self):
        end(self.process)

    def socket_directory(self):
        found = glob.glob(f"{self.directory}/data/cluster-*/postmaster.pid")
        if not found:
            raise Trouble(f"dits has no PostgreSQL running: {self.log()}")
        return os.path.dirname(found[0])

    def postmaster(self):
        with open(f"{self.socket_directory()}/postmaster.pid") as file:
            return int(file.readline())


class Nginx:
    """One small file over loopback: what HTTP alone costs here."""

    def __init__(self, directory, size):
        self.directory, self.port = directory, free_port()
        os.makedirs(f"{directory}/temp")
        os.chmod(directory, 0o755)
        with open(f"{directory}/answer.json", "w") as file:
            file.write("x" * size)
        temp = "".join(f"{kind}_temp_path {directory}/temp;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user nobody nogroup;" if os.geteuid() == 0 else ""
        with open(f"{directory}/nginx.conf", "w") as file:
            file.write(f"{user} daemon off; worker_processes 1; pid {directory}/pid; error_log {directory}/error.log;\n"
                       "events { worker_connections 256; }\n"
                       f"http {{ access_log off; {temp} keepalive_requests 100000000; default_type application/json;\n"
                       f"open_file_cache max=10; sendfile on; tcp_nopush on;\n"
                       f"server {{ listen 127.0.0.1:{self.port}; root {directory}; }} }}\n")
        self.process = subprocess.Popen([need_tool("nginx"), "-c", f"{directory}/nginx.conf", "-e", f"{directory}/error.log"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Trouble(f"nginx did not start: {open(f'{directory}/error.log').read()[-400:]}")
                time.sleep(0.02)

    def stop(self):
        end(self.process)
