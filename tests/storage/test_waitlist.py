"""Who waits and what came free, as they come back; who is first to write; and when they are looked at next."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Slot
from kept.due_work.sweeping import due
from kept.lanes import Lane
from kept.reasons import Code, because
from kept.storage import waitlist
from kept.storage.transaction import Lost, together
from kept.waitlist.entry import OfferAnswer, WaitlistEntry
from kept.waitlist.opening import FreedBy, LiveOffer, Opening
from kept.waitlist.refusals import UnknownOpening, UnknownWait
from tests.domain.waiting import NOW, an_offer, waiting
from tests.functions.conftest import cloud

__all__ = ["cloud"]

END = NOW + timedelta(days=6)
MINE = Change(CLIENT, NOW)


def put(entry: WaitlistEntry) -> None:
    with together() as transaction:
        waitlist.put(entry, transaction, ends=END)


def are_due(until: datetime) -> list[str]:
    return [key.id for key, _ in due(Lane.EVENT, until=until)]


def test_an_entry_comes_back_as_it_was_saved() -> None:
    """With its wish, its offers, their answers and its record."""
    wish = replace(waiting().wish, opens=time(9), weekdays=(0, 2), sooner_than="a-1", before=END)
    entry = waiting(wronged=NOW, early=END, wish=wish).offered(an_offer(), MINE)
    entry = entry.answered(OfferAnswer.WITHDRAWN, MINE, why=because(Code.SLOT_FILLED))
    put(entry)
    assert waitlist.load("lotus", entry.id) == replace(entry, revision=1)
    assert waitlist.waiting("lotus") == [replace(entry, revision=1)]
    assert waitlist.is_anybody_waiting("lotus")
    assert not waitlist.is_anybody_waiting("orchid")


def test_what_is_over_is_known_still_and_waits_no_more() -> None:
    put(waiting())
    put(waitlist.load("lotus", "c-1-w1").left(MINE))
    assert waitlist.load("lotus", "c-1-w1").lines[-1].what == "left"
    assert waitlist.waiting("lotus") == []
    assert not waitlist.is_anybody_waiting("lotus")
    with pytest.raises(UnknownWait):
        waitlist.load("orchid", "c-1-w1")


def test_of_one_client_alone() -> None:
    for id in ("c-1-w1", "c-1-w2", "c-11-w1"):
        put(waiting(id))
    assert sorted(it.id for it in waitlist.waiting("lotus", of="c-1")) == ["c-1-w1", "c-1-w2"]


def test_whoever_read_before_another_wrote_is_lost() -> None:
    """Also where they only rely on it, as an offer to one client does on what else they have on offer."""
    put(waiting())
    read = waitlist.load("lotus", "c-1-w1")
    put(read.offered(an_offer(), MINE))
    with pytest.raises(Lost):
        put(read.left(MINE))
    with pytest.raises(Lost):
        _join_beside(read)
    assert waitlist.find("lotus", "c-1-w2") is None


def test_what_is_relied_on_and_written_is_written_once() -> None:
    put(waiting())
    read = waitlist.load("lotus", "c-1-w1")
    with together() as transaction:
        waitlist.unchanged(read, transaction)
        waitlist.put(read.offered(an_offer(), MINE), transaction, ends=END)
        waitlist.unchanged(read, transaction)
    assert waitlist.load("lotus", "c-1-w1").offer is not None


def test_an_entry_is_looked_at_when_it_ends_and_no_more_when_it_is_over() -> None:
    put(waiting())
    assert are_due(END - timedelta(seconds=1)) == []
    assert are_due(END) == ["waitlist#wait#c-1-w1"]
    put(waitlist.load("lotus", "c-1-w1").left(MINE))
    assert are_due(END) == []


def test_an_opening_comes_back_and_is_looked_at_while_it_is_open() -> None:
    opening = Opening("lotus", "a-1-v1", "mei", NOW, END, FreedBy.CANCELLED, NOW)
    slot = Slot(NOW, NOW + timedelta(hours=1), "mei", days=(NOW.date(),))
    opening = opening.with_offers(LiveOffer("c-1-w1", "o1-1", slot, NOW + timedelta(minutes=15), "offer#o1-1"))
    with together() as transaction:
        waitlist.put_opening(opening, transaction, due_at=NOW + timedelta(minutes=15))
    stored = replace(opening, revision=1, looks_at=NOW + timedelta(minutes=15))
    assert waitlist.load_opening("lotus", "a-1-v1") == stored
    assert waitlist.openings("lotus") == [stored]
    assert are_due(NOW) == []
    waitlist.wake_opening("lotus", "a-1-v1", at=NOW)
    waitlist.wake_opening("lotus", "a-1-v1", at=END)
    assert are_due(NOW) == ["waitlist#free#a-1-v1"]
    with pytest.raises(Lost), together() as transaction:
        waitlist.put_opening(opening, transaction, due_at=NOW)
    with together() as transaction:
        waitlist.put_opening(replace(opening, revision=1).over(), transaction, due_at=NOW)
    waitlist.wake_opening("lotus", "a-1-v1", at=NOW)
    assert are_due(datetime(2030, 1, 1, tzinfo=UTC)) == []
    with pytest.raises(UnknownOpening):
        waitlist.load_opening("lotus", "a-2-v1")


def _join_beside(read: WaitlistEntry) -> None:
    with together() as transaction:
        waitlist.put(waiting("c-1-w2"), transaction, ends=END)
        waitlist.unchanged(read, transaction)
