"""The refusals of every area: their families, their codes, and their sentences in each language."""

import re

import pytest

from kept import errors
from kept.api.problems import catalogue, problem
from kept.errors import Refusal

KINDS = list(catalogue().values())
FAMILIES = [kind for kind in Refusal.__subclasses__() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.code))
def test_every_refusal_is_of_one_family_and_has_its_status(kind: type[Refusal]) -> None:
    """A refusal never gives a status of its own: its family does, so that adding one is done in one place."""
    assert len([family for family in FAMILIES if issubclass(kind, family)]) == 1
    assert "status" not in vars(kind)
    assert 400 <= kind.status < 500


def test_no_family_is_empty_and_none_is_raised_itself() -> None:
    assert all(any(issubclass(kind, family) for kind in KINDS) for family in FAMILIES)
    assert not any(hasattr(family, "code") for family in FAMILIES)


def test_every_refusal_stands_with_its_area() -> None:
    """In its `refusals.py`, or, where every area may say it, beside the families."""
    assert {kind.__module__.rpartition(".")[2] for kind in KINDS} == {"refusals", "errors"}


def test_codes_tell_refusals_apart() -> None:
    """They are stable names; integrations decide by them and by nothing else."""
    codes = [kind.code for kind in _all(Refusal) if "code" in vars(kind)]
    assert sorted(codes) == sorted(catalogue())
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_every_refusal_says_a_sentence_to_a_person() -> None:
    assert all(kind.words[0].isupper() and kind.words.endswith(".") for kind in KINDS)


def test_every_refusal_says_one_in_chinese_too() -> None:
    assert all(re.search("[\u4e00-\u9fff]", kind.words_zh) and kind.words_zh.endswith("。") for kind in KINDS)
    assert len({kind.words_zh for kind in KINDS}) == len(KINDS)


def test_facts_never_stand_in_the_place_of_what_the_standard_says() -> None:
    """RFC 9457: type, title, status and detail mean what they mean for every problem."""
    for kind in KINDS:
        told = problem(kind(status="x", title="x", type="x", detail="x", code="x"))
        assert told == problem(kind())


def _all(family: type[Refusal]) -> list[type[Refusal]]:
    return [it for kind in family.__subclasses__() for it in (kind, *_all(kind))]
