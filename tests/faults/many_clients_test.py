#!/usr/bin/env python3
"""Thousands of clients that send and read slowly, and a thousand event streams: nobody else notices, memory is bounded, all are reaped.

Short: 800 slow ones and 100 streams; long: 10,000 and 1,000. The clients are processes of their own, so that each stays below the limit
of open files."""

import multiprocessing
import os
import re
import resource
import selectors
import socket
import sys
import tempfile
import time
import unittest

from support.campaign import rounds
from support.dits import PASSWORD, Dits
from support.http_call import Caller, NoAnswer, NotSent
from support.processes import give_to_plain_user, plain_user, wait_until

SLOW_ONES = rounds(800, 10_000)
STREAMS = rounds(100, 1_000)
STREAMS_OF_ONE = 20
CHANGES = rounds(20, 50)
PROCESSES = 2
HOLD_SECONDS = rounds(13, 30)
SLOWEST_ANSWER = 3.0  # seconds, on a machine that is busy with the clients themselves
MOST_KB_EACH = 24  # for a slow client
MOST_KB_A_STREAM = 96
MOST_IDLE_CPU = 0.25  # of one core, with all streams open and nothing to tell


def raise_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def resident_kb(process: int) -> int:
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])


def cpu_seconds(process: int) -> float:
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class SlowClient:
    """A socket that sends a byte a second of a head or of a body, or asks for the largest file and reads nothing."""

    def __init__(self, number: int, port: int, token: str, asset: str):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setblocking(False)
        head = f"POST /api/v1/issues HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
        kind = number % 3  # shares begin at a multiple of three
        self.rest = [head.encode(), b'{"title":"' + b"x" * 3000, b""][kind]
        begin = [b"", head.encode(), f"GET {asset} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode()][kind]
        self.socket.send(begin + self.rest[:1])
        self.rest = self.rest[1:]

    def tick(self) -> bool:
        """False: the server has ended it."""
        try:
            if self.rest:
                self.socket.send(self.rest[:1])
                self.rest = self.rest[1:]
                return self.socket.recv(1, socket.MSG_PEEK) != b""  # what comes before the whole request is sent is its end
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def has_ended(self) -> bool:
        """Reads what there is, to the end; lets go of the socket then."""
        try:
            while self.socket.recv(1 << 20):
                pass
        except BlockingIOError:
            return False
        except OSError:
            pass
        self.socket.close()
        return True


def be_slow(number: int, count: int, port: int, token: str, asset: str, ready, is_over, results):
    """Keeps `count` slow connections open, each opened anew when the server has ended it; then lets go, and says how many were ended."""
    raise_limit()
    clients = [SlowClient(number + at, port, token, asset) for at in range(count)]
    ready.release()
    reaped = 0
    while not is_over.is_set():
        began = time.monotonic()
        for at, client in enumerate(clients):
            if not client.tick():
                client.socket.close()
                reaped += 1
                try:
                    clients[at] = SlowClient(number + at, port, token, asset)
                except OSError:
                    pass  # tried again with the next tick
        is_over.wait(max(0.0, 1 - (time.monotonic() - began)))
    # They say nothing any more: the server has to end those that owe it a request.
    for client in clients[2::3]:
        client.socket.close()
    clients = [client for at, client in enumerate(clients) if at % 3 != 2]
    deadline = time.monotonic() + 120
    while clients and time.monotonic() < deadline:
        clients = [client for client in clients if not client.has_ended()]
        time.sleep(0.2)
    results.put((reaped, len(clients)))


class Stream:
    def __init__(self, port: int, token: str, after: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nLast-Event-ID: {after}\r\n\r\n".encode())
        self.text, self.is_open = b"", True

    def take(self):
        try:
            piece = self.socket.recv(1 << 16)
        except BlockingIOError:
            return
        self.is_open = self.is_open and piece != b""
        self.text += piece

    def changes(self) -> list:
        return [int(number) for number in re.findall(rb"id: (\d+)\nevent: change\n", self.text)]


class ManyClients(unittest.TestCase):
    def setUp(self):
        raise_limit()
        directory = tempfile.TemporaryDirectory(prefix="dits-many-", ignore_cleanup_errors=True)
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        give_to_plain_user(directory.name)
        self.server = Dits(os.path.join(directory.name, "data"), user=plain_user())
        self.server.start_until_ready()
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.kill())

    def get(self, path: str, token: str = ""):
        """Status and seconds."""
        caller, began = Caller(self.server.port, token, 20), time.monotonic()
        try:
            return caller.call("GET", path).status, time.monotonic() - began
        except (NotSent, NoAnswer):
            return None, time.monotonic() - began
        finally:
            caller.close()

    def open_connections(self) -> int:
        caller = Caller(self.server.port, "", 20)
        text = caller.call("GET", "/metrics").body.decode()
        caller.close()
        return int(float(re.search(r"^dits_http_connections (\S+)", text, re.M)[1]))

    def largest_asset(self) -> str:
        caller = Caller(self.server.port, "", 20)
        names = set(re.findall(r"/assets/[^\"']+", caller.call("GET", "/").body.decode()))
        sizes = {name: len(caller.call("GET", name).body) for name in names}
        caller.close()
        return max(sizes, key=sizes.get)

    def test_slow_senders_and_readers(self):
        token, asset = self.server.make_account(), self.largest_asset()
        before = resident_kb(self.server.process.pid)
        ready, is_over, results = multiprocessing.Semaphore(0), multiprocessing.Event(), multiprocessing.Queue()
        share = SLOW_ONES // PROCESSES // 3 * 3
        helpers = [multiprocessing.Process(target=be_slow, args=(number * share, share, self.server.port, token, asset, ready, is_over, results))
                   for number in range(PROCESSES)]
        for helper in helpers:
            helper.start()
            self.addCleanup(helper.kill)
        times = {"/healthz": [], "/api/v1/issues?limit=5": []}
        most_kb, most_open = 0, 0
        opened = 0
        deadline = None
        while deadline is None or time.monotonic() < deadline:
            for path, seconds in times.items():
                status, took = self.get(path, token if "api" in path else "")
                self.assertEqual(status, 200, f"{path} after {took:.1f} s, with {opened} of {PROCESSES} processes ready")
                seconds.append(took)
            most_kb = max(most_kb, resident_kb(self.server.process.pid) - before)
            most_open = max(most_open, self.open_connections())
            while ready.acquire(block=False):
                opened += 1
            if opened == PROCESSES and deadline is None:
                deadline = time.monotonic() + HOLD_SECONDS
            time.sleep(0.1)
        is_over.set()
        ended = [results.get(timeout=180) for _ in helpers]
        for helper in helpers:
            helper.join()
        wait_until(lambda: self.open_connections() <= 3, "the connections are gone", 30)
        slowest = {path: max(seconds) for path, seconds in times.items()}
        print(f"{SLOW_ONES} slow clients: {most_open} open at once, {most_kb // SLOW_ONES} KB for each ({most_kb >> 10} MB), "
              f"{sum(reaped for reaped, _ in ended)} ended while at it, {sum(left for _, left in ended)} left; "
              + ", ".join(f"{path} {len(times[path])} times, {sorted(times[path])[len(times[path]) // 2] * 1000:.0f} ms, "
                          f"slowest {slowest[path] * 1000:.0f} ms" for path in times), file=sys.stderr)
        self.assertGreater(most_open, SLOW_ONES * 9 // 10)
        self.assertGreater(sum(reaped for reaped, _ in ended), SLOW_ONES // 3, "slow senders are not reaped")
        self.assertEqual(sum(left for _, left in ended), 0, "connections that the server never ended")
        self.assertLess(max(slowest.values()), SLOWEST_ANSWER)
        self.assertLess(most_kb, SLOW_ONES * MOST_KB_EACH)
        self.assertEqual(self.server.stop(), 0)

    def test_event_streams(self):
        accounts = []
        for number in range((STREAMS + STREAMS_OF_ONE - 1) // STREAMS_OF_ONE):
            email = f"stream{number}@dits.test"
            self.server.command("user", "add", email, "--name", "Stream", "--password-stdin", text=PASSWORD + "\n")
            accounts.append(self.server.command("user", "token", email, "--scope", "write").split()[-1])
        newest = {}
        for row in self.server.query("SELECT email || ' ' || last_change_id FROM users JOIN user_counters ON user_id = id").splitlines():
            email, change = row.split()
            newest[email] = int(change)
        before = resident_kb(self.server.process.pid)
        streams = []
        for number in range(STREAMS):
            account = number // STREAMS_OF_ONE
            streams.append((account, Stream(self.server.port, accounts[account], newest[f"stream{account}@dits.test"])))
        waiting = selectors.DefaultSelector()
        for _, stream in streams:
            stream.socket.setblocking(False)
            waiting.register(stream.socket, selectors.EVENT_READ, stream)

        def take_until(condition, what: str, seconds: float):
            def look():
                for key, _ in waiting.select(timeout=0.05):
                    key.data.take()
                    if not key.data.is_open:
                        waiting.unregister(key.data.socket)
                return condition()
            wait_until(look, what, seconds)

        try:
            take_until(lambda: all(b"event: heartbeat" in stream.text for _, stream in streams), "every stream has begun", 60)
        except TimeoutError:
            silent = [stream for _, stream in streams if b"event: heartbeat" not in stream.text]
            self.fail(f"{len(silent)} streams have not begun; the first says {silent[0].text[:400]!r}")
        began, cpu = time.monotonic(), cpu_seconds(self.server.process.pid)
        take_until(lambda: time.monotonic() > began + 8, "idle", 20)
        idle = (cpu_seconds(self.server.process.pid) - cpu) / (time.monotonic() - began)
        grown = resident_kb(self.server.process.pid) - before
        callers = [Caller(self.server.port, token, 30) for token in accounts]
        began = time.monotonic()
        for number in range(CHANGES):
            for caller in callers:
                self.assertEqual(caller.call("POST", "/api/v1/issues", {"title": f"Change {number}"}).status, 201)
        wanted = {}
        for row in self.server.query("SELECT email || ' ' || string_agg(change_id::text, ',' ORDER BY change_id) FROM audit_logs a JOIN users u ON "
                                     "u.id = a.user_id GROUP BY email").splitlines():
            email, numbers = row.split()
            wanted[email] = [int(number) for number in numbers.split(",") if int(number) > newest[email]]
        take_until(lambda: all(len(stream.changes()) >= len(wanted[f"stream{account}@dits.test"]) for account, stream in streams),
                   "every stream has brought every change", 60)
        took = time.monotonic() - began
        wrong = [account for account, stream in streams if stream.changes() != wanted[f"stream{account}@dits.test"] or not stream.is_open]
        self.assertEqual(wrong, [], "streams that left out, repeated or mixed changes")
        print(f"{STREAMS} event streams of {len(accounts)} accounts: {grown // STREAMS} KB for each, {idle * 100:.1f} % of a core idle; "
              f"{CHANGES * len(accounts)} changes, {sum(len(stream.changes()) for _, stream in streams)} events in {took:.1f} s, each once and in "
              f"order", file=sys.stderr)
        self.assertLess(grown, STREAMS * MOST_KB_A_STREAM)
        self.assertLess(idle, MOST_IDLE_CPU)
        self.assertEqual(self.server.stop(), 0)
        waiting.close()
        for _, stream in streams:
            stream.socket.close()
        for caller in callers:
            caller.close()


if __name__ == "__main__":
    unittest.main()
