"""Whether a day is worked somewhere is one question: the country's own calendar answers it for booking, for the clocks
of follow-ups and for invitations. Its weekend may be any days and change with the year, its holidays hold the weekend
days inside them, and some weekends are worked for a day off elsewhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import HolidayBase, country_holidays

from kept.booking.breaks import OpenCalendars
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.clients.client import Occupation
from kept.follow_up.policy import Row, ServicePolicy
from kept.messaging.contact_hours import hours_for
from kept.storage.codec import from_json, whole_json
from kept.timekeeping import holidays
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.holidays import closes, is_near_holiday, is_working_day, public_holidays
from tests.builders import a_catalog, a_client

WORKED, OFF, CLOSED = (True, False), (False, False), (False, True)
"""A working day; a weekend day that is no holiday; what closes whoever closes on holidays."""
DAY = timedelta(days=1)

# Facts: the notices of China's State Council and of Taiwan's, Hungary's and Vietnam's governments, and the law of each
# country on its weekend. The rest is what the calendars on the wall say there.
DAYS = [
    ("CN", "2026-01-03", CLOSED, "Saturday, the third day of New Year"),
    ("CN", "2026-01-04", WORKED, "Sunday, for Friday the second"),
    ("CN", "2026-02-13", WORKED, "the Friday before the festival"),
    ("CN", "2026-02-14", WORKED, "Saturday, for the festival"),
    ("CN", "2026-02-15", CLOSED, "Sunday, the festival's first day"),
    ("CN", "2026-02-20", CLOSED, "Friday, a moved day"),
    ("CN", "2026-02-21", CLOSED, "Saturday inside the festival"),
    ("CN", "2026-02-22", CLOSED, "Sunday inside the festival"),
    ("CN", "2026-02-23", CLOSED, "Monday, its last day"),
    ("CN", "2026-02-24", WORKED, "Tuesday after it"),
    ("CN", "2026-02-28", WORKED, "Saturday, for Monday"),
    ("CN", "2026-03-01", OFF, "the Sunday after it"),
    ("CN", "2026-04-04", CLOSED, "Saturday before Tomb-Sweeping Day"),
    ("CN", "2026-05-03", CLOSED, "Sunday inside May's days"),
    ("CN", "2026-05-09", WORKED, "Saturday, for May's days"),
    ("CN", "2026-05-10", OFF, "the Sunday after that"),
    ("CN", "2026-06-20", CLOSED, "Saturday after the Dragon Boat Festival"),
    ("CN", "2026-09-20", WORKED, "Sunday, for October"),
    ("CN", "2026-09-27", CLOSED, "Sunday after Mid-Autumn"),
    ("CN", "2026-10-04", CLOSED, "Sunday inside the golden week"),
    ("CN", "2026-10-10", WORKED, "Saturday, for the golden week"),
    ("CN", "2025-10-05", CLOSED, "Sunday inside the golden week of 2025"),
    ("CN", "2025-02-08", WORKED, "Saturday of 2025"),
    ("CN", "2024-02-17", CLOSED, "Saturday, the last day of 2024's festival"),
    ("CN", "2024-02-18", WORKED, "Sunday of 2024"),
    ("CN", "2023-04-23", WORKED, "Sunday of 2023"),
    ("CN", "2011-12-31", WORKED, "Saturday, told by the next year"),
    ("CN", "2028-01-26", CLOSED, "the festival of a year not announced"),
    ("CN", "2028-01-22", OFF, "Saturday before it, worked only once that is announced"),
    ("TW", "2025-02-08", WORKED, "Saturday, for 27 January"),
    ("TW", "2025-01-27", CLOSED, "Monday, the moved day"),
    ("TW", "2025-02-02", CLOSED, "Sunday, the last of the nine days"),
    ("TW", "2026-02-21", OFF, "a Saturday after the holidays"),
    ("HU", "2026-01-10", WORKED, "Saturday, for 2 January"),
    ("HU", "2026-01-02", CLOSED, "Friday, the moved day"),
    ("VN", "2026-08-22", WORKED, "Saturday, for 31 August"),
    ("VN", "2026-08-30", CLOSED, "Sunday inside National Day"),
    ("US", "2026-05-23", OFF, "Saturday before Memorial Day"),
    ("US", "2026-05-25", CLOSED, "Memorial Day"),
    ("US", "2026-07-03", CLOSED, "Independence Day, observed"),
    ("US", "2026-11-27", WORKED, "the day after Thanksgiving"),
    ("US-CA", "2026-11-27", CLOSED, "which is a holiday in California"),
    ("US-NY", "2026-02-12", CLOSED, "Lincoln's birthday"),
    ("US-MA", "2026-04-20", CLOSED, "Patriots' Day"),
    ("GB-SCT", "2026-01-02", CLOSED, "2 January"),
    ("GB-ENG", "2026-01-02", WORKED, "not so in England"),
    ("GB-SCT", "2026-04-06", WORKED, "Easter Monday in Scotland"),
    ("GB-ENG", "2026-04-06", CLOSED, "Easter Monday in England"),
    ("GB-ENG", "2026-04-05", CLOSED, "Sunday between Good Friday and it"),
    ("DE-BY", "2026-01-06", CLOSED, "Epiphany in Bavaria"),
    ("DE-BE", "2026-01-06", WORKED, "not so in Berlin"),
    ("DE-BY", "2026-06-04", CLOSED, "Corpus Christi"),
    ("IL", "2026-03-06", OFF, "Friday"),
    ("IL", "2026-03-07", OFF, "Saturday"),
    ("IL", "2026-03-08", WORKED, "Sunday"),
    ("AE", "2021-03-05", OFF, "Friday before 2022"),
    ("AE", "2021-03-07", WORKED, "Sunday before 2022"),
    ("AE", "2022-03-04", WORKED, "Friday since 2022"),
    ("AE", "2022-03-06", OFF, "Sunday since 2022"),
    ("SA", "2012-03-01", OFF, "Thursday before 2013"),
    ("SA", "2026-03-05", WORKED, "Thursday since"),
    ("SA", "2026-03-06", OFF, "Friday"),
    ("IR", "2026-07-11", WORKED, "Saturday, for Friday alone is free"),
    ("EG", "2026-03-08", WORKED, "Sunday in Egypt"),
    ("BN", "2026-08-07", OFF, "Friday in Brunei"),
    ("BN", "2026-08-08", WORKED, "Saturday there"),
    ("BN", "2026-08-09", OFF, "Sunday there"),
    ("HK", "2026-03-07", WORKED, "Saturday in Hong Kong"),
    ("HK", "2026-04-07", CLOSED, "the day after Easter Monday"),
    ("MY-KDH", "2026-07-10", OFF, "Friday in Kedah"),
    ("MY-KDH", "2026-07-12", WORKED, "Sunday in Kedah"),
    ("MY-JHR", "2024-07-14", WORKED, "Sunday in Johor until 2024"),
    ("MY-JHR", "2026-07-12", OFF, "Sunday in Johor since"),
    ("MY-SGR", "2026-07-10", WORKED, "Friday in Selangor"),
    ("IN", "2026-01-26", CLOSED, "Republic Day"),
    ("JP", "2026-05-06", CLOSED, "the substitute for Constitution Day"),
    ("JP", "2026-09-22", CLOSED, "between two holidays"),
    ("KR", "2026-03-02", CLOSED, "the substitute for 1 March"),
    ("BR", "2026-11-20", CLOSED, "national since 2024"),
    ("NL", "2026-04-27", CLOSED, "King's Day"),
    ("XX", "2026-03-07", OFF, "Saturday where nothing is known"),
    ("XX", "2026-12-25", WORKED, "Friday there"),
]


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [pytest.param(country, day, expected, id=f"{country} {day} {why}") for country, day, expected, why in DAYS],
)
def test_a_day_is_what_it_is_there(country: str, day: str, expected: tuple[bool, bool]) -> None:
    on = date.fromisoformat(day)
    assert (is_working_day(on, country), closes(on, country)) == expected


@pytest.mark.parametrize("country", sorted({country for country, *_ in DAYS} - {"XX"}))
def test_every_day_of_ten_years_is_what_the_library_says(country: str) -> None:
    code, _, subdivision = country.partition("-")
    library = country_holidays(code, subdiv=subdivision or None, years=range(2017, 2030))
    days = [date(2018, 1, 1) + n * DAY for n in range(3653)]
    assert [day for day in days if is_working_day(day, country) is not library.is_working_day(day)] == []
    assert [
        day for day in days if day in library and not closes(day, country) and not is_working_day(day, country)
    ] == []
    assert [day for day in days if closes(day, country) and is_working_day(day, country)] == []


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [pytest.param(country, day, expected, id=f"{country} {day} {why}") for country, day, expected, why in DAYS],
)
def test_a_salon_that_closes_on_holidays_is_closed_on_these(
    country: str, day: str, expected: tuple[bool, bool]
) -> None:
    """Its own weekly hours say which weekdays it works; here it is all seven."""
    catalog, on = a_catalog(), date.fromisoformat(day)
    closing = replace(catalog, business=replace(catalog.business, country=country, closes_on_holidays=True))
    noon = int(datetime.combine(on, time(12), catalog.business.zone).timestamp()) // 60
    spans = OpenCalendars.of(closing, on, on).staff["mei"].open
    assert any(opens <= noon < ends for opens, ends in spans) is not expected[1]


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [pytest.param(country, day, expected, id=f"{country} {day} {why}") for country, day, expected, why in DAYS],
)
def test_who_works_in_an_office_is_invited_by_it(country: str, day: str, expected: tuple[bool, bool]) -> None:
    """In the afternoon of a working day, at any hour of a day off."""
    client = replace(a_client(), occupation=Occupation.OFFICE)
    hours = hours_for(client, ContactRules(), QuietHours()).on(date.fromisoformat(day), country)
    assert (hours[0][0] >= time(12)) is expected[0]


@pytest.mark.parametrize("day", ["2026-02-15", "2026-02-21", "2026-04-04", "2026-05-03", "2026-06-21", "2026-10-04"])
def test_who_is_invited_on_holidays_alone_is_on_the_weekend_days_inside_them(day: str) -> None:
    """And who is not invited on holidays is not on these, however near to one they may be invited."""
    assert is_near_holiday(date.fromisoformat(day), 0, "CN")


WEEK = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def office(country: str, tz: str, **weekly: list[str]) -> BusinessCalendar:
    return BusinessCalendar.parse(tz, WEEK | weekly, holidays_of=country)


def hours_on(calendar: BusinessCalendar, day: str) -> float:
    zone, on = ZoneInfo(calendar.tz), date.fromisoformat(day)
    begins, ends = (datetime.combine(it, time(), zone).astimezone(UTC) for it in (on, on + DAY))
    return calendar.between(begins, ends) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("country", "tz", "day", "hours"),
    [
        pytest.param("CN", "Asia/Shanghai", "2026-02-14", 9, id="Saturday worked for the festival"),
        pytest.param("CN", "Asia/Shanghai", "2026-01-04", 9, id="Sunday worked for New Year"),
        pytest.param("CN", "Asia/Shanghai", "2026-10-10", 9, id="Saturday after the golden week"),
        pytest.param("CN", "Asia/Shanghai", "2026-10-11", 0, id="the Sunday after that"),
        pytest.param("CN", "Asia/Shanghai", "2026-02-23", 0, id="Monday inside the festival"),
        pytest.param("CN", "Asia/Shanghai", "2025-09-28", 9, id="a Sunday of the year before"),
        pytest.param("CN", "America/New_York", "2011-12-31", 9, id="told by the next year, read far away"),
        pytest.param("TW", "Asia/Taipei", "2025-02-08", 9, id="Taiwan"),
        pytest.param("HU", "Europe/Budapest", "2026-08-08", 9, id="Hungary"),
        pytest.param("VN", "Asia/Ho_Chi_Minh", "2026-08-22", 9, id="Vietnam"),
        pytest.param("RU", "Europe/Moscow", "2027-02-20", 9, id="Russia"),
        pytest.param("US", "America/New_York", "2026-07-03", 0, id="observed"),
        pytest.param("US", "America/New_York", "2026-07-11", 0, id="a Saturday like any"),
        pytest.param("JP", "Asia/Tokyo", "2026-09-22", 0, id="between two holidays"),
    ],
)
def test_an_office_counts_the_working_days_of_its_country(country: str, tz: str, day: str, hours: int) -> None:
    assert hours_on(office(country, tz), day) == hours


def test_what_a_calendar_says_of_a_day_itself_comes_before_what_the_country_moves() -> None:
    """Its own hours of a Saturday, a special day, and a date it closes."""
    assert hours_on(office("CN", "Asia/Shanghai", sat=["10:00-12:00"]), "2026-02-14") == 2
    special = replace(office("CN", "Asia/Shanghai"), special_days={date(2026, 2, 14): ()})
    closed = replace(office("CN", "Asia/Shanghai"), holidays=frozenset({date(2026, 2, 14)}))
    assert [hours_on(special, "2026-02-14"), hours_on(closed, "2026-02-14")] == [0, 0]


def test_a_deadline_runs_over_the_year_s_end_and_the_festival() -> None:
    """100 hours from 12 February: two working days, the worked Saturday, nine days off, and what follows."""
    begins = datetime(2026, 2, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    calendar = office("CN", "Asia/Shanghai")
    due = calendar.add(begins, timedelta(hours=28))
    assert due.astimezone(begins.tzinfo).isoformat() == "2026-02-24T10:00:00+08:00"
    assert calendar.between(begins, due) == timedelta(hours=28)
    assert calendar.subtract(due, timedelta(hours=28)) == begins
    far = calendar.add(begins, timedelta(hours=9 * 260))
    assert calendar.between(begins, far) == timedelta(hours=9 * 260)
    assert calendar.subtract(far, timedelta(hours=9 * 260)) == begins


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As after an update of the library: 29 January 2028 is worked for Friday the 28th of April."""
    known = holidays._library

    def newer(country: str, years: tuple[int, ...]) -> HolidayBase:
        library = known(country, years)
        if 2028 in years:
            library[date(2028, 4, 28)] = library.tr(str(library.substituted_label)) % "2028-01-29"
            library.weekend_workdays = {*library.weekend_workdays, date(2028, 1, 29)}
        return library

    holidays._calendar.cache_clear()
    monkeypatch.setattr(holidays, "_library", newer)
    yield
    holidays._calendar.cache_clear()


def test_a_later_announcement_needs_a_newer_library_and_nothing_else(request: pytest.FixtureRequest) -> None:
    """A policy that was saved before it counts by it."""
    rows = (Row(first_response=timedelta(hours=1), calendar="office"),)
    saved = whole_json(ServicePolicy(rows=rows, calendars={"office": office("CN", "Asia/Shanghai")}))
    before = from_json(ServicePolicy, saved).calendars["office"]
    assert [hours_on(before, "2028-01-29"), hours_on(before, "2028-04-28")] == [0, 9]
    request.getfixturevalue("announced")
    after = from_json(ServicePolicy, saved).calendars["office"]
    assert [hours_on(after, "2028-01-29"), hours_on(after, "2028-04-28")] == [9, 0]
    assert closes(date(2028, 4, 29), "CN")


def test_the_list_of_a_year_is_that_of_the_law() -> None:
    assert date(2026, 2, 21) not in public_holidays("CN", 2026)
    assert {day.year for day in public_holidays("CN", 2026)} == {2026}
