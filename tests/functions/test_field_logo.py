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
from kept.storage import catalogs, logos, transaction
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


def test_another_takes_its_place_and_the_address_of_the_one_before_leads_nowhere() -> None:
    """And a page without a logo allows no picture."""
    first = put(PICTURE).body["address"]
    second = put(JPEG).body["address"]
    assert (get(first)["statusCode"], get(second)["statusCode"]) == (404, 200)
    assert put(JPEG).body["address"] == second
    assert ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner").body == {"address": ""}
    assert get(second)["statusCode"] == 404
    page = get("/b/lotus")
    assert "<img" not in page["body"]
    assert "img-src" not in page["headers"]["content-security-policy"]
    assert ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner").status == 200


def lines() -> list[Any]:
    found = ask(catalog.handler, "GET /v1/desk/settings-history", role="owner", query={"kind": "logo"})
    assert found.status == 200, found.body
    return list(found.body["changes"])


def put_back(name: object, *, role: str = "owner", business: str = "lotus") -> Answer:
    route = "POST /v1/desk/business/logo/put-back"
    return ask(catalog.handler, route, {"name": name}, role=role, business=business)


def test_each_change_of_it_is_kept_once_with_who_and_put_back() -> None:
    """What is shown already leaves no line; the picture before is shown again under its address."""
    first = put(PICTURE).body["address"]
    put(PICTURE)
    put(JPEG)
    ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner")
    ask(catalog.handler, "DELETE /v1/desk/business/logo", role="owner")
    gone, other, made = lines()
    assert (made["was"], made["now"]["name"], made["by"], made["kept"]) == (None, first.rsplit("/", 1)[1], "mei", True)
    assert [(field["at"], field["was"]) for field in other["changed"]] == [("name", made["now"]["name"])]
    assert (gone["was"], gone["now"], gone["kept"]) == (other["now"], None, True)
    assert put_back(other["was"]["name"]).body == {"address": first}
    assert base64.b64decode(get(first)["body"]) == PICTURE
    assert lines()[0]["now"] == made["now"]


def test_five_are_kept_and_the_oldest_goes() -> None:
    """The history says of which it is so, and what is put back is the newest again."""
    names = [put(a_jpeg_of(100 + n)).body["address"].rsplit("/", 1)[1] for n in range(6)]
    assert put_back(names[0]).code == "unknown_picture"
    assert put_back(names[1]).status == 200
    put(PICTURE)
    assert put_back(names[2]).code == "unknown_picture"
    assert put_back(names[1]).status == 200
    assert [it["kept"] for it in lines() if it["was"] and it["was"]["name"] in (names[0], names[2])] == [False, False]
    stored = json.dumps(lotus.everything())
    assert stored.count("lotus#logo") == 6


NOT_PUT_BACK: dict[str, tuple[Callable[[], Answer], int, str]] = {
    "one that never was": (lambda: put_back("0123456789abcdef.png"), 404, "unknown_picture"),
    "the list of them": (lambda: put_back("had"), 422, "invalid_request"),
    "a path": (lambda: put_back("../0123456789abcdef.png"), 422, "invalid_request"),
    "another kind": (lambda: put_back("0123456789abcdef.svg"), 422, "invalid_request"),
    "in capitals": (lambda: put_back("0123456789ABCDEF.png"), 422, "invalid_request"),
    "with a line behind it": (lambda: put_back("0123456789abcdef.png\n"), 422, "invalid_request"),
    "nothing": (lambda: put_back(""), 422, "invalid_request"),
    "null": (lambda: put_back(None), 422, "invalid_request"),
    "a number": (lambda: put_back(7), 422, "invalid_request"),
    "very long": (lambda: put_back("a" * 5000 + ".png"), 422, "invalid_request"),
    "by one of the staff": (lambda: put_back(kept_name(), role="staff"), 403, "role_required"),
    "another business's": (lambda: put_back(kept_name(), business="garage"), 404, "unknown_picture"),
}


def kept_name() -> str:
    return str(lines()[0]["was"]["name"])


@pytest.mark.parametrize("case", NOT_PUT_BACK)
def test_what_cannot_be_put_back_changes_nothing(case: str) -> None:
    put(PICTURE)
    put(WEBP)
    wrong, status, code = NOT_PUT_BACK[case]
    before = lotus.everything()
    answer = wrong()
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


def test_of_two_who_set_one_at_once_the_later_stands_and_both_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else sets theirs between the reading and the writing."""
    put(PICTURE)
    together = transaction.together

    def overtaken() -> Any:
        monkeypatch.setattr(logos, "together", together)
        assert put(WEBP).status == 200
        return together()

    monkeypatch.setattr(logos, "together", overtaken)
    address = put(JPEG).body["address"]
    assert now() == address
    assert {(it["was"] or {}).get("name", "")[-4:] for it in lines()} == {"webp", ".png", ""}


def test_saving_settings_keeps_it_and_another_business_has_its_own() -> None:
    address = put(PICTURE).body["address"]
    settings = ask(catalog.handler, "GET /v1/desk/catalog", role="owner").body["business"]
    sent = {name: value for name, value in settings.items() if name not in ("id", "policy_version")}
    assert ask(catalog.handler, "PUT /v1/desk/business", sent | {"name": "Lotus II"}, role="owner").status == 200
    assert now() == address
    assert get(address.replace("/b/lotus/", "/b/garage/"))["statusCode"] == 404
