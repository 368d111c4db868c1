"""Servers on this machine that hear of events: one that takes them, and some that do not behave."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.local.stack import Stack


@dataclass
class Heard:
    """By path what came, in order: the headers and the body as it was sent."""

    port: int
    requests: dict[str, list[tuple[dict[str, str], bytes]]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def at(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        return self.requests.get(f"/{path}", [])

    def events(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.at(path)]


class Handler(BaseHTTPRequestHandler):
    """/ok takes everything; /slow takes its time; /redirect leads on to /inside; /garbage answers what is no HTTP."""

    heard: Heard

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.requests.setdefault(self.path, []).append(
            ({name.lower(): said for name, said in self.headers.items()}, body)
        )
        match self.path:
            case "/garbage":
                self.wfile.write(b"\x00\xff this is no answer\r\n\r\n" * 10)
                return
            case "/redirect":
                self.send_response(302)
                self.send_header("location", "/inside")
            case "/slow":
                time.sleep(4)
                self.send_response(204)
            case _:
                self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def receivers(stack: Stack, *, also: int = 0) -> Iterator[Heard]:
    """Allowed to be called, with one `also` where nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfThis", (Handler,), {}))
    heard = Heard(server.server_port)
    server.RequestHandlerClass.heard = heard  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    stack.place.receivers_file.write_text(f"127.0.0.1:{heard.port} 127.0.0.1:{also}")
    try:
        yield heard
    finally:
        stack.place.receivers_file.unlink()
        server.shutdown()
        server.server_close()
