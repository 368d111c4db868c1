"""A text is shown as it would be read while it is written, in each language and over each of its channels, with the
parts of a text message counted; what would be refused is refused at its part, and nothing is saved by asking.
"""

from typing import Any

import pytest

import catalog as settings
from kept import clock
from kept.business.text_names import CALL, PLAIN_WORDS, TEXTS, TO_STAFF
from kept.language_tags import LANGUAGES
from kept.messaging.segments import segments
from tests import lotus
from tests.asking import Answer, ask
from tests.lotus import NOW


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()


def would_say(language: str, stage: str, **told: str) -> Answer:
    return ask(settings.handler, f"POST /v1/desk/texts/{language}/{stage}/preview", told, role="manager")


def channels(answer: Answer) -> list[str]:
    return [it["channel"] for it in answer.body["said"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", TEXTS)
def test_every_text_of_ours_is_shown_with_its_parts_and_names(language: str, stage: str) -> None:
    """In the business's own name; what goes to staff by e-mail alone, and a call is read aloud."""
    answer = would_say(language, stage)
    assert answer.status == 200, answer.body
    to_staff = stage in TO_STAFF
    assert channels(answer) == (["call"] if stage == CALL else ["email"] if to_staff else ["email", "sms"])
    assert all(it["text"] and "{{" not in it["text"] for it in answer.body["said"])
    assert "business" in answer.body["names"]
    assert set(answer.body["ours"]) <= {"subject", "body", "sms", "button"}
    assert answer.body["ours"].get("subject") or stage in PLAIN_WORDS
    for it in answer.body["said"]:
        if it["channel"] == "sms":
            cut = segments(it["text"])
            assert (it["parts"], it["encoding"]) == (cut.count, cut.encoding)
            assert it["parts"] <= (1 if language == "en" else 2)


@pytest.mark.parametrize(
    ("told", "channel", "expected"),
    [
        pytest.param({"subject": "Soon, {{ client }}"}, "email", "Soon, Anna Berg", id="a subject"),
        pytest.param({"body": "At {{ business }}."}, "email", "At Lotus.", id="a body with the business's name"),
        pytest.param({"sms": "Soon: {{ link }}"}, "sms", "Soon: https://", id="a text message"),
        pytest.param({"sms": "💇 {{ link }}"}, "sms", "💇", id="with a picture in it"),
        pytest.param({"body": "<b>{{ client }}</b>"}, "email", "<b>Anna Berg</b>", id="what looks like markup"),
    ],
)
def test_what_is_written_is_said(told: dict[str, str], channel: str, expected: str) -> None:
    answer = would_say("en", "two_days", **told)
    assert answer.status == 200, answer.body
    (said,) = [it for it in answer.body["said"] if it["channel"] == channel]
    assert expected in said["subject"] + said["text"]


@pytest.mark.parametrize("letters", ["a", "é", "€", "中", "🙂"])
@pytest.mark.parametrize("many", [1, 40, 100, 250])
def test_the_parts_that_it_costs_are_counted(letters: str, many: int) -> None:
    """Counted again by hand: a sign of the plain alphabet, two for the euro; half an alphabet for any other."""
    answer = would_say("en", "two_days", sms=f"{letters * many} {{{{ link }}}}")
    (said,) = [it for it in answer.body["said"] if it["channel"] == "sms"]
    units = len(said["text"].encode("utf-16-be")) // 2 + said["text"].count("€")
    alone, joined = (160, 153) if letters in "aé€" else (70, 67)
    assert said["text"].count(letters) >= many
    assert said["parts"] in ({1} if units <= alone else {-(-units // joined), -(-units // (joined - 1))})
    assert said["encoding"] == ("GSM-7" if letters in "aé€" else "UCS-2")


WRONG: list[Any] = [
    pytest.param("en", "two_days", {"body": "Dear {{ nobody }}"}, "body", id="a name that there is not"),
    pytest.param("en", "two_days", {"sms": "Soon."}, "sms", id="without the link"),
    pytest.param("en", "two_days", {"subject": "{{ client"}, "subject", id="a brace that stays open"),
    pytest.param("en", "two_days", {"body": "{% for a in client %}x{% endfor %}"}, "body", id="a loop"),
    pytest.param("en", "two_days", {"body": "{{ client.__class__ }}"}, "body", id="behind a name"),
    pytest.param("en", "two_days", {"button": "{% if prepare %}{% endif %}"}, "button", id="it may be empty"),
    pytest.param("en", "day_list", {"sms": "{{ link }}"}, "sms", id="no part of what goes to staff"),
    pytest.param("en", "said_stop", {"body": "Stay!"}, "body", id="the last word to a number"),
    pytest.param("en", "no_such_stage", {"body": "Hi"}, "stage", id="no such text"),
    pytest.param("en", "no_such_stage", {}, "stage", id="no such text of ours"),
    pytest.param("fr", "two_days", {"body": "Salut"}, "language", id="no language of ours"),
]


@pytest.mark.parametrize(("language", "stage", "told", "field"), WRONG)
def test_a_mistake_is_said_at_its_part_and_mended_it_is_shown(
    language: str, stage: str, told: dict[str, str], field: str
) -> None:
    before = lotus.everything()
    answer = would_say(language, stage, **told)
    assert (answer.status, answer.body["field"]) == (422, field)
    assert lotus.everything() == before


def test_only_whoever_leads_may_ask() -> None:
    assert ask(settings.handler, "POST /v1/desk/texts/en/two_days/preview", {}, role="staff").status == 403
