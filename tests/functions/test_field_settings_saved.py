"""Two rules. Of two who save settings at once none is lost: whoever has not seen the newer ones is told so, with their
revision. And a default of ours is not a setting of theirs: what an owner saved stays as it was saved, that which was
left out as well, for it took the default of the day it was saved on and the answer showed it.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from types import ModuleType
from typing import Any

import pytest

import catalog
import follow_up_policy
from kept import clock
from kept.business import catalog as trade
from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Business
from kept.business.change_rules import ChangeRules
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.business.loyalty_rules import FadingRules, PointsRules, ReviewRules
from kept.business.money_rules import MoneyRules
from kept.business.stranger_rules import StrangerRules
from kept.storage import catalogs as stored
from kept.storage import codec
from kept.storage.tables import CatalogItem
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.functions.test_field_repeats import DAY_OF_WORK, LOTUS, InTheMidst

WASH = {"name": "Wash", "duration": 30, "staff": ["mei"]}
MEI = {"name": "Mei", "hours": DAY_OF_WORK}
FOUR_HOURS = {"rows": [{"first_response": 240}], "levels": [{"role": "owner"}]}
OF: dict[str, tuple[ModuleType, str, Any, Any]] = {
    "business": (catalog, "business", LOTUS, LOTUS | {"name": "Lotus Spa"}),
    "terms": (catalog, "business", LOTUS, LOTUS | {"policy_text": "Come on time."}),
    "zone": (catalog, "business", LOTUS, LOTUS | {"tz": "Asia/Tokyo"}),
    "service": (catalog, "services/wash", WASH, WASH | {"duration": 45}),
    "price": (catalog, "services/wash", WASH, WASH | {"price": {"minor": 100, "currency": "CNY"}}),
    "staff": (catalog, "staff/mei", MEI, MEI | {"name": "Mei Lin"}),
    "hours": (catalog, "staff/mei", MEI, MEI | {"hours": {"weekly": {"tue": ["09:00-17:00"]}}}),
    "room": (catalog, "rooms/chair", {"name": "Chair"}, {"name": "Big chair"}),
    "hours of a room": (catalog, "rooms/chair", {"name": "Chair"}, {"name": "Chair", "hours": DAY_OF_WORK}),
    "text": (catalog, "texts/en/confirmation", {"button": "See"}, {"button": "See it"}),
    "Chinese text": (catalog, "texts/zh-Hans/reminder", {"sms": "{{ when }} {{ link }}"}, {"button": "看"}),
    "policy": (follow_up_policy, "follow-up-policy", FOUR_HOURS, FOUR_HOURS | {"rows": [{"first_response": 60}]}),
}
each = pytest.mark.parametrize("kind", OF)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def put(kind: str, body: Any, *, seen: str | None = None, method: str = "PUT") -> Answer:
    handler, path, _, _ = OF[kind]
    event = an_http_event(f"{method} /v1/desk/{path}", body)
    event["headers"] |= {"if-match": f'"{seen}"'} if seen is not None else {}
    claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[owner]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer = handler.handler(event, None)
    return Answer(answer["statusCode"], json.loads(answer["body"]), answer["headers"])


def revision(answer: Answer) -> str:
    return str(answer.body.get("revision", answer.body.get("number", "")))


@each
def test_what_was_seen_may_be_changed_and_what_is_older_not(kind: str) -> None:
    _, _, first, second = OF[kind]
    one = put(kind, first)
    two = put(kind, second, seen=revision(one))
    assert (one.status, two.status) == (200, 200), (one.body, two.body)
    late = put(kind, first, seen=revision(one))
    assert (late.status, late.code, late.body["revision"]) == (409, "outdated", revision(two))
    assert put(kind, first, seen=late.body["revision"]).status == 200


@each
def test_of_two_who_save_at_the_same_moment_one_is_told_that_there_is_a_newer_one(kind: str) -> None:
    """Neither says what they have seen; between the reading and the writing of the one comes the other, at whichever
    request. Whoever was told 200 is not overwritten unseen."""
    _, _, first, second = OF[kind]
    clashes, number, made = 0, 0, 1
    while number < made:
        lotus.open_both()
        put(kind, first)
        other = mine = None
        with pytest.MonkeyPatch.context() as patched:
            answers: list[Answer] = []
            midst = InTheMidst(number, lambda: answers.append(put(kind, _third(first))))  # noqa: B023  # at once
            midst.patch(patched)
            mine = put(kind, second)
        made, other = midst.made, answers[0] if answers else None
        if other and mine.status == 409:
            clashes += 1
            assert (mine.code, mine.body["revision"]) == ("outdated", revision(other))
        number += 1
    assert clashes >= 1


def _third(body: dict[str, Any]) -> dict[str, Any]:
    if "rows" in body:
        return body | {"rows": [{"first_response": 30}]}
    return body | ({"name": "Somebody else's"} if "name" in body else {"button": "Theirs"})


@each
def test_saving_what_stands_there_already_is_refused_to_nobody(kind: str) -> None:
    """Two who fill in the same form the same way have both what they want."""
    _, _, first, second = OF[kind]
    one, two = put(kind, first), put(kind, second)
    again = put(kind, second, seen=revision(one))
    assert (again.status, revision(again)) == (200, revision(two))


@each
def test_any_revision_may_be_meant_as_long_as_there_is_one(kind: str) -> None:
    _, _, first, second = OF[kind]
    put(kind, first)
    assert put(kind, second, seen="*").status == 200


@pytest.mark.parametrize("kind", ["service", "staff", "room", "text"])
def test_what_was_changed_since_is_not_given_up(kind: str) -> None:
    _, _, first, second = OF[kind]
    one, two = put(kind, first), put(kind, second)
    late = put(kind, None, seen=revision(one), method="DELETE")
    assert (late.status, late.code, late.body["revision"]) == (409, "outdated", revision(two))


@pytest.mark.parametrize("kind", ["business", "service", "staff", "room", "text"])
def test_what_is_sent_back_as_it_was_read_brings_its_revision_along(kind: str) -> None:
    """The whole answer may be sent back: with the revision in it, it is as safe as with the header."""
    _, _, first, second = OF[kind]
    one = put(kind, first)
    two = put(kind, second)
    late = put(kind, first | {"revision": revision(one)})
    assert (late.status, late.body["revision"]) == (409, revision(two))


def test_every_thing_is_shown_with_its_revision() -> None:
    for kind, (handler, _, first, _) in OF.items():
        if handler is catalog:
            put(kind, first)
    shown = ask(catalog.handler, "GET /v1/desk/catalog", role="owner").body
    things = [shown["business"], *shown["services"], *shown["staff"], *shown["rooms"], *shown["texts"]]
    assert all(len(thing["revision"]) == 16 for thing in things)
    assert shown["business"]["revision"] == revision(put("business", LOTUS))


def test_a_business_and_one_of_its_staff_who_are_saved_at_once_are_both_saved() -> None:
    """The lists of the day come at another hour for all staff; what else was said of one of them is not taken back."""
    with pytest.MonkeyPatch.context() as patched:
        InTheMidst(2, lambda: put("staff", MEI | {"name": "Mei Lin"})).patch(patched)
        assert put("business", LOTUS | {"day_list": "06:00"}).status == 200
    stored.forget()
    assert stored.load("lotus").staff["mei"].name == "Mei Lin"
    assert stored.load("lotus").business.day_list == time(6)


DEFAULTS: list[tuple[type, str, Any, Callable[[Business], Any]]] = [
    (AttendanceRules, "grace", timedelta(minutes=99), lambda it: it.attendance.grace),
    (AttendanceRules, "ask_after", timedelta(minutes=98), lambda it: it.attendance.ask_after),
    (AttendanceRules, "longest", timedelta(minutes=97), lambda it: it.attendance.longest),
    (AttendanceRules, "checks_in", "turned", lambda it: it.attendance.checks_in),
    (ChangeRules, "free_until", timedelta(hours=1), lambda it: it.changes.free_until),
    (ChangeRules, "reschedules", 99, lambda it: it.changes.reschedules),
    (ContactRules, "week_cap", 99, lambda it: it.contact.week_cap),
    (ContactRules, "opens", time(3), lambda it: it.contact.opens),
    (ContactRules, "on_holidays", True, lambda it: it.contact.on_holidays),
    (MoneyRules, "staff_waives", 99, lambda it: it.money.staff_waives),
    (FadingRules, "watched", False, lambda it: it.fading.watched),
    (PointsRules, "price", 99, lambda it: it.points.price),
    (ReviewRules, "months", None, lambda it: it.review.months),
    (QuietHours, "begins", time(23), lambda it: it.quiet_hours.begins),
    (StrangerRules, "network_day", 999, lambda it: it.strangers.network_day),
    (StrangerRules, "day_share", 99, lambda it: it.strangers.day_share),
    (Business, "closes_on_holidays", False, lambda it: it.closes_on_holidays),
    (Business, "day_list", None, lambda it: it.day_list),
]


@pytest.mark.parametrize(("owner", "name", "new", "of"), DEFAULTS, ids=[f"{it[0].__name__}.{it[1]}" for it in DEFAULTS])
@pytest.mark.parametrize("said", ["left out", "as the default was"])
def test_a_new_default_of_ours_changes_nobody_who_has_saved(
    owner: type, name: str, new: Any, of: Callable[[Business], Any], said: str
) -> None:
    """Whether they left it out that day, or said the very thing that was our default."""
    answer = put("business", LOTUS)
    if said != "left out":
        sent = {key: value for key, value in answer.body.items() if key not in ("id", "policy_version", "breaks")}
        put("business", sent)
    before = of(_as_stored())
    with _another_default(owner, name, (not before) if new == "turned" else new):
        assert of(_as_stored()) == before


def test_what_nobody_ever_said_has_our_default_of_today() -> None:
    """A setting that did not exist when they saved; so of a business from before all values were stored."""
    put("business", LOTUS)
    item = CatalogItem.get("lotus", "business#lotus")
    said = json.loads(item.body)
    del said["attendance"]["grace"]
    item.body = json.dumps(said)
    item.save()
    assert _as_stored().attendance.grace == AttendanceRules().grace


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("services/wash", WASH, trade.Service),
        ("staff/an", MEI, trade.StaffMember),
        ("rooms/chair", {"name": "Chair"}, trade.Resource),
        ("business", LOTUS, trade.Business),
    ],
)
def test_all_that_is_saved_is_stored_with_every_value(path: str, body: Any, kind: type) -> None:
    assert ask(catalog.handler, f"PUT /v1/desk/{path}", body, role="owner").status == 200
    id = path.replace("services/", "service#").replace("rooms/", "room#").replace("staff/", "staff#")
    item = CatalogItem.get("lotus", "business#lotus" if path == "business" else id)
    assert json.loads(item.body).keys() == {field.name for field in dataclasses.fields(kind)}


def _as_stored() -> Business:
    stored.forget()
    return stored.load("lotus").business


@contextmanager
def _another_default(owner: Any, name: str, value: Any) -> Iterator[None]:
    """As a later release of ours would have it, for whatever is read from now on."""
    made: Any = owner.__init__
    order = [field.name for field in dataclasses.fields(owner) if field.default is not dataclasses.MISSING]
    old = made.__defaults__
    with pytest.MonkeyPatch.context() as patched:
        names = made.__code__.co_varnames[1 : made.__code__.co_argcount]
        place = names.index(name) - (len(names) - len(old))
        assert name in order
        patched.setattr(made, "__defaults__", (*old[:place], value, *old[place + 1 :]))
        codec._adapter.cache_clear()
        for found in dataclasses.fields(owner):
            if found.name == name:
                patched.setattr(found, "default", value)
        yield
    codec._adapter.cache_clear()
