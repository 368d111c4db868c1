"""The waitlist as staff see it: who waits, in their order with the reason of each place, and what came free."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kept.api.base import Answer
from kept.api.business.setting_types import Clock
from kept.api.reasons import Facts, told
from kept.booking.appointment import Slot
from kept.business.catalog import Business
from kept.clients.client import Client, Tier
from kept.use_cases.waitlist.at_desk import WaitlistAtDesk
from kept.waitlist.entry import EntryState, Offer, OfferAnswer, SameDay, WaitlistEntry, WaitlistEvent
from kept.waitlist.offers import offered_from
from kept.waitlist.opening import FreedBy, Opening


class OfferAnswered(Answer):
    """`shared`: several have the same time on offer, and the first to accept has it. `answer` is null while it is
    open, or its end was not noted yet."""

    id: str
    opening: str
    service: str
    staff: str
    start: datetime
    end: datetime
    made_at: datetime
    until: datetime
    shared: bool
    answer: OfferAnswer | None
    answered_at: datetime | None
    why: str
    why_code: str
    facts: Facts


class EntryLine(Answer):
    """What happened, `about` which offer, freed time or appointment, and why in the words of whoever did it."""

    what: str
    at: datetime
    by: str
    about: str
    why: str


class EntryAnswer(Answer):
    """`offer` is what they have on offer now, `booked` the appointment that it came to."""

    id: str
    client: str
    client_name: str
    tier: Tier
    state: EntryState
    since: datetime
    services: list[str]
    staff: list[str]
    first: date
    last: date
    weekdays: list[int]
    opens: Clock | None
    closes: Clock | None
    sooner_than: str
    book_for_me: bool
    quiet_allowed: bool
    same_day: SameDay
    note: str
    offer: OfferAnswered | None
    booked: str


class FitAnswer(Answer):
    """What of some freed time they can be offered."""

    service: str
    staff: str
    start: datetime


class PlaceAnswer(EntryAnswer):
    """With their place, from 1 on, and why they come before those behind them; and of the freed time that was asked for
    what `fits`."""

    number: int
    why: str
    why_code: str
    facts: Facts
    fits: FitAnswer | None


class WholeEntryAnswer(EntryAnswer):
    """With its latest offers and its record. What starts before `offered_from` is too near to be offered still."""

    offered_from: datetime
    offers: list[OfferAnswered]
    record: list[EntryLine]


class LiveOfferAnswer(Answer):
    """Who has which time on offer until when."""

    entry: str
    start: datetime
    end: datetime
    until: datetime


class OpeningAnswer(Answer):
    """Freed time that is open still. `by_hand`: staff choose whom it is offered to."""

    id: str
    staff: str
    start: datetime
    end: datetime
    freed_by: FreedBy
    by_hand: bool
    offers: list[LiveOfferAnswer]


class WaitlistAnswer(Answer):
    """Who waits; asked for one opening, those whom it fits and who were not asked yet, in the order in which they
    are."""

    entries: list[PlaceAnswer]
    openings: list[OpeningAnswer]


def entry(it: WaitlistEntry, client: Client | None, zone: ZoneInfo, language: str) -> EntryAnswer:
    return EntryAnswer(**_entry(it, client, zone, language))


def whole(
    it: WaitlistEntry, client: Client | None, business: Business, language: str, *, now: datetime
) -> WholeEntryAnswer:
    zone = business.zone
    return WholeEntryAnswer(
        **_entry(it, client, zone, language),
        offered_from=offered_from(business.waitlist, now=now).astimezone(zone),
        offers=[_offer(offer, zone, language) for offer in it.offers],
        record=[_line(line, zone) for line in it.lines],
    )


def waitlist(it: WaitlistAtDesk, zone: ZoneInfo, language: str) -> WaitlistAnswer:
    lines = [
        PlaceAnswer(
            **_entry(place.entry, it.clients.get(place.entry.client), zone, language),
            number=place.number,
            fits=_fit(*it.fits[place.entry.id], zone) if place.entry.id in it.fits else None,
            **told(place.why, "why", language),
        )
        for place in it.places
    ]
    ordered = sorted(it.openings, key=lambda opening: (opening.starts, opening.id))
    return WaitlistAnswer(entries=lines, openings=[_opening(opening, zone) for opening in ordered])


def _fit(service: str, slot: Slot, zone: ZoneInfo) -> FitAnswer:
    return FitAnswer(service=service, staff=slot.staff, start=slot.starts.astimezone(zone))


def _entry(it: WaitlistEntry, client: Client | None, zone: ZoneInfo, language: str) -> dict[str, object]:
    wish = it.wish
    return {
        "id": it.id,
        "client": it.client,
        "client_name": client.name if client else "",
        "tier": it.claim.tier,
        "state": it.state,
        "since": it.since.astimezone(zone),
        "services": list(wish.services),
        "staff": list(wish.staff),
        "first": wish.first,
        "last": wish.last,
        "weekdays": list(wish.weekdays),
        "opens": wish.opens,
        "closes": wish.closes,
        "sooner_than": wish.sooner_than,
        "book_for_me": it.book_for_me,
        "quiet_allowed": it.quiet_allowed,
        "same_day": it.same_day,
        "note": it.note,
        "offer": _offer(it.offer, zone, language) if it.offer else None,
        "booked": it.booked,
    }


def _offer(it: Offer, zone: ZoneInfo, language: str) -> OfferAnswered:
    return OfferAnswered(
        id=it.id,
        opening=it.opening,
        service=it.service,
        staff=it.staff,
        start=it.starts.astimezone(zone),
        end=it.ends.astimezone(zone),
        made_at=it.at.astimezone(zone),
        until=it.until.astimezone(zone),
        shared=it.shared,
        answer=it.answer,
        answered_at=it.answered_at.astimezone(zone) if it.answered_at else None,
        **told(it.why, "why", language),
    )


def _line(it: WaitlistEvent, zone: ZoneInfo) -> EntryLine:
    return EntryLine(what=it.what, at=it.at.astimezone(zone), by=it.by, about=it.about, why=it.why)


def _opening(it: Opening, zone: ZoneInfo) -> OpeningAnswer:
    return OpeningAnswer(
        id=it.id,
        staff=it.staff,
        start=it.starts.astimezone(zone),
        end=it.ends.astimezone(zone),
        freed_by=it.freed_by,
        by_hand=it.by_hand,
        offers=[
            LiveOfferAnswer(
                entry=live.entry,
                start=live.slot.starts.astimezone(zone),
                end=live.slot.ends.astimezone(zone),
                until=live.until.astimezone(zone),
            )
            for live in it.live
        ],
    )
