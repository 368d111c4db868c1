"""The texts of a business: saved by those who lead it, said at once, and ours again when they are dropped."""

from typing import Any

import pytest

import catalog
from kept.business.catalog import Business
from kept.storage import catalogs as stored
from tests.asking import Answer, ask
from tests.builders import a_catalog

ROUTE = "/v1/desk/texts/zh-Hans/two_days"
SMS = "【{{ business }}】{{ client }}，{{ when }}见。{{ link }}"
PARTS = {"subject": "", "body": "", "sms": "", "button": ""}
NOTHING = PARTS | {"language": "zh-Hans", "stage": "two_days", "revision": ""}


@pytest.fixture(autouse=True)
def _lotus() -> None:
    catalog = a_catalog()
    stored.put("lotus", [catalog.business, *catalog.services.values(), *catalog.staff.values()])


def put(body: object, *, route: str = ROUTE, role: str = "manager", business: str = "lotus") -> Answer:
    return ask(catalog.handler, f"PUT {route}", body, role=role, business=business)


def drop(*, role: str = "manager") -> Answer:
    return ask(catalog.handler, f"DELETE {ROUTE}", role=role, business="lotus")


def texts() -> Any:
    return ask(catalog.handler, "GET /v1/desk/catalog", role="manager", business="lotus").body["texts"]


def test_what_was_saved_is_read_and_can_be_sent_back() -> None:
    saved = put({"sms": f" {SMS} "})
    assert (saved.status, saved.body) == (200, NOTHING | {"sms": SMS, "revision": saved.body["revision"]})
    assert saved.body["revision"]
    assert texts() == [saved.body]
    told = {name: saved.body[name] for name in (*PARTS, "revision")}
    assert put(told).body == saved.body


def test_it_is_said_at_once_by_whoever_saved_it() -> None:
    stored.load("lotus")
    put({"sms": SMS})
    assert stored.load("lotus").texts["zh-Hans/two_days"].sms == SMS


def test_a_text_that_is_dropped_is_ours_again_and_dropping_twice_is_once() -> None:
    put({"sms": SMS})
    put({"button": "看一下"}, route="/v1/desk/texts/en/two_days")
    for _ in range(2):
        dropped = drop()
        assert (dropped.status, dropped.body) == (200, NOTHING)
        assert [text["language"] for text in texts()] == ["en"]


def test_a_stage_of_its_own_can_have_words_of_its_own() -> None:
    route = "/v1/desk/texts/zh-Hans/week_before"
    assert put({"sms": SMS}, route=route).code == "invalid_setting"
    business = a_catalog().business
    stages = [{"name": "week_before", "before": 7 * 24 * 60}]
    settings = {name: getattr(business, name) for name in ("name", "tz", "country", "currency", "locale")}
    ask(catalog.handler, "PUT /v1/desk/business", settings | {"stages": stages}, role="owner", business="lotus")
    assert put({"sms": SMS}, route=route).status == 200


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        pytest.param(ROUTE, {}, "body", id="nothing"),
        pytest.param(ROUTE, {"sms": "{{ client }}"}, "sms", id="no link"),
        pytest.param(ROUTE, {"subject": "{{ cleint }}"}, "subject", id="a word misspelt"),
        pytest.param(ROUTE, {"body": "{{ client.__class__ }}"}, "body", id="behind a name"),
        pytest.param("/v1/desk/texts/fr/two_days", {"sms": SMS}, "language", id="a language without texts"),
        pytest.param("/v1/desk/texts/en/words", {"sms": SMS}, "stage", id="no such text"),
    ],
)
def test_a_text_that_makes_no_sense_is_refused_with_its_part_and_nothing_changes(
    route: str, body: object, field: str
) -> None:
    put({"sms": SMS})
    answer = put(body, route=route)
    assert (answer.status, answer.code, answer.body["field"]) == (422, "invalid_setting", field)
    assert answer.body["reason"]
    assert [text["sms"] for text in texts()] == [SMS]


@pytest.mark.parametrize("body", [{"html": "x"}, {"sms": 1}, {"body": "x" * 2001}])
def test_a_request_of_the_wrong_shape_is_refused(body: object) -> None:
    assert put(body).code == "invalid_request"


@pytest.mark.parametrize("role", ["", "staff"])
def test_texts_are_for_those_who_lead(role: str) -> None:
    put({"sms": SMS})
    refusal = "role_required" if role else "sign_in_required"
    assert (put({"sms": SMS}, role=role).code, drop(role=role).code) == (refusal, refusal)
    assert len(texts()) == 1


def test_no_business_writes_the_texts_of_another() -> None:
    stored.put("garage", [Business("garage", "Garage", "America/New_York", "US", "USD", "en")])
    assert put({"sms": SMS}, business="garage").status == 200
    assert texts() == []
