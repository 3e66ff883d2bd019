#!/usr/bin/env python3
"""What was answered is there once, whatever is killed, frozen or started again; what was refused is absent; nobody reads stale.

The short form takes seconds; `scripts/test --faults` makes 1,000 faults."""

import os
import shutil
import signal
import tempfile
import time
import unittest

from support.campaign import Campaign, rounds
from support.databases import Postgres15, Redis, needs_postgres15, needs_redis
from support.dits import Dits
from support.processes import freeze, send_signal, wait_until


class Kills(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="dits-faults-")
        os.chmod(self.directory, 0o755)  # as root, another user runs PostgreSQL
        self.started, self.is_right = [], False

    def tearDown(self):
        for one in self.started:
            if one.process.poll() is None:
                one.process.send_signal(signal.SIGCONT)
                one.kill(signal.SIGTERM)
        if self.is_right:
            shutil.rmtree(self.directory)
        else:
            print("what was left: " + self.directory)

    def started_dits(self, name: str, **options) -> Dits:
        server = Dits(os.path.join(self.directory, name), **options)
        server.start_until_ready()
        self.started.append(server)
        return server

    def run_campaign(self, campaign: Campaign, number: int):
        campaign.begin()
        campaign.run(number)
        problems = campaign.end()
        self.assertEqual(problems[:20], [], f"{len(problems)} problems")
        self.assertGreater(campaign.shared.progress(), number * 8)
        for server in campaign.servers:
            self.assertEqual(server.stop(), 0)
        self.is_right = True

    def test_server_and_the_database_inside(self):
        server = self.started_dits("data")

        def kill_server(_):
            server.kill()
            server.start()

        def kill_database(_):
            send_signal(filter(None, [server.postmaster()]), signal.SIGKILL)

        def kill_backend(chance):
            children = [process for process in server.database_processes() if process != server.postmaster()]
            send_signal(chance.sample(children, min(1, len(children))), signal.SIGKILL)

        def kill_both(_):
            kill_database(_)
            kill_server(_)

        def end_backends(_):
            send_signal([process for process in server.database_processes() if process != server.postmaster()], signal.SIGTERM)

        def freeze_server(chance):
            freeze([server.process.pid], chance.random())

        def freeze_database(chance):
            freeze(server.database_processes(), chance.random() * 2.5)

        def restart(_):
            server.kill(signal.SIGTERM)
            server.start()

        faults = {"server killed": kill_server, "database killed": kill_database, "both killed": kill_both, "backend killed": kill_backend,
                  "server frozen": freeze_server, "backends ended": end_backends, "database frozen": freeze_database,
                  "server restarted": restart}
        self.run_campaign(Campaign("one server, the database inside", [server], faults), rounds(8, 400))

    def test_a_start_waits_for_a_database_that_is_slow_to_let_anybody_in(self):
        server = self.started_dits("data")
        for _ in range(rounds(1, 10)):
            self.assertEqual(server.stop(), 0)
            server.start()
            wait_until(lambda: server.database_state() == "ready", "PostgreSQL is ready", pause=0)
            freeze([server.postmaster()], 2.5)
            wait_until(server.is_ready, "the server is ready")
        self.is_right = True

    @needs_postgres15
    @needs_redis
    def test_two_servers_on_one_database_of_a_plain_owner(self):
        postgres, redis = Postgres15(os.path.join(self.directory, "postgres")), Redis(os.path.join(self.directory, "redis"))
        self.started += [postgres, redis]
        settings = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        servers = [self.started_dits("data", settings=settings, arguments=["--migrate"], log=os.path.join(self.directory, name))
                   for name in ("first.log", "second.log")]
        self.started.reverse()  # servers end first

        def kill_one(chance):
            server = chance.choice(servers)
            server.kill()
            server.start()

        def kill_postgres(_):
            postgres.kill()
            postgres.start_until_ready()

        def restart_postgres(_):
            postgres.kill(signal.SIGINT)
            postgres.start_until_ready()

        def kill_redis(chance):
            redis.kill()
            time.sleep(chance.random() * 0.5)
            redis.start()

        def kill_all(chance):
            for one in (postgres, redis, *servers):
                one.kill()
            time.sleep(chance.random() * 0.5)
            postgres.start_until_ready()  # a server on a database that is away does not start, and says so
            for one in (*servers, redis):
                one.start()

        def kill_backend(chance):
            children = [process for process in postgres.processes() if process != postgres.process.pid]
            send_signal(chance.sample(children, min(1, len(children))), signal.SIGKILL)

        def freeze_one(chance):
            freeze([chance.choice(servers).process.pid], chance.random())

        def freeze_postgres(chance):
            freeze(postgres.processes(), chance.random() * 2.5)

        def freeze_redis(chance):
            freeze([redis.process.pid], chance.random())

        def restart_one(chance):
            server = chance.choice(servers)
            server.kill(signal.SIGTERM)
            server.start()

        faults = {"a server killed": kill_one, "PostgreSQL killed": kill_postgres, "Redis killed": kill_redis, "all killed": kill_all,
                  "a server frozen": freeze_one, "PostgreSQL frozen": freeze_postgres, "Redis frozen": freeze_redis,
                  "a server restarted": restart_one, "PostgreSQL restarted": restart_postgres, "backend killed": kill_backend}
        campaign = Campaign("two servers, PostgreSQL 15 as a plain owner, Redis", servers, faults)
        campaign.stored_sql = lambda sql: postgres.ask("dits", sql)
        self.run_campaign(campaign, rounds(10, 600))


if __name__ == "__main__":
    unittest.main(verbosity=2)
