"""Questions that make sense: few, of a stated length, with rules that an answer can meet."""

from collections.abc import Mapping
from itertools import chain

from kept.business.catalog import Catalog, Service
from kept.business.checks import must, once
from kept.business.questions import (
    FARTHEST_NUMBER,
    LONGEST_QUESTION,
    MOST_CHOICES,
    MOST_QUESTIONS,
    MOST_RULES,
    NO,
    YES,
    AnswerRule,
    BookingVerdict,
    Question,
    QuestionKind,
)
from kept.language_tags import LANGUAGES


def check_questions(service: Service, catalog: Catalog) -> None:
    """Raises InvalidSetting."""
    must(len(service.questions) <= MOST_QUESTIONS, "questions", f"At most {MOST_QUESTIONS} questions.")
    must(once(tuple(it.id for it in service.questions)), "questions", "Two questions have one id.")
    for n, question in enumerate(service.questions):
        _check_question(question, f"questions.{n}", service, catalog)


def _check_question(it: Question, at: str, service: Service, catalog: Catalog) -> None:
    _check_words(f"{at}.text", it.text, it.texts)
    asks_choice = it.kind is QuestionKind.CHOICE
    must(not asks_choice or 2 <= len(it.choices) <= MOST_CHOICES, f"{at}.choices", f"From 2 to {MOST_CHOICES} choices.")
    must(asks_choice or not it.choices, f"{at}.choices", "Only a question with choices has any.")
    must(once(tuple(choice.id for choice in it.choices)), f"{at}.choices", "Two choices have one id.")
    for n, choice in enumerate(it.choices):
        _check_words(f"{at}.choices.{n}.text", choice.text, choice.texts)
    must(len(it.rules) <= MOST_RULES, f"{at}.rules", f"At most {MOST_RULES} rules.")
    for n, rule in enumerate(it.rules):
        _check_rule(rule, it, f"{at}.rules.{n}", service, catalog)


def _check_rule(rule: AnswerRule, question: Question, at: str, service: Service, catalog: Catalog) -> None:
    must(question.kind is not QuestionKind.TEXT, at, "Words are for people to read: no rule can be met by them.")
    bounds = [it for it in (rule.over, rule.under) if it is not None]
    if question.kind is QuestionKind.NUMBER:
        must(bool(bounds) and not rule.equals, at, "A rule for a number says over or under.")
        must(all(abs(it) <= FARTHEST_NUMBER for it in bounds), at, f"A number is at most {FARTHEST_NUMBER}.")
    else:
        possible = (YES, NO) if question.kind is QuestionKind.YES_NO else tuple(it.id for it in question.choices)
        must(rule.equals in possible and not bounds, f"{at}.equals", "It names an answer that can be given.")
    declines = rule.then is BookingVerdict.DECLINE
    must(declines or not (rule.text or rule.service or rule.call), at, "Only a decline says or offers something.")
    if declines:
        _check_words(f"{at}.text", rule.text, rule.texts)
    must(not (rule.service and rule.call), f"{at}.call", "It offers a service or a call, not both.")
    is_other = not rule.service or (rule.service in catalog.services and rule.service != service.id)
    must(is_other, f"{at}.service", "There is no other service of that id.")


def _check_words(field: str, text: str, texts: Mapping[str, str]) -> None:
    must(bool(text.strip()), field, "It says something.")
    too_long = max(map(len, chain([text], texts.values()))) > LONGEST_QUESTION
    must(not too_long, field, f"At most {LONGEST_QUESTION} letters.")
    unspoken = [tag for tag in texts if tag not in LANGUAGES]
    must(not unspoken, field, f"There are texts in {', '.join(LANGUAGES)}.")
