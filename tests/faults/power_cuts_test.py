#!/usr/bin/env python3
"""A power cut takes nothing that was acknowledged: changes, files, backups, exports; and whatever it interrupts, the next start comes up.

The data directory lies on an ext4 file system of its own, which is shut down in such a way that only what was synced is there
afterwards. Everything runs as a plain user, so that the programs are unpacked there, too. `scripts/test --faults` makes 100 cuts."""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from support.campaign import Campaign, rounds
from support.databases import BIN, needs_postgres15
from support.disks import PowerlessDisk, why_no_disks
from support.dits import EMAIL, Dits, program
from support.http_call import Caller
from support.processes import give_to_plain_user, plain_user

WHY_NOT = why_no_disks()


def hash_of(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_of(path: str) -> dict:
    """The hash of each file, of one or below a folder."""
    if os.path.isfile(path):
        return {"": hash_of(path)}
    return {os.path.relpath(os.path.join(folder, name), path): hash_of(os.path.join(folder, name))
            for folder, _, names in os.walk(path) for name in names}


class Commands(threading.Thread):
    """Backups and exports, one after the other, beside a server; what a command said is done must last."""

    def __init__(self, server: Dits, directory: str):
        super().__init__(daemon=True)
        self.server, self.directory = server, directory
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.process = None
        self.done = {}  # path -> its hash
        self.complaints = []

    def run(self):
        count = 0
        while not self.is_over.is_set():
            count += 1
            self.back_up() if count % 2 else self.export(os.path.join(self.directory, f"export-{count}.jsonl"))
            time.sleep(0.1)

    def back_up(self):
        if self.has_done("backup"):
            newest = max(glob.glob(os.path.join(self.server.data_dir, "backups", "*.sql.gz")))
            self.keep(newest, newest.replace(".sql.gz", ".json"))

    def export(self, path: str):
        if self.has_done("export", "json", "--user", EMAIL, "-o", path):
            self.keep(path)

    # After a cut nothing is read of what the command left: the answer counts only when the disk was still there.
    def keep(self, *paths: str):
        try:
            self.done.update({path: hash_of(path) for path in paths})
        except OSError:
            pass

    def has_done(self, *arguments: str) -> bool:
        with self.lock:
            self.process = subprocess.Popen([program(), *arguments], env=self.server.environment, cwd=self.directory, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.server.user)
        return self.process.wait() == 0

    def kill(self):
        with self.lock:
            if self.process is not None and self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def check(self):
        for path, wanted in self.done.items():
            if not os.path.exists(path):
                self.complaints.append(f"{os.path.basename(path)} was said to be written, and is gone")
            elif hash_of(path) != wanted:
                self.complaints.append(f"{os.path.basename(path)} was said to be written, and holds something else")


@unittest.skipIf(WHY_NOT, WHY_NOT)
class PowerCuts(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="dits-power-")
        os.chmod(self.directory, 0o755)
        self.cuts, self.is_right = 0, False

    def tearDown(self):
        print(f"{self.cuts} power cuts", file=sys.stderr)
        if self.is_right:
            shutil.rmtree(self.directory)
        else:
            print("what was left: " + self.directory)

    def server_on(self, disk: PowerlessDisk, name: str = "data") -> Dits:
        home = os.path.join(disk.path, "home")
        os.makedirs(home, 0o755, exist_ok=True)
        give_to_plain_user(home)
        disk.sync()
        return Dits(os.path.join(home, name), user=plain_user(), log=os.path.join(self.directory, "server.log"), place=home)

    def cut(self, disk: PowerlessDisk, *processes: subprocess.Popen):
        disk.cut()
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        disk.come_back()
        self.cuts += 1

    def test_first_start(self):
        with PowerlessDisk(os.path.join(self.directory, "disk")) as disk:
            server = self.server_on(disk, "measured")
            began = time.monotonic()
            server.start_until_ready()  # an undisturbed one
            took = time.monotonic() - began
            self.remove_data(server, disk)
            for number in range(rounds(1, 15)):
                server = self.server_on(disk, f"data{number}")
                server.start()
                time.sleep(took * ((number + 1) * 0.618 % 1))
                self.cut(disk, server.process)
                server.start_until_ready()
                server.make_account()
                self.cut(disk, server.process)
                server.start_until_ready()
                self.assertIn(EMAIL, server.command("user", "list"))
                self.remove_data(server, disk)
        self.is_right = True

    # Of a server that has ended; a cut does not bring half of it back.
    def remove_data(self, server: Dits, disk: PowerlessDisk):
        server.stop()
        shutil.rmtree(server.data_dir)
        disk.sync()

    def test_load_backups_and_exports(self):
        with PowerlessDisk(os.path.join(self.directory, "disk"), 1500) as disk:
            server = self.server_on(disk)
            server.start_until_ready()
            exports = os.path.join(disk.path, "home")
            commands = Commands(server, exports)

            def cut(_):
                commands.is_over.set()
                disk.cut()
                server.process.kill()
                server.process.wait()
                commands.kill()
                commands.join()
                disk.come_back()
                self.cuts += 1
                server.start_until_ready()
                commands.check()
                begin_commands(commands.done, commands.complaints)

            def begin_commands(done, complaints):
                nonlocal commands
                commands = Commands(server, exports)
                commands.done, commands.complaints = done, complaints
                commands.start()

            campaign = Campaign("power cuts", [server], {"power cut": cut}, clients=5,
                                kinds={"create": 25, "change": 30, "comment": 10, "remove": 5, "undo": 5, "read": 10, "upload": 15})
            campaign.begin()
            begin_commands({}, [])
            campaign.run(rounds(2, 55))
            commands.is_over.set()
            commands.join()
            commands.check()
            problems = campaign.end() + commands.complaints + self.check_files(server, campaign.shared)
            self.assertEqual(problems[:20], [], f"{len(problems)} problems")
            checked = server.attempt("backup", "--check")
            # 7: none was done between two cuts; that those which were are there was looked at above.
            self.assertIn(checked.returncode, (0, 7), checked.stderr)
            print(f"{len(campaign.shared.files)} files and {len(commands.done)} backups, manifests and exports are whole", file=sys.stderr)
            self.assertEqual(server.stop(), 0)
        self.is_right = True

    def test_exports_last_whatever_else_happens(self):
        server = Dits(os.path.join(self.directory, "data"), log=os.path.join(self.directory, "server.log"))
        server.start_until_ready()
        caller = Caller(server.port, server.make_account(), 30)
        for number in range(20):
            caller.call("POST", "/api/v1/issues", {"title": f"Issue {number}", "description": "words " * 500})
        caller.close()
        try:
            with PowerlessDisk(os.path.join(self.directory, "disk"), 64) as disk:
                for name, arguments in {"all.jsonl": ["json"], "all.csv": ["csv"], "all.tar": ["markdown"], "folder": ["markdown"]}.items():
                    path = os.path.join(disk.path, name)
                    server.command("export", *arguments, "--user", EMAIL, "-o", path)
                    written = tree_of(path)
                    self.assertGreater(len(written), 0)
                    self.cut(disk)
                    self.assertEqual(tree_of(path), written, name)
        finally:
            server.stop()
        self.is_right = True

    def check_files(self, server: Dits, shared) -> list:
        problems, caller = [], Caller(server.port, shared.token, 30)
        for (issue, attachment), sha256 in shared.files.items():
            answer = caller.call("GET", f"/api/v1/issues/{issue}/attachments/{attachment}")
            if answer.status == 404 and caller.call("GET", f"/api/v1/issues/{issue}").json()["deletedAt"] is not None:
                continue  # an issue in the trash shows none
            if answer.status != 200 or hashlib.sha256(answer.body).hexdigest() != sha256:
                problems.append(f"the file {attachment} was acknowledged, and is answered {answer.status} with {len(answer.body)} bytes")
        caller.close()
        return problems

    def export(self, server: Dits, *arguments: str) -> str:
        return server.command(*arguments, "export", "json", "--user", EMAIL)

    def test_restore(self):
        with PowerlessDisk(os.path.join(self.directory, "disk")) as disk:
            server = self.server_on(disk)
            server.start_until_ready()
            caller = Caller(server.port, server.make_account(), 30)
            issue = caller.call("POST", "/api/v1/issues", {"title": "before"}).json()["id"]
            content = os.urandom(300_000)
            caller.call("POST", f"/api/v1/issues/{issue}/attachments?name=a.bin", content, {"Content-Type": "application/octet-stream"})
            server.command("backup")
            for number in range(100):
                caller.call("POST", "/api/v1/issues", {"title": f"after {number}"})
            caller.close()
            server.stop()
            backup = os.path.basename(glob.glob(os.path.join(server.data_dir, "backups", "*.sql.gz"))[0])
            later = self.export(server)
            began = time.monotonic()
            server.command("restore", backup, "--yes")
            took = time.monotonic() - began
            earlier = self.export(server)
            self.assertNotEqual(earlier, later)
            for number in range(rounds(1, 10)):
                for folder in glob.glob(os.path.join(server.data_dir, "attachments", "??")):
                    shutil.rmtree(folder)  # the restore has to bring the file
                process = subprocess.Popen([program(), "restore", backup, "--yes"], env=server.environment, cwd=server.place,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **server.user)
                time.sleep(took * (0.3 + number * 0.618 % 1))
                is_done = process.poll() == 0
                self.cut(disk, process)
                server.start_until_ready()
                server.stop()
                if is_done:
                    self.assertEqual(self.export(server), earlier)
                self.assertIn(server.query("SELECT count(*) FROM issues"), ("1", "101"))
                server.command("restore", backup, "--yes")
                self.assertEqual(self.export(server), earlier)
        self.is_right = True

    @needs_postgres15
    def test_upgrade(self):
        made = PowerlessDisk(os.path.join(self.directory, "made"), 500)
        with made:
            server = self.server_on(made)
            server.arguments = ["--pg-bindir", BIN]
            server.start_until_ready()
            token = server.make_account("--pg-bindir", BIN)
            caller = Caller(server.port, token, 30)
            for number in range(200):
                self.assertEqual(caller.call("POST", "/api/v1/issues", {"title": f"Überschrift {number}"}).status, 201)
            caller.close()
            server.stop()
            before = self.export(server, "--pg-bindir", BIN)
        self.assertGreater(before.count("\n"), 200)
        took = 4.0
        for number in range(rounds(1, 10)):
            disk = PowerlessDisk(os.path.join(self.directory, f"disk{number}"), 500)
            shutil.copyfile(made.image, disk.image)
            with disk:
                server = self.server_on(disk)
                server.start()
                time.sleep(took * (0.4 + number * 0.618) % took)
                self.cut(disk, server.process)
                began = time.monotonic()
                server.start_until_ready(120)
                took = min(took, time.monotonic() - began)
                server.stop()
                self.assertEqual(self.export(server), before)
            os.unlink(disk.image)
        self.is_right = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
