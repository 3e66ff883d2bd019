"""Clients that write, read and listen until they are told to stop, and note what they did and were told.

A client never guesses: after a request without an answer it repeats it under its key, or takes it for unknown and reads again."""

import collections
import hashlib
import http.client
import json
import random
import socket
import threading
import time
import uuid

from support.history import FAIL, OK, UNKNOWN, History, LogRead, Read, Stream, Write
from support.http_call import Caller, NoAnswer, NotSent

KINDS = {"create": 25, "change": 30, "comment": 10, "remove": 6, "undo": 8, "read": 15, "log": 4, "upload": 4, "label": 2, "list": 3}
REFUSALS = (400, 404, 409, 412, 413, 422, 429, 503, 507)


class Shared:
    """What the clients of one account know together."""

    def __init__(self, ports, token: str, kinds=None):
        self.ports, self.token = list(ports), token
        self.kinds = kinds or KINDS
        self.history = History()
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.issues = []
        self.files = {}  # (issue, attachment) -> sha256, of the acknowledged uploads
        self.acknowledged = 0
        self.repeats = 0
        self.refused = collections.Counter()  # by status
        self.last_answers = {}  # by client

    def note(self, write: Write):
        with self.lock:
            self.history.writes.append(write)
            self.acknowledged += write.outcome == OK

    def complain(self, text: str):
        with self.lock:
            self.history.complaints.append(text)

    def progress(self) -> int:
        return self.acknowledged


class Client(threading.Thread):
    def __init__(self, number: int, shared: Shared, timeout: float = 4):
        super().__init__(daemon=True)
        self.number, self.shared = number, shared
        self.chance = random.Random(number)
        self.callers = [Caller(port, shared.token, timeout) for port in shared.ports]
        self.versions = {}  # issue -> the version that this client saw last, None in the trash
        self.count = 0

    def run(self):
        while not self.shared.is_over.is_set():
            kind = self.chance.choices(list(self.shared.kinds), self.shared.kinds.values())[0]
            with self.shared.lock:
                issue = self.chance.choice(self.shared.issues[-60:]) if self.shared.issues else None
            if issue is None and kind not in ("create", "log", "label", "list"):
                kind = "create"
            getattr(self, kind)(issue)
        for caller in self.callers:
            caller.close()

    # One request, repeated under its key until it has an answer.
    def write(self, kind: str, entity, method: str, path: str, body=None, headers=None, says=None) -> Write:
        self.count += 1
        write = Write(f"faults/{self.number}/{self.count}", kind, time.monotonic(), entity=entity, says=says or {})
        sent = {"User-Agent": write.name, **(headers or {})}
        has_key = self.chance.random() < 0.6
        if has_key:
            sent["Idempotency-Key"] = str(uuid.uuid4())
        answer, may_be_there, patience = None, False, time.monotonic() + 60
        while True:
            try:
                answer = self.chance.choice(self.callers).call(method, path, body, sent)
                is_settled = answer.status != 503
                may_be_there = may_be_there or answer.code == "commit_unknown"
                self.shared.last_answers[self.number] = f"{kind}: {answer.status} {answer.code}"
            except NotSent as error:
                answer, is_settled = None, False
                self.shared.last_answers[self.number] = f"{kind}: not sent, {error}"
            except NoAnswer as error:
                answer, is_settled, may_be_there = None, False, True
                self.shared.last_answers[self.number] = f"{kind}: none, {error}"
            if is_settled or not has_key or self.shared.is_over.is_set() or time.monotonic() > patience:
                break
            self.shared.repeats += 1
            time.sleep(0.05)
        write.ended = time.monotonic()
        write.outcome = self.outcome_of(write, answer, may_be_there)
        if answer is not None and 200 <= answer.status < 300 and answer.body:
            self.take(write, answer.json())
        self.shared.note(write)
        if not has_key and write.outcome != OK:
            time.sleep(0.02)
        return write

    def outcome_of(self, write: Write, answer, may_be_there: bool) -> str:
        if answer is not None and (200 <= answer.status < 300 or answer.code == "already_applied"):
            return OK
        if answer is not None:
            self.shared.refused[answer.status] += 1
        if answer is not None and answer.status not in REFUSALS:
            self.shared.complain(f"{write.name} ({write.kind}) was answered {answer.status}: {answer.body[:200]!r}")
        if answer is not None and answer.status in (429, 503, 507) and "retry-after" not in answer.headers:
            self.shared.complain(f"{write.name} ({write.kind}) was answered {answer.status} without Retry-After")
        return UNKNOWN if may_be_there else FAIL

    def take(self, write: Write, value: dict):
        if write.kind == "undo":
            return
        write.entity, write.version = value.get("id"), value.get("version")
        if write.kind in ("create", "change"):
            self.versions[write.entity] = write.version
            if self.chance.random() < 0.5:
                self.read(write.entity)
        if write.kind == "create":
            with self.shared.lock:
                self.shared.issues.append(write.entity)

    def text(self) -> str:
        # Ends in no blank: titles lose those around them.
        return f"{self.number}.{self.count + 1} " + "x" * self.chance.randrange(1, 60)

    def create(self, _):
        says = {"title": self.text(), "description": "d" * self.chance.choice([0, 50, 3000])}
        self.write("create", None, "POST", "/api/v1/issues", says, says=says)

    def change(self, issue: str):
        says = {"title": self.text()}
        version = self.versions.get(issue)
        headers = {"If-Match": f'"{version}"'} if version is not None and self.chance.random() < 0.7 else None
        if self.write("change", issue, "PATCH", f"/api/v1/issues/{issue}", says, headers, says).outcome != OK:
            self.read(issue)

    def remove(self, issue: str):
        version = self.versions.get(issue)
        if version is None:  # without it, removing what is in the trash is fine, and makes no change
            return self.read(issue)
        write = self.write("remove", issue, "DELETE", f"/api/v1/issues/{issue}", headers={"If-Match": f'"{version}"'})
        if write.outcome == OK:
            write.version = version + 1
        return self.read(issue)

    def undo(self, issue: str):
        answer = self.look(f"/api/v1/audit-logs?entityId={issue}&limit=1")
        rows = answer.json()["items"] if answer is not None and answer.status == 200 else []
        if rows and rows[0]["action"] != "CREATE":
            self.write("undo", issue, "POST", f"/api/v1/audit-logs/{rows[0]['changeId']}/undo", b"")

    def comment(self, issue: str):
        says = {"body": self.text()}
        self.write("comment", None, "POST", f"/api/v1/issues/{issue}/comments", says, says=says)

    def upload(self, issue: str):
        content = self.chance.randbytes(self.chance.choice([100, 5000, 60000]))
        sha256 = hashlib.sha256(content).hexdigest()
        write = self.write("upload", None, "POST", f"/api/v1/issues/{issue}/attachments?name={self.number}.bin", content,
                           {"Content-Type": "application/octet-stream"}, {"sha256": sha256})
        if write.outcome == OK and write.entity is not None:
            with self.shared.lock:
                self.shared.files[(issue, write.entity)] = sha256

    def look(self, path: str):
        """The answer of whichever server; None: there is none."""
        try:
            return self.chance.choice(self.callers).call("GET", path)
        except (NotSent, NoAnswer):
            time.sleep(0.02)
            return None

    def read(self, issue: str):
        invoked = time.monotonic()
        answer = self.look(f"/api/v1/issues/{issue}")
        if answer is None or answer.status == 503:
            return
        if answer.status not in (200, 404):
            self.shared.complain(f"a read was answered {answer.status}: {answer.body[:200]!r}")
            return
        value = answer.json() if answer.status == 200 else {}
        self.versions[issue] = value.get("version") if value.get("deletedAt") is None else None
        read = Read(issue, invoked, time.monotonic(), value.get("version"), value.get("title"))
        with self.shared.lock:
            self.shared.history.reads.append(read)

    def label(self, _):
        """A label, an issue that has it, and a query by its name: whoever is asked knows it."""
        name = f"label-{self.number}-{self.count}"
        made = self.write("label", None, "POST", "/api/v1/labels", {"name": name, "color": "#336699"}, says={"name": name})
        if made.outcome != OK or made.entity is None:
            return
        says = {"title": self.text()}
        issue = self.write("create for itself", None, "POST", "/api/v1/issues", {**says, "labelIds": [made.entity]}, says=says)
        if issue.outcome != OK or issue.entity is None:
            return
        for _ in self.callers:
            answer = self.look(f"/api/v1/issues?q=label:{name}&limit=5&fields=id")
            if answer is not None and answer.status != 503 and not (answer.status == 200 and issue.entity.encode() in answer.body):
                self.shared.complain(f"a query by the label {name} of {issue.entity}, both acknowledged, was answered {answer.status}: "
                                     f"{answer.body[:200]!r}")

    def list(self, _):
        invoked = time.monotonic()
        answer = self.look("/api/v1/issues?limit=30&sort=-updated&fields=id,version,title")
        if answer is not None and answer.status == 200:
            ended = time.monotonic()
            reads = [Read(item["id"], invoked, ended, item["version"], item["title"]) for item in answer.json()["items"]]
            with self.shared.lock:
                self.shared.history.reads += reads

    def log(self, _):
        invoked = time.monotonic()
        answer = self.look(self.chance.choice(["/api/v1/sync?limit=1", "/api/v1/audit-logs?limit=1"]))
        if answer is not None and answer.status == 200:
            value = answer.json()
            read = LogRead(invoked, time.monotonic(), value["changeId"] if "changeId" in value else value["items"][0]["changeId"])
            with self.shared.lock:
                self.shared.history.log_reads.append(read)


class Listener(threading.Thread):
    """One event stream, taken up again where it broke."""

    def __init__(self, name: str, port: int, shared: Shared, began_after: int):
        super().__init__(daemon=True)
        self.port, self.shared = port, shared
        self.stream = Stream(name, began_after)
        self.is_over = threading.Event()
        self.socket = None
        shared.history.streams.append(self.stream)

    @property
    def newest(self) -> int:
        return self.stream.changes[-1][0] if self.stream.changes else self.stream.began_after

    def run(self):
        while not self.is_over.is_set():
            try:
                self.listen()
            except (OSError, ValueError, http.client.HTTPException):
                pass
            time.sleep(0.05)

    def listen(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)  # a heartbeat comes every 15 s
        try:
            connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {self.shared.token}",
                                                                 "Last-Event-ID": str(self.newest)})
            self.socket = connection.sock
            response = connection.getresponse()
            if response.status not in (200, 429, 503):
                self.stream.complaints.append(f"it was answered {response.status}")
            if response.status == 200:
                self.take_events(response)
        finally:
            self.socket = None
            connection.close()

    def take_events(self, response):
        event = {}
        while line := response.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                event[name] = value
                continue
            if event.get("event") == "change":
                self.stream.changes.append((int(event["id"]), json.loads(event["data"])["entityId"]))
            event = {}

    def stop(self):
        self.is_over.set()
        if (open_socket := self.socket) is not None:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
