"""Freed time, offered: what became of the offers that are open, and who is asked next.

Each step is one write: the entry with its offer, the hold on the day page, the message, and the freed time with when it
is looked at next. A crash before it costs nothing, for the time stays due; whoever comes second finds it done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial, reduce

from kept.actor import KEPT, Change
from kept.booking.appointment import Slot
from kept.booking.day_page import DayPage
from kept.booking.refusals import SlotTaken
from kept.business.catalog import Catalog
from kept.business.waitlist_rules import MOST_AT_ONCE, OfferMode
from kept.channels import Purpose
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.errors import Refusal
from kept.messaging.message import Message
from kept.reasons import Code, because
from kept.runtime import log
from kept.storage import appointments, catalogs, clients, day_pages, messages, waitlist
from kept.storage.transaction import together
from kept.timekeeping.local_time import minute_after
from kept.use_cases.booking.allocation import Allocation, find, given_up
from kept.use_cases.booking.open_times import (
    AvailabilityQuery,
    ask,
    at_any_notice,
    free,
    lasting,
    local_day,
    room_key,
    staff_key,
)
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist import telling
from kept.use_cases.waitlist.answering import book_for_them, is_given
from kept.waitlist.entry import Offer, OfferAnswer, SameDay, WaitlistEntry
from kept.waitlist.offers import NoOfferNow, OfferTerms, at_once, for_client, terms
from kept.waitlist.opening import LiveOffer, Opening
from kept.waitlist.order import Place, in_order, passed_by_tier

STEPS = 60
"""Writes of one look; what is left is due still."""
ITEMS = 90
"""Of one write, for those who are asked at once; the rest of a hundred is the page's and the freed time's."""
VISIT = timedelta(days=1)
"""The longest of visits: what begins earlier is over by then."""


@dataclass(slots=True)
class Look:
    """At one freed time, as things stand `now`; what was read is read once, and all who wait only where somebody is to
    be asked. `later` are the instants at which it is worth another look."""

    catalog: Catalog
    opening: Opening
    now: datetime
    later: list[datetime] = field(default_factory=list)
    _waiting: dict[str, WaitlistEntry] | None = None
    _asked: dict[str, WaitlistEntry | None] = field(default_factory=dict)
    _free: dict[tuple[str, int | None], list[Slot]] = field(default_factory=dict)

    @property
    def entries(self) -> dict[str, WaitlistEntry]:
        """All who wait."""
        if self._waiting is None:
            self._waiting = {it.id: it for it in waitlist.waiting(self.catalog.business.id)}
        return self._waiting

    def asked(self, live: LiveOffer) -> WaitlistEntry | None:
        """Who has this on offer still."""
        if live.entry not in self._asked:
            self._asked[live.entry] = waitlist.find(self.catalog.business.id, live.entry)
        entry = self._asked[live.entry]
        return entry if entry and entry.offer and entry.offer.id == live.offer else None

    @property
    def is_full(self) -> bool:
        """As many are asked as can be at a time: never more of what is later than of what is sooner."""
        rules, lead = self.catalog.business.waitlist, max(self.opening.starts - self.now, timedelta(0))
        return len(self.opening.live) >= at_once(rules, rules.mode_for(lead), most=MOST_AT_ONCE)

    @property
    def due_at(self) -> datetime | None:
        """None where there is nothing left to wait for."""
        instants = [*self.later, *(it.until for it in self.opening.live)]
        return min(instants, default=None)

    def slots(self, service: str, minutes: int | None) -> list[Slot]:
        """What is free of it for that service, or so many `minutes` of it, soonest first; nothing where its staff do
        not do it."""
        if (service, minutes) not in self._free:
            self._free[service, minutes] = self._read(service, minutes)
        return self._free[service, minutes]

    def _read(self, service: str, minutes: int | None) -> list[Slot]:
        try:
            question = question_of(self.catalog, service, self.opening.staff, minutes, now=self.now)
        except Refusal:
            return []
        return list(_within(question, self.opening, self.now))

    def fitting(self, entry: WaitlistEntry) -> tuple[str, Slot] | None:
        """The soonest slot that they wish for and that can be offered still."""
        found = (
            (service, slot)
            for service in entry.wish.services
            for slot in self.slots(service, entry.wish.minutes)
            if entry.wish.fits(service, slot.starts, slot.ends, slot.staff, zone=self.catalog.business.zone)
            and self.may_have(entry, service, slot)
            and isinstance(self.terms(slot), OfferTerms)
        )
        return min(found, key=lambda it: it[1].starts, default=None)

    def may_have(self, entry: WaitlistEntry, service: str, slot: Slot) -> bool:
        """To whoever only hears of gaps a sliver is none: it is shorter than what is of use to the service."""
        if not entry.may_have(slot.starts, zone=self.catalog.business.zone, now=self.now):
            return False
        least = timedelta(minutes=self.catalog.service(service).least_useful)
        return entry.same_day is SameDay.NO or self.opening.ends - max(self.opening.starts, self.now) >= least

    def terms(self, slot: Slot) -> OfferTerms | NoOfferNow:
        return terms(self.catalog.business.waitlist, slot.starts, most=MOST_AT_ONCE, now=self.now)

    def places(self) -> list[Place]:
        """Of those whom it fits and who were not asked yet, nor passed over."""
        business, id = self.catalog.business, self.opening.id
        could = (it for it in self.entries.values() if it.may_be_asked(id) and it.wish.ends(business.zone) > self.now)
        fits = [it for it in could if self.fitting(it)]
        return in_order(fits, zone=business.zone, passed_by=business.waitlist.passed_by, now=self.now)


def look(business: str, id: str, *, now: datetime) -> None:
    """Again and again, until nothing is left to do now."""
    now = now.replace(microsecond=0)
    catalog = catalogs.load(business)
    for n in range(STEPS):
        if not retried(partial(_step, catalog, id, now, is_first=n == 0)):
            return
    log.warning("not done with freed time", extra={"id": id})


def _step(catalog: Catalog, id: str, now: datetime, *, is_first: bool) -> bool:
    """Whether something was done after which there may be more. What can be refused is tried once in a look."""
    opening = waitlist.find_opening(catalog.business.id, id)
    if opening is None or not opening.is_open:
        return False
    it = Look(catalog, opening, now)
    if is_first and _book_what_is_left(it):
        return True
    if ended := [live for live in opening.live if _answer(it, live)]:
        _put_down(it, ended[:MOST_AT_ONCE])
        return True
    if now >= opening.ends:
        return _rest(it, None)
    if opening.by_hand or catalog.business.waitlist.mode is OfferMode.STAFF:
        return _rest(it, it.due_at or opening.ends)
    if opening.pause_until and now < opening.pause_until:
        return _rest(it, min(filter(None, (it.due_at, opening.pause_until))))
    return (not it.is_full and _offer(it)) or _rest(it, it.due_at)


def _rest(it: Look, due_at: datetime | None) -> bool:
    """Until then; without a then it is over. Nothing is written of what stands there already."""
    if due_at and due_at == it.opening.looks_at:
        waitlist.put_off_opening(it.opening.business, it.opening.id, to=due_at, now=it.now)
        return False
    opening = it.opening if due_at else it.opening.over()
    with together() as transaction:
        waitlist.put_opening(opening, transaction, due_at=due_at)
    return False


# What became of an offer


def _answer(it: Look, live: LiveOffer) -> OfferAnswer | None:
    """None while it is open. Its hold is gone where somebody else has the time, or the room of it."""
    entry = it.asked(live)
    if entry is None or entry.offer is None:
        return OfferAnswer.DECLINED
    if not _is_held(it, live) or not is_given(it.catalog, entry.offer.service, live.slot, now=it.now):
        return OfferAnswer.WITHDRAWN
    return OfferAnswer.EXPIRED if it.now >= live.until else None


def _why_gone(it: Look, live: LiveOffer) -> Code:
    return Code.NOT_GIVEN if _is_held(it, live) else Code.SLOT_FILLED


def _is_held(it: Look, live: LiveOffer) -> bool:
    slot, business = live.slot, it.opening.business
    calendars = [staff_key(slot.staff), *([room_key(slot.room)] if slot.room else [])]
    return all(day_pages.has(business, calendar, slot.days, live.hold) for calendar in calendars)


def _put_down(it: Look, ended: list[LiveOffer]) -> None:
    """Each with its answer, its hold given up, and its client told where it was taken from them."""
    business, change = it.catalog.business, Change(KEPT, it.now)
    said: list[Message] = []
    left = tuple(live for live in it.opening.live if live not in ended)
    with together() as transaction:
        for live in ended:
            entry, answer = it.asked(live), _answer(it, live)
            if entry is None or entry.offer is None or answer is None:
                continue
            why = because(_why_gone(it, live)) if answer is OfferAnswer.WITHDRAWN else None
            after = entry.answered(answer, change, why=why)
            waitlist.put(after, transaction, ends=after.wish.ends(business.zone))
            client = clients.find(business.id, entry.client)
            if client and answer is OfferAnswer.WITHDRAWN:
                said.append(telling.gone(entry, entry.offer, client, business, now=it.now))
        for page in _without(it, [live for live in ended if all(other.hold != live.hold for other in left)]):
            day_pages.put(business.id, page, transaction)
        waitlist.put_opening(replace(_paused(it), live=left), transaction, due_at=it.now)
        keys = messages.put_all(said, transaction, now=it.now)
    hand_over(keys)


def _without(it: Look, over: Iterable[LiveOffer]) -> Iterable[DayPage]:
    """The pages on which these were held, each once: several of a batch end at the same instant."""
    holds = {live.hold: live.slot for live in over}
    pages: dict[tuple[str, date], DayPage] = {}
    for hold, slot in holds.items():
        for page in given_up(it.catalog.business, slot, hold):
            pages.setdefault((page.calendar, page.day), page)
    return [reduce(DayPage.without, holds, page) for page in pages.values()]


def _paused(it: Look) -> Opening:
    pause = it.catalog.business.waitlist.pause
    return replace(it.opening, pause_until=it.now + pause) if pause else it.opening


# Who is asked next


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom something is offered: the entry, its client, what, and until when."""

    entry: WaitlistEntry
    client: Client
    service: str
    until: datetime
    beside: tuple[WaitlistEntry, ...]

    @property
    def items(self) -> int:
        """Of the write that asks them: the entry with when it ends, the message, and what else they wait for."""
        return 3 + len(self.beside)


def _offer(it: Look) -> bool:
    """To the first who can be asked now; of a slot near its start to as many as it fits."""
    places = it.places()
    for place in places:
        found = it.fitting(place.entry)
        made = it.terms(found[1]) if found else None
        if found is None or not isinstance(made, OfferTerms) or len(it.opening.live) >= made.at_once:
            continue
        service, slot = found
        if (asked := invited(it, place.entry, service, slot, made)) is None:
            continue
        others = (
            _others(it, places, asked, slot, made)
            if made.mode is OfferMode.FIRST and not place.entry.book_for_me
            else []
        )
        if make(it, places, [asked, *others], slot):
            return True
    return False


def _others(it: Look, places: Iterable[Place], first: Invited, slot: Slot, made: OfferTerms) -> list[Invited]:
    """Who can have the very same time, in order, as many as one write can ask."""
    found: list[Invited] = []
    room = ITEMS - first.items
    for place in places:
        entry = place.entry
        service = next((name for name in entry.wish.services if _same(it, entry, name, first, slot)), None)
        if entry.id == first.entry.id or entry.book_for_me or service is None:
            continue
        is_theirs = any(entry.client in one.client.ids for one in (first, *found))
        if not is_theirs and (asked := invited(it, entry, service, slot, made)):
            if (room := room - asked.items) < 0:
                break
            found.append(asked)
        if len(found) + 1 == made.at_once:
            break
    return found


def _same(it: Look, entry: WaitlistEntry, service: str, first: Invited, slot: Slot) -> bool:
    """Who has it has it in the room that is held, so a service that may be elsewhere is another time."""
    known, zone = it.catalog.services, it.catalog.business.zone
    if service not in known or known[service].rooms != known[first.service].rooms:
        return False
    fits = entry.wish.fits(service, slot.starts, slot.ends, slot.staff, zone=zone)
    return fits and slot in it.slots(service, entry.wish.minutes) and it.may_have(entry, service, slot)


def invited(it: Look, entry: WaitlistEntry, service: str, slot: Slot, made: OfferTerms) -> Invited | None:
    """None where they cannot be asked now: gone, dismissed or out of reach, asleep, elsewhere then, or with an offer of
    about then."""
    business = it.catalog.business
    client = clients.find(business.id, entry.client)
    if client is None or client.is_dismissed or not client.channels(Purpose.TRANSACTIONAL, business.channels):
        return None
    until = for_client(
        made.until, client.zone, business.quiet_hours, allowed=entry.quiet_allowed or entry.book_for_me, now=it.now
    )
    if isinstance(until, NoOfferNow):
        if until.again and until.again < it.opening.ends:
            it.later.append(until.again)
        return None
    beside = tuple(other for other in it.entries.values() if other.client in client.ids and other.id != entry.id)
    offers = [other.offer for other in beside if other.offer and other.offer.overlaps(slot.starts, slot.ends)]
    if offers:
        it.later.append(max(it.now + timedelta(seconds=1), *(offer.until for offer in offers)))
        return None
    if _is_elsewhere(client, entry, slot):
        return None
    return Invited(entry, client, service, until, beside)


def _is_elsewhere(client: Client, entry: WaitlistEntry, slot: Slot) -> bool:
    """They have a visit then, other than the one that they would have sooner."""
    ids = appointments.of_client(client.business, client.ids, since=slot.starts - VISIT, until=slot.ends)
    others = [id for id in ids if id != entry.wish.sooner_than]
    visits = appointments.several(client.business, others, consistently=True) if others else ()
    return any(it.is_to_come and it.starts < slot.ends and slot.starts < it.ends for it in visits)


def make(it: Look, places: list[Place], asked: list[Invited], slot: Slot) -> bool:
    """False where the time is gone: then there is another look."""
    business, first = it.catalog.business, asked[0]
    names = it.opening.next_names(len(asked))
    hold = f"offer#{names[0]}"
    try:
        place = _held(it, first.service, slot, hold, max(one.until for one in asked))
    except SlotTaken:
        it.later.append(it.now + timedelta(minutes=1))
        return False
    offers = [(one, _new(it, one, name, place.slot, hold, len(asked))) for one, name in zip(asked, names, strict=True)]
    live = (LiveOffer(one.entry.id, offer.id, place.slot, offer.until, hold) for one, offer in offers)
    opening = it.opening.with_offers(*live)
    change = Change(KEPT, it.now)
    after = [one.entry.offered(offer, change) for one, offer in offers]
    told = ((one, offer) for one, offer in offers if not one.entry.book_for_me)
    said = [telling.offered(one.entry, offer, one.client, business, now=it.now) for one, offer in told]
    due_at = opening.due_by(it.now)
    with together() as transaction:
        for page in place.pages:
            day_pages.put(business.id, page, transaction)
        for entry in [*after, *_passed(places, asked)]:
            waitlist.put(entry, transaction, ends=entry.wish.ends(business.zone))
        for one in asked:
            for other in one.beside:
                waitlist.unchanged(other, transaction)
        waitlist.put_opening(opening, transaction, due_at=it.now if first.entry.book_for_me else due_at)
        keys = messages.put_all(said, transaction, now=it.now)
    hand_over(keys)
    if first.entry.book_for_me:
        _book(it.catalog, after[0], offers[0][1], it.now)
    return True


def _book_what_is_left(it: Look) -> bool:
    """Of what is booked for them a crash left the offer, of which they were told nothing: it is due still. Whether
    any was."""
    open = [(entry, live) for live in it.opening.live if it.now < live.until and (entry := it.asked(live))]
    mine = [(entry, entry.offer) for entry, _ in open if entry.book_for_me and entry.offer]
    return sum(_book(it.catalog, entry, offer, it.now) for entry, offer in mine) > 0


def _book(catalog: Catalog, entry: WaitlistEntry, offer: Offer, now: datetime) -> bool:
    """What refuses it leaves it to run out, and to the next."""
    try:
        book_for_them(catalog, entry, offer, now=now)
    except Refusal as error:
        log.warning("not booked for them", extra={"entry": entry.id, "error": type(error).__name__})
        return False
    return True


def _new(it: Look, one: Invited, name: str, slot: Slot, hold: str, count: int) -> Offer:
    return Offer(
        name,
        it.opening.id,
        one.service,
        slot.staff,
        slot.starts,
        slot.ends,
        it.now,
        one.until,
        hold,
        shared=count > 1,
    )


def _held(it: Look, service: str, slot: Slot, hold: str, until: datetime) -> Allocation:
    """Raises SlotTaken, and why else it cannot be had."""
    minutes = (slot.ends - slot.starts) // timedelta(minutes=1)
    question = question_of(it.catalog, service, slot.staff, minutes, now=it.now)
    return find(question, hold, slot.starts, hold_until=until)


def _passed(places: list[Place], asked: list[Invited]) -> Iterator[WaitlistEntry]:
    """Who waits longest and was passed by a better tier: one write, however many wait."""
    passed = passed_by_tier(places, asked[0].entry)
    if passed and passed.id not in {one.entry.id for one in asked}:
        yield replace(passed, passed_by=passed.passed_by + 1)


# The book


def question_of(
    catalog: Catalog, service: str, staff: str, minutes: int | None = None, *, now: datetime
) -> AvailabilityQuery:
    """At any notice, for the offer has its own cut-off; for so many `minutes`, or as long as the service takes. Raises
    UnknownService, UnknownStaff."""
    question = at_any_notice(ask(catalog, service, staff, zone=catalog.business.zone, now=now))
    return replace(question, service=lasting(question.service, minutes))


def _within(question: AvailabilityQuery, opening: Opening, now: datetime) -> Iterator[Slot]:
    zone, service = question.business.zone, question.service
    start, end = minute_after(max(opening.starts, now)), int(opening.ends.timestamp()) // 60
    if start >= end:
        return
    for slot in free(question, local_day(start, zone), local_day(end - 1, zone)):
        if start <= slot.start and slot.start + service.duration <= end:
            starts = datetime.fromtimestamp(slot.start * 60, UTC)
            yield Slot(
                starts, starts + timedelta(minutes=service.duration), opening.staff, None, service.before, service.after
            )
