"""What a Lambda's process talks to, on loopback: the Runtime API with one event, and tables and queues."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ARN = "arn:aws:lambda:us-east-1:123456789012:function:kept"
NOTHING: dict[str, Any] = {
    "Attributes": {"ApproximateNumberOfMessages": "0"},
    "Items": [],
    "Count": 0,
    "ScannedCount": 0,
    "Parameter": {"Value": "{}"},
}
"""What the tables, queues and parameters answer: none found, none waiting, no account with a provider."""


class Api(ThreadingHTTPServer):
    """Gives out `event` to whoever asks, and notes the answer and when it came."""

    daemon_threads = True

    def __init__(self, catalog: list[dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.catalog = catalog
        self.address = f"127.0.0.1:{self.server_port}"
        self.event: Mapping[str, Any] = {}
        self.answered = threading.Event()
        self.answered_at = 0.0
        self.answer: Any = None
        self.calls: list[str] = []

    def expect(self, event: Mapping[str, Any]) -> None:
        self.event, self.answer, self.calls = event, None, []
        self.answered.clear()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Every process is ended while it asks for its next event, so a connection that broke is nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def note(self, answer: Any, *, at: float) -> None:
        self.answer, self.answered_at = answer, at
        self.answered.set()


class _Call(BaseHTTPRequestHandler):
    """One request; the second for an event waits until its process is ended."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: in two, each answer waits 40 ms for an acknowledgement
    server: Api

    def do_GET(self) -> None:
        if self.server.answered.is_set():
            time.sleep(60)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": "r-1",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 30_000),
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
        }
        self._say(200, self.server.event, headers)

    def do_POST(self) -> None:
        body, at = self.rfile.read(int(self.headers["Content-Length"])), time.perf_counter()
        if self.path.startswith("/2018-06-01/runtime/"):
            self._say(202, {})
            self.server.note(json.loads(body), at=at)
            return
        self.server.calls.append(self.headers["X-Amz-Target"].rpartition(".")[2])
        found = self.server.catalog if b"-catalog" in body else []
        self._say(200, NOTHING | {"Items": found, "Count": len(found), "ScannedCount": len(found)})

    def _say(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def serving(catalog: list[dict[str, Any]]) -> Iterator[Api]:
    api = Api(catalog)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        api.shutdown()
        api.server_close()
