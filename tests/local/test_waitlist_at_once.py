"""Freed time and who waits for it, by processes of their own: whoever takes it, fills it, or lets it run out in one
instant, it has one owner, and nobody is told of a time that is not held for them.

In order, and with what is found said step by step: tests/functions/test_waitlist_machine.py.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kept.booking.appointment import Appointment
from kept.booking.day_page import Entry, is_offered
from kept.business.catalog import Catalog
from kept.business.stranger_rules import StrangerRules
from kept.business.waitlist_rules import MOST_AT_ONCE
from kept.messaging.message import MessageStatus
from kept.waitlist.entry import EntryState, Offer, OfferAnswer, WaitlistEntry
from kept.waitlist.wish import Wish
from tests.book_commands import ANYBODY, untrue
from tests.builders import STARTS, a_catalog, a_member, an_appointment
from tests.local.processes import Lab

pytestmark = pytest.mark.stack

COMMIT = "TransactWriteItems"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime.fromisoformat("2026-02-28T12:00+08:00")
"""Two days and five hours before the visit; the salon is open until 20:00."""
NEAR = STARTS - 3 * HOUR
"""So near that all it fits are asked, and the first to accept has it."""
SINCE = NOON - DAY
MONDAY = Wish(("cut",), date(2026, 3, 2), date(2026, 3, 2))
WITH_MEI = replace(MONDAY, staff=("mei",))
SALON = a_catalog()
SALON = replace(SALON, business=replace(SALON.business, strangers=StrangerRules(**ANYBODY)))
PEOPLE = [f"c-{n}" for n in range(2, 2 + MOST_AT_ONCE)]
STRANGERS, TAPS = 10, 8
BOOKED, GONE, TAKEN = 200, 410, 409


@pytest.fixture
def freed(lab: Lab) -> Any:
    """Visits that are called off at an instant, with these people waiting; what came free is offered. Their entries."""

    def of(waits: dict[str, list[Wish]], at: datetime, *visits: Appointment, offered: bool = True) -> list[str]:
        visits = visits or (an_appointment(),)
        entries = lab.run("a_waitlist", SALON, list(visits), waits, SINCE)
        lab.run("calls_off", at, *(visit.id for visit in visits))
        if offered:
            lab.run("works_off", at)
        return list(entries)

    return of


def entry(lab: Lab, id: str) -> WaitlistEntry:
    found, _ = lab.run("waitlist_now")
    known: WaitlistEntry = found[id]
    return known


def offer_of(lab: Lab, id: str) -> Offer:
    offer = entry(lab, id).offer
    assert offer
    return offer


def visits(lab: Lab) -> list[Appointment]:
    """That are to come, and stand in the book as they should, beside nothing else that is real."""
    everything = lab.run("visits_now")
    book = [(calendar, day, [Entry(*fields) for fields in entries]) for calendar, day, entries in lab.run("pages")]
    assert untrue(book, everything, now=NOON) == []
    return [visit for visit in everything if visit.is_to_come]


def held(lab: Lab) -> set[str]:
    """The names of what stands on the pages for those who wait."""
    return {ref for _, _, entries in lab.run("pages") for ref, *_ in entries if is_offered(ref)}


def told(lab: Lab) -> dict[str, list[str]]:
    """Of times, by client."""
    messages = lab.run("messages_now")
    found: dict[str, list[str]] = {}
    for it in messages:
        if it.stage.startswith("time_"):
            found.setdefault(it.recipient, []).append(it.stage)
    return {client: sorted(stages) for client, stages in found.items()}


def sent_truly(lab: Lab, before: set[str]) -> set[str]:
    """All offers that were sent by now: of those that were not `before`, the hold is on the page."""
    messages = lab.run("messages_now")
    found, _ = lab.run("waitlist_now")
    holds = {offer.id: offer.hold for it in found.values() for offer in it.offers}
    sent = {it.occasion for it in messages if it.stage == "time_offered" and it.status is MessageStatus.SENT}
    assert {holds[offer] for offer in sent - before} <= held(lab)
    return sent


def by_hand(now: datetime, starts: datetime = STARTS, staff: str = "mei") -> tuple[Any, ...]:
    """Staff give somebody else the time, knowing that it is held."""
    client = {"name": "Wu Lei", "email": "wu@example.com", "agrees_to": ["email"]}
    body = {"service": "cut", "start": starts.isoformat(), "staff": staff, "client": client, "override": "a regular"}
    key = f"by-hand-{staff}-{starts:%d%H}"
    return "request", "front_desk", now, "POST /v1/desk/appointments", body, key, "", "10.0.4.1", "staff"


def a_stranger(now: datetime, n: int) -> tuple[Any, ...]:
    """Who wants the very same time by the public API."""
    client = {"name": f"Stranger {n}", "email": f"stranger-{n}@example.com", "agrees_to": ["email"]}
    body = {"service": "cut", "start": STARTS.isoformat(), "staff": "mei", "client": client}
    return "request", "booking", now, "POST /v1/businesses/lotus/appointments", body, f"stranger-{n}", "", f"10.0.5.{n}"


def leads_to_other_times(links: list[str]) -> bool:
    return any(href.startswith("/b/lotus?service=cut") for href in links)


def test_of_thirty_takers_of_one_time_one_has_it(lab: Lab, freed: Any) -> None:
    """Twenty who were asked at once and ten strangers: all others are refused kindly, and led to other times."""
    entries = freed({person: [MONDAY] for person in PEOPLE}, NEAR)
    offers = {id: offer_of(lab, id) for id in entries}
    assert {offer.shared for offer in offers.values()} == {True}
    now = NEAR + MINUTE
    takers = [("takes", now, id, offer.id) for id, offer in offers.items()]
    with lab.wire.meeting(COMMIT, of=len(takers)):
        answers = lab.together([*takers, *(a_stranger(now, n) for n in range(STRANGERS))])
    pages, strangers = answers[: len(takers)], answers[len(takers) :]
    assert Counter(status for status, _ in pages) == {BOOKED: 1, GONE: len(takers) - 1}
    assert all(leads_to_other_times(links) for status, links in pages if status == GONE)
    assert {(answer.status, answer.code) for answer in strangers} == {(TAKEN, "slot_taken")}
    assert all(answer.body["alternatives"] for answer in strangers)
    (visit,) = visits(lab)
    (winner,) = [id for id, (status, _) in zip(offers, pages, strict=True) if status == BOOKED]
    lab.run("works_off", now)
    found, _ = lab.run("waitlist_now")
    assert (found[winner].state, found[winner].booked) == (EntryState.BOOKED, visit.id)
    others = [found[id] for id in entries if id != winner]
    assert {(it.state, it.offers[-1].answer) for it in others} == {(EntryState.WAITING, OfferAnswer.WITHDRAWN)}
    said = told(lab)
    assert [said[it.client] for it in others] == [["time_gone", "time_offered"]] * len(others)
    assert held(lab) == set()


def test_one_offer_taken_many_times_at_once_is_one_visit(lab: Lab, freed: Any) -> None:
    """By a link that went round the family: all are told that it is theirs."""
    (id,) = freed({"c-2": [MONDAY]}, NOON)
    offer = offer_of(lab, id)
    with lab.wire.meeting(COMMIT, of=TAPS):
        answers = lab.together([("takes", NOON + MINUTE, id, offer.id)] * TAPS)
    assert {status for status, _ in answers} == {BOOKED}
    assert [visit.client for visit in visits(lab)] == ["c-2"]


Job = tuple[Any, ...]


def in_the_same_instant(lab: Lab, one: Job, other: Job, *, first: Job | None) -> tuple[Any, Any]:
    """Both have read before either writes; the first of them to write is the one named, or whichever is."""
    if first is None:
        with lab.wire.meeting(COMMIT, of=2):
            answers: tuple[Any, Any] = tuple(lab.together([one, other]))
        return answers
    done: list[Any] = []
    with lab.wire.when(COMMIT, before=lambda: done.append(lab.run(*first))):
        late = lab.run(*(other if first is one else one))
    return (done[0], late) if first is one else (late, done[0])


FIRST = {"staff first": "staff", "the client first": "client", "neither": ""}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_staff_fill_the_time_in_the_second_in_which_it_is_accepted(lab: Lab, freed: Any, first: str) -> None:
    """Both have read that it can be had; one has it, and the other hears so."""
    id, next_one = freed({"c-2": [WITH_MEI], "c-3": [WITH_MEI]}, NOON)
    offer, now = offer_of(lab, id), NOON + MINUTE
    takes, fills = ("takes", now, id, offer.id), by_hand(now)
    (status, _), filled = in_the_same_instant(lab, takes, fills, first={"client": takes, "staff": fills}.get(first))
    assert (status, filled.status) in ((BOOKED, TAKEN), (GONE, 201))
    assert first == "" or (status == BOOKED) is (first == "client")
    (visit,) = visits(lab)
    lab.run("stream_tells", now, visit.id)
    lab.run("works_off", now)
    lab.run("sends", now)
    after_all = entry(lab, id)
    if status == BOOKED:
        assert (after_all.state, visit.client, filled.code) == (EntryState.BOOKED, "c-2", "slot_taken")
    else:
        assert (after_all.state, after_all.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.WITHDRAWN)
    assert entry(lab, next_one).offers == ()
    assert (held(lab), sent_truly(lab, set())) == (set(), set())


ENDS = {"the end first": "end", "the client first": "client", "neither": ""}


@pytest.mark.parametrize("first", ENDS.values(), ids=ENDS)
def test_of_an_acceptance_and_the_end_of_its_offer_at_the_same_instant_one_wins(
    lab: Lab, freed: Any, first: str
) -> None:
    """Either it is theirs and nobody else is asked, or it is over and the next is."""
    id, next_one = freed({"c-2": [WITH_MEI], "c-3": [WITH_MEI]}, NOON)
    offer = offer_of(lab, id)
    takes, ends = ("takes", offer.until - timedelta(seconds=1), id, offer.id), ("works_off", offer.until)
    (status, links), _ = in_the_same_instant(lab, takes, ends, first={"client": takes, "end": ends}.get(first))
    assert first == "" or (status == BOOKED) is (first == "client")
    lab.run("works_off", offer.until)
    mine, theirs = entry(lab, id), entry(lab, next_one)
    if status == BOOKED:
        assert (mine.state, [it.client for it in visits(lab)], theirs.offers) == (EntryState.BOOKED, ["c-2"], ())
        assert held(lab) == set()
    else:
        assert (status, leads_to_other_times(links)) == (GONE, True)
        assert (mine.state, mine.offers[-1].answer) == (EntryState.WAITING, OfferAnswer.EXPIRED)
        assert visits(lab) == []
        assert theirs.offer
        assert held(lab) == {theirs.offer.hold}


@pytest.mark.parametrize("waits", [1, 2], ids=["who waits once", "who waits twice"])
def test_of_two_times_that_are_freed_at_once_one_is_offered_to_one_person(lab: Lab, freed: Any, waits: int) -> None:
    """At about the same hour, looked at by two workers who both found nothing on offer to them; and once they have one
    of them they are not offered the other."""
    with_jun = replace(an_appointment("a-2"), slot=replace(an_appointment().slot, staff="jun"))
    ids = freed({"c-2": [MONDAY, MONDAY][:waits]}, NOON, an_appointment(), with_jun, offered=False)
    _, openings = lab.run("waitlist_now")
    with lab.wire.meeting(COMMIT, of=2):
        lab.together([("looks", NOON, it.id) for it in openings])
    found, _ = lab.run("waitlist_now")
    offers = [it.offer for it in found.values() if it.offer]
    assert len(openings) == 2
    (offer,) = offers
    assert held(lab) == {offer.hold}
    (id,) = [id for id in ids if found[id].offer]
    status, _ = lab.run("takes", NOON + MINUTE, id, offer.id)
    lab.run("works_off", NOON + MINUTE)
    assert (status, len(visits(lab)), held(lab)) == (BOOKED, 1, set())


CALLED_OFF, WAITING = (int(n) for n in os.environ.get("WAITLIST_MASS", "20 50").split())
"""The larger numbers take minutes; README.md says which and how."""
STAFF = ("mei", "jun", "bo", "kai", "lin")
FILLED = CALLED_OFF // 10
THE_WEEK = datetime.fromisoformat("2026-03-04T09:00+08:00")
HOURS = 10
"""Of a day, each with a visit of each of the staff, from nine on."""


def a_big_salon() -> Catalog:
    salon = a_catalog(*(a_member(id) for id in STAFF))
    return replace(salon, business=SALON.business, services={"cut": replace(SALON.services["cut"], staff=STAFF)})


def of_the_week(n: int) -> Appointment:
    """Its n-th visit."""
    day, hour = divmod(n // len(STAFF), HOURS)
    visit = an_appointment(f"a-{n}", starts=THE_WEEK + day * DAY + hour * HOUR)
    return replace(visit, slot=replace(visit.slot, staff=STAFF[n % len(STAFF)]))


def wishes() -> dict[str, list[Wish]]:
    """Any of that time, or one person's, or mornings alone."""
    first = THE_WEEK.date()
    anything = Wish(("cut",), first, first + timedelta(days=9))
    kinds = (anything, replace(anything, staff=STAFF[:1]), replace(anything, closes=THE_WEEK.replace(hour=12).time()))
    return {f"c-{n}": [kinds[n % 5] if n % 5 < len(kinds) else anything] for n in range(2, WAITING + 2)}


def in_parts(jobs: Iterable[tuple[Any, ...]], parts: int = 2) -> list[tuple[Any, ...]]:
    """Each part by one process, one after the other."""
    wanted = list(jobs)
    return [("several", *wanted[n::parts]) for n in range(parts)]


def test_a_mass_cancellation_fills_every_time_once_and_tells_nobody_of_what_is_not_held(lab: Lab) -> None:
    """Several workers at all of it at once, while staff fill some by hand and those who were asked accept; and what was
    not sent yet is not sent once it is untrue."""
    week = [of_the_week(n) for n in range(CALLED_OFF)]
    lab.run("a_waitlist", a_big_salon(), week, wishes(), SINCE)
    lab.together([("calls_off", NOON, *(visit.id for visit in week[n::2])) for n in range(2)])
    fills = [by_hand(NOON, visit.starts, visit.slot.staff) for visit in week[::10]]
    lab.together([*[("works_off", NOON)] * 2, ("several", *fills)])
    for fill in lab.run("several", *fills):
        assert fill.status == 201
    found, openings = lab.run("waitlist_now")
    assert len(openings) == CALLED_OFF
    offers = {id: it.offer for id, it in found.items() if it.offer}
    assert len(offers) >= CALLED_OFF - FILLED
    filled = {(visit.slot.staff, visit.starts) for visit in week[::10]}
    unsent = [it for it in offers.values() if (it.staff, it.starts) not in filled][:FILLED]
    lab.run("several", *(by_hand(NOON, it.starts, it.staff) for it in unsent))
    lab.together([("sends", NOON)] * 2)
    sent = sent_truly(lab, set())
    assert len(sent) == CALLED_OFF - FILLED - len(unsent)
    later = NOON + MINUTE
    takes = [("takes", later, id, offer.id) for id, offer in sorted(offers.items())[::3]]
    by_staff = [visit.id for visit in visits(lab)]
    lab.together([*in_parts(takes), ("several", ("stream_tells", later, *by_staff), ("works_off", later))])
    lab.run("sends", later)
    sent = sent_truly(lab, sent)
    found, _ = lab.run("waitlist_now")
    until = max(it.offer.until for it in found.values() if it.offer)
    lab.together([("works_off", until)] * 2)
    lab.together([("sends", until)] * 2)
    sent_truly(lab, sent)
    everything = visits(lab)
    assert max(Counter((visit.slot.staff, visit.starts) for visit in everything).values()) == 1
    found, openings = lab.run("waitlist_now")
    booked = {it.booked: it.client for it in found.values() if it.booked}
    assert booked == {visit.id: visit.client for visit in everything if visit.id not in by_staff}
    assert len(booked) >= len(takes) - 2 * FILLED
    assert held(lab) == {it.offer.hold for it in found.values() if it.offer}
    assert len(openings) == CALLED_OFF
