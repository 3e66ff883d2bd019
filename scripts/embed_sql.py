#!/usr/bin/env python3
"""embed_sql.py FILE.sql SHOWN_NAME OUT.hpp: turn each "-- name: x" block into  inline constexpr Statement x{"x", "..."};"""

import re
import sys
from pathlib import Path

MARKER = re.compile(r"^--\s*name:\s*(\S+)\s*$")


def blocks(text: str, shown: str):
    """Yields (name, lines) of each block; comments above the first block are dropped."""
    name, lines = None, []
    for number, line in enumerate(text.splitlines(), 1):
        match = MARKER.match(line)
        if match:
            if name:
                yield name, lines
            name, lines = match[1], []
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                sys.exit(f"{shown}:{number}: '{name}' is no name in snake_case")
        elif name:
            lines.append(line.rstrip())
        elif line.strip() and not line.startswith("--"):
            sys.exit(f'{shown}:{number}: SQL before the first "-- name:" line')
    if name:
        yield name, lines


def header(shown: str, statements) -> str:
    identifier = re.sub(r"\W", "_", shown + ".hpp")
    out = [f"// Made from {shown} by scripts/embed_sql.py.  Do not edit.", "#pragma once", "",
           '#include "server/db/statement.hpp"', "", "namespace dits::sql {", ""]
    for name, lines in statements:
        body = "\n".join(lines).strip().rstrip(";")
        if not body:
            sys.exit(f"{shown}: the block '{name}' is empty")
        out += [f'inline constexpr Statement {name}{{"{name}", R"sql({body})sql"}};', ""]
    names = ", ".join("&" + name for name, _ in statements)
    out += [f"inline constexpr const Statement* statements_of_{identifier}[] = {{{names}}};", "", "}  // namespace dits::sql", ""]
    return "\n".join(out)


def main() -> None:
    source, shown, target = sys.argv[1:]
    statements = list(blocks(Path(source).read_text(), shown))
    names = [name for name, _ in statements]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        sys.exit(f"{shown}: named twice: {', '.join(sorted(twice))}")
    if not statements:
        sys.exit(f'{shown}: no "-- name:" line')
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(header(shown, statements))


if __name__ == "__main__":
    main()
