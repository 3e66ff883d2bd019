"""Disks that tests may spoil: a small one that loses its power, and one of bounded size that fills. Both need root."""

import errno
import fcntl
import os
import shutil
import signal
import struct
import subprocess
import time

from support.processes import processes_in, send_signal, wait_until

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2  # what was not synced is gone, in the journal as well


def why_no_disks() -> str:
    """A sentence, or nothing. In CI root with loop devices has no reason: what else is missing is an error."""
    if os.geteuid() != 0:
        return "only root may mount a disk that is cut off or filled"
    if not os.path.exists("/dev/loop-control"):
        return "this machine has no loop devices"
    if not os.environ.get("CI") and shutil.which("mkfs.ext4", path="/usr/sbin:/sbin") is None:
        return "mkfs.ext4 is not on this machine (Debian: e2fsprogs)"
    return ""


def run(*arguments: str):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()}")


class Disk:
    """Something mounted at `path`."""

    def __init__(self, path: str):
        self.path, self.is_mounted = path, False

    def __enter__(self):
        os.makedirs(self.path, 0o755, exist_ok=True)
        self.mount()
        return self

    def __exit__(self, *_):
        if self.is_mounted:
            self.unmount()

    def unmount(self):
        """After everybody who works there was killed."""
        def is_gone():
            send_signal(processes_in(self.path), signal.SIGKILL)
            try:
                run("umount", self.path)
            except RuntimeError as error:
                if "busy" not in str(error):
                    raise
                return False
            return True

        wait_until(is_gone, f"{self.path} is unmounted")
        self.is_mounted = False


class PowerlessDisk(Disk):
    """An ext4 file system on a loop device."""

    def __init__(self, path: str, megabytes: int = 700):
        super().__init__(path)
        self.image = path + ".image"
        with open(self.image, "wb") as image:
            image.truncate(megabytes << 20)
        run("mkfs.ext4", "-q", "-F", self.image)

    def mount(self):
        run("mount", "-o", "loop", self.image, self.path)
        self.is_mounted = True
        os.chmod(self.path, 0o755)

    def sync(self):
        run("sync", "-f", self.path)

    def cut(self):
        """From now on nothing is read or written there, and what was not synced is gone."""
        directory = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(directory, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(directory)

    def come_back(self):
        self.unmount()
        self.mount()


class SmallDisk(Disk):
    """A tmpfs of so many megabytes."""

    def __init__(self, path: str, megabytes: int):
        super().__init__(path)
        self.megabytes = megabytes

    def mount(self):
        run("mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m,mode=0755", "tmpfs", self.path)
        self.is_mounted = True

    @property
    def filler(self) -> str:
        return os.path.join(self.path, "filler")

    def fill(self, seconds: float = 0.5):
        """To the last byte, for so long also what others give back."""
        deadline = time.monotonic() + seconds
        with open(self.filler, "ab", buffering=0) as file:
            while True:
                for size in (1 << 20, 4096):
                    try:
                        while file.write(b"x" * size) == size:
                            pass
                    except OSError as error:
                        if error.errno != errno.ENOSPC:
                            raise
                if time.monotonic() > deadline:
                    return
                time.sleep(0.01)

    def empty(self):
        os.unlink(self.filler)
