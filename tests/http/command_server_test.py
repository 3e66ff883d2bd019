#!/usr/bin/env python3
"""command_server_test.py [DITS] (else $DITS_BINARY): what commands say of servers that run, and of those that don't."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest

from support.commands import PROGRAM, Commands

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from needs import needs


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


class Servers(Commands):
    def setUp(self):
        super().setUp()
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            server.send_signal(signal.SIGCONT)
            server.terminate()
            server.communicate(timeout=60)
        super().tearDown()

    def serve(self, *arguments):
        """A server, once it says that it serves."""
        with open(os.path.join(self.folder, "log"), "w", encoding="utf-8") as log:
            server = subprocess.Popen([PROGRAM, "serve", *arguments], stdout=subprocess.PIPE, stderr=log, text=True, cwd=self.folder, env=self.environment)
        self.servers.append(server)
        self.assertIn("DITS serves", server.stdout.readline())
        return server

    def tls(self, days=2):
        certificate, key, request = (os.path.join(self.folder, name) for name in ["certificate.pem", "key.pem", "request.pem"])
        for command in [f"req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout {key} -out {request}",
                        f"x509 -req -in {request} -signkey {key} -days {days} -out {certificate}"]:
            subprocess.run(["openssl", *command.split()], check=True, capture_output=True)
        return ["--tls-cert", certificate, "--tls-key", key]


class Health(Servers):
    def test_one_that_does_not_answer_is_told_from_one_that_is_not_there(self):
        port = free_port()
        self.assertIn(f"Nobody answers at http://127.0.0.1:{port}: ", self.dits("health", "--port", port, code=3))
        told = json.loads(self.run_dits("health", "--port", port, "--json").stdout)
        self.assertEqual((told["status"], told["url"]), ("unreachable", f"http://127.0.0.1:{port}"))
        self.assertIn("Nobody answers", told["message"])
        server = self.serve("--port", port)
        told = json.loads(self.dits("health", "--port", port, "--json"))
        self.assertEqual((told["status"], told["checks"]["database"]["state"]), ("ready", "ok"))
        server.send_signal(signal.SIGSTOP)
        self.assertIn(f"What listens at http://127.0.0.1:{port} does not answer within 3 s.", self.dits("health", "--port", port, code=3))
        self.assertEqual(json.loads(self.run_dits("health", "--port", port, "--json").stdout)["status"], "silent")

    @needs(shutil.which("openssl") is not None, "openssl")
    def test_the_other_scheme_is_told(self):
        port = free_port()
        server = self.serve("--port", port)
        tls = self.tls()
        told = self.dits("health", "--port", port, *tls, code=3)
        self.assertIn(f"A DITS answers at http://127.0.0.1:{port}, and this configuration says https", told)
        server.terminate()
        server.communicate(timeout=60)
        self.serve("--port", port, *tls)
        told = self.dits("health", "--port", port, code=3)
        self.assertIn(f"A DITS answers at https://127.0.0.1:{port}, and this configuration says http: set TLS_CERT", told)
        self.assertEqual(self.dits("health", "--port", port, *tls), "ok\n")

    @needs(shutil.which("openssl") is not None, "openssl")
    def test_a_start_with_a_certificate_that_has_ended_says_so(self):
        self.serve("--port", free_port(), *self.tls(days=-1))
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as log:
            self.assertIn("The TLS certificate has ended. Renew the files of TLS_CERT and TLS_KEY", log.read())


class TakenPort(Servers):
    def start(self, name, *arguments):
        """A second server, that fails and makes nothing; what it says."""
        place = os.path.join(self.folder, name)
        told = self.dits("serve", *arguments, code=1, more={"DITS_DATA_DIR": place})
        self.assertFalse(os.path.exists(place), told)
        return told

    def test_a_dits_on_the_port_is_named_and_nothing_is_made(self):
        port = free_port()
        server = self.serve("--port", port)
        told = self.start("second", "--port", port)
        self.assertIn(f"A DITS runs already at http://127.0.0.1:{port} (process {server.pid}, data directory {self.data}): use that one, or", told)
        self.assertIn(told.splitlines()[-1].removeprefix("dits: "), self.dits("doctor", "--port", port, code=1, more={"DITS_DATA_DIR": self.data + "2"}))
        # Of two on one data directory that is the reason, whatever the port.
        for other in [port, free_port()]:
            self.assertIn(f"Another DITS (server {server.pid}) uses the data directory", self.dits("serve", "--port", other, code=4))

    def test_what_ends_a_start_ends_it_before_a_database_is_made(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            self.assertIn("is taken by another program", self.start("second", "--port", port))
            self.dits("serve", "--exit", "--port", port)  # which does not listen
        place = os.path.join(self.folder, "third")
        wrong = os.path.join(self.folder, "wrong.pem")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("nothing")
        told = self.dits("serve", "--port", free_port(), "--tls-cert", wrong, "--tls-key", wrong, code=2, more={"DITS_DATA_DIR": place})
        self.assertIn(f"no certificate could be read from {wrong}\n  (--tls-cert)\n", told)
        self.assertFalse(os.path.exists(place))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
