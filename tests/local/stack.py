"""A stack of its own for the tests: its folder, its free ports, what is asked of it and of its console."""

import json
import os
import random
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.local import stack as local_stack
from infra.local.place import PATIENCE, REGION, ROOT, STACK_NAME, Place

_SHARES, _SHARE = 8, 2_048
_drawn: set[int] = set()


@dataclass(frozen=True, slots=True)
class Console:
    """The console's JSON API."""

    url: str

    def now(self) -> datetime:
        return datetime.fromisoformat(self._ask("clock")["now"])

    def advance(self, by: timedelta) -> Any:
        """Let time pass; what the schedules answered at its end (`fired`), `errors` on the way, and `settled`."""
        return self._ask("clock", {"advance": by.total_seconds()})

    def advance_to(self, instant: datetime) -> Any:
        return self._ask("clock", {"to": instant.isoformat()})

    def sleep_to(self, instant: datetime) -> Any:
        """The clock goes on and no schedule fires, as in an outage."""
        return self._ask("clock", {"to": instant.isoformat(), "fire": False})

    def back_to_real(self) -> Any:
        return self._ask("clock", {"to": "real"})

    def sign_in(self, email: str) -> str:
        """A token for the Authorization header of front desk requests."""
        return str(self._ask("sign-in", {"email": email})["token"])

    def fire(self) -> Any:
        """Fire the schedules now and wait until what they started is done."""
        return self._ask("fire", {})

    def settle(self) -> Any:
        return self._ask("settle", {})

    def messages(self, to: str = "") -> list[dict[str, Any]]:
        """Newest first."""
        found: list[dict[str, Any]] = self._ask(f"messages?to={quote(to)}")["messages"]
        return found

    def write(self, *, to: str, text: str) -> Any:
        """The reader of that message answers it."""
        return self._ask("reply", {"to": to, "text": text})

    def due(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self._ask("due")["due"]
        return found

    def _ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{path}", data=data), timeout=600) as answer:
            return json.load(answer)


@dataclass(frozen=True, slots=True)
class Stack:
    """One running instance."""

    place: Place

    @property
    def base_url(self) -> str:
        return self.place.url

    @property
    def console(self) -> Console:
        return Console(f"{self.place.url}/console/api")

    def client(self, service: str, endpoint: str = "") -> Any:
        return local_stack.client(self.place, service, endpoint)

    def known(self) -> dict[str, Any]:
        """What the instance says of itself once it is ready: process ids and addresses."""
        said: dict[str, Any] = json.loads(self.place.run_file.read_text())
        return said


def a_place(folder: Path) -> Place:
    return Place(folder=folder, port=a_free_port(), stack_port=a_free_port())


def a_free_port() -> int:
    """Below those that systems give to whoever calls: until it is listened on, no connection of anybody's takes it.
    No other process of this run draws from the same share, and here none is drawn twice: a place that is down for a
    moment keeps its own. Drawn from the system, for two runs with the same seed would draw the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
    while True:
        port = 16_384 + worker * _SHARE + random.SystemRandom().randrange(_SHARE)
        if port in _drawn:
            continue
        _drawn.add(port)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def command(name: str, place: Place, **settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m infra.local <name>` for a place, as a person would type it, with these in the environment."""
    where = ["--dir", str(place.folder), "--port", str(place.port), "--stack-port", str(place.stack_port)]
    arguments = [sys.executable, "-m", "infra.local", name, *where]
    environment = {**os.environ, **settings}
    return subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=3 * PATIENCE
    )


@contextmanager
def up(place: Place, **settings: str) -> Iterator[Stack]:
    """A stack that is ready, taken down afterwards; its demo without the weeks that are over."""
    started = command("up", place, **{"KEPT_DEMO": "today"} | settings)
    if started.returncode:
        raise RuntimeError(f"the stack did not come up: {started.stderr}")
    try:
        yield Stack(place)
    finally:
        command("down", place)


@contextmanager
def a_fresh_one(name: str, **settings: str) -> Iterator[Stack]:
    """Nothing of an earlier run is in it, and no other worker of this run has it."""
    place = a_place(ROOT / ".local" / (name + os.environ.get("PYTEST_XDIST_WORKER", "")))
    command("down", place)
    command("reset", place)
    with up(place, **settings) as running:
        yield running


QUEUES = ("touchpoints", "attendance", "follow_ups", "messages", "due", "inbound")


def product_environment(stack: Stack, prefix: str, *, stack_url: str, providers: str) -> dict[str, str]:
    """What the product runs with outside a Lambda, on tables and queues of its own: those that begin with `prefix`."""
    account = stack.client("sts").get_caller_identity()["Account"]
    secrets = {secret["Name"]: secret["ARN"] for secret in stack.client("secretsmanager").list_secrets()["SecretList"]}
    link_keys = next(arn for name, arn in secrets.items() if "linkkeys" in name.lower())
    queues = {f"{name.upper()}_QUEUE": f"{stack.place.stack_url}/{account}/{prefix}-{name}" for name in QUEUES}
    services = ("SESV2", "PINPOINT_SMS_VOICE_V2", "SOCIALMESSAGING")
    return (
        queues
        | {f"AWS_ENDPOINT_URL_{service}": providers for service in services}
        | {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": stack_url,
            "NO_PROXY": "127.0.0.1",
            "TABLE_PREFIX": prefix,
            "PUBLIC_URL": stack.base_url,
            "LINK_KEYS_SECRET": link_keys,
            "GATEWAYS": f"/kept/{STACK_NAME}/gateways",
            "SENDER_EMAIL": "desk@kept.example",
            "EMAIL_EVENTS": f"{STACK_NAME}-email",
            "SMS_ORIGINATION": "+12025550100",
            "SMS_EVENTS": f"{STACK_NAME}-sms",
            "SMS_MAX_PRICE": "0.50",
            "WHATSAPP_NUMBER": "phone-number-id-0123456789abcdef0123456789abcdef",
            "SENDING_RATES": "email=100000 sms=100000",
            "FRONT_BUSINESS": "-",
            "WEBHOOK_SENDER": "-",
            "CALENDAR_READER": "-",
            "PAYMENT_WORKER": "-",
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }
    )
