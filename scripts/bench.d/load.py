"""Load on a running server by wrk, and the limit that PostgreSQL sets by pgbench."""

import json
import os
import re
import subprocess

import data
from programs import Trouble, cpu_of, need_tool, pss_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TESTS = os.path.join(ROOT, "tests", "bench")
CONNECTIONS, CLIENTS = 32, 8
MIX = {"r1": 50, "r2": 35, "r3": 5, "r4": 5, "r5": 5}
ROWS = {
    "r1": "one issue with labels",
    "r2": "50 by status and priority, newest change first",
    "r3": "full text, best 20",
    "r4": "create with 2 labels, durable",
    "r5": "change status, durable",
    "r6": "mix 50/35/5/5/5",
}


def run_wrk(address, script, arguments, seconds, watch=None, connections=CONNECTIONS):
    """What wrk told, and the most memory that `watch` saw meanwhile."""
    command = [need_tool("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", os.path.join(TESTS, script), address]
    process = subprocess.Popen(command + ["--", *[str(value) for value in arguments]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen = []
    try:
        while watch and process.poll() is None:
            seen.append(watch())
            try:
                process.wait(0.5)
            except subprocess.TimeoutExpired:
                pass
        output = process.communicate()[0]
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    lines = [text for text in output.splitlines() if text.startswith('{"requests"')]
    if process.returncode != 0 or not lines:
        raise Trouble(f"wrk failed: {output.strip()[-500:]}")
    told = json.loads(lines[-1])
    if told["requests"] == 0:
        raise Trouble(f"no answer came in {seconds} s: the machine is too busy; give more --seconds")
    told["rate"] = told["requests"] / told["seconds"]
    if seen:
        told["pss"] = [max(one[at] for one in seen) for at in range(len(seen[0]))]
    return told


def script_of(row):
    return os.path.join(TESTS, f"{row}.sql")


class Target:
    """A server with data, and the database under it: what a row of the table is measured on."""

    def __init__(self, server, database, pgbench_options, postmaster, dataset):
        self.server, self.database, self.pgbench_options = server, database, pgbench_options
        self.postmaster, self.dataset = postmaster, dataset
        self.writes = 0  # changes of a status that were sent so far

    def check_answers(self):
        """Each request once: a benchmark of wrong answers is worth nothing."""
        token = data.token_of(0)

        def ask(path, has_enough):
            status, body = self.server.get(path, token)
            if status != 200 or not has_enough(json.loads(body)):
                raise Trouble(f"the server does not answer {path} as it should: {status} {body[:300]!r}")
            return json.loads(body)

        first = ask("/api/v1/issues/1", lambda found: found["number"] == 1)
        word = re.search(r"quar[a-z]{2}ton", first["description"].lower())[0]
        ask(f"/api/v1/search?limit=20&q={word}", lambda found: found["items"])
        status, priority = data.STATUSES[data.status_of(1)][0].replace(" ", "%20"), first["priority"].split("_")[0].lower().replace("no", "none")
        ask(f"/api/v1/issues?limit=50&q=status:%22{status}%22%20priority:{priority}%20sort:-updated", lambda found: found["items"])

    def wrk_arguments(self, row):
        return [row, data.token_of(0), self.dataset.issues[0], data.status_prefix(0), data.label_prefix(0), data.project_prefix(0), self.writes]

    def processes(self):
        return self.server.process.pid, [self.postmaster(), *self.children_of_postmaster()]

    def children_of_postmaster(self):
        with open(f"/proc/{self.postmaster()}/task/{self.postmaster()}/children") as file:
            return [int(word) for word in file.read().split()]

    def memory(self):
        server, postgres = self.processes()
        return pss_of([server]), pss_of(postgres)

    def measure_server(self, row, seconds, connections=CONNECTIONS):
        server, postgres = self.processes()
        before = cpu_of([server], False), cpu_of(postgres)
        told = run_wrk(f"http://127.0.0.1:{self.server.port}", "requests.lua", self.wrk_arguments(row), seconds, self.memory, connections)
        server, postgres = self.processes()
        after = cpu_of([server], False), cpu_of(postgres)
        self.writes = told["writes"]
        told["server_cpu_us"] = (after[0] - before[0]) / told["requests"] * 1e6
        told["postgres_cpu_us"] = (after[1] - before[1]) / told["requests"] * 1e6
        told["body"] = told["bytes"] / told["requests"]
        return told

    def measure_pgbench(self, row, seconds, rights="requests"):
        """With the rights that requests have, or "bare": as a superuser, whom no policy slows down."""
        files = [f"--file={script_of(one)}@{weight}" for one, weight in MIX.items()] if row == "r6" else [f"--file={script_of(row)}"]
        defined = {"user": data.user_id(0), "issues": self.dataset.issues[0], "statuses": data.status_prefix(0), "labels": data.label_prefix(0),
                   "projects": data.project_prefix(0)}
        command = [need_tool("pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-h", self.database.host, "-U",
                   self.pgbench_options[rights]["user"], *[f"-D{name}={value}" for name, value in defined.items()], *files, self.database.name]
        # On a machine that is busy with other things a second may be too short for a single transaction.
        for _ in range(4):
            before = cpu_of(self.processes()[1])
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PGOPTIONS": self.pgbench_options[rights]["options"]})
            used = cpu_of(self.processes()[1]) - before
            rate = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
            count = re.search(r"actually processed: (\d+)", done.stdout)
            if done.returncode != 0:
                raise Trouble(f"pgbench failed at {row}: {(done.stderr or done.stdout).strip()[-600:]}")
            if rate and count and int(count[1]) > 0:
                return {"rate": float(rate[1]), "postgres_cpu_us": used / int(count[1]) * 1e6}
        raise Trouble(f"pgbench finished no transaction of {row} in {seconds} s: the machine is too busy; give more --seconds")


def measure_nginx(nginx, seconds):
    return run_wrk(f"http://127.0.0.1:{nginx.port}/answer.json", "static.lua", [], seconds)
