"""What the tests of faults ask of the operating system: ports, waiting, and processes that are killed and frozen."""

import collections
import os
import pwd
import random
import signal
import socket
import time


def free_port() -> int:
    """Below the ports that the kernel gives to clients: one of them might have it while a server is started again, and a client that
    tries and tries would even connect to itself."""
    while True:
        port = random.randrange(12_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # taken


def wait_until(condition, what: str, seconds: float = 60, pause: float = 0.01):
    """The first true value of `condition`. Raises TimeoutError("not within N s: WHAT")."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)


def processes_in(directory: str) -> list:
    """The processes whose working directory is `directory` or lies below it."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            place = os.readlink(f"/proc/{name}/cwd")
        except OSError:
            continue
        if place == directory or place.startswith(directory + "/"):
            found.append(int(name))
    return found


def threads_of(process: int) -> dict:
    """Name and what the kernel does for it -> how many of the threads."""
    found = collections.Counter()
    for task in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{task}/comm", encoding="utf-8") as name, open(f"/proc/{process}/task/{task}/wchan", encoding="ascii") as place:
                found[f"{name.read().strip()} {place.read()}"] += 1
        except OSError:
            pass  # it ended
    return dict(found)


def children_of(process: int) -> list:
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]


def send_signal(processes, number: int):
    """To those of them that are still there."""
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


def freeze(processes, seconds: float):
    send_signal(processes, signal.SIGSTOP)
    time.sleep(seconds)
    send_signal(processes, signal.SIGCONT)


def plain_user() -> dict:
    """For subprocess: as root another user, since PostgreSQL refuses root; else oneself."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to_plain_user(path: str):
    user = plain_user()
    if user:
        os.chown(path, user["user"], user["group"])
