"""What a function needs of AWS on few days only: a record that fails in part, a lane, a provider, a call not needed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.stub import Stubber

import client_pages
import follow_ups as follow_ups_function
import my_appointment
import put_back
from kept import clock
from kept.channels import Channel
from kept.client_links.tokens import manage_token
from kept.clients.booked_as import BookedAs
from kept.follow_up.assignment import Rule
from kept.follow_up.policy import ServicePolicy
from kept.lanes import Key, Lane
from kept.runtime import aws
from kept.storage import catalogs, follow_up_policies, follow_ups, messages
from kept.storage.aside import set_aside
from kept.storage.due_tables import TABLES
from kept.storage.transaction import together
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.asking import an_http_event, ask
from tests.builders import STARTS, a_follow_up, an_appointment
from tests.functions.answering import a_text, take
from tests.functions.conftest import GATEWAYS
from tests.functions.outbox import NOON, opened, owed, reached_by, stored, work
from tests.functions.test_field_business_acts import (
    BY_TEXT,
    begin,
    by_mei,
    calls,
    reassigns,
    run_to_the_end,
    takes_back,
)
from tests.sample_events import the_world
from tests.stopping import records

LANES = {
    "reminder_worker": (Lane.REMINDER, "TOUCHPOINTS_QUEUE"),
    "attendance_worker": (Lane.ATTENDANCE, "ATTENDANCE_QUEUE"),
    "follow_up_worker": (Lane.FOLLOW_UP, "FOLLOW_UPS_QUEUE"),
    "message_sender": (Lane.MESSAGE, "MESSAGES_QUEUE"),
    "due_worker": (Lane.DAY_LIST, "DUE_QUEUE"),
}


def key(lane: Lane, id: str) -> dict[str, str]:
    return {"lane": lane, "business": "lotus", "id": id}


@pytest.mark.parametrize("worker", LANES)
def test_what_fails_of_a_record_of_several_comes_again_alone(
    worker: str, monkeypatch: pytest.MonkeyPatch, queued: Callable[[str], list[dict[str, Any]]]
) -> None:
    """So that nothing is set aside with its neighbour."""

    def fails(*_: object) -> None:
        raise LookupError

    for module, name in ((messages, "find"), (catalogs, "load"), (catalogs, "list_due")):
        monkeypatch.setattr(module, name, fails)
    lane, queue = LANES[worker]
    keys = [key(lane, f"staff#{n}") for n in range(2)]
    assert import_module(worker).handler(records(json.dumps(keys)), None) == {"batchItemFailures": []}
    assert sorted(queued(queue), key=lambda one: str(one["id"])) == keys


SET_ASIDE = {
    Lane.REMINDER: "a-1",
    Lane.FOLLOW_UP: "a-4-v1-no_show",
    Lane.MESSAGE: "a-1#v1#confirmation#email",
    Lane.DAY_LIST: "staff#mei",
}


@pytest.mark.parametrize(("lane", "id"), SET_ASIDE.items(), ids=SET_ASIDE)
def test_a_manager_puts_back_what_was_set_aside_of_any_lane(lane: Lane, id: str) -> None:
    the_world()
    assert set_aside(Key(lane, "lotus", id), now=STARTS + timedelta(days=30))
    wanted = {"lane": lane, "id": id}
    assert ask(put_back.handler, "POST /v1/desk/set-aside/put-back", wanted, role="manager").status == 200
    assert TABLES[lane].get("lotus", id).due_lane.startswith(lane)


SENT: dict[Channel, tuple[str, str, dict[str, Any]]] = {
    Channel.EMAIL: ("sesv2", "send_email", {"MessageId": "p-1"}),
    Channel.SMS: ("pinpoint-sms-voice-v2", "send_text_message", {"MessageId": "p-1"}),
    Channel.WHATSAPP: ("socialmessaging", "send_whatsapp_message", {"messageId": "p-1"}),
}


@pytest.mark.parametrize("channel", SENT)
def test_the_sender_asks_the_provider_of_each_channel(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a request that its own description takes, which providers in memory do not look at."""
    opened(monkeypatch, reached_by(channel))
    monkeypatch.setattr(provider_clients, "aws", aws)
    service, operation, answer = SENT[channel]
    message = owed(channel)
    with Stubber(aws(service, attempts=1)) as provider:
        provider.add_response(operation, answer)
        work(message)
        provider.assert_no_pending_responses()
    assert stored(message).status == "sent"


def test_the_sender_reads_where_a_business_has_its_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Http:
        def request(self, method: str, url: str, **_: object) -> Any:  # noqa: ARG002
            asked.append(url)
            return SimpleNamespace(status=200, data=b"{}")

    opened(monkeypatch, reached_by(Channel.WEBHOOK), (Channel.WEBHOOK,))
    monkeypatch.setattr(provider_clients, "aws", aws)
    monkeypatch.setattr(provider_clients, "_http", Http)
    work(owed(Channel.WEBHOOK))
    assert asked == [GATEWAYS["lotus"]["webhook"]["url"]]


def test_whoever_else_has_the_address_that_a_visit_was_booked_with_is_asked_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is none of the client's own, and nobody's either: it is written to."""
    opened(monkeypatch, reached_by(Channel.EMAIL))
    typed = BookedAs("Anna", "en", email="anna@river.example", agreed=(Channel.EMAIL,))
    lotus.put(replace(an_appointment("a-9", starts=STARTS + timedelta(hours=3)), booked_as=typed))
    message = owed(Channel.EMAIL, about="a-9")
    work(message)
    assert stored(message).status == "sent"


CONFIRMS: dict[str, Callable[[str], int]] = {
    "by the API": lambda token: ask(my_appointment.handler, "POST /v1/appointment/confirm", {}, bearer=token).status,
    "on the page": lambda token: client_pages.handler(an_http_event(f"POST /a/{token}/confirm"), None)["statusCode"],
}


@pytest.mark.parametrize("confirms", CONFIRMS.values(), ids=CONFIRMS)
def test_whoever_confirms_by_link_need_not_be_called(
    confirms: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(monkeypatch, takes_back(BY_TEXT, Channel.SMS))
    moved = reassigns(by_mei())
    run_to_the_end()
    assert len(calls()) == 1
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    assert confirms(manage_token(moved)) < 400
    assert calls() == []


def opened_by_hand() -> None:
    body = {"client": "c-1"}
    assert ask(follow_ups_function.handler, "POST /v1/desk/follow-ups", body, role="owner", staff="office").status < 300


def opened_by_a_reply() -> None:
    take(a_text("is there parking for a horse behind the house", "in-1"), now=NOON)


@pytest.mark.parametrize("opens", [opened_by_hand, opened_by_a_reply])
def test_a_new_follow_up_goes_to_the_next_in_turn(opens: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """After whoever got the last; who opens it is nobody of the staff, or a client who wrote."""
    lotus.store(lotus.the_salon())
    lotus.known(reached_by(Channel.SMS))
    lotus.put(an_appointment())
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(assignment=Rule.ROUND_ROBIN), transaction)
    catalogs.forget()
    monkeypatch.setattr(clock, "now", lambda: NOON)
    last = follow_ups.put_alone(replace(a_follow_up(assignee="bo", opened=NOON - timedelta(days=1)), id="f-last"))
    opens()
    (new,) = [one for one in follow_ups.board("lotus").follow_ups if one.id != last.id]
    assert new.assignee == "jun"
