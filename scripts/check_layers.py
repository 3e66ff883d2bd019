#!/usr/bin/env python3
"""Check that every #include follows the arrows between rooms.

ALLOWED says which rooms a room may include besides itself; a room is a folder such as server/db.
LIBRARY_ROOM says in which rooms the headers of a library may appear at all.
Prints file:line for each breach and exits 1 if there is one.
"""

import re
import sys
from pathlib import Path

SHARED_ALL = {"shared/core", "shared/model", "shared/query", "shared/json", "shared/api", "shared/markdown",
              "shared/snapshot"}

ALLOWED = {
    "shared/core":     set(),
    "shared/model":    {"shared/core"},
    "shared/query":    {"shared/core", "shared/model"},
    "shared/json":     {"shared/core", "shared/model"},
    "shared/api":      {"shared/core", "shared/model", "shared/query", "shared/json"},
    "shared/markdown": {"shared/core"},
    "shared/snapshot": {"shared/core", "shared/model"},

    "server/base":     {"shared/core", "shared/model"},
    "server/db":       {"server/base", "shared/core"},
    "server/embedded": {"server/base", "server/db", "shared/core"},
    "server/cache":    {"server/base", "shared/core", "shared/model", "shared/query", "shared/json"},
    "server/store":    {"server/base", "server/db", "shared/core", "shared/model", "shared/query", "shared/json"},
    "server/service":  {"server/base", "server/db", "server/store", "server/cache"} | SHARED_ALL,
    "server/jobs":     {"server/base", "server/service", "server/cache"} | SHARED_ALL,
    "server/http":     {"server/base", "shared/core", "shared/json", "shared/api"},
    "server/api":      {"server/base", "server/http", "server/service"} | SHARED_ALL,
    # The verbs of a start: they work before, or without, the services.
    "server/backup":   {"server/base", "server/db", "server/embedded", "shared/core", "shared/model", "shared/json"},
    "server/migrate":  {"server/base", "server/db", "server/embedded", "server/backup", "shared/core", "shared/model",
                        "shared/json"},
    "server/seed":     {"server/base", "server/service"} | SHARED_ALL,

    "web/platform":    {"shared/core", "shared/markdown"},
    "web/api":         {"web/platform", "web/store"} | SHARED_ALL,
    "web/store":       {"shared/core", "shared/model", "shared/query", "shared/json"},
    "web/commands":    {"web/store", "web/api"} | SHARED_ALL,
    "web/theme":       {"web/platform", "shared/core"},
    "web/widgets":     {"web/theme", "web/platform", "shared/core", "shared/markdown"},
    "web/ui":          {"web/widgets", "web/theme", "web/store", "web/commands",
                        "shared/core", "shared/model", "shared/query", "shared/markdown"},
}
# These wire everything together, so they may include anything on their own side: main and app, and the subcommands,
# each of which puts together the part of the server that it needs.
WIRING = {"server": "server/", "server/cli": "server/", "web": "web/"}

LIBRARY_ROOM = {
    r"libpq-fe\.h|postgresql/": ("server/db",),
    r"hiredis/":                ("server/cache",),
    r"httplib\.h":              ("server/http",),
    r"nlohmann/":               ("shared/json",),
    r"md4c":                    ("shared/markdown",),
    r"argon2\.h":               ("server/base", "server/service"),
    r"CLI/":                    ("server/cli", "server"),
    r"emscripten":              ("web/platform", "web"),
    r"imgui|misc/cpp/imgui":    ("web/ui", "web/widgets", "web/theme", "web/platform", "web"),
    r"doctest":                 (),
}

# Of a text that is not UTF-8 the library's own way of writing JSON makes an end of the program.
RAW_JSON_TEXT = re.compile(r"\.dump\(")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path: str) -> str:
    """'web/ui/labels/list.cpp' -> 'web/ui'; 'web/main.cpp' -> 'web'."""
    return "/".join(path.split("/")[:-1][:2])


def breaches(file: str, text: str):
    room = room_of(file)
    for number, line in enumerate(text.splitlines(), 1):
        if room != "shared/json" and RAW_JSON_TEXT.search(line):
            yield number, "JSON is written by dump() or dump_indented() of shared/json/value.hpp, which never fail"
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match[2]
        library = next((rooms for pattern, rooms in LIBRARY_ROOM.items() if re.match(pattern, target)), None)
        if library is not None:
            if room not in library:
                yield number, f"<{target}> belongs to {' or '.join(library) or 'tests'} only"
            continue
        if match[1] == "<":
            continue
        if target.split("/")[0] not in ("shared", "server", "web"):
            yield number, f'"{target}": write the path from the root of the repository; tests are not for inclusion'
            continue
        other = room_of(target)
        if other == room:
            continue
        if room in WIRING:
            if not target.startswith((WIRING[room], "shared/")):
                yield number, f"{room} may not see {other}"
        elif room not in ALLOWED:
            yield number, f"{room} is no known room; add it to ALLOWED in scripts/check_layers.py"
        elif other not in ALLOWED[room]:
            yield number, f"{room} may not see {other}"


def main(root: Path) -> int:
    count = 0
    for top in ("shared", "server", "web"):
        for path in sorted((root / top).rglob("*.[hc]pp")):
            name = path.relative_to(root).as_posix()
            for number, problem in breaches(name, path.read_text()):
                print(f"{name}:{number}: {problem}")
                count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
