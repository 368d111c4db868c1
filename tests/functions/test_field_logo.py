"""The logo of a booking page: a picture is known by its bytes, and what is none or could run is refused, nothing
changed."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

import catalog
import client_pages
from kept.business.logo import MOST
from kept.storage import catalogs
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.sample_events import PICTURE

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40 + b"\xff\xd9"
WEBP = b"RIFF" + (20).to_bytes(4, "little") + b"WEBPVP8 " + b"\x00" * 12
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _lotus() -> None:
    lotus.open_both()


def put(content: bytes | str, *, role: str = "owner", business: str = "lotus") -> Answer:
    told = content if isinstance(content, str) else base64.b64encode(content).decode()
    return ask(catalog.handler, "PUT /v1/desk/business/logo", {"content": told}, role=role, business=business)


def a_jpeg_of(size: int) -> bytes:
    return JPEG[:-2] + b"\x00" * (size - len(JPEG)) + JPEG[-2:]


def now() -> str:
    catalogs.forget()
    return str(ask(catalog.handler, "GET /v1/desk/business/logo", role="owner").body["address"])


def get(path: str) -> dict[str, Any]:
    catalogs.forget()
    answer: dict[str, Any] = client_pages.handler(an_http_event(f"GET {path}"), None)
    return answer | {"headers": {name.lower(): value for name, value in answer["headers"].items()}}


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PICTURE, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")],
    ids=["png", "jpeg", "webp"],
)
def test_a_picture_is_shown_on_the_booking_page_and_may_do_nothing_else(content: bytes, kind: str) -> None:
    address = put(content).body["address"]
    assert now() == address
    page = get("/b/lotus")
    assert f'<img src="{address}"' in page["body"]
    assert "img-src 'self'" in page["headers"]["content-security-policy"]
    shown = get(address)
    assert base64.b64decode(shown["body"]) == content
    assert (shown["headers"]["content-type"], shown["headers"]["x-content-type-options"]) == (kind, "nosniff")
    assert "sandbox" in shown["headers"]["content-security-policy"]


NONE: dict[str, tuple[Callable[[], Answer], int, str]] = {
    "an SVG with a script": (lambda: put(SVG), 422, "no_picture"),
    "an SVG without one": (lambda: put(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "no_picture"),
    "a page": (lambda: put(b"<!doctype html><p>hello"), 422, "no_picture"),
    "a GIF": (lambda: put(b"GIF89a" + b"\x00" * 20 + b";"), 422, "no_picture"),
    "a PDF": (lambda: put(b"%PDF-1.7"), 422, "no_picture"),
    "words": (lambda: put(b"logo.png"), 422, "no_picture"),
    "nothing": (lambda: put(""), 422, "invalid_request"),
    "no base64": (lambda: put("?" * 40), 422, "no_picture"),
    "letters of another script": (lambda: put("图" * 8), 422, "no_picture"),
    "a PNG that is cut off": (lambda: put(PICTURE[:-5]), 422, "no_picture"),
    "a PNG with something behind it": (lambda: put(PICTURE + b"<b>"), 422, "no_picture"),
    "a PNG with a script in it": (lambda: put(PICTURE[:40] + b"<SCRIPT>" + PICTURE[40:]), 422, "no_picture"),
    "a JPEG with a page in it": (lambda: put(JPEG[:20] + b"<html>" + JPEG[20:]), 422, "no_picture"),
    "a WebP of another length": (lambda: put(WEBP + b"\x00"), 422, "no_picture"),
    "a byte too many": (
        lambda: put(JPEG[:-2] + b"\x00" * (MOST - len(JPEG) + 1) + b"\xff\xd9"),
        413,
        "picture_too_large",
    ),
    "far too many": (lambda: put("A" * (MOST * 2)), 413, "body_too_large"),
    "by one of the staff": (lambda: put(PICTURE, role="staff"), 403, "role_required"),
    "for a business that there is not": (lambda: put(PICTURE, business="nowhere"), 404, "unknown_business"),
}


@pytest.mark.parametrize("case", NONE)
def test_what_is_refused_changes_nothing(case: str) -> None:
    wrong, status, code = NONE[case]
    put(WEBP)
    before, address = lotus.everything(), now()
    answer = wrong()
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before
    assert now() == address


def test_the_largest_that_is_taken_is_taken() -> None:
    assert put(a_jpeg_of(MOST)).status == 200


def test_another_takes_its_place_and_none_is_left_behind() -> None:
    """The address of the one before leads nowhere, and a page without a logo allows no picture."""
    first = put(PICTURE).body["address"]
    second = put(JPEG).body["address"]
    assert (get(first)["statusCode"], get(second)["statusCode"]) == (404, 200)
    assert put(JPEG).body["address"] == second
    assert ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner").body == {"address": ""}
    assert get(second)["statusCode"] == 404
    page = get("/b/lotus")
    assert "<img" not in page["body"]
    assert "img-src" not in page["headers"]["content-security-policy"]
    assert "#logo" not in json.dumps(lotus.everything())
    assert ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner").status == 200


def test_saving_settings_keeps_it_and_another_business_has_its_own() -> None:
    address = put(PICTURE).body["address"]
    settings = ask(catalog.handler, "GET /v1/desk/catalog", role="owner").body["business"]
    sent = {name: value for name, value in settings.items() if name not in ("id", "policy_version")}
    assert ask(catalog.handler, "PUT /v1/desk/business", sent | {"name": "Lotus II"}, role="owner").status == 200
    assert now() == address
    assert get(address.replace("/b/lotus/", "/b/garage/"))["statusCode"] == 404
