"""Whether what a client wants to book is booked, needs a person's yes, or is declined, and why: one answer for every
door."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kept.booking.appointment import Appointment
from kept.business.catalog import Service
from kept.business.questions import AnswerRule, BookingVerdict
from kept.clients.standing import Standing
from kept.reasons import Code, Reason, because

BY_STANDING = {Standing.RESTRICTED: Code.ASKS_RESTRICTED, Standing.DISMISSED: Code.ASKS_DISMISSED}
"""Towards whoever types a number both are the same: it is asked for, and only staff see why."""


@dataclass(frozen=True, slots=True)
class Screening:
    """`why` is for staff alone; of a decline `rule` is the one that says what the client is told and offered."""

    verdict: BookingVerdict
    why: tuple[Reason, ...] = ()
    rule: AnswerRule | None = None


def screen(
    service: Service, answers: Mapping[str, str], standing: Standing = Standing.GOOD, *, others: int = 0
) -> Screening:
    """The gravest of what the service, each answer and the record ask for. `others` are what the client has booked and
    not had yet, of which somebody who is restricted may have one."""
    rules = [(it, rule) for it in service.questions if (rule := it.rule_for(answers.get(it.id, "")))]
    declined = next((rule for _, rule in rules if rule.then is BookingVerdict.DECLINE), None)
    if declined:
        return Screening(BookingVerdict.DECLINE, rule=declined)
    why = [because(Code.ASKS_SERVICE)] if service.approval else []
    why += [because(Code.ASKS_ANSWER, question=it.text) for it, rule in rules if rule.then is BookingVerdict.ASK]
    if standing in BY_STANDING:
        why.append(because(BY_STANDING[standing]))
        why += [because(Code.ASKS_ANOTHER, count=others)] if others else []
    return Screening(BookingVerdict.ASK if why else BookingVerdict.BOOK, tuple(why))


def to_come(visits: Iterable[Appointment]) -> int:
    return sum(visit.is_to_come for visit in visits)
