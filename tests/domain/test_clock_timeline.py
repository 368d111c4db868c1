"""Reminders and levels with their exact instants: over a sleep, a change of tier, a merge, a reopening."""

from datetime import datetime

import pytest

from kept.clients.client import Tier
from kept.errors import Refusal
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import FollowUpEvent, History, Reopening, What, in_force, known_at, own
from kept.follow_up.merging import Party, merged, merged_into
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase, phase_at
from kept.follow_up.plans import Step
from kept.follow_up.policy import ClockKind, Level, Row, ServicePolicy, Threshold
from kept.follow_up.refusals import CannotMerge, FollowUpClosed, OutOfOrder
from kept.follow_up.timeline import Timeline, overtaken_at, reached, timeline, untold, why_pointless
from kept.timekeeping.business_calendar import BusinessCalendar
from tests import reasons
from tests.histories import HOUR, a_policy, at, clock, did, opened

DAY_LONG = a_policy(24 * HOUR)
LINE = [
    ("first_response_follow_up_reminder_50", 12),
    ("first_response_follow_up_reminder_75", 18),
    ("first_response_follow_up_reminder_90", 21.6),
    ("first_response_follow_up_breached_1", 24),
    ("first_response_follow_up_escalated_2", 24),
    ("first_response_follow_up_escalated_3", 48),
]
PARTS = a_policy(None, None, 8 * HOUR, thresholds=(Threshold(50),), levels=(Level("assignee"), Level("owner", HOUR)))
"""A resolution with one reminder at four hours, a breach at eight and one level at nine."""


def line(history: History, policy: ServicePolicy = DAY_LONG) -> Timeline:
    return timeline(history, {policy.number: policy})


def told(found: Timeline) -> list[tuple[str, datetime]]:
    return [(notice.stage, notice.at) for notice in found]


def short(found: Timeline) -> list[tuple[str, datetime]]:
    """Without the clock's name: reminder_50, breached_1, escalated_2."""
    return [(notice.stage.partition("follow_up_")[2], notice.at) for notice in found]


def hours(*expected: tuple[str, float]) -> list[tuple[str, datetime]]:
    return [(stage, at(when)) for stage, when in expected]


def awake(found: Timeline, history: History, looked: float, now: float) -> tuple[list[str], list[str]]:
    """What a look at `now` tells, and why it leaves out the rest."""
    standing = clocks(history, {1: DAY_LONG}, at(now))
    found = reached(found, processed_until=at(looked), now=at(now))
    whys = [(n, why_pointless(n, line(history), standing, now=at(now))) for n in found]
    pointless = [reasons.short(why) for _, why in whys if why]
    return [n.stage.partition("follow_up_")[2] for n, why in whys if why is None], pointless


def test_a_day_has_three_reminders_a_breach_and_two_levels() -> None:
    """Up to the breach the assignee hears of it, then manager and owner."""
    assert told(line(opened())) == hours(*LINE)
    assert [notice.to for notice in line(opened())] == ["assignee"] * 4 + ["manager", "owner"]


LATER, ANSWERED = "later_notice", "answered_meanwhile"


@pytest.mark.parametrize(
    ("events", "looked", "now", "tells", "leaves_out"),
    [
        pytest.param((), 0, 12, [], [], id="at the instant itself, half-open"),
        pytest.param((), 0, 12.1, ["reminder_50"], [], id="just after it"),
        pytest.param((), 11, 20, ["reminder_75"], [LATER], id="slept over two: the last alone"),
        pytest.param((), 11, 24, ["reminder_90"], [LATER] * 2, id="at the due instant nothing is missed"),
        pytest.param((), 11, 35, ["breached_1", "escalated_2"], [LATER] * 3, id="a day's sleep over the breach"),
        pytest.param(
            (), 11, 60, ["breached_1", "escalated_2", "escalated_3"], [LATER] * 3, id="two days: every level, once"
        ),
        pytest.param((did(What.ANSWERED, 20),), 11, 35, [], [ANSWERED] * 2, id="answered in time while it slept"),
        pytest.param((did(What.ANSWERED, 26),), 11, 35, [], [ANSWERED] * 5, id="answered late: a miss, and no alarm"),
        pytest.param((did(What.ANSWERED, 24),), 23, 35, [], [], id="answered at the due instant"),
    ],
)
def test_after_a_sleep_only_what_is_still_useful_is_told(
    events: tuple[FollowUpEvent, ...], looked: float, now: float, tells: list[str], leaves_out: list[str]
) -> None:
    """Of reminders slept through only the latest, and none of what was answered meanwhile."""
    history = (*opened(), *events)
    assert awake(line(history), history, looked, now) == (tells, leaves_out)


def test_a_miss_is_dated_when_it_happened_however_late_it_is_found() -> None:
    """How late somebody was does not depend on who looked when."""
    late = (*opened(), did(What.ANSWERED, 30))
    found = clock(late, DAY_LONG, at(99))
    assert (found.state, found.due, found.late) == (State.MISSED, at(24), 6 * HOUR)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((), [("reminder_50", 4), ("breached_1", 8), ("escalated_2", 9)], id="as it is opened"),
        pytest.param(
            (did(What.WAITING, 2, until=5),),
            [("reminder_50", 7), ("breached_1", 11), ("escalated_2", 12)],
            id="a pause moves all that is to come",
        ),
        pytest.param(
            (did(What.WAITING, 8.5, until=20),),
            [("reminder_50", 4), ("breached_1", 8), ("escalated_2", 20.5)],
            id="nobody above is called while the client has the turn",
        ),
        pytest.param(
            (did(What.WAITING, 4, until=6),),
            [("reminder_50", 6), ("breached_1", 10), ("escalated_2", 11)],
            id="a pause that begins at a threshold comes before it",
        ),
        pytest.param(
            (did(What.RESOLVED, 8),), [("reminder_50", 4)], id="closed at the due instant: nothing was missed"
        ),
        pytest.param(
            (did(What.RESOLVED, 5), did(What.REOPENED, 173, Reopening.CONTINUES)),
            [("reminder_50", 4), ("breached_1", 176), ("escalated_2", 177)],
            id="reopened after a week: the reminder is not told again",
        ),
        pytest.param(
            (did(What.RESOLVED, 5), did(What.REOPENED, 173, Reopening.NEW_CYCLE)),
            [("reminder_50", 4), ("reminder_50", 177), ("breached_1", 181), ("escalated_2", 182)],
            id="reopened to begin anew: one more set",
        ),
        pytest.param((did(What.WAITING, 2),), [], id="waiting without an end: nothing is known to come"),
    ],
)
def test_what_happens_moves_what_is_to_come(
    events: tuple[FollowUpEvent, ...], expected: list[tuple[str, float]]
) -> None:
    """A pause moves the rest; what was told is not told again unless it begins anew."""
    assert short(line((*opened(), *events), PARTS)) == hours(*expected)


TIERS = a_policy(
    rows=(Row(resolution=2 * HOUR, tier=Tier.VIP), Row(resolution=8 * HOUR, tier=Tier.REGULAR)),
    thresholds=(Threshold(50),),
    levels=(Level("assignee"), Level("owner", HOUR)),
)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            (did(What.TIER, 6, "vip"),),
            [("reminder_50", 4), ("breached_1", 6), ("escalated_2", 6)],
            id="what a shorter target brings into the past is owed from the change on",
        ),
        pytest.param(
            (did(What.WAITING, 1.5, until=5), did(What.TIER, 3, "vip")),
            [("reminder_50", 3), ("breached_1", 5.5), ("escalated_2", 6.5)],
            id="in mid-pause: half of the new target was spent before, the rest comes after the pause",
        ),
        pytest.param(
            (did(What.WAITING, 1.5, until=5), did(What.TIER, 3, "vip"), did(What.TIER, 4, "regular")),
            [("reminder_50", 3), ("breached_1", 11.5), ("escalated_2", 12.5)],
            id="there and back: what was told stays told",
        ),
        pytest.param(
            (did(What.TIER, 4, "prospect"), did(What.TIER, 20, "regular")),
            [("reminder_50", 20), ("breached_1", 20), ("escalated_2", 20)],
            id="without a target for a while",
        ),
        pytest.param(
            (did(What.TIER, 8, "vip"),),
            [("reminder_50", 4), ("breached_1", 8), ("escalated_2", 8)],
            id="at the due instant of the longer one",
        ),
        pytest.param((did(What.RESOLVED, 1.5),), [], id="closed before any of it"),
    ],
)
def test_a_change_of_tier_tells_nothing_twice(
    events: tuple[FollowUpEvent, ...], expected: list[tuple[str, float]]
) -> None:
    """What a shorter target brings into the past is owed from the change on."""
    assert short(line((*opened(), *events), TIERS)) == hours(*expected)


MERGE = did(What.MERGED, 9)


def both(kept: History, taken: History, merge: FollowUpEvent = MERGE) -> tuple[History, History]:
    return merged(Party("f1", "ana", kept), Party("f2", "ana", taken), merge)


def test_two_paused_follow_ups_are_one_from_the_earliest_origin_without_either_pause() -> None:
    """Opened at 0 and at 2; one waits from 4 to 7, the other from 6 to 8 and from 8.5 on."""
    taken = (*opened(), did(What.WAITING, 4, until=7))
    kept = (*opened(at(2)), did(What.WAITING, 6, until=8), did(What.WAITING, 8.5, until=10))
    one, other = both(kept, taken)
    found = clock(one, PARTS, at(9), ClockKind.RESOLUTION)
    assert (found.run.started, found.spent, found.state) == (at(0), 4.5 * HOUR, State.PAUSED)
    cut_out = [(s.begins, s.ends) for s in found.spans if not s.counts]
    assert cut_out == [(at(4), at(6)), (at(6), at(8)), (at(8.5), at(10))]
    assert found.due == at(13.5)
    assert phase_at(other, at(9)) is Phase.CLOSED


def test_a_pause_that_lasts_over_the_merge_is_ended_once_for_both() -> None:
    """To the client it is one matter: what they write ends all waiting for them."""
    one, _ = both(opened(at(2)), (*opened(), did(What.WAITING, 8, until=99)))
    assert clock(one, PARTS, at(10), ClockKind.RESOLUTION).state is State.PAUSED
    found = clock((*one, did(What.CLIENT_WROTE, 10)), PARTS, at(11), ClockKind.RESOLUTION)
    assert (found.state, found.spent) == (State.MISSED, 9 * HOUR)


def test_while_one_was_closed_the_other_s_time_counts() -> None:
    """Opened at 0 and closed from 1 to 5; the other opened at 2: nobody waited from 1 to 2 alone."""
    taken = (*opened(), did(What.RESOLVED, 1), did(What.REOPENED, 5))
    one, _ = both(opened(at(2)), taken)
    found = clock(one, PARTS, at(9), ClockKind.RESOLUTION)
    assert (found.spent, found.due) == (8 * HOUR, at(9))
    assert [(s.begins, s.ends) for s in found.spans if not s.counts] == [(at(1), at(2))]


def test_merged_there_is_one_set_of_reminders() -> None:
    """The one that was taken in told the reminder at 4; the kept one, opened at 2, had its own at 6: told then."""
    one, other = both(opened(at(2)), opened(), did(What.MERGED, 7))
    assert short(line(one, PARTS)) == hours(("reminder_50", 6), ("breached_1", 8), ("escalated_2", 9))
    assert short(line(other, PARTS)) == hours(("reminder_50", 4))


def test_merged_before_its_own_reminder_the_kept_one_does_not_repeat_the_other_s() -> None:
    """The matter was reminded of already."""
    one, _ = both(opened(at(2)), opened(), did(What.MERGED, 5))
    assert short(line(one, PARTS)) == hours(("breached_1", 8), ("escalated_2", 9))


def test_what_the_other_would_have_told_after_the_merge_is_not_told_already() -> None:
    """Alone it would have breached at 8; the pause of the one moves that to 12, whatever is changed in between."""
    one, _ = both(opened(at(2)), opened(), did(What.MERGED, 5))
    later = (*one, did(What.WAITING, 6, until=10), did(What.PRIORITY, 11, "urgent"))
    assert short(line(later, PARTS)) == hours(("breached_1", 12), ("escalated_2", 13))


def test_a_breach_at_closing_time_was_owed_though_the_answer_came_before_the_next_opening() -> None:
    """The due instant had passed, though no business time had."""
    office = BusinessCalendar.parse("UTC", {"mon": ["09:00-17:00"]})
    policy = a_policy(rows=(Row(8 * HOUR, calendar="office"),), calendars={"office": office}, thresholds=())
    assert short(line((*opened(), did(What.ANSWERED, 11)), policy)) == hours(("breached_1", 8), ("escalated_2", 8))


def test_an_answer_on_either_is_the_first_answer() -> None:
    """Whoever answered one has answered the client, as is known from the merge on."""
    one, _ = both((*opened(at(2)),), (*opened(), did(What.ANSWERED, 1)))
    assert clock(one, DAY_LONG, at(9)).run.stopped == at(1)
    assert clock(known_at(one, at(8)), DAY_LONG, at(8)).run.stopped is None  # it was not known to be the same matter


def test_a_follow_up_that_took_one_in_can_be_taken_in_itself() -> None:
    """All three count from the earliest origin, as is known from the merge on."""
    one, _ = both(opened(at(2)), (*opened(), did(What.WAITING, 1, until=3)), did(What.MERGED, 4))
    all_three, _ = merged(Party("f0", "ana", opened(at(5))), Party("f1", "ana", one), did(What.MERGED, 6))
    found = clock(all_three, PARTS, at(6), ClockKind.RESOLUTION)
    assert (found.run.started, found.spent) == (at(0), 4 * HOUR)
    assert clock(all_three, PARTS, at(5.5), ClockKind.RESOLUTION).run.started == at(5)  # nothing of the others before


def test_the_opening_of_one_taken_in_later_awaits_an_answer_too() -> None:
    """The client asked again, and the answer before it was none to that."""
    one, _ = both((*opened(), did(What.ANSWERED, 1)), opened(at(2)))
    following = clock(one, a_policy(HOUR, 9 * HOUR), at(9), ClockKind.NEXT)
    assert (following.run.started, following.due) == (at(2), at(11))


def test_what_was_taken_in_says_by_which() -> None:
    _, other = both(opened(at(2)), opened())
    assert (merged_into(other), merged_into(opened())) == ("f1", None)


@pytest.mark.parametrize(
    ("kept", "taken", "refusal"),
    [
        pytest.param(Party("f1", "ana", opened()), Party("f1", "ana", opened()), CannotMerge, id="with itself"),
        pytest.param(Party("f1", "ana", opened()), Party("f2", "bo", opened()), CannotMerge, id="of another client"),
        pytest.param(
            Party("f1", "ana", opened()),
            Party("f2", "ana", (*opened(), did(What.RESOLVED, 1))),
            FollowUpClosed,
            id="a closed one",
        ),
        pytest.param(
            Party("f1", "ana", (*opened(), did(What.NOTED, 10))),
            Party("f2", "ana", opened()),
            OutOfOrder,
            id="too late",
        ),
    ],
)
def test_what_cannot_be_made_one_is_refused(kept: Party, taken: Party, refusal: type[Refusal]) -> None:
    """Itself, another client's or a closed one; nor may a merge be dated before the last line."""
    with pytest.raises(refusal):
        merged(kept, taken, MERGE)


def test_reassigned_at_the_due_instant_the_breach_is_the_new_one_s_to_hear_of() -> None:
    """It is owed from just after; the assignee of a notice is whoever has it then."""
    history = (*opened(to="mei"), did(What.ASSIGNED, 24, "lou"))
    (breach,) = (n for n in line(history) if n.tells == "follow_up_breached")
    assert (breach.at, breach.to) == (at(24), "assignee")
    assert in_force(own(history, What.ASSIGNED), breach.at) == "lou"
    assert told(line(history)) == hours(*LINE)


def test_a_late_step_is_told_to_its_assignee_alone() -> None:
    """Nobody above is called because of a step of the plan."""
    policy = a_policy(plans={OpenedBy.MANUAL: (Step("call", 4 * HOUR),)})
    assert told(line(opened(), policy)) == hours(("step_call_follow_up_breached_1", 4))


def test_thresholds_in_minutes_stand_before_and_after_the_due_instant() -> None:
    policy = a_policy(HOUR, thresholds=(Threshold(minutes_before=15), Threshold(minutes_after=30)))
    assert short(line(opened(), policy))[:4] == hours(
        ("reminder_15_before", 0.75), ("breached_1", 1), ("escalated_2", 1), ("reminder_30_after", 1.5)
    )


def test_a_target_no_longer_than_a_threshold_has_no_such_reminder() -> None:
    """It would come at the opening or before it, and help nobody."""
    policy = a_policy(HOUR, thresholds=(Threshold(minutes_before=60), Threshold(minutes_before=90)))
    assert [stage for stage, _ in short(line(opened(), policy))] == ["breached_1", "escalated_2", "escalated_3"]


@pytest.mark.parametrize(
    ("looked", "due"),
    [(0, 12), (12, 12), (12.5, 18), (24, 24), (25, 48), (49, None)],
    ids=["fresh", "at half, not yet acted on", "after half", "at due", "after the breach", "after all of it"],
)
def test_the_next_look_is_due_at_the_first_notice_not_looked_at(looked: float, due: float | None) -> None:
    """What falls on the very instant of a look is left for the next."""
    left = untold(line(opened()), processed_until=at(looked))
    assert next((notice.at for notice in left), None) == (None if due is None else at(due))


def test_what_was_told_ahead_of_the_look_is_not_to_be_told_again() -> None:
    left = untold(line(opened()), processed_until=at(12), ahead=["first_response_follow_up_reminder_75"])
    assert [notice.at for notice in left] == [at(12), at(21.6), at(24), at(24), at(48)]


def test_a_reminder_is_overtaken_by_the_next_notice_of_its_clock_and_a_breach_by_none() -> None:
    """A miss is told however late it is."""
    found = line(opened())
    assert [overtaken_at(notice, found) for notice in found] == [at(18), at(21.6), at(24), None, None, None]


def test_of_what_a_stricter_policy_brings_into_the_past_at_once_only_the_miss_is_told() -> None:
    """Reminders of what is over help nobody."""
    strict = a_policy(2 * HOUR, number=2)
    history = (*opened(), did(What.POLICY, 5, "2"))
    policies = {1: DAY_LONG, 2: strict}
    found = reached(timeline(history, policies), processed_until=at(5), now=at(5.5))
    standing = clocks(history, policies, at(5.5))
    whys = {
        n.stage.partition("follow_up_")[2]: reasons.short(why_pointless(n, found, standing, now=at(5.5))) for n in found
    }
    assert whys == {
        "reminder_50": "later_notice",
        "reminder_75": "later_notice",
        "reminder_90": "later_notice",
        "breached_1": "",
        "escalated_2": "",
    }
    assert {notice.at for notice in found} == {at(5)}


def test_a_reminder_found_in_a_pause_is_left_out() -> None:
    """While the client has the turn there is nothing for the assignee to do."""
    history = (*opened(), did(What.WAITING, 4.5, until=30))
    (reminder,) = reached(line(history, PARTS), processed_until=at(0), now=at(5))
    standing = clocks(history, {1: PARTS}, at(5))
    assert reasons.short(why_pointless(reminder, line(history, PARTS), standing, now=at(5))) == "waiting_for_client"


def test_a_notice_of_a_clock_that_has_lost_its_target_is_left_out() -> None:
    history = (*opened(), did(What.TIER, 5, "prospect"))
    (reminder,) = reached(line(history, TIERS), processed_until=at(0), now=at(6))
    why = why_pointless(reminder, line(history, TIERS), clocks(history, {1: TIERS}, at(6)), now=at(6))
    assert reasons.short(why) == "no_target"
