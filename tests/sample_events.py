"""The files of events/, and the world in which each of them gives its normal answer.

They hold what AWS delivers, whole: links too are real ones, signed by the tests' key. An event happens at the time it
says itself.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Business, Resource
from kept.business.own_text import OwnText
from kept.channels import Channel, Purpose
from kept.client_links.links import LinkPurpose
from kept.client_links.short_links import ShortLink
from kept.client_links.tokens import LASTS
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import Row, ServicePolicy
from kept.lanes import Key, Lane
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.storage import aside, catalogs, follow_up_policies, zone_updates
from kept.storage.transaction import together
from kept.storage.zone_updates import KeptBy
from tests import lotus
from tests.builders import BOOKED, STARTS, a_client, a_member, an_appointment
from tests.templates import asked

MORNING = STARTS - timedelta(hours=9, minutes=30)
"""07:30 in Shanghai on that Monday."""
MEI = Actor("staff", "mei")
SHORT = ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", an_appointment().ends + LASTS)
"""What a text message about a-1 leads to."""
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "events"


@dataclass(frozen=True, slots=True)
class Sample:
    """One file, for the function that its folder is named after."""

    function: str
    name: str
    event: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.function}/{self.name}"

    @property
    def route(self) -> str | None:
        """Of its function's own router; "" where it has none for this, None of what is no request."""
        if "routeKey" not in self.event:
            return None
        return asked(self.function, self.event["requestContext"]["http"]["method"], self.event["rawPath"])

    @property
    def is_request(self) -> bool:
        return "routeKey" in self.event

    @property
    def happens(self) -> datetime:
        """A queue's record is looked at when it was sent."""
        if self.is_request:
            return _instant(self.event["requestContext"]["timeEpoch"])
        if "time" in self.event:
            return datetime.fromisoformat(self.event["time"])
        return _instant(self.event["Records"][0]["attributes"]["SentTimestamp"])


def samples() -> list[Sample]:
    files = sorted(FOLDER.rglob("*.json"))
    return [Sample(file.parent.name, file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files]


def the_world() -> None:
    """Li Na's Monday: a-1 at 17:00, a-2 (at risk, reminded of) at 19:00, a-3 where she has arrived, a-4 and a-5
    where not."""
    lotus.open_both()
    lotus.store(replace(lotus.the_salon(), services={}, rooms={}, staff={"mei": a_member("mei")}), day_list_at=MORNING)
    catalogs.put("lotus", [_on_wechat(), OwnText("zh-Hans", "two_days", button="我来决定"), Resource("chair", "Chair")])
    lotus.known()
    lotus.known(_undecided())
    assert lotus.short(SHORT).endswith("/k/m2ezpcd66g26")
    for appointment in _appointments():
        lotus.put(appointment)
    lotus.say(_confirmation())
    lotus.say(_reminder_sent())
    for follow_up in (_opened_by_the_no_show(), _thanked(), _over()):
        lotus.open_follow_up(follow_up)
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(2, rows=(Row(timedelta(hours=4)),)), transaction)
        zone_updates.put(KeptBy("lotus", MORNING + timedelta(minutes=1)), of=None, transaction=transaction)


def _on_wechat() -> Business:
    """The salon, which can be asked for a reminder there."""
    business = lotus.the_salon().business
    once = {"wechat_once/reminder": "KT-remind-01 thing1=service"}
    return replace(business, channels=(*business.channels, Channel.WECHAT), templates={**business.templates, **once})


def something_set_aside() -> None:
    """A confirmation that could not be sent, whatever was tried."""
    booked = an_appointment("a-2", starts=STARTS + timedelta(hours=2))
    message = _told_of(booked)
    lotus.say(message)
    assert aside.set_aside(Key(Lane.MESSAGE, "lotus", message.id), now=booked.booked_at)


def _appointments() -> Iterable[Appointment]:
    def at(hours: int, id: str) -> Appointment:
        return an_appointment(id, starts=STARTS + timedelta(hours=hours))

    yield at(0, "a-1")
    yield at(2, "a-2").risk(Change(KEPT, BOOKED), high=True).looked(STARTS)
    yield at(-2, "a-3").check_in(Change(CLIENT, STARTS - timedelta(hours=2)))
    yield at(-1, "a-5").mark_no_show(Change(KEPT, STARTS - timedelta(minutes=45)), evidence=())
    yield at(-4, "a-4").mark_no_show(Change(KEPT, STARTS - timedelta(hours=4)), evidence=())


def _undecided() -> Client:
    """Zhao Lei asked for invitations by e-mail, agreed to them by text message, and cannot be reached by that."""
    (told,) = a_client().consents
    asked = replace(told, purpose=Purpose.PROMOTIONAL, said=ConsentWord.ASKED_FOR)
    by_text = replace(told, purpose=Purpose.PROMOTIONAL, channel=Channel.SMS)
    zhao = replace(a_client(), id="c-2", name="Zhao Lei", phone="+8613700001111", email="zhao@example.com")
    zhao = replace(zhao, consents=(told, asked, by_text))
    return zhao.stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=told.at)


def _confirmation() -> Message:
    booked = an_appointment()
    return _told_of(booked)


def _reminder_sent() -> Message:
    booked = an_appointment()
    sent_at = booked.booked_at + timedelta(minutes=5)
    reminder = to_client(booked, a_client(), lotus.the_salon().business, "two_days", now=booked.booked_at)
    return reminder.claimed(until=sent_at).sent(at=sent_at, provider_id="0100017093aea123-4567")


def _told_of(booked: Appointment) -> Message:
    business = lotus.the_salon().business
    return to_client(booked, a_client(), business, "confirmation", now=booked.booked_at, useful_until=booked.starts)


def _opened_by_the_no_show() -> FollowUp:
    return open_for(
        a_client(),
        "a-4-v1-no_show",
        cause=OpenedBy.NO_SHOW,
        about="a-4",
        assignee="mei",
        policy=lotus.the_salon().follow_up_policy,
        change=Change(KEPT, STARTS - timedelta(hours=4)),
    )


def _thanked() -> FollowUp:
    """She was answered, wrote back, and is waited for."""
    asked = replace(_opened_by_the_no_show(), id="f-thanks", about="")
    for what, by, minutes in ((What.ANSWERED, MEI, 5), (What.CLIENT_WROTE, CLIENT, 10), (What.WAITING, MEI, 15)):
        said = line(what, Change(by, asked.opened_at + timedelta(minutes=minutes)))
        asked = asked.record(said, {1: ServicePolicy()}, now=said.at)
    return asked


def _over() -> FollowUp:
    asked = replace(_opened_by_the_no_show(), id="f-over", about="")
    return asked.resolve(Change(MEI, asked.opened_at + timedelta(minutes=5)))


def _instant(milliseconds: int | str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
