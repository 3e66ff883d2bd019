"""One HTTP request, and which of three things it led to: an answer, no answer, or nothing that was sent."""

import http.client
import json
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict = field(default_factory=dict)

    def json(self):
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a problem document."""
        try:
            return self.json().get("code", "")
        except (ValueError, AttributeError):
            return ""


class NotSent(Exception):
    """Nobody listens: the request did not leave."""


class NoAnswer(Exception):
    """It was sent, perhaps carried out, and nothing came back."""


class Caller:
    """A connection to one server that is opened when needed and kept as long as it works. Not for several threads."""

    def __init__(self, port: int, token: str, timeout: float):
        self.port, self.token, self.timeout = port, token, timeout
        self.connection = None

    def call(self, method: str, path: str, body=None, headers=None) -> Answer:
        """`body`: bytes, or what becomes JSON. Raises NotSent, NoAnswer."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if self.connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                raise NotSent(str(error)) from error
            self.connection = connection
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.read(), {name.lower(): value for name, value in response.getheaders()})
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def status_of(port: int, path: str):
    """None: there is no answer."""
    status, _ = look_at(port, path)
    return status


def look_at(port: int, path: str):
    """Status and the beginning of the body; None and why there is none."""
    caller = Caller(port, "", 5)
    try:
        answer = caller.call("GET", path)
        return answer.status, answer.body[:300]
    except (NotSent, NoAnswer) as error:
        return None, repr(error)
    finally:
        caller.close()
