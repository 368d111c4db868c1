"""A deadline explains itself: every span since it began, what counted, and why the rest did not."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.follow_up.clocks import clocks
from kept.follow_up.events import FollowUpEvent, History, What
from kept.follow_up.explanation import ExplanationLine, explained
from kept.follow_up.in_words import FOLDER, in_words
from kept.follow_up.policy import ClockKind, Row
from kept.messaging.words import LANGUAGES
from kept.reasons import Code
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.domain.test_clock_replay import POLICIES, any_history
from tests.histories import HOUR, a_policy, at, clock, opened

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-17:00"))
CHRISTMAS, SATURDAY = date(2026, 12, 25), date(2026, 12, 19)
EVE, SUNDAY = date(2026, 12, 24), date(2026, 12, 20)
CALENDAR = BusinessCalendar.parse(
    "Europe/Berlin", WEEKDAYS, [CHRISTMAS], {EVE: ["09:00-11:00"], SATURDAY: ["10:00-11:00"], SUNDAY: []}
)
POLICY = a_policy(rows=(Row(8 * HOUR, resolution=16 * HOUR, calendar="shop"),), calendars={"shop": CALENDAR}, number=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))


def told(lines: tuple[ExplanationLine, ...]) -> list[str]:
    return [
        f"{line.begins.astimezone(BERLIN):%d %H:%M}-{line.ends.astimezone(BERLIN):%d %H:%M} {line.reason}"
        + (f" {line.note}" if line.note else "")
        for line in lines
    ]


@pytest.mark.parametrize(
    ("begins", "events", "now", "expected"),
    [
        pytest.param(
            "15T08:00",
            (),
            "15T10:00",
            [
                "15 08:00-15 09:00 night",
                "15 09:00-15 12:00 counted",
                "15 12:00-15 13:00 break",
                "15 13:00-15 17:00 counted",
                "15 17:00-16 09:00 night",
                "16 09:00-16 10:00 counted",
            ],
            id="until it is due: a night is one line over midnight",
        ),
        pytest.param(
            "18T15:00",
            (),
            "18T15:00",
            [
                "18 15:00-18 17:00 counted",
                "18 17:00-19 10:00 night",
                "19 10:00-19 11:00 counted",
                "19 11:00-20 00:00 night",
                "20 00:00-21 00:00 closed_weekday",
                "21 00:00-21 09:00 night",
                "21 09:00-21 12:00 counted",
                "21 12:00-21 13:00 break",
                "21 13:00-21 15:00 counted",
            ],
            id="over a weekend with a special Saturday",
        ),
        pytest.param(
            "24T10:00",
            (),
            "24T10:00",
            [
                "24 10:00-24 11:00 counted",
                "24 11:00-25 00:00 special_day",
                "25 00:00-26 00:00 holiday",
                "26 00:00-28 00:00 closed_weekday",
                "28 00:00-28 09:00 night",
                "28 09:00-28 12:00 counted",
                "28 12:00-28 13:00 break",
                "28 13:00-28 17:00 counted",
            ],
            id="over Christmas: a short day, a holiday, a weekend",
        ),
        pytest.param(
            "15T09:00",
            (FollowUpEvent(What.ANSWERED, local("15T10:00")),),
            "16T09:00",
            ["15 09:00-15 10:00 counted"],
            id="what was stopped ends there",
        ),
        pytest.param(
            "15T13:00",
            (),
            "16T14:30",
            [
                "15 13:00-15 17:00 counted",
                "15 17:00-16 09:00 night",
                "16 09:00-16 12:00 counted",
                "16 12:00-16 13:00 break",
                "16 13:00-16 14:00 counted",
                "16 14:00-16 14:30 late",
            ],
            id="a miss: what is over the target has its own line",
        ),
    ],
)
def test_every_span_has_its_reason(begins: str, events: History, now: str, expected: list[str]) -> None:
    """Nights, breaks, holidays and special days each have their own, so that no deadline is taken on trust."""
    found = clock((*opened(local(begins)), *events), POLICY, local(now))
    assert told(explained(found, local(now))) == expected


def test_a_pause_is_explained_by_what_staff_said() -> None:
    """In their own words, so that anybody can see why the clock stood still."""
    history = (
        *opened(local("15T09:00")),
        FollowUpEvent(What.WAITING, local("15T10:00"), why="wants to ask her husband"),
        FollowUpEvent(What.CLIENT_WROTE, local("16T10:00")),
        FollowUpEvent(What.SNOOZED, local("16T11:00"), why="at the fair", until=local("17T09:00")),
        FollowUpEvent(What.RESOLVED, local("17T10:00")),
        FollowUpEvent(What.REOPENED, local("17T14:00")),
        FollowUpEvent(What.RESOLVED, local("17T15:00")),
    )
    found = clock(history, POLICY, local("18T09:00"), ClockKind.RESOLUTION)
    assert told(explained(found, local("18T09:00"))) == [
        "15 09:00-15 10:00 counted",
        "15 10:00-16 10:00 waiting wants to ask her husband",
        "16 10:00-16 11:00 counted",
        "16 11:00-17 09:00 snoozed at the fair",
        "17 09:00-17 10:00 counted",
        "17 10:00-17 14:00 closed",
        "17 14:00-17 15:00 counted",
    ]


@given(any_history, st.integers(0, 4 * 24 * 4))
@settings(max_examples=30, deadline=None)
def test_an_explanation_has_no_gap_and_adds_up(history: History, quarter: int) -> None:
    """To what was spent, and of a miss to the target."""
    now = at(quarter / 4)
    for found in clocks(history, POLICIES, now):
        lines = explained(found, now)
        assert [line.ends for line in lines[:-1]] == [line.begins for line in lines[1:]]
        until = min(now, found.run.stopped or now)
        past = [(ln, min(ln.ends, until) - ln.begins) for ln in lines if ln.begins < until]
        counted = sum((took for ln, took in past if ln.reason in (Code.COUNTED, Code.LATE)), timedelta())
        assert counted == found.spent
        assert sum((took for ln, took in past if ln.reason is Code.LATE), timedelta()) == found.late


def test_a_midnight_that_comes_twice_is_two_ends_of_a_day() -> None:
    """St. John's, 7 November 2010: at 00:01 the clock is put back to 23:01."""
    zone = ZoneInfo("America/St_Johns")
    days = BusinessCalendar.parse("America/St_Johns", {"sat": ["09:00-23:30"], "mon": ["09:00-17:00"]})
    policy = a_policy(rows=(Row(14.75 * HOUR, calendar="c"),), calendars={"c": days})
    begins = datetime(2010, 11, 6, 9, tzinfo=zone).astimezone(UTC)
    found = explained(clock(opened(begins), policy, begins), begins)
    assert [(f"{line.begins.astimezone(zone):%a %H:%M:%S %z}", line.reason) for line in found] == [
        ("Sat 09:00:00 -0230", Code.COUNTED),
        ("Sat 23:30:00 -0230", Code.NIGHT),
        ("Sun 00:00:00 -0230", Code.CLOSED_WEEKDAY),
        ("Sat 23:01:00 -0330", Code.COUNTED),
    ]


def test_open_spans_that_touch_are_one() -> None:
    calendar = BusinessCalendar.parse("UTC", {"mon": ["00:00-12:00", "12:00-24:00"], "tue": ["00:00-09:00"]})
    assert calendar.openings(at(-9), at(30)) == ((at(-9), at(24)),)
    assert calendar.openings(at(30), at(40)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_every_state(language: str) -> None:
    def read(name: str) -> dict[str, str | dict[str, str]]:
        return tomllib.loads((FOLDER / f"{name}.toml").read_text())

    english, theirs = read("en"), read(language)
    assert theirs.keys() == english.keys()
    assert theirs["units"].keys() == english["units"].keys()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("events", "now", "said"),
    [
        pytest.param((), "15T14:00", "First response: due Wed, Dec 16, 2:00 PM. The target is 8 h", id="running"),
        pytest.param((), "16T14:15", "is missed. The target was 8 h, counted from", id="missed"),
        pytest.param(
            (FollowUpEvent(What.ANSWERED, local("15T14:00")),),
            "20T09:00",
            "done Tue, Dec 15, 2:00 PM, in time",
            id="met",
        ),
        pytest.param(
            (FollowUpEvent(What.ANSWERED, local("16T14:00:05")),),
            "20T09:00",
            "done Wed, Dec 16, 2:00 PM: missed by 5 s",
            id="late",
        ),
    ],
)
def test_how_it_stands_is_said_first(events: History, now: str, said: str) -> None:
    """Whoever asks learns at once whether it is in time, and by how much it was not."""
    found = clock((*opened(local("15T13:00")), *events), POLICY, local(now))
    assert said in in_words(found, local(now), zone=BERLIN, locale="en")[0]


def test_a_pause_is_said() -> None:
    """With what is left of the target, and why it waits."""
    waiting = (*opened(local("15T09:00")), FollowUpEvent(What.WAITING, local("15T10:00"), why="her turn"))
    first, _, pause = in_words(
        clock(waiting, POLICY, local("15T11:00"), ClockKind.RESOLUTION), local("15T11:00"), zone=BERLIN, locale="en"
    )
    assert first == "Resolution: paused with 15 h of 16 h left."
    assert pause == "Tue, Dec 15, 10:00 AM to Tue, Dec 15, 11:00 AM: waiting for the client (her turn)."


def test_it_is_said_in_the_reader_s_language() -> None:
    """Dates and lengths of time too, not the words alone."""
    found = clock(opened(local("15T13:30")), POLICY, local("15T14:00"))
    first, counted, night, *_ = in_words(found, local("15T14:00"), zone=BERLIN, locale="zh-Hans")
    assert first == "首次回复：须在12月16日周三 14:30前完成。时限8小时，自12月15日周二 13:30起计；还剩7小时30分钟。"
    assert counted == "12月15日周二 13:30至12月15日周二 17:00：计时，3小时30分钟。"
    assert night == "12月15日周二 17:00至12月16日周三 09:00：营业时间之外。"
