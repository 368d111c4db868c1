"""When a client who wants to move would rather come."""

from datetime import date, datetime, time

import pytest

from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import Asked, Intent, PartOfReply, RequestedTime

TODAY, STARTS = date(2026, 11, 18), datetime(2026, 11, 20, 14)  # noqa: DTZ001  # a Wednesday; Friday at two, local


def wished(text: str, *, today: date = TODAY, starts: datetime = STARTS) -> RequestedTime:
    found = read(text, asked=Asked.BOOKING, today=today, starts=starts)
    assert (found.intent, found.is_sure) == (Intent.MOVE, True)
    return found.wish


@pytest.mark.parametrize(
    ("said", "day"),
    [
        pytest.param("tomorrow", "2026-11-19", id="tomorrow"),
        pytest.param("tmrw", "2026-11-19", id="tomorrow, written short"),
        pytest.param("Saturday", "2026-11-21", id="a day of this week"),
        pytest.param("Monday", "2026-11-23", id="a day of next week"),
        pytest.param("Wednesday", "2026-11-25", id="today's name is a week on"),
        pytest.param("next Friday", "2026-11-27", id="next Friday is next week's"),
        pytest.param("next Monday", "2026-11-23", id="next Monday is next week's"),
        pytest.param("Tuesday week", "2026-12-01", id="Tuesday week"),
        pytest.param("the 26th", "2026-11-26", id="a day of the month"),
        pytest.param("the 2nd", "2026-12-02", id="a day of the next month"),
        pytest.param("Thursday 26th", "2026-11-26", id="a weekday with its date"),
        pytest.param("December 3rd", "2026-12-03", id="a month and a day"),
        pytest.param("3 Dec", "2026-12-03", id="a day and a month"),
        pytest.param("5 January", "2027-01-05", id="next year"),
        pytest.param("28/11", "2026-11-28", id="day and month in figures"),
        pytest.param("11/28", "2026-11-28", id="month and day in figures"),
    ],
)
def test_a_day_in_english(said: str, day: str) -> None:
    """The next day of that name or date, never today and never one that is past."""
    assert wished(f"can we move it to {said}") == RequestedTime(day=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        pytest.param("明天", "2026-11-19", id="tomorrow"),
        pytest.param("大后天", "2026-11-21", id="in three days"),
        pytest.param("周六", "2026-11-21", id="a day of this week"),
        pytest.param("星期天", "2026-11-22", id="Sunday"),
        pytest.param("周一", "2026-11-23", id="the next Monday"),
        pytest.param("下周三", "2026-11-25", id="of next week"),
        pytest.param("下下周一", "2026-11-30", id="of the week after"),
        pytest.param("礼拜六", "2026-11-21", id="another word for week"),
        pytest.param("11月25日", "2026-11-25", id="a date"),
        pytest.param("十二月三号", "2026-12-03", id="a date in numerals"),
        pytest.param("25号", "2026-11-25", id="a day of the month"),
        pytest.param("3号", "2026-12-03", id="a day of the next month"),
        pytest.param("下週二", "2026-11-24", id="traditional characters"),
    ],
)
def test_a_day_in_chinese(said: str, day: str) -> None:
    """Which week is meant is told by the word before the day, as in speech."""
    assert wished(f"改到{said}") == RequestedTime(day=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("move it to 3pm", "15:00", id="3pm"),
        pytest.param("move it to 15:30", "15:30", id="of 24 hours"),
        pytest.param("move it to 10.30am", "10:30", id="with a point"),
        pytest.param("move it to half past three", "15:30", id="half past"),
        pytest.param("move it to quarter to four", "15:45", id="quarter to"),
        pytest.param("move it to 4", "16:00", id="an hour of the afternoon"),
        pytest.param("move it to 9", "09:00", id="an hour of the morning"),
        pytest.param("move it to noon", "12:00", id="noon"),
        pytest.param("can we make it an hour later", "15:00", id="counted from the appointment"),
        pytest.param("改到3点", "15:00", id="an hour in Chinese"),
        pytest.param("改到三点半", "15:30", id="half past in Chinese"),
        pytest.param("改到十点二十", "10:20", id="with minutes"),
        pytest.param("改到15：00", "15:00", id="a full-width colon"),
        pytest.param("能提前一个小时吗", "13:00", id="an hour earlier in Chinese"),
    ],
)
def test_a_time(text: str, at: str) -> None:
    """An hour without morning or afternoon is the one at which people come for a visit."""
    assert wished(text) == RequestedTime(at=time.fromisoformat(at))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        pytest.param(
            "Monday at 7 in the evening please, instead of Friday",
            RequestedTime(date(2026, 11, 23), PartOfReply.EVENING, time(19)),
            id="the part of the day tells which seven",
        ),
        pytest.param(
            "明天下午三点可以吗",
            RequestedTime(date(2026, 11, 19), PartOfReply.AFTERNOON, time(15)),
            id="day, part and time in Chinese",
        ),
        pytest.param(
            "改到明早", RequestedTime(date(2026, 11, 19), PartOfReply.MORNING), id="tomorrow morning in one word"
        ),
        pytest.param("could we do an evening instead", RequestedTime(part=PartOfReply.EVENING), id="a part alone"),
        pytest.param("tmrw arvo instead?", RequestedTime(date(2026, 11, 19), PartOfReply.AFTERNOON), id="slang"),
        pytest.param(
            "can u push it to 4pm same day", RequestedTime(date(2026, 11, 20), at=time(16)), id="the same day"
        ),
        pytest.param(
            "can we do Friday instead", RequestedTime(date(2026, 11, 27)), id="its own weekday is a week later"
        ),
        pytest.param(
            "reschedule, same time next week", RequestedTime(date(2026, 11, 27), at=time(14)), id="a week later"
        ),
        pytest.param("postpone by one week please", RequestedTime(date(2026, 11, 27)), id="by a week"),
        pytest.param("could you bring it forward a day", RequestedTime(date(2026, 11, 19)), id="a day earlier"),
        pytest.param("往后推一周吧", RequestedTime(date(2026, 11, 27)), id="by a week in Chinese"),
        pytest.param(
            "swap my friday appt for next wednesday",
            RequestedTime(date(2026, 11, 25)),
            id="what is given up is not wished",
        ),
        pytest.param("Monday or Tuesday would be better", RequestedTime(), id="two days are none"),
        pytest.param("sometime next week please, need to reschedule", RequestedTime(), id="a week is no day"),
        pytest.param("need to reschedule", RequestedTime(), id="no time said"),
    ],
)
def test_a_wish(text: str, wish: RequestedTime) -> None:
    """Day, part of the day and hour as far as they were said; of two days none is chosen."""
    assert wished(text) == wish


@pytest.mark.parametrize(
    ("today", "said", "day"),
    [
        pytest.param("2026-12-31", "tomorrow", "2027-01-01", id="over the new year"),
        pytest.param("2026-01-31", "the 30th", "2026-03-30", id="February has none"),
        pytest.param("2028-02-28", "tomorrow", "2028-02-29", id="a leap day"),
        pytest.param("2026-11-22", "next Monday", "2026-11-23", id="on a Sunday next week is tomorrow"),
        pytest.param("2026-11-23", "Monday", "2026-11-30", id="on a Monday not today"),
    ],
)
def test_a_day_is_counted_from_the_client_s_today(today: str, said: str, day: str) -> None:
    """Also over the end of a month, a leap day and the new year."""
    found = wished(f"please move it to {said}", today=date.fromisoformat(today), starts=STARTS.replace(year=2029))
    assert found == RequestedTime(day=date.fromisoformat(day))


@pytest.mark.parametrize("text", ["move it to the 32nd", "move it to February 30", "改到2月30日", "move it to 25:70"])
def test_what_does_not_exist_is_no_wish(text: str) -> None:
    """Nobody is offered a day or an hour that no calendar has."""
    assert read(text, asked=Asked.BOOKING, today=TODAY, starts=STARTS).wish == RequestedTime()
