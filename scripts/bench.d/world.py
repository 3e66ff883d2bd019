"""A server over the embedded PostgreSQL or over a plain owner's PostgreSQL 15, with data in it."""

import os
import statistics
import time
from contextlib import contextmanager

import data
from load import Target
from programs import Database, Dits, Postgres15, descendants, need_space, pss_of

DATABASES = {"embedded": "the PostgreSQL inside", "external": "PostgreSQL 15, plain owner"}


@contextmanager
def server_with_data(options, kind, folder, dataset, starts=5):
    """(target, what the starts and the memory at rest were)."""
    # Rows, indexes, the log of both and what pgbench and wrk add: 9 KB an issue.
    need_space(os.path.dirname(folder), 600 + dataset.total * 9 // 1000)
    postgres = None
    server = None
    try:
        if kind == "external":
            os.makedirs(folder)
            os.chmod(folder, 0o755)
            postgres = Postgres15(f"{folder}/postgres")
            postgres.start()  # an interrupted one is stopped, too
        server = Dits(options.binary, f"{folder}/dits", postgres.url() if postgres else None)
        if postgres:
            server.command("serve", "--migrate", "--exit", "--port", str(server.port))
        first_start = server.start()
        if postgres:
            database, login, rights = Database(postgres.directory, "bench"), "plain", ""
        else:
            database, login, rights = Database(server.socket_directory(), "dits_owner"), "dits_owner", "-c role=dits_app "
        acting = f"-c dits.user_id={data.user_id(0)}"
        pgbench = {"requests": {"user": login, "options": rights + acting}, "bare": {"user": database.user, "options": acting}}
        data.load(database, dataset, options.say)
        later_starts = []
        for _ in range(starts):
            server.stop()
            later_starts.append(server.start())
        target = Target(server, database, pgbench, lambda: postgres.process.pid if postgres else server.postmaster(), dataset)
        target.check_answers()
        own = server.process.pid
        settled = {"first_start_ms": first_start, "start_ms": statistics.median(later_starts) if later_starts else first_start,
                   "idle_mb": idle_memory(options, own, target)}
        yield target, settled
    finally:
        if server:
            server.stop()
        if postgres:
            postgres.stop()


def idle_memory(options, own, target):
    """Megabytes of the server and of its PostgreSQL, when nothing was asked for a while."""
    time.sleep(1 if options.size == "tiny" else 3)
    return {"server": pss_of([own]), "postgres": pss_of(descendants(target.postmaster()))}
