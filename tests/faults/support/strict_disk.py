"""A file system at its strictest, from a trace of system calls: nothing lasts but what was synced.

The bytes of a file last after its own fsync, a name after the fsync of the directory that holds it, both after a syncfs. Journals of
real file systems keep more than that, and each something else; POSIX promises no more."""

import os
import re

CALLS = "trace=openat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,fsync,fdatasync,syncfs"
LINE = re.compile(r"^(?:\[pid\s+)?(?:\d+)?\]?\s*(\w+)\((.*)\)\s+= (-?\d+)")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
FILE = re.compile(r"^-?\d+<([^>]*)>")


def tracer(output: str) -> list:
    """What a command line begins with; the programs that it starts are left alone."""
    return ["strace", "-f", "-y", "-b", "execve", "-e", CALLS, "-s", "4096", "-o", output]


class StrictDisk:
    """Below `root`. `passing`: names of files that need not last."""

    def __init__(self, root: str, passing):
        self.root, self.passing = root, tuple(passing)
        self.names, self.bytes = set(), set()  # that would be lost
        self.problems = []

    def is_below(self, path: str) -> bool:
        return path.startswith(self.root + "/")

    def lost(self) -> list:
        """What would be gone if the power went off now."""
        return sorted(f"the name {path[len(self.root):]}" for path in self.names if not self.is_passing(path)) + sorted(
            f"the bytes of {path[len(self.root):]}" for path in self.bytes if not self.is_passing(path))

    def is_passing(self, path: str) -> bool:
        return any(re.search(pattern, path) for pattern in self.passing)

    def take(self, trace: str):
        """All lines of a trace; calls that were interrupted by another thread's are put together first."""
        with open(trace, encoding="utf-8", errors="replace") as lines:
            begun = {}
            for line in lines:
                thread = line.split(" ", 1)[0]
                if line.rstrip().endswith("<unfinished ...>"):
                    begun[thread] = line.rstrip()[: -len("<unfinished ...>")]
                    continue
                if "resumed>" in line and thread in begun:
                    line = begun.pop(thread) + line.split("resumed>", 1)[1]
                match = LINE.match(line)
                if match and int(match[3]) >= 0:
                    self.take_call(match[1], match[2], line)

    def take_call(self, call: str, arguments: str, line: str):
        texts = [text for text in STRING.findall(arguments)]
        if call in ("fsync", "fdatasync", "syncfs"):
            self.sync(call, FILE.match(arguments)[1])
        elif call == "openat" and "O_CREAT" in arguments:
            self.make(line.rsplit("<", 1)[-1].rstrip(">\n"), has_bytes=True)
        elif call in ("mkdir", "mkdirat"):
            self.make(texts[-1], has_bytes=False)
        elif call in ("link", "linkat"):
            self.make(texts[-1], has_bytes=texts[0] in self.bytes)
        elif call.startswith("rename"):
            self.rename(*texts)
        elif call in ("unlink", "unlinkat", "rmdir") and texts:
            gone = self.path_of(texts[-1], arguments)
            self.names.discard(gone)
            self.bytes.discard(gone)

    # Of unlinkat(7</directory>, "name", 0).
    @staticmethod
    def path_of(name: str, arguments: str) -> str:
        directory = FILE.match(arguments)
        return os.path.join(directory[1], name) if directory else name

    def make(self, path: str, has_bytes: bool):
        if not self.is_below(path):
            return
        self.names.add(path)
        if has_bytes:
            self.bytes.add(path)

    def rename(self, old: str, new: str):
        if not self.is_below(new):
            return
        if old in self.bytes and not self.is_passing(new):
            self.problems.append(f"{new[len(self.root):]} got its name before its bytes were synced")
        for kept in (self.names, self.bytes):
            for path in [path for path in kept if path == old or path.startswith(old + "/")]:
                kept.discard(path)
                kept.add(new + path[len(old):])
        self.names.add(new)

    def sync(self, call: str, path: str):
        if call == "syncfs":
            self.names.clear()
            self.bytes.clear()
        self.bytes.discard(path)
        self.names = {name for name in self.names if os.path.dirname(name) != path}
