"""What a stranger's server may do to us: nothing but answer, soon and briefly.

The rule: whatever comes, a call ends in time, follows nobody, reads a little, and is an attempt with what was answered.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kept.errors import InvalidSetting
from kept.events.delivery import SHOWN, Attempt
from kept.use_cases.events import receiver
from kept.use_cases.outside import https_call, own_network
from kept.use_cases.outside.https_call import resolved

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TAKES = 0.6
Server = Callable[[socket.socket], None]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https_call, "TAKES", TAKES)
    monkeypatch.setattr(https_call, "CONNECTS", TAKES)
    monkeypatch.setattr(own_network, "is_allowed", lambda host, _: host == "127.0.0.1")


@contextmanager
def listening(server: Server) -> Iterator[str]:
    """What it does with one connection after another."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                visitor, _ = door.accept()
                with visitor, suppress(OSError):
                    server(visitor)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/kept?shop=1"
    finally:
        door.close()


def says(answer: bytes) -> Server:
    def server(visitor: socket.socket) -> None:
        visitor.recv(65_536)
        visitor.sendall(answer)

    return server


def drips(start: bytes, drop: bytes) -> Server:
    """A little again and again, for ever: each read comes in time, and the whole never does."""

    def server(visitor: socket.socket) -> None:
        visitor.recv(65_536)
        visitor.sendall(start)
        for _ in range(100):
            time.sleep(0.1)
            visitor.sendall(drop)

    return server


def never(visitor: socket.socket) -> None:
    visitor.recv(65_536)
    time.sleep(5)


def call(url: str) -> Attempt:
    return receiver.call(url, b'{"a":1}', {"webhook-id": "evt_1"}, clock=lambda: NOW)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CASES: dict[str, tuple[Server, int]] = {
    "a yes": (says(OK), 200),
    "a yes without words": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), 204),
    "a no": (says(b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno"), 500),
    "gone": (says(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), 410),
    "elsewhere": (says(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"), 302),
    "elsewhere for good": (
        says(b"HTTP/1.1 308 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"),
        308,
    ),
    "a status nobody knows": (says(b"HTTP/1.1 799 What\r\nContent-Length: 0\r\n\r\n"), 799),
    "garbage": (says(b"\x00\xff\xfe garbage\r\n\r\n"), 0),
    "nothing": (says(b""), 0),
    "half a line": (says(b"HTTP/1.1 2"), 0),
    "no number": (says(b"HTTP/1.1 OK OK\r\n\r\n"), 0),
    "an endless header": (drips(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000), 0),
    "headers without end": (drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), 0),
    "too large a header": (says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n"), 0),
    "go on, for ever": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), 0),
    "a hundred headers and one": (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n"), 0),
    "no answer at all": (never, 0),
    "a body without end": (drips(b"HTTP/1.1 200 OK\r\n\r\n", b"z" * 1000), 200),
    "a body a letter at a time": (drips(b"HTTP/1.1 200 OK\r\n\r\n", b"z"), 200),
    "a length that is a lie": (says(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nshort"), 200),
    "a negative length": (says(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort"), 200),
    "chunks that are none": (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 200),
    "packed that is not": (says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 200),
}


@pytest.mark.parametrize("case", CASES)
def test_whatever_it_does_it_is_an_attempt_and_over_in_time(case: str) -> None:
    server, status = CASES[case]
    began = time.monotonic()
    with listening(server) as url:
        attempt = call(url)
    assert time.monotonic() - began < 3 * TAKES
    assert attempt.status == status, attempt
    assert attempt.at == NOW
    assert len(attempt.said) <= SHOWN
    assert attempt.said.isprintable()


def test_nobody_there_is_an_attempt_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    attempt = call(f"http://127.0.0.1:{port}/")
    assert (attempt.status, attempt.said) == (0, "ConnectionRefusedError")


def test_it_is_asked_under_its_own_name_with_what_was_signed() -> None:
    got: list[bytes] = []

    def server(visitor: socket.socket) -> None:
        while not got or not got[0].endswith(b"}"):
            got[:] = [b"".join(got) + visitor.recv(65_536)]
        visitor.sendall(OK)

    with listening(server) as url:
        call(url)
    head, _, body = got[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /kept?shop=1 HTTP/1.1"
    assert {f"Host: {url.split('/')[2]}", "webhook-id: evt_1", "Content-Type: application/json"} <= set(lines)
    assert len([line for line in lines if line.lower().startswith("host:")]) == 1
    assert body == b'{"a":1}'


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("99999999999999999999", timedelta(seconds=10**8)),
        ("Mon, 02 Mar 2026 10:00:00 GMT", timedelta(hours=1)),
        ("Mon, 02 Mar 2026 08:00:00 GMT", timedelta(0)),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("Mon, 99 Mar 2026 10:00:00 GMT", None),
    ],
)
def test_how_long_it_asks_to_wait(said: str, waits: timedelta | None) -> None:
    answer = f"HTTP/1.1 503 Later\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    with listening(says(answer)) as url:
        assert call(url).retry_after == waits


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name for the certificate: whatever the name leads to a moment later."""
    asked: list[Any] = []

    class Trust:
        def wrap_socket(self, line: Any, **said: Any) -> Any:
            asked.append((line, said["server_hostname"]))
            raise TimeoutError

    class Line:
        def settimeout(self, seconds: float) -> None:
            asked.append(seconds)

    monkeypatch.setattr(own_network, "is_allowed", lambda *_: False)
    monkeypatch.setattr(https_call, "resolved", lambda *_: ["93.184.215.14", "93.184.215.15"])

    def connect(to: tuple[str, int], *_: object) -> Line:
        asked.append(to)
        return Line()

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(https_call, "_trust", lambda: Trust())
    assert call("https://hooks.example.com:8443/kept").said == "TimeoutError"
    assert asked[0] == ("93.184.215.14", 8443)
    assert asked[2][1] == "hooks.example.com"


def test_certificates_are_looked_at() -> None:
    trust = https_call._trust()
    assert trust.check_hostname
    assert trust.verify_mode is ssl.CERT_REQUIRED


def test_nothing_is_said_to_whom_no_certificate_speaks_for() -> None:
    """It answers in the clear at an address that begins with https: the line ends before anything was asked."""
    got: list[bytes] = []

    def server(visitor: socket.socket) -> None:
        got.append(visitor.recv(65_536))
        visitor.sendall(OK)

    with listening(server) as url:
        attempt = call(url.replace("http:", "https:"))
    assert (attempt.status, attempt.said) == (0, "SSLError")
    assert b"POST" not in b"".join(got)


@pytest.mark.parametrize(
    ("host", "found", "addresses"),
    [
        pytest.param("one.example", ["93.184.215.14"], ["93.184.215.14"], id="one"),
        pytest.param(
            "two.example", ["2606:2800:21f::1", "93.184.215.14"], ["2606:2800:21f::1", "93.184.215.14"], id="two"
        ),
        pytest.param("twice.example", ["93.184.215.14", "93.184.215.14"], ["93.184.215.14"], id="one told twice"),
        pytest.param("none.example", socket.gaierror("no such name"), [], id="no such name"),
        pytest.param("slow.example", TimeoutError(), [], id="nobody to ask"),
    ],
)
def test_a_name_stands_for_its_addresses_each_once(
    monkeypatch: pytest.MonkeyPatch, host: str, found: list[str] | Exception, addresses: list[str]
) -> None:
    """In the order in which they were told; what cannot be looked up stands for none."""

    def look(name: str, port: int, **_: object) -> list[Any]:
        assert (name, port) == (host, 443)
        if isinstance(found, Exception):
            raise found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    assert resolved(host, 443) == addresses


def test_a_name_that_cannot_be_written_stands_for_nothing() -> None:
    """No part of a name has more than 63 letters."""
    assert resolved("a" * 64 + ".example", 443) == []


@pytest.mark.parametrize("url", ["https://[::1", "https://[oops]/x", "http://]"])
def test_what_is_no_address_is_refused_as_it_is_saved(url: str) -> None:
    with pytest.raises(InvalidSetting):
        https_call.must_be_callable(url)
