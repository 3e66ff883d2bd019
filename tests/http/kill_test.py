#!/usr/bin/env python3
"""kill_test.py [DITS [ROUNDS]] (else $DITS_BINARY, 20): what was answered 2xx is there exactly once, whatever is killed.

Eight clients create issues, each with an Idempotency-Key, and repeat a request until it is answered. Meanwhile the server, its
PostgreSQL, or both are killed with SIGKILL, again and again. In the end every key must have made exactly one issue, and each must have
the id that its client was told."""

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
import threading
import time
import uuid

CLIENTS = 8
VICTIMS = ["server", "postgres", "both"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, program: str, directory: str):
        self.program, self.directory, self.port = program, directory, free_port()
        self.data = os.path.join(directory, "data")
        self.log = open(os.path.join(directory, "log"), "ab")
        self.process = None
        self.killed_databases = 0

    def start(self):
        self.process = subprocess.Popen([self.program, "--port", str(self.port), "--data-dir", self.data],
                                        stdout=subprocess.DEVNULL, stderr=self.log)

    def run(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run([self.program, "--data-dir", self.data, *arguments], input=text, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            sys.exit(f"dits {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def postgres(self):
        for path in glob.glob(os.path.join(self.data, "cluster-*", "postmaster.pid")):
            try:
                with open(path) as file:
                    return int(file.readline())
            except (OSError, ValueError):
                pass
        return None

    def kill(self, victim: str):
        postgres = self.postgres()
        if victim in ("postgres", "both") and postgres:
            try:
                os.kill(postgres, signal.SIGKILL)
                self.killed_databases += 1
            except ProcessLookupError:
                pass
        if victim in ("server", "both"):
            self.process.kill()
            self.process.wait()
            self.start()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)


class Client(threading.Thread):
    """Creates issues until told to stop; the last request is repeated until it has an answer."""

    def __init__(self, number: int, server: Server, token: str):
        super().__init__()
        self.number, self.server, self.token = number, server, token
        self.is_over = threading.Event()
        self.answered = {}  # title -> id
        self.repeats = 0
        self.complaints = []

    def run(self):
        count = 0
        while not self.is_over.is_set():
            count += 1
            title, key = f"client {self.number} issue {count}", str(uuid.uuid4())
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                if self.attempt(title, key):
                    break
                self.repeats += 1
                time.sleep(0.02)
            else:
                self.complaints.append(f"{title}: no answer within two minutes")
                return

    def attempt(self, title: str, key: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=15)
        try:
            connection.request("POST", "/api/v1/issues", json.dumps({"title": title}),
                               {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}", "Idempotency-Key": key})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status == 201:
            self.answered[title] = json.loads(body)["id"]
            return True
        if response.status == 409 and json.loads(body).get("code") == "already_applied":
            self.answered[title] = None  # made, and its answer lost
            return True
        if response.status not in (503, 409, 429):
            self.complaints.append(f"{title}: {response.status} {body[:300]!r}")
        return False


def wait_until_ready(server: Server):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)
    sys.exit("the server is not ready after a minute")


def answered_by(clients) -> int:
    return sum(len(client.answered) for client in clients)


def wait_for_progress(clients, wanted: int):
    goal, deadline = answered_by(clients) + wanted, time.monotonic() + 120
    while answered_by(clients) < goal:
        if time.monotonic() > deadline:
            sys.exit("no progress within two minutes")
        time.sleep(0.01)


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ["DITS_BINARY"])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    directory = tempfile.mkdtemp(prefix="dits-kill-")
    server = Server(program, directory)
    server.start()
    wait_until_ready(server)
    server.run("user", "add", "kill@dits.test", "--name", "Kill", "--password-stdin", text="correct horse battery\n")
    token = server.run("user", "token", "kill@dits.test", "--scope", "write")
    clients = [Client(number, server, token) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    chance = random.Random(20261122)
    for number in range(rounds):
        wait_for_progress(clients, 40)
        time.sleep(chance.random() * 0.1)  # any moment of a request may be the one
        victim = VICTIMS[number % len(VICTIMS)]
        server.kill(victim)
        print(f"round {number + 1}: killed {victim}, {answered_by(clients)} answered so far", flush=True)
    wait_for_progress(clients, 40)
    for client in clients:
        client.is_over.set()
    for client in clients:
        client.join()
    wait_until_ready(server)
    rows = server.run("db", "shell", "--", "-XAt", "-c", "SELECT title || E'\\t' || id FROM issues").splitlines()
    gaps = server.run("db", "shell", "--", "-XAt", "-c",
                      "SELECT count(*) FROM user_counters c WHERE last_change_id <> (SELECT count(*) FROM audit_logs a WHERE a.user_id = c.user_id)")
    code = server.stop()

    stored = {}
    for row in rows:
        title, issue = row.split("\t")
        stored.setdefault(title, []).append(issue)
    problems = [complaint for client in clients for complaint in client.complaints]
    answered = {title: issue for client in clients for title, issue in client.answered.items()}
    problems += [f"{title}: lost" for title in answered if title not in stored]
    problems += [f"{title}: there {len(issues)} times" for title, issues in stored.items() if len(issues) != 1]
    problems += [f"{title}: told {issue}, stored {stored[title][0]}" for title, issue in answered.items()
                 if issue and title in stored and issue not in stored[title]]
    problems += [f"{title}: nobody was told" for title in stored if title not in answered]
    if gaps != "0":
        problems.append("the audit log has gaps")
    if rounds >= len(VICTIMS) and server.killed_databases == 0:
        problems.append("no PostgreSQL was killed")
    if code != 0:
        problems.append(f"the server ended with the code {code}")
    repeats = sum(client.repeats for client in clients)
    print(f"{len(answered)} answered, {len(stored)} stored, {repeats} repeated, {len(problems)} problems")
    for problem in problems[:20]:
        print("  " + problem)
    if problems:
        sys.exit(f"see {directory}")
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
