"""One booking and its life: what becomes of it, by whom, and what it answers when it is asked again."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from kept.actor import Change
from kept.booking.dispute import Dispute, DisputeState
from kept.booking.history import (
    APPROVED,
    ASKED_FOR,
    AT_RISK,
    AWAITING_DEPOSIT,
    BOOKED,
    DECLINED,
    DELAY_ANSWERED,
    DEPOSIT_LET_OFF,
    DEPOSIT_PAID,
    DEPOSIT_UNPAID,
    DISPUTE_REFUSED,
    DISPUTE_UPHELD,
    DISPUTED,
    KEPT_WAITING,
    LAPSED,
    LOCAL_TIME_KEPT,
    MENDED,
    NO_SHOW_REVERSED,
    NOT_AT_RISK,
    NOT_KEPT_WAITING,
    REINSTATED,
    RELEASED,
    RESCHEDULED,
    RESIZED,
    TOLD_DELAY,
    UNDONE,
    WITHDRAWN,
    Event,
    History,
    shortened,
)
from kept.booking.refusals import (
    AlreadyDisputed,
    AlreadyStarted,
    AnsweredTooLate,
    DisputeTooLate,
    MoveNotAllowed,
    NotDisputed,
    RescheduleLimit,
)
from kept.booking.states import (
    CAME,
    EXPECTED,
    GONE,
    MOVES,
    OF_A_DISPUTE,
    OPEN,
    TENTATIVE,
    TO_COME,
    ReversalReason,
    Status,
)
from kept.booking.told_delay import DelayChoice, ToldDelay
from kept.bounds import WORDS
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules, DepositRules, Terms
from kept.business.questions import GivenAnswer
from kept.clients.booked_as import BookedAs
from kept.clients.client import Tier
from kept.errors import Outdated

CHOSEN = frozenset({BOOKED, ASKED_FOR, AWAITING_DEPOSIT, APPROVED, DEPOSIT_PAID, DEPOSIT_LET_OFF, RESCHEDULED})
"""The lines with which a slot, or that it is theirs for sure, is new."""
DEPOSITS = DepositRules()


@dataclass(frozen=True, slots=True)
class Slot:
    """When, with whom and where; instants in UTC, buffers in minutes.

    `days` are the dates of the pages on which it was written into the book: by these it is found there, whatever zone
    the business is in by now. What was booked before they were kept has none, and is looked for. `tz` is the place's
    zone and `offset` its minutes from UTC when it was written: so its local time is known whatever the zone does later.
    """

    starts: datetime
    ends: datetime
    staff: str
    room: str | None = None
    before: int = 0
    after: int = 0
    days: tuple[date, ...] = field(default=(), compare=False)
    tz: str = field(default="", compare=False)
    offset: int = field(default=0, compare=False)

    @property
    def local(self) -> datetime:
        """What the place's clock was to show at its start when it was booked."""
        return self.starts.replace(tzinfo=None) + timedelta(minutes=self.offset)


@dataclass(frozen=True, slots=True)
class Appointment:
    """`version` is the slot's (+1 per move, shown to clients), `revision` the optimistic lock (+1 per write).

    `processed_until` is how far along its timeline it has been brought: touchpoints up to there are done or missed.
    `waits_until` is set by "on my way"; `at_risk` marks one that is likelier than others to be missed. `tz` is the zone
    in which it was chosen, so that the timeline needs nothing else; `booked_as` who it was made for, as they were typed
    then (None in what was booked before that was kept: then it is whoever the client now is). Of a long history the
    oldest lines stand in items of their own: the first `archived` of them. `released`: it was missed, and the rest of
    its slot is anybody's. `minutes` is how long staff made this one; None is as long as its service. `tier` is what the
    client was and `price` what the service cost when it was booked: figures of then do not change with either.
    `accepted` is what the client agreed to, under the terms of `policy_version`. `held_until` is when one that is not
    answered for gives its slot back; from exactly then on it is too late to answer. `deposit_for` is the date that
    its deposit was for, where its client has moved it since. `answers` are what its client said to the service's
    questions. `disputed` is the last time that its client said it was held against them wrongly; `kept_waiting` for how
    many minutes we made them wait, and `made_good` the minor units of credit that they got for it.
    `delay` is what they were last told of our running late.
    """

    business: str
    id: str
    service: str
    client: str
    slot: Slot
    status: Status
    booked_at: datetime
    processed_until: Annotated[datetime, Field(alias="looked_until")]
    tz: str
    version: int = 1
    revision: int = 0
    reschedules: int = 0
    policy_version: int = 1
    waits_until: datetime | None = None
    late: bool = False
    at_risk: bool = False
    released: bool = False
    note: str = ""
    evidence: tuple[str, ...] = ()
    booked_as: BookedAs | None = None
    history: History = ()
    archived: int = 0
    minutes: int | None = None
    tier: Tier | None = None
    price: Money | None = None
    accepted: Terms | None = None
    held_until: datetime | None = None
    deposit_for: date | None = None
    answers: tuple[GivenAnswer, ...] = ()
    disputed: Dispute | None = None
    kept_waiting: int = 0
    made_good: int = 0
    delay: ToldDelay | None = None

    @property
    def starts(self) -> datetime:
        return self.slot.starts

    @property
    def ends(self) -> datetime:
        return self.slot.ends

    @property
    def chosen_at(self) -> datetime:
        """When this slot was booked, approved or moved to: what should have happened before that is not owed."""
        return max(event.at for event in self.history if event.what in CHOSEN)

    @property
    def had_by(self) -> tuple[str, ...]:
        """Whom it was with before, and is not now."""
        return tuple(dict.fromkeys(event.staff for event in self.history if event.staff != self.slot.staff))

    @property
    def is_expected(self) -> bool:
        return self.status in EXPECTED

    @property
    def is_tentative(self) -> bool:
        """It holds its slot and is still to be answered for."""
        return self.status in TENTATIVE

    @property
    def is_to_come(self) -> bool:
        """Nobody has come to it yet, and its slot is kept: expected, or tentative."""
        return self.status in TO_COME

    @property
    def was_booked(self) -> bool:
        """It is, or once was, more than asked for: only that is counted."""
        return any(event.status not in TENTATIVE | {Status.CANCELLED} for event in self.history)

    @property
    def has_come(self) -> bool:
        """They were here for it."""
        return self.status in CAME

    @property
    def held_against(self) -> Event | None:
        """The line by which it counts against its client, for they did not come or cancelled too late; None where
        nothing does."""
        what = {Status.NO_SHOW: "no_show", Status.CANCELLED: "cancelled" if self.late else ""}.get(self.status)
        return next((event for event in reversed(self.history) if event.what == what), None)

    @property
    def dispute(self) -> Dispute | None:
        """Of what it is now: another version is another matter."""
        return self.disputed if self.disputed and self.disputed.version == self.version else None

    @property
    def is_disputed(self) -> bool:
        """Somebody has to decide."""
        return self.dispute is not None and self.dispute.is_open

    @property
    def dispute_answer(self) -> str:
        """What whoever refused it told its client; "" for nothing, and of what was upheld."""
        if self.dispute is None or self.dispute.state is not DisputeState.REFUSED:
            return ""
        return next((event.why for event in reversed(self.history) if event.what == DISPUTE_REFUSED), "")

    @property
    def reasons_to_uphold(self) -> frozenset[ReversalReason]:
        """Who cancelled it cannot have come after all."""
        was_missed = self.status is Status.NO_SHOW
        return OF_A_DISPUTE if was_missed else OF_A_DISPUTE - {ReversalReason.CAME_AFTER_ALL}

    def disputable_until(self, within: timedelta) -> datetime | None:
        """The last moment at which its client may still say so; None where they cannot, or have said it."""
        against = self.held_against
        return against.at + within if against and self.dispute is None else None

    def terms(self, rules: ChangeRules) -> Terms:
        """Those it was booked under; what was booked before they were kept goes by the rules as they are."""
        return self.accepted or rules.before_any

    def last_free(self, rules: ChangeRules) -> datetime:
        """A change by its client at exactly this moment is in time."""
        return self.starts if self.is_held_up else self.terms(rules).last_free(self.starts, self.booked_at)

    def is_late(self, rules: ChangeRules, *, now: datetime) -> bool:
        """What is not answered for is given up, or moved, for nothing; and what we said would begin late."""
        is_free = self.is_tentative or self.is_held_up
        return not is_free and self.terms(rules).is_late(self.starts, self.booked_at, now=now)

    def stands_at(self, starts: datetime, staff: str | None) -> bool:
        """Its slot is there already, with this person (None: whoever it is with)."""
        return self.is_to_come and self.starts == starts and staff in (None, self.slot.staff)

    @property
    def deposit_day(self) -> date:
        return self.deposit_for or self.slot.local.date()

    def deposit_goes_along(self, slot: Slot, change: Change) -> bool:
        """Where the business moves it always, else so many days from the date that it was for, sooner or later."""
        moves = self.accepted.deposit_moves if self.accepted else timedelta(0)
        return not change.is_asked_by_client or abs(slot.local.date() - self.deposit_day) <= moves

    def must_be_at(self, version: int | None) -> None:
        """What a page or a link speaks of may have moved since. Raises Outdated."""
        if version not in (None, self.version):
            raise Outdated(version=self.version)

    def confirm(self, change: Change) -> "Appointment":
        """Confirming twice changes nothing."""
        if self.status is Status.CONFIRMED:
            return self
        self._must_not_have_started(change)
        return self._moved_to(Status.CONFIRMED, "confirmed", change)

    def check_in(self, change: Change) -> "Appointment":
        self._must_not_be_missed()
        return self._moved_to(Status.ARRIVED, "arrived", change)

    def begin(self, change: Change) -> "Appointment":
        return self._moved_to(Status.IN_SERVICE, "in_service", change)

    def complete(self, change: Change) -> "Appointment":
        """Of one who was only expected it says that they came, which nobody can before it begins. Raises
        MoveNotAllowed."""
        self._must_not_be_missed()
        if self.is_expected and change.at < self.starts:
            raise MoveNotAllowed(state=self.status)
        return self._moved_to(Status.COMPLETED, "completed", change)

    def cancel(self, change: Change, *, rules: ChangeRules) -> "Appointment":
        """Late when the client asks for it, of us or by themself, inside the notice for a free change, and the grace
        after booking is over; not where we made them wait.

        A client may as long as they are expected and it has not begun. What is not answered for yet they withdraw,
        and staff decline. Raises MoveNotAllowed, AlreadyStarted.
        """
        self._must_not_be_missed()
        self._must_not_have_started(change)
        if self.is_tentative:
            what = WITHDRAWN if change.is_asked_by_client else DECLINED
            return self._moved_to(Status.CANCELLED, what, change)
        if change.by.is_client and not self.is_expected:
            raise MoveNotAllowed(state=self.status)
        late = change.is_asked_by_client and not self.kept_waiting and self.is_late(rules, now=change.at)
        return replace(self, late=late)._moved_to(Status.CANCELLED, "cancelled", change)

    def approve(self, change: Change, *, deposits: DepositRules = DEPOSITS) -> "Appointment":
        """By staff; twice changes nothing. With a deposit it waits for that next. Raises MoveNotAllowed,
        AnsweredTooLate."""
        if self.is_to_come and any(event.what in (APPROVED, AWAITING_DEPOSIT) for event in self.history):
            return self
        if self.status is not Status.ASKED_FOR:
            raise MoveNotAllowed(state=self.status)
        if not (self.accepted and self.accepted.deposit):
            return self.secure(APPROVED, change)
        self._must_be_in_time(change)
        waits = replace(self, held_until=deposits.pay_until(self.starts, now=change.at))
        return waits._moved_to(Status.AWAITING_DEPOSIT, AWAITING_DEPOSIT, change)

    def secure(self, what: str, change: Change) -> "Appointment":
        """Answered for in time: booked from now on, with the grace of a booking. Raises MoveNotAllowed,
        AnsweredTooLate."""
        self._must_be_in_time(change)
        booked = replace(self, booked_at=change.at, held_until=None, processed_until=change.at)
        return booked._moved_to(Status.BOOKED, what, change)

    def decline(self, change: Change) -> "Appointment":
        """By staff, who say to the client why in `change.why`. Raises MoveNotAllowed, AnsweredTooLate."""
        if self.status is not Status.ASKED_FOR:
            raise MoveNotAllowed(state=self.status)
        self._must_be_in_time(change)
        return self._moved_to(Status.CANCELLED, DECLINED, change)

    def await_deposit(self, until: datetime, change: Change) -> "Appointment":
        """Again, for what was recorded as paid was not. A version of its own: the client is told anew. Raises
        MoveNotAllowed once they are not expected any more."""
        if not self.is_expected:
            raise MoveNotAllowed(state=self.status)
        waiting = replace(self, status=Status.AWAITING_DEPOSIT, held_until=until, version=self.version + 1)
        return waiting.noted(DEPOSIT_UNPAID, change)

    def keep_while_paying(self, until: datetime, change: Change) -> "Appointment":
        """A little longer, for whoever is about to pay; kept for so long already it is as it is. Raises
        MoveNotAllowed, AnsweredTooLate."""
        if self.status is not Status.AWAITING_DEPOSIT:
            raise MoveNotAllowed(state=self.status)
        self._must_be_in_time(change)
        return self if self.held_until is None or self.held_until >= until else replace(self, held_until=until)

    def lapse(self, change: Change) -> "Appointment":
        """The time for which it held its slot has run out; as it is where it was answered for, or has time left."""
        if not self.is_tentative or self.held_until is None or change.at < self.held_until:
            return self
        return self._moved_to(Status.CANCELLED, LAPSED, change)

    def cannot_come(self, change: Change) -> "Appointment":
        """Their word, after the start, that they are not coming: a late cancellation. Raises MoveNotAllowed."""
        if not self.is_expected or change.at < self.starts:
            raise MoveNotAllowed(state=self.status)
        return replace(self, late=True)._moved_to(Status.CANCELLED, "cancelled", change)

    def reschedule(self, slot: Slot, change: Change, *, rules: ChangeRules) -> "Appointment":
        """Same id, next version, to be confirmed anew; late as a cancellation is. The limit counts what clients ask
        for, and binds what they do by themselves. What is asked for, or waits for its deposit, does so still. Raises
        RescheduleLimit, MoveNotAllowed, AnsweredTooLate."""
        self._must_not_have_started(change)
        if not self.is_to_come:
            raise MoveNotAllowed(state=self.status)
        if self.is_tentative:
            self._must_be_in_time(change)
        if change.by.is_client and not self.is_held_up and self.reschedules >= rules.reschedules:
            raise RescheduleLimit(limit=rules.reschedules)
        moved = replace(
            self,
            slot=slot,
            status=self.status if self.is_tentative else Status.BOOKED,
            held_until=self._held_until(slot, change, rules.deposits),
            version=self.version + 1,
            reschedules=self.reschedules + (change.is_asked_by_client and not self.is_held_up),
            late=change.is_asked_by_client and self.is_late(rules, now=change.at),
            processed_until=change.at,
            waits_until=None,
        )
        return self._with_deposit(moved, change).noted(RESCHEDULED, change)

    def _held_until(self, slot: Slot, change: Change, deposits: DepositRules) -> datetime | None:
        """There, until it is answered for: no longer than to the start. A deposit has the time that the rules give,
        counted from when it was asked, for else each move would win another day unpaid; where we move it, from now."""
        if self.status is not Status.AWAITING_DEPOSIT:
            return self.held_until and min(self.held_until, slot.starts)
        asked = (line.at for line in reversed(self.history) if line.what in (AWAITING_DEPOSIT, DEPOSIT_UNPAID))
        since = next(asked, self.booked_at) if change.is_asked_by_client else change.at
        return deposits.pay_until(slot.starts, now=change.at, asked_at=since)

    def _with_deposit(self, moved: "Appointment", change: Change) -> "Appointment":
        """Its deposit goes along, or ends with the date that it was for: lost where the move is late, and no other is
        asked then. One that is not paid yet is for the new date."""
        if self.accepted is None or not self.accepted.deposit:
            return moved
        if self.is_tentative:
            return replace(moved, deposit_for=None)
        if self.deposit_goes_along(moved.slot, change):
            return replace(moved, deposit_for=self.deposit_day if change.is_asked_by_client else None)
        accepted = replace(self.accepted, deposit=0) if moved.late else self.accepted
        return replace(moved, deposit_for=None, accepted=accepted)

    def resize(self, slot: Slot, change: Change) -> "Appointment":
        """Another end alone, of one that is not over: what the client was told stays true. Raises MoveNotAllowed."""
        if self.status not in OPEN | TENTATIVE:
            raise MoveNotAllowed(state=self.status)
        minutes = (slot.ends - slot.starts) // timedelta(minutes=1)
        return replace(self, slot=slot, minutes=minutes).noted(RESIZED, change)

    def keep_local_time(self, slot: Slot, change: Change, *, told: bool) -> "Appointment":
        """The same local time at another instant: it stays confirmed, and what was sent for it was.

        Where that is another time by the client's own clock, and they are `told`, it is moved as by anybody of the
        business: a version of its own, to be confirmed anew. Raises MoveNotAllowed.
        """
        if not self.is_to_come:
            raise MoveNotAllowed(state=self.status)
        if not told:
            return replace(self, slot=slot).noted(LOCAL_TIME_KEPT, change)
        status = self.status if self.is_tentative else Status.BOOKED
        moved = replace(self, slot=slot, status=status, version=self.version + 1, processed_until=change.at)
        return moved.noted(RESCHEDULED, change)

    def mend(self, booked_as: BookedAs | None, note: str | None, change: Change) -> "Appointment":
        """Who it was made for, and their note; as it is changes nothing.

        A client may as long as they are to come. Raises MoveNotAllowed.
        """
        if change.by.is_client and not self.is_to_come:
            raise MoveNotAllowed(state=self.status)
        after = replace(self, booked_as=booked_as, note=self.note if note is None else note)
        return self if after == self else after.noted(MENDED, change)

    def wait_for_client(self, until: datetime, change: Change) -> "Appointment":
        """They said they are on their way. Raises MoveNotAllowed once they are not expected any more."""
        if not self.is_expected:
            raise MoveNotAllowed(state=self.status)
        return replace(self, waits_until=until).noted("on_my_way", change)

    def risk(self, change: Change, *, high: bool) -> "Appointment":
        """Staff's word on it, or a score's; marking it as it is changes nothing."""
        if high is self.at_risk:
            return self
        return replace(self, at_risk=high).noted(AT_RISK if high else NOT_AT_RISK, change)

    def mark_no_show(self, change: Change, *, evidence: tuple[str, ...]) -> "Appointment":
        return replace(self, evidence=evidence)._moved_to(Status.NO_SHOW, "no_show", change)

    def reverse_no_show(self, reason: ReversalReason, change: Change) -> "Appointment":
        """The evidence stays with the history; nothing that counts no-shows sees it any more, and a dispute is upheld
        with it. Raises MoveNotAllowed."""
        if self.status is not Status.NO_SHOW:
            raise MoveNotAllowed(state=self.status)
        why = _because(reason, change)
        if reason is ReversalReason.MISTAKE:
            return self._back(NO_SHOW_REVERSED, why)
        if reason is ReversalReason.CAME_AFTER_ALL:
            came = Status.ARRIVED if change.at < self.ends else Status.COMPLETED
            return replace(self, released=False)._moved_to(came, NO_SHOW_REVERSED, why)._upheld(self, reason, change)
        gone = replace(self, released=False, late=False)._moved_to(Status.CANCELLED, NO_SHOW_REVERSED, why)
        return gone._upheld(self, reason, change)

    def raise_dispute(self, change: Change, *, within: timedelta) -> "Appointment":
        """Its client says that it is held against them wrongly; said again before it is decided it changes nothing.

        Once for each version. Raises MoveNotAllowed where nothing is held against them, AlreadyDisputed,
        DisputeTooLate.
        """
        if (against := self.held_against) is None:
            raise MoveNotAllowed(state=self.status)
        if self.is_disputed:
            return self
        if self.dispute:
            raise AlreadyDisputed
        if change.at > against.at + within:
            raise DisputeTooLate(until=(against.at + within).isoformat())
        return replace(self, disputed=Dispute(self.version, change.at)).noted(DISPUTED, change)

    def uphold_dispute(self, reason: ReversalReason, change: Change) -> "Appointment":
        """Nothing of it is held against them any more. Raises NotDisputed, and MoveNotAllowed for a reason that cannot
        be."""
        if not self.is_disputed:
            raise NotDisputed
        if reason not in self.reasons_to_uphold:
            raise MoveNotAllowed(state=self.status)
        if self.status is Status.NO_SHOW:
            return self.reverse_no_show(reason, change)
        return replace(self, late=False)._upheld(self, reason, change)

    def refuse_dispute(self, change: Change) -> "Appointment":
        """It stays as it is; `why` is what the client is told. Raises NotDisputed."""
        if self.dispute is None or not self.is_disputed:
            raise NotDisputed
        return replace(self, disputed=self.dispute.refused()).noted(DISPUTE_REFUSED, change)

    def keep_waiting(self, minutes: int, change: Change) -> "Appointment":
        """We made them wait, or (0) did not after all; as it is it changes nothing. Raises MoveNotAllowed of who has
        not come."""
        if not self.has_come:
            raise MoveNotAllowed(state=self.status)
        if minutes == self.kept_waiting:
            return self
        return replace(self, kept_waiting=minutes).noted(KEPT_WAITING if minutes else NOT_KEPT_WAITING, change)

    @property
    def told_delay(self) -> ToldDelay | None:
        """Of what it is now: of another version nobody was told yet."""
        return self.delay if self.delay and self.delay.version == self.version else None

    @property
    def is_held_up(self) -> bool:
        """By what its client was told last: whatever they do about it is our doing."""
        return self.told_delay is not None and self.told_delay.minutes > 0

    def tell_delay(self, minutes: int, change: Change) -> "Appointment":
        """That it begins so much later than agreed. Raises MoveNotAllowed once they are not expected any more."""
        if not self.is_expected:
            raise MoveNotAllowed(state=self.status)
        told = ToldDelay(self.version, change.at, minutes, self.starts)
        return replace(self, delay=told).noted(TOLD_DELAY, change)

    def answer_delay(self, choice: DelayChoice, change: Change) -> "Appointment":
        """Their word on it; the same again changes nothing. Raises MoveNotAllowed where they were told of none, or are
        not expected any more."""
        told = self.told_delay
        if told is None or not self.is_expected:
            raise MoveNotAllowed(state=self.status)
        if told.choice is choice:
            return self
        return replace(self, delay=told.chosen(choice, change.at)).noted(DELAY_ANSWERED, change)

    def release(self, change: Change) -> "Appointment":
        """The rest of a missed slot may be had by others; said again it changes nothing. Raises MoveNotAllowed."""
        if self.status is not Status.NO_SHOW or change.at >= self.ends:
            raise MoveNotAllowed(state=self.status)
        return self if self.released else replace(self, released=True).noted(RELEASED, change)

    @property
    def before(self) -> Status | None:
        """Where a step taken back leads; None where there is none. What was left by going back counts no more, and
        nothing leads back to being missed or cancelled, or to what was answered for: whoever was declined, withdrew or
        was left without an answer asks anew."""
        if self.status not in CAME | GONE:
            return None
        path: list[Status] = []
        for event in self.history:
            path = path[: path.index(event.status)] if event.status in path else path
            path.append(event.status)
        found = next((status for status in reversed(path[:-1]) if status not in GONE), None)
        return None if found in TENTATIVE else found

    def undo(self, change: Change) -> "Appointment":
        """The last step taken back. Raises MoveNotAllowed."""
        if self.status is Status.NO_SHOW:
            return self.reverse_no_show(ReversalReason.MISTAKE, change)
        return self._back(REINSTATED if self.status is Status.CANCELLED else UNDONE, change)

    def looked(self, until: datetime) -> "Appointment":
        """Brought along its timeline; never back."""
        return replace(self, processed_until=max(self.processed_until, until))

    def noted(self, what: str, change: Change) -> "Appointment":
        """With one more line of history, telling how it is now."""
        event = Event(
            what,
            change.at,
            str(change.by),
            self.version,
            self.status,
            self.starts,
            self.ends,
            self.slot.staff,
            self.slot.room,
            change.why[:WORDS],
            change.key,
            change.body,
            self.reschedules,
            self.late,
            self.at_risk,
            for_client=change.for_client,
        )
        return replace(self, history=(*self.history, event))

    @property
    def shortened(self) -> tuple["Appointment", History]:
        """As it is stored, and the lines that then stand in items of their own."""
        history, moved = shortened(self.history)
        return (replace(self, history=history, archived=self.archived + len(moved)), moved) if moved else (self, ())

    def answer_to(self, key: str) -> Event | None:
        """What was done under this idempotency key, if it was used on this appointment and the line is not archived."""
        return next((e for e in self.history if key and e.key == key), None)

    def as_of(self, event: Event) -> "Appointment":
        """How it stood right after that event, so that a repeated request gets its first answer."""
        slot = replace(self.slot, starts=event.starts, ends=event.ends, staff=event.staff, room=event.room)
        is_here = event in self.history
        before = self.history[: self.history.index(event)] if is_here else (e for e in self.history if e.at < event.at)
        return replace(
            self,
            slot=slot,
            status=event.status,
            version=event.version,
            reschedules=event.reschedules,
            late=event.late,
            at_risk=event.at_risk,
            history=(*before, event),
        )

    def _moved_to(self, status: Status, what: str, change: Change) -> "Appointment":
        if status not in MOVES[self.status]:
            raise MoveNotAllowed(state=self.status)
        return replace(self, status=status).noted(what, change)

    def _back(self, what: str, change: Change) -> "Appointment":
        """Late is what it was before. After word may have gone out that they are gone it has a version of its own:
        what is told from now on is told for the first time."""
        if (to := self.before) is None:
            raise MoveNotAllowed(state=self.status)
        earlier = next((e for e in reversed(self.history) if e.status not in GONE), None)
        was_gone = any(e.status in GONE and e.version == self.version for e in self.history)
        anew = self.status in GONE or (to in EXPECTED and was_gone)
        back = replace(
            self,
            status=to,
            version=self.version + anew,
            late=earlier.late if earlier else False,
            released=False,
            processed_until=max(self.processed_until, change.at),
        )
        return back.noted(what, change)._upheld(self, ReversalReason.MISTAKE, change)

    def _upheld(self, before: "Appointment", reason: ReversalReason, change: Change) -> "Appointment":
        """With the dispute of what it was `before`, if one was open; the step that it comes with has the key."""
        if before.dispute is None or not before.is_disputed:
            return self
        said = _because(reason, change)
        alone = self.history is before.history
        return replace(self, disputed=before.dispute.upheld(reason)).noted(
            DISPUTE_UPHELD, said if alone else replace(said, key="", body="")
        )

    def _must_not_be_missed(self) -> None:
        """A no-show ends only by being taken back, with a reason, so that what hangs on it ends as well."""
        if self.status is Status.NO_SHOW:
            raise MoveNotAllowed(state=self.status)

    def _must_be_in_time(self, change: Change) -> None:
        if self.held_until is not None and change.at >= self.held_until:
            raise AnsweredTooLate(until=self.held_until)

    def _must_not_have_started(self, change: Change) -> None:
        if change.by.is_client and self.is_to_come and change.at >= self.starts:
            raise AlreadyStarted


def _because(reason: ReversalReason, change: Change) -> Change:
    return replace(change, why=": ".join(filter(None, (reason, change.why))))


def book(
    business: str,
    id: str,
    *,
    service: str,
    client: str,
    tz: str,
    slot: Slot,
    policy_version: int,
    note: str,
    change: Change,
    booked_as: BookedAs | None = None,
    tier: Tier | None = None,
    price: Money | None = None,
    accepted: Terms | None = None,
    status: Status = Status.BOOKED,
    held_until: datetime | None = None,
    answers: tuple[GivenAnswer, ...] = (),
) -> Appointment:
    """A new appointment, with what the client accepted; `held_until` belongs to a tentative `status`."""
    return Appointment(
        business=business,
        id=id,
        service=service,
        client=client,
        slot=slot,
        status=status,
        booked_at=change.at,
        processed_until=change.at,
        tz=tz,
        policy_version=policy_version,
        note=note,
        booked_as=booked_as,
        tier=tier,
        price=price,
        accepted=accepted,
        held_until=held_until,
        answers=answers,
    ).noted(str(status), change)
