"""A deposit paid online: by the client's own clicks, the provider's webhooks and the worker, in whatever order, however
often, with the provider slow, silent and down; money moves once."""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from stripe import WebhookSignature

import attendance_worker
import catalog as catalog_function
import client_pages
import clients as clients_function
import due_worker
import front_desk
import payment_worker
import payments as payments_function
from kept.api.business.business_settings import BusinessSettings
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.payment_rules import PaymentPlan
from kept.events.change import AggregateChange, Kind
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct
from kept.payments.payment import PaymentState, SecuredBy
from kept.payments.provider import PaymentRefused, PaymentsUnavailable
from kept.reasons import Code, because
from kept.reminders.timeline import next_due
from kept.runtime import aws
from kept.storage import appointments, catalogs, ledger, payments
from kept.storage.transaction import together
from kept.use_cases.outside import accounts, asking
from kept.use_cases.payments import stripe_provider, waking
from kept.use_cases.payments.stripe_provider import CardDeclined, StripePayments
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.functions.paying import BANK, BEGINS, CANNOT_HOLD, DECLINED, FINE, HUNDRED, Scene, a_scene, token, told
from tests.functions.plain_browser import Browser, Page
from tests.refusing import DESK
from tests.stopping import Killed, die, records

LOST = because(Code.DEPOSIT_UNCOLLECTED)

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with a_scene(monkeypatch) as scene:
        yield scene


def test_whoever_pays_and_comes_back_has_booked(scene: Scene) -> None:
    visit = scene.book()
    assert scene.paid(visit) == ""
    assert scene.visit(visit.id).status is Status.AWAITING_DEPOSIT
    assert scene.back(visit) == "paid"
    assert scene.visit(visit.id).status is Status.BOOKED
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)
    assert scene.at_stripe() == (HUNDRED, 0, 0)
    assert scene.payment(visit).state is PaymentState.HELD


def test_the_webhook_books_as_well_before_they_are_back_and_after(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    assert {answer.status for answer in scene.tell_all()} == {200}
    assert scene.visit(visit.id).status is Status.BOOKED
    revision = scene.visit(visit.id).revision
    assert scene.back(visit) == "paid"
    for post in scene.wire.posts():
        assert scene.tell(post).status == 200
    assert scene.visit(visit.id).revision == revision
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


def test_pressed_twice_it_is_one_page(scene: Scene) -> None:
    visit = scene.book()
    assert scene.begin(visit) == scene.begin(visit)
    assert len(list(scene.wire.stripe.books.all("checkout.session"))) == 1


def test_a_card_that_is_declined_books_nothing_and_another_one_does(scene: Scene) -> None:
    visit = scene.book()
    page = scene.page(visit)
    assert "declined" in scene.wire.pay(page, DECLINED)
    scene.tell_all()
    assert scene.back(visit) == ""
    assert scene.visit(visit.id).status is Status.AWAITING_DEPOSIT
    assert scene.money(visit) == (0, 0, HUNDRED)
    assert scene.page(visit) == page
    assert scene.wire.pay(page, BANK) == "bank"
    assert scene.wire.pay(page, BANK, bank=True) == ""
    assert scene.back(visit) == "paid"
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


def test_what_cannot_hold_is_taken_at_once_and_given_back_by_the_terms(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit, CANNOT_HOLD)
    assert scene.back(visit) == "paid"
    assert scene.at_stripe() == (0, HUNDRED, 0)
    scene.cancel(visit)
    scene.work(visit)
    assert scene.at_stripe() == (0, HUNDRED, HUNDRED)
    assert scene.money(visit) == (0, 0, 0)
    assert scene.payment(visit).state is PaymentState.GIVEN_BACK


def test_cancelled_in_time_nothing_is_taken(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.cancel(visit)
    assert scene.at_stripe() == (HUNDRED, 0, 0)
    assert scene.work(visit).state is PaymentState.FREED
    assert scene.at_stripe() == (0, 0, 0)
    assert scene.money(visit) == (0, 0, 0)
    scene.tell_all()
    scene.work(visit)
    assert scene.money(visit) == (0, 0, 0)
    assert scene.asked() == []


def test_cancelled_too_late_it_is_taken(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.at(BEGINS - timedelta(hours=3))
    scene.cancel(visit)
    assert scene.work(visit).state is PaymentState.TAKEN
    assert scene.at_stripe() == (0, HUNDRED, 0)
    assert scene.money(visit)[:2] == (HUNDRED, 0)
    assert scene.due_at(visit) is None


def test_what_is_held_is_taken_before_it_lapses(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    due = scene.due_at(visit)
    assert due == scene.now + 7 * DAY - timedelta(hours=6)
    scene.at(due)
    assert scene.work(visit).state is PaymentState.TAKEN


def test_nobody_pays_on_a_page_whose_slot_was_given_back(scene: Scene) -> None:
    visit = scene.book()
    page = scene.page(visit)
    due = scene.due_at(visit)
    assert due == scene.now + 30 * MINUTE
    scene.at(due)
    assert scene.work(visit).state is PaymentState.CLOSED
    assert scene.wire.pay(page, FINE) == "This page has expired."
    assert scene.page(visit) != page


def paid_too_late(scene: Scene, card: str) -> Appointment:
    """They pay in time, and come back when their slot is kept no more."""
    visit = scene.book()
    page = scene.page(visit)
    scene.wire.pay(page, card)
    held = scene.visit(visit.id).held_until
    assert held
    scene.at(held)
    assert scene.back(visit) == "paid_too_late"
    return visit


def test_who_paid_after_the_slot_went_gets_it_back_and_is_told(scene: Scene) -> None:
    visit = paid_too_late(scene, FINE)
    assert scene.at_stripe() == (0, 0, 0)
    assert scene.money(visit) == (0, 0, HUNDRED)
    assert scene.payment(visit).state is PaymentState.FREED
    scene.tell_all()
    assert scene.visit(visit.id).status is not Status.BOOKED


def test_a_later_visit_saves_the_card_and_holds_it_three_days_before(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    assert scene.back(visit) == "paid"
    assert (scene.payment(visit).plan, scene.payment(visit).state) == (SecuredBy.SAVE_CARD, PaymentState.CARD_SAVED)
    assert scene.visit(visit.id).status is Status.BOOKED
    assert scene.at_stripe() == (0, 0, 0)
    due = visit.starts - 3 * DAY
    assert scene.due_at(visit) == due
    scene.at(due)
    assert scene.work(visit).state is PaymentState.HELD
    assert scene.at_stripe() == (HUNDRED, 0, 0)
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


def test_a_saved_card_of_a_visit_given_up_in_time_is_never_charged(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.cancel(visit)
    assert scene.work(visit).state is PaymentState.CLOSED
    assert scene.money(visit) == (0, 0, 0)
    assert list(scene.wire.stripe.books.all("charge")) == []
    assert scene.asked() == []


def test_a_saved_card_that_is_declined_leaves_the_visit_and_asks_for_another(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - 3 * DAY)
    scene.wire.fates["4242"] = "insufficient_funds"
    assert scene.work(visit).state is PaymentState.CLOSED
    assert scene.money(visit) == (0, 0, HUNDRED)
    assert scene.visit(visit.id).status is Status.BOOKED
    assert len(scene.asked()) == 1
    client = Browser(client_pages.handler)
    assert "您的银行卡被拒绝" in client.get(f"/a/{token(scene.visit(visit.id))}").text
    scene.wire.fates.clear()
    scene.paid(visit, "5555555555554444")
    assert scene.back(visit) == "paid"
    assert "您的银行卡被拒绝" not in client.get(f"/a/{token(scene.visit(visit.id))}").text
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)
    assert scene.at_stripe() == (HUNDRED, 0, 0)
    assert scene.begin(visit)[0] == 409


def test_taken_at_once_where_the_business_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_scene(monkeypatch, PaymentPlan.AT_ONCE) as scene:
        visit = scene.book()
        scene.paid(visit)
        assert scene.back(visit) == "paid"
        assert scene.at_stripe() == (0, HUNDRED, 0)
        scene.cancel(visit)
        scene.work(visit)
        scene.work(visit)
        assert scene.at_stripe() == (0, HUNDRED, HUNDRED)
        assert scene.money(visit) == (0, 0, 0)


def test_the_answer_that_was_lost_is_found_again(scene: Scene) -> None:
    """Of every call: each was done, and was answered with a time-out."""
    visit = scene.book()
    scene.wire.lost = 1
    assert scene.begin(visit)[0] == 409
    scene.paid(visit)
    assert len(list(scene.wire.stripe.books.all("checkout.session"))) == 1
    scene.back(visit)
    scene.cancel(visit)
    scene.wire.lost = 1
    assert scene.work(visit).state is PaymentState.HELD
    assert scene.at_stripe() == (0, 0, 0)
    scene.wait(5 * MINUTE)
    assert scene.work(visit).state is PaymentState.FREED
    assert scene.money(visit) == (0, 0, 0)


def test_a_charge_that_succeeded_and_was_answered_with_a_time_out_is_made_once(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - 3 * DAY)
    scene.wire.lost = 1
    scene.work(visit)
    scene.wait(5 * MINUTE)
    assert scene.work(visit).state is PaymentState.HELD
    assert scene.at_stripe() == (HUNDRED, 0, 0)


def test_a_day_without_the_provider_loses_nothing(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.wire.down = True
    assert {answer.status for answer in scene.tell_all()} == {200}
    assert scene.back(visit) == ""
    assert scene.visit(visit.id).status is Status.AWAITING_DEPOSIT
    for _ in range(12):
        due = scene.due_at(visit)
        assert due
        assert due > scene.now
        scene.at(due)
        scene.work(visit)
    scene.wire.down = False
    scene.at(scene.due_at(visit) or scene.now)
    assert scene.work(visit).state is PaymentState.HELD
    assert scene.visit(visit.id).status is Status.BOOKED


def cases(scene: Scene) -> dict[str, tuple[bytes, str, str, int, str]]:
    post = scene.wire.posts()[-1]
    secret = str(accounts.accounts("lotus")["stripe"]["webhook_secret"])
    others = str(accounts.accounts("garage")["stripe"]["webhook_secret"])
    body, sign = post.body.decode(), WebhookSignature.generate_signature_header
    said = json.loads(body)
    said["data"]["object"]["metadata"]["business"] = "garage"
    borrowed = json.dumps(said)
    said["data"]["object"]["metadata"] = {"business": "lotus", "payment": "a-9-1"}
    unknown = json.dumps(said)
    now = int(time.time())
    return {
        "unsigned": (post.body, "", "lotus", 403, "not_signed"),
        "signed with something else": (post.body, sign(body, "whsec_guess"), "lotus", 403, "not_signed"),
        "signed with another business's": (post.body, sign(body, others), "lotus", 403, "not_signed"),
        "told to another business": (post.body, sign(body, secret), "garage", 403, "not_signed"),
        "to a business that takes no cards": (post.body, sign(body, secret), "nobody", 403, "not_signed"),
        "changed": (post.body + b" ", sign(body, secret), "lotus", 403, "not_signed"),
        "301 seconds old": (post.body, sign(body, secret, now - 301), "lotus", 403, "not_signed"),
        "no JSON": (b"{", sign("{", secret), "lotus", 403, "not_signed"),
        "of another business's payment": (borrowed.encode(), sign(borrowed, secret), "lotus", 404, "unknown_payment"),
        "of a payment that was never begun": (unknown.encode(), sign(unknown, secret), "lotus", 404, "unknown_payment"),
    }


CASES = (
    "unsigned", "signed with something else", "signed with another business's", "told to another business",
    "to a business that takes no cards", "changed", "301 seconds old", "no JSON", "of another business's payment",
    "of a payment that was never begun",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_the_provider_did_not_say_changes_nothing(scene: Scene, case: str) -> None:
    visit = scene.book()
    scene.paid(visit)
    body, signature, business, status, code = cases(scene)[case]
    answer = told(body, signature, business=business)
    assert (answer.status, answer.code) == (status, code)
    assert scene.visit(visit.id).status is Status.AWAITING_DEPOSIT
    assert scene.money(visit) == (0, 0, HUNDRED)
    assert scene.payment(visit).state is PaymentState.OPEN


def test_a_webhook_is_believed_nothing_but_that_it_is_time_to_look(scene: Scene) -> None:
    """Genuine, kept and sent again within five minutes, and of what is not so any more."""
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    (held,) = [post for post in scene.wire.posts() if post.kind == "payment_intent.amount_capturable_updated"]
    scene.cancel(visit)
    scene.work(visit)
    assert scene.tell(held).status == 200
    assert scene.payment(visit).state is PaymentState.FREED
    assert scene.money(visit) == (0, 0, 0)


def test_what_is_no_payment_of_ours_is_none_of_our_business(scene: Scene) -> None:
    wire = scene.wire
    wire.client("lotus").v1.payment_intents.create({"amount": 900, "currency": "cny"})
    assert {answer.status for answer in scene.tell_all()} == {200}


def test_a_dispute_and_money_that_does_not_arrive_are_a_person_s(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit, "4000000000000259")
    scene.back(visit)
    scene.at(BEGINS - timedelta(hours=3))
    scene.cancel(visit)
    scene.work(visit)
    scene.tell_all()
    scene.tell_all()
    assert len(scene.asked()) == 1


def test_what_the_provider_and_the_ledger_say_is_compared_every_night(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.wait(DAY)
    assert scene.night() == 0
    assert scene.night() == 0
    assert scene.asked() == []
    intent = scene.payment(visit).intent
    scene.wire.client("lotus").v1.payment_intents.capture(intent)
    scene.wire.client("lotus").v1.refunds.create({"payment_intent": intent, "amount": 4_000})
    scene.wait(DAY)
    assert scene.night() == 1
    scene.wait(DAY)
    assert scene.night() == 1
    assert len(scene.asked()) == 1


def test_what_lapsed_though_it_was_ours_is_a_person_s(scene: Scene) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.wire.client("lotus").v1.payment_intents.cancel(scene.payment(visit).intent)
    scene.tell_all()
    assert scene.payment(visit).state is PaymentState.FREED
    assert len(scene.asked()) == 1


def test_the_worker_is_asked_through_the_lane_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(asking, "payer", lambda *it: asked.append(it))
    due_worker.event("lotus", "payment#a-1-1")
    due_worker.event("lotus", "payment-night#all")
    assert asked == [("lotus", "a-1-1"), ("lotus", "")]


@pytest.mark.parametrize("payment", ["a-1-1", ""])
def test_the_worker_is_asked_and_not_waited_for(payment: str) -> None:
    """For one payment, or for the night's comparison of all."""
    payload = json.dumps({"business": "lotus", "payment": payment})
    wanted = {"FunctionName": "kept-payment_worker", "InvocationType": "Event", "Payload": payload}
    with Stubber(aws("lambda")) as stubber:
        stubber.add_response("invoke", {"StatusCode": 202}, wanted)
        asking.payer("lotus", payment)
        stubber.assert_no_pending_responses()


def test_a_business_without_an_account_is_told_so_plainly(scene: Scene) -> None:
    visit = scene.book()
    aws("ssm").put_parameter(Name=f"{os.environ['GATEWAYS']}/lotus", Type="SecureString", Value="{}", Overwrite=True)
    accounts.forget()
    assert scene.begin(visit)[0] == 409


def test_a_page_to_pay_on_follows_a_visit_that_is_moved(scene: Scene) -> None:
    """Further away it stays open, and what is paid there books the new time."""
    visit = scene.book()
    page = scene.page(visit)
    scene.move(visit, BEGINS + DAY)
    assert scene.work(visit).state is PaymentState.OPEN
    assert scene.wire.pay(page, FINE) == ""
    assert scene.back(visit) == "paid"
    after = scene.visit(visit.id)
    assert (after.status, after.starts) == (Status.BOOKED, BEGINS + DAY)
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


def test_a_page_to_pay_on_is_closed_before_a_slot_that_came_nearer_is_given_back(scene: Scene) -> None:
    visit = scene.book()
    scene.wait(timedelta(hours=18))
    page = scene.page(visit)
    scene.move(visit, scene.now + timedelta(hours=2))
    until = scene.visit(visit.id).held_until
    assert until == scene.now + 15 * MINUTE
    assert scene.work(visit).state is PaymentState.OPEN
    assert scene.due_at(visit) == until - 2 * MINUTE
    scene.at(until - 2 * MINUTE)
    assert scene.work(visit).state is PaymentState.CLOSED
    assert scene.wire.pay(page, FINE) == "This page has expired."


def books_on_the_pages(client: Browser, **chosen: str) -> dict[str, Any]:
    """Chooses, fills in the form and sends it: the answer to that, as a browser gets it."""
    at = {"service": "cut", "staff": "mei", "start": BEGINS.isoformat(), **chosen}
    form = client.get(f"/b/lotus/book?{urlencode(at)}").form("/book")
    said = {"name": "李娜", "email": "anna@example.com", "agrees_to": "email"}
    sent = [(name, value) for name, value in form.fields if name not in said] + list(said.items())
    return client.ask(f"POST {form.action}", urlencode(sent))


def test_booking_leads_on_to_the_page_to_pay_on_without_another_click(scene: Scene) -> None:
    """Pressed twice it is the same booking and the same page; who opens that address later comes to their own page."""
    client = Browser(client_pages.handler)
    answer = books_on_the_pages(client)
    assert answer["statusCode"] == 303, answer
    address = answer["headers"]["Location"]
    assert urlsplit(address).path.startswith("/pay/")
    led = [payments_function.handler(an_http_event(f"GET {urlsplit(address).path}"), None) for _ in range(2)]
    pages = {it["headers"]["Location"] for it in led}
    assert ({it["statusCode"] for it in led}, len(pages)) == ({303}, 1)
    assert scene.wire.pay(pages.pop().rpartition("/")[2], FINE) == ""
    (payment,) = payments.listed("lotus", since=scene.now - DAY)
    assert scene.back(scene.visit(payment.appointment)) == "paid"
    scene.wait(5 * MINUTE)
    again = payments_function.handler(an_http_event(f"GET {urlsplit(address).path}"), None)
    assert (again["statusCode"], urlsplit(again["headers"]["Location"]).path[:3]) == (303, "/a/")


def test_opening_that_address_later_begins_nothing(scene: Scene) -> None:
    """A link that is opened changes nothing, whoever opens it."""
    visit = scene.book()
    scene.wait(5 * MINUTE)
    answer = payments_function.handler(an_http_event(f"GET /pay/{token(visit)}"), None)
    assert answer["statusCode"] == 303
    assert urlsplit(answer["headers"]["Location"]).path.startswith("/a/")
    assert payments.of_visit("lotus", visit.id) == []


def test_where_it_cannot_be_paid_at_once_they_come_to_their_own_page(scene: Scene) -> None:
    scene.wire.down = True
    visit = scene.book()
    answer = payments_function.handler(an_http_event(f"GET /pay/{token(visit)}"), None)
    assert answer["statusCode"] == 303
    assert urlsplit(answer["headers"]["Location"]).path.startswith("/a/")


LEFT: dict[str, tuple[timedelta, timedelta, timedelta]] = {
    "a day": (DAY, DAY, 30 * MINUTE),
    "a quarter of an hour": (15 * MINUTE, 15 * MINUTE, 13 * MINUTE),
    "a second less": (15 * MINUTE - SECOND, 15 * MINUTE, 13 * MINUTE),
    "a second": (SECOND, 15 * MINUTE, 13 * MINUTE),
}


@pytest.mark.parametrize("case", LEFT)
def test_the_slot_is_kept_while_they_pay(scene: Scene, case: str) -> None:
    """A quarter of an hour at the least; and the page is closed before the slot goes."""
    left, kept, page_lasts = LEFT[case]
    visit = scene.book()
    assert visit.held_until
    scene.at(visit.held_until - left)
    began = scene.now
    page = scene.page(visit)
    assert scene.visit(visit.id).held_until == began + kept
    assert scene.payment(visit).pay_until == began + page_lasts
    scene.at(began + page_lasts - SECOND)
    assert scene.wire.pay(page, FINE) == ""
    assert scene.back(visit) == "paid"
    assert scene.visit(visit.id).status is Status.BOOKED


def test_it_is_kept_for_longer_once(scene: Scene) -> None:
    """Whoever opens a page and leaves it, and opens another, wins no more time; when that is over it lapses."""
    visit = scene.book()
    assert visit.held_until
    scene.at(visit.held_until - SECOND)
    until = scene.now + 15 * MINUTE
    page = scene.page(visit)
    scene.wire.client("lotus").v1.checkout.sessions.expire(page)
    assert scene.back(visit) == ""
    scene.at(until - 5 * MINUTE)
    assert scene.page(visit) != page
    assert (scene.visit(visit.id).held_until, scene.payment(visit).pay_until) == (until, until - 2 * MINUTE)
    scene.at(until - 2 * MINUTE)
    assert scene.work(visit).state is PaymentState.CLOSED
    assert scene.begin(visit)[0] == 409
    scene.at(until)
    attendance_worker.handler(records(("lotus", visit.id)), None)
    assert scene.visit(visit.id).status is Status.CANCELLED
    assert scene.at_stripe() == (0, 0, 0)


def test_no_slot_is_kept_beyond_its_start(scene: Scene) -> None:
    """Nor a page begun for which there is no time left."""
    visit = scene.book()
    scene.at(visit.starts - timedelta(hours=3))
    salon = catalogs.load("lotus")
    stored = replace(scene.visit(visit.id), held_until=visit.starts - MINUTE, status=Status.AWAITING_DEPOSIT)
    with together() as transaction:
        appointments.put(stored, next_due(stored, salon), transaction)
    scene.at(visit.starts - 5 * MINUTE)
    scene.page(visit)
    assert scene.visit(visit.id).held_until == visit.starts
    assert scene.payment(visit).pay_until == visit.starts - 2 * MINUTE


@pytest.mark.parametrize("is_paid", [False, True])
def test_an_address_that_is_typed_says_nothing_untrue(scene: Scene, is_paid: bool) -> None:
    """That it was paid too late is said to who has paid too late."""
    visit = scene.book()
    page = scene.page(visit)
    if is_paid:
        scene.wire.pay(page, FINE)
    assert visit.held_until
    scene.at(visit.held_until)
    attendance_worker.handler(records(("lotus", visit.id)), None)
    scene.work(visit)
    text = Browser(client_pages.handler).get(f"/a/{token(scene.visit(visit.id))}?done=paid_too_late").text
    assert ("付款来得太晚" in text) is is_paid


def lost_by_cancelling(scene: Scene, visit: Appointment) -> None:
    scene.cancel(visit)


def lost_by_not_coming(_: Scene, visit: Appointment) -> None:
    answer = ask(front_desk.handler, f"POST {DESK}/{visit.id}/no-show", {}, role="staff")
    assert answer.status == 200, answer.body


UNCOLLECTED: dict[str, tuple[Callable[[Scene, Appointment], None], timedelta, int]] = {
    "cancelled too late": (lost_by_cancelling, timedelta(hours=-3), 12_000),
    "missed": (lost_by_not_coming, timedelta(hours=1), 10_000),
}
"""How it was lost, when, and what is owed: the fee of 120 is the deposit and what is beyond it; a missed visit costs
80, which the deposit covers."""


@pytest.mark.parametrize("case", UNCOLLECTED)
def test_a_deposit_that_was_lost_and_whose_card_is_declined_is_owed(scene: Scene, case: str) -> None:
    """As a fee with its reason, once; a person is told, and the client reads it. Taken back, nothing is owed."""
    lose, when, owes = UNCOLLECTED[case]
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts + when)
    lose(scene, visit)
    scene.wire.fates["4242"] = "insufficient_funds"
    assert scene.work(visit).state is PaymentState.CLOSED
    scene.work(visit)
    assert (scene.money(visit), scene.owed(visit)) == ((0, 0, 0), owes)
    (fee,) = [
        it
        for it in ledger.of_visit("lotus", visit.client, visit.id, "CNY")
        if it.why == LOST and it.minor and it.what is MoneyAct.FEE
    ]
    assert (fee.minor, fee.reverses) == (HUNDRED, "")
    assert [str(it.history[0].why) for it in scene.asked()] == [str(LOST)]
    text = Browser(client_pages.handler).get(f"/a/{token(scene.visit(visit.id))}").text
    assert "您应付¥100" in text
    assert scene.at_stripe() == (0, 0, 0)
    undone = ask(front_desk.handler, f"POST {DESK}/{visit.id}/undo", {}, role="staff")
    assert undone.status == 200, undone.body
    assert (scene.money(visit), scene.owed(visit)) == ((0, 0, 0), 0)


def test_paid_to_a_person_it_is_owed_no_more(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - timedelta(hours=3))
    scene.cancel(visit)
    scene.wire.fates["4242"] = "insufficient_funds"
    scene.work(visit)
    said = {"appointment": visit.id, "minor": 12_000, "currency": "CNY", "means": "cash"}
    paid = ask(clients_function.handler, f"POST /v1/desk/clients/{visit.client}/money/payments", said, role="staff")
    assert paid.status == 201, paid.body
    assert "您应付" not in Browser(client_pages.handler).get(f"/a/{token(scene.visit(visit.id))}").text
    assert scene.owed(visit) == 0


def saves_settings(**changed: Any) -> Answer:
    known = ask(catalog_function.handler, "GET /v1/desk/catalog", role="owner").body["business"]
    told = {name: it for name, it in known.items() if name in BusinessSettings.model_fields}
    told["payments"] |= changed
    return ask(catalog_function.handler, "PUT /v1/desk/business", told, role="owner")


def test_without_an_account_the_owner_reads_so_and_cannot_take_cards(scene: Scene) -> None:
    """And how one is entered; a deposit is then due, and paid by hand. With one it is switched on; nothing of the
    account is told."""
    name = f"{os.environ['GATEWAYS']}/lotus"
    kept = aws("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert saves_settings(online=False).status == 200
    aws("ssm").put_parameter(Name=name, Type="SecureString", Value='{"wechat": {}}', Overwrite=True)
    path = "GET /v1/desk/business/payment-account"
    found = ask(catalog_function.handler, path, role="manager")
    assert found.body == {
        "entered": False,
        "parameter": name,
        "webhook": f"{os.environ['PUBLIC_URL']}/v1/inbound/stripe/lotus",
    }
    refused = saves_settings(online=True)
    assert (refused.status, refused.body["field"]) == (422, "payments.online")
    visit = scene.book()
    text = Browser(client_pages.handler).get(f"/a/{token(visit)}").text
    assert "前支付定金¥100" in text
    assert "银行卡支付" not in text
    aws("ssm").put_parameter(Name=name, Type="SecureString", Value=kept, Overwrite=True)
    found = ask(catalog_function.handler, path, role="manager")
    assert found.body["entered"] is True
    assert "sk_" not in str(found.body)
    assert saves_settings(online=True).status == 200
    assert ask(catalog_function.handler, path, role="staff").status == 403


def test_in_a_frame_the_link_leads_to_the_page_to_pay_on(scene: Scene) -> None:
    """Nobody may frame that page, so it takes the one tap."""
    salon = catalogs.load("lotus")
    lotus.store(replace(salon, business=replace(salon.business, embed_origins=("https://salon.example",))))
    catalogs.forget()
    client = Browser(client_pages.handler)
    answer = books_on_the_pages(client, site="https://salon.example")
    assert answer["statusCode"] == 200, answer
    page = Page(200, answer["headers"], answer["body"])
    assert urlsplit(page.link("银行卡支付")).path.startswith("/pay/")
    assert scene.at_stripe() == (0, 0, 0)


def test_before_it_is_moved_they_read_until_when_to_pay_then(scene: Scene) -> None:
    visit = scene.book()
    client = Browser(client_pages.handler, "en")
    path = f"/a/{token(visit)}"
    page = client.get(f"{path}/move?{urlencode({'start': (BEGINS + DAY).isoformat()})}")
    assert "届时请在2026年3月1日星期日 17:00前支付定金¥100" in page.text
    after = client.press(page.form("/move"))
    assert "时间已为您保留，付定金后预约即生效。" in after.text
    assert scene.visit(visit.id).starts == BEGINS + DAY


def take_the_account_away() -> None:
    aws("ssm").put_parameter(Name=f"{os.environ['GATEWAYS']}/lotus", Type="SecureString", Value="{}", Overwrite=True)
    accounts.forget()


def test_a_payment_whose_business_has_no_account_any_more_waits_for_another(scene: Scene) -> None:
    """Nothing is lost: it is looked at again every hour, and goes on as soon as there is an account."""
    visit = scene.book()
    scene.paid(visit)
    name = f"{os.environ['GATEWAYS']}/lotus"
    account = aws("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    take_the_account_away()
    assert scene.work(visit).state is PaymentState.OPEN
    assert scene.due_at(visit) == scene.now + timedelta(hours=1)
    accounts.forget()
    assert payment_worker.handler({"business": "lotus", "payment": ""}, None) == {"state": None}, "the night waits, too"
    aws("ssm").put_parameter(Name=name, Type="SecureString", Value=account, Overwrite=True)
    scene.at(scene.due_at(visit) or scene.now)
    assert scene.work(visit).state is PaymentState.HELD


def test_an_account_that_cannot_be_read_is_not_taken_for_none(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pays is not told that this business takes no cards: the request fails, and is made again."""
    visit = scene.book()
    accounts.forget()

    def refuses(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetParameter")

    monkeypatch.setattr(accounts, "aws", lambda _: SimpleNamespace(get_parameter=refuses))
    with pytest.raises(ClientError):
        scene.begin(visit)


BODIES: dict[str, tuple[str, bool, int]] = {
    "no base64": ("%%%", True, 403),
    "not text": (base64.b64encode(b"\xff\xfe{").decode(), True, 422),
    "nothing": ("", False, 403),
    "larger than a page takes": ("x" * (16 * 1024 + 1), False, 403),
    "as large as one may be": ("x" * (64 * 1024), False, 403),
    "larger than any event": ("x" * (64 * 1024 + 1), False, 413),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_webhook_is_looked_at_up_to_a_decent_length_if_it_is_text(scene: Scene, case: str) -> None:
    """None of these is signed: 403 says that it was looked at."""
    body, is_base64, status = BODIES[case]
    event = an_http_event("POST /v1/inbound/stripe/lotus", "x")
    answer = payments_function.handler(event | {"body": body, "isBase64Encoded": is_base64}, None)
    assert (answer["statusCode"], scene.asked()) == (status, [])


def test_what_cannot_be_looked_at_now_is_told_again(scene: Scene) -> None:
    """A dispute does not say of which payment it is: while the provider does not answer, neither do we say yes."""
    visit = scene.book()
    scene.paid(visit, "4000000000000259")
    scene.back(visit)
    scene.at(BEGINS - timedelta(hours=3))
    scene.cancel(visit)
    scene.work(visit)
    disputes = [post for post in scene.wire.posts() if post.kind == "charge.dispute.created"]
    scene.wire.down = True
    assert [(it.status, it.code) for it in map(scene.tell, disputes)] == [(409, "not_paid_online")]
    assert scene.asked() == []
    scene.wire.down = False
    assert [it.status for it in map(scene.tell, disputes)] == [200]
    assert len(scene.asked()) == 1


def test_pressed_while_the_provider_is_down_it_is_said_and_the_page_comes_later(scene: Scene) -> None:
    visit = scene.book()
    scene.wire.down = True
    assert scene.begin(visit)[0] == 409
    scene.wire.down = False
    assert scene.begin(visit)[0] == 303


@contextmanager
def meanwhile(of: object, name: str, act: Callable[[], object], *, before: bool = True) -> Iterator[None]:
    """Somebody else acts in the middle of the first call of that name: before it, or after it."""
    real = getattr(of, name)
    acted: list[object] = []

    def call(*arguments: Any, **named: Any) -> Any:
        if before and not acted:
            acted.append(act)
            act()
        answer = real(*arguments, **named)
        if not acted:
            acted.append(act)
            act()
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(of, name, call)
        yield
    assert acted


@pytest.mark.parametrize(
    ("of", "name", "before"),
    [
        pytest.param(payments, "put", True, id="as the payment is written"),
        pytest.param(StripePayments, "open_page", False, id="as the page is opened"),
    ],
)
def test_pressed_twice_at_once_it_is_one_page_as_well(scene: Scene, of: object, name: str, before: bool) -> None:
    """Whoever comes second is led to the page of the first."""
    visit, led = scene.book(), []
    with meanwhile(of, name, lambda: led.append(scene.begin(visit)), before=before):
        led.append(scene.begin(visit))
    assert led[0] == led[1]
    assert led[0][0] == 303
    assert len(list(scene.wire.stripe.books.all("checkout.session"))) == 1


def test_asked_for_again_after_the_answer_was_lost_the_slot_is_kept_no_longer(scene: Scene) -> None:
    """It is the same payment, and its slot was kept for that."""
    visit = scene.book()
    assert visit.held_until
    scene.at(visit.held_until - SECOND)
    until = scene.now + 15 * MINUTE
    scene.wire.lost = 1
    assert scene.begin(visit)[0] == 409
    scene.wait(MINUTE)
    revision = scene.visit(visit.id).revision
    scene.page(visit)
    assert (scene.visit(visit.id).held_until, scene.visit(visit.id).revision) == (until, revision)


def test_nobody_is_led_to_pay_for_what_was_given_up_in_that_moment(scene: Scene) -> None:
    """Its slot cannot be kept, so no page is opened."""
    visit = scene.book()
    assert visit.held_until
    scene.at(visit.held_until - SECOND)
    with meanwhile(payments, "put", lambda: scene.cancel(visit), before=False):
        assert scene.begin(visit)[0] == 409
    assert list(scene.wire.stripe.books.all("checkout.session")) == []


def test_whoever_looks_second_finds_it_done(scene: Scene) -> None:
    """The webhook and the client's way back at once: one of them books it."""
    visit = scene.book()
    scene.paid(visit)
    payment = scene.payment(visit).id
    with meanwhile(StripePayments, "look", lambda: scene.work_on(payment), before=False):
        assert scene.back(visit) == "paid"
    assert scene.visit(visit.id).status is Status.BOOKED
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


def test_what_does_not_come_about_is_tried_again_later_and_not_for_ever(scene: Scene) -> None:
    """The provider says yes to letting it go and holds it all the same."""
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.cancel(visit)
    asked: list[object] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StripePayments, "free", lambda _, payment: asked.append(payment))
        assert scene.work(visit).state is PaymentState.HELD
    assert 0 < len(asked) < 10
    assert scene.due_at(visit) == scene.now + 5 * MINUTE
    assert scene.work(visit).state is PaymentState.FREED


def test_money_of_which_the_provider_knows_nothing_any_more_is_a_person_s(scene: Scene) -> None:
    """It refuses to be asked about it; what was never paid, or is over, is not compared."""
    left, visit = scene.book(BEGINS + DAY), scene.book()
    scene.page(left)
    scene.paid(visit)
    scene.back(visit)
    scene.wait(DAY)

    def refuse(*_: object) -> None:
        raise PaymentRefused("resource_missing")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StripePayments, "look", refuse)
        assert scene.night() == 1
    assert [it.about for it in scene.asked()] == [visit.id]


said: Any = stripe
ANSWERS: dict[str, tuple[Any, type[Exception], str]] = {
    "a card": (said.CardError("no", "", "insufficient_funds", http_status=402), CardDeclined, "insufficient_funds"),
    "no line": (said.APIConnectionError("no"), PaymentsUnavailable, "APIConnectionError"),
    "too many": (stripe.RateLimitError("no", http_status=429), PaymentsUnavailable, "RateLimitError"),
    "its fault": (stripe.APIError("no", http_status=500), PaymentsUnavailable, "APIError"),
    "its gateway's": (stripe.APIError("no", http_status=503), PaymentsUnavailable, "APIError"),
    "nothing that can be read": (stripe.APIError("no"), PaymentsUnavailable, "APIError"),
    "the same key is at work": (
        stripe.IdempotencyError("no", http_status=409),
        PaymentsUnavailable,
        "IdempotencyError",
    ),
    "not to be done": (
        said.InvalidRequestError("no", "", "charge_already_refunded", http_status=400),
        PaymentRefused,
        "charge_already_refunded",
    ),
    "our key": (stripe.AuthenticationError("no", http_status=401), PaymentRefused, "AuthenticationError"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_may_come_to_pass_later_is_asked_for_again_and_what_was_refused_is_not(case: str) -> None:
    """By the provider's own code; its sentences are for developers."""
    error, expected, says = ANSWERS[case]

    def call() -> None:
        raise error

    with pytest.raises(expected) as refused:
        stripe_provider._asked(call)
    assert (type(refused.value), str(refused.value)) == (expected, says)


def test_what_was_taken_after_the_slot_went_is_given_back_whole(scene: Scene) -> None:
    """By means that cannot hold; the ledger never had it."""
    visit = paid_too_late(scene, CANNOT_HOLD)
    assert scene.at_stripe() == (0, HUNDRED, HUNDRED)
    assert scene.money(visit)[:2] == (0, 0)


def cut_short(act: Callable[[], object]) -> None:
    """What was looked at is in the ledger, and not yet with the payment."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(payments, "put", die)
        with pytest.raises(Killed):
            act()


def with_a_declined_card(scene: Scene, visit: Appointment) -> None:
    scene.wire.fates["4242"] = "insufficient_funds"
    cut_short(lambda: scene.work(visit))
    scene.work(visit)
    scene.wire.fates.clear()


def test_a_decline_that_was_written_down_by_half_asks_once(scene: Scene) -> None:
    """And so does the card that is given in its place: it pays once."""
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - 3 * DAY)
    with_a_declined_card(scene, visit)
    assert scene.money(visit) == (0, 0, HUNDRED)
    assert len(scene.asked()) == 1
    scene.paid(visit, "5555555555554444")
    cut_short(lambda: scene.back(visit))
    assert scene.back(visit) == "paid"
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)


@pytest.mark.parametrize("case", UNCOLLECTED)
def test_a_fee_for_a_lost_deposit_that_was_written_down_by_half_is_owed_once(scene: Scene, case: str) -> None:
    lose, when, owes = UNCOLLECTED[case]
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts + when)
    lose(scene, visit)
    with_a_declined_card(scene, visit)
    assert (scene.money(visit), scene.owed(visit)) == ((0, 0, 0), owes)
    assert [str(it.history[0].why) for it in scene.asked()] == [str(LOST)]


def test_another_card_for_a_visit_that_was_given_up_meanwhile_is_let_go(scene: Scene) -> None:
    visit = scene.book(BEGINS + 14 * DAY)
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - 3 * DAY)
    scene.wire.fates["4242"] = "insufficient_funds"
    scene.work(visit)
    scene.wire.fates.clear()
    page = scene.page(visit)
    assert scene.wire.pay(page, "5555555555554444") == ""
    scene.cancel(visit)
    scene.back(visit)
    assert scene.at_stripe() == (0, 0, 0)
    assert scene.money(visit) == (0, 0, 0)


def as_it_was(scene: Scene, visit: Appointment) -> AggregateChange:
    after = scene.visit(visit.id)
    return AggregateChange("lotus", Kind.APPOINTMENT, visit.id, visit, after, scene.now, "1")


def a_line(scene: Scene, visit: Appointment) -> AggregateChange:
    after = next(it for it in ledger.of_visit("lotus", visit.client, visit.id, "CNY") if it.of(LedgerAccount.DEPOSITS))
    return AggregateChange("lotus", Kind.LEDGER, after.id, None, after, scene.now, "1")


WAKES: dict[str, tuple[Callable[[Scene, Appointment], object], Callable[[Scene, Appointment], Any], bool]] = {
    "given up while it waits": (lambda scene, visit: scene.cancel(visit), as_it_was, True),
    "moved": (lambda scene, visit: scene.move(visit, BEGINS + 2 * DAY), as_it_was, True),
    "paid, as the visit tells": (lambda scene, visit: (scene.paid(visit), scene.back(visit)), as_it_was, False),
    "paid, as the ledger tells": (lambda scene, visit: (scene.paid(visit), scene.back(visit)), a_line, True),
    "only looked at": (lambda _scene, _visit: None, as_it_was, False),
}


@pytest.mark.parametrize("case", WAKES)
def test_a_payment_is_looked_at_as_soon_as_its_visit_or_its_deposit_is_another(scene: Scene, case: str) -> None:
    """And not for anything else; never later than it was to be."""
    act, told_of, wakes = WAKES[case]
    visit = scene.book()
    scene.page(visit)
    act(scene, visit)
    due = scene.due_at(visit)
    assert due
    assert due > scene.now
    waking.wake(told_of(scene, visit))
    assert scene.due_at(visit) == (scene.now if wakes else due)
    scene.wait(MINUTE)
    waking.wake(told_of(scene, visit))
    assert scene.due_at(visit) == (scene.now - MINUTE if wakes else due)
