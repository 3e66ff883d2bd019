"""Faults at the Nth system call of one program, by strace: which are tried, at which calls, and what must hold after each.

Only the program's own threads are followed, not the programs that it runs. strace counts for each thread by itself, so that "the Nth
call" is the Nth of every thread that makes as many."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from support.campaign import LONG as IS_LONG
from support.dits import program
from support.processes import give_to_plain_user, plain_user, processes_in, send_signal

# What the kernel may answer to a call, and which of it we look at.
ERRORS = {
    "openat": ["EMFILE", "ENOSPC", "EIO"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "write": ["ENOSPC", "EIO", "EINTR"],
    "pwrite64": ["ENOSPC", "EIO"],
    "writev": ["ENOSPC", "EIO"],
    "sendfile": ["EIO"],
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO"],
    "syncfs": ["EIO"],
    "close": ["EIO", "EINTR"],
    "newfstatat": ["EIO"],
    "statfs": ["EIO"],
    "fchmod": ["EIO"],
    "chmod": ["EIO"],
    "access": ["EIO"],
    "getdents64": ["EIO"],
    "rename": ["ENOSPC", "EIO"],
    "mkdir": ["ENOSPC", "EIO"],
    "link": ["ENOSPC", "EIO"],
    "unlink": ["EIO"],
    "unlinkat": ["EIO"],
    "ftruncate": ["EIO", "EINTR"],
    "fallocate": ["ENOSPC", "EINTR"],
    "flock": ["EINTR"],
    "socket": ["EMFILE"],
    "sendto": ["EINTR", "EPIPE"],
    "recvfrom": ["EINTR", "ECONNRESET"],
    "accept4": ["EMFILE", "EINTR", "ECONNABORTED", "ENFILE"],
    "epoll_create1": ["EMFILE"],
    "eventfd2": ["EMFILE"],
    "signalfd4": ["EMFILE"],
    "epoll_ctl": ["ENOSPC"],
    "epoll_wait": ["EINTR"],
    "poll": ["EINTR"],
    "pipe2": ["EMFILE"],
    "clone": ["EAGAIN"],
    "clone3": ["EAGAIN"],
    "wait4": ["EINTR"],
}
# How many of a call's occurrences are tried in the long form before they are thinned out; 0: each one.
EACH = int(os.environ.get("DITS_FAULTS_EACH", "0"))
# The long form may be narrowed: "openat,rename".
ONLY = [call for call in os.environ.get("DITS_FAULTS_CALLS", "").split(",") if call]
IS_TALKATIVE = bool(os.environ.get("DITS_FAULTS_TALK"))
# What a sentence about it must advise.
ADVICE = {"ENOSPC": re.compile("[Ff]ree some space|make room|is room"), "EMFILE": re.compile("ulimit -n"), "EAGAIN": re.compile("ulimit -u"),
          "EIO": re.compile("dmesg")}
# Words that no sentence for a person has.
RAW = re.compile(r"terminate called|std::|filesystem error|Assertion|\[json\.|basic_string|Segmentation")


def has_strace() -> bool:
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def positions(count: int, wanted: int) -> list:
    """About `wanted` of 1 … count: the first, the last, and evenly between."""
    if wanted == 0 or count <= wanted:
        return list(range(1, count + 1))
    ends = wanted // 3
    chosen = set(range(1, ends + 1)) | set(range(count - ends + 1, count + 1))
    between = wanted - 2 * ends
    chosen |= {ends + (count - 2 * ends) * step // (between + 1) for step in range(1, between + 1)}
    return sorted(number for number in chosen if 1 <= number <= count)


class Place:
    """A directory of a test, of the user as which the program runs, with the program in it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="dits-injection-")
        self.program = os.path.join(self.path, "dits")
        shutil.copy(program(), self.program)
        os.chmod(self.program, 0o755)
        os.chmod(self.path, 0o755)
        give_to_plain_user(self.path)

    def join(self, *names: str) -> str:
        return os.path.join(self.path, *names)

    def remove(self):
        send_signal(processes_in(self.path), signal.SIGKILL)
        wait_until_gone(self.path)
        shutil.rmtree(self.path)

    def run(self, data: str, *arguments: str, tracer=(), text: str = "") -> subprocess.CompletedProcess:
        """`tracer`: what the program is run under. After a minute and a half it counts as hanging: code 999."""
        command = [*tracer, self.program, "--data-dir", data, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.path,
                                   env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, start_new_session=True, **plain_user())
        try:
            out, err = process.communicate(text.encode(), timeout=90)
            return subprocess.CompletedProcess(command, process.returncode, out, err)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            send_signal(processes_in(self.path), signal.SIGKILL)
            out, err = process.communicate()
            return subprocess.CompletedProcess(command, 999, out, err)

    def copy(self, template: str, name: str) -> str:
        """A copy of a data directory that no program uses."""
        target = self.join(name)
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", template, target], check=True)
        return target


def wait_until_gone(path: str, seconds: float = 15) -> list:
    """PostgreSQL ends by itself when the program is gone. What stands below `path` still after `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := processes_in(path)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def temporary_files(path: str) -> list:
    """Files under the names that unfinished things have."""
    marks = re.compile(r"\.new$|\.new-|\.tmp$|\.part$|^upload-|^\.upload")
    return [os.path.join(folder, name) for folder, folders, files in os.walk(path) for name in folders + files if marks.search(name)
            and "/base/" not in folder and "/pg_" not in folder]


class Trace:
    """What strace wrote of a run."""

    def __init__(self, path: str):
        with open(path, errors="replace") as file:
            self.lines = file.read().splitlines()

    def calls(self) -> dict:
        """Name of a call -> the numbers, by thread, of those that are the program's own: what comes before main() is the loader's."""
        begin = next((number for number, line in enumerate(self.lines) if "umask(" in line), -1)
        made, own = {}, {}
        for number, line in enumerate(self.lines):
            match = re.match(r"(?:(\d+) +)?(\w+)\(", line)
            if not match:
                continue
            made[match[2], match[1]] = made.get((match[2], match[1]), 0) + 1
            if number > begin:
                own.setdefault(match[2], set()).add(made[match[2], match[1]])
        return {name: sorted(numbers) for name, numbers in own.items()}

    def hits(self) -> list:
        return [line for line in self.lines if "(INJECTED)" in line]


class Injection:
    """One fault: the Nth `call` fails with `error`."""

    def __init__(self, call: str, error: str, number: int):
        self.call, self.error, self.number = call, error, number

    def __str__(self):
        return f"{self.call} {self.number}: {self.error}"

    def tracer(self, output: str) -> list:
        return ["strace", "-f", "-b", "execve", "-q", "-o", output, "-e", f"trace={self.call}", "-e", "signal=none",
                "-e", f"inject={self.call}:error={self.error}:when={self.number}"]


def counting_tracer(output: str) -> list:
    return ["strace", "-f", "-b", "execve", "-q", "-o", output, "-e", "trace=umask," + ",".join(ERRORS), "-e", "signal=none"]


class Campaign:
    """The faults of one operation, and what was found. `calls`: see Trace.calls(); `short`: what the short form tries, each once."""

    def __init__(self, name: str, calls: dict, short):
        self.name, self.calls, self.short = name, calls, short
        self.tried, self.hit, self.refused, self.complaints = {}, 0, 0, []

    def injections(self):
        if not IS_LONG:
            for at, call in enumerate(self.short):
                numbers = self.calls.get(call)
                if numbers:
                    yield self.next(call, ERRORS[call][at % len(ERRORS[call])], numbers[len(numbers) * 2 // 3])
            return
        for call, errors in ERRORS.items():
            numbers = self.calls.get(call, []) if not ONLY or call in ONLY else []
            for at in positions(len(numbers), EACH):
                for error in errors:
                    yield self.next(call, error, numbers[at - 1])

    def next(self, call: str, error: str, number: int) -> Injection:
        self.tried[call, error] = self.tried.get((call, error), 0) + 1
        return Injection(call, error, number)

    def complain(self, injection: Injection, what: str):
        self.complaints.append(f"{self.name}, {injection}: {what}")
        print(f"  {self.complaints[-1]}", file=sys.stderr, flush=True)

    def judge(self, injection: Injection, done: subprocess.CompletedProcess, output: str):
        """What every run owes: an exit code of ours and, when it is not 0, a sentence."""
        hits = Trace(output).hits()
        self.hit += bool(hits)
        text = done.stderr.decode(errors="replace")
        told = [line for line in text.splitlines() if line.startswith("dits: ")]
        if IS_TALKATIVE:
            print(f"    {injection} -> {done.returncode} {told} {hits[:1]}", file=sys.stderr, flush=True)
        if done.returncode == 0:
            return
        self.refused += 1
        if not 0 < done.returncode <= 5:
            self.complain(injection, f"ended with {done.returncode}: {text[-400:]!r} ({hits[:1]})")
        elif not told:
            self.complain(injection, f"code {done.returncode} without a sentence: {text[-300:]!r}")
        elif RAW.search(text) or told[-1].rstrip().endswith(":"):
            self.complain(injection, f"no sentence for a person: {told[-1]!r}")
        elif not hits:
            self.complain(injection, f"failed without a fault: {told[-1]!r}")
        elif injection.error in ADVICE and not ADVICE[injection.error].search(text):
            self.complain(injection, f"does not say what to do: {told[-1]!r} ({hits[:1]})")

    def report(self) -> str:
        by_call = {}
        for (call, _), count in self.tried.items():
            by_call[call] = by_call.get(call, 0) + count
        calls = ", ".join(f"{call} {count}" for call, count in sorted(by_call.items()))
        return (f"{self.name}: {sum(by_call.values())} faults tried ({calls}), {self.hit} hit, {self.refused} refused, "
                f"{len(self.complaints)} complaints")
