"""What the browser of the front desk is given: the same for everybody, without any data, and guarded."""

import json
import re
from typing import Any

import pytest

import desk_pages
from kept import clock
from kept.pages.desk import files
from tests import lotus
from tests.asking import an_http_event

EVIL = '"><script>alert(1)</script>'
PAGES = ("/desk", "/desk/callback", "/desk/appointments/a-1")


def answered(path: str, **query: str) -> dict[str, Any]:
    answer: dict[str, Any] = desk_pages.handler(an_http_event(f"GET {path}", query=query), None)
    assert answer["statusCode"] == 200
    return answer


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    body: str = answered("/desk")["body"]
    return body


def test_every_page_is_the_same_shell_whoever_asks_and_for_whatever(shell: str) -> None:
    """Nothing of an address, which may hold the code of a sign-in, comes back in it."""
    for path in PAGES:
        assert answered(path, code=EVIL, on=EVIL)["body"] == shell


def test_the_shell_says_what_time_it_is_and_where_to_sign_in(shell: str) -> None:
    facts = dict(re.findall(r'data-([\w-]+)="([^"]*)"', shell.partition("<head>")[0]))
    assert facts == {
        "now": lotus.NOW.isoformat(),
        "sign-in": "https://kept.auth.us-east-1.amazoncognito.com",
        "client": "5h2example",
        "address": "https://kept.example",
    }


def test_the_shell_is_kept_nowhere_framed_by_nobody_and_runs_only_our_script() -> None:
    headers = answered("/desk")["headers"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' https://kept.auth.us-east-1.amazoncognito.com",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]


def test_nothing_in_the_shell_is_script_or_style_or_comes_from_elsewhere(shell: str) -> None:
    assert re.findall(r"<script[^>]*>(.*?)</script>", shell, re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", shell)
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*\b(?:src|href)="([^"]*)"', shell)
    assert loaded == [f"/desk/desk.css?{files.VERSION}", f"/desk/desk.js?{files.VERSION}"]


def test_the_words_of_every_language_go_along(shell: str) -> None:
    told = dict(re.findall(r'<template lang="([\w-]+)">(.*?)</template>', shell))
    assert {tag: json.loads(words) for tag, words in told.items()} == files.words()
    assert list(told) == ["en", "zh-Hans"]


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        pytest.param("/desk/desk.js", "text/javascript; charset=utf-8", files.SCRIPT, id="the script"),
        pytest.param("/desk/desk.css", "text/css; charset=utf-8", files.STYLE, id="the style"),
    ],
)
def test_what_has_its_version_in_its_address_is_kept_for_good(path: str, kind: str, content: str) -> None:
    answer = answered(path)
    assert answer["body"] == content
    assert answer["headers"]["Content-Type"] == kind
    assert "immutable" in answer["headers"]["Cache-Control"]


def test_the_script_makes_no_markup_of_what_people_wrote() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", files.SCRIPT)
