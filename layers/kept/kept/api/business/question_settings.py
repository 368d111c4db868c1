"""The questions of a service as their owner sets them."""

from typing import Annotated

from pydantic import Field

from kept.api.base import Body, Whole
from kept.api.booking.requests import Id
from kept.api.business.business_settings import MOST_NAMES, Names, Short
from kept.business.names import names
from kept.business.questions import AnswerChoice, AnswerRule, BookingVerdict, Question, QuestionKind


class ChoiceSettings(Body):
    """`texts` are what it is called in other languages."""

    id: Id
    text: Short
    texts: Names = Field(default_factory=dict, max_length=MOST_NAMES)

    def choice(self, at: str) -> AnswerChoice:
        return AnswerChoice(self.id, self.text, names(self.texts, f"{at}.texts"))


class AnswerRuleSettings(Body):
    """Holds for an answer that `equals` (the id of a choice, `yes`, `no`), or a number more than `over` or less than
    `under`. Only a decline has a `text` for the client, and offers another `service` or a `call`."""

    then: BookingVerdict
    equals: Short = ""
    over: Whole | None = None
    under: Whole | None = None
    text: Short = ""
    texts: Names = Field(default_factory=dict, max_length=MOST_NAMES)
    service: Short = ""
    call: bool = False

    def rule(self, at: str) -> AnswerRule:
        return AnswerRule(**(dict(self) | {"texts": names(self.texts, f"{at}.texts")}))


class QuestionSettings(Body):
    """Of its `rules` the first that holds counts, and of all questions the gravest."""

    id: Id
    text: Short
    kind: QuestionKind
    texts: Names = Field(default_factory=dict, max_length=MOST_NAMES)
    required: bool = False
    choices: Annotated[tuple[ChoiceSettings, ...], Field(max_length=20)] = ()
    rules: Annotated[tuple[AnswerRuleSettings, ...], Field(max_length=20)] = ()

    def question(self, at: str) -> Question:
        """Raises InvalidSetting."""
        told = dict(self) | {"texts": names(self.texts, f"{at}.texts")}
        told["choices"] = tuple(it.choice(f"{at}.choices.{n}") for n, it in enumerate(self.choices))
        told["rules"] = tuple(it.rule(f"{at}.rules.{n}") for n, it in enumerate(self.rules))
        return Question(**told)
