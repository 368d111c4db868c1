"""Every reason for which a setting is refused has words in Chinese with the same facts, and none is left over."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import kept
from kept.api.problems import problem
from kept.api.setting_reasons import FACT, TABLE, in_language
from kept.clients.refusals import AmbiguousPhone, InvalidEmail, InvalidPhone
from kept.errors import InvalidRequest
from kept.timekeeping.refusals import NoOpening, UnknownZone

PACKAGE = Path(kept.__file__).parent
GIVERS = {"must": 2, "BadWindow": 0, "BadTimeOff": 0, "Unsayable": 1}
"""Which of their arguments is the reason."""
OF_THE_DOOR = 6
"""Reasons that pydantic gives, and not a rule of ours."""
SAID: dict[str, str] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["zh-Hans"]


def given() -> Iterator[str]:
    for file in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and (said := _said(_reason(call))):
                yield said


def _reason(call: ast.Call) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name == "InvalidSetting":
        return next((word.value for word in call.keywords if word.arg == "reason"), None)
    at = GIVERS.get(name, 99)
    return call.args[at] if at < len(call.args) else None


def _said(node: ast.expr | None) -> str:
    """With {} for each fact; of one that is handed on, nothing."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (str(it.value) if isinstance(it, ast.Constant) else "{}" for it in node.values)
        return "".join(parts)
    return ""


def test_every_reason_has_words_and_none_is_left_over() -> None:
    reasons = set(given()) | {"It would need no room any more; say so there first."}
    assert len(reasons) > 80
    assert reasons - SAID.keys() == set()
    kinds = (UnknownZone, InvalidPhone, AmbiguousPhone, InvalidEmail, NoOpening)
    handed_on = {kind.words: kind.words_zh for kind in kinds}
    assert {words: SAID.get(words) for words in handed_on} == handed_on
    assert len(SAID.keys() - reasons - handed_on.keys()) == OF_THE_DOOR, SAID.keys() - reasons


@pytest.mark.parametrize("reason", SAID)
def test_it_is_said_with_its_facts(reason: str) -> None:
    """Whatever they hold: a brace, a dot, a line."""
    facts = iter(("[a.b]", "{x}", "c\nd"))
    english = FACT.sub(lambda _: next(facts), reason)
    chinese = in_language(english, "zh-Hans")
    assert not chinese.isascii()
    assert len(FACT.findall(SAID[reason])) == len(FACT.findall(reason))
    assert all(fact in chinese for fact, _ in zip(("[a.b]", "{x}"), FACT.findall(reason), strict=False))


def test_what_has_no_words_is_said_as_it_is() -> None:
    assert in_language("Something new.", "zh-Hans") == "Something new."
    assert in_language("It cannot be negative.", "en") == "It cannot be negative."


def test_of_several_fields_each_reason_is_in_the_language_of_who_typed_them() -> None:
    """One that has no words there stands as it was said."""
    known = "From 2 to 8 choices."
    refusal = InvalidRequest(fields=[{"field": "a", "reason": known}, {"field": "b", "reason": "Not a cursor."}])
    (first, second) = cast(list[dict[str, str]], problem(refusal, "zh-Hans")["fields"])
    assert (first["field"], second) == ("a", {"field": "b", "reason": "Not a cursor."})
    assert any("\u4e00" <= letter <= "\u9fff" for letter in first["reason"])
    assert problem(refusal, "en")["fields"] == refusal.facts["fields"]
