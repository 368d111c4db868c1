"""No path through the waitlist gives one slot to two, leaves an offer open after its slot, or one person two offers of
about the same time; and once all time has passed nothing of it is left open.

Every act on it, in any order and with time passing, what is due done or slept through, and the stream's changes told
late or twice.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kept import ids
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.closure import ClosedTime, Scope
from kept.booking.day_page import Entry
from kept.business.setting_change import SettingChange
from kept.errors import Refusal
from kept.events.change import AggregateChange, Kind
from kept.storage import appointments, catalogs, clients, day_pages, tables, waitlist
from kept.storage.codec import whole_json
from kept.timekeeping.weekly_hours import Window
from kept.use_cases.booking import closing
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.closing import Decision
from kept.use_cases.waitlist import freed, joining
from kept.use_cases.waitlist.answering import accept, decline
from kept.waitlist.entry import Offer, WaitlistEntry
from tests import lotus
from tests.builders import STARTS, an_appointment
from tests.functions.waitlisting import ANY, NOON, STAFF, pass_until, somebody, streamed

EXAMPLES, STEPS = int(os.environ.get("WAITLIST_EXAMPLES", "10")), 10
HOUR = timedelta(hours=1)
NUMBERS = st.integers(0, 99)
PEOPLE = [f"c-{n}" for n in range(2, 6)]

LEADS = (timedelta(days=3), timedelta(hours=24), timedelta(hours=3), timedelta(minutes=40))
"""One after the other, in batches, all at once, and where the cut-off comes before an offer's usual end."""
FREED = (("a-0", "a-9"), ("a-0", "a-1", "a-9"), ("a-0",), ())
"""At the same time with two people, and one after the other."""


class Waitlist(RuleBasedStateMachine):
    """Three hours of Mei's and one of Jun's on Monday, all booked; four people who may wait, of whom the first does so
    twice; and staff."""

    def __init__(self) -> None:
        super().__init__()
        for model in tables.TABLES:
            for item in model.scan():
                item.delete()
        lotus.open_both()
        catalogs.forget()
        self.catalog, self.now = catalogs.load("lotus"), NOON
        lotus.known()
        for person in PEOPLE:
            somebody(person)
        for n in range(3):
            lotus.put(an_appointment(f"a-{n}", starts=STARTS + n * HOUR))
        lotus.put(replace(an_appointment("a-9"), slot=replace(an_appointment().slot, staff="jun")))
        self.closures = 0
        self.told: list[tuple[Appointment | None, Appointment]] = []
        for person in (PEOPLE[0], *PEOPLE[:2]):
            joining.join(self.catalog, clients.load("lotus", person), ANY, Change(CLIENT, NOON - HOUR))

    @initialize(lead=st.sampled_from(LEADS), freed=st.sampled_from(FREED))
    def come_to_where_offers_are(self, lead: timedelta, freed: tuple[str, ...]) -> None:
        """Some of it is called off, with so much time to go."""
        self.now = max(NOON, STARTS - lead)
        for id in freed:
            self._cancel(appointments.load("lotus", id), heard=True)

    @rule(who=st.sampled_from(PEOPLE), for_me=st.booleans(), night=st.booleans())
    def join(self, who: str, *, for_me: bool, night: bool) -> None:
        with suppress(Refusal):
            client = clients.load("lotus", who)
            change = Change(CLIENT, self.now)
            joining.join(self.catalog, client, ANY, change, book_for_me=for_me, quiet_allowed=night)

    @rule(which=NUMBERS, heard=st.booleans())
    def cancel(self, which: int, *, heard: bool) -> None:
        visits = [it for it in every_visit() if it.is_expected and it.starts > self.now]
        if visits:
            self._cancel(visits[which % len(visits)], heard=heard)

    @rule(which=NUMBERS, how=st.sampled_from(["accept", "decline", "leave", "pass over"]))
    def answer(self, which: int, how: str) -> None:
        everybody_waiting = waitlist.waiting("lotus")
        entries = [it for it in everybody_waiting if it.offer] or everybody_waiting
        if not entries:
            return
        entry, change = entries[which % len(entries)], Change(CLIENT, self.now)
        offer = entry.offers[-1].id if entry.offers else "o-0"
        with suppress(Refusal):
            if how == "accept":
                self._told(None, accept(self.catalog, entry.id, offer, change))
            elif how == "decline":
                decline(self.catalog, entry.id, offer, change)
            elif how == "leave":
                joining.leave(self.catalog, entry.id, change)
            elif openings := waitlist.openings("lotus"):
                joining.pass_over(self.catalog, entry.id, openings[0].id, Change(STAFF, self.now, why="abroad"))

    @rule(hours=st.integers(0, 3), by_hand=st.booleans(), who=st.sampled_from(PEOPLE), heard=st.booleans())
    def book_it(self, hours: int, who: str, *, by_hand: bool, heard: bool) -> None:
        """By a client, or by staff over what is held."""
        client = clients.load("lotus", who)
        starts, by = STARTS + hours * HOUR, STAFF if by_hand else CLIENT
        request = BookingRequest("cut", starts, client, client.zone, "mei", known=True, by_hand=by_hand)
        with suppress(Refusal):
            self._told(None, book(self.catalog, request, Change(by, self.now)), heard=heard)

    @rule(which=NUMBERS)
    def staff_fill_what_is_on_offer(self, which: int) -> None:
        """With somebody who does not wait; at once those who had it on offer have it no more."""
        if offers := [it.offer for it in everybody() if it.offer and it.offer.is_open(now=self.now)]:
            offer, client = offers[which % len(offers)], clients.load("lotus", "c-1")
            request = BookingRequest("cut", offer.starts, client, client.zone, offer.staff, known=True, by_hand=True)
            with suppress(Refusal):
                self._told(None, book(self.catalog, request, Change(STAFF, self.now)), heard=True)

    @rule(which=NUMBERS, hours=st.integers(1, 4), heard=st.booleans())
    def jun_works_longer(self, which: int, hours: int, *, heard: bool) -> None:
        """Several times of one day come free at once, as one freed time; `heard` at once or late."""
        jun = self.catalog.staff["jun"]
        closes = 9 * 60 + hours * 60
        until = replace(jun.hours, overrides={STARTS.date(): (Window(9 * 60, closes),)})
        none = replace(jun.hours, overrides={STARTS.date(): ()})
        was, now = (whole_json(replace(jun, hours=it)) for it in (none, until))
        change = SettingChange("staff", "jun", "staff:jun", self.now, was, now)
        freed.watch(AggregateChange("lotus", Kind.SETTING, f"line-{which}", None, change, self.now, "1"))
        if heard:
            pass_until(self.now)

    @rule(since=st.integers(-1, 2), undo=st.booleans())
    def her_day_is_closed(self, since: int, *, undo: bool) -> None:
        """From then on, and for some hours; taken back at once, or not."""
        closed = ClosedTime(Scope.STAFF, "mei", STARTS + since * HOUR, STARTS + 3 * HOUR)
        self.closures += 1
        change = Change(STAFF, self.now, key=ids.digest(f"closes {self.closures}"))
        with suppress(Refusal):
            made = closing.decide(self.catalog, Decision(closed, "ill", {}), change)
            if undo:
                closing.undo(self.catalog, made.closure.id, replace(change, key=ids.digest(change.key)))
        catalogs.forget()
        self.catalog = catalogs.load("lotus")
        saved = SettingChange("service", "cut", "staff:jun", self.now, "", "")
        freed.watch(AggregateChange("lotus", Kind.SETTING, f"closed-{self.closures}", None, saved, self.now, "1"))

    @rule(minutes=st.sampled_from((1, 10, 15, 90, 900)), asleep=st.booleans())
    def time_passes(self, minutes: int, *, asleep: bool) -> None:
        self.now += timedelta(minutes=minutes)
        pass_until(self.now, asleep=asleep)

    @rule(minutes=st.sampled_from((200, 50, 37)))
    def its_start_is_near(self, minutes: int) -> None:
        """So near that all are asked at once, or that the cut-off comes before an offer's usual end."""
        self.now = max(self.now, STARTS - timedelta(minutes=minutes))
        pass_until(self.now)

    @rule(again=st.booleans())
    def the_stream_tells(self, *, again: bool) -> None:
        for before, after in self.told:
            streamed(before, after, self.now)
        self.told = self.told if again else []

    @invariant()
    def no_slot_has_two_owners(self) -> None:
        for staff in ("mei", "jun"):
            for one, other in combinations(entries_of(staff, self.now), 2):
                assert not one.clashes_with(other), (one, other)

    @invariant()
    def no_offer_outlives_its_slot(self) -> None:
        for offer in (it.offer for it in everybody() if it.offer):
            assert offer.until <= offer.starts - self.catalog.business.waitlist.cut_off
            assert offer.until > offer.at

    @invariant()
    def what_is_on_offer_is_held_until_its_end(self) -> None:
        """Or somebody has it by now, and those who were asked are about to hear so."""
        for offer in (it.offer for it in everybody() if it.offer and it.offer.is_open(now=self.now)):
            entries = [it for it in entries_of(offer.staff, self.now) if _overlap(it, offer)]
            assert [it for it in entries if it.hold_until is None or it.hold_until >= offer.until.timestamp()], offer

    @invariant()
    def nobody_has_two_offers_of_one_time(self) -> None:
        live = [(it.client, it.offer) for it in everybody() if it.offer and it.offer.is_open(now=self.now)]
        for (one, mine), (other, theirs) in combinations(live, 2):
            assert one != other or not mine.overlaps(theirs.starts, theirs.ends)
            clash = mine.staff == theirs.staff and mine.overlaps(theirs.starts, theirs.ends)
            assert not clash or (mine.shared and theirs.shared and mine.hold == theirs.hold)

    @invariant()
    def whoever_is_booked_has_the_visit(self) -> None:
        for it in everybody():
            assert not it.booked or appointments.find("lotus", it.booked) is not None

    def teardown(self) -> None:
        """When all its time has passed nobody waits, nothing is on offer, and nothing is due."""
        self.the_stream_tells(again=False)
        pass_until(ANY.ends(self.catalog.business.zone))
        assert waitlist.waiting("lotus") == []
        assert [it for it in waitlist.openings("lotus") if it.is_open] == []
        assert [it for it in everybody() if it.offer] == []

    def _cancel(self, before: Appointment, *, heard: bool) -> None:
        change, rules = Change(CLIENT, self.now), self.catalog.business.changes
        after = apply_change(self.catalog, before.id, lambda it: it.cancel(change, rules=rules), change)
        self._told(before, after, heard=heard)

    def _told(self, before: Appointment | None, after: Appointment, *, heard: bool = False) -> None:
        """To be told by the stream some time; or `heard` at once, with all that waits to be told and what it leads to:
        then no offer is left that is not held."""
        self.told.append((before, after))
        if heard:
            self.the_stream_tells(again=False)
            pass_until(self.now)
            for offer in (it.offer for it in everybody() if it.offer):
                assert offer.hold in {it.ref for it in entries_of(offer.staff, self.now)}, offer


def _overlap(entry: Entry, offer: Offer) -> bool:
    return entry.start * 60 < offer.ends.timestamp() and offer.starts.timestamp() < entry.end * 60


def every_visit() -> Iterator[Appointment]:
    ids = [item.id for item in tables.AppointmentItem.scan() if "#" not in item.id]
    return appointments.several("lotus", sorted(ids), consistently=True) if ids else iter(())


def everybody() -> list[WaitlistEntry]:
    """Who waits, and who did."""
    ids = [item.id for item in tables.WaitlistItem.scan() if not item.id.startswith(waitlist.FREE)]
    return [waitlist.load("lotus", id.partition("#")[2]) for id in ids]


def entries_of(staff: str, now: datetime) -> list[Entry]:
    pages = day_pages.between("lotus", f"staff:{staff}", date(2026, 2, 27), date(2026, 3, 10))
    return [entry for page in pages for entry in page.entries if entry.is_live(now=now)]


@pytest.mark.slow
def test_the_waitlist_is_true_whatever_happens() -> None:
    run_state_machine_as_test(
        Waitlist,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=(Phase.generate,),
            derandomize="WAITLIST_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
