"""One made-up matter for every text: what the words of a business are tried on before they are saved, and what shows
how a text reads.

The first of each is an ordinary one; the others are those that a text is easily wrong for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.states import Status
from kept.booking.whose_time import Clocks
from kept.business.catalog import Mode, Money
from kept.business.text_names import (
    CALL,
    DAY_END,
    DAY_LIST,
    DIGEST,
    FLOODED,
    GREETINGS,
    NOTICES,
    OF_WAITLIST,
    PLAIN_WORDS,
    TIME_GONE,
    TRIAL,
    TURN_NEAR,
    WEBHOOK_OFF,
    WEEK_FIGURES,
)
from kept.channels import Channel
from kept.messaging.digest import Digest, Owed
from kept.messaging.letter import DayList, Greeting, Letter, StaffNotice, VisitOfDay
from kept.messaging.text_context import TextContext
from kept.messaging.to_tell import ACTS, KINDS, ToTell
from kept.messaging.week_figures import FigureLine, Measure, WeekFigures

SIGNED = "k1.garage.c_mfrggzdfmztwq2lk.69b5d0c0.AbCdEfGhIjKlMnOpQrStUv"
PAGE = "https://book.example.com"
SHORT, SHORT_WAY_OUT = f"{PAGE}/k/mfrggzdfmztw", f"{PAGE}/k/nbswy3dpfqqh"
"""As they stand in text messages."""
VIDEO = "https://video.example.com/r/7"
TWO_O_CLOCK = datetime(2026, 3, 14, 14, 0)  # noqa: DTZ001  # in the zone of each business
ZONES = {"zh-Hans": ("Asia/Shanghai", "Asia/Tokyo")}
NEW_YORK = ("America/New_York", "Europe/London")
"""Of the business, and of a client elsewhere."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "client": "Anna Berg",
        "business": "Miller's Garage",
        "address": "12 Elm Street, Albany",
        "phone": "+1 518 555 0100",
        "service": "Oil change",
        "staff": "Joe Miller",
        "colleague": "Sam Reed",
        "room": "Lift 2",
        "prepare": "Please bring the key.",
        "policy": "Please tell us a day ahead if you cannot come.",
        "step": "bring_flowers",
        "said": "Could somebody call me about the bill?",
    },
    "zh-Hans": {
        "client": "王芳",
        "business": "花样年华",
        "address": "静安区南京西路1号",
        "phone": "021 6279 8888",
        "service": "剪发",
        "staff": "梅姐",
        "colleague": "小军",
        "room": "2号椅",
        "prepare": "请提前十分钟到店",
        "policy": "如不能来，请提前一天告诉我们。",
        "step": "送花",
        "said": "账单的事请给我回个电话",
    },
}
"""A language without words here is tried on English names."""

DEPOSITS: dict[str, tuple[tuple[str, bool], ...]] = {
    "confirmation": (("held", False),),
    "cancelled": (("lost", False), ("lost", True), ("back", False)),
    "missed_you": (("lost", False), ("lost", True)),
    "declined": (("unpaid", False),),
    "rescheduled": (("due", False),),
}
"""How a deposit may stand where a text speaks of it, and whether it costs something beyond one that is lost."""


def samples(text: str, language: str) -> tuple[TextContext, ...]:
    """Every kind that this text can be asked to speak of; a stage that a business adds is about a booking."""
    if text in (*GREETINGS, *PLAIN_WORDS):
        return _greetings(text, language)
    if text == DAY_END:
        return tuple(replace(it, link=f"{PAGE}/desk?on=2026-03-14&end=joe") for it in _day_lists(language))
    if text == WEEK_FIGURES:
        return _weeks(language)
    if text in (DAY_LIST, FLOODED, WEBHOOK_OFF, TRIAL):
        return _day_lists(language)
    if text == DIGEST:
        return _digests(language)
    if text in NOTICES:
        return _notices(text, language)
    return _letters(text, language)


def _letters(text: str, language: str) -> tuple[TextContext, ...]:
    usual = _letter(language, asks=text != "confirmed")
    if text == "asked_for":
        usual = replace(usual, answer_by=usual.starts - timedelta(days=2))
    if text == "deposit_asked":
        usual = _standing(usual, "due", costs=False)
    if text in ("move_options", "cancelled", "declined", CALL):
        usual = replace(usual, offered=tuple(usual.starts + timedelta(days=n, hours=n) for n in (1, 2, 4)))
    if text == "cancelled":
        usual = replace(usual, urgent=True)
    if text in ("made_good", "nobodys_fault"):
        usual = replace(usual, waited=35, credit=_deposit(language) if text == "made_good" else None)
    if text == "running_late":
        usual = replace(usual, delay=20, about=usual.starts + timedelta(minutes=20))
    if text in ("waits", CALL):
        usual = replace(usual, waits_until=usual.starts + timedelta(minutes=20))
    return (
        usual,
        replace(usual, asks=False, keys=False),
        _by(Mode.VIDEO, usual, where=VIDEO),
        _by(Mode.PHONE, usual),
        replace(_elsewhere(usual), policy=_words(language)["policy"]),
        _elsewhere(_by(Mode.VIDEO, usual, where=VIDEO)),
        replace(_bare(usual), staff="", room="", phone="", address=""),
        *([replace(usual, restart="+12025550100")] if text == "confirmation" else []),
        *(_standing(usual, it, costs=costs) for it, costs in DEPOSITS.get(text, ())),
    )


def _bare(usual: Letter) -> Letter:
    """With nothing that a visit may be without."""
    less = replace(usual, where="", prepare="", waits_until=None, offered=())
    return replace(less, credit=None, delay=0, about=None)


def _deposit(language: str) -> Money:
    return Money(5_000, "USD" if language == "en" else "CNY")


def _standing(usual: Letter, deposit_is: str, *, costs: bool) -> Letter:
    deposit = _deposit(usual.locale)
    until = usual.starts - timedelta(days=2) if deposit_is == "due" else None
    cost = deposit if costs else None
    return replace(
        usual, deposit=deposit, deposit_is=deposit_is, cost=cost, pay_until=until, asks=usual.asks and not until
    )


def _letter(language: str, *, asks: bool) -> Letter:
    words, starts = _words(language), _starts(language)
    return Letter(
        locale=language,
        client=words["client"],
        business=words["business"],
        address=words["address"],
        phone=words["phone"],
        service=words["service"],
        staff=words["staff"],
        starts=starts,
        ends=starts + timedelta(hours=1),
        elsewhere=False,
        clocks=Clocks(Mode.IN_PERSON, *[ZoneInfo(ZONES.get(language, NEW_YORK)[0])] * 2),
        mode=Mode.IN_PERSON,
        where=words["address"],
        room=words["room"],
        prepare=words["prepare"],
        asks=asks,
        policy="",
        free_hours=48,
        link=SHORT,
        rebook=f"{PAGE}/b/garage?service=oil",
        preferences=f"{PAGE}/p/p.{SIGNED}",
        keys=True,
        waits_until=None,
        offered=(),
    )


def _greetings(text: str, language: str) -> tuple[TextContext, ...]:
    words, invites = _words(language), text in ("recall", *OF_WAITLIST, TURN_NEAR)
    usual = Greeting(
        locale=language,
        client=words["client"],
        business=words["business"],
        address=words["address"],
        phone=words["phone"],
        service=words["service"] if invites else "",
        link=f"{PAGE}/b/garage?service=oil" if invites else SHORT,
        preferences=f"{PAGE}/p/p.{SIGNED}",
        unsubscribe=SHORT_WAY_OUT if text == "recall" else "",
        keys=True,
    )
    if text in (*OF_WAITLIST, TURN_NEAR):
        return _waiting(text, usual, language)
    return usual, replace(usual, service="", phone="", address="", keys=False)


def _waiting(text: str, usual: Greeting, language: str) -> tuple[Greeting, ...]:
    """By the place's clock, and by the client's where another is theirs."""
    words, starts = _words(language), _starts(language)
    here = Clocks(Mode.IN_PERSON, ZoneInfo(str(starts.tzinfo)), ZoneInfo(str(starts.tzinfo)))
    told = replace(
        usual,
        link=f"{PAGE}/k/Ab3dE6gH",
        starts=starts,
        until=starts - timedelta(hours=3),
        staff=words["staff"],
        clocks=here,
        book=f"{PAGE}/b/garage?service=oil",
    )
    away = replace(here, client=ZoneInfo("America/New_York"))
    if text == TIME_GONE:
        told = replace(told, others=tuple(starts + timedelta(days=n, hours=n) for n in (1, 2, 4)))
        return told, replace(told, others=()), replace(told, staff="", phone="", address="", keys=False, clocks=away)
    gap = replace(told, gap=True)
    return told, gap, replace(told, staff="", phone="", address="", keys=False, clocks=away)


def _day_lists(language: str) -> tuple[DayList, ...]:
    words = _words(language)
    first = _starts(language)
    visits = tuple(
        VisitOfDay(first + timedelta(hours=hour), words["client"], words["service"], status, at_risk=hour == 2)
        for hour, status in enumerate((Status.CONFIRMED, Status.BOOKED, Status.BOOKED))
    )
    usual = DayList(language, words["business"], words["staff"], first.date(), visits)
    return usual, replace(usual, visits=visits[:1]), replace(usual, reader=words["business"], whose=words["staff"])


def _weeks(language: str) -> tuple[WeekFigures, ...]:
    words, last, currency = _words(language), _starts(language).date(), "CNY" if language == "zh-Hans" else "USD"
    lines = (
        FigureLine("booked", Measure.COUNT, 88, 0, before=80),
        FigureLine("came", Measure.SHARE, 71, 80, points=3.2),
        FigureLine("cancelled_late", Measure.SHARE, 8, 88, points=-1.4),
        FigureLine("fill", Measure.HOURS, 4_260, 6_000, points=0.2),
        FigureLine("revenue", Measure.MONEY, 852_000, 0, before=420_000),
    )
    link = f"{PAGE}/desk/figures?from={last - timedelta(days=6)}&to={last}"
    usual = WeekFigures(
        language, words["business"], words["business"], currency, last - timedelta(days=6), last, lines, link
    )
    few = replace(lines[1], part=3, whole=4, points=None, few=4)
    return usual, replace(usual, lines=(lines[0], few, replace(lines[2], part=0, whole=0, points=None)))


def _notices(text: str, language: str) -> tuple[TextContext, ...]:
    words = _words(language)
    visit = _starts(language)
    of_a_follow_up = text.startswith("follow_up")
    usual = StaffNotice(
        locale=language,
        business=words["business"],
        reader=words["staff"],
        client=words["client"],
        cause="no_show" if of_a_follow_up else "",
        service=words["service"],
        staff="",
        visit=visit,
        due=visit + timedelta(days=1) if of_a_follow_up else None,
        clock="first_response" if of_a_follow_up else "",
        step="",
        percent=50 if text == "follow_up_reminder" else None,
        assignee=words["colleague"] if text == "follow_up_escalated" else "",
        late=False,
        words=words["said"] if of_a_follow_up else "",
        reach="+15185550123" if of_a_follow_up else "",
        link=f"{PAGE}/desk/follow-ups/f-1" if of_a_follow_up else "",
    )
    if not of_a_follow_up:
        return usual, replace(usual, staff=words["colleague"])
    return (
        usual,
        replace(usual, service="", visit=None, clock="next_response", percent=None),
        replace(usual, clock="step", step="call", percent=None, assignee=""),
        replace(usual, clock="step", step=words["step"], late=text == "follow_up_reminder", percent=None),
        replace(usual, clock="", due=None, percent=None),
        *(replace(usual, cause="not_told", step="call", to_tell=told) for told in _to_tell(language)),
    )


def _to_tell(language: str) -> tuple[ToTell, ...]:
    """Each act once, each kind of reason once."""
    words, at = _words(language), _starts(language)
    channels, acts = tuple(Channel), sorted(ACTS)
    return tuple(
        ToTell(
            act=acts[n % len(acts)],
            by=words["colleague"],
            at=at,
            before=at,
            person=words["staff"],
            barrier=kind,
            channel=channels[n % len(channels)],
            reach=words["phone"],
        )
        for n, kind in enumerate(sorted(KINDS))
    )


def _digests(language: str) -> tuple[TextContext, ...]:
    words, due = _words(language), _starts(language)
    lines = (
        Owed(
            words["client"], "first_response", "", due, "", words["said"], "+15185550123", f"{PAGE}/desk/follow-ups/f-1"
        ),
        Owed(words["client"], "next_response", "", due + timedelta(hours=1), words["colleague"]),
        Owed(words["client"], "step", words["step"], due + timedelta(hours=2), ""),
    )
    usual = Digest(language, words["business"], words["staff"], lines, 0)
    return usual, replace(usual, more=12), replace(usual, lines=lines[:1])


def _starts(language: str) -> datetime:
    return TWO_O_CLOCK.replace(tzinfo=ZoneInfo(ZONES.get(language, NEW_YORK)[0]))


def _words(language: str) -> Mapping[str, str]:
    return WORDS.get(language, WORDS["en"])


def _elsewhere(letter: Letter) -> Letter:
    """The same for a client in another zone."""
    clocks = replace(letter.clocks, client=ZoneInfo(ZONES.get(letter.locale, NEW_YORK)[1]))
    return replace(
        letter,
        elsewhere=True,
        clocks=clocks,
        starts=clocks.local(letter.starts),
        ends=clocks.local(letter.ends),
        waits_until=letter.waits_until and clocks.local(letter.waits_until),
        offered=tuple(map(clocks.local, letter.offered)),
    )


def _by(mode: Mode, letter: Letter, where: str = "") -> Letter:
    return replace(letter, mode=mode, where=where, room="", clocks=replace(letter.clocks, mode=mode))
