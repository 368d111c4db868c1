"""Rule: a history that was shortened at any moments tells what the whole one tells, whatever happens before and after.

Here four whole lines are room enough, so that nearly every line of these histories has moved at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept import bounds
from kept.clients.client import Tier
from kept.errors import Refusal
from kept.follow_up.agenda import agenda
from kept.follow_up.append_event import recorded
from kept.follow_up.awaiting import awaiting_whom
from kept.follow_up.clock_metrics import measured
from kept.follow_up.clocks import clocks
from kept.follow_up.events import FollowUpEvent, History, What, known_at
from kept.follow_up.explanation import explained
from kept.follow_up.ladder import Ladder, climbed
from kept.follow_up.merging import Party, merged
from kept.follow_up.ownership import owner_at
from kept.follow_up.phases import Phase, phases
from kept.follow_up.refusals import FollowUpFull
from kept.follow_up.shortening import MOST, bytes_of_old, joined, shortened
from kept.follow_up.survey import is_asked, stars, was_asked
from kept.follow_up.timeline import reached, timeline
from tests.domain.test_clock_replay import NAMED, POLICIES, QUARTERS
from tests.histories import MINUTE, MONDAY, at, did, opened

FEW = 4
MOODS = [
    [What.CLIENT_WROTE, What.ANSWERED, What.NOTED],
    [What.CLIENT_WROTE, What.CLIENT_WROTE, What.WAITING, What.SNOOZED, What.NOTED],
    [What.TRIED, What.TRIED, What.NOTED, What.ASSIGNED],
    [What.RESOLVED, What.REOPENED, What.SURVEYED, What.ANSWERED],
    [What.TIER, What.POLICY, What.PRIORITY, What.CLIENT_WROTE],
]
"""So that the same happens again and again."""
END = at(400)


@pytest.fixture(autouse=True, scope="module")
def _room_for_few() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bounds, "LINES", FEW)
        yield


@dataclass
class Twice:
    """One history as it happened, and the same as it is stored: what is kept, and the old lines beside it."""

    id: str
    whole: History
    kept: History
    old: list[FollowUpEvent] = field(default_factory=list)
    taken: "dict[str, Twice]" = field(default_factory=dict)

    def write(self, event: FollowUpEvent) -> None:
        """Both take it, or both refuse it for the same reason."""
        answers = [_written(history, event) for history in (self.whole, self.kept)]
        assert len({code for _, code in answers}) == 1
        self.whole, self.kept = (history for history, _ in answers)

    def store(self) -> None:
        self.kept, moved = shortened(self.kept)
        self.old += moved

    def read(self) -> History:
        new = (line for line in self.kept if not line.is_old and not line.thread)
        if not any(line.is_old for line in self.kept):
            return self.kept
        own = (*(replace(line, is_old=True) for line in self.old), *new)
        return joined(own, lambda taken: self.taken[taken].read())

    def merge(self, other: "Twice", when: datetime) -> None:
        change = FollowUpEvent(What.MERGED, when)
        plain = merged(Party(self.id, "ana", self.whole), Party(other.id, "ana", other.whole), change)
        stored = merged(Party(self.id, "ana", self.read()), Party(other.id, "ana", other.read()), change)
        (self.whole, other.whole), (self.kept, other.kept) = plain, stored
        self.taken[other.id] = other
        self.store()
        other.store()


def _written(history: History, event: FollowUpEvent) -> tuple[History, str]:
    try:
        return recorded(history, event, POLICIES, now=event.at), ""
    except Refusal as refusal:
        return history, refusal.code


@st.composite
def happened(draw: st.DrawFn, id: str = "f1", most: int = 25) -> Twice:
    begun = opened(tier=draw(st.sampled_from([Tier.VIP, Tier.REGULAR])), policy=draw(st.sampled_from([1, 2])))
    it = Twice(id, begun, begun)
    mood = draw(st.sampled_from([[*What][1:], *MOODS]))
    for quarter in sorted(draw(st.lists(QUARTERS, max_size=most))):
        _anything(draw, it, at(quarter / 4), mood)
    return it


def _anything(draw: st.DrawFn, it: Twice, when: datetime, mood: list[What]) -> None:
    what = draw(st.sampled_from([what for what in mood if what is not What.MERGED]))
    until = when + draw(st.integers(1, 99)) * 15 * MINUTE if what in (What.WAITING, What.SNOOZED) else None
    to = "4" if what is What.SURVEYED else draw(st.sampled_from(NAMED.get(what, [""])))
    it.write(FollowUpEvent(what, when, by="staff:mei", to=to, why="because", until=until, key="k", body="b"))
    if draw(st.booleans()):
        it.store()


@st.composite
def merged_and_on(draw: st.DrawFn) -> Twice:
    """Up to two are taken in, one of which may have taken in another before, and then it goes on."""
    it = draw(happened(most=12))
    others = [draw(happened(id, 12)) for id in ("f2", "f3")]
    if draw(st.booleans()):
        _merge(draw, others[0], others[1])
    for other in others:
        _merge(draw, it, other)
        for _ in range(draw(st.integers(0, 4))):
            _anything(draw, it, it.whole[-1].at + draw(st.integers(0, 40)) * 15 * MINUTE, [*What][1:])
    return it


def _merge(draw: st.DrawFn, it: Twice, other: Twice) -> None:
    when = max(it.whole[-1].at, other.whole[-1].at) + draw(st.integers(0, 20)) * 15 * MINUTE
    try:
        it.merge(other, when)
    except Refusal:
        return


anything = st.one_of(happened(), merged_and_on())
instants = QUARTERS.map(lambda quarter: at(quarter / 4))


@pytest.mark.slow
@given(anything, instants)
@settings(max_examples=40, deadline=None)
def test_the_clocks_are_those_of_the_whole_at_any_instant(it: Twice, now: datetime) -> None:
    """Shortening a history changes no deadline, nor how it is explained to staff."""
    for when in (now, it.whole[-1].at, END):
        clocked, told = (clocks(history, POLICIES, when) for history in (it.whole, it.kept))
        assert told == clocked
        assert [explained(clock, when) for clock in told] == [explained(clock, when) for clock in clocked]
        assert phases(known_at(it.kept, END)) == phases(known_at(it.whole, END))


@pytest.mark.slow
@given(anything, instants)
@settings(max_examples=40, deadline=None)
def test_the_notices_are_those_of_the_whole(it: Twice, looked: datetime) -> None:
    """Staff are told the same, at the same times, as if every line were still there."""
    whole, kept = (timeline(history, POLICIES) for history in (it.whole, it.kept))
    assert reached(kept, processed_until=MONDAY, now=END) == reached(whole, processed_until=MONDAY, now=END)
    assert agenda(it.kept, POLICIES, processed_until=looked) == agenda(it.whole, POLICIES, processed_until=looked)
    assert climbed(it.kept, Ladder()) == climbed(it.whole, Ladder())


@pytest.mark.slow
@given(anything, instants)
@settings(max_examples=30, deadline=None)
def test_the_figures_the_turn_and_the_question_are_those_of_the_whole(it: Twice, now: datetime) -> None:
    """Reports, the owner and what the client was asked and answered come out alike."""
    zone = ZoneInfo("Europe/Berlin")
    assert measured("f", it.kept, POLICIES, now=END, zone=zone) == measured("f", it.whole, POLICIES, now=END, zone=zone)
    for tells in (awaiting_whom, is_asked, was_asked, stars):
        assert tells(it.kept) == tells(it.whole)
    assert owner_at(it.kept, now) == owner_at(it.whole, now)


@pytest.mark.slow
@given(anything)
@settings(max_examples=30, deadline=None)
def test_no_line_is_lost(it: Twice) -> None:
    """Who reads all of a history gets every line back, in its order."""
    assert [replace(line, is_old=False) for line in it.read()] == list(it.whole)


LONG = [
    pytest.param([What.CLIENT_WROTE], id="a client who goes on writing"),
    pytest.param([What.NOTED], id="notes"),
    pytest.param([What.CLIENT_WROTE, What.NOTED], id="a note on every message"),
    pytest.param([What.ANSWERED], id="answers to nothing"),
    pytest.param([What.ANSWERED, What.NOTED, What.ANSWERED], id="answers and notes"),
]


@pytest.mark.slow
@pytest.mark.parametrize("round_", LONG)
def test_what_moves_no_clock_leaves_it_small_however_often_it_is_said(round_: list[What]) -> None:
    """A client may write and staff may note without end, and the record stays small."""
    it = Twice("f1", opened(), opened())
    for n in range(2_000):
        it.kept = (*it.kept, did(round_[n % len(round_)], 1 + n / 100, by="client"))
        it.store()
    assert len(it.kept) < FEW + bounds.AT_ONCE + 8
    assert bytes_of_old(it.kept) < MOST / 10


LOOPS = [
    pytest.param([(What.ANSWERED, ""), (What.CLIENT_WROTE, "")], id="question and answer"),
    pytest.param([(What.WAITING, ""), (What.RESUMED, "")], id="waiting and not"),
    pytest.param([(What.SNOOZED, "")], id="put off and again"),
    pytest.param([(What.TIER, "vip"), (What.TIER, "regular")], id="tiers"),
    pytest.param([(What.PRIORITY, "urgent"), (What.PRIORITY, "low")], id="priorities"),
    pytest.param([(What.POLICY, "2"), (What.POLICY, "1")], id="policies"),
    pytest.param([(What.ASSIGNED, "lou"), (What.ASSIGNED, "mei")], id="hands"),
    pytest.param([(What.RESOLVED, "settled"), (What.REOPENED, "")], id="closed and reopened"),
    pytest.param([(What.TRIED, "sms")], id="calls nobody takes"),
]


@pytest.mark.slow
@pytest.mark.parametrize("loop", LOOPS)
def test_what_moves_clocks_is_refused_before_it_is_too_large_and_can_still_be_answered_and_closed(
    loop: list[tuple[What, str]],
) -> None:
    """Staff can always end what has grown too large to go on."""
    full = _until_full(loop)
    if phases(full)[-1].phase is not Phase.CLOSED:
        for what, to in ((What.ANSWERED, ""), (What.NOTED, ""), (What.RESOLVED, "settled")):
            full = recorded(full, FollowUpEvent(what, at(10), to=to), POLICIES, now=at(10))
    assert phases(full)[-1].phase is Phase.CLOSED
    assert bytes_of_old(shortened(full)[0]) < 2.1 * MOST


def _until_full(loop: list[tuple[What, str]]) -> History:
    kept = opened()
    for n in range(3_000):
        (what, to), when = loop[n % len(loop)], at(n / 10_000)
        until = when + MINUTE if what in (What.WAITING, What.SNOOZED) else None
        event = FollowUpEvent(what, when, "staff:mei", to, "because", until, key=f"{n}", body="b")
        try:
            kept = shortened(recorded(kept, event, POLICIES, now=when))[0]
        except FollowUpFull:
            return kept
    raise AssertionError("it takes everything")


@pytest.mark.slow
def test_two_that_are_too_large_together_are_not_made_one() -> None:
    """Each stays as it is, and can be answered and closed."""
    loop = [(What.WAITING, ""), (What.RESUMED, "")]
    one, other = _until_full(loop), _until_full(loop)
    last = max(one[-1].at, other[-1].at)
    with pytest.raises(FollowUpFull) as refused:
        merged(Party("f1", "c-1", one), Party("f2", "c-1", other), FollowUpEvent(What.MERGED, last))
    assert refused.value.facts == {"id": "f1"}
