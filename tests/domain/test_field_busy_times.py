"""A calendar that is not ours is read for one thing, when its person is busy; and it is a stranger's text.

The rule: whatever stands in it, what can be read counts at its own instants and on its own clock, what is free or
called off does not, nothing runs on for ever, and one broken event costs no other.
"""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kept.booking.busy_times import BusyTimes, BusyWindow, NoCalendar, TakesTooLong, busy_times

BERLIN = ZoneInfo("Europe/Berlin")
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=BERLIN), datetime(2026, 5, 1, tzinfo=BERLIN)
WINDOW = BusyWindow(SINCE, UNTIL, BERLIN, "@lotus.kept")
WORKED = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
OUTLOOK = (
    "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\n"
    "TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def an_event(*lines: str, uid: str = "e-1") -> str:
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Not for anybody", *lines, "END:VEVENT", ""))


def a_calendar(*events: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//X//Y//EN\n{''.join(events)}END:VCALENDAR\n"


def read(*events: str, window: BusyWindow = WINDOW) -> BusyTimes:
    return busy_times(a_calendar(*events), window)


def told(found: BusyTimes, zone: ZoneInfo = BERLIN) -> list[str]:
    """As its clock shows them."""

    def at(minute: int) -> datetime:
        return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)

    return [f"{at(start):%m-%dT%H:%M} {at(end):%m-%dT%H:%M}" for start, end in found.spans]


NINE = ("DTSTART;TZID=Europe/Berlin:20260302T090000", "DTEND;TZID=Europe/Berlin:20260302T100000")
ONCE = ["03-02T09:00 03-02T10:00"]

ONE = {
    "in UTC": (("DTSTART:20260302T080000Z", "DTEND:20260302T090000Z"), ONCE),
    "in a zone": (NINE, ONCE),
    "a zone of Windows": (
        ("DTSTART;TZID=W. Europe Standard Time:20260302T090000", "DTEND;TZID=W. Europe Standard Time:20260302T100000"),
        ONCE,
    ),
    "a zone in quotes": (('DTSTART;TZID="Asia/Shanghai":20260302T160000', "DURATION:PT1H"), ONCE),
    "a zone with its maker's name": (
        ("DTSTART;TZID=/citadel.org/20200101/Europe/Berlin:20260302T090000", "DURATION:PT1H"),
        ONCE,
    ),
    "a zone by its offset": (('DTSTART;TZID="(UTC+08:00) Beijing":20260302T160000', "DURATION:PT1H"), ONCE),
    "a zone nobody knows is the business's": (("DTSTART;TZID=Nowhere/Land:20260302T090000", "DURATION:PT1H"), ONCE),
    "without a zone it is the business's": (("DTSTART:20260302T090000", "DTEND:20260302T100000"), ONCE),
    "two zones": (("DTSTART;TZID=Europe/London:20260302T080000", "DTEND;TZID=Europe/Berlin:20260302T100000"), ONCE),
    "by how long it takes": (("DTSTART:20260302T080000Z", "DURATION:PT60M"), ONCE),
    "with seconds, whole minutes": (("DTSTART:20260302T080030Z", "DTEND:20260302T085901Z"), ONCE),
    "over midnight": (("DTSTART:20260302T230000Z", "DTEND:20260303T010000Z"), ["03-03T00:00 03-03T02:00"]),
    "a day": (("DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303"), ["03-02T00:00 03-03T00:00"]),
    "a day without an end": (("DTSTART;VALUE=DATE:20260302",), ["03-02T00:00 03-03T00:00"]),
    "a day that ends on itself": (
        ("DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260302"),
        ["03-02T00:00 03-03T00:00"],
    ),
    "a day that does not say so": (("DTSTART:20260302",), ["03-02T00:00 03-03T00:00"]),
    "a holiday over the change of clocks": (
        ("DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330"),
        ["03-28T00:00 03-30T00:00"],
    ),
    "longer than the window": (
        ("DTSTART;VALUE=DATE:20250101", "DTEND;VALUE=DATE:20280101"),
        ["03-01T00:00 05-01T00:00"],
    ),
    "at an hour that the clock skips": (
        ("DTSTART;TZID=Europe/Berlin:20260329T023000", "DURATION:PT1H"),
        ["03-29T03:30 03-29T04:30"],
    ),
    "folded": (("DTSTART;TZID=Europe/Berlin:20260", " 302T090000", "DURA", "\tTION:PT1H"), ONCE),
    "in small letters": (("dtstart;tzid=Europe/Berlin:20260302T090000", "duration:PT1H"), ONCE),
    "with an alarm in it": ((*NINE, "BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT5M", "END:VALARM"), ONCE),
    "with an alarm that never ends": ((*NINE, "BEGIN:VALARM", "TRIGGER:-PT15M"), ONCE),
    "tentative": ((*NINE, "STATUS:TENTATIVE"), ONCE),
    "private": ((*NINE, "CLASS:PRIVATE"), ONCE),
    "shown as free": ((*NINE, "TRANSP:TRANSPARENT"), []),
    "shown as free, in small letters": ((*NINE, "TRANSP: transparent"), []),
    "free for Outlook": ((*NINE, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
    "out of office": ((*NINE, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), ONCE),
    "cancelled": ((*NINE, "STATUS:CANCELLED"), []),
    "a moment": (("DTSTART:20260302T080000Z",), []),
    "ends as it starts": (("DTSTART:20260302T080000Z", "DTEND:20260302T080000Z"), []),
    "ends before it starts": (("DTSTART:20260302T080000Z", "DTEND:20260302T070000Z"), []),
    "long over": (("DTSTART:20200302T080000Z", "DTEND:20200302T090000Z"), []),
    "years from now": (("DTSTART:20990302T080000Z", "DTEND:20990302T090000Z"), []),
    "ends as the window begins": (("DTSTART:20260228T220000Z", "DTEND:20260228T230000Z"), []),
}


@pytest.mark.parametrize("case", ONE)
def test_an_event_counts_as_its_person_has_it(case: str) -> None:
    """At its own instants, whatever zone it is told in; and not at all where it is shown as free."""
    lines, spans = ONE[case]
    found = read(an_event(*lines))
    assert (told(found), found.unread) == (spans, 0)


AGAIN = {
    "each day, and the clock changes": (
        ("DTSTART;TZID=Europe/Berlin:20260327T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4"),
        [f"03-{day}T09:00 03-{day}T10:00" for day in (27, 28, 29, 30)],
    ),
    "in UTC it moves with the clock": (
        ("DTSTART:20260328T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
        ["03-28T09:00 03-28T10:00", "03-29T10:00 03-29T11:00"],
    ),
    "without end, from years ago": (
        ("DTSTART;TZID=Europe/Berlin:20100104T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=4"),
        ["03-09T09:00 03-09T10:00", "04-06T09:00 04-06T10:00"],
    ),
    "without end, from the first of years": (
        ("DTSTART:00010101T120000", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1"),
        ["04-01T12:00 04-01T13:00"],
    ),
    "until an instant": (
        (*NINE, "RRULE:FREQ=DAILY;UNTIL=20260303T080000Z"),
        [*ONCE, "03-03T09:00 03-03T10:00"],
    ),
    "until a day": ((*NINE, "RRULE:FREQ=DAILY;UNTIL=20260303"), [*ONCE, "03-03T09:00 03-03T10:00"]),
    "the last of each month": (
        ("DTSTART;VALUE=DATE:20260131", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"),
        ["03-31T00:00 04-01T00:00", "04-30T00:00 05-01T00:00"],
    ),
    "the 31st, where there is one": (
        ("DTSTART;VALUE=DATE:20260131", "RRULE:FREQ=MONTHLY"),
        ["03-31T00:00 04-01T00:00"],
    ),
    "but not then": (
        (*NINE, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20260303T090000,20260304T090000"),
        ONCE,
    ),
    "but not then, told in UTC": ((*NINE, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260303T080000Z"), ONCE),
    "but not on that day": ((*NINE, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;VALUE=DATE:20260303"), ONCE),
    "but not the first": (
        (*NINE, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;TZID=Europe/Berlin:20260302T090000"),
        ["03-03T09:00 03-03T10:00"],
    ),
    "and then too": (
        (*NINE, "RDATE;TZID=Europe/Berlin:20260305T140000", "RDATE;VALUE=PERIOD:20260306T080000Z/PT1H"),
        [*ONCE, "03-05T14:00 03-05T15:00", "03-06T09:00 03-06T10:00"],
    ),
    "counted and until": ((*NINE, "RRULE:FREQ=DAILY;COUNT=9;UNTIL=20260302T235959Z"), ONCE),
    "two of them that overlap are one span": (
        (*NINE, "RDATE;TZID=Europe/Berlin:20260302T093000"),
        ["03-02T09:00 03-02T10:30"],
    ),
}


@pytest.mark.parametrize("case", AGAIN)
def test_what_repeats_stays_on_its_own_clock_and_ends_with_the_window(case: str) -> None:
    """Nine o'clock stays nine o'clock, and a rule without an end has one."""
    lines, spans = AGAIN[case]
    found = read(an_event(*lines))
    assert (told(found), found.unread) == (spans, 0)


def test_one_turn_of_it_may_be_at_another_time_be_called_off_or_be_free() -> None:
    """In whatever order they stand."""
    daily = an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=5")
    moved = an_event("RECURRENCE-ID;TZID=Europe/Berlin:20260303T090000", "DTSTART:20260303T130000Z", "DURATION:PT1H")
    off = an_event("RECURRENCE-ID:20260304T080000Z", "DTSTART:20260304T080000Z", "STATUS:CANCELLED")
    free = an_event("RECURRENCE-ID;VALUE=DATE:20260305", NINE[0], "DURATION:PT1H", "TRANSP:TRANSPARENT")
    expected = [*ONCE, "03-03T14:00 03-03T15:00", "03-06T09:00 03-06T10:00"]
    assert told(read(daily, moved, off, free)) == expected
    assert told(read(free, off, moved, daily)) == expected


def test_a_turn_without_the_rest_stands_for_itself() -> None:
    assert told(read(an_event("RECURRENCE-ID:20260302T080000Z", *NINE))) == ONCE


def test_two_events_of_one_name_are_both_busy() -> None:
    """Rather busy once too often than booked twice."""
    other = an_event("DTSTART:20260303T080000Z", "DURATION:PT1H")
    assert len(read(an_event(*NINE), other).spans) == 2


def test_its_own_zone_is_by_its_own_rules() -> None:
    """Outlook brings the rules along under a name of its own."""
    summer = an_event('DTSTART;TZID="Customized Time Zone":20260401T090000', "DURATION:PT1H")
    assert told(read(OUTLOOK, summer)) == ["04-01T09:00 04-01T10:00"]


def a_zone(offset: str, name: str = "Work") -> str:
    """As far from UTC all year."""
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\n"
        f"TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )


AT_WORK = an_event("DTSTART;TZID=Work:20260302T090000", "DTEND;TZID=Work:20260302T100000")
BROUGHT = {
    "its own": ([a_zone("+0800"), AT_WORK], ["03-02T02:00 03-02T03:00"]),
    "another's of that name": ([a_zone("+0300"), AT_WORK], ["03-02T07:00 03-02T08:00"]),
    "told after its events": ([AT_WORK, a_zone("+0300")], ["03-02T07:00 03-02T08:00"]),
    "told twice: the last": ([a_zone("+0800"), a_zone("+0300"), AT_WORK], ["03-02T07:00 03-02T08:00"]),
    "none: the business's": ([AT_WORK], ONCE),
    "one without rules: the business's": (["BEGIN:VTIMEZONE\nTZID:Work\nEND:VTIMEZONE\n", AT_WORK], ONCE),
    "a name that everybody knows is everybody's": ([a_zone("+0800", "Europe/Berlin"), an_event(*NINE)], ONCE),
}


@pytest.mark.parametrize("first", BROUGHT)
@pytest.mark.parametrize("then", BROUGHT)
def test_no_calendar_is_read_by_the_zone_that_another_brought(first: str, then: str) -> None:
    """Whoever's was read before in the same process, be it of another business."""
    for case in (first, then):
        events, spans = BROUGHT[case]
        assert told(read(*events)) == spans


def test_a_turn_that_is_called_off_in_such_a_zone_is_the_one_that_is_meant() -> None:
    """And every other stands on the wall's clock of that zone."""
    daily = an_event(
        "DTSTART;TZID=Work:20260302T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE;TZID=Work:20260303T090000",
    )
    assert told(read(a_zone("+0800"), daily)) == ["03-02T02:00 03-02T03:00", "03-04T02:00 03-04T03:00"]


def test_what_is_ours_takes_no_time_from_itself() -> None:
    """Somebody gave us the address of a calendar in which their visits here stand."""
    assert told(read(an_event(*NINE, uid="a-1@lotus.kept"), an_event(*NINE, uid="a-1@garage.kept"))) == ONCE
    assert told(read(an_event(*NINE, uid="a-1@lotus.kept"))) == []


def test_free_busy_alone_is_as_good() -> None:
    """Some calendars publish nothing else."""
    spans = (
        "BEGIN:VFREEBUSY\nUID:f-1\nFREEBUSY;FBTYPE=BUSY:20260302T080000Z/PT1H,20260303T080000Z/20260303T090000Z\n"
        "FREEBUSY;FBTYPE=FREE:20260304T080000Z/PT1H\nFREEBUSY:20260305T080000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert told(read(spans)) == [*ONCE, "03-03T09:00 03-03T10:00", "03-05T09:00 03-05T10:00"]


SIXTY = ",".join(map(str, range(60)))
BROKEN = {
    "no start": ("DTEND:20260302T090000Z",),
    "a start that is none": ("DTSTART:tomorrow",),
    "a time of no day": ("DTSTART;VALUE=TIME:080000", "DURATION:PT1H"),
    "a month that is none": ("DTSTART:20261302T080000Z", "DURATION:PT1H"),
    "two starts": ("DTSTART:garbage", "DTSTART:20260302T080000Z", "DURATION:PT1H"),
    "a length that is none": ("DTSTART:20260305T080000Z", "DURATION:soon"),
    "a rule that is none": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:FREQ=SOMETIMES"),
    "a rule of nothing": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:"),
    "each second": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"),
    "each minute, once": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:FREQ=MINUTELY;COUNT=1"),
    "every no days": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0"),
    "back in time": ("DTSTART:20260305T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=-1"),
    "more turns than there are days": (
        "DTSTART:00010101T080000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=999999999",
    ),
    "each second of a day": (
        "DTSTART:20250305T080000Z",
        "DURATION:PT1H",
        f"RRULE:FREQ=DAILY;COUNT=9999999;BYHOUR=8,9;BYMINUTE={SIXTY};BYSECOND={SIXTY}",
    ),
}


ORDINARY = [an_event(*NINE, uid=f"e-{n}") for n in range(200)]
"""A calendar as most are, by which it is told what takes long."""


def work_of(*events: str) -> float:
    """Seconds of the processor to read them."""
    began = time.process_time()
    read(*events)
    return time.process_time() - began


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_counted_and_costs_no_other(case: str) -> None:
    """And no time either."""
    events = an_event(*BROKEN[case]), an_event(*NINE, uid="e-2")
    found = read(*events)
    assert work_of(*events) < 20 * work_of(*ORDINARY)
    assert (set(ONCE) <= set(told(found)), found.unread) == (True, 1)


NONE = {
    "nothing": "",
    "blank": "\n\n",
    "a page": "<!doctype html><html><body>Sign in</body></html>",
    "an event alone": an_event(*NINE),
    "cut off": a_calendar(an_event(*NINE))[:-20],
    "cut off in a word": a_calendar(an_event(*NINE))[:-4],
    "JSON": '{"error": "gone"}',
    "zeroes": "\0" * 100,
    "an address book": "BEGIN:VCARD\nFN:Mei\nEND:VCARD\n",
    "only the beginning": "BEGIN:VCALENDAR\n",
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_whole_calendar_says_nothing_of_anybody_s_time(case: str) -> None:
    """Half of a calendar would make somebody free who is not."""
    with pytest.raises(NoCalendar):
        busy_times(NONE[case], WINDOW)


WHOLE = {
    "of nobody": (a_calendar(), []),
    "with a mark before it": ("\ufeff" + a_calendar(an_event(*NINE)), ONCE),
    "as the standard has its lines": (a_calendar(an_event(*NINE)).replace("\n", "\r\n"), ONCE),
    "as old Macs have their lines": (a_calendar(an_event(*NINE)).replace("\n", "\r"), ONCE),
    "two in one": (a_calendar() + a_calendar(an_event(*NINE)), ONCE),
    "with words behind it": (a_calendar(an_event(*NINE)) + "\n<!-- 12 ms -->", ONCE),
    "with lines of its own": (a_calendar("X-WR-CALNAME:Mei\n", an_event("X-A:\u2028\x0b\x85", *NINE)), ONCE),
    "with a line of a million letters": (a_calendar(an_event(f"DESCRIPTION:{'x' * 1_000_000}", *NINE)), ONCE),
    "with things to do": (
        a_calendar("BEGIN:VTODO\nDTSTART:20260303T080000Z\nDURATION:PT1H\nEND:VTODO\n", an_event(*NINE)),
        ONCE,
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_calendar_is_one_however_it_is_written(case: str) -> None:
    """Lines, marks and what lies around events are their maker's."""
    text, spans = WHOLE[case]
    assert told(busy_times(text, WINDOW)) == spans


def test_years_of_a_calendar_are_read_in_a_moment() -> None:
    """Most of it is over, and is not looked into."""
    old = "".join(
        an_event(
            f"DTSTART:{year}{month:02}{day:02}T080000Z",
            "DURATION:PT1H".replace("DURATION:PT1H", f"DTEND:{year}{month:02}{day:02}T090000Z"),
        )
        for year in range(2000, 2026)
        for month in range(1, 13)
        for day in range(1, 29)
    )
    assert told(read(old, an_event(*NINE))) == ONCE
    assert work_of(old, an_event(*NINE)) < 100 * work_of(*ORDINARY)


def test_what_would_take_for_ever_is_given_up() -> None:
    """And told as that: half of it is not what they are busy with."""
    left = iter([True, True, False])
    with pytest.raises(TakesTooLong):
        busy_times(a_calendar(*[an_event(*NINE) for _ in range(9)]), WINDOW, has_time=lambda: next(left))


DAILY = ("DTSTART:20100305T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=9000")


@pytest.mark.parametrize("looks", [1, 2, 3, 4, 6])
def test_what_repeats_for_years_is_given_up_wherever_its_time_runs_out(looks: int) -> None:
    """At its event, at its rule, or at any thousand of its turns."""
    left = iter([True] * looks)
    with pytest.raises(TakesTooLong):
        busy_times(a_calendar(an_event(*DAILY)), WINDOW, has_time=lambda: next(left, False))


ODD_ZONES = {
    "without rules": "BEGIN:VTIMEZONE\nTZID:Odd\nEND:VTIMEZONE\n",
    "without a name": "BEGIN:VTIMEZONE\nEND:VTIMEZONE\n",
    "with an offset that is none": (
        "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:soon\nTZOFFSETTO:late\n"
        "END:STANDARD\nEND:VTIMEZONE\n"
    ),
}


@pytest.mark.parametrize("case", ODD_ZONES)
def test_a_zone_that_makes_no_sense_is_the_business_s_own(case: str) -> None:
    """And costs no event: neither its own, nor any other."""
    odd = an_event("DTSTART;TZID=Odd:20260302T090000", "DURATION:PT1H")
    found = read(ODD_ZONES[case], odd, an_event(*NINE, uid="e-2"))
    assert (told(found), found.unread) == (ONCE, 0)


@pytest.mark.parametrize("said", ["tomorrow", "20260302T080000Z/soon", "20260302T080000Z", "/", ""])
def test_free_busy_that_makes_no_sense_is_counted_and_costs_no_other(said: str) -> None:
    spans = f"BEGIN:VFREEBUSY\nUID:f-1\nFREEBUSY:{said}\nEND:VFREEBUSY\n"
    found = read(spans, an_event(*NINE))
    assert (told(found), found.unread) == (ONCE, 1)


def test_the_window_is_whole_where_the_business_is_elsewhere() -> None:
    """A day without a zone is a day of the business's."""
    shanghai = ZoneInfo("Asia/Shanghai")
    window = BusyWindow(
        datetime(2026, 3, 1, tzinfo=shanghai), datetime(2026, 5, 1, tzinfo=shanghai), shanghai, "@x.kept"
    )
    found = read(an_event("DTSTART;VALUE=DATE:20260301"), window=window)
    assert told(found, shanghai) == ["03-01T00:00 03-02T00:00"]
