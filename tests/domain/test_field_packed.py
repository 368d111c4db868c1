"""Rule: whatever is stored is read back as it was, packed or not, and what would pass a kilobyte takes about half."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.business.change_rules import ChangeRules
from kept.storage.codec import LONG, from_json, packed, to_json
from tests.builders import BOOKED, STARTS, a_client, a_follow_up, an_appointment

UNIT = 1024
"""Bytes of an item that one unit of writing pays for."""


def cause(n: int) -> Change:
    return Change(CLIENT, BOOKED + timedelta(minutes=n), key=f"{n:032x}", body=f"{n * 7919:032x}")


def lived(*steps: Callable[[Appointment, Change], Appointment]) -> Appointment:
    visit = an_appointment()
    for n, step in enumerate(steps):
        visit = step(visit, cause(n))
    return visit


def confirmed(visit: Appointment, by: Change) -> Appointment:
    return visit.confirm(by)


def moved(visit: Appointment, by: Change) -> Appointment:
    day = timedelta(days=1)
    slot = replace(visit.slot, starts=visit.starts + day, ends=visit.ends + day)
    return visit.reschedule(slot, by, rules=ChangeRules())


def cancelled(visit: Appointment, by: Change) -> Appointment:
    return visit.cancel(by, rules=ChangeRules())


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(lived(), id="booked"),
        pytest.param(lived(confirmed), id="confirmed"),
        pytest.param(lived(cancelled), id="cancelled"),
        pytest.param(lived(confirmed, cancelled), id="confirmed and cancelled"),
        pytest.param(lived(moved, confirmed), id="moved and confirmed"),
        pytest.param(lived(confirmed, moved, confirmed, cancelled), id="a whole life"),
        pytest.param(lived(moved, moved, confirmed, cancelled), id="moved twice"),
    ],
)
def test_an_ordinary_visit_is_one_unit_all_its_life(visit: Appointment) -> None:
    """Its keys and indexes take a quarter of it."""
    body = packed(to_json(visit))
    assert len(body.encode()) < UNIT * 3 / 4
    assert from_json(Appointment, body) == visit


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="nothing"),
        pytest.param("~", id="the sign itself"),
        pytest.param("~" * 700, id="many of it"),
        pytest.param("a" * 500, id="about as long as may be"),
        pytest.param("下午三点" * 120, id="Chinese"),
        pytest.param("👩‍👩‍👧" * 40, id="pictures"),
        pytest.param('"\\\n\t\x01' * 90, id="what JSON escapes"),
        pytest.param("".join(chr(0x4E00 + n * 7919 % 20000) for n in range(2000)), id="hard to pack"),
        pytest.param("word " * 6000, id="huge"),
    ],
)
def test_whatever_was_written_is_read_back(note: str) -> None:
    """In any script and at any length; and packing never makes it longer."""
    visit = replace(an_appointment(), note=note)
    body = packed(to_json(visit))
    assert from_json(Appointment, body) == from_json(Appointment, to_json(visit)) == visit
    assert len(body.encode()) <= len(to_json(visit).encode())


@pytest.mark.parametrize(("size", "is_packed"), [(1, False), (LONG - 1, False), (LONG, False), (LONG + 1, True)])
def test_what_is_short_stays_to_be_read_by_people(size: int, is_packed: bool) -> None:
    text = json.dumps("a" * (size - 2)) if size > 1 else "1"
    assert (packed(text) != text) is is_packed


BEFORE = (an_appointment(), a_client(), a_follow_up(opened=STARTS))


@pytest.mark.parametrize("it", BEFORE, ids=lambda it: type(it).__name__)
def test_what_was_stored_before_anything_was_packed_is_read(it: object) -> None:
    """Old records need no rewriting: packed and unpacked ones are read alike."""
    assert from_json(type(it), to_json(it)) == from_json(type(it), packed(to_json(it))) == it
