"""Programs from which one check at a time can be taken away: the sources are copied, and in the copy each check asks an environment
variable. What is shipped knows nothing of it."""

import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
VARIABLE = "DITS_MUTANT"
SWITCH = f'''#include <cstdlib>
#include <string_view>

inline bool dits_mutant(std::string_view name) {{
  static const char* const chosen = std::getenv("{VARIABLE}");
  return chosen != nullptr && name == chosen;
}}
'''


class Mutant:
    """`place` is text of the file, in which [[…]] is the expression that becomes `instead`. `tests`: (program, files) that must notice."""

    def __init__(self, name: str, file: str, place: str, instead: str, tests):
        self.name, self.file, self.place, self.instead, self.tests = name, file, place, instead, tests
        self.before, self.expression, self.after = re.fullmatch(r"(?s)(.*)\[\[(.*)\]\](.*)", place).groups()
        self.text = self.before + self.expression + self.after


def mutated(text: str, mutants) -> str:
    """The text with a switch for each of these mutants of one file; each place must be there once."""
    by_place = {}
    for mutant in mutants:
        by_place.setdefault(mutant.place, []).append(mutant)
    for some in by_place.values():
        first = some[0]
        if text.count(first.text) != 1:
            raise ValueError(f"{first.file} has this {text.count(first.text)} times, not once: {first.text}")
        choice = "".join(f'dits_mutant("{each.name}") ? ({each.instead}) : ' for each in some)
        text = text.replace(first.text, f"{first.before}({choice}({first.expression})){first.after}")
    return text


def write_if_other(path: pathlib.Path, data: bytes):
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class Copy:
    """A tree of sources in `directory`, kept between runs so that only what changed is compiled."""

    def __init__(self, directory: pathlib.Path):
        self.sources, self.build = directory / "sources", directory / "native"

    def write(self, mutants, rewrite):
        """`rewrite(name, text)` may change any file further."""
        names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
        wanted = {name for name in names.stdout.splitlines() if (ROOT / name).is_file()}
        for path in list(self.sources.rglob("*")):
            name = str(path.relative_to(self.sources))
            if path.is_file() and not name.startswith("build/") and name not in wanted:
                path.unlink()
        for name in wanted:
            data = (ROOT / name).read_bytes()
            here = [mutant for mutant in mutants if mutant.file == name]
            if here:
                text = mutated(data.decode(), here)
                data = f'#include "{self.sources}/build/mutant.hpp"\n{text}'.encode()
            changed = rewrite(name, data.decode()) if name.endswith(".cpp") else None
            write_if_other(self.sources / name, changed.encode() if changed else data)
            shutil.copymode(ROOT / name, self.sources / name)
        for name in ("deps.cmake", "deps.env", "versions.txt"):
            write_if_other(self.sources / "build" / name, (ROOT / "build" / name).read_bytes())
        write_if_other(self.sources / "build" / "mutant.hpp", ("#pragma once\n" + SWITCH).encode())
        assets = self.sources / "build" / "assets"
        if not assets.exists():
            shutil.copytree(ROOT / "build" / "assets", assets)

    def compile(self, targets, jobs: int):
        log = self.build.parent / "compile.log"
        with open(log, "w") as out:
            for command in (
                ["cmake", "-G", "Ninja", "-S", str(self.sources), "-B", str(self.build), "-DDITS_SMALL=ON", "-DDITS_STRICT=ON"],
                ["ninja", "-C", str(self.build), f"-j{jobs}", *targets],
            ):
                if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode != 0:
                    raise RuntimeError(f"the copy does not compile: see {log}")


def first_failure(program: pathlib.Path, files: str, environment: dict, directory: str, seconds: int = 1200):
    """What notices: the name of the first test that fails, None when all pass."""
    command = [str(program), "--no-intro", "--no-version", "--abort-after=1", "--source-file=" + files]
    try:
        done = subprocess.run(
            command, env={**os.environ, **environment}, cwd=directory, capture_output=True, text=True, errors="replace", timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return "(no end)"
    if done.returncode == 0:
        return None
    names = re.findall(r"^TEST CASE: +(.*)$", done.stdout, re.MULTILINE)
    return names[-1] if names else f"(ended with {done.returncode})"
