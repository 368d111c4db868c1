"""What the processes of a lab do. The server they are forked from imports it, so each begins like a warm Lambda."""

import json
import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, TypeVar

from pynamodb.transactions import TransactWrite

from kept import clock
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.client_links.tokens import manage_token, wait_token
from kept.clients.client import Client
from kept.due_work import sweeping
from kept.follow_up.follow_up import FollowUp
from kept.lanes import Lane
from kept.ledger import acts
from kept.ledger.balance import Statement
from kept.messaging.message import Message
from kept.reasons import Code, because
from kept.reminders.timeline import next_due
from kept.runtime import aws
from kept.storage import appointments, catalogs, clients, follow_ups, ledger, messages, tables, waitlist
from kept.storage.codec import from_json, unpacked
from kept.storage.transaction import Lost, connection, together
from kept.use_cases.events import endpoints
from kept.use_cases.money.fees import charge_fee
from kept.use_cases.outside import own_network
from kept.use_cases.policy import deposit_asking
from kept.waitlist.entry import WaitlistEntry
from kept.waitlist.opening import Opening
from kept.waitlist.wish import Wish
from tests import lotus
from tests.asking import HERE, Answer, an_http_event, ask
from tests.bench.cloud import Meter
from tests.builders import a_client
from tests.functions import waitlisting
from tests.functions.plain_browser import Browser, Form
from tests.stopping import records
from tests.streamed import Thing, of_lives
from tests.templates import due

T = TypeVar("T")

tables.RequestTimeouts.read_timeout_seconds = 60
"""A test may hold a request for longer than the product would wait."""

SWEEPS = {
    "reminder_fan_out": "TOUCHPOINTS_QUEUE",
    "no_show_detector": "ATTENDANCE_QUEUE",
    "follow_up_sla": "FOLLOW_UPS_QUEUE",
    "message": "MESSAGES_QUEUE",
    "day_list": "DUE_QUEUE",
}
"""By the function or, where several go through due_sweep, the lane."""
WORKERS = {
    "TOUCHPOINTS_QUEUE": "reminder_worker",
    "ATTENDANCE_QUEUE": "attendance_worker",
    "FOLLOW_UPS_QUEUE": "follow_up_worker",
    "MESSAGES_QUEUE": "message_sender",
    "DUE_QUEUE": "due_worker",
}
STREAMS = ("event_stream", "webhook_sender")
DOORS = ("booking", "my_appointment", "front_desk", "catalog", "client_pages")


def set_up() -> None:
    """Tables and queues, under the lab's own names."""
    for model in tables.TABLES:
        model.create_table(billing_mode="PAY_PER_REQUEST")
    for queue in WORKERS:
        aws("sqs").create_queue(QueueName=os.environ[queue].rpartition("/")[2])


def anew(catalog: Catalog, *things: Client | Appointment | FollowUp) -> None:
    """Nothing of before in tables and queues, then these."""
    for model in tables.TABLES:
        with model.batch_write() as batch:
            for item in model.scan():
                batch.delete(item)
    for queue in WORKERS:
        aws("sqs").purge_queue(QueueUrl=os.environ[queue])
    settings: list[catalogs.Thing] = [*catalog.services.values(), *catalog.staff.values(), *catalog.rooms.values()]
    catalogs.put(catalog.business.id, [catalog.business, *settings])
    for thing in things:
        with together() as transaction:
            match thing:
                case Client():
                    clients.put_new(thing, transaction)
                case Appointment():
                    appointments.put(thing, next_due(thing, catalog), transaction)
                case FollowUp():
                    follow_ups.put(thing, transaction)


def charge(visit: Appointment, minor: int, now: datetime) -> bool:
    """A fee for it, in a write of its own; whether this one wrote it."""
    try:
        with together() as transaction:
            business = catalogs.load(visit.business).business
            made = charge_fee(business, visit, minor, because(Code.FEE_NO_SHOW), transaction, Change(KEPT, now))
            if made is None:
                appointments.unchanged(appointments.load(visit.business, visit.id), transaction)
    except Lost:
        return False
    return made is not None


def ask_deposit(visit: Appointment, now: datetime) -> None:
    """In a write of its own."""
    with together() as transaction:
        deposit_asking.ask_deposit(catalogs.load(visit.business).business, visit, transaction, Change(CLIENT, now))


def money(client: str) -> tuple[int, int, list[tuple[str, int]]]:
    """Owed, waived, and each line with its amount, as they stand."""
    items = tables.LedgerItem.query("lotus", tables.LedgerItem.id.startswith(f"{client}#"), consistent_read=True)
    lines = [ledger.as_transaction(item) for item in items if not ledger.is_balance(item.id)]
    balance = ledger.balance("lotus", client, "CNY")
    assert dict(balance.after().totals) == dict(replace(balance, totals={}).after(*lines).totals)
    return balance.owed, balance.waived, [(line.what.value, line.minor) for line in lines]


def give_points(client: str, count: int, now: datetime) -> None:
    """Of visits long ago."""
    before = ledger.balance("lotus", client, "CNY")
    how = acts.Occasion(ledger.line_id(client, None, "points-1"), "kept", now, now.date())
    with together() as transaction:
        ledger.put(before, (acts.points(Statement(before), how, count),), transaction)


def points(client: str) -> tuple[int, int]:
    """And the credit."""
    balance = ledger.balance("lotus", client, "CNY")
    return balance.points, balance.credit


def work(function: str, now: datetime, *keys: tuple[str, str] | str) -> Any:
    """What a worker answers to a batch of these keys, or of bodies as they are."""
    lane = Lane.DAY_LIST if function == "due_worker" else Lane.MESSAGE
    return _handler(function, now)(records(*keys, lane=lane), None)


def sweep(what: str, now: datetime) -> int:
    """How many a sweep, or a sweep of that lane, hands over."""
    if what in set(Lane):
        done: dict[str, int] = _handler("due_sweep", now)(due(what, now), None)
    else:
        done = _handler(what, now)({"time": now.isoformat()}, None)
    return done["handed_over"]


def catch_up(now: datetime) -> None:
    """All that the schedules and the queues do until nothing is left to be done now."""
    worked = 1
    while worked:
        for what in SWEEPS:
            sweep(what, now)
        worked = sum(_emptied(queue, now) for queue in WORKERS)


def request(
    function: str,
    now: datetime,
    route: str,
    body: object,
    key: str = "",
    bearer: str = "",
    network: str = HERE,
    role: str = "",
) -> Answer:
    """What an HTTP function answers."""
    return ask(_handler(function, now), route, body, key=key, bearer=bearer, network=network, role=role)


def desk_day(now: datetime, catalog: Catalog, people: list[Client], visits: list[Appointment]) -> dict[str, Any]:
    """What drawing that day takes, and hearing that nothing of it has changed: read units, requests, bytes."""
    meter, asked = Meter(), list[str]()
    for model in tables.TABLES:
        events = model._get_connection().connection.client.meta.events
        meter.watch(events)
        events.register("after-call.dynamodb", lambda **said: asked.append(said["model"].name))
    anew(catalog, *people)
    for visit in visits:
        lotus.put(visit)
    handler, told = _handler("front_desk", now), dict[str, Any]()
    event = an_http_event("GET /v1/desk/day", query={"on": visits[0].starts.date().isoformat()})
    claims = {"custom:business": catalog.business.id, "custom:staff": "mei", "cognito:groups": "[staff]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    event["headers"] |= {"accept-encoding": "gzip"}
    for what in ("catalog", "whole", "unchanged"):
        asked.clear()
        answer: dict[str, Any] = {}
        units = meter.of(lambda answer=answer: answer.update(handler(event, None)))  # type: ignore[misc]
        told[what] = (answer["statusCode"], units.reads, list(asked), len(b64decode(answer["body"] or "")))
        event["headers"] |= {"if-none-match": answer["headers"]["ETag"]} if what == "whole" else {}
    return told


def a_waitlist(catalog: Catalog, visits: list[Appointment], waits: dict[str, list[Wish]], since: datetime) -> list[str]:
    """Visits in their places in the book, and people with what each waits for, in this order; nobody was told anything.
    The names of their entries."""
    anew(catalog, a_client())
    for visit in visits:
        lotus.put(visit)
    people = [waitlisting.person(id) for id in waits]
    entries = [
        WaitlistEntry("lotus", f"{id}-w{n}", id, wish, since + timedelta(seconds=place))
        for place, (id, wishes) in enumerate(waits.items())
        for n, wish in enumerate(wishes, start=1)
    ]
    _several_at_a_time(people, clients.put_new)
    zone = catalog.business.zone
    _several_at_a_time(entries, lambda it, transaction: waitlist.put(it, transaction, ends=it.wish.ends(zone)))
    return [entry.id for entry in entries]


def calls_off(now: datetime, *ids: str) -> None:
    """Their clients, one visit after the other; each as the stream tells of it."""
    for id in ids:
        waitlisting.called_off(now, id)


def looks(now: datetime, opening: str) -> Any:
    """What the worker answers who is told to look at some freed time."""
    key = waitlist.opening_key("lotus", opening)
    return _handler("due_worker", now)(records(("lotus", key.id), lane=key.lane), None)


def stream_tells(now: datetime, *ids: str) -> None:
    """Of visits that were booked."""
    for id in ids:
        waitlisting.streamed(None, appointments.load("lotus", id), now)


def works_off(now: datetime) -> int:
    """Whatever is due of the waitlist, swept and from the queue, until nothing is left; how many keys it was. What
    cannot be done for others who are at it stays due, and is done by them or the next."""
    done = 0
    while due := sweeping.sweep(Lane.EVENT, until=now).handed_over + _emptied("DUE_QUEUE", now, busy=True):
        done += due
    return done


def sends(now: datetime) -> None:
    """Whatever waits to be sent."""
    while _emptied("MESSAGES_QUEUE", now):
        pass


def takes(now: datetime, entry: str, offer: str) -> tuple[int, list[str]]:
    """By the button of their page: what is answered, and where its links lead."""
    path = f"/w/{wait_token('lotus', entry, now=now)}/take"
    press = Form(path, "post", fields=[("offer", offer)], buttons=[("", "", "")])
    page = Browser(_handler("client_pages", now), "en").press(press)
    return page.status, [href for _, href in page.links]


def keeps_their_place(now: datetime, visit: str) -> Answer:
    """Whoever was told of a delay, by the link of their appointment."""
    token = manage_token(appointments.load("lotus", visit))
    return request("my_appointment", now, "POST /v1/appointment/wait", {}, bearer=token)


def waitlist_now() -> tuple[dict[str, WaitlistEntry], list[Opening]]:
    """Whoever waits or did, and what came free."""
    over = [it.id for it in tables.WaitlistItem.query("lotus", tables.WaitlistItem.id.startswith(waitlist.WAITED))]
    entries = [*waitlist.waiting("lotus"), *(waitlist.load("lotus", id.partition("#")[2]) for id in over)]
    return {entry.id: entry for entry in entries}, waitlist.openings("lotus")


def messages_now() -> list[Message]:
    """Every one, as it stands."""
    return [messages.as_message(it) for it in tables.MessageItem.scan()]


def visits_now() -> list[Appointment]:
    """Every one, as it stands."""
    return [appointments.as_appointment(it) for it in tables.AppointmentItem.scan()]


def several(*wanted: tuple[Any, ...]) -> list[Any]:
    """Other jobs, one after the other."""
    return [globals()[job](*arguments) for job, *arguments in wanted]


def change(appointment: Appointment, catalog: Catalog) -> None:
    """Somebody else writes the appointment."""
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalog), transaction)


def anew_and_heard(now: datetime, url: str, catalog: Catalog, *things: Client | Appointment | FollowUp) -> None:
    """And an endpoint of the business that hears of all its events, on this machine."""
    anew(catalog, *things)
    own_network.is_allowed = lambda *_: True
    wanted = endpoints.Wanted(url, (), "", None)
    endpoints.save("lotus", "books", wanted, Change(Actor("staff", "jun"), now))


def read_stream(now: datetime, lives: list[list[Thing]], order: int = 1) -> Any:
    """What the reader of the streams answers to a batch of all these writes (-1: the last of them first), and what it
    has written then."""
    answer = _handler("event_stream", now)({"Records": list(of_lives(lives, now))[::order]}, None)
    return {"answer": answer, **told()}


def call(now: datetime) -> Any:
    """What the endpoint is called with, all that waits for it."""
    own_network.is_allowed = lambda *_: True
    return _handler("webhook_sender", now)({"business": "lotus", "endpoint": "books"}, None)


def told() -> dict[str, Any]:
    """What the reader of the streams has written: the log in its order, by thing; who is to hear of it, facts as they
    are and where they stood, days to be added up, and what was set aside."""
    events = list(tables.EventItem.scan())
    log = sorted((item for item in events if item.listing == "log#lotus"), key=lambda item: int(item.listed_at))
    facts = list(tables.FactItem.scan())
    return {
        "log": _by_thing(json.loads(item.body) for item in log),
        "deliveries": {it.id: it.body for it in events if it.id.startswith("delivery#")},
        "called": [it.due_at is not None for it in events if it.id.startswith("endpoint#")],
        "facts": {it.id: (int(it.version), it.body, it.reminded, it.nudged, it.won_back) for it in facts},
        "to add up": sorted(it.id for it in events if it.id.startswith("figures#")),
        "aside": [it.id for it in events if it.id.startswith("aside#")],
    }


def _by_thing(events: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        found.setdefault(event["about"]["id"], []).append(event)
    return found


def everything() -> tuple[list[Appointment], list[Message], list[FollowUp]]:
    """All that stands in the tables now."""
    return (
        [appointments.load(i.business, i.id) for i in tables.AppointmentItem.scan()],
        [m for i in tables.MessageItem.scan() if (m := messages.find(i.business, i.id))],
        [follow_ups.load(i.business, i.id) for i in tables.FollowUpItem.scan()],
    )


def pages() -> list[tuple[str, str, list[list[Any]]]]:
    """Every page of the book: its calendar and day, its entries (appointment, start, end, before, after, hold)."""
    return [(i.calendar.partition("#")[2], i.day, json.loads(unpacked(i.entries))) for i in tables.DayPageItem.scan()]


def _handler(function: str, now: datetime) -> Any:
    clock.now = lambda: now
    return import_module(function).handler


def _several_at_a_time(things: Sequence[T], put: Callable[[T, TransactWrite], object]) -> None:
    for first in range(0, len(things), 25):
        with together() as transaction:
            for thing in things[first : first + 25]:
                put(thing, transaction)


def _emptied(queue: str, now: datetime, *, busy: bool = False) -> int:
    """Brings what waits in a queue to its worker; how many there were. Some may be left undone where all are `busy`."""
    waiting = aws("sqs").receive_message(QueueUrl=os.environ[queue], MaxNumberOfMessages=10).get("Messages", [])
    for message in waiting:
        answer = work(WORKERS[queue], now, message["Body"])
        assert busy or answer == {"batchItemFailures": []}, answer
        aws("sqs").delete_message(QueueUrl=os.environ[queue], ReceiptHandle=message["ReceiptHandle"])
    return len(waiting)


def _make_ready() -> None:
    """No request is made: a connection must not be shared with the processes forked from here."""
    for name in ("due_sweep", *(what for what in SWEEPS if what not in set(Lane)), *WORKERS.values(), *DOORS, *STREAMS):
        import_module(name)
    for model in tables.TABLES:
        assert model._get_connection().connection.client
    assert connection().client
    for service in ("sqs", "sesv2", "secretsmanager", "ssm"):
        aws(service)
    for kind in (Catalog, Client, Appointment, FollowUp, Message):
        try:
            from_json(kind, "{}")
        except ValueError:
            continue


_make_ready()
