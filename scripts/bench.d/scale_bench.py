"""How each request grows: with one user's issues, with users, with open event streams. A picture and a table."""

import os
import time

import data
from load import CONNECTIONS, ROWS
from streams import Streams
from svg import Series, draw
from tables import Table, figure
from world import DATABASES, server_with_data

TOOLS = ("wrk", "pgbench")
# Issues of one user; (users, issues of each); open streams.
SIZES = {
    "tiny": {"issues": [50, 200], "users": [], "streams": [1, 5]},
    "small": {"issues": [1_000, 10_000, 100_000], "users": [(1, 1_000), (100, 100), (10_000, 10)], "streams": [1, 10, 100, 1_000]},
    "full": {"issues": [1_000, 10_000, 100_000, 1_000_000], "users": [(1, 1_000), (100, 1_000), (10_000, 1_000)], "streams": [1, 10, 100, 1_000]},
}
STREAMS_PER_USER = 350  # 500 are allowed; those of the point before may still be counted
REQUESTS = ["r1", "r2", "r3", "r4", "r5"]


def requests_of(options):
    return [row for row in REQUESTS if row in options.rows]


def one_point(options, target, connections=CONNECTIONS):
    found = {}
    for row in requests_of(options):
        if options.is_warmed_up:
            target.measure_server(row, 1, connections)
        told = target.measure_server(row, options.seconds, connections)
        found[row] = {name: told[name] for name in ("rate", "p50", "p99", "server_cpu_us", "postgres_cpu_us", "refused", "broken")}
        found[row]["cpu_us"] = told["server_cpu_us"] + told["postgres_cpu_us"]
    server, postgres = target.memory()
    return {"requests": found, "server_mb": server, "postgres_mb": postgres}


def measure(options, kind, folder):
    sizes = SIZES[options.size]
    found = {"database": kind, "issues": [], "users": [], "streams": []}
    for at, count in enumerate(sizes["issues"]):
        with server_with_data(options, kind, f"{folder}-issues-{at}", data.Dataset([count, 50, 50]), starts=0) as (target, _):
            options.say(f"{kind}: {count:,} issues")
            found["issues"].append({"at": count, **one_point(options, target)})
            if at == 1:  # ten thousand issues are enough for the streams
                found["streams"] = streams(options, target, sizes["streams"])
    for at, (users, each) in enumerate(sizes["users"]):
        with server_with_data(options, kind, f"{folder}-users-{at}", data.Dataset([each] * users), starts=0) as (target, _):
            options.say(f"{kind}: {users:,} users with {each:,} issues each")
            found["users"].append({"at": users, "each": each, **one_point(options, target)})
    return found


def streams(options, target, counts):
    found = []
    for count in counts:
        options.say(f"{count:,} event streams")
        users = min(len(target.dataset.issues), -(-count // STREAMS_PER_USER))
        allowed = min(count, users * STREAMS_PER_USER)
        with Streams(target.server.port, [data.token_of(user) for user in range(users)], allowed) as open_streams:
            point = one_point(options, target)
            time.sleep(1)  # the last changes arrive
            found.append({"at": allowed, "changes": open_streams.changes, "closed": open_streams.closed, **point})
    return found


AXES = {"issues": "issues of the user", "users": "users", "streams": "open event streams"}


def tables(found):
    made = []
    for one in found:
        for axis, name in AXES.items():
            points = one[axis]
            if not points:
                continue
            table = Table(f"Growth, {DATABASES[one['database']]}: {name}; CPU µs a request (p50 ms of {CONNECTIONS} at once)",
                          [""] + [f"{point['at']:,}" + (f" × {point['each']:,} issues" if "each" in point else "") for point in points] + ["grows by"])
            for row in points[0]["requests"]:
                told = [point["requests"][row] for point in points]
                table.add(f"{row.upper()} {ROWS[row]}", *[f"{figure(each['cpu_us'])} ({figure(each['p50'])})" for each in told],
                          f"{told[-1]['cpu_us'] / max(1e-9, told[0]['cpu_us']):.1f} x")
            table.add("memory, server MB", *[figure(point["server_mb"]) for point in points], f"{points[-1]['server_mb'] / points[0]['server_mb']:.1f} x")
            table.add("memory, PostgreSQL MB", *[figure(point["postgres_mb"]) for point in points],
                      f"{points[-1]['postgres_mb'] / points[0]['postgres_mb']:.1f} x")
            broken = sum(each["refused"] + each["broken"] for point in points for each in point["requests"].values())
            if broken:
                table.note(f"{broken} requests failed.")
            made.append(table)
    return made


def pictures(found, out):
    """Writes a picture for each database; answers their paths."""
    paths = []
    for one in found:
        panels = []
        for axis, name in AXES.items():
            if len(one[axis]) > 1:
                panels.append((name, [Series(row.upper(), [(point["at"], point["requests"][row]["cpu_us"]) for point in one[axis]])
                                      for row in one[axis][0]["requests"]]))
        path = os.path.join(out, f"scale-{one['database']}.svg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(draw(f"CPU of a request (server and PostgreSQL), µs: {DATABASES[one['database']]}", panels))
        paths.append(path)
    return paths
