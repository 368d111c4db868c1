"""How long somebody waits: the day played on, what is learnt from visits that are over, and how it is told."""

from math import inf, log

import pytest

from kept.waiting_room.durations import Took, learnt
from kept.waiting_room.estimate import Estimate, Told, estimates, miss, stepped, told, widening
from kept.waiting_room.playing import RUNS, Ahead, Chair, House, Serving, Waiting, played

NOON = 12 * 60
BEN, MEI = frozenset({"ben"}), frozenset({"mei"})
NOTHING = learnt(())


def walked_in(id: str = "w1", planned: float = 30, staff: frozenset[str] = BEN) -> Waiting:
    return Waiting(id, "cut", planned, staff)


def ahead(starts: float, *, is_here: bool = True, planned: float = 60) -> Ahead:
    return Ahead(f"a{starts}", "cut", planned, starts, is_here)


def begins(house: House, id: str = "w1") -> list[float]:
    return [at - NOON for at in played(house, NOTHING, now=NOON, seed="day")[id]]


SOONEST = {
    "nobody before them": (Chair("ben"), 0, 0),
    "not at work yet": (Chair("ben", since=NOON + 20), 20, 20),
    "a gap that is long enough": (Chair("ben", ahead=(ahead(NOON + 30),)), 0, 0),
    "a gap so little short that nobody is late": (Chair("ben", ahead=(ahead(NOON + 30),)), 0, 0),
    "a gap that is too short: after the appointment": (Chair("ben", ahead=(ahead(NOON + 29),)), 29 + 27, 29 + 150),
    "an appointment that is due": (Chair("ben", ahead=(ahead(NOON),)), 27, 150),
    "two gaps too short": (Chair("ben", ahead=(ahead(NOON + 20), ahead(NOON + 70))), 70 + 27, 70 + 300),
    "one in the chair": (Chair("ben", Serving("s", "cut", 30, NOON - 10)), 1, 70),
    "one who should be done for long": (Chair("ben", Serving("s", "cut", 30, NOON - 300)), 1, 10),
    "one who began this minute": (Chair("ben", Serving("s", "cut", 30, NOON)), 13, 80),
    "after closing": (Chair("ben", until=NOON), inf, inf),
    "somebody else's chair": (Chair("mei"), inf, inf),
}


@pytest.mark.parametrize(("chair", "soonest", "latest"), SOONEST.values(), ids=SOONEST)
def test_the_day_played_on(chair: Chair, soonest: float, latest: float) -> None:
    """Whoever has booked keeps their time, and whoever walked in waits for a gap that they fit into."""
    found = begins(House((chair,), (walked_in(),)))
    assert len(found) == RUNS
    assert soonest <= found[0] <= found[-1] <= latest


def test_nobody_who_walks_in_overtakes_but_into_a_gap_that_the_first_does_not_fit() -> None:
    chair = Chair("ben", ahead=(ahead(NOON + 20),))
    house = House((chair,), (walked_in("long", 45), walked_in("short", 15), walked_in("later", 15)))
    assert begins(house, "short") == [0.0] * RUNS
    assert min(begins(house, "long")) < min(begins(house, "later"))


def test_whoever_is_missed_is_waited_for_until_the_grace_and_no_longer() -> None:
    house = House((Chair("ben", ahead=(ahead(NOON + 10, is_here=False),)),), (walked_in(),), grace=15, misses=1.0)
    assert begins(house) == [25.0] * RUNS
    overdue = House((Chair("ben", ahead=(ahead(NOON - 15, is_here=False),)),), (walked_in(),), grace=15)
    assert begins(overdue) == [0.0] * RUNS


def test_two_chairs_share_the_queue() -> None:
    both = frozenset({"ben", "mei"})
    house = House((Chair("ben"), Chair("mei")), tuple(walked_in(f"w{n}", staff=both) for n in (1, 2, 3)))
    assert begins(house, "w1") == begins(house, "w2") == [0.0] * RUNS
    assert min(begins(house, "w3")) > 5


def test_the_same_day_told_twice_says_the_same_and_another_seed_hardly_differs() -> None:
    house = House((Chair("ben", Serving("s", "cut", 30, NOON - 10), (ahead(NOON + 40),)),), (walked_in(),))
    one, same, other = (estimates(house, NOTHING, now=NOON, seed=seed)["w1"] for seed in ("1", "1", "2"))
    assert one == same
    assert abs(one.middle - other.middle) < 5


LEARNT = {
    "nothing known: as planned": ([], 30),
    "one visit changes little": ([("cut", "ben", 60)], 33),
    "half way after so many": ([("cut", "ben", 60)] * 5, 45),
    "many": ([("cut", "ben", 60)] * 200, 60),
    "of another service, by as much as the house is slow": ([("colour", "ben", 60)] * 200, 60),
    "forgotten until the evening": ([("cut", "ben", 400)] * 50, 30),
    "ticked off at once": ([("cut", "ben", 1)] * 50, 30),
    "nothing at all": ([("cut", "ben", 0)] * 50, 30),
}


@pytest.mark.parametrize(("visits", "usual"), LEARNT.values(), ids=LEARNT)
def test_lengths_are_learnt_by_and_by(visits: list[tuple[str, str, float]], usual: float) -> None:
    known = learnt(Took(service, staff, 30, took) for service, staff, took in visits)
    assert known.law("cut", "ben").usual(30) == pytest.approx(usual, rel=0.12)


def test_a_person_and_a_service_are_told_apart() -> None:
    """One visit of somebody new with a service that takes long says more of the service than of them."""
    people = {"ben": 0.8, "mei": 1.25}
    visits = [
        Took(service, who, 30, 30 * wrong * by)
        for who, by in people.items()
        for service, wrong in {"cut": 1.0, "colour": 1.5}.items()
        for _ in range(40)
    ]
    known = learnt(visits)
    assert known.law("colour", "new").usual(30) > 1.2 * known.law("cut", "new").usual(30)
    assert known.law("cut", "mei").usual(30) == pytest.approx(37.5, rel=0.1)
    assert known.law("cut", "ben").usual(30) == pytest.approx(24, rel=0.1)
    assert known.law("cut", "ben").mean == pytest.approx(log(0.8), abs=0.1)


SAID = {
    "in steps of five": (Estimate(2, 8, 23, 28, 34, is_next=False), 25, 35),
    "never a point": (Estimate(2, 29, 30, 30, 30, is_next=False), 30, 35),
    "beyond an hour in steps of ten": (Estimate(3, 40, 66, 80, 94, is_next=False), 70, 90),
    "beyond two hours in quarters": (Estimate(3, 40, 126, 140, 171, is_next=False), 120, 165),
    "next, and the one before is in the chair": (Estimate(1, 0, 1, 3, 8, is_next=True), 0, 10),
    "soon, but not next": (Estimate(2, 0, 1, 3, 8, is_next=False), 5, 10),
    "next, but far": (Estimate(1, 12, 14, 18, 27, is_next=True), 15, 25),
    "at once": (Estimate(1, 0, 0, 0, 0, is_next=True), 0, 5),
}


@pytest.mark.parametrize(("estimate", "lower", "upper"), SAID.values(), ids=SAID)
def test_it_is_said_in_steps_that_people_use(estimate: Estimate, lower: int, upper: int) -> None:
    said = told(estimate, (), at=NOON)
    assert said is not None
    assert (said.lower, said.upper, said.back_at) == (lower, upper, NOON + lower)
    assert said.is_next is (lower < 5)


def test_nothing_is_promised_of_a_turn_that_hardly_comes_today() -> None:
    assert told(Estimate(9, 200, 300, inf, inf, is_next=False), (), at=NOON) is None


AGAIN = {
    "ten minutes on, as promised": ((25, 35), 10, (15, 20, 25), (15, 25)),
    "ten minutes on, nothing moved": ((25, 35), 10, (25, 30, 35), (25, 35)),
    "ten minutes on, it fell by twenty more": ((25, 35), 10, (5, 8, 12), (5, 10)),
    "at once again": ((25, 35), 0, (25, 30, 35), (25, 35)),
}


@pytest.mark.parametrize(("first", "later", "now", "expected"), AGAIN.values(), ids=AGAIN)
def test_what_is_told_again(
    first: tuple[int, int], later: int, now: tuple[int, int, int], expected: tuple[int, int]
) -> None:
    before = Told(NOON, 2, *first, 30, *first)
    said = told(Estimate(2, 0, *now, is_next=False), (), at=NOON + later, before=before)
    assert said is not None
    assert (said.lower, said.upper) == expected


@pytest.mark.parametrize("fell", range(10))
def test_a_promise_never_falls_by_more_than_the_wait_did(fell: int) -> None:
    """Rounded to 35 from 33: what is told next may be less only by what the days themselves say less."""
    before = told(Estimate(2, 0, 33, 40, 48, is_next=False), (), at=NOON)
    assert before is not None
    now = told(Estimate(2, 0, 33 - fell, 40 - fell, 48 - fell, is_next=False), (), at=NOON, before=before)
    assert now is not None
    assert now.highest >= before.upper - fell
    assert now.lowest >= before.lower - fell


def test_it_is_widened_by_its_own_misses() -> None:
    """By what would have held four in five of them; by nothing while there are few, or it held them anyway."""
    assert widening([1.0] * 19) == 0
    assert widening([-0.5] * 90 + [3.0] * 10) == 0
    assert widening([n / 100 for n in range(100)]) == pytest.approx(0.8, abs=0.02)
    it = Estimate(2, 5, 20, 25, 35, is_next=False)
    assert (miss(it, 25), miss(it, 55), miss(it, 0)) == (-0.25, 1.0, 1.0)
    said = told(it, [0.5] * 100, at=NOON)
    assert said is not None
    assert (said.lower, said.upper) == (10, 45)


@pytest.mark.parametrize("minutes", [0, 2.4, 2.5, 7, 59.9, 60, 119, 121, 300])
def test_a_step_is_near(minutes: float) -> None:
    assert abs(stepped(minutes) - minutes) <= 7.5
