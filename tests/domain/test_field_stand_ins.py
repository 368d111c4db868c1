"""Rule: whoever is away is stood in for at every level, along a chain that ends; where it ends with nobody, the
business is told at its own address. Nobody hears twice of one miss, and every miss is heard of.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.business.absence import is_away, is_off, there
from kept.business.catalog import Catalog, StaffMember
from kept.follow_up.assignment import whose
from kept.follow_up.notices import told
from kept.follow_up.policy import ASSIGNEE, MANAGER, OWNER, Level, Row, ServicePolicy
from kept.messaging.message import MessageStatus
from kept.timekeeping.weekly_hours import TimeOff, Window, WorkingHours
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, a_member, on_duty
from tests.reasons import why

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
LEVELS = (Level(ASSIGNEE), Level(MANAGER), Level(OWNER, 8 * HOUR))
POLICY = ServicePolicy(rows=(Row(24 * HOUR),), plans={}, levels=LEVELS)
"""One clock alone: the first response within 24 hours, of which the owner hears 8 hours later."""


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


MEI, LIN, BO, JUN = on_duty("mei"), on_duty("lin", "manager"), on_duty("bo", "manager"), on_duty("jun", "owner")
ZOE = on_duty("zoe")


def away(member: StaffMember, stand_in: str = "", *, since: float = 0, until: float = 100) -> StaffMember:
    off = TimeOff(at(since), at(until))
    return replace(member, hours=replace(member.hours, time_off=(off,)), stand_in=stand_in)


def closed(member: StaffMember, stand_in: str, *days: date) -> StaffMember:
    return replace(
        member, hours=WorkingHours(member.hours.weekly, overrides=dict.fromkeys(days, ())), stand_in=stand_in
    )


TUESDAY = date(2026, 3, 3)
CHAIN = [away(on_duty(f"p{n}"), f"p{n + 1}") for n in range(5)]

SITUATIONS = [
    pytest.param([MEI, LIN, JUN], ["mei", "mei", "lin", "jun"], id="all are there"),
    pytest.param([away(MEI, "zoe"), LIN, JUN, ZOE], ["zoe", "zoe", "lin", "jun"], id="the assignee is away"),
    pytest.param([MEI, away(LIN, "zoe"), JUN, ZOE], ["mei", "mei", "zoe", "jun"], id="the manager is away"),
    pytest.param([MEI, LIN, away(JUN, "zoe"), ZOE], ["mei", "mei", "lin", "zoe"], id="the owner is away"),
    pytest.param(
        [MEI, away(LIN), BO, JUN], ["mei", "mei", "bo", "jun"], id="a manager away with nobody: the other one"
    ),
    pytest.param([MEI, away(LIN), JUN], ["mei", "mei", "", "jun"], id="the only manager away with nobody"),
    pytest.param([MEI, JUN], ["mei", "mei", "", "jun"], id="there is no manager"),
    pytest.param([MEI, LIN], ["mei", "mei", "lin", ""], id="there is no owner"),
    pytest.param([MEI, away(LIN, "mei"), JUN], ["mei", "mei", "", "jun"], id="the assignee stands in for the manager"),
    pytest.param([MEI, away(LIN, "jun"), JUN], ["mei", "mei", "jun", ""], id="the owner stands in for the manager"),
    pytest.param([MEI, LIN, away(JUN, "lin")], ["mei", "mei", "lin", ""], id="the manager stands in for the owner"),
    pytest.param([MEI, LIN, BO, away(JUN, "lin")], ["mei", "mei", "lin", ""], id="and the second manager is no owner"),
    pytest.param(
        [away(MEI, "lin"), LIN, BO, JUN], ["lin", "lin", "bo", "jun"], id="a manager stands in for the assignee"
    ),
    pytest.param(
        [away(MEI, "lin"), LIN, JUN], ["lin", "lin", "", "jun"], id="the only manager stands in for the assignee"
    ),
    pytest.param([away(MEI, "jun"), LIN, JUN], ["jun", "jun", "lin", ""], id="the owner stands in for the assignee"),
    pytest.param([away(MEI, "lin"), away(LIN, "mei"), JUN], ["", "", None, "jun"], id="two stand in for each other"),
    pytest.param([away(MEI, "gone"), LIN, JUN], ["", "", "lin", "jun"], id="the stand-in has left"),
    pytest.param([LIN, JUN], ["", "", "lin", "jun"], id="the assignee has left"),
    pytest.param(
        [away(MEI), away(LIN), away(JUN), ZOE], ["", "", None, ""], id="all are away: the address is told once a time"
    ),
    pytest.param([], ["", "", None, ""], id="there is nobody"),
    pytest.param(
        [MEI, away(LIN, "p0"), *CHAIN, on_duty("p5"), JUN], ["mei", "mei", "p5", "jun"], id="along a chain of six"
    ),
    pytest.param(
        [MEI, away(LIN, "p0"), *CHAIN, away(on_duty("p5"), "p2"), JUN], ["mei", "mei", "", "jun"], id="into a circle"
    ),
    pytest.param(
        [MEI, away(LIN, "zoe"), replace(ZOE, email="", stand_in="bo"), BO, JUN],
        ["mei", "mei", "bo", "jun"],
        id="a stand-in without an address passes it on",
    ),
    pytest.param([away(MEI, "zoe", until=20), LIN, JUN, ZOE], ["zoe", "mei", "lin", "jun"], id="back before the miss"),
    pytest.param(
        [away(MEI, "zoe", since=20), LIN, JUN, ZOE], ["mei", "zoe", "lin", "jun"], id="away since the reminder"
    ),
    pytest.param(
        [away(MEI, "zoe"), away(ZOE, "bo", until=20), BO, LIN, JUN],
        ["bo", "zoe", "bo", "jun"],
        id="the stand-in comes back in the middle",
    ),
    pytest.param([closed(MEI, "zoe", TUESDAY), LIN, JUN, ZOE], ["zoe", "zoe", "lin", "jun"], id="has that day off"),
]


def readers(staff: list[StaffMember]) -> list[str | None]:
    """Of the reminder at half of the time, the miss, the manager's and the owner's level: each told as it comes."""
    catalog = nobody() if not staff else a_catalog(*staff)
    follow_up, found = a_follow_up(), []
    for hours in (12.1, 18.1, 21.7, 24.1, 32.1):
        for one in told(follow_up, {1: POLICY}, catalog, now=at(hours)):
            if one.notice.step not in ("75", "90"):
                found.append(one.message.recipient if one.message.is_owed else None)
        follow_up = follow_up.looked(at(hours))
    return found


def nobody() -> Catalog:
    return replace(a_catalog(), staff={})


@pytest.mark.parametrize(("staff", "expected"), SITUATIONS)
def test_each_level_reaches_one_who_is_there_or_the_business_itself(
    staff: list[StaffMember], expected: list[str | None]
) -> None:
    """Whoever is away passes it on, along a chain; where that ends, the business's own address is told."""
    assert readers(staff) == expected


@pytest.mark.parametrize(
    "staff", [param.values[0] for param in SITUATIONS], ids=[str(param.id) for param in SITUATIONS]
)
def test_no_person_hears_twice_of_one_miss_and_every_miss_is_heard_of(staff: list[StaffMember]) -> None:
    """Whoever stands in at two levels is told once; neither the first level nor the last goes unheard."""
    of_the_miss = readers(staff)[1:]
    people = [one for one in of_the_miss if one]
    assert len(people) == len(set(people))
    assert of_the_miss[0] is not None
    assert of_the_miss[-1] is not None


def test_a_level_that_comes_down_to_a_reader_told_already_says_so_in_the_ledger() -> None:
    """The ledger has a reason for every level, also for one that told nobody anew."""
    found = told(a_follow_up().looked(at(23)), {1: POLICY}, nobody(), now=at(24.1))
    assert [(one.message.status, why(one.message)) for one in found] == [
        (MessageStatus.QUEUED, ""),
        (MessageStatus.SKIPPED, "skipped: told_at_another_level"),
    ]


def test_a_role_that_a_policy_names_twice_is_the_same_person_again() -> None:
    again = replace(POLICY, levels=(Level(MANAGER), Level(MANAGER, HOUR)))
    found = told(a_follow_up().looked(at(23)), {1: again}, a_catalog(MEI, LIN, BO), now=at(25.2))
    assert [one.message.recipient for one in found] == ["lin", "lin"]


MORNING = TimeOff(at(16), at(19))
"""Tuesday in Shanghai, 9:00 to 12:00."""


@pytest.mark.parametrize(
    ("hours", "off", "gone"),
    [
        pytest.param(17, False, True, id="in the time off"),
        pytest.param(19, False, False, id="at the very instant it ends"),
        pytest.param(22, False, False, id="in the afternoon"),
        pytest.param(12, False, False, id="in the night before: the end of a working day is no absence"),
    ],
)
def test_a_morning_off_is_no_day_off(hours: float, *, off: bool, gone: bool) -> None:
    """Others have it for the morning alone, and the end of a working day is no absence."""
    mei = replace(MEI, hours=replace(MEI.hours, time_off=(MORNING,)))
    assert (is_off(mei, at(hours), SHANGHAI), is_away(mei, at(hours), SHANGHAI)) == (off, gone)


@pytest.mark.parametrize(
    ("member", "off"),
    [
        pytest.param(away(a_member("mei"), since=15, until=28), True, id="all that they would have worked"),
        pytest.param(away(a_member("mei"), since=16, until=27), True, id="to the minute"),
        pytest.param(away(a_member("mei"), since=16, until=26.9), False, id="but for six minutes"),
        pytest.param(closed(MEI, "", TUESDAY), True, id="closed that day"),
        pytest.param(closed(MEI, "", date(2026, 3, 4)), False, id="closed the next day"),
        pytest.param(
            replace(MEI, hours=WorkingHours({0: (Window(540, 1200),)})), False, id="a weekday that is never worked"
        ),
    ],
)
def test_who_has_the_whole_day_off_is_away_from_its_first_minute(member: StaffMember, *, off: bool) -> None:
    """At 7:30 in the morning, before anybody works."""
    assert is_off(member, at(14.5), SHANGHAI) is off


def test_what_is_theirs_stays_theirs_where_nobody_stands_in() -> None:
    """Only what is told of it goes elsewhere."""
    catalog = a_catalog(away(MEI), JUN)
    assert (whose("mei", catalog, now=at(1)), there("mei", catalog, now=at(1))) == ("mei", "")
