"""What the tests of faults ask of the operating system: ports, waiting, and processes that are killed and frozen."""

import os
import pwd
import signal
import socket
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
