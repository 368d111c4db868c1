"""The refusals of the domain and the one table of their statuses."""

import re

from kept import errors
from kept.api.problems import STATUS, problem
from kept.errors import Refusal

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
]


def test_every_refusal_has_its_status() -> None:
    """And nothing else has one: a refusal that is added to the family is added to the table."""
    assert set(STATUS) == set(KINDS)
    assert all(400 <= status < 500 for status in STATUS.values())


def test_codes_tell_refusals_apart() -> None:
    """They are stable names; integrations decide by them and by nothing else."""
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_every_refusal_says_a_sentence_to_a_person() -> None:
    assert all(kind.words[0].isupper() and kind.words.endswith(".") for kind in KINDS)


def test_facts_never_stand_in_the_place_of_what_the_standard_says() -> None:
    """RFC 9457: type, title, status and detail mean what they mean for every problem."""
    for kind in KINDS:
        told = problem(kind(status="x", title="x", type="x", detail="x", code="x"))
        assert told == problem(kind())
