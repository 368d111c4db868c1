"""Stripe: whoever has an account's key asks it, and its account is told of what became of a payment.

Held to the official library by tests/local/test_stripe_stand_in.py.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from infra.local.inbox import Sent, Written
from infra.local.providers import stripe_checkout
from infra.local.providers.answers import Answer, Refused, Request, Taken, as_json
from infra.local.providers.events import Event, Post
from infra.local.providers.faults import Receipts
from infra.local.providers.stripe_books import Books, Thing, invalid, refusal, shown
from infra.local.providers.stripe_cards import DECLINED
from infra.local.providers.stripe_payments import Payments

ADDRESS = "/stripe"
REMEMBERS = timedelta(hours=24)
"""How long an Idempotency-Key stands for its first answer."""
STALE = 600
"""Seconds that a webhook is old which is sent again by somebody else."""
_PART = re.compile(r"\[([^\]]*)\]")
_KINDS = {
    "customers": "customer",
    "payment_methods": "payment_method",
    "payment_intents": "payment_intent",
    "setup_intents": "setup_intent",
    "refunds": "refund",
    "charges": "charge",
    "events": "event",
    "checkout/sessions": "checkout.session",
}


@dataclass(slots=True)
class _Key:
    """What an Idempotency-Key stands for; without an answer it is in flight."""

    request: str
    at: datetime
    answer: Answer | None = None


@dataclass(slots=True)
class Stripe:
    """The provider, for all accounts that `accounts` tells of; `url` is where its pages stand."""

    accounts: Callable[[], Mapping[str, Any]]
    url: str
    books: Books = field(default_factory=Books)
    fates: ClassVar = frozenset({"delivered", *DECLINED})
    later: ClassVar = frozenset[str]()
    _keys: dict[tuple[str, str], _Key] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:
        business, path = self._whose(request), request.path.removeprefix(f"{ADDRESS}/v1/")
        if request.method == "GET":
            with self._lock:
                return Taken(as_json(self._read(Payments(self.books, business, now, fates), path, request)))
        with self._once(business, request, now) as key:
            if key.answer is None:
                with self._lock:
                    payments = Payments(self.books, business, now, fates)
                    self._pass_time(payments)
                    answer, events = self._done(payments, path, request), self._told()
                    key.answer = answer
                return Taken(answer, events=tuple(events))
            return Taken((key.answer[0], [*key.answer[1], ("Idempotent-Replayed", "true")], key.answer[2]))

    def session(self, id: str, now: datetime) -> Thing | None:
        """What its page shows."""
        with self._lock:
            found = self.books.things.get(id)
            if found is None or found["object"] != "checkout.session":
                return None
            self._pass_time(Payments(self.books, found["_business"], now, {}))
            return found

    def pay(
        self, id: str, number: str, fates: Mapping[str, str], now: datetime, *, shown_to_bank: bool
    ) -> tuple[str, list[Event]]:
        """What is told to whoever pays ("" where it is done), and what the account is told."""
        with self._lock:
            session = self.books.things[id]
            payments = Payments(self.books, session["_business"], now, fates)
            self._pass_time(payments)
            said = stripe_checkout.pay(payments, session, number, shown_to_bank=shown_to_bank)
            return said, self._told()

    def dispute(self, charge: str, now: datetime) -> list[Event]:
        """Their bank takes it back for them. Raises ValueError."""
        with self._lock:
            found = self.books.things.get(charge)
            if found is None or found["object"] != "charge" or found["disputed"] or not found["captured"]:
                raise ValueError("There is no such charge that could be disputed.")
            Payments(self.books, found["_business"], now, {}).dispute(found)
            return self._told()

    def repeat(self, event: str) -> list[Event]:
        """As a person does in the dashboard. Raises ValueError."""
        if (found := self.books.things.get(event)) is None or found["object"] != "event":
            raise ValueError("There is no such event.")
        return [self._webhook(found)]

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:  # noqa: ARG002
        raise ValueError("Stripe sends no messages.")

    def hear(self, written: Written, answered: Sent | None) -> Event:  # noqa: ARG002
        raise ValueError("Nobody writes to Stripe.")

    def throttled(self) -> Refused:
        return refusal(429, "invalid_request_error", "Too many requests.", code="rate_limit")

    def _told(self) -> list[Event]:
        events: list[Event] = [self._webhook(event) for event in self.books.told()]
        self.books.keep()
        return events

    def _pass_time(self, payments: Payments) -> None:
        payments.lapse()
        stripe_checkout.run_out(payments)

    def _whose(self, request: Request) -> str:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        for business, account in self.accounts().items():
            if key and account.get("stripe", {}).get("key") == key:
                return business
        raise refusal(401, "invalid_request_error", "Invalid API Key provided.")

    @contextmanager
    def _once(self, business: str, request: Request, now: datetime) -> Iterator[_Key]:
        """The answer of a card that was declined is remembered, that of a request that was wrong is not."""
        named = request.headers.get("Idempotency-Key", "")
        digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
        with self._lock:
            known = self._keys.get((business, named)) if named else None
            if known and now < known.at + REMEMBERS:
                if known.request != digest:
                    words = f"Keys for idempotent requests can only be used with the same parameters ({named})."
                    raise refusal(400, "idempotency_error", words)
                if known.answer is None:
                    words = "There is currently another in-progress request using this Idempotent Key."
                    raise refusal(409, "idempotency_error", words, code="idempotency_key_in_use")
                key = known
            else:
                key = self._keys[business, named] = _Key(digest, now)
        try:
            yield key
        finally:
            with self._lock:
                if not named or key.answer is None or key.answer[0] not in (200, 402):
                    self._keys.pop((business, named), None)

    def _done(self, payments: Payments, path: str, request: Request) -> Answer:
        """Also what was refused: what it has to tell is told."""
        try:
            return as_json(shown(self._write(payments, path, decoded(request.body.decode()))))
        except Refused as refused:
            return refused.answer

    def _write(self, payments: Payments, path: str, said: dict[str, Any]) -> Thing:
        new: dict[str, Callable[[dict[str, Any]], Thing]] = {
            "customers": payments.customer,
            "payment_methods": payments.method,
            "payment_intents": payments.intend,
            "setup_intents": payments.save_card,
            "refunds": payments.refund,
            "checkout/sessions": partial(stripe_checkout.opened, payments, url=self.url),
        }
        known: dict[tuple[str, str], Callable[[str, dict[str, Any]], Thing]] = {
            ("payment_methods", "attach"): payments.attach,
            ("payment_methods", "detach"): payments.detach,
            ("payment_intents", "confirm"): payments.confirm,
            ("payment_intents", "capture"): payments.capture,
            ("payment_intents", "cancel"): payments.cancel,
            ("setup_intents", "confirm"): payments.confirm_setup,
            ("setup_intents", "cancel"): payments.cancel_setup,
            ("checkout/sessions", "expire"): partial(stripe_checkout.expire, payments),
        }
        if path in new:
            return new[path](said)
        kind, id, act = ["", "", *path.rsplit("/", 2)][-3:]
        if (kind, act) in known:
            return known[kind, act](id, said)
        raise _no_route(path)

    def _read(self, payments: Payments, path: str, request: Request) -> Thing:
        self._pass_time(payments)
        if path in _KINDS:
            return self._listed(payments, _KINDS[path], request.query)
        kind = _KINDS.get(path.rpartition("/")[0])
        if kind is None:
            raise _no_route(path)
        return shown(self.books.find(payments.business, path.rpartition("/")[2], kind))

    def _listed(self, payments: Payments, kind: str, query: Mapping[str, str]) -> Thing:
        """The newest first."""
        found = list(self.books.all(kind, payments.business))
        if of := query.get("payment_intent"):
            found = [it for it in found if it.get("payment_intent") == of]
        if since := query.get("created[gte]"):
            found = [it for it in found if it["created"] >= int(since)]
        if after := query.get("starting_after"):
            found = found[next((n for n, it in enumerate(found, 1) if it["id"] == after), len(found)) :]
        limit = int(query.get("limit", "10"))
        if not 1 <= limit <= 100:
            raise invalid("Invalid limit: must be from 1 to 100.", param="limit")
        data = [shown(it) for it in found[:limit]]
        return {"object": "list", "url": request_path(kind), "has_more": len(found) > limit, "data": data}

    def as_told(self, events: Sequence[Event], receipts: Receipts) -> list[Event]:
        """Out of order, or as somebody sends them who kept them for a while."""
        if receipts is Receipts.REVERSED:
            return list(events)[::-1]
        if receipts is not Receipts.STALE:
            return list(events)
        return [
            self._webhook(self.books.things[json.loads(it.body)["id"]], STALE) for it in events if isinstance(it, Post)
        ]

    def _webhook(self, event: Thing, age: int = 0) -> Post:
        secret = self.accounts().get(event["_business"], {}).get("stripe", {}).get("webhook_secret", "")
        body = json.dumps(shown(event)).encode()
        of = str(event["data"]["object"].get("payment_intent") or event["data"]["object"]["id"])

        def signed(content: bytes, _: datetime) -> tuple[dict[str, str], dict[str, str]]:
            """By the real clock, whatever the product's says: tolerance is a matter between two machines."""
            header = signature(content, secret, int(time.time()) - age)
            return {}, {"Content-Type": "application/json", "Stripe-Signature": header}

        return Post(event["type"], of, f"/v1/inbound/stripe/{event['_business']}", body, signed)


def signature(body: bytes, secret: str, at: int) -> str:
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def decoded(form: str) -> dict[str, Any]:
    """What a[b][0][c]=d stands for; numbers name the places of a list."""
    whole: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        first, parts = name.partition("[")[0], _PART.findall(name)
        inside = whole
        for part, after in zip([first, *parts], [*parts, None], strict=True):
            if after is None:
                inside[part] = value
            else:
                inside = inside.setdefault(part, {})
    return {name: _lists(value) for name, value in whole.items()}


def request_path(kind: str) -> str:
    return next(f"/v1/{path}" for path, its in _KINDS.items() if its == kind)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(part) for name, part in value.items()}
    return [inner[name] for name in sorted(inner, key=int)] if all(n.isdecimal() for n in inner) else inner


def _no_route(path: str) -> Refused:
    return refusal(404, "invalid_request_error", f"Unrecognized request URL (/v1/{path}).")
