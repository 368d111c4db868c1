"""The demo's two businesses: planted whenever it is, whole, and only once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

import calendar_reader
from infra.local import own_calendar, playing, seed
from infra.local.planting import Demo, plant
from kept.booking.appointment import Appointment
from kept.booking.day_page import is_block
from kept.booking.history import BOOKED
from kept.booking.states import Status
from kept.business.catalog import Service
from kept.channels import Channel, Purpose
from kept.clients.client import Tier
from kept.clients.subscriptions import TapKind
from kept.ledger.accounts import MONEY
from kept.messaging.to_tell import TOLD_BY
from kept.storage import (
    appointments,
    catalogs,
    clients,
    day_pages,
    follow_ups,
    ledger,
    messages,
    saved_replies,
    waitlist,
)
from kept.use_cases.booking.day import on_day, pages_around, whole_day
from kept.use_cases.booking.open_times import busy_of
from kept.use_cases.messaging.inbox import inbox
from kept.use_cases.outside import https_call
from kept.use_cases.outside.https_call import Said
from kept.use_cases.waiting.line import line
from tests import lotus

SATURDAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def planted(at: datetime = SATURDAY) -> None:
    with time_machine.travel(at, tick=False):
        plant(seed.TOLD)


def bookings(business: str, at: datetime = SATURDAY) -> list[Appointment]:
    """Without what is played of today."""
    catalog = catalogs.load(business)
    days = (at.astimezone(catalog.business.zone).date() + timedelta(days=n) for n in range(15))
    played = {one.id for one in played_of(business)}
    return [visit for day in days for visit in on_day(catalog, day) if visit.id not in played]


def played_of(business: str) -> list[Appointment]:
    """In the order in which the demo tells them."""
    catalog, told = catalogs.load(business), seed.TOLD[business]["today"]["visits"]
    found = (appointments.find(business, playing.id_of(catalog, n)) for n in range(len(told)))
    return [visit for visit in found if visit]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(SATURDAY, id="Saturday morning in Shanghai"),
        pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), id="Sunday before midnight in Shanghai"),
        pytest.param(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), id="Thanksgiving"),
        pytest.param(datetime(2026, 3, 8, 6, 59, tzinfo=UTC), id="the minute before the clock changes in New York"),
        pytest.param(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), id="New Year's Eve"),
    ],
)
def test_every_booking_finds_a_place(at: datetime) -> None:
    planted(at)
    for id, told in seed.TOLD.items():
        made = bookings(id, at)
        assert len(made) == len(told["bookings"])
        confirmed = [booking for booking in told["bookings"] if booking.get("confirmed")]
        assert sum(appointment.status is Status.CONFIRMED for appointment in made) == len(confirmed)
        assert all(appointment.starts > at for appointment in made)


def test_planted_again_a_week_later_nothing_is_changed() -> None:
    planted()
    before = lotus.everything()
    planted(SATURDAY + timedelta(days=7))
    assert lotus.everything() == before


@pytest.mark.parametrize("at", [SATURDAY, datetime(2026, 11, 26, 19, 0, tzinfo=UTC)])
def test_some_wait_in_an_order_and_one_has_a_time_on_offer(at: datetime) -> None:
    planted(at)
    for id in seed.TOLD:
        entries = waitlist.waiting(id)
        assert len(entries) == len(seed.TOLD[id]["waiting"])
        (offered,) = [it for it in entries if it.offer]
        assert offered.offer
        assert offered.offer.is_open(now=at)
        assert offered.offer.is_open(now=at + timedelta(hours=5))
        rules = catalogs.load(id).business.waitlist
        assert offered.offer.until == at.replace(microsecond=0) + rules.lasts


def test_half_a_planting_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local import planting

    monkeypatch.setattr(planting, "_book", lambda *_: None)
    planted()
    monkeypatch.undo()
    planted()
    assert [len(bookings(id)) for id in seed.TOLD] == [len(told["bookings"]) for told in seed.TOLD.values()]


def test_what_the_owner_changed_stays() -> None:
    planted()
    catalogs.put("lanting", [Service("cut", "剪发", 30, ("lin-yue",))])
    planted()
    assert catalogs.load("lanting").services["cut"].duration == 30


@pytest.mark.parametrize("business", seed.TOLD)
def test_each_booking_has_its_confirmation_and_each_business_a_call_to_return(
    business: str, queued: Callable[[str], list[dict[str, Any]]]
) -> None:
    planted()
    for appointment in bookings(business):
        stage = TOLD_BY[appointment.history[0].what if appointment.is_tentative else BOOKED]
        assert stage in [message.stage for message in messages.about(business, appointment.id)]
    with time_machine.travel(SATURDAY, tick=False):  # later than its retention a queue would have forgotten them
        assert queued("MESSAGES_QUEUE")
    by_hand = [one for one in follow_ups.board(business).follow_ups if one.history[0].by.startswith("staff")]
    (opened,) = [one for one in by_hand if one.cause == seed.TOLD[business]["follow_ups"][0]["cause"]]
    assert opened.assignee in catalogs.load(business).staff
    assert opened.history[0].why


@pytest.mark.parametrize("business", seed.TOLD)
def test_three_clients_wrote_and_one_was_answered_and_there_are_replies_to_answer_with(business: str) -> None:
    planted()
    lines = inbox(business, None, now=SATURDAY).lines
    assert [line.received.text for line in lines] == [one["text"] for one in reversed(seed.TOLD[business]["wrote"])]
    assert all(line.is_unanswered for line in lines), "the answer is typed, and stops no clock before it is sent"
    (answered,) = [one for one in messages.about(business, lines[-1].client.id) if one.stage == "staff_answer"]
    assert (answered.channel, answered.by in catalogs.load(business).staff) == (Channel.EMAIL, True)
    assert [set(reply.texts) for reply in saved_replies.load(business)] == [{"en", "zh-Hans"}] * 3


@pytest.mark.parametrize("business", seed.TOLD)
def test_there_are_clients_of_every_tier_who_agreed_to_be_told(business: str) -> None:
    planted()
    demo = Demo.model_validate(seed.TOLD[business])
    people = [clients.load(business, appointment.client) for appointment in bookings(business)]
    assert {client.tier for client in demo.clients.values()} == set(Tier)
    offered = catalogs.load(business).business.channels
    assert all(person.channels(Purpose.TRANSACTIONAL, offered) for person in people)


def test_somebody_of_every_rank_can_sign_in_at_each_business() -> None:
    for business in seed.TOLD:
        assert {person.group for person in seed.STAFF if person.business == business} == {"staff", "manager", "owner"}


def test_the_salon_in_shanghai_reaches_her_on_wechat_first_and_has_two_taps_of_hers() -> None:
    planted()
    (zheng,) = clients.of_contact("lanting", "oLanting_zhengkexin_0001")
    assert [tap.kind for tap in zheng.subscriptions] == list(TapKind)
    (visit,) = [one for one in bookings("lanting") if one.client == zheng.id]
    assert visit.booked_as
    assert visit.booked_as.wechat == zheng.wechat
    (told,) = messages.about("lanting", visit.id)
    assert (told.stage, told.channel) == ("confirmation", Channel.WECHAT)
    assert catalogs.load("lanting").business.channels[0] is Channel.WECHAT
    assert catalogs.load("hudson-garage").business.channels[0] is Channel.EMAIL


AFTERNOON = datetime(2026, 11, 21, 7, 2, tzinfo=UTC)
"""A Saturday: 15:02 in Shanghai."""
MORNING_THERE = datetime(2026, 11, 20, 17, 31, tzinfo=UTC)
"""A Friday: 12:31 in Hudson."""


def test_today_shows_every_state_of_a_day() -> None:
    """As the acts of the product left each: come and gone, missed, cancelled, here, late, and without a booking."""
    planted(AFTERNOON)
    visits = played_of("lanting")
    assert [visit.status for visit in visits] == [
        Status.COMPLETED, Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED, Status.IN_SERVICE, Status.ARRIVED,
        Status.BOOKED, Status.ARRIVED,
    ]  # fmt: skip
    missed, late, walk_in = visits[2], visits[6], visits[7]
    assert missed.evidence
    assert late.starts < AFTERNOON < late.starts + timedelta(minutes=15)
    assert late.waits_until
    assert late.waits_until > AFTERNOON
    assert clients.load("lanting", walk_in.client).phone is None
    zone = catalogs.load("lanting").business.zone
    assert {visit.starts.astimezone(zone).date() for visit in visits} == {date(2026, 11, 21)}


def test_today_has_a_queue_of_arrivals_and_walk_ins() -> None:
    """One in the chair at the second stage of the service's own, and three who wait; planted again it is the same."""
    planted(AFTERNOON)
    for at in (AFTERNOON, AFTERNOON + timedelta(minutes=5)):
        planted(at)
        with time_machine.travel(at, tick=False):
            found = line(catalogs.load("lanting"), now=at).places
        assert sorted(it.ticket.number for it in found) == [1, 2, 3, 4]
        assert [(it.ticket.is_booked, it.at_stage(3)) for it in found if not it.is_waiting] == [(True, 1)]
        assert all(it.told for it in found if it.is_waiting)


def test_the_garage_checks_nobody_in_and_has_a_day_all_the_same() -> None:
    planted(MORNING_THERE)
    assert [visit.status for visit in played_of("hudson-garage")] == [
        Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED, Status.BOOKED, Status.ARRIVED,
    ]  # fmt: skip


@pytest.mark.parametrize("business", seed.TOLD)
def test_what_is_played_clashes_with_nothing_and_there_is_a_block_and_a_duplicate_and_a_call(business: str) -> None:
    planted(AFTERNOON if business == "lanting" else MORNING_THERE)
    catalog = catalogs.load(business)
    day = played_of(business)[0].starts.astimezone(catalog.business.zone).date()
    stands = [visit for visit in whole_day(catalog, day) if visit.status not in (Status.CANCELLED,)]
    for one in stands:
        others = (it for it in stands if it.id != one.id and it.slot.staff == one.slot.staff)
        assert not [it for it in others if it.starts < one.ends and one.starts < it.ends]
    names = [told["name"] for told in seed.TOLD[business]["clients"].values()]
    assert len(names) == len(set(names)) + 1
    pages = [page for some in pages_around(catalog, day).values() for page in some]
    assert any(is_block(entry.ref) for page in pages for entry in page.entries)


@pytest.mark.parametrize("hour", [0, 5, 23])
def test_a_day_is_played_at_any_hour_and_only_on_that_day(hour: int) -> None:
    """What would fall on yesterday or tomorrow is left out; played again, nothing is changed."""
    at = datetime(2026, 11, 20, 16, 7, tzinfo=UTC) + timedelta(hours=hour)
    planted(at)
    zone = catalogs.load("lanting").business.zone
    played = played_of("lanting")
    assert played
    assert {visit.starts.astimezone(zone).date() for visit in played} == {at.astimezone(zone).date()}
    before = lotus.everything()
    planted(at + timedelta(minutes=40))
    assert lotus.everything() == before


def test_one_of_the_staff_is_busy_by_a_calendar_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """At lunch each day: what the console gives is read as any calendar, once it is due."""
    monkeypatch.setattr(https_call, "call", lambda *_: Said(200, own_calendar.CONTENT.encode(), {}))
    planted()
    with time_machine.travel(SATURDAY + timedelta(minutes=1), tick=False):
        for business, staff in (("lanting", "lin-yue"), ("hudson-garage", "ruth")):
            catalog = catalogs.load(business)
            calendar_reader.handler({"business": business, "staff": staff}, None)
            pages = day_pages.between(business, f"staff:{staff}", SATURDAY.date(), SATURDAY.date() + timedelta(days=9))
            starts = [datetime.fromtimestamp(start * 60, catalog.business.zone) for start, _ in busy_of(pages)]
            assert {f"{at:%H:%M}" for at in starts} == {"12:30", "16:30"}
            assert [at.weekday() for at in starts if at.hour == 16] == [2]


@pytest.mark.parametrize(
    ("business", "at", "first", "left"),
    [
        pytest.param("lanting", AFTERNOON, 2, [(6_400, 0, 0), (0, 0, 6_400)], id="one owed, one paid"),
        pytest.param("hudson-garage", MORNING_THERE, 1, [(0, 1_050, 0), (1_000, 0, 500)], id="one let off, one begun"),
    ],
)
def test_somebody_owes_somebody_paid_and_somebody_was_let_off(
    business: str, at: datetime, first: int, left: list[tuple[int, int, int]]
) -> None:
    """Whoever missed their visit, and then whoever cancelled it."""
    planted(at)
    currency = catalogs.load(business).business.currency
    visits = played_of(business)[first : first + 2]
    found = [ledger.balance(business, visit.client, currency) for visit in visits]
    assert [(it.owed, it.waived, sum(it.of(account) for account in MONEY)) for it in found] == left
