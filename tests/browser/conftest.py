"""The client pages in a real browser: Chromium as Debian has it, without JavaScript, and the function served to it."""

import base64
import json
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from infra.local.place import PATIENCE
from tests.asking import an_http_event
from tests.conftest import MISSING, SLOW
from tests.functions.conftest import cloud, made  # noqa: F401  # the tables; it sets the environment first
from tests.local.stack import Stack, a_fresh_one
from tests.templates import picked

expect.set_options(timeout=PATIENCE * 1000)


class Server(ThreadingHTTPServer):
    """What API Gateway does, one request at a time; a browser opens connections ahead, and asks over them later."""

    daemon_threads = True

    def __init__(self, *its: Any) -> None:
        super().__init__(*its)
        self.turns = ThreadPoolExecutor(1)

    def server_close(self) -> None:
        super().server_close()
        self.turns.shutdown()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser may hang up."""


def claims(authorization: str) -> Any:
    """What a token says, believed as it stands: the user pool is no part of these tests."""
    middle = authorization.partition(".")[2].partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


class Door(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        event = an_http_event(
            f"{self.command} {parts.path}", query=dict(parse_qsl(parts.query, keep_blank_values=True))
        )
        event["headers"] = {name.lower(): value for name, value in self.headers.items()}
        if parts.path.startswith("/v1/"):
            event["body"] = body.decode() or None
        else:
            event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        if signed_in := event["headers"].get("authorization"):
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims(signed_in), "scopes": None}}
        route = picked(self.command, parts.path)
        function = import_module(route.function if route else "client_pages")
        answered = self.server.turns.submit(function.handler, event, None).result()
        time.sleep(random.random() * 0.05 * (SLOW - 1))  # so that answers overtake each other
        self.send_response(answered["statusCode"])
        for name, value in answered["headers"].items():
            self.send_header(name, value)
        self.end_headers()
        said = answered.get("body") or ""
        self.wfile.write(base64.b64decode(said) if answered.get("isBase64Encoded") else said.encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: ARG001, F811
    """The address of the pages of the salon and the garage, on the day of `lotus.NOW`."""
    from kept import clock
    from tests import lotus

    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    server = Server(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def chromium(chromium_if_any: Browser | None) -> Browser:
    if chromium_if_any is None:
        pytest.skip(MISSING)
    return chromium_if_any


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything deployed, with the two demo businesses, for what the desk does there."""
    with a_fresh_one("desk-test") as running:
        yield running
