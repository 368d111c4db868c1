"""One booking and its life: the table of moves, what clients may and may not do, and answering as the first time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.refusals import AlreadyStarted, MoveNotAllowed, RescheduleLimit
from kept.booking.states import MOVES, TENTATIVE, ReversalReason, Status
from kept.business.change_rules import ChangeRules
from kept.errors import Outdated
from tests.builders import BOOKED, STARTS, an_appointment

RULES = ChangeRules()
MEI = Actor("staff", "mei")
LATER = Slot(STARTS + timedelta(days=1), STARTS + timedelta(days=1, hours=1), staff="jun", room="basin")
ACTS: dict[str, Callable[[Appointment, Change], Appointment]] = {
    "confirm": Appointment.confirm,
    "check in": Appointment.check_in,
    "begin": Appointment.begin,
    "complete": Appointment.complete,
    "cancel": lambda it, cause: it.cancel(cause, rules=RULES),
    "no-show": lambda it, cause: it.mark_no_show(cause, evidence=("asked",)),
    "take back": lambda it, cause: it.reverse_no_show(ReversalReason.CAME_AFTER_ALL, cause),
    "move": lambda it, cause: it.reschedule(LATER, cause, rules=RULES),
    "approve": Appointment.approve,
    "decline": Appointment.decline,
    "on my way": lambda it, cause: it.wait_for_client(STARTS + timedelta(minutes=20), cause),
    "ask for the deposit again": lambda it, cause: it.await_deposit(STARTS, cause),
    "keep while they pay": lambda it, cause: it.keep_while_paying(STARTS, cause),
    "tell of a delay": lambda it, cause: it.tell_delay(20, cause),
    "keep waiting": lambda it, cause: it.keep_waiting(20, cause),
}
HELD_UNTIL: datetime = BOOKED + timedelta(hours=24)
ALLOWED: dict[Status, dict[str, Status]] = {
    Status.ASKED_FOR: {
        "approve": Status.BOOKED,
        "decline": Status.CANCELLED,
        "cancel": Status.CANCELLED,
        "move": Status.ASKED_FOR,
    },
    Status.AWAITING_DEPOSIT: {
        "cancel": Status.CANCELLED,
        "move": Status.AWAITING_DEPOSIT,
        "keep while they pay": Status.AWAITING_DEPOSIT,
    },
    Status.BOOKED: {
        "confirm": Status.CONFIRMED,
        "check in": Status.ARRIVED,
        "cancel": Status.CANCELLED,
        "no-show": Status.NO_SHOW,
        "move": Status.BOOKED,
        "on my way": Status.BOOKED,
        "ask for the deposit again": Status.AWAITING_DEPOSIT,
        "tell of a delay": Status.BOOKED,
    },
    Status.CONFIRMED: {
        "confirm": Status.CONFIRMED,
        "check in": Status.ARRIVED,
        "cancel": Status.CANCELLED,
        "no-show": Status.NO_SHOW,
        "move": Status.BOOKED,
        "on my way": Status.CONFIRMED,
        "ask for the deposit again": Status.AWAITING_DEPOSIT,
        "tell of a delay": Status.CONFIRMED,
    },
    Status.ARRIVED: {
        "begin": Status.IN_SERVICE,
        "complete": Status.COMPLETED,
        "cancel": Status.CANCELLED,
        "keep waiting": Status.ARRIVED,
    },
    Status.IN_SERVICE: {"complete": Status.COMPLETED, "keep waiting": Status.IN_SERVICE},
    Status.NO_SHOW: {"take back": Status.ARRIVED},
    Status.COMPLETED: {"keep waiting": Status.COMPLETED},
    Status.CANCELLED: {},
    Status.EXPIRED: {},
}


def cause(by: Actor = MEI, *, at: datetime = BOOKED, key: str = "") -> Change:
    return Change(by, at, key=key)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", ALLOWED)
def test_each_state_allows_its_moves_and_no_others(status: Status, act: str) -> None:
    """A no-show ends by being taken back and in no other way."""
    appointment = replace(an_appointment(), status=status, held_until=HELD_UNTIL if status in TENTATIVE else None)
    if act in ALLOWED[status]:
        assert ACTS[act](appointment, cause()).status is ALLOWED[status][act]
    else:
        with pytest.raises(MoveNotAllowed) as refused:
            ACTS[act](appointment, cause())
        assert refused.value.facts == {"state": status}


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(Status)


def test_every_state_leads_to_an_end_and_nothing_leads_back_to_waiting_for_an_answer() -> None:
    """By the table alone: from each state one can come to one that nothing follows."""
    ends = {status for status, to in MOVES.items() if not to}
    reached = {status: {status} for status in MOVES}
    for _ in MOVES:
        reached = {status: seen.union(*(MOVES[one] for one in seen)) for status, seen in reached.items()}
    assert all(seen & ends for seen in reached.values())
    assert not [status for status, to in MOVES.items() if Status.ASKED_FOR in to]
    assert [status for status, to in MOVES.items() if Status.AWAITING_DEPOSIT in to] == [Status.ASKED_FOR]


@pytest.mark.parametrize("act", ["confirm", "cancel", "move"])
def test_what_has_begun_is_for_staff_to_change(act: str) -> None:
    """From the very start on, a client can no longer confirm, cancel or move it."""
    with pytest.raises(AlreadyStarted):
        ACTS[act](an_appointment(), cause(CLIENT, at=STARTS))
    assert ACTS[act](an_appointment(), cause(CLIENT, at=STARTS - timedelta(seconds=1)))
    assert ACTS[act](an_appointment(), cause(MEI, at=STARTS))


@pytest.mark.parametrize(
    ("by", "at", "late"),
    [
        pytest.param(CLIENT, STARTS - timedelta(hours=48), False, id="at the limit"),
        pytest.param(CLIENT, BOOKED + timedelta(minutes=15), False, id="just booked"),
        pytest.param(CLIENT, BOOKED + timedelta(minutes=15, seconds=1), True, id="a second after"),
        pytest.param(MEI, STARTS - timedelta(hours=1), False, id="by staff"),
        pytest.param(KEPT, STARTS - timedelta(hours=1), False, id="by itself"),
    ],
)
@pytest.mark.parametrize("act", ["cancel", "move"])
def test_only_a_client_is_late(by: Actor, at: datetime, late: bool, act: str) -> None:
    """Within two days of the start, but not in the first 15 minutes after booking; staff and Kept never are."""
    assert ACTS[act](an_appointment(), cause(by, at=at)).late is late


def test_a_client_who_is_here_is_for_staff_to_cancel() -> None:
    """Checked in before the start, so it has not begun; their link does not undo that they came."""
    here = an_appointment().check_in(Change(MEI, STARTS - timedelta(minutes=10)))
    with pytest.raises(MoveNotAllowed):
        here.cancel(Change(CLIENT, STARTS - timedelta(minutes=5)), rules=RULES)
    assert here.cancel(Change(MEI, STARTS), rules=RULES).status is Status.CANCELLED


def test_a_move_is_a_new_version_to_be_confirmed_anew() -> None:
    """A yes to the old time is none to the new one; it stays the same booking."""
    moved = an_appointment().confirm(cause(CLIENT)).reschedule(LATER, cause(CLIENT), rules=RULES)
    assert (moved.version, moved.status, moved.slot, moved.id) == (2, Status.BOOKED, LATER, "a-1")
    assert moved.chosen_at == moved.processed_until == BOOKED


def test_a_move_forgets_the_wait_that_was_asked_for() -> None:
    """Whoever was on the way was so to the old time; the new one has its usual wait."""
    waiting = an_appointment().wait_for_client(STARTS + timedelta(minutes=20), cause(CLIENT))
    assert waiting.reschedule(LATER, cause(), rules=RULES).waits_until is None


def test_a_client_moves_as_often_as_allowed_and_staff_without_counting() -> None:
    """What staff move is not taken off what the client may move."""
    appointment = an_appointment()
    for _ in range(RULES.reschedules):
        appointment = appointment.reschedule(LATER, cause(CLIENT), rules=RULES)
    with pytest.raises(RescheduleLimit):
        appointment.reschedule(LATER, cause(CLIENT), rules=RULES)
    assert appointment.reschedule(LATER, cause(MEI), rules=RULES).reschedules == RULES.reschedules


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (ReversalReason.CAME_AFTER_ALL, Status.ARRIVED),
        (ReversalReason.OUR_FAULT, Status.CANCELLED),
        (ReversalReason.EMERGENCY, Status.CANCELLED),
    ],
)
def test_a_no_show_is_taken_back_to_what_it_really_was(reason: ReversalReason, status: Status) -> None:
    """Who came is here; our fault or an emergency is a cancellation; the evidence stays."""
    missed = an_appointment().mark_no_show(cause(KEPT), evidence=("asked",))
    back = missed.reverse_no_show(reason, Change(MEI, STARTS, "the door was locked"))
    assert (back.status, back.evidence) == (status, ("asked",))
    assert back.history[-1].why == f"{reason}: the door was locked"


def test_every_act_is_a_line_of_history_telling_how_it_was_after_it() -> None:
    moved = an_appointment().reschedule(LATER, Change(CLIENT, BOOKED, "a trip"), rules=RULES)
    line = moved.history[-1]
    assert (line.what, line.by, line.why, line.version) == ("rescheduled", "client", "a trip", 2)
    assert (line.starts, line.staff, line.room) == (LATER.starts, "jun", "basin")


@pytest.mark.parametrize("minutes", [0, 20])
def test_a_wait_that_is_known_already_is_no_line_of_history(minutes: int) -> None:
    """Said twice, or taken back where none was: their client is not told again."""
    here = replace(an_appointment().check_in(cause()), kept_waiting=minutes)
    assert here.keep_waiting(minutes, cause()) is here
    assert here.keep_waiting(minutes + 5, cause()).history[-1].what == "kept_waiting"


def test_as_of_an_event_it_is_what_it_was_then() -> None:
    """Whoever sends the same again is answered as the first time, whatever has happened since."""
    first = an_appointment().confirm(cause(CLIENT, key="k1"))
    late = cause(CLIENT, at=STARTS - timedelta(hours=1))
    since = first.reschedule(LATER, late, rules=RULES).cancel(late, rules=RULES)
    answer = since.answer_to("k1")
    assert answer
    assert replace(since.as_of(answer), processed_until=first.processed_until) == first


def test_without_a_key_nothing_was_answered_before() -> None:
    assert an_appointment().confirm(cause(CLIENT)).answer_to("") is None


def test_it_is_never_looked_at_backwards() -> None:
    """What was looked at stays so, though a look of an earlier time comes after it."""
    looked = an_appointment().looked(STARTS)
    assert looked.looked(BOOKED).processed_until == STARTS


@pytest.mark.parametrize("seen", [None, 1])
def test_whoever_has_seen_this_version_may_speak_of_it(seen: int | None) -> None:
    an_appointment().must_be_at(seen)


@pytest.mark.parametrize("seen", [0, 2])
def test_whoever_has_seen_another_is_told_which_it_is(seen: int) -> None:
    with pytest.raises(Outdated) as refused:
        an_appointment().must_be_at(seen)
    assert refused.value.facts == {"version": 1}


@pytest.mark.parametrize("status", Status)
def test_only_what_is_not_answered_for_lapses_and_not_a_second_before_its_time(status: Status) -> None:
    """At exactly `held_until` it is over; whatever was answered for stays as it is."""
    it = replace(an_appointment(), status=status, held_until=HELD_UNTIL)
    assert it.lapse(Change(KEPT, HELD_UNTIL - timedelta(seconds=1))) is it
    assert it.lapse(Change(KEPT, HELD_UNTIL)).status is (Status.CANCELLED if status in TENTATIVE else status)
    assert (it.lapse(Change(KEPT, HELD_UNTIL)) is it) is (status not in TENTATIVE)
