"""scripts/bench, after its tools were found: what was asked for, where things lie, and what is left behind."""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import scale_bench
import server_bench
import web_bench
from load import ROOT, ROWS
from programs import Trouble, need_tool
from tables import machine, machine_text, write_between_marks

BENCHES = {"server": server_bench, "web": web_bench, "scale": scale_bench}
# Where --readme puts the tables.
DOCUMENTS = {"server": "README.md", "web": "README.md", "scale": os.path.join("docs", "performance.md")}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures DITS against the goals; docs/performance.md says how.")
    parser.add_argument("bench", nargs="?", choices=sorted(BENCHES), default="server")
    parser.add_argument("--full", dest="size", action="store_const", const="full", default="small", help="one user with 100,000 issues, nine with 10,000")
    parser.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="a few hundred issues: to see that it works")
    parser.add_argument("--database", choices=["embedded", "external", "both"], default="both")
    parser.add_argument("--seconds", type=int, help="of each measurement (5; tiny: 1)")
    parser.add_argument("--rounds", type=int, help="how often everything is measured, by turns (3; tiny: 1)")
    parser.add_argument("--only", help="rows, as r2,r3")
    parser.add_argument("--binary", help="the dits to measure (build/dits)")
    parser.add_argument("--out", default=os.path.join(ROOT, "build", "bench"), help="where JSON and Markdown go (build/bench)")
    parser.add_argument("--work-dir", default="/var/tmp", help="where the data lies meanwhile: a disk, not memory (/var/tmp)")
    parser.add_argument("--readme", action="store_true", help="puts the tables into README.md as well (growth: into docs/performance.md)")
    options = parser.parse_args()
    is_tiny = options.size == "tiny"
    options.seconds = options.seconds or (1 if is_tiny else 5)
    options.rounds = options.rounds or (1 if is_tiny else 3)
    options.starts, options.is_warmed_up = (1, False) if is_tiny else (5, True)
    options.rows = [name.strip().lower() for name in options.only.split(",")] if options.only else list(ROWS)
    unknown = [name for name in options.rows if name not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]}; there are: {' '.join(ROWS)}")
    return options


def say(text):
    print(f"[{time.monotonic() - STARTED:4.0f}s] {text}", file=sys.stderr, flush=True)


def command_of(given):
    """What was asked for, without the places of this machine."""
    told, places = ["scripts/bench"], ("--binary", "--out", "--work-dir")
    for at, word in enumerate(given):
        if word.split("=")[0] not in places and (at == 0 or given[at - 1] not in places):
            told.append(word)
    return " ".join(told)


def source_of(binary):
    told = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.strip()
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {"version": told, "commit": commit}


def bench_of(options):
    return BENCHES[options.bench]


def run(options):
    if not os.access(options.binary, os.X_OK):
        raise Trouble(f"there is no program {options.binary}: scripts/build makes build/dits, --binary names another")
    for tool in bench_of(options).TOOLS:
        need_tool(tool)
    os.makedirs(options.out, exist_ok=True)
    options.say = say
    try:
        folder = tempfile.mkdtemp(prefix="dits-bench-", dir=options.work_dir)
    except OSError as error:
        raise Trouble(f"nothing can be written to {options.work_dir}: {error.strerror}; --work-dir names another folder")
    os.chmod(folder, 0o755)
    try:
        about = {"machine": machine(), "program": source_of(options.binary), "command": command_of(sys.argv[1:])}
        bench = bench_of(options)
        kinds = ["embedded", "external"] if options.database == "both" and options.bench != "web" else [options.database.replace("both", "embedded")]
        found = [bench.measure(options, kind, f"{folder}/{kind}") for kind in kinds]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = "\n".join(table.markdown() for table in bench.tables(found)) + "\n" + machine_text(about["machine"]) + f" `{about['command']}`\n"
    stem = os.path.join(options.out, options.bench)
    with open(f"{stem}.json", "w") as file:
        json.dump({**about, "results": found}, file, indent=1)
    with open(f"{stem}.md", "w") as file:
        file.write(text)
    print(text)
    drawn = bench.pictures(found, options.out) if hasattr(bench, "pictures") else []
    say("written: " + ", ".join([f"{stem}.json", f"{stem}.md", *drawn]))
    if options.readme:
        publish(options, text, drawn)


def publish(options, text, drawn):
    for picture in drawn:
        shutil.copy(picture, os.path.join(ROOT, "docs", "images"))
        text = f"![Growth](images/{os.path.basename(picture)})\n\n{text}"
    document = os.path.join(ROOT, DOCUMENTS[options.bench])
    write_between_marks(document, options.bench, text)
    say(f"written: {document}")


def interrupted(number, frame):
    raise KeyboardInterrupt


def allow_many_files():
    """A thousand streams are a thousand files here, and as many in the server."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


STARTED = time.monotonic()
if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    chosen = arguments()
    allow_many_files()
    chosen.binary = os.path.abspath(chosen.binary or os.path.join(ROOT, "build", "dits"))
    try:
        run(chosen)
    except Trouble as trouble:
        sys.exit(f"error: {trouble}")
    except KeyboardInterrupt:
        sys.exit("interrupted: what was started has been ended, nothing was written")
    except OSError as error:
        sys.exit(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
