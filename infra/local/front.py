"""The one address: passes requests on to the deployed HTTP API, and serves the console beside it."""

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.console import Console
from infra.local.place import PATIENCE, Place

_LARGEST_BODY = 10 * 1024 * 1024
"""Bytes: what API Gateway takes."""
_AT_ONCE = 12
"""Requests passed on at a time; each runs a Lambda process of its own, and the rest wait for their turn."""
_IDLE = 60.0
"""Seconds a connection to the stack may rest before it is made anew; the stack closes it after 75."""
_HOP_BY_HOP = {"connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


class Front(ThreadingHTTPServer):
    """The server; it listens as soon as it is made."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, place: Place, api: str, console: Console) -> None:
        super().__init__(("127.0.0.1", place.port), _Visit)
        self.place, self.console = place, console
        self.api_path = f"/_aws/execute-api/{api}/$default"
        self.turns = threading.BoundedSemaphore(_AT_ONCE)


class _Visit(BaseHTTPRequestHandler):
    """One client's connection, and the one to the stack that belongs to it."""

    server: Front
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._stack: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def finish(self) -> None:
        self._hang_up()
        super().finish()

    def handle_any(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            self._refuse(411, b'{"message":"Length Required"}')
        elif int(length) > _LARGEST_BODY:
            self._discard(int(length))
            self._refuse(413, b'{"message":"Request Entity Too Large"}')
        elif _is_ours(self.path.partition("?")[0]):
            body = self.rfile.read(int(length))
            self._answer(*self.server.console.answer(self.command, self.path, self.headers, body))
        else:
            self._pass_on(self.rfile.read(int(length)))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        headers = {name: ", ".join(self.headers.get_all(name, [])) for name in self.headers if not _is_hop(name)}
        with self.server.turns:
            try:
                answer = self._asked(headers, body)
                content = answer.read()
            except (OSError, http.client.HTTPException):
                self._hang_up()
                self._refuse(503, b'{"message":"Service Unavailable"}')
                return
            self._used_at = time.monotonic()
        kept = [(name, value) for name, value in answer.getheaders() if not _is_hop(name)]
        self._answer(answer.status, kept, content)

    def _asked(self, headers: dict[str, str], body: bytes) -> http.client.HTTPResponse:
        if self._stack and time.monotonic() - self._used_at > _IDLE:
            self._hang_up()
        self._stack = self._stack or http.client.HTTPConnection(
            "127.0.0.1", self.server.place.stack_port, timeout=PATIENCE
        )
        self._stack.request(self.command, self.server.api_path + self.path, body=body or None, headers=headers)
        return self._stack.getresponse()

    def _hang_up(self) -> None:
        if self._stack:
            self._stack.close()
        self._stack = None

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _discard(self, length: int) -> None:
        """A client that is still sending would not read the answer."""
        while length > 0 and (read := len(self.rfile.read(min(length, 65536)))):
            length -= read

    def _refuse(self, status: int, content: bytes) -> None:
        """Closes the connection, because what else is on its way on it is not known."""
        self.close_connection = True
        self._answer(status, [("Content-Type", "application/json"), ("Connection", "close")], content)


def _is_ours(path: str) -> bool:
    return path in ("/", "/console") or path.startswith("/console/")


def _is_hop(name: str) -> bool:
    """A header between two neighbours, or one that is set anew on the way."""
    return name.lower() in _HOP_BY_HOP
