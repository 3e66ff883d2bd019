"""Many open event streams of one user, held by one thread."""

import selectors
import socket
import threading

from programs import Trouble


class Streams:
    """Opens `count` streams when entered; reads whatever comes and counts the changes until it is left."""

    def __init__(self, port, tokens, count):
        self.port, self.tokens, self.count = port, tokens, count
        self.sockets, self.selector, self.changes, self.closed = [], selectors.DefaultSelector(), 0, 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)

    def __enter__(self):
        try:
            for at in range(self.count):
                stream = socket.create_connection(("127.0.0.1", self.port), 20)
                self.sockets.append(stream)
                stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/event-stream\r\n"
                               f"Authorization: Bearer {self.tokens[at % len(self.tokens)]}\r\n\r\n".encode())
            for at, stream in enumerate(self.sockets):
                head = stream.recv(4096)
                if b" 200 " not in head.split(b"\r\n", 1)[0]:
                    raise Trouble(f"stream {at + 1} of {self.count} was refused: {head[:200]!r}")
                stream.setblocking(False)
                self.selector.register(stream, selectors.EVENT_READ)
        except OSError as error:
            self.close()
            raise Trouble(f"stream {len(self.sockets)} of {self.count} could not be opened: {error} (ulimit -n?)")
        except Trouble:
            self.close()
            raise
        self.thread.start()
        return self

    def read(self):
        while not self.is_over.is_set():
            for key, _ in self.selector.select(0.2):
                try:
                    text = key.fileobj.recv(65536)
                except OSError:
                    text = b""
                if not text:
                    self.closed += 1
                    self.selector.unregister(key.fileobj)
                self.changes += text.count(b"event: change")

    def close(self):
        for stream in self.sockets:
            stream.close()

    def __exit__(self, *_):
        self.is_over.set()
        if self.thread.is_alive():
            self.thread.join()
        self.selector.close()
        self.close()
