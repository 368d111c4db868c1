"""One call of a receiver: its name resolved anew, every address it has looked at, and the very one called that was.

Nothing it does is believed or waited for long: no redirect is followed, and of what it answers a little is read.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from kept.errors import InvalidSetting
from kept.events.delivery import SHOWN, Attempt
from kept.events.receiver_address import check_url, is_public, port_of
from kept.use_cases.events import own_network

TAKES = 15.0
"""Seconds for a whole call; CONNECTS of them until somebody is there."""
CONNECTS = 5.0
READS = 2_048
"""Bytes of an answer: more than is shown, whatever letters they are."""
NO_NAME = "the name does not resolve"
INSIDE = "the address is not on the Internet"


class Unreachable(Exception):
    """It cannot be called; the text says why, in words of ours."""


def must_be_callable(url: str) -> None:
    """As it is saved. Raises InvalidSetting."""
    said = urlsplit(url) if _is_own(url) else check_url(url)
    try:
        addresses(said)
    except Unreachable as error:
        raise InvalidSetting(
            field="url", reason="An address of events is a server on the Internet; this one is not found, or not there."
        ) from error


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


def call(url: str, body: bytes, headers: Mapping[str, str], *, clock: Callable[[], datetime]) -> Attempt:
    """Never fails: what went wrong is in the attempt."""
    at, began = clock(), monotonic()
    try:
        said = urlsplit(url) if _is_own(url) else check_url(url)
        status, told, retry_after = _posted(said, addresses(said)[0], body, headers)
    except (Unreachable, InvalidSetting) as error:
        status, told, retry_after = 0, str(error), None
    except Exception as error:  # whatever a stranger's server or the way to it does is theirs
        status, told, retry_after = 0, type(error).__name__, None
    return Attempt(at, status, int((monotonic() - began) * 1000), told[:SHOWN], _wait(retry_after, at))


def _posted(said: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str | None]:
    """To that address, under the server's own name, which its certificate has to be of. All of it is over in time: also
    of a receiver that sends a letter a second."""
    named = {"Host": said.netloc, "Content-Type": "application/json", "User-Agent": "Kept", **headers}
    ends = monotonic() + TAKES
    with _connected(said, address) as line, _hung_up_at(line, ends):
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        door = HTTPConnection(address)
        door.sock = line
        door.request("POST", (said.path or "/") + (f"?{said.query}" if said.query else ""), body, named)
        answer = door.getresponse()
        return answer.status, _read(answer), answer.getheader("Retry-After")


def _connected(said: SplitResult, address: str) -> socket.socket:
    line = socket.create_connection((address, port_of(said)), CONNECTS)
    line.settimeout(TAKES)
    if said.scheme == "http":  # a receiver on this very machine
        return line
    return _trust().wrap_socket(line, server_hostname=said.hostname, do_handshake_on_connect=False)


@contextmanager
def _hung_up_at(line: socket.socket, ends: float) -> Iterator[None]:
    """Whatever it still says then is not heard: the time-out of a socket is of each read, and never of the whole."""

    def hang_up() -> None:
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    watch = Timer(max(0.0, ends - monotonic()), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _read(answer: HTTPResponse) -> str:
    """The beginning of it, as text; of what does not come in time or in order, what came."""
    got = b""
    with suppress(OSError, HTTPException, ValueError):
        while len(got) < READS and (part := answer.read1(READS - len(got))):
            got += part
    words = got.decode(errors="replace")
    return "".join(letter if letter.isprintable() else " " for letter in words)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _is_own(url: str) -> bool:
    try:
        said = urlsplit(url)
    except ValueError:
        return False
    return own_network.is_allowed(said.hostname or "", port_of(said))


def _wait(said: str | None, at: datetime) -> timedelta | None:
    """Seconds or an instant; None for anything else."""
    if not said:
        return None
    if said.strip().isdecimal():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - at, timedelta(0))
