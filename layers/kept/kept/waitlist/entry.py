"""One client's wait for time to come free: its states, its offers, and the record of all that was done about it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from kept.actor import CLIENT, KEPT, Change
from kept.clients.client import Tier
from kept.reasons import Code, Reason, because
from kept.waitlist.refusals import EntryOver, OfferOver
from kept.waitlist.wish import Wish

LINES = 60
"""Of its record, the newest; and as many offers as `OFFERS`."""
OFFERS = 12


class EntryState(StrEnum):
    """LEFT by the client's word or staff's, ENDED with its last day."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    ENDED = "ended"


LIVE = frozenset({EntryState.WAITING, EntryState.OFFERED})


class OfferAnswer(StrEnum):
    """EXPIRED: nobody said anything until its deadline. WITHDRAWN: it could not be had any more."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot of an `opening`, held (`hold` is its name on the day page) for this client until the deadline `until`,
    from which very instant on it is over. `shared`: others have the same time on offer, and the first to accept wins.
    """

    id: str
    opening: str
    service: str
    staff: str
    starts: datetime
    ends: datetime
    at: datetime
    until: datetime
    hold: str
    shared: bool = False
    answer: OfferAnswer | None = None
    answered_at: datetime | None = None
    why: Reason | None = None

    def is_open(self, *, now: datetime) -> bool:
        return self.answer is None and now < self.until

    def overlaps(self, starts: datetime, ends: datetime) -> bool:
        return self.starts < ends and starts < self.ends


class SameDay(StrEnum):
    """Of free time of the day itself, and of no other, they are told by their own word: because they are NEAR, or once
    they are DUE again by their own rhythm. NO: they wait for any time that they wish for."""

    NO = ""
    NEAR = "near"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a place in the order is made of, as it was when they joined or were looked at last: since when we owe them
    (we made them wait, or called off their visit), their tier, and until when cancelling early counts for them. And
    when they are due again by their own rhythm, and when their next visit begins."""

    tier: Tier = Tier.REGULAR
    wronged: datetime | None = None
    early_until: datetime | None = None
    due_from: datetime | None = None
    comes: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitlistEvent:
    """What happened, when, by whom, about which offer or opening, and why."""

    what: str
    at: datetime
    by: str
    about: str = ""
    why: str = ""


class OnTheList(TypedDict, total=False):
    """How somebody waits, whatever for. `book_for_me`: what fits is booked without asking. `quiet_allowed`: offers may
    come in quiet hours. `same_day`: of what they are told. What is left out is as it was, or at first not so."""

    book_for_me: bool
    quiet_allowed: bool
    same_day: SameDay
    note: str


@dataclass(frozen=True, slots=True)
class WaitlistEntry:
    """How they wait: see OnTheList. `passed_by`: offers that went to a better tier while they waited longest.
    `passed_over`: the openings for which staff passed them over. `booked` is the appointment that it came to."""

    business: str
    id: str
    client: str
    wish: Wish
    since: datetime
    claim: Claim = Claim()
    state: EntryState = EntryState.WAITING
    book_for_me: bool = False
    quiet_allowed: bool = False
    same_day: SameDay = SameDay.NO
    note: str = ""
    offers: tuple[Offer, ...] = ()
    passed_by: int = 0
    passed_over: tuple[str, ...] = ()
    booked: str = ""
    lines: tuple[WaitlistEvent, ...] = ()
    revision: int = 0

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def offer(self) -> Offer | None:
        """The one that nothing has become of yet; past its deadline until that is noted."""
        return next((it for it in self.offers[-1:] if it.answer is None), None)

    @property
    def offered_at(self) -> datetime | None:
        return self.offers[-1].at if self.offers else None

    def has_had(self, opening: str) -> bool:
        """Somebody who let it pass is not offered it again."""
        return any(it.opening == opening and it.answer is not OfferAnswer.WITHDRAWN for it in self.offers)

    def may_have(self, starts: datetime, *, zone: ZoneInfo, now: datetime) -> bool:
        """Whoever is only to hear of gaps hears of those of the day itself, by the clock of the place (`zone`), and of
        none while a visit of theirs is to come."""
        if self.same_day is SameDay.NO:
            return True
        if starts.astimezone(zone).date() != now.astimezone(zone).date():
            return False
        if self.claim.comes is not None and now < self.claim.comes:
            return False
        return self.same_day is SameDay.NEAR or (self.claim.due_from is not None and self.claim.due_from <= now)

    def may_be_asked(self, opening: str) -> bool:
        """Nothing is on offer to them now, and this freed time neither was nor is not to be."""
        return self.is_live and self.offer is None and not self.has_had(opening) and opening not in self.passed_over

    def the_offer(self, id: str, *, now: datetime) -> Offer:
        """The one that is open under this name. Raises OfferOver."""
        if (it := self.offer) is None or it.id != id or not it.is_open(now=now):
            raise OfferOver
        return it

    def offered(self, offer: Offer, change: Change) -> "WaitlistEntry":
        """Raises EntryOver."""
        self._must_live()
        offers = (*self.offers, offer)[-OFFERS:]
        mine = replace(self, state=EntryState.OFFERED, offers=offers, passed_by=0)
        return mine.noted("offered", change, about=offer.id)

    def answered(self, answer: OfferAnswer, change: Change, *, why: Reason | None = None) -> "WaitlistEntry":
        """The open offer is over; they wait on. Without one nothing changes."""
        if (offer := self.offer) is None:
            return self
        done = replace(offer, answer=answer, answered_at=change.at, why=why)
        state = EntryState.WAITING if self.is_live else self.state
        after = replace(self, offers=(*self.offers[:-1], done), state=state)
        return after.noted(str(answer), change, about=offer.id, why=str(why or ""))

    def accepted(self, appointment: str, change: Change) -> "WaitlistEntry":
        return replace(self.answered(OfferAnswer.ACCEPTED, change), state=EntryState.BOOKED, booked=appointment).noted(
            "booked", change, about=appointment
        )

    def booked_otherwise(self, appointment: str, change: Change) -> "WaitlistEntry":
        """By themselves, or by staff, without an offer."""
        after = self.answered(OfferAnswer.WITHDRAWN, change, why=because(Code.BOOKED_ELSEWHERE))
        return replace(after, state=EntryState.BOOKED, booked=appointment).noted("booked", change, about=appointment)

    def changed(self, wish: Wish, change: Change, **how: Unpack[OnTheList]) -> "WaitlistEntry":
        """An open offer is withdrawn; their place stays. Raises EntryOver."""
        self._must_live()
        told = replace(self, wish=wish, **how)
        if told == self:
            return self
        return told.answered(OfferAnswer.WITHDRAWN, change, why=because(Code.WISH_CHANGED)).noted("changed", change)

    def left(self, change: Change) -> "WaitlistEntry":
        """Raises EntryOver."""
        self._must_live()
        return self._over(EntryState.LEFT, change)

    def put_back(self, change: Change) -> "WaitlistEntry":
        """On the list in their old place, where staff had taken them off or booked for them what was cancelled. Raises
        EntryOver."""
        by_staff = bool(self.lines) and self.lines[-1].by not in {str(CLIENT), str(KEPT)}
        if self.state not in {EntryState.LEFT, EntryState.BOOKED} or not by_staff:
            raise EntryOver(state=self.state)
        return replace(self, state=EntryState.WAITING, booked="").noted("put_back", change)

    def ended(self, change: Change) -> "WaitlistEntry":
        """Its last day is over."""
        return self._over(EntryState.ENDED, change) if self.is_live else self

    def passed_over_for(self, opening: str, change: Change) -> "WaitlistEntry":
        """By staff, for the reason in the change; what they had on offer of it is taken back. Raises EntryOver."""
        self._must_live()
        if opening in self.passed_over:
            return self
        is_theirs = self.offer is not None and self.offer.opening == opening
        taken = because(Code.PASSED_OVER)
        mine = self.answered(OfferAnswer.WITHDRAWN, change, why=taken) if is_theirs else self
        passed = (*self.passed_over, opening)[-LINES:]
        return replace(mine, passed_over=passed).noted("passed_over", change, about=opening)

    def noted(self, what: str, change: Change, *, about: str = "", why: str = "") -> "WaitlistEntry":
        line = WaitlistEvent(what, change.at, str(change.by), about, why or change.why)
        return replace(self, lines=(*self.lines, line)[-LINES:])

    def _over(self, state: EntryState, change: Change) -> "WaitlistEntry":
        after = self.answered(OfferAnswer.WITHDRAWN, change, why=because(Code.LEFT_WAITLIST))
        return replace(after, state=state).noted(str(state), change)

    def _must_live(self) -> None:
        if not self.is_live:
            raise EntryOver(state=self.state)
