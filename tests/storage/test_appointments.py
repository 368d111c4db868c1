"""Appointments as they are stored: whole, by one writer at a time, and with what is due next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.refusals import UnknownAppointment
from kept.due_work import sweeping
from kept.lanes import Lane
from kept.storage import appointments
from kept.storage.transaction import Lost, together
from tests.builders import BOOKED, STARTS, an_appointment

NEXT = (Lane.REMINDER, STARTS - timedelta(hours=3))


def put(appointment: Appointment, next_due: tuple[Lane, datetime] | None = NEXT) -> None:
    with together() as transaction:
        appointments.put(appointment, next_due, transaction)


def found(lane: Lane, until: datetime) -> list[str]:
    return [key.id for key, _ in sweeping.due(lane, until=until)]


def everything_set() -> Appointment:
    moved = an_appointment().confirm(Change(CLIENT, BOOKED, "yes", "key", "body"))
    return replace(moved, waits_until=STARTS, late=True, note="短一点", evidence=("asked",), reschedules=2, version=3)


@pytest.mark.parametrize("appointment", [an_appointment(), everything_set()], ids=["plain", "everything set"])
def test_it_is_read_as_it_was_written(appointment: Appointment) -> None:
    put(appointment)
    assert appointments.load("lotus", "a-1") == replace(appointment, revision=1)


def test_whoever_read_an_older_one_loses() -> None:
    put(an_appointment())
    read = appointments.load("lotus", "a-1")
    put(read.looked(STARTS))
    with pytest.raises(Lost):
        put(read)
    assert appointments.load("lotus", "a-1").processed_until == STARTS


def test_an_id_is_taken_once() -> None:
    put(an_appointment())
    with pytest.raises(Lost):
        put(an_appointment())


@pytest.mark.parametrize(("business", "id"), [("garage", "a-1"), ("lotus", "a-2")])
def test_there_is_none_of_another_business_or_another_id(business: str, id: str) -> None:
    put(an_appointment())
    assert appointments.find(business, id) is None
    with pytest.raises(UnknownAppointment):
        appointments.load(business, id)


def test_it_is_due_in_one_lane_and_at_one_time() -> None:
    put(an_appointment())
    at = NEXT[1]
    assert (found(Lane.REMINDER, at - timedelta(seconds=1)), found(Lane.REMINDER, at)) == ([], ["a-1"])
    assert found(Lane.ATTENDANCE, STARTS) == []


def test_with_nothing_due_it_stands_in_no_lane() -> None:
    put(an_appointment())
    put(appointments.load("lotus", "a-1"), None)
    assert [found(lane, STARTS + timedelta(days=999)) for lane in Lane] == [[]] * len(Lane)


def test_a_due_time_inside_a_second_is_never_reached_too_early() -> None:
    """Stored in whole seconds, rounded up: a worker that is called finds it due."""
    at = STARTS + timedelta(microseconds=1)
    put(an_appointment(), (Lane.REMINDER, at))
    assert (found(Lane.REMINDER, STARTS), found(Lane.REMINDER, STARTS + timedelta(seconds=1))) == ([], ["a-1"])


def test_refiled_it_is_due_elsewhere_and_otherwise_as_it_was() -> None:
    put(an_appointment())
    read = appointments.load("lotus", "a-1")
    appointments.refile(read, (Lane.ATTENDANCE, STARTS), out_of=Lane.REMINDER, now=NEXT[1])
    assert (found(Lane.REMINDER, STARTS), found(Lane.ATTENDANCE, STARTS)) == ([], ["a-1"])
    assert replace(appointments.load("lotus", "a-1"), revision=1) == read


@pytest.mark.parametrize("out_of", [Lane.REMINDER, Lane.ATTENDANCE])
def test_what_is_not_due_in_that_lane_is_not_refiled(out_of: Lane) -> None:
    """Not yet, or not there."""
    put(an_appointment())
    now = NEXT[1] - timedelta(seconds=1) if out_of is Lane.REMINDER else STARTS
    with pytest.raises(Lost):
        appointments.refile(appointments.load("lotus", "a-1"), None, out_of=out_of, now=now)


def test_a_client_s_are_told_soonest_first() -> None:
    for id, days in (("a-3", 3), ("a-1", 1), ("a-2", 2)):
        put(an_appointment(id, starts=STARTS + timedelta(days=days)))
    assert list(appointments.of_client("lotus", ("c-1",), since=STARTS + timedelta(days=2))) == ["a-2", "a-3"]
    assert list(appointments.of_client("garage", ("c-1",), since=STARTS)) == []


def test_several_are_those_that_exist() -> None:
    put(an_appointment())
    assert [appointment.id for appointment in appointments.several("lotus", ["a-1", "a-9"])] == ["a-1"]
