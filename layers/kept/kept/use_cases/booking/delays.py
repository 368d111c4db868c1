"""Whoever the day's delay reaches is told before they set out: once, and again when it has changed by as much.

Found by the visits that cause it, which are due as long as they run late, and by what is said at the desk, which is due
until all were told. Each client is a write of its own, with the message: what stops in the middle goes on, and of two
who look at once the second finds it told.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from pynamodb.transactions import TransactWrite

from kept.actor import KEPT, Change
from kept.attendance.delay import AHEAD, FORGOTTEN, Announced, delays, to_tell, whose_beginnings_are_said
from kept.booking.appointment import Appointment
from kept.booking.refusals import InvalidDelay
from kept.booking.staging import turns
from kept.booking.told_delay import DelayChoice
from kept.business.catalog import Business, Catalog
from kept.business.refusals import UnknownStaff
from kept.business.text_names import RUNNING_LATE
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reminders.timeline import next_due
from kept.storage import announced_delays, appointments, catalogs, clients, counters, messages
from kept.storage.transaction import together
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.open_times import ask_to_move, for_staff, openings
from kept.use_cases.booking.unheard import UNSENT, withdrawn
from kept.use_cases.optimistic_retry import retried

LEAST, MOST = 5, 240
"""Minutes that can be said at the desk; 0 takes back what was said."""
BACK = timedelta(hours=24) + FORGOTTEN
"""A visit lasts a day at the most, and is forgotten after that."""
OFFERED = 3
REMEMBERED, ALWAYS = timedelta(days=3), 1_000_000
"""For the desk, which asks who was told on a day wherever their visit is by now."""


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A visit whose client was told, and what became of the last message."""

    visit: Appointment
    message: Message | None


def pass_on(catalog: Catalog, *, now: datetime) -> Container[str]:
    """As the day stands now, whoever is to be told is. Answers with the staff whose beginnings are said."""
    business = catalog.business.id
    visits = _around(business, now)
    begun = whose_beginnings_are_said(visits)
    late = delays(visits, now=now, announced=announced_delays.of_business(business), begun=begun)
    telling = to_tell(visits, late, now=now)
    for id, at in turns((it for it in visits if it.id in telling), since=now).items():
        _tell(catalog, id, telling[id], at, Change(KEPT, now))
    return begun


def announce(catalog: Catalog, staff: str | None, minutes: int, change: Change) -> None:
    """That somebody, or everybody (None), runs so late: 5 to 240 minutes, 0 to take it back. Raises InvalidDelay,
    UnknownStaff."""
    if minutes and not LEAST <= minutes <= MOST:
        raise InvalidDelay(least=LEAST, most=MOST)
    if staff is not None and staff not in catalog.staff:
        raise UnknownStaff
    people = catalog.staff if staff is None else (staff,)
    said = [Announced(one, minutes, change.at, str(change.by)) for one in people]
    for it in said:
        announced_delays.put(catalog.business.id, it)
    _pass_on_said(catalog, said, now=change.at)


def go_on(business: str, staff: str, *, now: datetime) -> None:
    """Whoever what was said of them reaches is told; what was cut short goes on."""
    said = announced_delays.of_business(business).get(staff)
    if said is not None:
        _pass_on_said(catalogs.load(business), [said], now=now)


def _pass_on_said(catalog: Catalog, said: Iterable[Announced], *, now: datetime) -> None:
    """The day is read once, however many of them run late."""
    pass_on(catalog, now=now)
    for it in said:
        announced_delays.told(catalog.business.id, it)


def wait(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """Their word that they keep their place. Raises MoveNotAllowed where they were told of no delay."""
    return apply_change(catalog, id, lambda it: it.answer_delay(DelayChoice.WAIT, change), change, version=version)


def later_times(catalog: Catalog, visit: Appointment, *, now: datetime) -> list[datetime]:
    """The first that are free on the same local day with the same person, from when it is to begin on; none where its
    client was told of no delay."""
    if visit.told_delay is None or not visit.is_held_up or visit.slot.staff not in catalog.staff:
        return []
    question = for_staff(ask_to_move(catalog, visit, None, zone=catalog.business.zone, now=now))
    begins = visit.told_delay.begins
    day = visit.starts.astimezone(catalog.business.zone).date()
    free = openings(question, max(begins, now), begins + timedelta(days=1), at_most=50)
    starts = (datetime.fromtimestamp(slot.start * 60, UTC) for slot in free)
    return list(islice((at for at in starts if at.astimezone(catalog.business.zone).date() == day), OFFERED))


def told_on(catalog: Catalog, day: date) -> list[ToldOf]:
    """Whoever was told on that local day, for three days, wherever their visit is by now, the earliest first."""
    counted = counters.counts(catalog.business.id, RUNNING_LATE, (day.toordinal(),)).get(day.toordinal(), {})
    visits = appointments.several(catalog.business.id, counted, consistently=True)
    told = sorted((it for it in visits if it.delay), key=lambda it: (it.starts, it.id))
    return [ToldOf(it, _last_message(it)) for it in told]


def choice_of(visit: Appointment) -> DelayChoice | None:
    """What they said, or did: to another time of that day, or altogether, it was moved since."""
    told = visit.delay
    if told is None or told.version == visit.version or not visit.is_to_come:
        return told.choice if told else None
    is_same_day = visit.slot.local.date() == (visit.slot.local - (visit.starts - told.starts)).date()
    return DelayChoice.LATER if is_same_day else DelayChoice.MOVE


def _around(business: str, now: datetime) -> list[Appointment]:
    """All that can hold up anybody, and all whom it can reach: read as they are."""
    ids = appointments.starting(business, since=now - BACK, before=now + AHEAD + timedelta(minutes=1))
    return list(appointments.several(business, set(ids), consistently=True))


def _tell(catalog: Catalog, id: str, minutes: int, at: datetime, change: Change) -> None:
    """It is noted now, and their message goes `at` their turn."""
    business = catalog.business

    def attempt() -> None:
        before = appointments.load(business.id, id)
        if not to_tell((before,), {id: timedelta(minutes=minutes)}, now=change.at):
            return
        after = before.tell_delay(minutes, change)
        client = clients.load(business.id, before.client)
        about = messages.about(business.id, id)
        superseded = [withdrawn(it) for it in about if it.stage == RUNNING_LATE and it.status in UNSENT]
        occasion = f"{after.archived + len(after.history)}"
        told = to_client(
            after, client, business, RUNNING_LATE, now=change.at, useful_until=after.starts, occasion=occasion
        )
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)
            keys = messages.put_all([*superseded, replace(told, due_at=at)], transaction, now=change.at)
            _list(business, id, transaction, change.at)
        hand_over(keys)

    retried(attempt)


def _list(business: Business, id: str, transaction: TransactWrite, at: datetime) -> None:
    day = at.astimezone(business.zone).date().toordinal()
    counters.add(business.id, RUNNING_LATE, day, (id, 1), transaction, most=ALWAYS, until=at + REMEMBERED)


def _last_message(visit: Appointment) -> Message | None:
    said = [it for it in messages.about(visit.business, visit.id) if it.stage == RUNNING_LATE]
    return max(said, key=lambda it: it.created_at, default=None)
