"""The stand-in for Stripe on a real socket, asked by the official library."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stripe import StripeClient

from infra.local.providers.accounts import made
from infra.local.providers.answers import Refused, Request
from infra.local.providers.events import Event, Post
from infra.local.providers.stripe import Stripe

BUSINESS, OTHER = "hudson", "harbour"
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Wire:
    """`now` is the product's clock; `told` what the accounts were told; `lost` how many answers are yet to be lost."""

    url: str
    stripe: Stripe
    now: datetime = NOW
    told: list[Event] = field(default_factory=list)
    fates: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def client(self, business: str = BUSINESS) -> StripeClient:
        account = made(business, self.url)["stripe"]
        addresses: Any = {"api": account["base_url"]}
        return StripeClient(account["key"], base_addresses=addresses, max_network_retries=0)

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def pay(self, session: str, number: str, *, bank: bool = False) -> str:
        said, events = self.stripe.pay(session, number, self.fates, self.now, shown_to_bank=bank)
        self.told += events
        return said

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.told]

    def posts(self) -> list[Post]:
        return [event for event in self.told if isinstance(event, Post)]


@contextmanager
def a_stripe(businesses: tuple[str, ...] = (BUSINESS, OTHER)) -> Iterator[Wire]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Door) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        accounts = {business: made(business, url) for business in businesses}
        server.wire = Wire(url, Stripe(lambda: accounts, url))  # type: ignore[attr-defined]
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        yield server.wire  # type: ignore[attr-defined]
        server.shutdown()
        serving.join()


class _Door(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        wire: Wire = self.server.wire  # type: ignore[attr-defined]
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = address.path.removeprefix("/console/providers")
        wire.asked.append((self.command, path))
        if wire.down:
            self.close_connection = True
            return
        try:
            taken = wire.stripe.take(Request(path, query, self.headers, body, self.command), wire.fates, wire.now)
        except Refused as refused:
            status, headers, content = refused.answer
        else:
            status, headers, content = taken.answer
            wire.told += taken.events
            if wire.lost and self.command == "POST":
                wire.lost -= 1
                self.close_connection = True
                return
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(content)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_DELETE = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None: ...
