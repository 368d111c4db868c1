"""Killed anywhere, delivered again, twice at once or out of order: everything is said and done once.

The workers are real processes on the stack's DynamoDB and SQS, stopped with SIGKILL while a request of theirs is on the
wire. The tables are the lab's own, so that the deployed sweeps do not do the work first.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.business.reminder_stages import Stage
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import CLAIM, Message, MessageStatus
from tests.builders import STARTS, a_catalog, a_client, a_follow_up, an_appointment, an_appointment_asked_for, on_duty
from tests.local.processes import Lab, Stop
from tests.local.wire import SEND_EMAIL, Cut, Log
from tests.reasons import why

pytestmark = pytest.mark.stack

LOTUS = a_catalog(on_duty("mei"), on_duty("jun", "owner"))
EARLY = Stage("early", timedelta(hours=72))
THREE_DAYS_BEFORE = replace(LOTUS, business=replace(LOTUS.business, stages=(EARLY,)))
BOOKED = STARTS - timedelta(days=5)
COMMIT, HAND_OVER, TURN_CLAIM_OR_RECORD = "TransactWriteItems", "SendMessageBatch", "PutItem"
IN_DOUBT = "sent: sent_again"
MISSED, SENT, SKIPPED, FAILED = MessageStatus.MISSED, MessageStatus.SENT, MessageStatus.SKIPPED, MessageStatus.FAILED


def after_start(**span: float) -> datetime:
    return STARTS + timedelta(**span)


def a_visit(processed_until: datetime = BOOKED) -> Appointment:
    """Booked five days before; its timeline done up to then."""
    visit = an_appointment()
    (booked,) = visit.history
    return replace(visit, booked_at=BOOKED, history=(replace(booked, at=BOOKED),), processed_until=processed_until)


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery to a worker, and the messages that come of it; `later` is a delivery that may overtake it."""

    worker: str
    at: datetime
    about: Appointment | FollowUp
    tells: tuple[str, ...]
    later: datetime
    overtaken: dict[str, MessageStatus]

    @property
    def key(self) -> tuple[str, str]:
        return self.about.business, self.about.id

    @property
    def things(self) -> tuple[Client | Appointment | FollowUp, ...]:
        return a_client(), self.about


BREACHED = (
    "f-1#v1#follow_up_breached#email#first_response_1",
    "f-1#v1#follow_up_breached#email#step_call_1",
    "f-1#v1#follow_up_escalated#email#first_response_2",
)
WORKS = {
    "a reminder": Work(
        "reminder_worker",
        after_start(hours=-48),
        a_visit(),
        tells=("a-1#v1#two_days#email",),
        later=after_start(hours=-3),
        overtaken={"a-1#v1#two_days#email": MISSED, "a-1#v1#same_day#email": SENT},
    ),
    "the question whether they come": Work(
        "attendance_worker",
        after_start(minutes=5),
        a_visit(after_start(hours=-1)),
        tells=("a-1#v1#on_my_way#email",),
        later=after_start(minutes=15),
        overtaken={"a-1#v1#on_my_way#email": MISSED, "a-1#v1#missed_you#email": SENT},
    ),
    "the mark of a no-show": Work(
        "attendance_worker",
        after_start(minutes=15),
        a_visit(after_start(minutes=5)),
        tells=("a-1#v1#missed_you#email",),
        later=after_start(minutes=16),
        overtaken={"a-1#v1#missed_you#email": SENT},
    ),
    "a request that nobody answered": Work(
        "attendance_worker",
        after_start(hours=-24),
        an_appointment_asked_for(until=after_start(hours=-24)),
        tells=("a-1#v1#declined#email",),
        later=after_start(hours=-20),
        overtaken={"a-1#v1#declined#email": SENT},
    ),
    "a notice of a follow-up's clock": Work(
        "follow_up_worker",
        after_start(hours=12, seconds=1),
        a_follow_up(),
        tells=("f-1#v1#follow_up_reminder#email#first_response_50",),
        later=after_start(hours=18, seconds=1),
        overtaken={
            "f-1#v1#follow_up_reminder#email#first_response_50": MISSED,
            "f-1#v1#follow_up_reminder#email#first_response_75": SENT,
        },
    ),
    "the breach of a follow-up": Work(
        "follow_up_worker",
        after_start(hours=24, seconds=1),
        a_follow_up().looked(after_start(hours=23)),
        tells=BREACHED,
        later=after_start(hours=24, minutes=1),
        overtaken=dict.fromkeys(BREACHED, SENT),
    ),
}
STOPS = {
    "before its commit": Stop(COMMIT),
    "after its commit": Stop(COMMIT, after=True),
    "before the queue has it": Stop(HAND_OVER),
    "after the queue has it": Stop(HAND_OVER, after=True),
}
works = pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)


@pytest.fixture
def mail(lab: Lab) -> Iterator[Log]:
    """What the providers were handed while the test ran."""
    with lab.wire.watched() as log:
        yield log


def ledger(lab: Lab) -> dict[str, Message]:
    _, messages, _ = lab.run("everything")
    return {message.id: message for message in messages}


def statuses(lab: Lab) -> dict[str, MessageStatus]:
    return {id: message.status for id, message in ledger(lab).items()}


def all_done_once(lab: Lab, work: Work, mail: Log) -> bool:
    """Each message decided, claimed and recorded once (three writes); nothing marked, opened or written twice."""
    appointments, messages, follow_ups = lab.run("everything")
    written = {message.id: (message.status, message.revision) for message in messages}
    assert written == dict.fromkeys(work.tells, (SENT, 3))
    assert mail.passed[SEND_EMAIL] == len(work.tells)
    (about,) = [it for it in (*appointments, *follow_ups) if it.id == work.about.id]
    assert about.revision == 2
    assert max(Counter(event.what for event in about.history).values()) == 1
    marked = [a for a in appointments if a.status == "no_show"]
    assert [f.about for f in follow_ups if f is not about] == [a.id for a in marked]
    return True


@works
@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_worker_that_is_killed_and_given_its_work_again_does_it_once(
    stop: Stop, work: Work, lab: Lab, mail: Log
) -> None:
    """Wherever it dies, the delivery that SQS repeats and the next sweep complete the work, and neither repeats it."""
    lab.run("anew", LOTUS, *work.things)
    lab.killed(stop, "work", work.worker, work.at, work.key)
    lab.run("work", work.worker, work.at, work.key, work.key)
    lab.run("catch_up", work.at)
    assert all_done_once(lab, work, mail)


@works
def test_work_delivered_to_two_workers_at_once_is_done_once(work: Work, lab: Lab, mail: Log) -> None:
    """Both have read that it is owed when they meet at the commit; one writes, the other finds nothing to do."""
    lab.run("anew", LOTUS, *work.things)
    with lab.wire.meeting(COMMIT, of=2):
        answers = lab.together([("work", work.worker, work.at, work.key)] * 2)
    assert answers == [{"batchItemFailures": []}] * 2
    lab.run("catch_up", work.at)
    assert all_done_once(lab, work, mail)


@works
def test_a_slow_worker_is_overtaken_by_a_later_delivery(work: Work, lab: Lab, mail: Log) -> None:
    """It decides first, and commits when the later one's messages are sent: those stand, the overtaken is missed."""
    lab.run("anew", LOTUS, *work.things)
    with lab.wire.when(COMMIT, before=lambda: lab.run("catch_up", work.later)):
        lab.run("work", work.worker, work.at, work.key)
    lab.run("catch_up", work.later)
    assert statuses(lab) == work.overtaken
    assert mail.passed[SEND_EMAIL] == list(work.overtaken.values()).count(SENT)


def moved(visit: Appointment, at: datetime) -> Appointment:
    slot = Slot(visit.starts + timedelta(days=1), visit.ends + timedelta(days=1), visit.slot.staff)
    return visit.reschedule(slot, Change(CLIENT, at), rules=LOTUS.business.changes)


def test_a_visit_moved_while_its_reminder_is_decided_is_reminded_of_its_new_time_alone(lab: Lab) -> None:
    """The move has committed first, so the reminder of the old time is not even written."""
    visit, at = a_visit(), after_start(hours=-48)
    lab.run("anew", LOTUS, a_client(), visit)
    meanwhile = moved(replace(visit, revision=1), at)
    with lab.wire.when(COMMIT, before=lambda: lab.run("change", meanwhile, LOTUS)):
        lab.run("work", "reminder_worker", at, ("lotus", "a-1"))
    for now in (at, after_start(hours=-24), after_start(hours=21)):
        lab.run("catch_up", now)
    assert statuses(lab) == {"a-1#v2#two_days#email": SENT, "a-1#v2#same_day#email": SENT}


def test_a_visit_moved_while_its_reminder_is_queued_is_reminded_of_its_new_time_alone(lab: Lab, mail: Log) -> None:
    """One message per version: the sender looks again before it sends, and the ledger says why it did not."""
    visit, at = a_visit(), after_start(hours=-72)
    lab.run("anew", THREE_DAYS_BEFORE, a_client(), visit)
    lab.run("work", "reminder_worker", at, ("lotus", "a-1"))
    ((decided,), _, _) = lab.run("everything")
    lab.run("change", moved(decided, at), THREE_DAYS_BEFORE)
    for now in (at, after_start(hours=-48)):
        lab.run("catch_up", now)
    assert statuses(lab) == {"a-1#v1#early#email": SKIPPED, "a-1#v2#early#email": SENT}
    assert why(ledger(lab)["a-1#v1#early#email"]) == "skipped: moved"
    assert mail.passed[SEND_EMAIL] == 1


REMINDER = WORKS["a reminder"]
(TOLD,) = REMINDER.tells
MESSAGE = ("lotus", TOLD)
SENDER_STOPS = {
    "before its turn": (Stop(TURN_CLAIM_OR_RECORD), 1, ""),
    "before the claim": (Stop(TURN_CLAIM_OR_RECORD, 2), 1, ""),
    "after the claim": (Stop(TURN_CLAIM_OR_RECORD, 2, after=True), 1, IN_DOUBT),
    "before the provider has it": (Stop(SEND_EMAIL), 1, IN_DOUBT),
    "after the provider took it": (Stop(SEND_EMAIL, after=True), 2, IN_DOUBT),
    "before the record": (Stop(TURN_CLAIM_OR_RECORD, 3), 2, IN_DOUBT),
    "after the record": (Stop(TURN_CLAIM_OR_RECORD, 3, after=True), 1, ""),
}


@pytest.fixture
def _decided(lab: Lab) -> None:
    """A reminder that is written and queued, and not yet sent."""
    lab.run("anew", LOTUS, *REMINDER.things)
    lab.run("work", REMINDER.worker, REMINDER.at, REMINDER.key)


@pytest.mark.usefixtures("_decided")
@pytest.mark.parametrize(("stop", "emails", "reason"), SENDER_STOPS.values(), ids=SENDER_STOPS)
def test_a_sender_that_is_killed_leaves_a_message_that_goes_out_once(
    stop: Stop, emails: int, reason: str, lab: Lab, mail: Log
) -> None:
    """Where nobody can know whether it went, it goes once more, marked so, and never before the claim ran out."""
    lab.killed(stop, "work", "message_sender", REMINDER.at, MESSAGE)
    handed_over = mail.passed[SEND_EMAIL]
    if reason:
        lab.run("work", "message_sender", REMINDER.at + CLAIM - timedelta(seconds=1), MESSAGE)
        assert mail.passed[SEND_EMAIL] == handed_over
    lab.run("catch_up", REMINDER.at + CLAIM)
    lab.run("work", "message_sender", REMINDER.at + 2 * CLAIM, MESSAGE)
    told = ledger(lab)[TOLD]
    assert (told.status, why(told), mail.passed[SEND_EMAIL]) == (SENT, reason, emails)


@pytest.mark.usefixtures("_decided")
def test_a_message_twice_in_doubt_is_not_sent_a_third_time(lab: Lab, mail: Log) -> None:
    """Better unrecorded than a reader who is told the same thing again and again."""
    for now in (REMINDER.at, REMINDER.at + CLAIM):
        lab.killed(Stop(SEND_EMAIL, after=True), "work", "message_sender", now, MESSAGE)
    lab.run("catch_up", REMINDER.at + 2 * CLAIM)
    told = ledger(lab)[TOLD]
    assert (told.status, why(told)) == (FAILED, "failed: in_doubt")
    assert mail.passed[SEND_EMAIL] == 2


@pytest.mark.usefixtures("_decided")
def test_a_message_delivered_to_two_senders_at_once_is_sent_once(lab: Lab, mail: Log) -> None:
    """They meet at the gate and at the claim, and only one wins it."""
    with lab.wire.meeting(TURN_CLAIM_OR_RECORD, of=2):
        lab.together([("work", "message_sender", REMINDER.at, MESSAGE)] * 2)
    assert statuses(lab) == {TOLD: SENT}
    assert mail.passed[SEND_EMAIL] == 1


@pytest.mark.usefixtures("_decided")
def test_a_provider_whose_answer_is_lost_leaves_the_message_in_doubt(lab: Lab, mail: Log) -> None:
    """The sender lives, but cannot know: once more when the claim ran out, and marked so."""
    with lab.wire.when(SEND_EMAIL, after=cut):
        lab.run("work", "message_sender", REMINDER.at, MESSAGE)
    lab.run("catch_up", REMINDER.at + CLAIM)
    assert (why(ledger(lab)[TOLD]), mail.passed[SEND_EMAIL]) == (IN_DOUBT, 2)


def cut() -> None:
    raise Cut


def booking(key: str = "a-key-of-mine") -> tuple[Any, ...]:
    """The public API's booking request."""
    client = {"name": "Li Na", "email": "li@example.com", "agrees_to": ["email"]}
    body = {"service": "cut", "start": STARTS.isoformat(), "staff": "mei", "client": client}
    return "request", "booking", BOOKED, "POST /v1/businesses/lotus/appointments", body, key


def is_booked_once(lab: Lab, mail: Log) -> bool:
    lab.run("catch_up", BOOKED)
    appointments, messages, _ = lab.run("everything")
    (made,) = appointments
    assert [(m.id, m.status) for m in messages] == [(f"{made.id}#v1#confirmation#email", SENT)]
    assert mail.passed[SEND_EMAIL] == 1
    refs = [[entry[0] for entry in entries] for _, _, entries in lab.run("pages")]
    assert refs == [[made.id]]
    return True


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_booking_that_is_killed_and_asked_for_again_is_made_once(stop: Stop, lab: Lab, mail: Log) -> None:
    """With the same Idempotency-Key, the caller who heard nothing gets the one booking, and its one confirmation."""
    lab.run("anew", LOTUS)
    lab.killed(stop, *booking())
    first, again = lab.run(*booking()), lab.run(*booking())
    assert (first.status, again.body) == (201, first.body)
    assert is_booked_once(lab, mail)


@pytest.mark.parametrize("key", ["a-key-of-mine", ""], ids=["with a key", "without a key"])
def test_a_booking_whose_commit_is_not_answered_is_made_once(key: str, lab: Lab, mail: Log) -> None:
    """The connection breaks right after the commit; the caller is told of the booking that was made."""
    lab.run("anew", LOTUS)
    with lab.wire.when(COMMIT, after=cut):
        answer = lab.run(*booking(key))
    assert answer.status == 201
    assert is_booked_once(lab, mail)


def test_a_booking_asked_for_twice_at_once_is_made_once(lab: Lab, mail: Log) -> None:
    """A double click: both read that nothing is booked, both get the same answer."""
    lab.run("anew", LOTUS)
    with lab.wire.meeting(COMMIT, of=2):
        first, second = lab.together([booking()] * 2)
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    assert is_booked_once(lab, mail)
