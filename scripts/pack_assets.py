#!/usr/bin/env python3
"""pack_assets.py OUT SHELL_DIRECTORY [BUILT_FILE...]: the web app as the files that the server sends.

Everything but index.html and the few files that must keep their names goes to OUT/assets/ with a hash of its content in
its name, so that it may be cached for ever.  In index.html, *.css, *.js, *.webmanifest and *.svg of the shell,
{{name.ext}} stands for the address of that file; {{JS}} and {{WASM}} for those of the program; {{FILES}} for a list of the addresses
that index.html names, and those that these name, as far as they carry a hash; {{VERSION}} for a hash of all that.  A file that stands
beside the program is taken when its name is used.  An unknown name is an error.
Each file has brotli and gzip companions (.br, .gz) when these are smaller.  Unchanged content is not written again.
"""

import concurrent.futures
import gzip
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

# Sent under their own names: a browser or the server asks for them by these.
FIXED = {"index.html", "favicon.ico", "robots.txt", "licenses.txt", "manifest.webmanifest", "service_worker.js", "sw.js"}
ALREADY_COMPRESSED = {".png", ".woff2", ".jpg", ".webp", ".ico"}
TEXT = {".html", ".css", ".js", ".webmanifest", ".svg", ".txt", ".json"}
ABOUT_ALL = {"VERSION", "FILES"}
PLACEHOLDER = re.compile(r"\{\{([A-Za-z0-9_.-]+)\}\}")


def hashed_name(name: str, content: bytes) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{extension}"


class Packer:
    def __init__(self, sources: dict[str, Path], built: list[Path]):
        self.sources = sources
        self.built = built  # what a compiler made is taken as it is
        self.done: dict[str, tuple[str, bytes]] = {}
        self.open: list[str] = []

    def pack(self, name: str) -> tuple[str, bytes]:
        """The path and content of a file, after those it names."""
        if name in self.done:
            return self.done[name]
        if name in self.open:
            sys.exit(f"files that name each other: {' -> '.join(self.open + [name])}")
        self.open.append(name)
        content = self.filled(name)
        for placeholder, text in (("{{VERSION}}", self.version), ("{{FILES}}", self.files)):
            if placeholder.encode() in content and self.sources[name] not in self.built:
                content = content.replace(placeholder.encode(), text().encode())
        self.open.pop()
        self.done[name] = (name if name in FIXED else hashed_name(name, content), content)
        return self.done[name]

    def filled(self, name: str) -> bytes:
        """With the addresses of the files that it names; what is about all of them stays as it is."""
        content = self.sources[name].read_bytes()
        if Path(name).suffix not in TEXT or self.sources[name] in self.built:
            return content
        return PLACEHOLDER.sub(lambda match: match[0] if match[1] in ABOUT_ALL else self.address(match[1], name), content.decode()).encode()

    def version(self) -> str:
        return hashlib.sha256(self.filled("index.html")).hexdigest()[:12]

    def files(self) -> str:
        found: list[str] = []
        users = ["index.html"]
        while users:
            for address in re.findall(r"/assets/[A-Za-z0-9_.-]+", self.filled(users.pop()).decode()):
                name = next(name for name, (path, _) in self.done.items() if "/" + path == address)
                if address not in found:
                    found.append(address)
                    if Path(name).suffix in TEXT and self.sources[name] not in self.built:
                        users.append(name)
        return json.dumps(sorted(found))

    def address(self, placeholder: str, user: str) -> str:
        target = {"JS": "dits.js", "WASM": "dits.wasm"}.get(placeholder, placeholder)
        for beside in (path.with_name(target) for path in self.built):
            if target not in self.sources and beside.is_file():
                self.sources[target] = beside
                self.built.append(beside)
                break
        if target not in self.sources:
            sys.exit(f"{self.sources[user]}: {{{{{placeholder}}}}} names no file; there are: {', '.join(sorted(self.sources))}")
        return "/" + self.pack(target)[0]


def write(path: Path, content: bytes) -> None:
    """Writes the file and its companions; a file that is there with the same content is left alone."""
    brotli_path, gzip_path = Path(f"{path}.br"), Path(f"{path}.gz")
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix not in ALREADY_COMPRESSED and len(content) > 200:
        brotli = subprocess.run(["brotli", "-q", "11", "-w", "24", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout
        for companion, packed in ((brotli_path, brotli), (gzip_path, gzip.compress(content, 9, mtime=0))):
            if len(packed) < len(content):
                companion.write_bytes(packed)
    path.write_bytes(content)  # last: it says that the companions are complete


def main() -> None:
    out, shell, *built = (Path(argument) for argument in sys.argv[1:])
    files = [path for path in sorted(shell.iterdir()) if path.is_file() and path.name[0] != "." and path.suffix != ".md"]
    sources: dict[str, Path] = {}
    for path in files + built:
        if path.name in sources:
            sys.exit(f"two files are named {path.name}: {sources[path.name]} and {path}")
        sources[path.name] = path
    packer = Packer(sources, built)
    for name in list(sources):
        packer.pack(name)
    packed = list(packer.done.values())
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda file: write(out / file[0], file[1]), packed))
    wanted = {out / (path + suffix) for path, _ in packed for suffix in ("", ".br", ".gz")}
    for path in out.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()
    sizes = [(len(content), (out / (path + ".br"))) for path, content in packed]
    total = sum(size for size, _ in sizes)
    sent = sum(file.stat().st_size if file.exists() else size for size, file in sizes)
    print(f"{len(packed)} files, {total // 1024} KB, {sent // 1024} KB with brotli")


if __name__ == "__main__":
    main()
