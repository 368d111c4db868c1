"""A salon that takes deposits online, its visits, and Stripe as it is played; all by the doors that clients use."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import booking
import my_appointment
import payment_worker
import payments as payments_function
from infra.local.providers.accounts import made
from infra.local.providers.events import Post
from kept import clock
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules, Charge, DepositRules
from kept.business.payment_rules import PaymentPlan, PaymentRules
from kept.client_links.tokens import manage_token
from kept.clients.held import ContactKind
from kept.follow_up.follow_up import FollowUp
from kept.ledger.accounts import LedgerAccount
from kept.payments.payment import Payment
from kept.runtime import aws
from kept.storage import appointments, follow_ups, ledger, payments
from kept.storage.tables import EventItem
from kept.use_cases.outside import accounts
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import CHECKS_IN
from tests.local.stripe_wire import Wire, a_stripe
from tests.refusing import CUT

HUNDRED = 10_000
FINE, DECLINED, BANK, CANNOT_HOLD = "4242424242424242", "4000000000000002", "4000002500003155", "0000000000007777"
BEGINS = lotus.NOW + timedelta(days=5)
RULES = ChangeRules(
    late_fee=Charge(minor=12_000), missed_fee=Charge(minor=8_000), deposits=DepositRules(charge=Charge(minor=HUNDRED))
)


@dataclass(slots=True)
class Scene:
    """`now` is the clock of both, the product and the provider."""

    wire: Wire
    monkeypatch: pytest.MonkeyPatch
    business: str = "lotus"
    heard: int = 0
    began: datetime = lotus.NOW

    @property
    def now(self) -> datetime:
        return self.wire.now

    def at(self, now: datetime) -> None:
        self.wire.now = now
        self.monkeypatch.setattr(clock, "now", lambda: now)

    def wait(self, by: timedelta) -> None:
        self.at(self.now + by)

    def book(self, starts: datetime = BEGINS) -> Appointment:
        answer = ask(booking.handler, "POST /v1/businesses/lotus/appointments", {**CUT, "start": starts.isoformat()})
        assert answer.status == 201, answer.body
        visit = self.visit(answer.body["id"])
        assert visit.status is Status.AWAITING_DEPOSIT
        return visit

    def visit(self, id: str) -> Appointment:
        return appointments.load(self.business, id)

    def begin(self, visit: Appointment) -> tuple[int, str]:
        """The status, and where it leads."""
        answer = payments_function.handler(an_http_event(f"POST /pay/{token(visit)}", ""), None)
        return answer["statusCode"], answer["headers"].get("Location", "")

    def page(self, visit: Appointment) -> str:
        """Of the provider: the session's id."""
        status, address = self.begin(visit)
        assert status == 303, status
        return address.rpartition("/")[2]

    def back(self, visit: Appointment) -> str:
        """What their own page then says."""
        answer = payments_function.handler(an_http_event(f"GET /pay/{token(visit)}/back"), None)
        assert answer["statusCode"] == 303, answer
        return str(answer["headers"]["Location"].partition("done=")[2])

    def paid(self, visit: Appointment, number: str = FINE, *, bank: bool = False) -> str:
        return self.wire.pay(self.page(visit), number, bank=bank)

    def tell(self, post: Post, **changed: Any) -> Answer:
        return told(post.body, post.signed(post.body, self.now)[1]["Stripe-Signature"], **changed)

    def tell_all(self) -> list[Answer]:
        """The webhooks that were not told yet."""
        new = self.wire.posts()[self.heard :]
        self.heard += len(new)
        return [self.tell(post) for post in new]

    def work(self, visit: Appointment) -> Payment:
        """As due_worker asks for it."""
        self.work_on(self.payment(visit).id)
        return self.payment(visit)

    def work_on(self, payment: str) -> None:
        """In a process of its own, which knows no account yet."""
        accounts.forget()
        payment_worker.handler({"business": self.business, "payment": payment}, None)

    def cancel(self, visit: Appointment) -> None:
        """By the client."""
        bearer = token(self.visit(visit.id))
        answer = ask(my_appointment.handler, "POST /v1/appointment/cancel", {}, bearer=bearer)
        assert answer.status == 200, answer.body

    def move(self, visit: Appointment, starts: datetime) -> None:
        """By the client."""
        said, bearer = {"start": starts.isoformat()}, token(self.visit(visit.id))
        answer = ask(my_appointment.handler, "POST /v1/appointment/reschedule", said, bearer=bearer)
        assert answer.status == 200, answer.body

    def night(self) -> int:
        done = payment_worker.handler({"business": self.business, "payment": ""}, None)
        return int(done["differ"])

    def payment(self, visit: Appointment) -> Payment:
        return payments.of_visit(self.business, visit.id)[-1]

    def due_at(self, visit: Appointment) -> datetime | None:
        item = EventItem.get(self.business, payments.PAYMENT + self.payment(visit).id)
        return datetime.fromtimestamp(int(item.due_at), self.now.tzinfo) if item.due_at else None

    def money(self, visit: Appointment) -> tuple[int, int, int]:
        """By Stripe; held as a deposit; still due."""
        balance = ledger.balance(self.business, visit.client, "CNY")
        return balance.of(LedgerAccount.STRIPE), balance.deposit, balance.deposit_due

    def owed(self, visit: Appointment) -> int:
        return ledger.balance(self.business, visit.client, "CNY").owed

    def at_stripe(self) -> tuple[int, int, int]:
        """Held, taken and given back, of all intents together."""
        books = self.wire.stripe.books
        intents, charges = list(books.all("payment_intent")), list(books.all("charge"))
        held = sum(it["amount_capturable"] for it in intents)
        taken = sum(it["amount_received"] for it in intents)
        return held, taken, sum(it["amount_refunded"] for it in charges if it["captured"])

    def asked(self) -> list[FollowUp]:
        return [it for it in follow_ups.board(self.business).follow_ups if it.cause == "payment"]


@contextmanager
def a_scene(monkeypatch: pytest.MonkeyPatch, plan: PaymentPlan = PaymentPlan.HOLD) -> Iterator[Scene]:
    salon = lotus.the_salon()
    business = replace(salon.business, attendance=CHECKS_IN, changes=RULES, payments=PaymentRules(True, plan))
    lotus.store(replace(salon, business=business))
    with a_stripe(("lotus", "garage")) as wire:
        for id in ("lotus", "garage"):
            name = f"{os.environ['GATEWAYS']}/{id}"
            account = {"stripe": made(id, wire.url)["stripe"]}
            aws("ssm").put_parameter(Name=name, Type="SecureString", Value=json.dumps(account), Overwrite=True)
        accounts.forget()
        scene = Scene(wire, monkeypatch)
        scene.at(lotus.NOW)
        yield scene


def token(visit: Appointment) -> str:
    return manage_token(visit, sent_to=ContactKind.PHONE)


def told(body: bytes, signature: str, *, business: str = "lotus") -> Answer:
    """As Stripe calls it."""
    event = an_http_event(f"POST /v1/inbound/stripe/{business}", body.decode())
    event["headers"] |= {"stripe-signature": signature, "content-type": "application/json"}
    answer = payments_function.handler(event, None)
    return Answer(answer["statusCode"], json.loads(answer["body"] or "null"), answer["headers"])
