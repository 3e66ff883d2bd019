#!/usr/bin/env python3
"""scripts/bench does what it says, on a few hundred issues: every table is printed, and its JSON has the shape that docs/performance.md tells."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts", "bench.d"))

import svg  # noqa: E402
import tables  # noqa: E402

BINARY = os.environ.get("DITS_BINARY", os.path.join(ROOT, "build", "dits"))
TEMPORARY = os.environ.get("DITS_TEST_TMP") or tempfile.gettempdir()


def start(*arguments):
    return subprocess.Popen([os.path.join(ROOT, "scripts", "bench"), "--binary", BINARY, "--work-dir", TEMPORARY, *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bench(*arguments):
    """(what it printed, its JSON)"""
    name = arguments[0]
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as out:
        process = start(*arguments, "--tiny", "--out", out)
        printed, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        with open(os.path.join(out, f"{name}.json")) as file:
            return printed, json.load(file), sorted(os.listdir(out))


def left_behind():
    return [name for name in os.listdir(TEMPORARY) if name.startswith("dits-bench-")]


class Benches(unittest.TestCase):
    def test_the_server_is_measured_over_both_databases_beside_pgbench_and_nginx(self):
        printed, told, files = bench("server", "--only", "r1,r6")
        self.assertEqual(files, ["server.json", "server.md"])
        self.assertEqual([one["database"] for one in told["results"]], ["embedded", "external"])
        for one in told["results"]:
            self.assertEqual(set(one["rows"]), {"r1", "r6"})
            for row in one["rows"].values():
                self.assertEqual((row["refused"], row["broken"]), (0, 0))
                self.assertGreater(row["rate"][0], 0)
                self.assertGreater(row["pgbench_rate"][0], 0)
                self.assertAlmostEqual(row["ratio"][0], row["rate"][0] / row["pgbench_rate"][0])
                self.assertGreater(row["bare"]["rate"], 0)
                self.assertLessEqual(row["p50"], row["p99"])
                self.assertGreater(row["server_cpu_us"] + row["postgres_cpu_us"], 0)
            self.assertGreater(one["nginx"], 0)
            self.assertGreater(one["first_start_ms"], 0)
            self.assertGreater(one["load_mb"]["server"], 0)
            self.assertGreater(one["idle_mb"]["postgres"], 0)
        self.assertEqual(set(told["machine"]), {"processor", "cores", "memory_gb", "system", "flush_us", "date", "load_before"})
        self.assertIn("| R6 mix 50/35/5/5/5 |", printed)
        self.assertEqual(left_behind(), [])

    def test_growth_is_a_table_and_a_picture(self):
        printed, told, files = bench("scale", "--only", "r1,r5", "--database", "embedded")
        self.assertEqual(files, ["scale-embedded.svg", "scale.json", "scale.md"])
        one = told["results"][0]
        self.assertEqual([point["at"] for point in one["issues"]], [50, 200])
        self.assertEqual([point["at"] for point in one["streams"]], [1, 5])
        for point in one["streams"]:
            self.assertEqual(point["closed"], 0)
            self.assertGreater(point["changes"], 0)
        self.assertIn("grows by", printed)

    def test_the_app_is_measured_in_a_browser(self):
        _, told, files = bench("web")
        self.assertEqual(files, ["web.json", "web.md"])
        page = told["results"][0]["sizes"]["400"]
        self.assertEqual(page["complaints"], [])
        for name in ("coldFirstRowsMs", "warmFirstRowsMs"):
            self.assertGreater(page[name], 0)
        for name in ("keyJ", "keyFilter", "scrollFrame", "sortFrame"):
            self.assertGreater(page[name]["count"], 0, name)
            self.assertLessEqual(page[name]["p50"], page[name]["p95"])
        for name in ("wasm", "js", "data"):
            self.assertGreater(page["wire"][name], 0)
        self.assertEqual(set(page["idle"]), {"seconds", "callbacks", "frames"})  # that none is drawn: tests/browser/smoke.spec.mjs
        self.assertGreater(page["memory"]["pssMb"], 0)

    def test_an_interrupted_run_ends_what_it_started_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory(dir=TEMPORARY) as out:
            process = start("server", "--out", out, "--database", "external")
            deadline = time.monotonic() + 60
            while not any(os.path.exists(os.path.join(TEMPORARY, name, "external", "postgres", "cluster", "postmaster.pid")) for name in left_behind()):
                self.assertLess(time.monotonic(), deadline)
                self.assertIsNone(process.poll())
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
            self.assertNotEqual(process.returncode, 0)
            self.assertIn("interrupted: what was started has been ended", errors)
            self.assertEqual((left_behind(), os.listdir(out)), ([], []))

    def test_what_is_missing_is_said_with_what_to_do(self):
        for arguments, expected in [(["--binary", "/nowhere/dits"], "scripts/build makes build/dits"),
                                    (["--work-dir", "/nowhere"], "--work-dir names another folder"),
                                    (["--only", "r9"], "there are: r1 r2 r3 r4 r5 r6")]:
            process = start(*arguments)
            _, errors = process.communicate(timeout=60)
            self.assertNotEqual(process.returncode, 0)
            self.assertIn(expected, errors)


class Pictures(unittest.TestCase):
    def test_curves_keep_to_their_panel_and_names_are_escaped(self):
        text = svg.draw("a < b", [("issues", [svg.Series("R1", [(1_000, 10), (1_000_000, 20_000)])])])
        self.assertIn("a &lt; b", text)
        points = text.split('points="')[1].split('"')[0].split()
        self.assertEqual(len(points), 2)
        for point in points:
            x, y = map(float, point.split(","))
            self.assertTrue(svg.LEFT <= x <= svg.LEFT + svg.WIDTH and svg.TOP <= y <= svg.TOP + svg.HEIGHT, point)

    def test_a_document_changes_between_its_marks_only(self):
        with tempfile.NamedTemporaryFile("w+", dir=TEMPORARY, suffix=".md") as file:
            begin, end = tables.marks("web")
            file.write(f"before\n{begin}\nold\n{end}\nafter\n")
            file.flush()
            tables.write_between_marks(file.name, "web", "new\n")
            file.seek(0)
            self.assertEqual(file.read(), f"before\n{begin}\nnew\n{end}\nafter\n")

    def test_every_bench_has_its_marks_in_a_document(self):
        for name, document in {"server": "README.md", "web": "README.md", "scale": "docs/performance.md"}.items():
            with open(os.path.join(ROOT, document), encoding="utf-8") as file:
                text = file.read()
            self.assertEqual([text.count(mark) for mark in tables.marks(name)], [1, 1], name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
