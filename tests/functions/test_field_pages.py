"""What the public pages say is so, and what people type leads to them.

Addresses in other letters or with more behind them, days that are closed and days that are full, numbers as people
write them, what search engines may keep, and who may frame a page.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import catalog as settings
import client_pages
import front_desk
from kept import clock
from kept.business.catalog import Catalog, Mode, Money
from kept.client_links import tokens
from kept.clients.written_number import as_written
from kept.pages.paths import canonical
from kept.storage import catalogs
from kept.timekeeping.weekly_hours import TimeOff, Window
from tests import lotus
from tests.asking import an_http_event, ask
from tests.builders import a_client, an_appointment
from tests.functions.plain_browser import Browser

SAVED: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "zh-Hans",
}
TOKEN = "m.k1.lotus.a-1.69cceca0.wImnbl56TCjtcIz32eJccQ"


@pytest.fixture(autouse=True)
def _salon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


@pytest.fixture
def browser() -> Browser:
    return Browser(client_pages.handler, "en")


# Addresses


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/b/lotus/", "/b/lotus"),
        ("/b/lotus///", "/b/lotus"),
        ("/b/Lotus", "/b/lotus"),
        ("/b/LOTUS/", "/b/lotus"),
        ("/B/lotus", "/b/lotus"),
        ("//b//lotus", "/b/lotus"),
        ("/b/lotus.", "/b/lotus"),
        ("/b/lotus).", "/b/lotus"),
        ("/b/lotus。", "/b/lotus"),
        ("/b/lotus%E3%80%82", "/b/lotus"),
        ("/b/lotus,", "/b/lotus"),
        ("/b/lotus%20", "/b/lotus"),
        ("/b/%6Cotus/", "/b/lotus"),
        ("/b/ｌｏｔｕｓ", "/b/lotus"),
        ("/b/%EF%BD%8Cotus", "/b/lotus"),
        ("/b/lotus/Book", "/b/lotus/book"),
        ("/b/Lotus/book/", "/b/lotus/book"),
        (f"/a/{TOKEN}/", f"/a/{TOKEN}"),
        (f"/A/{TOKEN}", f"/a/{TOKEN}"),
        (f"/a/{TOKEN}.", f"/a/{TOKEN}"),
        (f"/a/{TOKEN}/Cancel/", f"/a/{TOKEN}/cancel"),
        (f"/p/{TOKEN}/", f"/p/{TOKEN}"),
        (f"/U/{TOKEN}", f"/u/{TOKEN}"),
        (f"/s/{TOKEN})", f"/s/{TOKEN}"),
        (f"/F/{TOKEN}/", f"/f/{TOKEN}"),
        ("/desk/", "/desk"),
        ("/Desk", "/desk"),
        ("/desk/appointments/a-1/", "/desk/appointments/a-1"),
    ],
)
def test_what_people_type_leads_to_the_page(typed: str, page: str) -> None:
    answer = client_pages.handler(an_http_event(f"GET {typed}", query={"lang": "en", "service": "cut"}), None)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (308, f"{page}?lang=en&service=cut")
    assert canonical(page) == page, "and no further"


@pytest.mark.parametrize("place", ["p", "u", "s", "f"])
def test_a_link_that_a_sentence_ended_leads_to_its_page(place: str) -> None:
    typed = f"/{place}/{TOKEN}."
    answer = client_pages.handler(an_http_event(f"GET {typed}"), None)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (308, f"/{place}/{TOKEN}")


@pytest.mark.parametrize(
    "address",
    ["/b/nobody", "/b/", "/b", "/", "/nowhere", "/nowhere/", "/b/lotus/nowhere", "/a/nonsense", "//evil.example/b",
     "/https://evil.example", "/b/..", "/b/%2e%2e", "/index.php", "/b/lotus/../garage", "/c/lotus"],
)  # fmt: skip
def test_what_is_no_page_leads_nowhere(browser: Browser, address: str) -> None:
    answer = browser.ask(f"GET {address}")
    if answer["statusCode"] == 308:
        assert answer["headers"]["Location"].startswith(("/b/", "/a/"))
        answer = browser.ask(f"GET {answer['headers']['Location']}")
    assert answer["statusCode"] in (403, 404)


TO_BE_QUOTED = ["/b/lötus", "/b/L%C3%B6tus", "/b/莲花", "/b/lo%20tus/", "/b/a%25b", "/a/t.ü", "/P/ü"]


@pytest.mark.parametrize("address", TO_BE_QUOTED)
def test_what_would_have_to_be_quoted_is_led_nowhere(address: str) -> None:
    """A gateway that unquotes it would ask for the same again."""
    assert canonical(address) == address


def test_the_story_begins_with_another_case(browser: Browser) -> None:
    answer = browser.ask("GET /B/Lotus/")
    assert "Cut" in browser.get(answer["headers"]["Location"]).text


def test_a_form_sent_to_another_case_comes_along(browser: Browser) -> None:
    answer = browser.ask("POST /b/Lotus/hold", "service=cut&staff=mei&start=2026-03-02T17:30%2B08:00")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (308, "/b/lotus/hold")


def test_what_a_browser_asks_beside_the_first_page_is_asked_once() -> None:
    answer = client_pages.handler(an_http_event("GET /favicon.ico"), None)
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (204, "public, max-age=31536000, immutable")
    api = client_pages.handler(an_http_event("GET /v1/nothing"), None)
    assert (api["statusCode"], api["headers"]["Content-Type"]) == (404, "application/problem+json")


def test_the_first_page_needs_nothing_else(browser: Browser) -> None:
    """No style, script, picture or fount of its own address: one request, one function."""
    body = browser.get("/b/lotus").body.replace('<script type="application/ld+json">', "")
    assert not [mark for mark in ("<link", "<script", "<img", "url(", "@import", "src=") if mark in body]


# Days without a free time


def salon(**hours: Any) -> Catalog:
    """Mei with these hours; Jun as ever."""
    catalog = lotus.the_salon()
    mei = replace(catalog.staff["mei"], hours=replace(catalog.staff["mei"].hours, **hours))
    lotus.store(replace(catalog, staff={**catalog.staff, "mei": mei}))
    catalogs.forget()
    return catalog


def everybody(**hours: Any) -> None:
    catalog = lotus.the_salon()
    lotus.store(
        replace(catalog, staff={id: replace(m, hours=replace(m.hours, **hours)) for id, m in catalog.staff.items()})
    )
    catalogs.forget()


def full(staff: str, day: date) -> None:
    for hour in range(9, 20):
        starts = lotus.NOW.replace(year=day.year, month=day.month, day=day.day, hour=hour - 8, minute=0)
        visit = an_appointment(f"{staff}-{hour}", starts=starts)
        lotus.put(replace(visit, slot=replace(visit.slot, staff=staff)))


MONDAY = date(2026, 3, 2)
ALL_DAY = TimeOff(lotus.NOW + timedelta(days=1), lotus.NOW + timedelta(days=3))
NEVER: dict[int, tuple[Window, ...]] = {day: (Window(540, 1200),) for day in range(7) if day != 0}
SAYS = {
    "closed": ("closed", "We are closed on this day."),
    "away": ("not here", "Mei is not here on this day."),
    "full": ("fully booked", "This day is fully booked."),
    "over": ("no times left", "It is too late to book for this day here."),
}


def booked_out() -> None:
    full("mei", MONDAY)


def off_and_full() -> None:
    salon(overrides={MONDAY: ()})
    full("jun", MONDAY)


def both_booked_out() -> None:
    full("mei", MONDAY)
    full("jun", MONDAY)


@pytest.mark.parametrize(
    ("happens", "staff", "why"),
    [
        pytest.param(lambda: everybody(weekly=NEVER), "mei", "closed", id="closed on Mondays"),
        pytest.param(lambda: everybody(weekly=NEVER), "any", "closed", id="closed on Mondays, for anybody"),
        pytest.param(lambda: everybody(overrides={MONDAY: ()}), "any", "closed", id="closed that day"),
        pytest.param(lambda: everybody(time_off=(ALL_DAY,)), "any", "closed", id="all are away"),
        pytest.param(lambda: everybody(overrides={MONDAY: (Window(540, 570),)}), "any", "closed", id="too short a day"),
        pytest.param(lambda: salon(weekly=NEVER), "mei", "away", id="Mei never works on Mondays"),
        pytest.param(lambda: salon(overrides={MONDAY: ()}), "mei", "away", id="Mei is off that day"),
        pytest.param(lambda: salon(time_off=(ALL_DAY,)), "mei", "away", id="Mei is on holiday"),
        pytest.param(booked_out, "mei", "full", id="Mei is full"),
        pytest.param(both_booked_out, "any", "full", id="both are full"),
        pytest.param(off_and_full, "any", "full", id="off, and full"),
    ],
)
def test_a_day_without_a_time_says_why(browser: Browser, happens: Any, staff: str, why: str) -> None:
    happens()
    short, text = SAYS[why]
    page = browser.get(f"/b/lotus?service=cut&staff={staff}&day={MONDAY}")
    assert text in page.text
    assert f"Monday, March 2, 2026 · {short}" in page.text
    chinese = Browser(client_pages.handler, "zh-CN").get(f"/b/lotus?service=cut&staff={staff}&day={MONDAY}").text
    for its, word in (("closed", "休息"), ("full", "约满"), ("away", "这一天不在")):
        assert (word in chinese) == (its == why)


@pytest.mark.parametrize(
    ("hour", "why"), [pytest.param(18, "over", id="inside the notice"), pytest.param(21, "over", id="after closing")]
)
def test_today_is_over_and_not_full(browser: Browser, monkeypatch: pytest.MonkeyPatch, hour: int, why: str) -> None:
    now = lotus.NOW.replace(hour=hour - 8, minute=30)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert SAYS[why][1] in browser.get("/b/lotus?service=cut&staff=mei&day=2026-02-28").text


def test_a_holiday_is_closed(browser: Browser) -> None:
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, closes_on_holidays=True)))
    assert SAYS["closed"][1] in browser.get("/b/lotus?service=cut&staff=any&day=2026-04-05").text


def test_the_readers_own_day_counts(browser: Browser) -> None:
    """Of what comes to them by video: the salon's Monday is Honolulu's Sunday afternoon and evening."""
    everybody(weekly={day: hours for day, hours in NEVER.items() if day not in (0, 1)})
    catalog = lotus.the_salon()
    catalogs.put("lotus", [replace(catalog.services["cut"], mode=Mode.VIDEO)])
    assert SAYS["closed"][1] in browser.get("/b/lotus?service=cut&staff=any&zone=Pacific/Honolulu&day=2026-03-02").text


def test_nobody_at_all_is_closed(browser: Browser) -> None:
    everybody(weekly={6: (Window(540, 560),)})
    page = browser.get("/b/lotus?service=cut&staff=any")
    assert "No free times on these days" in page.text
    assert "fully booked" not in page.text


# Numbers


@pytest.mark.parametrize(
    ("number", "country", "written"),
    [
        ("+862162798888", "CN", "021 6279 8888"),
        ("+8613912345678", "CN", "139 1234 5678"),
        ("+8613912345678", "US", "+86 139 1234 5678"),
        ("+12125550123", "US", "(212) 555-0123"),
        ("+12125550123", "US-NY", "(212) 555-0123"),
        ("+12125550123", "CA", "(212) 555-0123"),
        ("+12125550123", "CN", "+1 212-555-0123"),
        ("+442079460018", "GB", "020 7946 0018"),
        ("+442079460018", "IE", "+44 20 7946 0018"),
        ("+4930123456", "DE", "030 123456"),
        ("+33123456789", "FR", "01 23 45 67 89"),
        ("+390612345678", "IT", "06 1234 5678"),
        ("+85223456789", "HK", "2345 6789"),
        ("+5511961234567", "BR", "(11) 96123-4567"),
        ("+81312345678", "JP", "03-1234-5678"),
        ("+8613912345678", "", "+86 139 1234 5678"),
        ("021 6321 0000", "CN", "021 6321 0000"),
        ("call us", "CN", "call us"),
        ("+", "CN", "+"),
        ("", "CN", ""),
    ],
)
def test_a_number_is_written_as_people_write_it(number: str, country: str, written: str) -> None:
    assert as_written(number, country) == written


def test_numbers_are_written_so_on_pages_and_at_the_desk(browser: Browser) -> None:
    assert (
        ask(settings.handler, "PUT /v1/desk/business", SAVED | {"phone": "021 6279 8888"}, role="owner").status == 200
    )
    catalogs.forget()
    page = browser.get("/b/lotus")
    assert "Call 021 6279 8888" in page.text
    assert 'href="tel:+862162798888"' in page.body
    assert "Call +86 21 6279 8888" in browser.get("/b/lotus?zone=Europe/Berlin").text
    lotus.known(replace(a_client(), phone="+8613912345678"))
    lotus.put(an_appointment())
    shown = ask(front_desk.handler, "GET /v1/desk/appointments/a-1", role="staff").body
    assert (shown["client_phone"], shown["client_phone_written"]) == ("+8613912345678", "139 1234 5678")


# Search engines


def mine() -> str:
    lotus.known()
    return f"/a/{tokens.manage_token(lotus.put(an_appointment()))}"


@pytest.mark.parametrize("query", ["", "?lang=en", "?service=cut", "?service=cut&staff=mei", "?service=cut&zones=1"])
def test_what_a_business_offers_may_be_found(browser: Browser, query: str) -> None:
    headers = browser.get(f"/b/lotus{query}").headers
    assert "noindex" not in headers.get("x-robots-tag", "")
    assert ("nofollow" in headers.get("x-robots-tag", "")) == bool(query), "the calendar has no end"


@pytest.mark.parametrize("step", ["", "/move", "/cancel", "/nothing"])
def test_what_a_link_opens_is_not_found(browser: Browser, step: str) -> None:
    assert browser.get(f"{mine()}{step}").headers["x-robots-tag"] == "noindex, nofollow"


def test_what_is_typed_into_is_not_found(browser: Browser) -> None:
    page = browser.press(browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02").form("/hold"), "5:30 PM")
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    back = browser.get(f"/b/lotus?service=cut&staff=mei&hold={TOKEN}")
    assert back.headers["x-robots-tag"] == "noindex, nofollow"


# Frames


SITES = {
    "https://salon.example": "https://salon.example",
    "https://www.Salon.example/": "https://www.salon.example",
    "HTTPS://SALON.EXAMPLE": "https://salon.example",
    "https://salon.example:443": "https://salon.example",
    "https://salon.example:8443": "https://salon.example:8443",
    "https://faß.de": "https://xn--fa-hia.de",
    "https://沙龙.中国": "https://xn--xuwy10i.xn--fiqs8s",
    "http://localhost:3000": "http://localhost:3000",
    "http://localhost": "http://localhost",
    " https://a.b.c.example ": "https://a.b.c.example",
}
NO_SITES = (
    "*", "https://*", "https://*.salon.example", "'self'", "salon.example", "http://salon.example", "//salon.example",
    "https://salon.example/book", "https://salon.example?x", "https://salon.example#x", "https://me:pw@salon.example",
    "https://salon.example:0", "https://salon.example:99999", "https://salon", "https://", "", "javascript:alert(1)",
    "data:", "https://salon.example; script-src *", "https://salon.example https://evil.example",
    "https://salon.example,https://evil.example", "https://sa lon.example", "ftp://salon.example", "https://-.example",
    "https://salon..example", "null",
)  # fmt: skip


@pytest.mark.parametrize(("told", "kept"), SITES.items())
def test_a_business_names_the_sites_that_frame_it(browser: Browser, told: str, kept: str) -> None:
    saved = ask(settings.handler, "PUT /v1/desk/business", SAVED | {"embed_origins": [told]}, role="owner")
    assert saved.body["embed_origins"] == [kept]
    catalogs.forget()
    for address in (
        "/b/lotus",
        "/b/lotus?service=cut&staff=mei",
        "/b/lotus/book?service=cut&start=2026-03-02T17:30%2B08:00",
    ):
        assert f"frame-ancestors {kept}" in browser.get(address).headers["content-security-policy"]
    for address in (mine(), "/nowhere", "/b/garage"):
        assert "frame-ancestors 'none'" in browser.get(address).headers["content-security-policy"]


@pytest.mark.parametrize("told", NO_SITES)
def test_what_is_no_site_frames_nothing(told: str) -> None:
    answer = ask(settings.handler, "PUT /v1/desk/business", SAVED | {"embed_origins": [told]}, role="owner")
    assert (answer.status, answer.body.get("field")) == (422, "embed_origins")


@pytest.mark.parametrize(
    "sites", [["https://a.example", "https://A.example/"], [f"https://s{n}.example" for n in range(21)]],
    ids=["one twice", "too many"],
)  # fmt: skip
def test_sites_are_few_and_each_is_named_once(sites: list[str]) -> None:
    answer = ask(settings.handler, "PUT /v1/desk/business", SAVED | {"embed_origins": sites}, role="owner")
    assert (answer.status, answer.body.get("field")) == (422, "embed_origins")


def test_nobody_frames_it_unless_told_so(browser: Browser) -> None:
    assert ask(settings.handler, "PUT /v1/desk/business", SAVED, role="owner").body["embed_origins"] == []
    assert "frame-ancestors 'none'" in browser.get("/b/lotus").headers["content-security-policy"]


def test_in_a_frame_the_last_step_leaves_it(browser: Browser) -> None:
    """The page of the appointment is framed by nobody; the hold has a jar of its own in each site's frame."""
    ask(settings.handler, "PUT /v1/desk/business", SAVED | {"embed_origins": ["https://salon.example"]}, role="owner")
    catalogs.forget()
    form = browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02").form("/hold")
    fields = "&".join(f"{name}={value}" for name, value in form.fields) + "&start=2026-03-02T17:30%2B08:00"
    answer = browser.ask(f"POST {form.action}", fields)
    assert answer["headers"]["Set-Cookie"].endswith("; Secure; SameSite=None; Partitioned")
    assert 'target="_top"' in browser.get(answer["headers"]["Location"]).body


@pytest.mark.parametrize(
    ("price", "told"),
    [
        pytest.param(Money(12_800, "CNY"), {"price": "128.00", "priceCurrency": "CNY"}, id="yuan"),
        pytest.param(Money(5_000, "JPY"), {"price": "5000", "priceCurrency": "JPY"}, id="yen, which have no parts"),
        pytest.param(None, {}, id="no price"),
    ],
)
def test_what_machines_read_of_a_page_has_the_price(
    browser: Browser, price: Money | None, told: dict[str, str]
) -> None:
    """As a number with as many places as the currency has, beside its code."""
    salon = lotus.the_salon()
    lotus.store(replace(salon, services={"cut": replace(salon.services["cut"], price=price)}))
    catalogs.forget()
    body = browser.get("/b/lotus").body
    data = json.loads(body.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    offer = next(it for it in data["makesOffer"] if it["itemOffered"]["name"] == "Cut")
    assert {name: offer[name] for name in ("price", "priceCurrency") if name in offer} == told
