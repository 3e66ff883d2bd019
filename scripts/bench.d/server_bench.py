"""The table of requests: each row on the server and on pgbench by turns, in rounds, so that a busy minute hurts both."""

import os
import statistics

import data
from load import ROWS, measure_nginx
from programs import Nginx
from tables import Table, figure, share, spread
from world import DATABASES, server_with_data

TOOLS = ("wrk", "pgbench", "nginx")
SIZES = {
    "tiny": data.Dataset([400, 50, 50]),
    "small": data.Dataset([10_000] + [1_000] * 9),
    "full": data.Dataset([100_000] + [10_000] * 9),
}
# Share of pgbench, and the p99 in milliseconds where there is one.
GOALS = {"r1": (0.40, 8), "r2": (0.50, 20), "r3": (0.85, None), "r4": (0.80, None), "r5": (0.80, None), "r6": (0.60, None)}
GOAL_OF_HTTP = 0.60  # R1, of 1 / (1/pgbench + 1/nginx)
# A limit that our own policies slow down more than this is none.
MOST_OF_POLICIES = 2.0
WRITES = {"r4", "r5", "r6"}


def median(values):
    return statistics.median(values)


def measure(options, kind, folder):
    """All that is known of one database, as JSON."""
    dataset = SIZES[options.size]
    with server_with_data(options, kind, folder, dataset, options.starts) as (target, settled):
        size_of_answer = len(target.server.get("/api/v1/issues/1", data.token_of(0))[1])
        nginx = Nginx(f"{folder}/nginx", size_of_answer)
        try:
            rounds = []
            for row in options.rows if options.is_warmed_up else []:  # caches, plans and threads are warm before anything counts
                target.measure_server(row, 1)
                target.measure_pgbench(row, 1)
            for at in range(options.rounds):
                rounds.append(one_round(options, target, nginx, at))
                options.say(f"{kind}: round {at + 1} of {options.rounds}")
        finally:
            nginx.stop()
    return {"database": kind, "data": dataset.describe(), **settled, "rows": {row: summary(row, rounds) for row in options.rows},
            "nginx": median([one["nginx"]["rate"] for one in rounds]),
            "load_mb": {"server": max(one[row]["server"]["pss"][0] for one in rounds for row in options.rows),
                        "postgres": max(one[row]["server"]["pss"][1] for one in rounds for row in options.rows)},
            "executable_bytes": os.path.getsize(options.binary)}


def one_round(options, target, nginx, at):
    found = {"nginx": measure_nginx(nginx, options.seconds)}
    for row in options.rows:
        order = [("server", target.measure_server), ("pgbench", target.measure_pgbench)]
        found[row] = {}
        for name, run in order if at % 2 == 0 else reversed(order):
            if row in WRITES:
                target.database.run("CHECKPOINT")
            found[row][name] = run(row, options.seconds)
        if at == options.rounds - 1:
            bare = target.measure_pgbench(row, options.seconds, "bare")
            found[row]["bare"] = {"rate": bare["rate"], "policies_cost": bare["rate"] / found[row]["pgbench"]["rate"]}
        found[row]["ratio"] = found[row]["server"]["rate"] / found[row]["pgbench"]["rate"]
        http = 1 / (1 / found[row]["pgbench"]["rate"] + 1 / found["nginx"]["rate"])
        found[row]["ratio_of_http"] = found[row]["server"]["rate"] / http
    return found


def summary(row, rounds):
    server = [one[row]["server"] for one in rounds]
    pgbench = [one[row]["pgbench"] for one in rounds]
    told = {"rate": [one["rate"] for one in server], "pgbench_rate": [one["rate"] for one in pgbench], "ratio": [one[row]["ratio"] for one in rounds],
            "ratio_of_http": median([one[row]["ratio_of_http"] for one in rounds]),
            "refused": sum(one["refused"] for one in server), "broken": sum(one["broken"] for one in server),
            "pgbench_postgres_cpu_us": median([one["postgres_cpu_us"] for one in pgbench])}
    for name in ("p50", "p99", "body", "server_cpu_us", "postgres_cpu_us"):
        told[name] = median([one[name] for one in server])
    told["bare"] = rounds[-1][row]["bare"]
    told["unmet"] = unmet(row, told)
    return told


def unmet(row, told):
    """What of the row's goal is not reached, in words; empty when all is."""
    ratio, p99 = GOALS[row]
    found = []
    if median(told["ratio"]) < ratio:
        found.append(f"{share(ratio)} of pgbench")
    if row == "r1" and told["ratio_of_http"] < GOAL_OF_HTTP:
        found.append(f"{share(GOAL_OF_HTTP)} of pgbench and nginx")
    if told["bare"]["policies_cost"] > MOST_OF_POLICIES:
        found.append(f"a limit that row-level security leaves as it is ({figure(told['bare']['rate'])}/s without)")
    if p99 and told["p99"] > p99:
        found.append(f"p99 {p99} ms")
    if told["refused"] or told["broken"]:
        found.append(f"{told['refused'] + told['broken']} requests failed")
    return found


def goal_text(row):
    ratio, p99 = GOALS[row]
    return f">= {share(ratio)}" + (f", p99 <= {p99} ms" if p99 else "")


def tables(found):
    made = []
    for one in found:
        table = Table(f"Server, {DATABASES[one['database']]}; {one['data']}",
                      ["", "req/s", "range", "p50 ms", "p99 ms", "pgbench/s", "of pgbench", "range", "bytes", "CPU µs: server", "PostgreSQL",
                       "goal", "reached"])
        for row, told in one["rows"].items():
            table.add(f"{row.upper()} {ROWS[row]}", figure(median(told["rate"])), spread(told["rate"]), figure(told["p50"]), figure(told["p99"]),
                      figure(median(told["pgbench_rate"])), share(median(told["ratio"])), spread(told["ratio"], share), figure(told["body"]),
                      figure(told["server_cpu_us"]), f"{figure(told['postgres_cpu_us'])} (pgbench {figure(told['pgbench_postgres_cpu_us'])})",
                      goal_text(row), "no: " + ", ".join(told["unmet"]) if told["unmet"] else "yes")
        made.append(table)
        if "r1" in one["rows"]:
            table.note(f"nginx, one file of the size of R1: {figure(one['nginx'])}/s; R1 is {share(one['rows']['r1']['ratio_of_http'])} of "
                       f"1/(1/pgbench + 1/nginx), goal >= {share(GOAL_OF_HTTP)}.")
        made.append(still(one))
    return made


def still(one):
    """Start, memory, size: goals without load."""
    table = Table(f"Start and memory, {DATABASES[one['database']]}", ["", "measured", "goal", "reached"])

    def row(name, value, unit, goal):
        table.add(name, f"{figure(value)} {unit}", f"<= {goal} {unit}" if goal else "", "" if not goal else "yes" if value <= goal else "no")

    is_embedded = one["database"] == "embedded"
    row("the very first start to its first answer" if is_embedded else "a first start after --migrate", one["first_start_ms"], "ms", 1000)
    row("a later start", one["start_ms"], "ms", 50)
    row("memory at rest, server", one["idle_mb"]["server"], "MB", 12)
    row("memory at rest, with PostgreSQL", one["idle_mb"]["server"] + one["idle_mb"]["postgres"], "MB", 64 if is_embedded else None)
    row("memory under load, server", one["load_mb"]["server"], "MB", 40)
    row("memory under load, PostgreSQL", one["load_mb"]["postgres"], "MB", None)
    row("the executable", one["executable_bytes"] / 1e6, "MB", 20)
    return table
