"""The same things happen to a stored follow-up; whenever, however often and however late it is looked at, it ends the
same: the same clocks, and one line in the ledger for each notice."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

import follow_up_worker
from kept.actor import Actor, Change
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import What
from kept.follow_up.follow_up import line
from kept.follow_up.timeline import reached, timeline
from kept.storage import catalogs, clients, follow_ups, messages
from kept.storage.transaction import together
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_client, a_follow_up, a_member, on_duty
from tests.reasons import why

KEY = ("lotus", "f-1")
END = 400.0
"""Hours after the opening: past every clock of the script."""
SCRIPT: tuple[tuple[float, What, str, float | None], ...] = (
    (13, What.ASSIGNED, "jun", None),
    (20, What.TRIED, "phone", None),
    (26, What.ANSWERED, "", None),
    (27, What.WAITING, "", 60),
    (40, What.TIER, "regular", None),
    (45, What.CLIENT_WROTE, "", None),
    (45, What.STEP_DONE, "call", None),
    (80, What.ASSIGNED, "mei", None),
    (101, What.ANSWERED, "", None),
    (110, What.RESOLVED, "settled", None),
    (278, What.REOPENED, "", None),
    (279, What.CLIENT_WROTE, "", None),
    (390, What.RESOLVED, "settled", None),
)
"""A VIP's, late once, handed on, waiting for the client, made a regular in mid-pause, reopened after a week."""


ENDS = [
    ("first_response", State.MISSED, timedelta(hours=26 - 24)),
    ("next_response_20260304T060000.000000Z", State.MISSED, timedelta(hours=101 - 45 - 48)),
    ("next_response_20260314T000000.000000Z", State.MISSED, timedelta(hours=390 - 279 - 48)),
    ("resolution", State.MET, timedelta(0)),
    ("step_call", State.MISSED, timedelta(hours=45 - 24)),
    ("step_offer_times", State.MISSED, timedelta(hours=(110 - 45) + (390 - 278) - 24)),
]
"""By hand: a regular has 48 hours for an answer; a step's clock stands still only while the matter is closed."""


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


@pytest.fixture(autouse=True)
def _opened() -> None:
    catalog = a_catalog(a_member("mei"), a_member("lin", "manager"), a_member("jun", "owner"))
    catalogs.put("lotus", [catalog.business, *catalog.staff.values(), *catalog.services.values()])
    with together() as transaction:
        clients.put_new(a_client(), transaction)
    follow_ups.put_alone(a_follow_up())


def write(hours: float, what: What, to: str, until: float | None) -> None:
    change = Change(by=Actor("staff", "mei"), at=at(hours))
    now = follow_ups.load(*KEY)
    new = line(what, change, to=to, until=at(until) if until else None)
    follow_ups.put_alone(now.record(new, follow_ups.policies(now), now=change.at))


def play(looks: Iterable[float]) -> tuple[list[Clock], list[str]]:
    """How its clocks stand at the end, and the ids of all that was told or recorded."""
    happens = sorted([*((hours, False) for hours in looks), *((step[0], True) for step in SCRIPT), (END, False)])
    steps = iter(SCRIPT)
    for hours, is_written in happens:
        if is_written:
            write(*next(steps))
        else:
            follow_up_worker.tell(*KEY, now=at(hours))
    ended = follow_ups.load(*KEY)
    return list(clocks(ended.history, follow_ups.policies(ended), at(END))), [m.id for m in messages.about(*KEY)]


def drawn(seed: int) -> list[float]:
    """Looks at random, each up to three times, and a sleep of up to four days somewhere."""
    dice = random.Random(seed)
    sleeps = dice.uniform(0, 300)
    looks = (round(dice.uniform(0, END), 2) for _ in range(dice.randrange(30)))
    return [it for look in looks if not sleeps < look < sleeps + 96 for it in [look] * dice.choice([1, 1, 2, 3])]


def wanted() -> list[str]:
    """By the pure engine, which is asked once, at the end."""
    ended = follow_ups.load(*KEY)
    line = timeline(ended.history, follow_ups.policies(ended))
    found = reached(line, processed_until=OPENED, now=at(END))
    return sorted(f"f-1#v1#{notice.tells}#email#{notice.clock}_{notice.step}" for notice in found)


@pytest.mark.parametrize("seed", range(12))
def test_any_looks_end_the_same(seed: int) -> None:
    found, told = play(drawn(seed))
    assert told == wanted()
    assert [(it.run.name, it.state, it.late) for it in found] == ENDS


def test_never_looked_at_until_the_end_it_ends_the_same() -> None:
    found, told = play([])
    assert told == wanted()
    assert [(it.run.name, it.state, it.late) for it in found] == ENDS


def test_looked_at_every_half_hour_each_notice_is_told_at_its_time_and_none_is_missed() -> None:
    """Where its readers are at work by then: no night puts one off, or into a list."""
    catalogs.put("lotus", [on_duty("mei"), on_duty("lin", "manager"), on_duty("jun", "owner")])
    play(n / 2 + 0.01 for n in range(int(2 * END)))
    assert {why(m) for m in messages.about(*KEY)} == {""}
