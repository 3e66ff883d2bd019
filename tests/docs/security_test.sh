#!/usr/bin/env bash
# docs/security.md names a test for each promise: each of these names is a test's.
set -euo pipefail
exec /usr/bin/python3 - "$(cd "$(dirname "$0")/../.." && pwd)" <<'PY'
import pathlib, re, sys
root = pathlib.Path(sys.argv[1])
named = re.findall(r'"([^"\n]+)"', "\n".join(line for line in (root / "docs/security.md").read_text().splitlines() if line.startswith("|")))
cases = set()
for file in (root / "tests").rglob("*_test.cpp"):
    # A long name stands in several literals, one behind the other.
    for literals in re.findall(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', file.read_text()):
        cases.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"'))
for file in (root / "tests").rglob("*.spec.mjs"):
    cases.update(name.replace("\\'", "'") for name in re.findall(r"test\(file, ['`]((?:[^'`\\]|\\.)*)['`]", file.read_text()))
missing = [name for name in named if name not in cases]
assert len(named) > 40, f"only {len(named)} tests are named"
if missing:
    sys.exit("docs/security.md names tests that are not there:\n  " + "\n  ".join(missing))
print(f"{len(named)} promises have their tests")
PY
