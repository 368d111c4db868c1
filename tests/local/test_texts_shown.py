"""The console's page of all texts, without a stack: it needs none."""

import html
import re

import pytest

from infra.local import pages, texts
from kept.business.text_names import CALL, PLAIN_WORDS, TEXTS, TO_CLIENTS
from kept.messaging.words import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_shown_in_every_language_as_mail_and_as_text_message(language: str) -> None:
    said = texts.say_all(language)
    page = pages.texts(said)
    assert [text["name"] for text in said["texts"]] == list(TEXTS)
    no_mails = (CALL, *PLAIN_WORDS)
    assert page.count("<iframe") == len(TEXTS) - len(no_mails), "what is said on the telephone is no e-mail"
    for text in said["texts"]:
        assert f'id="{text["name"]}"' in page
        assert html.escape(text["subject"], quote=False).replace("'", "&#39;") in page
        assert (len(text["conversations"]) > 1) is (text["name"] in (*TO_CLIENTS, *no_mails))
    assert all(f"language={other}" in page for other in LANGUAGES)


def test_a_mail_is_shown_in_a_frame_that_can_do_nothing() -> None:
    page = pages.texts(texts.say_all("en"))
    frames = re.findall(r"<iframe [^>]*>", page)
    assert all(re.search(r" sandbox (?!=)", frame) for frame in frames)
    assert all(html.unescape(frame.partition('srcdoc="')[2]).startswith("<!doctype html>") for frame in frames)


def test_how_many_parts_a_text_message_takes_is_told() -> None:
    page = pages.texts(texts.say_all("zh-Hans"))
    assert re.search(r"\d+ letters, 2 parts of UCS-2", page)


def test_a_language_that_is_not_there_is_the_first() -> None:
    assert texts.say_all("fr")["language"] == LANGUAGES[0]


def test_the_console_says_them_in_a_process_that_has_the_product_s_packages() -> None:
    """Its own has not; and a text that was edited is said as it is now."""
    assert texts.in_language("zh-Hans")["texts"] == texts.say_all("zh-Hans")["texts"]
