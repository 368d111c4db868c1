"""A deposit paid online: by the client's own clicks, the provider's webhooks and the worker, in whatever order, however
often, with the provider slow, silent and down; money moves once."""

import base64
import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from stripe import WebhookSignature

import client_pages
import due_worker
import payment_worker
import payments as payments_function
from kept.booking.states import Status
from kept.business.payment_rules import PaymentPlan
from kept.payments.payment import PaymentState, SecuredBy
from kept.runtime import aws
from kept.use_cases.outside import accounts, asking
from tests.asking import an_http_event
from tests.functions.paying import BANK, BEGINS, CANNOT_HOLD, DECLINED, FINE, HUNDRED, Scene, a_scene, token, told
from tests.functions.plain_browser import Browser

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


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


def test_who_paid_after_the_slot_went_gets_it_back_and_is_told(scene: Scene) -> None:
    visit = scene.book()
    page = scene.page(visit)
    scene.wire.pay(page, FINE)
    held = scene.visit(visit.id).held_until
    assert held
    scene.at(held)
    assert scene.back(visit) == "paid_too_late"
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


def test_a_business_without_an_account_is_told_so_plainly(scene: Scene) -> None:
    visit = scene.book()
    aws("ssm").put_parameter(Name=f"{os.environ['GATEWAYS']}/lotus", Type="SecureString", Value="{}", Overwrite=True)
    accounts.forget()
    assert scene.begin(visit)[0] == 409


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
