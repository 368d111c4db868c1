"""What a text can name of its matter: words, numbers and choices, with times as the language writes them."""

from collections.abc import Mapping
from dataclasses import fields

from kept.booking.states import TENTATIVE, Status
from kept.messaging.digest import Digest, Owed
from kept.messaging.letter import DayList, Greeting, Letter, StaffNotice, VisitOfDay
from kept.messaging.week_figures import WeekFigures
from kept.messaging.words import Words
from kept.visible import one_line

TextContext = Letter | Greeting | DayList | StaffNotice | Digest | WeekFigures
Facts = list[tuple[str, str]]

HOURS, MINUTES, VISITS, FOLLOW_UPS = "hours", "minutes", "visits", "follow_ups"
"""What words.j2 can count."""


def names(matter: TextContext, words: Words) -> dict[str, object]:
    """Every field that is a word, a number or a choice, and what takes the language to say."""
    told = {f.name: getattr(matter, f.name) for f in fields(matter)}
    plain = {name: one_line(value) if isinstance(value, str) else value for name, value in told.items()}
    return {name: value for name, value in plain.items() if isinstance(value, str | int)} | _said(matter, words)


def _said(matter: TextContext, words: Words) -> dict[str, object]:
    match matter:
        case Letter():
            return {
                "when": words.when(matter),
                "place": one_line(words.place(matter)),
                "until": words.until(matter),
                "times": words.times(matter),
                "free": words.counted(matter.free_hours, HOURS),
                "late_fee": words.money(matter.late_fee),
                "missed_fee": words.money(matter.missed_fee),
                "cost": words.money(matter.cost),
                "asked": words.money(matter.deposit) if matter.deposit_is == "due" else "",
                "unpaid": words.money(matter.deposit) if matter.deposit_is == "unpaid" else "",
                "held": words.money(matter.deposit) if matter.deposit_is == "held" else "",
                "lost": words.money(matter.deposit) if matter.deposit_is == "lost" else "",
                "back": words.money(matter.deposit) if matter.deposit_is == "back" else "",
                "pay_until": words.moment(matter.pay_until) if matter.pay_until else "",
                "credit": words.money(matter.credit),
                "waited": words.counted(matter.waited, MINUTES) if matter.waited else "",
                "delay": words.counted(matter.delay, MINUTES) if matter.delay else "",
                "about": words.clock(matter.about) if matter.about else "",
                "answer_by": words.moment(matter.answer_by) if matter.answer_by else "",
            }
        case Greeting():
            return {
                "when": words.offered(matter.starts, matter),
                "until": words.open_until(matter),
                "times": words.others(matter),
            }
        case DayList():
            return {"day": words.day(matter.day), "visits": words.counted(len(matter.visits), VISITS)}
        case StaffNotice():
            return {
                "cause": words.causes[matter.cause] if matter.cause else "",
                "when": words.moment(matter.visit) if matter.visit else "",
                "due": words.moment(matter.due) if matter.due else "",
                "duty": one_line(words.duty(matter.client, matter.clock, matter.step)),
                "percent": matter.percent or "",
                "tell": one_line(words.to_tell(matter.to_tell)) if matter.to_tell else "",
                "said": one_line(words.quoted.format(words=matter.words)) if matter.words else "",
            }
        case Digest():
            return {"count": words.counted(matter.count, FOLLOW_UPS)}
        case WeekFigures():
            return {"day": words.day(matter.first), "until": words.day(matter.last)}


def facts(matter: TextContext, says: Mapping[str, object], words: Words, *, prepare: bool) -> Facts:
    """What the reader needs at a glance, by its label; what is not known is left out."""
    if isinstance(matter, DayList):
        return [(words.clock(visit.starts), _line(visit, words, ahead=not matter.link)) for visit in matter.visits]
    if isinstance(matter, Digest):
        return [fact for owed in matter.lines for fact in _facts_of(owed, words)]
    if isinstance(matter, WeekFigures):
        return [(words.figures[it.name], one_line(words.figure(it, matter.currency))) for it in matter.lines]
    named = {
        "client": says["client"] if isinstance(matter, StaffNotice) else "",
        "cause": says.get("cause"),
        "said": says.get("said"),
        "tell": says.get("tell"),
        "reach": says.get("reach"),
        "what": says["service"],
        "when": says.get("when"),
        "with": says.get("staff"),
        "where": says.get("place"),
        "prepare": says.get("prepare") if prepare else "",
        "offered": says.get("times"),
        "due": says.get("due"),
        "assignee": says.get("assignee"),
        "open": says["link"] if isinstance(matter, StaffNotice) else "",
    }
    return [(words.labels[label], one_line(str(value))) for label, value in named.items() if value]


def named(says: Mapping[str, object], link: str) -> dict[str, str]:
    """For a provider's own template, whose places all have to be filled: what is not known is empty."""
    places = {"with": "staff", "where": "place"}
    filled = ("client", "business", "service", "when", "with", "where", "prepare")
    return {name: one_line(str(says.get(places.get(name, name), ""))) for name in filled} | {"link": link}


def _facts_of(owed: Owed, words: Words) -> Facts:
    """By when, what and for whom; below it what they wrote, where to reach them, and where it is opened."""
    said = one_line(words.quoted.format(words=owed.words)) if owed.words else ""
    named = {"said": said, "reach": owed.reach, "open": owed.link}
    under = [(words.labels[label], one_line(value)) for label, value in named.items() if value]
    return [(words.moment(owed.due), _owed(owed, words)), *under]


def _owed(owed: Owed, words: Words) -> str:
    duty = words.duty(owed.client, owed.clock, owed.step)
    return one_line(words.held_by.format(duty=duty, name=owed.assignee) if owed.assignee else duty)


def _line(visit: VisitOfDay, words: Words, *, ahead: bool) -> str:
    """With what is to be feared of it, as long as it is ahead."""
    if not ahead:
        return one_line(words.between.join((visit.client, visit.service)))
    said = {Status.BOOKED: "not_confirmed", **dict.fromkeys(TENTATIVE, "not_answered")}
    marks = [words.marks[said[visit.status]]] if visit.status in said else []
    marks += [words.marks["at_risk"]] if visit.at_risk else []
    return one_line(words.between.join((visit.client, visit.service, *marks)))
