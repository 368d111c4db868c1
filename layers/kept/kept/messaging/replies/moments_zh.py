"""How Chinese says days and times; the characters have been made simplified and half-width before."""

import re
from datetime import time

from kept.messaging.replies.moments import Around, Moment, Rule, clock, on_date, on_weekday, rule
from kept.messaging.replies.reading import PartOfReply

DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"两": 2}
WEEKDAYS = {character: n for n, character in enumerate("一二三四五六日")} | {"天": 6}
PARTS = {
    "上午": PartOfReply.MORNING, "早上": PartOfReply.MORNING, "早晨": PartOfReply.MORNING, "清晨": PartOfReply.MORNING,
    "早": PartOfReply.MORNING,
    "下午": PartOfReply.AFTERNOON, "午后": PartOfReply.AFTERNOON,
    "晚上": PartOfReply.EVENING, "傍晚": PartOfReply.EVENING, "晚": PartOfReply.EVENING,
}  # fmt: skip
DAYS = {"今": 0, "明": 1, "后": 2, "大后": 3}

_N = r"(\d{1,2}|[一二两三四五六七八九十]{1,3})"
_MOVED = r"(?<=往后)|(?<=往前)|(?<=(?:往后|往前)[推延挪提调])|(?<=推迟)|(?<=推)|(?<=延[期后迟])|(?<=顺延)|(?<=提[前早])"
_DAY_NAME = r"([一二三四五六日天1-7])"


def number(text: str) -> int:
    """Up to 99: 十 is 10, 二十五 is 25."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def _weekday(match: re.Match[str], around: Around) -> Moment | None:
    """下周三 is that of the next calendar week, 下下周三 one later; 周三 the next to come; 上周三 is past."""
    which, name = match[1] or "", match[2]
    weekday = int(name) - 1 if name.isdigit() else WEEKDAYS[name]
    if which.startswith("上"):
        return None
    if weeks := which.count("下"):
        return on_weekday(weekday, around.today, weeks=weeks)
    moment = on_weekday(weekday, around.today)
    return Moment(day=moment.day, by_name=not which)


def _clock(match: re.Match[str], _: Around) -> Moment | None:
    """三点半 is 15:30, 3点一刻 15:15, 十点二十 10:20; 差一刻 is not said often enough to be read."""
    hour, rest = number(match[1]), match[2] or ""
    named = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
    return clock(hour, named[rest] if rest in named else number(rest.removesuffix("分")))


def _moved(match: re.Match[str], around: Around) -> Moment:
    """往后推一周, 提前一天, 晚一个小时: counted from the appointment; the verb stays, for it says what is wanted."""
    is_earlier = re.search(r"(?:往前.?|提前|提早|早)$", match.string[: match.start()])
    count = number(match[1]) * (-1 if is_earlier else 1)
    if match[2] in ("小时", "钟头"):
        return around.shifted(count)
    return around.moved(count * (1 if match[2] == "天" else 7))


def _date(match: re.Match[str], around: Around) -> Moment | None:
    return on_date(number(match[1]), number(match[2]), around.today)


RULES: tuple[Rule, ...] = (
    rule(rf"(?=[\d一二两三四五六七八九十])(?:{_MOVED}){_N}个?(天|周|星期|礼拜|小时|钟头)", _moved),
    rule(rf"(?<=[早晚]){_N}个?(天|周|星期|礼拜|小时|钟头)(?=[,，吗行可好]|$)", _moved),
    rule(r"一?个半小时", Moment(minutes=90)),
    rule(r"半个?(?:多)?(?:小时|钟头)", Moment(minutes=30)),
    rule(r"一刻钟", Moment(minutes=15)),
    rule(r"几分钟", Moment(minutes=5)),
    rule(rf"{_N}(?:[-~到至、]?{_N})?(?:来|多|几)?分钟?(?:左右)?", lambda m, _: Moment(minutes=number(m[2] or m[1]))),
    rule(rf"{_N}个?(?:多)?(?:小时|钟头)", lambda m, _: Moment(minutes=60 * number(m[1]))),
    rule(r"(大后|[今明后])[天日](早|晚)(?!点)上?", lambda m, t: Moment(t.after(DAYS[m[1]]).day, PARTS[m[2]])),
    rule(r"(大后|[今明后])[天日]", lambda m, t: t.after(DAYS[m[1]])),
    rule(r"([今明后])(早|晚)上?(?!点)", lambda m, t: Moment(t.after(DAYS[m[1]]).day, PARTS[m[2]])),
    rule(rf"((?<!一)下+个?|这个?|本|上+个?)?(?:周|星期|礼拜){_DAY_NAME}", _weekday),
    rule(rf"(?:\d{{4}}年)?{_N}月{_N}[日号]?", _date),
    rule(r"(?<!\d)(\d{1,2})/(\d{1,2})(?!\d)", _date),
    rule(rf"下个?月{_N}[日号]", lambda m, t: on_date(t.today.month % 12 + 1, number(m[1]), t.today)),
    rule(rf"{_N}[日号]", lambda m, t: on_date(None, number(m[1]), t.today)),
    rule(rf"(?:过|等)?{_N}天(?:以?后|之后|吧)", lambda m, t: t.after(number(m[1]))),
    rule(
        r"(?:这|本|下)?个?周末|月底|月初|年底|节后|(?:(?<!一)下+|过)个?(?:周|星期|礼拜|月)(?![一二三四五六日天末])",
        Moment(),
    ),
    rule(
        rf"(?<![晚早有快慢差]){_N}[点时](?![间候])(半|[一三]刻|(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})分?)?(?:钟|整|左右)*",
        _clock,
    ),
    rule(r"中午", Moment(at=time(12))),
    rule(r"(上午|早上|早晨|清晨|下午|午后|晚上|傍晚)", lambda m, _: Moment(part=PARTS[m[1]])),
    rule(r"下班(?:以?后|之后)", Moment(part=PartOfReply.EVENING)),
)
