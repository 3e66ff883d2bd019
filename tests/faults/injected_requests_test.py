#!/usr/bin/env python3
"""A running server, with one system call failing while it takes a file, gives one, and makes an issue; and a server that starts to serve.

What was answered 2xx is there, whole; what was refused says so with a status that fits and no path of the server; the same request
without the fault succeeds, the server stays well, and no file of an unfinished upload is left."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import unittest

from support.dits import Dits
from support.http_call import Caller, NoAnswer, NotSent, status_of
from support.injection import Campaign, Injection, Place, Trace, counting_tracer, has_strace, temporary_files, wait_until_gone
from support.processes import plain_user, wait_until

EMAIL = "demo@dits.dev"
START = ("--exit", "--port", "0", "--log-level", "warn")
FILE = os.urandom(300_000)


class Attached:
    """strace at work on a process that runs already."""

    def __init__(self, tracer: list, process: int):
        self.strace = subprocess.Popen([*[part for part in tracer if part != "-q"], "-p", str(process)], stderr=subprocess.PIPE, text=True)
        while "attached" not in (line := self.strace.stderr.readline()):
            if not line:
                raise RuntimeError("strace does not get hold of the server")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.strace.send_signal(signal.SIGINT)
        self.strace.communicate()


@unittest.skipUnless(has_strace(), "strace is not here, or may not trace")
class InjectedRequests(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)
        self.data, self.output = self.place.join("data"), self.place.join("trace")
        self.assertEqual(self.place.run(self.data, "--seed", *START).returncode, 0)
        self.token = self.place.run(self.data, "user", "token", EMAIL, "--scope", "write").stdout.split()[-1].decode()
        self.known, self.server = {}, Dits(self.data, user=plain_user())

    def call(self, method: str, path: str, body=None, headers=None):
        """None: there was no answer."""
        caller = Caller(self.server.port, self.token, 30)
        try:
            return caller.call(method, path, body, headers)
        except (NotSent, NoAnswer):
            return None
        finally:
            caller.close()

    def requests(self):
        """What is asked while a call fails: name, answer. Remembers what was acknowledged."""
        content = hashlib.sha256(os.urandom(8)).digest() + FILE
        answer = self.call("POST", f"/api/v1/issues/{self.issue}/attachments?name=demo.bin", content, {"Content-Type": "application/octet-stream"})
        yield "upload", answer, 201
        if answer is not None and answer.status == 201:
            self.known[answer.json()["id"]] = hashlib.sha256(content).hexdigest()
            yield "download", self.call("GET", f"/api/v1/issues/{self.issue}/attachments/{answer.json()['id']}"), 200
        yield "create", self.call("POST", "/api/v1/issues", {"title": "Made under a fault"}), 201
        yield "list", self.call("GET", "/api/v1/issues?limit=5"), 200

    def judge(self, campaign: Campaign, injection: Injection, name: str, answer, wanted: int):
        if answer is None or answer.status == wanted:
            return  # a connection may break; what it led to is looked at
        campaign.refused += 1
        text = answer.body.decode(errors="replace")
        if answer.status not in (503, 507):
            campaign.complain(injection, f"{name}: {answer.status} {text[:300]}")
        elif self.place.path in text or not re.search(r'"detail":"[^"]{20,}', text):
            campaign.complain(injection, f"{name}: not a sentence for whoever asks: {text[:400]}")
        elif (injection.error == "ENOSPC" and injection.call != "epoll_ctl") != (answer.status == 507):
            campaign.complain(injection, f"{name}: {answer.status} for {injection.error}: {text[:300]}")

    def look(self, campaign: Campaign, injection: Injection):
        """Once the fault is gone."""
        if status_of(self.server.port, "/healthz") != 200:
            campaign.complain(injection, "/healthz does not answer")
        for name, answer, wanted in self.requests():
            if answer is None or answer.status != wanted:
                campaign.complain(injection, f"{name} afterwards: {answer}"[:400])
        for attachment, sha256 in self.known.items():
            answer = self.call("GET", f"/api/v1/issues/{self.issue}/attachments/{attachment}")
            if answer is None or answer.status != 200 or hashlib.sha256(answer.body).hexdigest() != sha256:
                campaign.complain(injection, f"the file {attachment} is not what was sent: {answer and answer.status}")
        self.known.clear()
        if left := temporary_files(os.path.join(self.data, "attachments")):
            campaign.complain(injection, f"left over: {left}")

    def test_requests(self):
        self.server.start_until_ready()
        self.issue = self.call("GET", "/api/v1/issues?limit=1").json()["items"][0]["id"]
        list(self.requests())  # threads and connections are there from here on
        with Attached(counting_tracer(self.output), self.server.process.pid):
            list(self.requests())
        campaign = Campaign("requests", Trace(self.output).calls(), ["openat", "write", "fsync", "rename", "mkdir", "accept4", "epoll_ctl"])
        for injection in campaign.injections():
            with Attached(injection.tracer(self.output), self.server.process.pid):
                for name, answer, wanted in self.requests():
                    self.judge(campaign, injection, name, answer, wanted)
            campaign.hit += bool(Trace(self.output).hits())
            self.look(campaign, injection)
        self.assertEqual(self.server.stop(), 0)
        print(campaign.report(), file=sys.stderr, flush=True)
        self.assertEqual(campaign.complaints, [])
        self.assertGreater(campaign.hit, 0, "no fault was hit")

    def serve(self, tracer):
        """The server under strace: its exit code when it does not come to serve, else None."""
        self.server.process = subprocess.Popen([*tracer, self.place.program, "--data-dir", self.data, "--port", str(self.server.port)],
                                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", **plain_user())
        wait_until(lambda: self.server.process.poll() is not None or status_of(self.server.port, "/readyz") == 200, "the server serves", 60)
        return self.server.process.poll()

    def stop(self):
        self.server.process.terminate()
        try:
            return self.server.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.server.process.kill()
            return "no end within 30 s"

    def test_a_server_that_starts(self):
        self.server.start_until_ready()
        self.issue = self.call("GET", "/api/v1/issues?limit=1").json()["items"][0]["id"]
        self.assertEqual(self.server.stop(), 0)
        direct = ["strace", "-D"]  # the server is our child, and not strace's
        self.assertEqual(self.serve([*direct, *counting_tracer(self.output)[1:]]), None)
        list(self.requests())
        self.assertEqual(self.stop(), 0)
        calls = Trace(self.output).calls()
        campaign = Campaign("serving", calls, ["clone3", "epoll_create1", "signalfd4", "eventfd2"])
        for injection in campaign.injections():
            wait_until_gone(self.place.path)
            try:
                code = self.serve([*direct, *injection.tracer(self.output)[1:]])
            except TimeoutError:
                campaign.complain(injection, "it neither serves nor ends")
                self.server.process.kill()
                continue
            if code is None:
                for name, answer, wanted in self.requests():
                    self.judge(campaign, injection, name, answer, wanted)
                self.look(campaign, injection)
                code = self.stop()
                campaign.hit += bool(Trace(self.output).hits())
                if code != 0:
                    campaign.complain(injection, f"it served, and ended with {code}")
            else:
                done = subprocess.CompletedProcess([], code, b"", self.server.process.stderr.read())
                campaign.judge(injection, done, self.output)
            self.server.process.stderr.close()
            if left := wait_until_gone(self.data):
                campaign.complain(injection, f"the processes {left} are left")
        print(campaign.report(), file=sys.stderr, flush=True)
        self.assertEqual(campaign.complaints, [])
        self.assertGreater(campaign.hit, 0, "no fault was hit")


if __name__ == "__main__":
    unittest.main()
