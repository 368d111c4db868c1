"""A business is begun by a code, once: what is refused changes nothing, and what was cut short is finished by the same
form again, wherever it was cut."""

import base64
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest

import starting
from kept import clock
from kept.business.sign_in import Role
from kept.business.trades import TRADES, trade
from kept.client_links import signing_keys, start_codes
from kept.client_links.links import LinkPurpose, sign
from kept.client_links.start_codes import LASTS
from kept.runtime import aws
from kept.settings import setting
from kept.storage import beginnings, catalogs, follow_up_policies, sign_ins
from kept.use_cases.business import settings
from kept.use_cases.starting import guide
from tests import lotus
from tests.asked_of_aws import meddling
from tests.asking import HERE, an_http_event

WISH = {
    "name": "Green Lane",
    "id": "green-lane",
    "trade": "salon",
    "country": "SG",
    "tz": "",
    "currency": "",
    "locale": "en",
    "owner": "Ada Tan",
    "email": "ada@green-lane.example",
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.let_in("sam@garage.example", "owner", business="garage", password="Garage-2026-oil")


def put_out(at: datetime = lotus.NOW) -> str:
    return start_codes.put_out(signing_keys.current(), now=at)


@pytest.fixture
def code() -> str:
    return put_out()


def post(code: str, *, language: str = "en", network: str = HERE, **told: str) -> tuple[int, str]:
    event = an_http_event("POST /start")
    event["headers"] = {"content-type": "application/x-www-form-urlencoded", "accept-language": language}
    event["requestContext"]["http"]["sourceIp"] = network
    event |= {
        "body": base64.b64encode(urlencode({"code": code} | WISH | told).encode()).decode(),
        "isBase64Encoded": True,
    }
    answer = starting.handler(event, None)
    return int(answer["statusCode"]), answer["body"]


def world() -> tuple[dict[str, Any], list[str]]:
    """All that is stored, but for how often codes were tried, and everybody who signs in."""
    pool = setting("STAFF_POOL")
    stored = {name: items for name, items in lotus.everything().items() if "counters" not in name}
    return stored, sorted(str(user["Attributes"]) for user in aws("cognito-idp").list_users(UserPoolId=pool)["Users"])


def owners(business: str = "green-lane") -> list[str]:
    return [it.email for it in sign_ins.load(business).values() if it.role is Role.OWNER]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_asks_for_all_of_it(language: str) -> None:
    event = an_http_event("GET /start")
    event["headers"] = {"accept-language": language}
    answer = starting.handler(event, None)
    assert answer["statusCode"] == 200
    assert all(f'name="{field}"' in answer["body"] for field in ("code", *WISH))


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_begins_a_business_that_can_be_booked(trade: str, locale: str, code: str) -> None:
    """With its services in the order of its file and in both languages, its hours, its reminders, and its owner."""
    assert post(code, trade=trade, locale=locale)[0] == 201
    catalogs.forget()
    made = catalogs.load("green-lane")
    assert (made.business.tz, made.business.currency, made.business.country) == ("Asia/Singapore", "SGD", "SG")
    assert [it.order for it in made.services.values()] == list(range(len(made.services)))
    assert all(set(it.names) == {"en", "zh-Hans"} - {locale} for it in made.services.values())
    assert made.staff["owner"].role == "owner"
    assert any(made.staff["owner"].hours.weekly.values())
    assert len(made.business.stages) >= 2
    assert owners() == ["ada@green-lane.example"]
    assert follow_up_policies.numbers("green-lane") == (1,)


@pytest.mark.parametrize(
    ("country", "zone", "money"),
    [("CN", "Asia/Shanghai", "CNY"), ("JP", "Asia/Tokyo", "JPY"), ("GB", "Europe/London", "GBP")],
)
def test_a_country_knows_its_zone_and_its_money(country: str, zone: str, money: str, code: str) -> None:
    assert post(code, country=country)[0] == 201
    catalogs.forget()
    business = catalogs.load("green-lane").business
    assert (business.tz, business.currency) == (zone, money)


REFUSED: dict[str, dict[str, str]] = {
    "no code": {"code": ""},
    "a code of nobody's": {"code": "9mWqk8uJcE5a7hGsNT1lzbpYk0RZxv2e"},
    "with letters of another alphabet": {"code": "ключ"},
    "no name": {"name": ""},
    "a name of blanks": {"name": " \u200b "},
    "a name that is too long": {"name": "x" * 101},
    "no address": {"id": ""},
    "an address with a blank": {"id": "green lane"},
    "an address with a slash": {"id": "green/lane"},
    "an address with a hash": {"id": "#begun"},
    "an address that ends with a hyphen": {"id": "green-"},
    "an address in Chinese": {"id": "兰亭"},
    "an address that is too long": {"id": "x" * 41},
    "an address of another business": {"id": "lotus"},
    "the same in capitals": {"id": "LOTUS"},
    "no trade": {"trade": ""},
    "a trade that leads elsewhere": {"trade": "../catalog"},
    "no country": {"country": ""},
    "a country that is none": {"country": "XX"},
    "a country with several zones": {"country": "US"},
    "a zone that is none": {"tz": "Asia/Nowhere"},
    "a zone that leads elsewhere": {"tz": "../../etc/passwd"},
    "a currency that is none": {"currency": "XXQ"},
    "no language": {"locale": ""},
    "a language without texts": {"locale": "fr"},
    "nobody": {"owner": ""},
    "no address to write to": {"email": "ada"},
    "an address to write to that is too long": {"email": "ada@" + "green." * 50 + "example"},
    "an address in use elsewhere": {"email": "SAM@garage.example"},
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_refused_is_said_at_its_field_and_changes_nothing(case: str, language: str, code: str) -> None:
    """What was typed stays in the form; and the same code is good still."""
    before = world()
    status, page = post(language=language, **{"code": code} | REFUSED[case])
    assert (status, page.count('aria-invalid="true"')) == (422, 1)
    assert ("请检查" in page) == (language == "zh-CN")
    assert "Green Lane" in page or "name" in REFUSED[case]
    assert world() == before
    assert post(code)[0] == 201


FORGED: dict[str, Callable[[str], str]] = {
    "cut off": lambda it: it[:-1],
    "with a letter more": lambda it: it + "x",
    "in small letters": str.lower,
    "for longer": lambda it: ".".join([*it.split(".")[:4], "ffffffffff", it.split(".")[5]]),
    "for another business": lambda it: it.replace("deployment", "lotus"),
    "of another key": lambda it: it.replace(".k1.", ".k2."),
    "with another signature": lambda it: it[:-22] + "A" * 22,
    "of a client's link": lambda _: sign(
        signing_keys.current(), LinkPurpose.MANAGE, business="deployment", subject="x", expires=lotus.NOW + LASTS
    ),
    "made of a client's link": lambda _: sign(
        signing_keys.current(), LinkPurpose.MANAGE, business="deployment", subject="x", expires=lotus.NOW + LASTS
    ).replace("m.", "n.", 1),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_was_made_of_a_code_is_none(case: str, code: str) -> None:
    before = world()
    status, page = post(FORGED[case](code))
    assert (status, "no code of this deployment" in page) == (422, True)
    assert world() == before


def test_a_code_is_good_for_a_week_and_what_was_begun_by_it_is_finished_later(monkeypatch: pytest.MonkeyPatch) -> None:
    old, begun = put_out(lotus.NOW - LASTS), put_out(lotus.NOW - LASTS)
    status, page = post(old)
    assert (status, "too old" in page) == (422, True)
    beginnings.begin(beginnings.Beginning(sha256(begun.encode()).hexdigest(), _wish()))
    assert post(begun)[0] == 201
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + LASTS)
    assert post(put_out(), id="other-lane", email="bea@other-lane.example")[0] == 422


def test_markup_that_was_typed_is_text(code: str) -> None:
    assert "<script>" not in post(code, name="<script>alert(1)</script>", trade="")[1]


def test_the_same_form_again_is_answered_the_same_and_changes_nothing(code: str) -> None:
    first = post(code)
    before = world()
    assert post(code) == first
    assert world() == before


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"email": "eve@elsewhere.example"}, id="a second owner"),
        pytest.param({"id": "other-lane"}, id="a second business"),
        pytest.param({"id": "other-lane", "email": "eve@elsewhere.example"}, id="both"),
    ],
)
def test_a_code_that_was_used_is_refused_and_changes_nothing(other: dict[str, str], code: str) -> None:
    post(code)
    before = world()
    status, page = post(code, **other)
    assert (status, "has made its business already" in page) == (422, True)
    assert world() == before
    assert owners() == ["ada@green-lane.example"]


def test_another_code_makes_one_more_business(code: str) -> None:
    """Under an address of its own."""
    post(code)
    more, bea = put_out(), {"email": "bea@other-lane.example"}
    assert post(more, **bea)[0] == 422
    assert post(more, **bea, id="other-lane")[0] == 201
    assert owners("other-lane") == ["bea@other-lane.example"]
    assert owners() == ["ada@green-lane.example"]


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches the end of a process."""


CUTS: dict[str, tuple[object, str]] = {
    "before the code is taken": (beginnings, "begin"),
    "before the business": (settings, "save_business"),
    "within the business, before its policy": (settings, "_make_sure_of_the_first_policy"),
    "before the owner in the calendar": (settings, "save_staff"),
    "before the services": (settings, "save_service"),
    "before the guide": (guide, "begin"),
    "before the invitation": (sign_ins, "invite"),
    "before it is noted": (beginnings, "finish"),
}


@pytest.mark.parametrize("case", CUTS)
def test_what_was_cut_short_is_finished_by_the_same_form(case: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is then as if nothing had happened."""
    place, name = CUTS[case]

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(place, name, dies)
        with pytest.raises(Killed):
            post(code)
    assert post(code)[0] == 201
    catalogs.forget()
    assert list(catalogs.load("green-lane").services) == ["cut", "colour", "blow-dry"]
    assert follow_up_policies.numbers("green-lane") == (1,)
    assert owners() == ["ada@green-lane.example"]
    assert guide.read("green-lane").is_shown
    assert post(code, email="eve@elsewhere.example")[0] == 422


def test_between_the_invitation_and_its_role_it_is_finished_too(code: str) -> None:
    """And by nobody else: until then the code is the first one's."""
    lotus.let_in("ada@green-lane.example", "", business="green-lane", staff="owner")
    beginnings.begin(beginnings.Beginning(sha256(code.encode()).hexdigest(), _wish()))
    assert post(code, email="eve@elsewhere.example")[0] == 422
    assert post(code)[0] == 201
    assert owners() == ["ada@green-lane.example"]


def _wish() -> Any:
    from kept.pages.starting.start import TypedStart

    return TypedStart(**WISH).wish()


def test_two_who_begin_at_once_by_one_code_make_one_business(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    really: Callable[..., Any] = beginnings.begin
    met: list[int] = []

    def meanwhile(it: Any) -> None:
        with meddling():
            met.append(post(code, id="other-lane", email="eve@elsewhere.example")[0])
        really(it)

    monkeypatch.setattr(beginnings, "begin", meanwhile)
    assert post(code)[0] == 201
    monkeypatch.setattr(beginnings, "begin", really)
    assert met == [409]
    assert post(code, id="other-lane", email="eve@elsewhere.example")[0] == 422
    assert owners("other-lane") == []


def test_whoever_tries_codes_is_slowed_down_and_nobody_else(code: str) -> None:
    for _ in range(10):
        assert post("wrong")[0] == 422
    assert post(code)[0] == 429
    assert post(code, network="198.51.100.9")[0] == 201


@pytest.mark.parametrize("id", ["", "../catalog", "Salon", "salon.toml", "salon\x00"])
def test_what_is_no_trade_is_looked_for_in_no_folder(id: str) -> None:
    """Whatever somebody sends: a file is read by a name that is known alone."""
    with pytest.raises(KeyError):
        trade(id)
