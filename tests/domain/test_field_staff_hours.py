"""Rule: staff are told in their own working hours, else the business's. What falls into the night comes before the
closing where it is a reminder, else in the morning in one list; only a VIP's miss comes at any hour, by setting. They
are shown the last closing before a deadline at night. The miss itself is counted at the deadline.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kept.actor import Actor, Change
from kept.business.catalog import Catalog, StaffMember
from kept.clients.client import Tier
from kept.follow_up.agenda import agenda
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line
from kept.follow_up.notices import LISTED, looked, recipient, tells_at, told
from kept.follow_up.policy import Row, ServicePolicy
from kept.follow_up.shown import shown
from kept.follow_up.staff_hours import Rota, StaffHours
from kept.messaging.message import MessageStatus
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.weekly_hours import TimeOff, Window, WorkingHours
from tests.builders import a_catalog, a_follow_up, a_member
from tests.reasons import short

HOUR = timedelta(hours=1)
TOKYO = "Asia/Tokyo"


def weekly(*windows: str, days: str = "0123456") -> WorkingHours:
    return WorkingHours({int(day): tuple(Window.parse(window) for window in windows) for day in days})


DAYTIME = weekly("09:00-19:00")
OFFICE = weekly("09:00-12:00", "13:00-18:00", days="01234")


def one(hours: WorkingHours, tz: str = "UTC") -> StaffHours:
    return StaffHours(ZoneInfo(tz), (hours,))


def at(text: str, tz: str = "UTC") -> datetime:
    """As the wall clock of the zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def on(hours: WorkingHours = DAYTIME, *, off: str = "", closed: str = "", opened: str = "") -> WorkingHours:
    """Hours with a time off, a holiday, or a day with windows of its own."""
    away = tuple(TimeOff(at(since), at(until)) for since, _, until in [off.partition("/")] if off)
    own = {date.fromisoformat(day): (Window.parse(window),) for day, _, window in [opened.partition(" ")] if opened}
    days = frozenset(date.fromisoformat(day) for day in closed.split())
    return replace(hours, time_off=away, closed_days=days, overrides=own)


NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
NIGHT = weekly("20:00-26:00")
SEASON = replace(weekly(), overrides={date(2026, 3, 2): (Window.parse("10:00-16:00"),)})

SHOWN = [
    pytest.param(DAYTIME, "UTC", "2026-03-02T18:30", "2026-03-01T10:00", "2026-03-02T18:30", id="in the day: itself"),
    pytest.param(
        DAYTIME, "UTC", "2026-03-03T03:11", "2026-03-01T10:00", "2026-03-02T19:00", id="at 03:11: Monday 19:00"
    ),
    pytest.param(
        DAYTIME, "UTC", "2026-03-02T19:00", "2026-03-01T10:00", "2026-03-02T19:00", id="at the closing itself"
    ),
    pytest.param(DAYTIME, "UTC", "2026-03-02T19:01", "2026-03-01T10:00", "2026-03-02T19:00", id="a minute after it"),
    pytest.param(DAYTIME, "UTC", "2026-03-03T09:00", "2026-03-01T10:00", "2026-03-03T09:00", id="at the opening"),
    pytest.param(DAYTIME, "UTC", "2026-03-03T08:59", "2026-03-01T10:00", "2026-03-02T19:00", id="a minute before it"),
    pytest.param(OFFICE, "UTC", "2026-03-02T12:30", "2026-03-01T10:00", "2026-03-02T12:00", id="in the break at noon"),
    pytest.param(OFFICE, "UTC", "2026-03-08T15:00", "2026-03-05T10:00", "2026-03-06T18:00", id="on a Sunday: Friday"),
    pytest.param(
        DAYTIME,
        "UTC",
        "2026-03-03T03:00",
        "2026-03-02T22:00",
        "2026-03-03T03:00",
        id="opened after the closing: itself",
    ),
    pytest.param(
        DAYTIME, "UTC", "2026-03-03T03:00", "2026-03-02T18:59", "2026-03-02T19:00", id="opened a minute before it"
    ),
    pytest.param(
        DAYTIME, "UTC", "2026-03-03T03:00", "2026-03-02T19:00", "2026-03-03T03:00", id="opened at the closing: itself"
    ),
    pytest.param(
        weekly("00:00-24:00"), "UTC", "2026-03-03T03:11", "2026-03-01T10:00", "2026-03-03T03:11", id="never closes"
    ),
    pytest.param(
        weekly("00:00-24:00"), "UTC", "2026-03-03T00:00", "2026-03-01T10:00", "2026-03-03T00:00", id="nor at midnight"
    ),
    pytest.param(NIGHT, "UTC", "2026-03-03T01:30", "2026-03-01T10:00", "2026-03-03T01:30", id="at work over midnight"),
    pytest.param(NIGHT, "UTC", "2026-03-03T12:00", "2026-03-01T10:00", "2026-03-03T02:00", id="closes at two at night"),
    pytest.param(
        on(off="2026-03-02T00:00/2026-03-16T00:00"),
        "UTC",
        "2026-03-12T11:00",
        "2026-03-01T10:00",
        "2026-03-01T19:00",
        id="closed for two weeks",
    ),
    pytest.param(
        on(off="2026-03-02T00:00/2026-03-16T00:00"),
        "UTC",
        "2026-03-12T11:00",
        "2026-03-03T10:00",
        "2026-03-12T11:00",
        id="opened within the two weeks: itself",
    ),
    pytest.param(
        on(off="2026-03-02T16:00/2026-03-02T19:00"),
        "UTC",
        "2026-03-02T20:00",
        "2026-03-01T10:00",
        "2026-03-02T16:00",
        id="off since the afternoon",
    ),
    pytest.param(
        on(closed="2026-03-03 2026-03-04"),
        "UTC",
        "2026-03-04T12:00",
        "2026-03-01T10:00",
        "2026-03-02T19:00",
        id="on the second of two holidays",
    ),
    pytest.param(
        on(closed="2026-03-03", opened="2026-03-03 10:00-12:00"),
        "UTC",
        "2026-03-03T15:00",
        "2026-03-01T10:00",
        "2026-03-03T12:00",
        id="a holiday on which they work till noon",
    ),
    pytest.param(
        weekly("09:00-24:00"),
        BERLIN,
        "2026-03-29T03:30",
        "2026-03-27T10:00",
        "2026-03-29T00:00",
        id="in the lost hour's night",
    ),
    pytest.param(
        weekly("20:00-26:30"),
        NEW_YORK,
        "2026-03-08T10:00",
        "2026-03-06T10:00",
        "2026-03-08T03:00",
        id="closes in the lost hour",
    ),
    pytest.param(
        DAYTIME,
        TOKYO,
        "2026-03-03T07:30",
        "2026-03-01T10:00",
        "2026-03-02T19:00",
        id="in the business's zone, not in UTC",
    ),
    pytest.param(
        SEASON, "UTC", "2026-11-20T12:00", "2026-03-01T10:00", "2026-03-02T16:00", id="closed since the season"
    ),
]


@pytest.mark.parametrize(("hours", "tz", "due", "since", "expected"), SHOWN)
def test_a_deadline_is_shown_as_the_last_closing_before_it(
    hours: WorkingHours, tz: str, due: str, since: str, expected: str
) -> None:
    """Staff see by when they can still answer at work; what was opened after that closing shows itself."""
    assert one(hours, tz).answer_by(at(due, tz), since=at(since, tz)) == at(expected, tz)


TOLD = [
    pytest.param(DAYTIME, "2026-03-02T15:00", "2026-03-02T10:00", True, "2026-03-02T15:00", id="a reminder by day"),
    pytest.param(DAYTIME, "2026-03-02T22:00", "2026-03-02T10:00", True, "2026-03-02T18:00", id="a reminder by night"),
    pytest.param(DAYTIME, "2026-03-02T22:00", "2026-03-02T18:30", True, "2026-03-02T18:30", id="within the last hour"),
    pytest.param(DAYTIME, "2026-03-02T22:00", "2026-03-02T19:00", True, "2026-03-03T09:00", id="after the closing"),
    pytest.param(DAYTIME, "2026-03-02T19:00", "2026-03-02T10:00", True, "2026-03-02T18:00", id="due at the closing"),
    pytest.param(
        DAYTIME, "2026-03-03T05:00", "2026-03-02T07:00", True, "2026-03-02T18:00", id="seen from before the day"
    ),
    pytest.param(DAYTIME, "2026-03-03T03:11", "2026-03-02T10:00", False, "2026-03-03T09:00", id="a miss by night"),
    pytest.param(DAYTIME, "2026-03-02T15:00", "2026-03-02T10:00", False, "2026-03-02T15:00", id="a miss by day"),
    pytest.param(DAYTIME, "2026-03-02T15:00", "2026-03-02T21:00", False, "2026-03-03T09:00", id="found by night"),
    pytest.param(DAYTIME, "2026-03-02T15:00", "2026-03-03T11:00", False, "2026-03-03T11:00", id="found the next day"),
    pytest.param(
        OFFICE, "2026-03-06T20:00", "2026-03-06T10:00", False, "2026-03-09T09:00", id="a miss on Friday night"
    ),
    pytest.param(OFFICE, "2026-03-07T11:00", "2026-03-06T10:00", True, "2026-03-06T17:00", id="a reminder on Saturday"),
    pytest.param(OFFICE, "2026-03-02T12:30", "2026-03-02T10:00", False, "2026-03-02T13:00", id="a miss in the break"),
    pytest.param(
        weekly("09:00-09:30"),
        "2026-03-02T22:00",
        "2026-03-02T08:00",
        True,
        "2026-03-02T09:00",
        id="a day of half an hour",
    ),
    pytest.param(
        NIGHT, "2026-03-03T12:00", "2026-03-02T21:00", True, "2026-03-03T01:00", id="a night's reminder by day"
    ),
    pytest.param(NIGHT, "2026-03-03T12:00", "2026-03-03T00:30", False, "2026-03-03T20:00", id="a night's miss by day"),
    pytest.param(
        on(off="2026-03-03T00:00/2026-03-17T00:00"),
        "2026-03-10T12:00",
        "2026-03-02T10:00",
        True,
        "2026-03-02T18:00",
        id="a reminder in two weeks off",
    ),
    pytest.param(
        on(off="2026-03-03T00:00/2026-03-17T00:00"),
        "2026-03-10T12:00",
        "2026-03-02T10:00",
        False,
        "2026-03-17T09:00",
        id="a miss in two weeks off",
    ),
    pytest.param(
        on(closed="2026-03-03"),
        "2026-03-02T23:00",
        "2026-03-02T10:00",
        False,
        "2026-03-04T09:00",
        id="before a holiday",
    ),
    pytest.param(
        weekly(),
        "2026-03-02T23:00",
        "2026-03-02T10:00",
        False,
        "2026-03-02T23:00",
        id="no hours that ever come: at once",
    ),
    pytest.param(
        SEASON, "2026-02-20T23:00", "2026-02-20T10:00", False, "2026-03-02T10:00", id="until the season begins"
    ),
]


@pytest.mark.parametrize(("hours", "due", "now", "beforehand", "expected"), TOLD)
def test_what_falls_into_the_night_comes_before_the_closing_or_in_the_morning(
    hours: WorkingHours, due: str, now: str, *, beforehand: bool, expected: str
) -> None:
    """A reminder comes while something can be done, a miss when somebody is there to read it."""
    assert one(hours).tells_at(at(due), now=at(now), beforehand=beforehand) == at(expected)


def member(id: str, hours: WorkingHours = DAYTIME, role: str = "staff", stand_in: str = "") -> StaffMember:
    return replace(a_member(id, role), hours=hours, stand_in=stand_in)


def salon(*staff: StaffMember, tz: str = "UTC") -> Catalog:
    catalog = a_catalog(*staff)
    return replace(catalog, business=replace(catalog.business, tz=tz))


POLICY = ServicePolicy(rows=(Row(24 * HOUR),), plans={})
AFTERNOONS = weekly("14:00-22:00")
OPENED = "2026-03-02T03:11"
"""Due on Tuesday at 03:11."""


def opened(text: str = OPENED, tier: Tier = Tier.REGULAR, assignee: str = "mei") -> FollowUp:
    return a_follow_up(opened=at(text), tier=tier, assignee=assignee)


def course(
    follow_up: FollowUp, catalog: Catalog, *, policy: ServicePolicy = POLICY, looks: list[datetime]
) -> list[tuple[datetime, str, str, str]]:
    """What each look tells: when, which notice, to whom, and why it is listed, if so; mere records are left out."""
    found = []
    for now in looks:
        some = told(follow_up, {1: policy}, catalog, now=now)
        follow_up = looked(follow_up, {1: policy}, some, now=now)
        for it in some:
            if it.message.is_owed or it.is_listed:
                found.append((now, it.notice.step, it.message.recipient, short(it.message.reason)))
    return found


def every(minutes: int, since: str, until: str) -> list[datetime]:
    step, first, last = timedelta(minutes=minutes), at(since), at(until)
    return [first + n * step for n in range((last - first) // step + 1)]


AT_NIGHT, IN_A_LIST = "at_night", "in_a_list"
DAY_AND_NIGHT = every(30, "2026-03-02T04:00", "2026-03-05T04:00")
LIN, JUN = member("lin", role="manager"), member("jun", AFTERNOONS, role="owner")

COURSES = [
    pytest.param(
        salon(member("mei"), LIN, JUN),
        opened(),
        [
            ("2026-03-02T15:30", "50", "mei", ""),
            ("2026-03-02T18:00", "90", "mei", ""),
            ("2026-03-03T09:00", "1", "mei", AT_NIGHT),
            ("2026-03-03T09:00", "2", "lin", AT_NIGHT),
            ("2026-03-04T14:00", "3", "jun", AT_NIGHT),
        ],
        id="each in their own hours, and of two reminders of one night the later",
    ),
    pytest.param(
        salon(member("mei", AFTERNOONS), LIN, JUN),
        opened(),
        [
            ("2026-03-02T15:30", "50", "mei", ""),
            ("2026-03-02T21:00", "90", "mei", ""),
            ("2026-03-03T09:00", "2", "lin", AT_NIGHT),
            ("2026-03-03T14:00", "1", "mei", AT_NIGHT),
            ("2026-03-04T14:00", "3", "jun", AT_NIGHT),
        ],
        id="one comes later than the other",
    ),
    pytest.param(
        salon(member("mei", on(off="2026-03-03T00:00/2026-03-20T00:00"), stand_in="bo"), member("bo", AFTERNOONS)),
        opened(),
        [
            ("2026-03-02T15:30", "50", "mei", ""),
            ("2026-03-02T18:00", "90", "mei", ""),
            ("2026-03-03T14:00", "1", "bo", AT_NIGHT),
        ],
        id="off from that morning: whoever stands in, in their hours",
    ),
    pytest.param(
        salon(member("mei"), LIN, JUN),
        opened(assignee=""),
        [
            ("2026-03-02T15:30", "50", "", ""),
            ("2026-03-02T21:00", "90", "", ""),
            ("2026-03-03T09:00", "1", "", AT_NIGHT),
            ("2026-03-03T09:00", "2", "lin", AT_NIGHT),
            ("2026-03-04T14:00", "3", "jun", AT_NIGHT),
        ],
        id="nobody's: the business's own hours, as long as anybody works",
    ),
    pytest.param(
        salon(member("mei", weekly()), member("lin", AFTERNOONS, "manager"), JUN),
        opened(),
        [
            ("2026-03-02T15:30", "50", "mei", ""),
            ("2026-03-02T21:00", "90", "mei", ""),
            ("2026-03-03T14:00", "1", "mei", AT_NIGHT),
            ("2026-03-03T14:00", "2", "lin", AT_NIGHT),
            ("2026-03-04T14:00", "3", "jun", AT_NIGHT),
        ],
        id="one without hours of their own goes by the business",
    ),
]


@pytest.mark.parametrize(("catalog", "follow_up", "expected"), COURSES)
def test_the_course_of_a_follow_up(
    catalog: Catalog, follow_up: FollowUp, expected: list[tuple[str, str, str, str]]
) -> None:
    """Each is told in their own hours, else the business's, and whoever is away through their stand-in."""
    found = course(follow_up, catalog, looks=DAY_AND_NIGHT)
    assert [it for it in found if it[2] != "" or follow_up.assignee == ""] == [
        (at(when), step, who, why) for when, step, who, why in expected
    ]


@pytest.mark.parametrize(
    ("tier", "setting", "when"),
    [
        pytest.param(Tier.VIP, True, "2026-03-03T03:30", id="a VIP, and the setting"),
        pytest.param(Tier.VIP, False, "2026-03-03T09:00", id="a VIP without it"),
        pytest.param(Tier.REGULAR, True, "2026-03-03T09:00", id="the setting, and no VIP"),
    ],
)
def test_only_a_vip_s_miss_is_told_at_any_hour_and_only_by_setting(tier: Tier, *, setting: bool, when: str) -> None:
    """Reminders come by day for a VIP too: nobody is woken for what is not missed yet."""
    policy = replace(POLICY, vip_breach_at_any_hour=setting)
    found = course(opened(tier=tier), salon(member("mei"), LIN), policy=policy, looks=DAY_AND_NIGHT)
    assert [it[0] for it in found if it[1] in ("1", "2")] == [at(when)] * 2
    assert [it[0] for it in found if it[1] in ("50", "90")] == [at("2026-03-02T15:30"), at("2026-03-02T18:00")]


def test_the_miss_is_counted_at_the_deadline_itself() -> None:
    """That staff are shown an earlier time changes nothing of what was promised."""
    catalog = salon(member("mei"))
    for now, state in (("2026-03-02T19:30", State.RUNNING), ("2026-03-03T03:11", State.RUNNING)):
        (clock,) = clocks(opened().history, {1: POLICY}, at(now))
        assert (clock.state, clock.due) == (state, at("2026-03-03T03:11"))
        assert shown(clock, StaffHours.of_business(catalog)) == at("2026-03-02T19:00")
    (clock,) = clocks(opened().history, {1: POLICY}, at("2026-03-03T03:12"))
    assert clock.state is State.MISSED


def test_a_business_calendar_s_deadline_is_shown_as_it_is() -> None:
    """It lies within hours that the business chose for it, later than its staff's though they are."""
    late = BusinessCalendar.parse("UTC", {"mon": ["12:00-23:00"]})
    policy = ServicePolicy(rows=(Row(9 * HOUR, calendar="late"),), calendars={"late": late}, plans={})
    (clock,) = clocks(opened("2026-03-02T13:00").history, {1: policy}, at("2026-03-02T14:00"))
    assert shown(clock, one(DAYTIME)) == clock.due == at("2026-03-02T22:00")


def test_after_a_pause_the_closing_has_to_lie_after_its_end() -> None:
    """The client wrote at 20:00; the clock runs on from there, and no closing lies before its deadline."""
    policy = ServicePolicy(rows=(Row(resolution=10 * HOUR),), plans={})
    asked = Change(Actor("staff", "mei"), at("2026-03-02T12:00"), "asked")
    waits = line(What.WAITING, asked, until=at("2026-03-02T20:00"))
    waiting = opened("2026-03-02T09:00").record(waits, {1: policy}, now=at("2026-03-02T12:00"))
    (clock,) = clocks(waiting.history, {1: policy}, at("2026-03-02T21:00"))
    assert shown(clock, one(DAYTIME)) == clock.due == at("2026-03-03T03:00")


def test_a_checker_that_slept_over_a_night_tells_of_it_in_one_list_and_of_the_day_in_another_way() -> None:
    """The list says of each whether it came at night, or by day while nobody looked."""
    catalog = salon(member("mei"), LIN)
    found = course(opened(), catalog, looks=[at("2026-03-03T11:00")])
    assert [(step, why) for _, step, _, why in found] == [("1", AT_NIGHT), ("2", AT_NIGHT)]
    found = course(opened("2026-03-02T10:00"), catalog, looks=[at("2026-03-03T11:00")])
    assert [(step, why) for _, step, _, why in found] == [("1", IN_A_LIST), ("2", IN_A_LIST)]


def test_a_checker_that_wakes_at_night_tells_nobody_until_the_morning() -> None:
    found = course(opened(), salon(member("mei"), LIN), looks=[at("2026-03-03T04:00"), at("2026-03-03T09:00")])
    assert {when for when, *_ in found} == {at("2026-03-03T09:00")}


def test_what_waits_for_the_morning_goes_to_whoever_has_it_then() -> None:
    """Handed on in the night, it is told to the new assignee in their hours, and not to the one before."""
    catalog = salon(member("mei"), member("bo", AFTERNOONS))
    follow_up, policies = opened(), {1: POLICY}
    night = at("2026-03-03T04:00")
    follow_up = looked(follow_up, policies, told(follow_up, policies, catalog, now=night), now=night)
    handed = line(What.ASSIGNED, Change(Actor("staff", "mei"), night), to="bo")
    follow_up = follow_up.record(handed, policies, now=night)
    found = course(follow_up, catalog, looks=every(60, "2026-03-03T05:00", "2026-03-03T20:00"))
    assert [(when, step, who) for when, step, who, _ in found if who] == [(at("2026-03-03T14:00"), "1", "bo")]


def test_answered_before_the_morning_nobody_is_told_of_it() -> None:
    """A miss that was made good by then is recorded, and listed for nobody."""
    follow_up, policies, catalog = opened(), {1: POLICY}, salon(member("mei"), LIN)
    answered = line(What.ANSWERED, Change(Actor("staff", "mei"), at("2026-03-03T08:00")))
    late = follow_up.record(answered, policies, now=at("2026-03-03T08:00"))
    some = told(late, policies, catalog, now=at("2026-03-03T09:00"))
    assert {it.message.status for it in some} == {MessageStatus.MISSED}
    assert not [it for it in some if it.message.reason in LISTED]


WINDOWS = st.sampled_from(["09:00-19:00", "08:00-12:00", "14:00-22:00", "20:00-26:00", "00:00-24:00", "23:00-24:00"])
HOURS = st.builds(
    lambda windows, days, off: replace(
        weekly(windows, days=days), time_off=(TimeOff(at("2026-03-03T00:00"), at("2026-03-04T12:00")),) if off else ()
    ),
    WINDOWS,
    st.sampled_from(["0123456", "01234", "56", "13"]),
    st.booleans(),
)


def next_look(
    follow_up: FollowUp, policies: dict[int, ServicePolicy], catalog: Catalog, now: datetime
) -> datetime | None:
    """When the sweep finds it due, as it is stored."""
    rota = Rota(catalog)
    return agenda(
        follow_up.history,
        policies,
        processed_until=follow_up.processed_until,
        ahead=follow_up.told_ahead,
        now=now,
        tells_at=lambda it, at: tells_at(
            it, follow_up, policies, rota, clocks(follow_up.history, policies, at), now=at
        ),
    ).look_at


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    mei=HOURS,
    lin=HOURS,
    tier=st.sampled_from(Tier),
    any_hour=st.booleans(),
    hour=st.integers(0, 23),
    target=st.sampled_from([5, 24, 48]),
    slept=st.lists(st.sampled_from([1, 1, 1, 10, 45, 600, 3000]), min_size=30, max_size=30),
    stands_in=st.booleans(),
)
@example(  # the manager's shift ends, and at her next one she stands in for whom she would hear of
    mei=replace(weekly("09:00-19:00"), time_off=(TimeOff(at("2026-03-03T00:00"), at("2026-03-04T12:00")),)),
    lin=weekly("08:00-12:00"),
    tier=Tier.VIP,
    any_hour=False,
    hour=7,
    target=5,
    slept=[1] * 30,
    stands_in=True,
)
def test_no_notice_lies_outside_working_hours_none_is_lost_and_each_is_told_once(
    *,
    mei: WorkingHours,
    lin: WorkingHours,
    tier: Tier,
    any_hour: bool,
    hour: int,
    target: int,
    slept: list[int],
    stands_in: bool,
) -> None:
    """However late each look comes, in minutes."""
    catalog = salon(member("mei", mei, stand_in="lin" if stands_in else ""), member("lin", lin, "manager"))
    policies = {1: ServicePolicy(rows=(Row(target * HOUR),), plans={}, vip_breach_at_any_hour=any_hour)}
    follow_up, seen = opened(f"2026-03-02T{hour:02}:11", tier=tier), []
    now, late = follow_up.opened_at, [*slept, *[1] * 100]
    while due := next_look(follow_up, policies, catalog, now):
        now = max(now, due) + timedelta(minutes=late.pop(0))
        some = told(follow_up, policies, catalog, now=now)
        for it in some:
            seen.append(it.notice.stage)
            is_told, is_miss = it.message.is_owed or it.is_listed, it.notice.step in ("1", "2", "3")
            if is_told and not (any_hour and tier is Tier.VIP and is_miss):
                assert Rota(catalog).of(it.message.recipient).is_open(now)
            assert it.message.recipient == recipient(it.notice, follow_up, policies, catalog, now=now)
        follow_up = looked(follow_up, policies, some, now=now)
    assert len(seen) == len(set(seen))
    assert {stage.rpartition("_")[2] for stage in seen} == {"50", "75", "90", "1", "2", "3"}


@pytest.mark.parametrize(("hours", "known"), [(WorkingHours({}), False), (weekly("09:00-12:00", days="0"), True)])
def test_of_whom_no_hours_are_known_nothing_was_worked_last(hours: WorkingHours, known: bool) -> None:
    """However long ago is looked; whoever works on Mondays alone is found from a Sunday."""
    last = one(hours).last_worked(at("2026-03-08T12:00"))
    assert last == ((at("2026-03-02T09:00"), at("2026-03-02T12:00")) if known else None)
