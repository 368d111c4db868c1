"""Questions that a service asks while it is booked, and what follows from the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

YES, NO = "yes", "no"
MOST_QUESTIONS, MOST_CHOICES, MOST_RULES = 10, 12, 5
LONGEST_QUESTION, LONGEST_ANSWER = 200, 500
"""Letters."""
FARTHEST_NUMBER = 1_000_000


class QuestionKind(StrEnum):
    """What an answer is: one of the choices, yes or no, a whole number, or words."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"


class BookingVerdict(StrEnum):
    """What becomes of a booking: it is booked, staff are asked first, or it is declined."""

    BOOK = "book"
    ASK = "ask"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """`texts` are what it is called in other languages, by tag."""

    id: str
    text: str
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Holds for an answer that `equals` (the id of a choice, yes, no), or a number that is more than `over` or less
    than `under`. A decline says its `text` (in other languages `texts`) and may offer a `service`, or a `call`."""

    then: BookingVerdict
    equals: str = ""
    over: int | None = None
    under: int | None = None
    text: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    service: str = ""
    call: bool = False

    def holds(self, answer: str) -> bool:
        if self.equals:
            return answer == self.equals
        number = int(answer)
        return (self.over is not None and number > self.over) or (self.under is not None and number < self.under)


@dataclass(frozen=True, slots=True)
class Question:
    """Its `rules` are asked in their order, and the first that holds counts."""

    id: str
    text: str
    kind: QuestionKind
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    required: bool = False
    choices: tuple[AnswerChoice, ...] = ()
    rules: tuple[AnswerRule, ...] = ()

    def rule_for(self, answer: str) -> AnswerRule | None:
        """None for no answer as well."""
        return next((rule for rule in self.rules if answer and rule.holds(answer)), None)

    def words_for(self, answer: str) -> str:
        """A choice by its words, all else as it is."""
        return next((it.text for it in self.choices if it.id == answer), answer)

    def in_language(self, tag: str) -> "Question":
        """With its own words where there are no others."""
        return replace(
            self,
            text=self.texts.get(tag) or self.text,
            choices=tuple(replace(it, text=it.texts.get(tag) or it.text) for it in self.choices),
            rules=tuple(replace(it, text=it.texts.get(tag) or it.text) for it in self.rules),
        )


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """As it stays with the booking: `asked` and `said` in the business's own words of then, `value` as it was given."""

    question: str
    value: str
    asked: str
    said: str


class WrongAnswer(StrEnum):
    """Why an answer cannot be taken: stable codes, one for each question."""

    MISSING = "answer_missing"
    UNKNOWN = "question_unknown"
    NOT_A_CHOICE = "not_a_choice"
    NOT_YES_NO = "not_yes_or_no"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "number_out_of_range"
    TOO_LONG = "answer_too_long"


def wrong_answers(
    questions: tuple[Question, ...], answers: Mapping[str, str], *, lenient: bool = False
) -> dict[str, WrongAnswer]:
    """By question; `lenient`: none has to be answered. An empty answer is none."""
    known = {question.id: question for question in questions}
    found = {id: WrongAnswer.UNKNOWN for id in answers if id not in known}
    for id, question in known.items():
        if wrong := _wrong(question, answers.get(id, ""), lenient=lenient):
            found[id] = wrong
    return found


def _wrong(question: Question, answer: str, *, lenient: bool) -> WrongAnswer | None:
    if not answer:
        return WrongAnswer.MISSING if question.required and not lenient else None
    match question.kind:
        case QuestionKind.CHOICE:
            return None if any(it.id == answer for it in question.choices) else WrongAnswer.NOT_A_CHOICE
        case QuestionKind.YES_NO:
            return None if answer in (YES, NO) else WrongAnswer.NOT_YES_NO
        case QuestionKind.NUMBER:
            return _wrong_number(answer)
    return WrongAnswer.TOO_LONG if len(answer) > LONGEST_ANSWER else None


def _wrong_number(answer: str) -> WrongAnswer | None:
    digits = answer.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        return WrongAnswer.NOT_A_NUMBER
    is_near = len(digits) < len(str(FARTHEST_NUMBER)) + 3 and abs(int(answer)) <= FARTHEST_NUMBER
    return None if is_near else WrongAnswer.OUT_OF_RANGE


def given(questions: tuple[Question, ...], answers: Mapping[str, str]) -> tuple[GivenAnswer, ...]:
    """Of answers that can be taken those that say something, in the order of the questions."""
    said = ((question, answers.get(question.id, "")) for question in questions)
    return tuple(GivenAnswer(it.id, answer, it.text, it.words_for(answer)) for it, answer in said if answer)
