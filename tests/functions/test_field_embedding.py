"""The booking page in a site of the business: a site that it named gets the script, and nobody a client's own page."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

import catalog as settings
import client_pages
from kept import clock
from kept.pages import embedding
from kept.storage import appointments, catalogs
from tests import lotus
from tests.asking import ask
from tests.functions.plain_browser import Browser, Page
from tests.functions.test_field_pages import SAVED

SALON = "https://salon.example"
SLOT = "2026-03-02T17:30+08:00"


@pytest.fixture(autouse=True)
def _salon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    changed(embed_origins=[SALON])


@pytest.fixture
def browser() -> Browser:
    return Browser(client_pages.handler, "en")


def changed(**settings_told: Any) -> None:
    saved = ask(settings.handler, "PUT /v1/desk/business", {**SAVED, **settings_told}, role="owner")
    assert saved.status == 200, saved.body
    catalogs.forget()


def framed(address: str, site: str = SALON) -> str:
    return f"{address}{'&' if '?' in address else '?'}site={quote(site, safe='')}"


def is_framed(page: Page) -> bool:
    scripts = [attributes for tag, attributes in page.all if tag == "script" and "src" in attributes]
    allowed = "script-src 'self'" in page.headers["content-security-policy"]
    assert bool(scripts) == allowed
    return allowed


NOT_NAMED = [
    "",
    "*",
    "null",
    "https://evil.example",
    "http://salon.example",
    "https://salon.example:8443",
    "https://salon.example/",
    "https://SALON.example",
    "https://www.salon.example",
    "https://salon.example.evil.example",
    '"><script>alert(1)</script>',
    "https://salon.example; script-src *",
]


@pytest.mark.parametrize("site", NOT_NAMED)
def test_only_a_site_that_was_named_gets_the_script(browser: Browser, site: str) -> None:
    assert is_framed(browser.get(framed("/b/lotus")))
    page = browser.get(framed("/b/lotus", site))
    assert not is_framed(page)
    assert "data-site" not in page.body


def test_a_site_of_another_business_gets_none(browser: Browser) -> None:
    assert not is_framed(browser.get(framed("/b/garage")))


@pytest.mark.parametrize("path", ["/p/x", "/u/x", "/s/x", "/f/x", "/a/x", "/nowhere"])
def test_no_page_that_a_link_opens_is_framed_whatever_it_is_asked(browser: Browser, path: str) -> None:
    page = browser.get(framed(path))
    assert not is_framed(page)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_frame_stays_one_from_step_to_step_and_ends_with_what_was_booked(browser: Browser) -> None:
    """What it tells the site is the id and the instant; the page of the appointment opens beside it."""
    page = browser.get(framed("/b/lotus?service=cut&staff=mei&day=2026-03-02"))
    assert 'target="_top"' not in page.body
    form = page.form("/hold")
    fields = "&".join(f"{name}={value}" for name, value in form.fields) + f"&start={quote(SLOT)}"
    address = browser.ask(f"POST {form.action}", fields)["headers"]["Location"]
    details = browser.get(address)
    assert is_framed(details)
    assert 'target="_top"' not in details.body
    wrong = browser.press(details.form("/book"), name="", phone="")
    assert is_framed(wrong)
    booked = browser.press(details.form("/book"), name="Li Na", phone="13900000001", agrees_to=["sms"])
    (main,) = [attributes for tag, attributes in booked.all if tag == "main"]
    made = appointments.load("lotus", main["data-booked"])
    assert main["data-start"] == made.slot.starts.isoformat()
    link = booked.link("See, change or cancel")
    assert link.startswith("/a/")
    assert "site=" not in link
    (opened,) = [it for tag, it in booked.all if tag == "a" and it["href"].startswith("/a/")]
    assert (opened["target"], opened["rel"]) == ("_blank", "noopener")
    assert not is_framed(browser.get(link))
    again = browser.press(details.form("/book"), name="Li Na", phone="13900000001", agrees_to=["sms"])
    (main,) = [attributes for tag, attributes in again.all if tag == "main"]
    assert main["data-booked"] == made.id


def test_what_is_refused_in_a_frame_is_told_by_its_code(browser: Browser) -> None:
    page = browser.get(framed("/b/lotus?service=nothing"))
    assert is_framed(page)
    (main,) = [attributes for tag, attributes in page.all if tag == "main"]
    assert (page.status, main["data-failed"]) == (404, "unknown_service")


def test_without_a_frame_the_last_step_leads_on_as_ever(browser: Browser) -> None:
    changed()
    page = browser.get(framed("/b/lotus?service=cut&staff=mei&day=2026-03-02"))
    assert not is_framed(page)


def test_the_element_is_had_by_any_site_and_names_none(browser: Browser) -> None:
    answer = browser.ask("GET /embed.js")
    assert (answer["statusCode"], answer["headers"]["Access-Control-Allow-Origin"]) == (200, "*")
    assert "customElements.define" in answer["body"]
    script = browser.ask(f"GET {embedding.frame_script().address}")
    assert (script["statusCode"], "immutable" in script["headers"]["Cache-Control"]) == (200, True)


@pytest.mark.parametrize("version", ["", "?v=", "?v=0123456789abcdef", "?v=../embed"])
def test_a_script_of_another_version_is_kept_by_nobody(browser: Browser, version: str) -> None:
    script = browser.ask(f"GET /embed/frame.js{version}")
    assert (script["statusCode"], script["headers"]["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("name", ["frame", "embed.js", "..%2Fembed.js", "frame.js/x"])
def test_there_is_no_other_script(browser: Browser, name: str) -> None:
    assert browser.ask(f"GET /embed/{name}")["statusCode"] == 404


# Search engines

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def test_who_may_be_found_says_what_it_offers(browser: Browser) -> None:
    changed(phone="+862162798888", address="1 Jing'an Road")
    (found,) = DATA.findall(browser.get("/b/lotus?lang=en").body)
    told = json.loads(found)
    assert (told["@type"], told["telephone"], told["address"]) == ("LocalBusiness", "+862162798888", "1 Jing'an Road")
    assert told["potentialAction"]["target"]["urlTemplate"] == told["url"]
    assert {offer["itemOffered"]["name"] for offer in told["makesOffer"]} == {
        service.name for service in catalogs.load("lotus").services.values()
    }


@pytest.mark.parametrize("name", ['Lotus</script><script>alert("x")</script>', "Lotus <!-- & ' \"", "莲花<\u2028>"])
def test_no_name_can_end_the_data(browser: Browser, name: str) -> None:
    changed(name=name)
    (found,) = DATA.findall(browser.get("/b/lotus?lang=zh-Hans").body)
    assert "<" not in found
    assert json.loads(found)["name"] == catalogs.load("lotus").business.name


def test_who_does_not_wish_it_is_not_found(browser: Browser) -> None:
    changed(findable=False)
    page = browser.get("/b/lotus")
    assert "noindex" in page.headers["x-robots-tag"]
    assert not DATA.findall(page.body)
