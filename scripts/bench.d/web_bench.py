"""The table of the browser: the app in Chromium, with 10,000 issues and, with --full, with 100,000."""

import json
import os
import subprocess

import data
from load import ROOT
from programs import Trouble, end
from tables import Table, figure
from world import server_with_data

TOOLS = ("node",)
SIZES = {"tiny": [400], "small": [10_000], "full": [100_000, 10_000]}
DRIVER = os.path.join(ROOT, "scripts", "bench.d", "web.mjs")


def measure(options, kind, folder):
    counts = SIZES[options.size]
    with server_with_data(options, kind, folder, data.Dataset(counts), starts=0) as (target, _):
        found = {}
        for user, count in enumerate(counts):
            target.server.command("user", "passwd", data.email_of(user), "--password-stdin", text=data.PASSWORD + "\n")
            options.say(f"browser: {count:,} issues")
            found[count] = drive(options, target.server, user)
    return {"database": kind, "sizes": {str(count): told for count, told in found.items()}}


def drive(options, server, user):
    command = ["node", DRIVER, f"http://127.0.0.1:{server.port}", data.email_of(user), data.PASSWORD, data.TOPICS[40]]
    if options.size == "tiny":
        command.append("--tiny")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "DITS_CHROMIUM": os.environ.get("DITS_CHROMIUM", "/usr/bin/chromium")})
    try:
        output, errors = process.communicate(timeout=900)
    except subprocess.TimeoutExpired:
        raise Trouble("the browser was not done within 15 minutes")
    finally:
        end(process, 10)
    if process.returncode != 0 or not output.strip():
        raise Trouble(f"the browser could not be driven: {errors.strip()[-1200:]}")
    return json.loads(output.strip().splitlines()[-1])


# What is shown: name, figure of one size, goal by number of issues (None: no goal for it), unit.
def lines(count, told):
    is_large = count >= 100_000
    is_ten_thousand = count == 10_000
    wire = told["wire"]
    code = wire.get("wasm", 0) + wire.get("js", 0)
    everything = sum(value for name, value in wire.items() if name != "requests")
    yield "first rows, cold", told["coldFirstRowsMs"], "ms", 450 if is_ten_thousand else None
    yield "first rows, warm", told["warmFirstRowsMs"], "ms", 150 if is_ten_thousand else 300 if is_large else None
    yield "frame while scrolling, CPU, p50", told["scrollFrame"]["p50"], "ms", None
    yield "frame while scrolling, CPU, p95", told["scrollFrame"]["p95"], "ms", 4
    yield "key to frame end of an empty page, p50", told["emptyPageKey"]["p50"], "ms", None
    yield "key to frame end of an empty page, p95", told["emptyPageKey"]["p95"], "ms", None
    yield "key j to frame end, p50", told["keyJ"]["p50"], "ms", None
    yield "key j to frame end, p95", told["keyJ"]["p95"], "ms", 16.7
    yield "key in the filter to frame end, p50", told["keyFilter"]["p50"], "ms", None
    yield "key in the filter to frame end, p95", told["keyFilter"]["p95"], "ms", 16.7
    yield "sort by title, longest frame", told["sortFrame"]["max"], "ms", 50
    yield "data on the wire", wire.get("data", 0) / 1000, "KB", 450 if is_ten_thousand else 4000 if is_large else None
    yield "code on the wire (wasm, js)", code / 1000, "KB", 300
    yield "fonts on the wire", wire.get("fonts", 0) / 1000, "KB", 200
    yield "all on the wire", everything / 1000, "KB", 900 if is_ten_thousand else None
    yield "requests", wire.get("requests", 0), "", 6
    yield "memory of the page's process, PSS", told["memory"]["pssMb"], "MB", 120 if is_large else None
    yield "memory of the page's process, RSS", told["memory"]["rssMb"], "MB", None
    yield f"frames in {told['idle']['seconds']} idle seconds", told["idle"]["frames"], "", 0
    yield f"callbacks in {told['idle']['seconds']} idle seconds", told["idle"]["callbacks"], "", 0


def tables(found):
    made = []
    for one in found:
        for count, told in one["sizes"].items():
            table = Table(f"Browser, {int(count):,} issues", ["", "measured", "goal", "reached"])
            for name, value, unit, goal in lines(int(count), told):
                is_reached = "" if goal is None else "no figure" if value is None else "yes" if value <= goal else "no"
                table.add(name, f"{figure(value)} {unit}".strip(), "" if goal is None else f"<= {goal} {unit}".strip(), is_reached)
            if told["complaints"]:
                table.note(f"The page complained: {told['complaints'][:3]}")
            made.append(table)
    return made
