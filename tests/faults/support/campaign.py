"""A campaign: clients at work, one fault after the other, and in the end the history, checked.

After each fault the clients must get on again; what is stored, logged and streamed must fit what they were told."""

import collections
import os
import random
import sys
import time

from support.dits import EMAIL
from support.history import STORED_SQL, check, stored_from_text
from support.http_call import look_at
from support.processes import threads_of, wait_until
from support.workload import Client, Listener, Shared

LONG = os.environ.get("DITS_FAULTS") == "long"


def rounds(short: int, long: int) -> int:
    return long if LONG else short


class Campaign:
    """`servers`: running Dits on one database. `faults`: functions of (chance), by name."""

    def __init__(self, title: str, servers, faults: dict, clients: int = 6, kinds=None):
        self.title, self.servers, self.faults = title, servers, faults
        self.clients_wanted, self.kinds = clients, kinds
        self.counts = collections.Counter()
        self.chance = random.Random(20261129)
        self.shared, self.clients, self.listeners = None, [], []
        self.stored_sql = servers[0].query  # by a role that sees all rows

    def begin(self):
        token = self.servers[0].make_account()
        self.user = self.stored_sql(f"SELECT id FROM users WHERE email = '{EMAIL}'").strip()
        newest = int(self.stored_sql(f"SELECT last_change_id FROM user_counters WHERE user_id = '{self.user}'"))
        self.shared = Shared([server.port for server in self.servers], token, self.kinds)
        self.clients = [Client(number, self.shared) for number in range(self.clients_wanted)]
        self.listeners = [Listener(f"{number}", server.port, self.shared, newest) for number, server in enumerate(self.servers)]
        for thread in [*self.listeners, *self.clients]:
            thread.start()

    def wait_for_progress(self, wanted: int = 10):
        """Through all servers: one that starts while its database is killed once more ends, and says so."""
        goal, began = self.shared.progress() + wanted, time.monotonic()

        def is_reached() -> bool:
            for server in self.servers:
                server.check_alive()
            return self.shared.progress() >= goal and all(server.is_ready() for server in self.servers)

        try:
            wait_until(is_reached, f"{self.title}: clients get on after {self.last_fault}", 120)
        except TimeoutError as error:
            raise TimeoutError(f"{error}. {self.situation()}") from None

        self.slowest = max(self.slowest, (time.monotonic() - began, self.last_fault))

    def situation(self) -> str:
        """What a reader of a failure wants to know and can't look at any more."""
        told = [f"the last answers were {dict(self.shared.last_answers)}"]
        for server in self.servers:
            told.append(f"server {server.process.pid}: /readyz {look_at(server.port, '/readyz')}, its threads are {threads_of(server.process.pid)}, "
                        f"it said {server.last_words()!r}")
        return "; ".join(told)

    last_fault = "the start"
    slowest = (0, last_fault)

    def run(self, number: int):
        """So many faults, each sort in turn, at any moment of a request."""
        names = list(self.faults)
        for at in range(number):
            self.wait_for_progress()
            time.sleep(self.chance.random() * 0.1)
            self.last_fault = names[at % len(names)]
            self.faults[self.last_fault](self.chance)
            self.counts[self.last_fault] += 1
            if LONG and at % 20 == 19:
                print(f"{self.title}: {at + 1} faults, {self.shared.progress()} acknowledged", file=sys.stderr, flush=True)
        self.wait_for_progress()

    def end(self) -> list:
        """What does not fit. The servers go on."""
        self.shared.is_over.set()
        for client in self.clients:
            client.join()
        for server in self.servers:
            wait_until(server.is_ready, "the server is ready")
        stored = self.stored()
        try:
            wait_until(lambda: all(listener.newest >= stored.last_change for listener in self.listeners), "the streams end", 25)
        except TimeoutError:
            pass  # the check says which stream lacks what
        for listener in self.listeners:
            listener.stop()
            listener.join()
        problems = check(self.shared.history, stored)
        history = self.shared.history
        outcomes = collections.Counter(write.outcome for write in history.writes)
        print(f"{self.title}: {sum(self.counts.values())} faults ({', '.join(f'{count} {name}' for name, count in self.counts.items())}); "
              f"{len(history.writes)} writes ({outcomes['ok']} ok, {outcomes['fail']} refused, {outcomes['unknown']} unknown, "
              f"{self.shared.repeats} repeats), {len(history.reads) + len(history.log_reads)} reads, "
              f"{sum(len(stream.changes) for stream in history.streams)} events; {len(stored.rows)} changes in the log; "
              f"{len(problems)} problems; slowest to get on: {self.slowest[0]:.1f} s after {self.slowest[1]}", file=sys.stderr, flush=True)
        return problems

    def stored(self):
        return stored_from_text(self.stored_sql(STORED_SQL % {"user": self.user}))
