"""How English says days and times; the words have been spelt out, in lower case, before."""

import re
from datetime import time, timedelta

from kept.messaging.replies.moments import Around, Moment, Rule, clock, on_date, on_weekday, rule
from kept.messaging.replies.reading import PartOfReply

NUMBERS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {"a": 1, "an": 1, "couple of": 2, "few": 5, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = {
    "morning": PartOfReply.MORNING,
    "afternoon": PartOfReply.AFTERNOON,
    "evening": PartOfReply.EVENING,
    "night": PartOfReply.EVENING,
}
MINUTE_WORDS = {"quarter": 15, "thirty": 30, "fifteen": 15, "half": 30, "forty five": 45}

_B, _E = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur|urs)?(?:day)?"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
_HOUR = r"(1[0-2]|0?[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_COUNT = r"(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|fifty|an?)"
_HALF = r" ?(?:([ap])\.?m\.?)"
_BEFORE_HOUR = (
    r"(?:(?:at|around|about|after|before|say|like|past|@|~) ?"
    r"|(?<=do )|(?<=make it )|(?<=to )|(?<=from )|(?<=for )|(?<=by )|(?<=until )|(?<=till )"
    r"|(?<=instead of )|(?<=rather than ))"
)
_MOVES = r"(?<=by )|(?<=back )|(?<=forward )|(?<=push )|(?<=delay )"
_NAMED_MONTH = r"(?:january|february|april|june|july|august|september|october|november|december)"
_NO_UNIT = r"(?! ?(?:minute|hour|day|week|month|year|people|person|of us|st|nd|rd|th|%|/|-\d|\.\d|:\d|am\b|pm\b))" + _E


def number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _weekday(match: re.Match[str], around: Around) -> Moment:
    """Next Friday is that of the next calendar week, this Friday that of this one; Friday week is a week after it."""
    before, name, after = match[1] or "", match[2], match[3] or ""
    weekday = WEEKDAYS.index(name)
    if "next" in before or "following" in before or "next week" in after:
        return on_weekday(weekday, around.today, weeks=1)
    nearest = on_weekday(weekday, around.today)
    if after.strip() == "week" and nearest.day:
        return Moment(day=nearest.day + timedelta(7))
    return Moment(day=nearest.day, by_name="this" not in before)


def _in_the_week_to_come(match: re.Match[str], around: Around) -> Moment:
    return Moment(on_weekday(WEEKDAYS.index(match[1]), around.today, weeks=1).day, PARTS[match[2]])


def _numeric(match: re.Match[str], around: Around) -> Moment | None:
    """20/11 and 11/20 can be told apart, 10/11 cannot: the one that is nearer is meant."""
    one, two = int(match[1]), int(match[2])
    days = [on_date(month, day, around.today) for month, day in ((one, two), (two, one)) if 1 <= month <= 12]
    return min((m for m in days if m and m.day), key=lambda m: m.day or around.today, default=None)


def _relative(match: re.Match[str], around: Around) -> Moment:
    count = number(match[1])
    return around.after(count * 7 if match[2] == "week" else count)


def _a_week_later(_: re.Match[str], around: Around) -> Moment:
    return Moment(day=around.moved(7).day, at=around.starts.time())


def _moved(match: re.Match[str], around: Around) -> Moment:
    """A week later, forward a day: counted from the appointment."""
    count = number(match[1]) * (-1 if match[3] == "earlier" or "forward " in match.string[: match.start()] else 1)
    return around.shifted(count) if match[2] == "hour" else around.moved(count * (7 if match[2] == "week" else 1))


def _clock(hour: str, minute: str | None = None, half: str | None = None) -> Moment | None:
    return clock(number(hour), int(minute or 0), half or "")


def _quarter(match: re.Match[str], _: Around) -> Moment | None:
    """Quarter to four is 15:45; half four is half past four."""
    minute, way, hour = match[1], match[2] or "", number(match[3])
    if way.strip() in ("to", "of", "til", "before"):
        moment = clock(hour, 0, match[4] or "")
        at = moment.at if moment else None
        return Moment(at=time((at.hour - 1) % 24, 60 - MINUTE_WORDS[minute])) if at else None
    return clock(hour, MINUTE_WORDS[minute], match[4] or "")


def _minutes(match: re.Match[str], _: Around) -> Moment:
    """Of 10 to 15 minutes the longer."""
    return Moment(minutes=number(match[2] or match[1]))


RULES: tuple[Rule, ...] = (
    rule(rf"(?:{_MOVES}){_COUNT} (day|week|hour)s?(?: (earlier|later))?{_E}", _moved),
    rule(rf"{_B}{_COUNT} (day|week|hour)s? (earlier|later){_E}", _moved),
    rule(rf"{_B}(?:half an hour|half hour|1/2 hour|thirty minutes){_E}", Moment(minutes=30)),
    rule(rf"{_B}quarter of an hour{_E}", Moment(minutes=15)),
    rule(rf"{_B}an hour and a half|1\.5 hours{_E}", Moment(minutes=90)),
    rule(rf"{_B}(?:a )?(?:couple of|couple|few) (?:more )?minutes{_E}", Moment(minutes=5)),
    rule(
        rf"{_B}{_COUNT}(?: ?(?:-|–|to|or) ?(\d{{1,3}}|ten|fifteen|twenty|thirty))? ?(?:ish )?(?:more )?minutes?{_E}",
        _minutes,
    ),
    rule(rf"{_B}{_COUNT} ?hours?{_E}(?! after| before)", lambda m, _: Moment(minutes=60 * number(m[1]))),
    rule(rf"{_B}the (?:day after|next day|following day|day afterwards){_E}(?! tomorrow)", lambda _, t: t.moved(1)),
    rule(rf"{_B}the day before{_E}", lambda _, t: t.moved(-1)),
    rule(rf"{_B}(?:the )?day after tomorrow{_E}", lambda _, t: t.after(2)),
    rule(rf"{_B}tonight{_E}", lambda _, t: Moment(day=t.today, part=PartOfReply.EVENING)),
    rule(rf"{_B}tomorrow{_E}", lambda _, t: t.after(1)),
    rule(rf"{_B}today{_E}", lambda _, t: t.after(0)),
    rule(rf"{_B}same time (?:the )?(?:(?:next|following) week|week after){_E}", _a_week_later),
    rule(rf"{_B}(?:the )?same day{_E}", lambda _, t: t.moved(0)),
    rule(rf"{_B}(?:at )?(?:the )?same time{_E}", lambda _, t: t.shifted(0)),
    rule(rf"{_B}(?:in )?{_COUNT} (day|week)s?(?: from now| from today| time)?{_E}(?! ago)", _relative),
    rule(rf"{_B}{_WEEKDAY} (morning|afternoon|evening)(?: of)? next week{_E}", _in_the_week_to_come),
    rule(
        rf"{_B}(next week |next |the following |this coming |this |on )?{_WEEKDAY}((?: of)? next week| week)?{_E}",
        _weekday,
    ),
    rule(rf"{_B}\d{{4}}-(\d\d)-(\d\d){_E}", lambda m, t: on_date(int(m[1]), int(m[2]), t.today)),
    rule(
        rf"{_B}(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}{_E}",
        lambda m, t: on_date(MONTHS.index(m[2]) + 1, int(m[1]), t.today),
    ),
    rule(
        rf"{_B}{_MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?{_E}(?!:)",
        lambda m, t: on_date(MONTHS.index(m[1]) + 1, int(m[2]), t.today),
    ),
    rule(rf"{_B}(?:on )?(?:the )?(\d{{1,2}})(?:st|nd|rd|th){_E}", lambda m, t: on_date(None, int(m[1]), t.today)),
    rule(rf"{_B}(\d{{1,2}})/(\d{{1,2}})(?:/\d{{2,4}})?{_E}", _numeric),
    rule(
        rf"{_B}(?:(?:sometime )?(?:next|the following) (?:week|month)|(?:a )?week or (?:so|two)){_E}",
        Moment(),
    ),
    rule(rf"{_B}(?:this |next |the |over the |on the )*weekend{_E}", Moment()),
    rule(rf"{_B}(?:early |mid |late |end of )?{_NAMED_MONTH}{_E}(?! \d)", Moment()),
    rule(
        rf"{_B}(half|quarter|thirty|fifteen)( past| after| to| of| til| before)? {_HOUR}{_HALF}?{_E}",
        _quarter,
    ),
    rule(rf"{_B}(\d{{1,2}})[:h.](\d\d){_HALF}{_E}", lambda m, _: _clock(m[1], m[2], m[3])),
    rule(rf"{_B}(\d{{1,2}}):(\d\d){_E}", lambda m, _: _clock(m[1], m[2])),
    rule(rf"{_B}{_BEFORE_HOUR}([01]?\d|2[0-3])[.h]([0-5]\d)(?:ish)?{_E}", lambda m, _: _clock(m[1], m[2])),
    rule(rf"{_B}(1[0-2]|[1-9])([0-5]\d){_HALF}{_E}", lambda m, _: _clock(m[1], m[2], m[3])),
    rule(
        rf"{_B}{_HOUR} ?(thirty|fifteen|forty five){_HALF}?{_E}",
        lambda m, _: clock(number(m[1]), MINUTE_WORDS[m[2]], m[3] or ""),
    ),
    rule(rf"{_B}{_HOUR}{_HALF}(?: ?ish)?{_E}", lambda m, _: _clock(m[1], None, m[2])),
    rule(rf"{_B}{_HOUR} ?o ?'?clock{_E}", lambda m, _: _clock(m[1])),
    rule(rf"{_B}(?:at )?(?:noon|midday|12 noon){_E}", Moment(at=time(12))),
    rule(rf"{_B}(?:{_BEFORE_HOUR})?{_HOUR} ?ish{_E}", lambda m, _: _clock(m[1])),
    rule(rf"{_B}(?:in|within) (\d{{1,2}}){_NO_UNIT}", lambda m, _: Moment(minutes=int(m[1]))),
    rule(rf"{_B}(\d{{1,2}}) (?=late{_E})", lambda m, _: Moment(minutes=int(m[1]))),
    rule(rf"(?<=late by )(\d{{1,2}}){_E}", lambda m, _: Moment(minutes=int(m[1]))),
    rule(rf"{_B}{_BEFORE_HOUR}{_HOUR}{_NO_UNIT}", lambda m, _: _clock(m[1])),
    rule(rf"(?<=is ){_HOUR}(?= (?:possible|ok|free|available|better|open|doable){_E})", lambda m, _: _clock(m[1])),
    rule(rf"(?<=[\ue000-\ue063]) ?{_HOUR}{_NO_UNIT}", lambda m, _: _clock(m[1])),
    rule(
        rf"{_B}(?<!good )(?:(?:first thing |later )?in the |this |the |late |early )*(morning|afternoon|evening|night)"
        rf"(?!!| all\b| team\b| guys\b| everyone\b){_E}s?",
        lambda m, _: Moment(part=PARTS[m[1]]),
    ),
    rule(rf"(?<=[\ue000-\ue063]) am{_E}", Moment(part=PartOfReply.MORNING)),
    rule(rf"(?<=[\ue000-\ue063]) pm{_E}", Moment(part=PartOfReply.AFTERNOON)),
    rule(rf"{_B}after (?:work|office hours){_E}", Moment(part=PartOfReply.EVENING)),
    rule(rf"{_B}(?:(?:after|at|around|over) lunch|lunchtime|lunch time){_E}", Moment(part=PartOfReply.AFTERNOON)),
)
