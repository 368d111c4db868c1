"""The rule: a repeat is a repeat. However the same request comes twice under one key, it has one effect, and both are
told the same.

The second comes in the very midst of the first: right before its first request to the tables, its second, and so on to
its last, so that whichever of the two is ahead, there is a row for it. Where an answer is kept under its key beside the
work (nothing else remembers it), the second may be told that the first is not done, and gets its answer when it asks
again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from types import ModuleType
from typing import Any

import pytest
from botocore.client import BaseClient

import booking
import catalog
import clients
import follow_up_policy
import follow_ups as follow_ups_function
import front_desk
import my_appointment
import put_back
from kept import clock
from kept.business.catalog import Resource
from kept.business.own_text import OwnText
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.details import revision
from kept.lanes import Key, Lane
from kept.storage import appointments, aside, follow_up_policies, follow_ups, tables
from kept.storage import catalogs as stored
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import BOOKED, STARTS, a_client, a_follow_up, an_appointment
from tests.refusing import BOOK, CUT, EVENING, HOLD, MINE, link

KEY = "f3a1c0de-0000-4000-8000-000000000001"
DESK, FOLLOW_UP, CLIENT = "/v1/desk/appointments/a-1", "/v1/desk/follow-ups/f-1", "/v1/desk/clients/c-1"
DAY_OF_WORK = {"weekly": {"mon": ["09:00-17:00"]}}
REST = {"locale": "en", "country": "CN", "currency": "CNY"}
LOTUS = {"name": "Lotus & Sons", "tz": "Asia/Shanghai", "stages": [], **REST}
EARLY, ON_TIME, LATE = lotus.NOW, STARTS, STARTS + timedelta(minutes=20)


@dataclass(frozen=True)
class Request:
    """`before` is what had to happen first; `kept_apart`: its answer is kept under its key beside its work."""

    handler: ModuleType
    route: str
    body: Any = None
    role: str = ""
    bearer: bool = False
    at: Any = EARLY
    before: tuple[str, ...] = ()
    kept_apart: bool = False

    def ask(self, key: str = KEY) -> Answer:
        token = link() if self.bearer else ""
        return ask(self.handler.handler, self.route, self.body, role=self.role, key=key, bearer=token)


def desk(act: str, body: Any = None, **more: Any) -> Request:
    return Request(front_desk, f"POST {DESK}/{act}", body or {}, "staff", **more)


def mine(act: str, body: Any = None, **more: Any) -> Request:
    return Request(my_appointment, f"POST {MINE}/{act}", body or {}, bearer=True, **more)


def act(name: str, body: Any) -> Request:
    return Request(follow_ups_function, f"POST {FOLLOW_UP}/{name}", body, "staff")


def decided(name: str, body: Any) -> Request:
    return Request(follow_ups_function, f"POST {FOLLOW_UP}{name}", body, "staff")


def setting(method: str, path: str, body: Any = None) -> Request:
    return Request(catalog, f"{method} /v1/desk/{path}", body, "manager", kept_apart=True)


def of_client(name: str, body: Any) -> Request:
    return Request(clients, f"POST {CLIENT}/{name}", body, "manager", kept_apart=True)


def willing() -> Client:
    client = a_client()
    yes = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, BOOKED, "desk", "yes")
    return replace(client, consents=(*client.consents, yes))


MOVE = {"start": EVENING}
REQUESTS = {
    "book": Request(booking, BOOK, CUT),
    "book whoever is free": Request(booking, BOOK, CUT | {"start": "2026-03-02T17:00:00+08:00"}),
    "book at the basin": Request(booking, BOOK, CUT | {"service": "colour"}),
    "hold": Request(booking, HOLD, {"service": "cut", "start": EVENING, "staff": "mei"}),
    "hold whoever is free": Request(booking, HOLD, {"service": "cut", "start": EVENING}),
    "book by staff": Request(front_desk, "POST /v1/desk/appointments", CUT, "staff"),
    "book by hand": Request(front_desk, "POST /v1/desk/appointments", CUT | {"override": "a friend"}, "staff"),
    "move": mine("reschedule", MOVE),
    "move to another": mine("reschedule", MOVE | {"staff": "jun"}),
    "confirm": mine("confirm"),
    "cancel": mine("cancel", {"reason": "illness"}),
    "on my way": mine("on-my-way", {"minutes": 10}, at=ON_TIME),
    "move by staff": desk("reschedule", MOVE),
    "cancel by staff": desk("cancel", {"reason": "other"}),
    "check in": desk("check-in", at=ON_TIME),
    "at risk": desk("risk"),
    "missed": desk("no-show", at=LATE),
    "taken back": desk("reverse-no-show", {"reason": "came_after_all"}, at=LATE, before=("missed",)),
    "open a follow-up": Request(follow_ups_function, "POST /v1/desk/follow-ups", {"client": "c-1"}, "staff"),
    "priority": decided("/priority", {"priority": "urgent", "why": "She was hurt."}),
    "tier": decided("/tier", {"tier": "regular"}),
    "reassign": decided("/reassign", {"to": "jun"}),
    "resolve": decided("/resolve", {"outcome": "Booked again."}),
    "merge": decided("/merge", {"taken": "f-2"}),
    "note": act("note", {"note": "She likes tea."}),
    "business": setting("PUT", "business", LOTUS),
    "service": setting("PUT", "services/wash", {"name": "Wash", "duration": 30, "staff": ["mei"]}),
    "staff": setting("PUT", "staff/an", {"name": "An", "hours": DAY_OF_WORK}),
    "room": setting("PUT", "rooms/chair", {"name": "Chair"}),
    "text": setting("PUT", "texts/en/confirmation", {"button": "See it"}),
    "no service": setting("DELETE", "services/colour"),
    "no staff": setting("DELETE", "staff/jun"),
    "no room": setting("DELETE", "rooms/spare"),
    "no text": setting("DELETE", "texts/en/cancelled"),
    "policy": Request(
        follow_up_policy,
        "PUT /v1/desk/follow-up-policy",
        {"rows": [{"first_response": 120}], "levels": [{"role": "owner"}]},
        "manager",
        kept_apart=True,
    ),
    "consent": of_client(
        "consents",
        {"channel": "email", "purpose": "transactional", "said": "withdrawn", "how": "phone", "words": "No more."},
    ),
    "preferences": of_client("preferences", {"locale": "en"}),
    "contacts": of_client("contacts", {"phone": "13812345678"}),
    "enter a client": Request(
        clients,
        "POST /v1/desk/clients",
        {"name": "Wang Fang", "phone": "13911112222", "note": "Comes with her dog"},
        "staff",
        kept_apart=True,
    ),
    "edit a client": Request(
        clients,
        f"PATCH {CLIENT}",
        {"tags": ["colour"], "revision": revision(willing())},
        "staff",
        kept_apart=True,
    ),
    "note on a client": Request(clients, f"POST {CLIENT}/notes", {"text": "Peanut allergy"}, "staff", kept_apart=True),
    "invite": Request(clients, f"POST {CLIENT}/invite", {"service": "cut"}, "staff", kept_apart=True),
    "keep local times": Request(front_desk, "POST /v1/desk/local-times", {"keep": "instant"}, "owner", kept_apart=True),
    "put back": Request(
        put_back, "POST /v1/desk/set-aside/put-back", {"lane": "reminder", "id": "a-1"}, "manager", kept_apart=True
    ),
}
THOROUGHLY = {"book whoever is free", "hold", "move to another", "merge", "taken back"}
"""At eight of their requests; others at two."""
each = pytest.mark.parametrize("name", REQUESTS)


def the_world() -> None:
    """Li Na's hour with Mei, two follow-ups of hers, and a reminder that was set aside."""
    for model in tables.TABLES:
        with model.batch_write() as batch:
            for item in model.scan():
                batch.delete(item)
    stored.forget()
    follow_up_policies.forget()
    lotus.open_both()
    stored.put("lotus", [Resource("spare", "Spare"), OwnText("en", "cancelled", button="Oh")])
    lotus.known(willing())
    lotus.put(an_appointment())
    for id in ("f-1", "f-2"):
        lotus.open_follow_up(replace(a_follow_up(opened=EARLY - timedelta(hours=1)), id=id))
    assert aside.set_aside(Key(Lane.REMINDER, "lotus", "a-1"), now=LATE)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.api.repeats.LOOKS", 2)
    monkeypatch.setattr("kept.api.repeats.PAUSE", 0)
    monkeypatch.setattr("kept.use_cases.optimistic_retry.PAUSE", 0)


def prepare(name: str, monkeypatch: pytest.MonkeyPatch) -> Request:
    request = REQUESTS[name]
    the_world()
    monkeypatch.setattr(clock, "now", lambda: request.at)
    for first in request.before:
        assert REQUESTS[first].ask(key="another-key").status == 200
    return request


class InTheMidst:
    """Lets something happen right before the request to a table of this number (from 0), once."""

    def __init__(self, number: int, happens: Callable[[], object]) -> None:
        self.number, self.happens, self.made = number, happens, 0

    def patch(self, patched: pytest.MonkeyPatch) -> None:
        kinds: Any = BaseClient
        call = kinds._make_api_call

        def counted(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
            if client.meta.service_model.service_name == "dynamodb":
                self.made += 1
                if self.made == self.number + 1:
                    self.happens()
            return call(client, operation, request)

        patched.setattr(BaseClient, "_make_api_call", counted)


@each
def test_the_same_request_in_the_very_midst_of_itself_has_one_effect_and_one_answer(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = prepare(name, monkeypatch)
    with pytest.MonkeyPatch.context() as patched:
        midst = InTheMidst(-1, lambda: None)
        midst.patch(patched)
        first = request.ask()
    assert first.status in (200, 201), first.body
    alone = effect()
    for number in range(midst.made - 1, -1, -ceil(midst.made / (8 if name in THOROUGHLY else 2))):
        request = prepare(name, monkeypatch)
        answer, twin = at_once(request, number)
        if twin.code == "in_progress":
            assert request.kept_apart
            twin = request.ask()
        told = f"{name}, before request {number}"
        assert max(answer.status, twin.status) < 300, (told, answer.body, twin.body)
        assert answer.body == twin.body == request.ask().body, told
        assert effect() == alone, told


def at_once(request: Request, number: int) -> tuple[Answer, Answer]:
    """The answer to it, and to the one that comes right before its request of that number."""
    twins: list[Answer] = []
    with pytest.MonkeyPatch.context() as patched:
        InTheMidst(number, lambda: twins.append(request.ask())).patch(patched)
        answer = request.ask()
    return answer, twins[0]


def effect() -> dict[str, Any]:
    """How many things there are, and how often each was written about: ids and tokens differ from run to run."""
    counted: dict[str, Any] = {
        model.Meta.table_name: model.count() for model in tables.TABLES if model is not tables.CounterItem
    }
    visits = [item.id for item in tables.AppointmentItem.scan() if "#" not in item.id]
    counted["lines"] = sorted(len(appointments.load("lotus", id).history) for id in visits)
    ids = [item.id for item in tables.FollowUpItem.scan() if "#" not in item.id]
    counted["follow-up lines"] = sorted(len(follow_ups.load("lotus", id).history) for id in ids)
    counted["entries"] = sorted(item.entries.count("[") for item in tables.DayPageItem.scan())
    return counted


@each
def test_the_key_for_another_body_is_refused_and_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = prepare(name, monkeypatch)
    request.ask()
    done = lotus.everything()
    answer = replace(request, body=(request.body or {}) | {"note": "another"}).ask()
    assert answer.status == 422, answer.body
    assert lotus.everything() == done


KEPT_APART = [name for name, request in REQUESTS.items() if request.kept_apart and request.body is not None]


@pytest.mark.parametrize("name", KEPT_APART)
def test_what_was_refused_under_a_key_is_done_under_it_once_it_is_mended(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = prepare(name, monkeypatch)
    assert replace(request, body={"nothing": "of ours"}).ask().status == 422
    assert request.ask().status in (200, 201)


@pytest.mark.parametrize("name", KEPT_APART[:3])
def test_what_failed_on_the_way_is_done_under_its_key_when_it_comes_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told for minutes that it is in progress when nothing is."""
    request = prepare(name, monkeypatch)

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patched, suppress(ZeroDivisionError):
        InTheMidst(3, fail).patch(patched)
        assert request.ask().status >= 500
    assert request.ask().status in (200, 201)
