"""When somebody may be invited: the hours, the holidays, the caps, and the rule that is named for the wait."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.clients.client import Client, Occupation
from kept.messaging.invitation_time import AHEAD, next_invitation
from kept.reasons import Code, is_because
from kept.timekeeping.holidays import public_holidays
from tests.builders import a_client
from tests.reasons import short

RULES, NIGHT = ContactRules(), QuietHours()
ANY_HOUR = replace(RULES, best=())
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


def local(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def invited(
    now: str, client: Client, rules: ContactRules = RULES, *, country: str = "CN", quiet: QuietHours = NIGHT
) -> tuple[str, str]:
    """In the client's local time."""
    at, why = next_invitation(client, rules, country, quiet=quiet, now=local(now, client.tz))
    return f"{at.astimezone(client.zone):%Y-%m-%dT%H:%M}", short(why)


def someone(occupation: Occupation | None = None, *, tz: str = SHANGHAI, invited_at: Iterable[datetime] = ()) -> Client:
    return replace(a_client(), tz=tz, occupation=occupation, invited_at=tuple(invited_at))


# 2026-03-09 is a Monday, and no holiday is near in China or the United States.
@pytest.mark.parametrize(
    ("now", "until", "why"),
    [
        pytest.param("2026-03-09T10:00", "2026-03-09T10:00", "", id="the morning's best hours begin"),
        pytest.param("2026-03-09T11:29", "2026-03-09T11:29", "", id="their last minute"),
        pytest.param("2026-03-09T11:30", "2026-03-09T14:30", "outside_best_hours 2026-03-09 14:30", id="their end"),
        pytest.param("2026-03-09T12:30", "2026-03-09T14:30", "outside_best_hours 2026-03-09 14:30", id="lunch"),
        pytest.param("2026-03-09T14:30", "2026-03-09T14:30", "", id="the afternoon's best hours begin"),
        pytest.param("2026-03-09T17:00", "2026-03-10T10:00", "outside_best_hours 2026-03-10 10:00", id="5"),
        pytest.param("2026-03-09T23:59", "2026-03-10T10:00", "outside_best_hours 2026-03-10 10:00", id="12"),
        pytest.param("2026-03-10T00:00", "2026-03-10T10:00", "outside_best_hours 2026-03-10 10:00", id="midnight"),
        pytest.param("2026-03-14T15:00", "2026-03-14T15:00", "", id="a Saturday like any day"),
    ],
)
def test_who_wishes_nothing_is_invited_in_the_best_hours(now: str, until: str, why: str) -> None:
    """At other times it waits for the next of them, by the client's own clock."""
    assert invited(now, someone()) == (until, why)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param("2026-03-09T08:59", "2026-03-09T09:00", id="before nine"),
        pytest.param("2026-03-09T09:00", "2026-03-09T09:00", id="nine"),
        pytest.param("2026-03-09T11:59", "2026-03-09T11:59", id="a minute to lunch"),
        pytest.param("2026-03-09T12:00", "2026-03-09T14:00", id="lunch"),
        pytest.param("2026-03-09T13:59", "2026-03-09T14:00", id="the end of lunch"),
        pytest.param("2026-03-09T17:59", "2026-03-09T17:59", id="a minute to dinner"),
        pytest.param("2026-03-09T18:00", "2026-03-09T20:00", id="dinner"),
        pytest.param("2026-03-09T20:59", "2026-03-09T20:59", id="the last minute of the evening"),
        pytest.param("2026-03-09T21:00", "2026-03-10T09:00", id="night"),
    ],
)
def test_nobody_is_ever_invited_at_meals_or_late(now: str, until: str) -> None:
    """Whatever the best hours: here the business sets none."""
    assert invited(now, someone(), ANY_HOUR)[0] == until


def test_a_business_sets_other_hours() -> None:
    evening = replace(ANY_HOUR, never=(), closes=time(18, 30))
    assert invited("2026-03-09T18:29", someone(), evening)[0] == "2026-03-09T18:29"
    assert invited("2026-03-09T18:30", someone(), evening)[0] == "2026-03-10T09:00"
    backwards = replace(RULES, best=RULES.best[::-1])
    assert invited("2026-03-09T09:00", someone(), backwards)[0] == "2026-03-09T10:00"


@pytest.mark.parametrize(
    ("occupation", "now", "until"),
    [
        pytest.param("office", "2026-03-09T10:30", "2026-03-09T14:00", id="office: not in the morning"),
        pytest.param("office", "2026-03-09T17:59", "2026-03-09T17:59", id="office: all afternoon"),
        pytest.param("office", "2026-03-09T18:00", "2026-03-10T14:00", id="office: not in the evening"),
        pytest.param("office", "2026-03-13T18:00", "2026-03-14T09:00", id="office: at the weekend from nine"),
        pytest.param("office", "2026-03-15T20:59", "2026-03-15T20:59", id="office: late on a Sunday"),
        pytest.param("home", "2026-03-09T09:00", "2026-03-09T09:00", id="home: all morning"),
        pytest.param("home", "2026-03-09T12:00", "2026-03-10T09:00", id="home: not in the afternoon"),
        pytest.param("home", "2026-03-13T12:00", "2026-03-16T09:00", id="home: not at the weekend"),
        pytest.param("student", "2026-03-09T10:30", "2026-03-09T20:00", id="student: after dinner"),
        pytest.param("student", "2026-03-09T21:00", "2026-03-10T20:00", id="student: not at night"),
        pytest.param("student", "2026-03-14T10:30", "2026-03-14T10:30", id="student: at the weekend"),
        pytest.param("student", "2026-03-14T12:30", "2026-03-14T14:00", id="student: not at lunch"),
    ],
)
def test_an_occupation_has_hours_of_its_own(occupation: str, now: str, until: str) -> None:
    """Instead of the best hours; meals and nights stay free all the same."""
    at, why = invited(now, someone(Occupation(occupation)))
    assert at == until
    assert why.startswith(f"outside_{occupation}_hours ") or (at, why) == (now, "")


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until", "whose"),
    [
        pytest.param(
            "16", "18", "2026-03-09T10:30", "2026-03-09T16:00", "outside_their_hours", id="instead of the best"
        ),
        pytest.param(
            "09", "11", "2026-03-14T15:00", "2026-03-15T09:00", "outside_their_hours", id="instead of the occupation's"
        ),
        pytest.param("17", "21", "2026-03-09T18:30", "2026-03-09T20:00", "outside_their_hours", id="yet not at dinner"),
        pytest.param("16", None, "2026-03-09T10:00", "2026-03-09T16:00", "outside_their_hours", id="from then on"),
        pytest.param("16", None, "2026-03-09T20:30", "2026-03-09T20:30", "", id="until the end of the day"),
        pytest.param(None, "10", "2026-03-09T10:00", "2026-03-10T09:00", "outside_their_hours", id="until then"),
        pytest.param("12", "14", "2026-03-09T10:30", "2026-03-09T14:00", "outside_office_hours", id="only at lunch"),
    ],
)
def test_the_hours_that_clients_choose_come_first(
    begins: str | None, ends: str | None, now: str, until: str, whose: str
) -> None:
    """Yet never at meals; and hours that lie in a meal alone count as none."""
    client = replace(
        someone(Occupation.OFFICE),
        best_from=time.fromisoformat(begins) if begins else None,
        best_until=time.fromisoformat(ends) if ends else None,
    )
    at, why = invited(now, client)
    assert (at, why.partition(" ")[0]) == (until, whose)


# Tomb-sweeping in 2026 is Sunday, 5 April, with Monday off; Thanksgiving in the United States is Thursday, 26 November.
@pytest.mark.parametrize(
    ("now", "country", "until"),
    [
        pytest.param("2026-04-02T10:00", "CN", "2026-04-02T10:00", id="three days before"),
        pytest.param("2026-04-02T17:00", "CN", "2026-04-09T10:00", id="the evening of that day"),
        pytest.param("2026-04-03T10:00", "CN", "2026-04-09T10:00", id="two days before"),
        pytest.param("2026-04-05T10:00", "CN", "2026-04-09T10:00", id="the day itself"),
        pytest.param("2026-04-08T16:59", "CN", "2026-04-09T10:00", id="two days after"),
        pytest.param("2026-04-05T10:00", "US", "2026-04-05T10:00", id="a holiday elsewhere"),
        pytest.param("2026-11-24T10:00", "US", "2026-11-29T10:00", id="another country's"),
        pytest.param("2025-12-30T10:00", "US", "2026-01-04T10:00", id="over the end of the year"),
        pytest.param("2026-02-14T10:00", "CN", "2026-02-26T10:00", id="a week of holidays"),
    ],
)
def test_nobody_is_invited_near_a_public_holiday(now: str, country: str, until: str) -> None:
    """From two days before to two days after; what is a holiday elsewhere does not count."""
    at, why = invited(now, someone(), country=country)
    assert at == until
    assert why == ("" if at == now else f"holiday_near {_said(until)}")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param("2026-04-02T10:00", "2026-04-03T10:00", id="three days before: wait"),
        pytest.param("2026-04-03T10:00", "2026-04-03T10:00", id="two days before: now"),
        pytest.param("2026-04-05T10:00", "2026-04-05T10:00", id="the day itself"),
        pytest.param("2026-04-08T17:00", "2026-04-29T10:00", id="two days after, too late: the next one"),
    ],
)
def test_for_catering_and_travel_it_is_the_other_way_round(now: str, until: str) -> None:
    """Only from two days before a holiday to two days after is there a reason to invite."""
    at, why = invited(now, someone(), replace(RULES, on_holidays=True))
    assert at == until
    assert why == ("" if at == now else f"no_holiday_near {_said(until)}")


def test_the_next_holiday_may_be_months_away() -> None:
    """In Britain none lies between the end of August and Christmas."""
    at, _ = invited("2026-09-03T10:00", someone(), replace(RULES, on_holidays=True), country="GB")
    assert at == "2026-12-23T10:00"


def test_the_day_is_the_clients_own() -> None:
    """Wednesday noon in New York is Thursday in Shanghai, two days before a Chinese holiday."""
    now = local("2026-04-03T00:30", SHANGHAI)
    here, _ = next_invitation(someone(tz=SHANGHAI), ANY_HOUR, "CN", quiet=NIGHT, now=now)
    there, _ = next_invitation(someone(tz=NEW_YORK), ANY_HOUR, "CN", quiet=NIGHT, now=now)
    assert (here, there) == (local("2026-04-09T09:00", SHANGHAI), local("2026-04-02T14:00", NEW_YORK))


def test_what_is_tomorrow_elsewhere_is_today_for_the_client() -> None:
    """20:30 in New York is after midnight in UTC."""
    assert invited("2026-03-09T20:30", someone(tz=NEW_YORK), ANY_HOUR) == ("2026-03-09T20:30", "")


def test_where_no_day_suits_it_is_asked_again_after_a_year() -> None:
    """A country without public holidays whose business invites on those alone."""
    now = local("2026-03-09T10:00")
    at, why = next_invitation(someone(), replace(RULES, on_holidays=True), "XX", quiet=NIGHT, now=now)
    assert at == now + timedelta(days=AHEAD)
    assert is_because(why, Code.NO_HOLIDAY_NEAR)


DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOW = "2026-03-19T10:30"


@pytest.mark.parametrize(
    ("days_ago", "until", "why"),
    [
        pytest.param([1], NOW, "", id="once in the week"),
        pytest.param([1, 6], "2026-03-20T10:30", "invited_enough 2 7 2026-03-20 10:30", id="twice"),
        pytest.param([6, 1], "2026-03-20T10:30", "invited_enough 2 7 2026-03-20 10:30", id="in any order"),
        pytest.param([1, 7], NOW, "", id="the older has just left the week"),
        pytest.param([0, 0], "2026-03-26T10:30", "invited_enough 2 7 2026-03-26 10:30", id="just now"),
        pytest.param([8, 15, 29], NOW, "", id="three in the month"),
        pytest.param([8, 15, 22, 29], "2026-03-20T10:30", "invited_enough 4 30 2026-03-20 10:30", id="four"),
        pytest.param([8, 15, 22, 30], NOW, "", id="the oldest has just left the month"),
        pytest.param([1, 2, 22, 23], "2026-03-26T10:30", "invited_enough 4 30 2026-03-26 10:30", id="both"),
    ],
)
def test_nobody_is_invited_more_often_than_the_caps_allow(days_ago: list[int], until: str, why: str) -> None:
    """Twice in seven days, four times in thirty; what is that old no longer counts."""
    client = someone(invited_at=(local(NOW) - days * DAY for days in days_ago))
    assert invited(NOW, client) == (until, why)


@pytest.mark.parametrize(
    ("now", "days_ago", "why"),
    [
        pytest.param("2026-04-02T18:00", [1, 2], "holiday_near", id="the holidays last longer"),
        pytest.param("2026-04-07T18:00", [0, 0], "invited_enough", id="the cap lasts longer"),
        pytest.param("2026-03-13T12:00", [6, 6], "outside_home_hours", id="the weekend lasts longer"),
        pytest.param("2026-04-07T08:00", [5, 5], "holiday_near", id="both end on the same day"),
    ],
)
def test_the_reason_is_the_rule_without_which_it_could_be_soonest(now: str, days_ago: list[int], why: str) -> None:
    """Staff read what really holds it back."""
    client = someone(Occupation.HOME, invited_at=(local(now) - days * DAY for days in days_ago))
    assert invited(now, client)[1].split()[0] == why


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        pytest.param(QuietHours(time(20), time(10, 30)), "2026-03-09T09:00", "2026-03-09T10:30", id="ends later"),
        pytest.param(QuietHours(time(20), time(8)), "2026-03-09T20:00", "2026-03-10T09:00", id="begins earlier"),
        pytest.param(QuietHours(time(14), time(16)), "2026-03-09T12:00", "2026-03-09T16:00", id="a siesta"),
    ],
)
def test_quiet_hours_are_no_hours_for_invitations_either(quiet: QuietHours, now: str, until: str) -> None:
    """However early the hours for invitations begin or late they end."""
    assert invited(now, someone(), ANY_HOUR, quiet=quiet)[0] == until


@pytest.mark.parametrize(
    ("now", "utc"),
    [
        pytest.param("2026-03-07T21:00", "2026-03-08T14:00", id="the morning after the clock went forward"),
        pytest.param("2026-10-31T21:00", "2026-11-01T15:00", id="the morning after it went back"),
    ],
)
def test_the_best_hours_are_those_of_the_clock_on_the_wall(now: str, utc: str) -> None:
    at, _ = next_invitation(someone(tz=NEW_YORK), RULES, "CN", quiet=NIGHT, now=local(now, NEW_YORK))
    assert at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "utc"),
    [
        pytest.param("2026-03-08T06:00+00:00", "2026-03-08T07:30", id="02:30 does not exist: half past three"),
        pytest.param("2026-11-01T04:00+00:00", "2026-11-01T06:30", id="01:30 comes twice: the second one"),
    ],
)
def test_an_hour_that_the_clock_skips_or_repeats_is_taken_on_the_safe_side(now: str, utc: str) -> None:
    """For a business that invites at night."""
    edge = time(2, 30) if now.startswith("2026-03") else time(1, 30)
    rules = replace(RULES, opens=time(0), best=((edge, time(5)),))
    at, _ = next_invitation(
        someone(tz=NEW_YORK), rules, "CN", quiet=QuietHours(time(22), time(0)), now=datetime.fromisoformat(now)
    )
    assert at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


YEAR = range(29_453_760, 29_979_360)  # the epoch minutes of 2026
ZONES = st.sampled_from([NEW_YORK, SHANGHAI, "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"])


@settings(max_examples=150, deadline=None)
@given(
    minute=st.integers(YEAR.start, YEAR.stop),
    zone=ZONES,
    occupation=st.none() | st.sampled_from(Occupation),
    hours_ago=st.lists(st.integers(0, 800), max_size=6),
    own=st.tuples(*[st.none() | st.integers(0, 23).map(time)] * 2),
)
def test_every_invitation_keeps_every_rule_at_once(
    minute: int,
    zone: str,
    occupation: Occupation | None,
    hours_ago: list[int],
    own: tuple[time | None, time | None],
) -> None:
    """Meals, nights, holidays and caps, in the client's zone; and a wait has its reason."""
    now = datetime.fromtimestamp(minute * 60, UTC)
    before = [now - timedelta(hours=hours) for hours in hours_ago]
    client = replace(someone(occupation, tz=zone, invited_at=before), best_from=own[0], best_until=own[1])
    at, why = next_invitation(client, RULES, "US", quiet=NIGHT, now=now)
    there = at.astimezone(ZoneInfo(zone))
    assert at >= now
    assert bool(why) is (at > now)
    assert there.hour in {9, 10, 11, 14, 15, 16, 17, 20}
    near = {there.date() + n * DAY for n in range(-2, 3)}
    assert not near & {day for year in (2025, 2026, 2027) for day in public_holidays("US", year)}
    assert sum(at - WEEK < earlier for earlier in before) < 2
    assert sum(at - 30 * DAY < earlier for earlier in before) < 4


def _said(text: str) -> str:
    return text.replace("T", " ")
