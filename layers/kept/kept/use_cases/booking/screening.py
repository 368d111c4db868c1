"""What a client is asked before they book, and whether a person decides on it: the answers and the record, read."""

from collections.abc import Mapping
from datetime import datetime

from kept.booking.refusals import DeclinedByAnswers, WrongAnswers
from kept.business.questions import BookingVerdict, GivenAnswer, given, wrong_answers
from kept.clients.filing import Filed
from kept.clients.standing import Standing
from kept.policy.screening import Screening, screen, to_come
from kept.policy.standing import standing
from kept.use_cases.booking.open_times import AvailabilityQuery
from kept.use_cases.clients.visits import Records

BOOKED = Screening(BookingVerdict.BOOK)
"""What staff book is."""


def answered(
    question: AvailabilityQuery, answers: Mapping[str, str], *, by_client: bool, offered: bool = False
) -> tuple[GivenAnswer, ...]:
    """Staff need not ask, and are declined nothing; who takes a time that was `offered` for minutes is asked when they
    come. Raises WrongAnswers, DeclinedByAnswers."""
    questions = question.service.questions
    if wrong := wrong_answers(questions, answers, lenient=offered or not by_client):
        raise WrongAnswers(fields=[{"field": f"answers.{id}", "code": code} for id, code in sorted(wrong.items())])
    rule = screen(question.service, answers).rule if by_client else None
    if rule:
        raise DeclinedByAnswers(text=rule.text, service=rule.service, call=rule.call)
    return given(questions, answers)


def screened(
    question: AvailabilityQuery, filing: Filed, answers: Mapping[str, str], records: Records, *, now: datetime
) -> Screening:
    """By the gravest record among whoever it is filed with and those who hold what was typed: another name to a known
    number is no way round it. One query and some reads for each of them, nothing for somebody new."""
    people = {it.id: it for it in (filing.before, *filing.holders) if it}
    found = [
        (standing(visits, question.business, it.standing_set, now=now).standing, to_come(visits))
        for it in people.values()
        for visits in [records.of(it)]
    ]
    graver = max(found, key=lambda one: (one[0].gravity, one[1]), default=None)
    record, others = graver or (Standing.GOOD, 0)
    return screen(question.service, answers, record, others=others)
