"""One call of a stranger's server: its name resolved anew, every address it has looked at, and the very one called that
was.

Nothing it does is believed or waited for long: no redirect is followed, and of what it answers so much is read.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Event, Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from kept.errors import InvalidSetting
from kept.outside_address import check_url, is_public, port_of
from kept.use_cases.outside import own_network

TAKES = 15.0
"""Seconds for a whole call; CONNECTS of them until somebody is there."""
CONNECTS = 5.0
NO_NAME = "the name does not resolve"
INSIDE = "the address is not on the Internet"


class Unreachable(Exception):
    """It cannot be called; the text says why, in words of ours."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked, and how many bytes of the answer are read at the most."""

    method: str
    headers: Mapping[str, str]
    reads: int
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What came of an answer: of one that was cut off, its beginning. Names of headers are in small letters."""

    status: int
    content: bytes
    headers: Mapping[str, str]


def must_be_callable(url: str) -> None:
    """As it is saved. Raises InvalidSetting."""
    said = urlsplit(url) if _is_own(url) else check_url(url)
    try:
        addresses(said)
    except Unreachable as error:
        raise InvalidSetting(
            field="url", reason="The address is a server on the Internet; this one is not found, or not there."
        ) from error


def call(url: str, what: Call) -> Said:
    """Raises Unreachable, InvalidSetting, and whatever goes wrong on the way or at a stranger's server: OSError,
    HTTPException, ValueError."""
    said = urlsplit(url) if _is_own(url) else check_url(url)
    return _asked(said, addresses(said)[0], what)


def addresses(said: SplitResult) -> list[str]:
    """All that its name stands for now. Raises Unreachable where there is none, or one of them is not on the Internet:
    a name that leads to both is nobody's mistake."""
    host, port = said.hostname or "", port_of(said)
    if own_network.is_allowed(host, port):
        return [host]
    if not (known := resolved(host, port)):
        raise Unreachable(NO_NAME)
    if not all(is_public(address) for address in known):
        raise Unreachable(INSIDE)
    return known


def resolved(host: str, port: int) -> list[str]:
    """Empty where there is no such name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def told_to_wait(retry_after: str | None, at: datetime) -> timedelta | None:
    """Seconds or an instant; None for anything else."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return timedelta(seconds=min(int(retry_after[:9]), 10**8))
    try:
        until = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - at, timedelta(0))


def _asked(said: SplitResult, address: str, what: Call) -> Said:
    """Of that address, under the server's own name, which its certificate has to be of. All of it is over in time: also
    of a server that sends a letter a second. One whose headers do not end by then has not answered: TimeoutError."""
    named = {"Host": said.netloc, "User-Agent": "Kept", **what.headers}
    ends = monotonic() + TAKES
    with _connected(said, address) as line, _hung_up_at(line, ends) as is_over:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        door = HTTPConnection(address)
        door.sock = line
        door.request(what.method, (said.path or "/") + (f"?{said.query}" if said.query else ""), what.body, named)
        with _late(is_over):
            answer = door.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Said(answer.status, _read(answer, what.reads), headers)


def _connected(said: SplitResult, address: str) -> socket.socket:
    line = socket.create_connection((address, port_of(said)), CONNECTS)
    line.settimeout(TAKES)
    if said.scheme == "http":  # a server on this very machine
        return line
    return _trust().wrap_socket(line, server_hostname=said.hostname, do_handshake_on_connect=False)


@contextmanager
def _hung_up_at(line: socket.socket, ends: float) -> Iterator[Event]:
    """Whatever it still says then is not heard: the time-out of a socket is of each read, and never of the whole."""
    is_over = Event()

    def hang_up() -> None:
        is_over.set()
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    watch = Timer(max(0.0, ends - monotonic()), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield is_over
    finally:
        watch.cancel()


@contextmanager
def _late(is_over: Event) -> Iterator[None]:
    """How a line that was hung up ends is the network's whim: as if all had been said, or with a reset."""
    try:
        yield
    except (OSError, HTTPException) as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    if is_over.is_set():
        raise TimeoutError


def _read(answer: HTTPResponse, reads: int) -> bytes:
    """The beginning of it; of what does not come in time or in order, what came."""
    parts: list[bytes] = []
    with suppress(OSError, HTTPException, ValueError):
        while reads > 0 and (part := answer.read1(reads)):
            parts.append(part)
            reads -= len(part)
    return b"".join(parts)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _is_own(url: str) -> bool:
    try:
        said = urlsplit(url)
    except ValueError:
        return False
    return own_network.is_allowed(said.hostname or "", port_of(said))
