#!/usr/bin/env python3
"""A disk that fills and is emptied again, under clients at work: what was refused (507) is absent, what was acknowledged is there, and it
heals by itself, also when server or database are killed while it is full. `scripts/test --faults` fills it 20 times."""

import os
import shutil
import signal
import tempfile
import time
import unittest

from support.campaign import Campaign, rounds
from support.disks import SmallDisk, why_no_disks
from support.dits import Dits
from support.processes import send_signal, wait_until

WHY_NOT = why_no_disks()


@unittest.skipIf(WHY_NOT, WHY_NOT)
class FullDisk(unittest.TestCase):
    def test_a_disk_that_fills_again_and_again(self):
        directory = tempfile.mkdtemp(prefix="dits-full-")
        os.chmod(directory, 0o755)
        with SmallDisk(os.path.join(directory, "disk"), 400) as disk:
            server = Dits(os.path.join(disk.path, "data"), log=os.path.join(directory, "server.log"), place=disk.path)
            server.start_until_ready()

            def fill():
                """As soon as the room that is set aside for PostgreSQL is there again."""
                ballast = os.path.join(server.data_dir, "ballast")
                wait_until(lambda: os.path.exists(ballast) and os.path.getsize(ballast) == 32 << 20, "room is set aside", 15)
                disk.fill()

            def check_full():
                """Writes are refused, and reads go on."""
                refused = campaign.shared.refused[507]
                wait_until(lambda: campaign.shared.refused[507] > refused + 5, "writes are answered 507")
                read = len(campaign.shared.history.reads)
                wait_until(lambda: len(campaign.shared.history.reads) > read + 5, "reads go on while the disk is full")

            def fill_and_empty(_):
                fill()
                check_full()
                disk.empty()

            def kill_database(_):
                fill()
                check_full()
                send_signal(filter(None, [server.postmaster()]), signal.SIGKILL)
                check_full()
                disk.empty()

            def kill_server(_):
                fill()
                server.kill()
                server.start()
                check_full()
                disk.empty()

            def fill_by_and_by(chance):
                for _ in range(5):
                    disk.fill(0)
                    time.sleep(chance.random() * 0.3)
                    disk.empty()

            campaign = Campaign("a disk that fills", [server], {
                "filled": fill_and_empty, "filled, database killed": kill_database, "filled, server killed": kill_server, "filled by and by": fill_by_and_by})
            campaign.begin()
            campaign.run(rounds(4, 20))
            problems = campaign.end()
            self.assertEqual(problems[:20], [], f"{len(problems)} problems")
            self.assertEqual(server.stop(), 0)
        shutil.rmtree(directory)


if __name__ == "__main__":
    unittest.main(verbosity=2)
