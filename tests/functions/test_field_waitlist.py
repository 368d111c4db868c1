"""Freed time and who waits for it, as the tables have it: whom it is offered to and until when, what each answer does,
and that neither races nor crashes give one slot to two."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from pynamodb.connection import Connection

import due_worker
import event_stream
import front_desk
import message_sender
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.day_page import is_offered
from kept.booking.refusals import SlotTaken
from kept.booking.states import Status
from kept.business.setting_change import SettingChange
from kept.business.waitlist_rules import MOST_AT_ONCE, OfferMode, WaitlistRules
from kept.clients.client import Tier
from kept.due_work.sweeping import due
from kept.errors import Refusal
from kept.events.change import AggregateChange, Kind
from kept.lanes import Lane
from kept.messaging.message import MessageStatus
from kept.runtime import aws
from kept.storage import appointments, catalogs, clients, day_pages, messages, waitlist
from kept.storage.codec import whole_json
from kept.storage.transaction import together
from kept.storage.waitlist import WAITLIST
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.messaging import client_message
from kept.use_cases.waitlist import freed, joining, offering, waiting
from kept.use_cases.waitlist.answering import accept, decline
from kept.waitlist.entry import EntryState, OfferAnswer
from kept.waitlist.opening import FreedBy
from kept.waitlist.refusals import OfferOver
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.functions.waitlisting import (
    ANY,
    NOON,
    STAFF,
    called_off,
    offer_of,
    opened,
    pass_until,
    said,
    streamed,
    told,
    waits,
)
from tests.stopping import Killed, die, meddle, records
from tests.streamed import a_record, item

MINUTE = timedelta(minutes=1)
WRITES = 8
"""Items of one step: entry and passed entry with when each ends, page, message, freed time with when it is due."""
QUARTER = 15 * MINUTE


def entries_of_the_day() -> list[tuple[str, bool]]:
    (page,) = day_pages.load("lotus", "staff:mei", [date(2026, 3, 2)])
    return [(entry.ref, is_offered(entry.ref)) for entry in page.entries]


def test_a_cancelled_visit_is_offered_to_the_first_and_held_for_them() -> None:
    """One after the other, more than two days ahead: the first by the order, for fifteen minutes, on the day page."""
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    offer = offer_of(first)
    assert offer is not None
    assert (offer.starts, offer.until, offer.staff, offer.shared) == (STARTS, NOON + QUARTER, "mei", False)
    assert offer_of(second) is None
    assert entries_of_the_day() == [(offer.hold, True)]
    assert (told("c-2"), told("c-3")) == (["time_offered", "waitlist_joined"], ["waitlist_joined"])
    assert next(it for it in said("c-2") if it.stage == "time_offered").useful_until == NOON + QUARTER


def test_nothing_is_freed_where_nobody_waits() -> None:
    opened()
    called_off()
    assert waitlist.openings("lotus") == []


def test_the_same_change_told_twice_frees_the_time_once() -> None:
    opened()
    entry = waits("c-2")
    before, after = appointments.load("lotus", "a-1"), called_off()
    pass_until(NOON)
    streamed(before, after, NOON)
    pass_until(NOON)
    assert len(waitlist.openings("lotus")) == 1
    assert len(waitlist.load("lotus", entry.id).offers) == 1


def test_an_offer_that_nobody_answers_goes_to_the_next_at_its_deadline() -> None:
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON + QUARTER - timedelta(seconds=1))
    assert offer_of(second) is None
    pass_until(NOON + QUARTER)
    entry = waitlist.load("lotus", first.id)
    assert (entry.state, entry.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.EXPIRED)
    assert offer_of(second) is not None
    pass_until(NOON + 2 * QUARTER)
    (opening,) = waitlist.openings("lotus")
    assert (opening.is_open, entries_of_the_day()) == (False, [])


def test_an_accepted_offer_is_a_booking_and_the_wait_is_over() -> None:
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    offer = offer_of(first)
    assert offer
    visit = accept(catalogs.load("lotus"), first.id, offer.id, Change(CLIENT, NOON + MINUTE))
    assert (visit.client, visit.starts, visit.slot.staff, visit.status) == ("c-2", STARTS, "mei", Status.BOOKED)
    assert entries_of_the_day() == [(visit.id, False)]
    entry = waitlist.load("lotus", first.id)
    assert (entry.state, entry.booked, entry.offers[-1].answer) == (EntryState.BOOKED, visit.id, OfferAnswer.ACCEPTED)
    pass_until(NOON + MINUTE)
    assert offer_of(second) is None
    again = accept(catalogs.load("lotus"), first.id, offer.id, Change(CLIENT, NOON + 2 * MINUTE))
    assert again.id == visit.id


def test_a_declined_offer_goes_on_at_once_and_its_hold_is_given_up() -> None:
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    offer = offer_of(first)
    assert offer
    for _ in range(2):
        decline(catalogs.load("lotus"), first.id, offer.id, Change(CLIENT, NOON + MINUTE))
    pass_until(NOON + MINUTE)
    theirs = offer_of(second)
    assert theirs
    assert theirs.until == NOON + MINUTE + QUARTER
    assert entries_of_the_day() == [(theirs.hold, True)]
    pass_until(NOON + 2 * QUARTER)
    assert len(waitlist.load("lotus", first.id).offers) == 1


LATE = {"at its deadline": QUARTER, "later": 2 * QUARTER}


@pytest.mark.parametrize("after", LATE.values(), ids=LATE)
@pytest.mark.parametrize("swept", [True, False])
def test_a_late_taker_gets_nothing(after: timedelta, *, swept: bool) -> None:
    """Whether its end was noted by then or not; at the very instant of the deadline it is over."""
    opened()
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    if swept:
        pass_until(NOON + after)
    with pytest.raises(OfferOver):
        accept(catalogs.load("lotus"), entry.id, offer.id, Change(CLIENT, NOON + after))
    assert appointments.find("lotus", waitlist.load("lotus", entry.id).booked or "-") is None


def test_staff_fill_what_is_held_and_it_is_withdrawn_kindly() -> None:
    opened()
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    catalog, client = catalogs.load("lotus"), clients.load("lotus", "c-1")
    request = BookingRequest("cut", STARTS, client, client.zone, "mei", known=True, by_hand=True)
    visit = book(catalog, request, Change(STAFF, NOON + MINUTE))
    assert entries_of_the_day() == [(visit.id, False)]
    with pytest.raises(OfferOver):
        accept(catalog, entry.id, offer.id, Change(CLIENT, NOON + MINUTE))
    streamed(None, visit, NOON + MINUTE)
    pass_until(NOON + MINUTE)
    after = waitlist.load("lotus", entry.id)
    assert (after.state, after.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.WITHDRAWN)
    assert told("c-2") == ["time_gone", "time_offered", "waitlist_joined"]


def test_whoever_books_what_they_waited_for_by_themselves_waits_no_more() -> None:
    """And what was on offer to them goes to the next."""
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    client = clients.load("lotus", "c-2")
    request = BookingRequest("cut", STARTS + timedelta(days=1), client, client.zone, "jun", known=True)
    visit = book(catalogs.load("lotus"), request, Change(CLIENT, NOON + MINUTE))
    streamed(None, visit, NOON + MINUTE)
    pass_until(NOON + MINUTE)
    entry = waitlist.load("lotus", first.id)
    assert (entry.state, entry.booked) == (EntryState.BOOKED, visit.id)
    assert offer_of(second) is not None


def test_what_they_asked_to_have_booked_is_booked_without_asking() -> None:
    opened()
    entry = waits("c-2", book_for_me=True)
    called_off()
    pass_until(NOON)
    after = waitlist.load("lotus", entry.id)
    assert after.state is EntryState.BOOKED
    assert appointments.load("lotus", after.booked).starts == STARTS
    assert told("c-2") == ["waitlist_joined"]
    assert "confirmation" in [it.stage for it in messages.about("lotus", after.booked)]


def test_an_earlier_time_moves_the_visit_and_frees_the_old_one() -> None:
    """In one write, at no cost, beside the limit of moves; and the old time is freed by the same step."""
    opened()
    later = lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2"))
    entry = waits("c-2", wish=replace(ANY, sooner_than="a-2"))
    assert entry.wish.before == later.starts
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    moved = accept(catalogs.load("lotus"), entry.id, offer.id, Change(CLIENT, NOON + MINUTE))
    assert (moved.id, moved.starts, moved.version, moved.reschedules) == ("a-2", STARTS, 2, 0)
    assert entries_of_the_day() == [("a-2", False)]
    (page,) = day_pages.load("lotus", "staff:mei", [date(2026, 3, 4)])
    assert page.entries == ()
    streamed(later, moved, NOON + MINUTE)
    assert waitlist.load("lotus", entry.id).state is EntryState.BOOKED


def test_nobody_has_two_offers_of_about_the_same_time() -> None:
    """Two freed times and one who waits twice."""
    opened()
    lotus.put(replace(an_appointment("a-2"), client="c-1", slot=replace(an_appointment().slot, staff="jun")))
    one = waits("c-2")
    catalog = catalogs.load("lotus")
    two = joining.join(catalog, clients.load("lotus", "c-2"), ANY, Change(CLIENT, NOON - MINUTE))
    called_off()
    called_off(id="a-2")
    pass_until(NOON)
    offers = [offer for it in (one, two) if (offer := offer_of(it))]
    assert len(offers) == 1
    decline(catalog, one.id, offers[0].id, Change(CLIENT, NOON + MINUTE))
    pass_until(NOON + QUARTER)
    assert offer_of(two) is not None


NIGHT = datetime.fromisoformat("2026-02-28T23:00+08:00")


def test_an_offer_waits_for_the_morning_unless_its_client_allows_the_night() -> None:
    opened()
    asleep, awake = waits("c-2"), waits("c-3", since=NOON - MINUTE, quiet_allowed=True)
    called_off(NIGHT)
    pass_until(NIGHT)
    assert (offer_of(asleep), offer_of(awake) is None) == (None, False)
    pass_until(NIGHT + QUARTER)
    assert offer_of(asleep) is None
    pass_until(datetime.fromisoformat("2026-03-01T07:59+08:00"))
    assert offer_of(asleep) is None
    pass_until(datetime.fromisoformat("2026-03-01T08:00+08:00"))
    assert offer_of(asleep) is not None


def test_near_its_start_all_it_fits_are_asked_and_the_first_has_it() -> None:
    opened()
    near = STARTS - timedelta(hours=3)
    them = [waits(f"c-{n}", since=NOON - n * MINUTE) for n in range(2, 6)]
    called_off(near)
    pass_until(near)
    offers = [offer_of(it) for it in them]
    assert {(it.starts, it.until, it.shared) for it in offers if it} == {(STARTS, near + 10 * MINUTE, True)}
    assert len({it.hold for it in offers if it}) == 1
    catalog = catalogs.load("lotus")
    won, lost = 0, 0
    for entry, offer in zip(them, offers, strict=True):
        assert offer
        try:
            accept(catalog, entry.id, offer.id, Change(CLIENT, near + MINUTE))
            won += 1
        except OfferOver:
            lost += 1
    assert (won, lost) == (1, 3)
    pass_until(near + MINUTE)
    assert [waitlist.load("lotus", it.id).offers[-1].answer for it in them][1:] == [OfferAnswer.WITHDRAWN] * 3
    assert all("time_gone" in told(it.client) for it in them[1:])
    assert len(entries_of_the_day()) == 1


def test_a_batch_has_different_times_on_offer() -> None:
    """Three hours that were freed at once, a day before: three people, three times."""
    opened()
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(hours=1)), client="c-1"))
    them = [waits(f"c-{n}", since=NOON - n * MINUTE) for n in range(2, 6)]
    day_before = STARTS - timedelta(hours=24)
    called_off(day_before)
    called_off(day_before, id="a-2")
    pass_until(day_before)
    starts = sorted(it.starts for it in (offer_of(e) for e in them) if it)
    assert starts == [STARTS, STARTS + timedelta(hours=1)]
    assert len(entries_of_the_day()) == 2


def test_whoever_is_out_of_reach_is_not_asked() -> None:
    """No time is held for somebody who would never hear of it."""
    opened()
    entry, other = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    client = clients.load("lotus", "c-2")
    with together() as transaction:
        clients.put_changed(client, replace(client, consents=()), transaction, now=NOON)
    called_off()
    pass_until(NOON)
    assert (offer_of(entry), offer_of(other) is None) == (None, False)


def test_where_staff_choose_nobody_is_asked_by_itself() -> None:
    opened(WaitlistRules(OfferMode.STAFF))
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    assert offer_of(entry) is None
    assert [it.is_open for it in waitlist.openings("lotus")] == [True]
    pass_until(STARTS + timedelta(hours=1))
    assert [it.is_open for it in waitlist.openings("lotus")] == [False]


def test_whoever_is_passed_over_is_not_asked_and_the_reason_is_kept() -> None:
    opened(WaitlistRules(OfferMode.STAFF))
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    (opening,) = waitlist.openings("lotus")
    catalog = catalogs.load("lotus")
    with pytest.raises(Refusal):
        joining.pass_over(catalog, first.id, opening.id, Change(STAFF, NOON))
    joining.pass_over(catalog, first.id, opening.id, Change(STAFF, NOON, why="is abroad"))
    lotus.store(replace(catalog, business=replace(catalog.business, waitlist=WaitlistRules())))
    pass_until(NOON)
    assert (offer_of(first), offer_of(second) is None) == (None, False)
    assert waitlist.load("lotus", first.id).lines[-1].why == "is abroad"


def test_whoever_waits_longest_is_passed_by_a_better_tier_three_times_at_most() -> None:
    opened()
    old = waits("c-2")
    vip = waits("c-3", since=NOON - MINUTE, tier=Tier.VIP)
    called_off()
    pass_until(NOON)
    assert (offer_of(old), offer_of(vip) is None) == (None, False)
    assert waitlist.load("lotus", old.id).passed_by == 1


def test_a_wait_ends_with_its_last_day() -> None:
    opened()
    entry = waits("c-2")
    end = datetime.fromisoformat("2026-03-09T00:00+08:00")
    pass_until(end - timedelta(seconds=1))
    assert waitlist.load("lotus", entry.id).is_live
    pass_until(end)
    assert waitlist.load("lotus", entry.id).state is EntryState.ENDED


def test_after_a_sleep_of_six_hours_no_dead_offer_is_made() -> None:
    """Near its start: what is too late by then is offered to nobody, and the rest has a deadline of its own."""
    opened()
    entry = waits("c-2")
    called_off(STARTS - timedelta(hours=4))
    pass_until(STARTS + timedelta(hours=2), asleep=True)
    assert waitlist.load("lotus", entry.id).offers == ()
    assert [it.is_open for it in waitlist.openings("lotus")] == [False]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_at_its_write_loses_nothing(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    opened()
    entry = waits("c-2")
    called_off()
    (opening,) = waitlist.openings("lotus")
    with monkeypatch.context() as patched:
        meddle(patched, **{when: die})
        with pytest.raises(Killed):
            waiting.look("lotus", f"waitlist#free#{opening.id}", now=NOON)
    pass_until(NOON)
    assert offer_of(entry) is not None
    assert len(waitlist.load("lotus", entry.id).offers) == 1
    assert told("c-2") == ["time_offered", "waitlist_joined"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_acceptance_killed_at_its_write_is_whole_or_nothing(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    opened()
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    catalog = catalogs.load("lotus")
    with monkeypatch.context() as patched:
        meddle(patched, **{when: die})
        with pytest.raises(Killed):
            accept(catalog, entry.id, offer.id, Change(CLIENT, NOON + MINUTE))
    visit = accept(catalog, entry.id, offer.id, Change(CLIENT, NOON + 2 * MINUTE))
    assert waitlist.load("lotus", entry.id).booked == visit.id
    assert entries_of_the_day() == [(visit.id, False)]


def test_expiry_and_acceptance_meet_and_one_of_them_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noted as expired between the reading and the writing of the acceptance."""
    opened()
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: pass_until(NOON + QUARTER))
        with pytest.raises(OfferOver):
            accept(catalogs.load("lotus"), entry.id, offer.id, Change(CLIENT, NOON + MINUTE))
    assert waitlist.load("lotus", entry.id).offers[-1].answer is OfferAnswer.EXPIRED
    assert [it for it in entries_of_the_day() if not it[1]] == []


@pytest.mark.parametrize("who", ["staff", "another who was asked"])
def test_an_offer_whose_time_somebody_has_by_then_is_not_sent(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """Also before anybody has noted that it is over: what is said was held on the page when it was said."""
    near = STARTS - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: near)
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    opened()
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off(near)
    pass_until(near)
    catalog, client = catalogs.load("lotus"), clients.load("lotus", "c-1")
    if who == "staff":
        request = BookingRequest("cut", STARTS, client, client.zone, "mei", known=True, by_hand=True)
        book(catalog, request, Change(STAFF, near))
    else:
        offer = offer_of(first)
        assert offer
        accept(catalog, first.id, offer.id, Change(CLIENT, near))
    assert offer_of(second)
    (offered,) = [it for it in said("c-3") if it.stage == "time_offered"]
    message_sender.handler(records((offered.business, offered.id)), None)
    sent = messages.find("lotus", offered.id)
    assert sent
    assert (sent.sent_at, sent.status) == (None, MessageStatus.SKIPPED)


def test_all_are_asked_at_once_however_often_each_of_them_waits() -> None:
    """As many as one write holds: it has to be sure of all else that they wait for as well."""
    opened()
    near, catalog = STARTS - timedelta(hours=3), catalogs.load("lotus")
    them = [waits(f"c-{n}", since=NOON - n * MINUTE) for n in range(2, MOST_AT_ONCE + 4)]
    for n, entry in enumerate(them):
        client = clients.load("lotus", entry.client)
        for another in range(joining.MOST - 1):
            wish = replace(ANY, opens=time(10 + another), closes=time(12 + another))
            joining.join(catalog, client, wish, Change(CLIENT, NOON - n * MINUTE))
    called_off(near)
    pass_until(near)
    assert len([it for it in them if offer_of(it)]) == 12


def test_hours_that_are_opened_are_offered() -> None:
    """Found from the change of the settings: what somebody works now and did not before."""
    catalog = opened()
    entry = waits("c-2", wish=replace(ANY, staff=("jun",), first=date(2026, 3, 2), last=date(2026, 3, 2)))
    jun = catalog.staff["jun"]
    was = replace(jun, hours=replace(jun.hours, weekly={d: w for d, w in jun.hours.weekly.items() if d != 0}))
    change = SettingChange("staff", "jun", "staff:jun", NOON, whole_json(was), whole_json(jun))
    freed.watch(AggregateChange("lotus", Kind.SETTING, "line-1", None, change, NOON, "1"))
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    assert (offer.staff, offer.starts) == ("jun", datetime.fromisoformat("2026-03-02T09:00+08:00"))


@pytest.mark.parametrize("count", [3, 30])
def test_a_freed_slot_costs_the_same_writes_however_many_wait(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The offer, its hold, its message, when it is looked at next, and who was passed by a better tier."""
    opened()
    for n in range(count):
        waits(f"c-{n + 2}", since=NOON - n * MINUTE)
    waits("c-99", since=NOON - MINUTE, tier=Tier.VIP)
    called_off()
    (opening,) = waitlist.openings("lotus")
    written: list[int] = []
    write = Connection.transact_write_items

    def counted(*args: Any, **asked: Any) -> Any:
        written.append(sum(len(list(items)) for name, items in asked.items() if name.endswith("_items")))
        return write(*args, **asked)

    monkeypatch.setattr(Connection, "transact_write_items", counted)
    waiting.look("lotus", f"waitlist#free#{opening.id}", now=NOON)
    assert sum(written) == WRITES


def test_each_step_is_taken_by_the_function_that_is_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream frees the time, the worker books it for who asked for that, and what is offered is sent: each with
    what it may do alone."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    catalog = opened()
    entry = waits("c-2", book_for_me=True)
    at_ten = replace(ANY, opens=time(10), closes=time(11))
    beside = joining.join(catalog, clients.load("lotus", "c-2"), at_ten, Change(CLIENT, NOON - MINUTE))
    visit = appointments.load("lotus", "a-1")
    assert told_by_the_stream(visit, called_off(tell=False), number=1) == []
    work_off()
    booked = waitlist.load("lotus", entry.id)
    assert (booked.state, waitlist.load("lotus", beside.id).state) == (EntryState.BOOKED, EntryState.WAITING)

    third = waits("c-3")
    visit = appointments.load("lotus", booked.booked)
    assert told_by_the_stream(visit, called_off(id=visit.id, tell=False), number=2) == []
    work_off()
    assert offer_of(third) is not None
    (offered,) = [it for it in said("c-3") if it.stage == "time_offered"]
    message_sender.handler(records((offered.business, offered.id)), None)
    sent = messages.find("lotus", offered.id)
    assert sent
    assert sent.sent_at is not None

    client = clients.load("lotus", "c-3")
    request = BookingRequest("cut", STARTS + timedelta(days=1), client, client.zone, "jun", known=True)
    theirs = book(catalogs.load("lotus"), request, Change(CLIENT, NOON))
    assert told_by_the_stream(None, theirs, number=3) == []
    assert waitlist.load("lotus", third.id).state is EntryState.BOOKED


def told_by_the_stream(before: Appointment | None, after: Appointment, *, number: int) -> list[str]:
    """What could not be taken in."""
    record = a_record(item(after), before=item(before) if before else None, number=number, at=NOON)
    answer = event_stream.handler({"Records": [record]}, None)
    return [it["itemIdentifier"] for it in answer["batchItemFailures"]]


def work_off() -> None:
    """Whatever of the waitlist is due."""
    for _ in range(9):
        keys = [(key.business, key.id) for key, _ in due(Lane.EVENT, until=NOON) if key.id.startswith(WAITLIST)]
        if not keys:
            return
        assert due_worker.handler(records(*keys, lane=Lane.EVENT), None) == {"batchItemFailures": []}
    raise AssertionError(keys)


def test_the_day_says_to_whom_a_hold_is_on_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not that somebody fills in a form."""
    opened()
    waits("w-1")
    called_off()
    pass_until(NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    day = ask(front_desk.handler, "GET /v1/desk/day", query={"on": "2026-03-02"}, role="staff").body
    assert [(it["staff"], it["offered_to"]) for it in day["holds"]] == [("mei", ["Client w-1"])]


def at_three() -> Appointment:
    """Mei's next, on the same day."""
    return replace(an_appointment(), slot=Slot(STARTS - 2 * HOUR, STARTS - HOUR, "mei"), version=2)


BOOKED, HOUR = an_appointment(), timedelta(hours=1)
GONE = replace(BOOKED, status=Status.CANCELLED)
SHORTER = replace(BOOKED, slot=replace(BOOKED.slot, ends=STARTS + HOUR / 2))
WITH_JUN = replace(BOOKED, slot=replace(BOOKED.slot, staff="jun"))
MISSED = replace(BOOKED, status=Status.NO_SHOW)
FREED: dict[str, tuple[Appointment | None, Appointment, datetime, tuple[FreedBy, datetime] | None]] = {
    "cancelled": (BOOKED, GONE, NOON, (FreedBy.CANCELLED, STARTS)),
    "cancelled while it runs: the rest": (BOOKED, GONE, STARTS + MINUTE, (FreedBy.CANCELLED, STARTS + 2 * MINUTE)),
    "cancelled when it is over": (BOOKED, GONE, STARTS + HOUR, None),
    "cancelled, of which nobody knows what was before": (None, GONE, NOON, (FreedBy.CANCELLED, STARTS)),
    "cancelled before, and a line more": (GONE, replace(GONE, version=2), NOON, None),
    "asked for, and nobody answered": (
        replace(BOOKED, status=Status.ASKED_FOR),
        GONE,
        NOON,
        (FreedBy.LAPSED, STARTS),
    ),
    "missed, and its rest let go": (
        MISSED,
        replace(MISSED, released=True),
        STARTS + 20 * MINUTE,
        (FreedBy.MISSED, STARTS + 21 * MINUTE),
    ),
    "let go, of which nobody knows what was before": (
        None,
        replace(MISSED, released=True),
        STARTS + 20 * MINUTE,
        (FreedBy.MISSED, STARTS + 21 * MINUTE),
    ),
    "let go before, and a line more": (
        replace(MISSED, released=True),
        replace(MISSED, released=True, version=2),
        STARTS + 20 * MINUTE,
        None,
    ),
    "moved to another time: the old one": (BOOKED, at_three(), NOON, (FreedBy.MOVED, STARTS)),
    "moved to somebody else": (BOOKED, WITH_JUN, NOON, (FreedBy.MOVED, STARTS)),
    "shortened: what it was longer": (BOOKED, SHORTER, NOON, (FreedBy.SHORTENED, STARTS + HOUR / 2)),
    "lengthened": (SHORTER, BOOKED, NOON, None),
    "booked": (None, BOOKED, NOON, None),
    "put back in the book": (GONE, BOOKED, NOON, None),
}


@pytest.mark.parametrize("case", FREED)
def test_a_step_frees_what_it_gives_back_of_the_time_to_come(case: str) -> None:
    """For the one it was with; from the next whole minute on, where it has begun."""
    before, after, at, expected = FREED[case]
    found = list(freed.freed(before, after, at=at))
    assert [(it.freed_by, it.starts) for it in found] == ([expected] if expected else [])
    assert all((it.staff, it.ends) == ("mei", STARTS + HOUR) for it in found)


@pytest.mark.parametrize("act", ["cancelled", "moved nearer", "moved further", "only noted"])
def test_an_earlier_time_is_waited_for_as_long_as_its_visit_stands(act: str) -> None:
    """And earlier than it stands now."""
    opened()
    visit = lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2"))
    entry = waits("c-2", wish=replace(ANY, sooner_than="a-2"))
    by = {"moved nearer": -HOUR, "moved further": HOUR}.get(act, timedelta(0))
    slot = replace(visit.slot, starts=visit.starts + by, ends=visit.ends + by)
    status = Status.CANCELLED if act == "cancelled" else visit.status
    streamed(visit, replace(visit, slot=slot, status=status, version=2), NOON)
    now = waitlist.load("lotus", entry.id)
    assert now.state is (EntryState.LEFT if act == "cancelled" else EntryState.WAITING)
    assert now.wish.before == visit.starts + by


def test_whoever_has_another_visit_then_is_not_asked() -> None:
    """Nobody can be in two chairs; the next one is asked."""
    opened()
    lotus.put(replace(an_appointment("a-2"), client="c-2", slot=replace(an_appointment().slot, staff="jun")))
    busy, other = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    assert (offer_of(busy), offer_of(other) is None) == (None, False)


def test_time_that_somebody_takes_in_that_moment_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of it; a minute later it is free again, and is offered."""
    opened()
    entry = waits("c-2")
    called_off()
    with monkeypatch.context() as patched:
        patched.setattr(offering, "find", taken)
        pass_until(NOON)
    assert (offer_of(entry), told("c-2")) == (None, ["waitlist_joined"])
    pass_until(NOON + MINUTE)
    assert offer_of(entry) is not None


def taken(*_: object, **__: object) -> None:
    raise SlotTaken


def test_what_cannot_be_booked_for_them_goes_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of its time; nobody is told that they have what they have not."""
    opened()
    entry, other = waits("c-2", book_for_me=True), waits("c-3", since=NOON - MINUTE)
    called_off()
    with monkeypatch.context() as patched:
        patched.setattr(offering, "book_for_them", taken)
        pass_until(NOON)
        assert waitlist.load("lotus", entry.id).booked == ""
        pass_until(NOON + QUARTER)
    assert told("c-2") == ["waitlist_joined"]
    assert waitlist.load("lotus", entry.id).state is EntryState.WAITING
    assert offer_of(other) is not None


@pytest.mark.parametrize("left", [timedelta(seconds=59), timedelta(seconds=1)])
def test_less_than_a_minute_is_offered_to_nobody(left: timedelta) -> None:
    opened()
    entry = waits("c-2", since=NOON)
    called_off()
    waiting.look("lotus", waitlist.openings("lotus")[0].id, now=STARTS + HOUR - left)
    assert offer_of(entry) is None
    assert told("c-2") == ["waitlist_joined"]


def test_one_freed_time_never_holds_up_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often there seems to be more to do, it is left at last, and stays due."""
    opened()
    waits("c-2")
    called_off()
    (opening,) = waitlist.openings("lotus")
    steps: list[str] = []

    def step(_: object, which: str, __: object, *, is_first: bool) -> bool:  # noqa: ARG001
        steps.append(which)
        return True

    monkeypatch.setattr(offering, "_step", step)
    offering.look("lotus", opening.id, now=NOON)
    assert len(steps) == offering.STEPS
    assert [key.id for key, _ in due(Lane.EVENT, until=NOON) if key.id.startswith(WAITLIST)]


def test_an_offer_is_told_no_more_once_its_wait_has_another() -> None:
    """The message stood in the queue while it was let pass."""
    opened()
    entry = waits("c-2")
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    message = next(it for it in said("c-2") if it.stage == "time_offered")
    catalog = catalogs.load("lotus")
    about = client_message.to_client(message, catalog, now=NOON)
    assert about
    assert not about.is_offer_over
    decline(catalog, entry.id, offer.id, Change(CLIENT, NOON + MINUTE))
    about = client_message.to_client(message, catalog, now=NOON + MINUTE)
    assert about
    assert about.is_offer_over


def test_between_two_offers_there_is_the_pause_that_the_business_asks_for() -> None:
    """Nobody is asked before it is over, and the first is then."""
    opened(WaitlistRules(pause=10 * MINUTE))
    first, second = waits("c-2"), waits("c-3", since=NOON - MINUTE)
    called_off()
    pass_until(NOON)
    offer = offer_of(first)
    assert offer
    decline(catalogs.load("lotus"), first.id, offer.id, Change(CLIENT, NOON + MINUTE))
    pass_until(NOON + 11 * MINUTE - timedelta(seconds=1))
    assert offer_of(second) is None
    pass_until(NOON + 11 * MINUTE)
    assert offer_of(second) is not None
