"""The files of events/, and the world in which each of them gives its normal answer.

They hold what AWS delivers, whole: links too are real ones, signed by the tests' key. An event happens at the time it
says itself.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.attendance.delay import Announced
from kept.booking.appointment import Appointment, Slot
from kept.booking.block import Block
from kept.booking.closure import ClosedTime, Closure, Scope
from kept.booking.day_page import DayPage, Entry
from kept.booking.history import AWAITING_DEPOSIT
from kept.booking.own_calendar import OwnCalendar
from kept.booking.states import Status
from kept.business.catalog import Business, Money, Resource, Service
from kept.business.change_rules import ChangeRules, Terms
from kept.business.loyalty_rules import PointsRules
from kept.business.money_rules import MoneyRules
from kept.business.own_text import OwnText
from kept.business.questions import AnswerRule, BookingVerdict, Question, QuestionKind
from kept.business.visit_stages import VisitStage
from kept.channels import Channel, Purpose
from kept.client_links.calendar_links import CalendarLink, CalendarOf, Whose, digest
from kept.client_links.links import LinkPurpose
from kept.client_links.short_links import ShortLink
from kept.client_links.tokens import LASTS
from kept.clients.client import Client, Tier
from kept.clients.consent import ConsentWord
from kept.clients.merging import Merge, merged
from kept.clients.notes import Note
from kept.clients.standing import Standing, StandingSet
from kept.events.change import AggregateChange, Kind
from kept.events.delivery import Attempt, DeliveryStatus
from kept.events.receivers import Endpoint, SigningSecret
from kept.events.telling import events_of
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import Row, ServicePolicy
from kept.lanes import Key, Lane
from kept.ledger import acts
from kept.ledger.accounts import Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance, Statement, statement
from kept.ledger.transaction import Transaction
from kept.ledger.visit_account import VisitAccount
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.storage import (
    announced_delays,
    aside,
    calendar_links,
    catalogs,
    changes_aside,
    client_notes,
    client_search,
    clients,
    closures,
    day_pages,
    event_log,
    figure_days,
    follow_up_policies,
    ledger,
    logos,
    own_calendars,
    tickets,
    waitlist,
    webhooks,
    zone_updates,
)
from kept.storage.changes_aside import Failed
from kept.storage.figure_days import Night
from kept.storage.transaction import together
from kept.storage.zone_updates import KeptBy
from kept.use_cases.events.fanning_out import of_event
from kept.waiting_room.ticket import Ticket
from kept.waitlist.entry import Offer, WaitlistEntry
from kept.waitlist.opening import FreedBy, LiveOffer, Opening
from kept.waitlist.wish import Wish
from tests import lotus
from tests.builders import BOOKED, CUT, STARTS, a_client, a_member, an_appointment, an_appointment_asked_for
from tests.templates import asked

MORNING = STARTS - timedelta(hours=9, minutes=30)
"""07:30 in Shanghai on that Monday."""
MEI = Actor("staff", "mei")
MISSED = because(Code.FEE_NO_SHOW)
SHORT = ShortLink(LinkPurpose.MANAGE_BY_PHONE, "lotus", "a-1", an_appointment().ends + LASTS)
"""What a text message about a-1 leads to."""
CALENDAR = "T1lzbpYk0RZxv2d3mWqk8uJcE5a7hGsN"
"""What stands in the address of Mei's calendar; backwards, in that of Li Na's."""
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGMQCdYFIgYIBQAP2gJRzujABwAAAABJRU5ErkJggg=="
)
"""Four pixels of the salon's green."""
PICTURE_BEFORE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40 + b"\xff\xd9"
STAGES = (VisitStage("Wash", 15), VisitStage("Cut", 45))
TINT = Service(
    "tint",
    "Tint",
    60,
    staff=("mei",),
    questions=(
        Question(
            "age",
            "How old are you?",
            QuestionKind.NUMBER,
            rules=(AnswerRule(BookingVerdict.DECLINE, under=16, text="From 16 on.", call=True),),
        ),
    ),
)
"""Not for everybody."""
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
    def is_of_a_stream(self) -> bool:
        return any(record["eventSource"] == "aws:dynamodb" for record in self.event.get("Records", ()))

    @property
    def is_of_a_queue(self) -> bool:
        return "Records" in self.event and not self.is_of_a_stream

    @property
    def happens(self) -> datetime:
        """A queue's record is looked at when it was sent."""
        if self.is_request:
            return _instant(self.event["requestContext"]["timeEpoch"])
        if "time" in self.event:
            return datetime.fromisoformat(self.event["time"])
        if self.is_of_a_stream:
            return _instant(self.event["Records"][0]["dynamodb"]["ApproximateCreationDateTime"] * 1000)
        return _instant(self.event["Records"][0]["attributes"]["SentTimestamp"])


def samples() -> list[Sample]:
    files = sorted(FOLDER.rglob("*.json"))
    return [Sample(file.parent.name, file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files]


def the_world() -> None:
    """Li Na's Monday: a-1 at 17:00, a-2 (at risk, reminded of) at 19:00, a-3 where she has arrived, a-4 and a-5
    where not; and what she has only asked for, a-7 to a-9, on the next days."""
    lotus.open_both()
    lotus.store(replace(lotus.the_salon(), services={}, rooms={}, staff={"mei": a_member("mei")}), day_list_at=MORNING)
    text, washed = OwnText("zh-Hans", "two_days", button="我来决定"), replace(CUT, visit_stages=STAGES)
    catalogs.put("lotus", [_on_wechat(), text, Resource("chair", "Chair"), TINT, washed])
    for owner in ("mei", "jun"):
        lotus.let_in(f"{owner}@lotus.example", "owner", staff=owner, password="Lotus-2026-tea")
    lotus.let_in("bo@lotus.example")
    lotus.let_in("sam@garage.example", "owner", business="garage", staff="sam", password="Garage-2026-oil")
    for content, kind in ((PICTURE_BEFORE, "jpg"), (PICTURE, "png")):
        logos.put("lotus", content, kind, Change(MEI, lotus.NOW))
    lotus.known()
    lotus.known(_undecided())
    lotus.known(_once_more())
    lotus.known(_dismissed())
    _searched()
    assert lotus.short(SHORT).endswith("/k/m2ezpcd66g26")
    for token, whose in ((CALENDAR, (Whose.STAFF, "mei")), (CALENDAR[::-1], (Whose.CLIENT, "c-1"))):
        link = CalendarLink(CalendarOf("lotus", *whose), made_at=BOOKED, asked_at=BOOKED)
        calendar_links.put_new(digest(token), link, over=[], last=None)
    for appointment in _appointments():
        lotus.put(appointment)
    lotus.block(_lunch())
    closures.save(_closed(), over=None)
    lotus.say(_confirmation())
    lotus.say(_reminder_sent())
    for follow_up in (_opened_by_the_no_show(), _thanked(), _over(), _asks_for_terms()):
        lotus.open_follow_up(follow_up)
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(2, rows=(Row(timedelta(hours=4)),)), transaction)
        zone_updates.put(KeptBy("lotus", MORNING + timedelta(minutes=1)), of=None, transaction=transaction)
        taken = Note("n-0", "Likes tea", "mei", BOOKED)
        client_notes.keep_taken(_undecided(), taken, transaction, until=MORNING + timedelta(days=1))
    _owes()
    figure_days.begin(Night("lotus", None, MORNING + timedelta(minutes=1)))
    _put_back()
    _heard_elsewhere()
    of_mei = OwnCalendar("lotus", "mei", "https://calendars.example/mei.ics", BOOKED, "mei")
    own_calendars.put(of_mei, over=None, due_at=MORNING + timedelta(days=1))
    _waits()


def _waits() -> None:
    """Li Na waits for a cut in March; an hour of Jun's came free on Tuesday and nobody was asked yet, another in
    the week after is held for her."""
    wish = Wish(("cut",), date(2026, 3, 1), date(2026, 3, 31))
    entries = [WaitlistEntry("lotus", f"c-1-w{n}", "c-1", wish, BOOKED) for n in (1, 2)]
    starts = [datetime(2026, 3, day, 7, tzinfo=UTC) for day in (3, 12)]
    freed = [
        Opening("lotus", f"o-{n}", "jun", at, at + timedelta(hours=1), FreedBy.CANCELLED, BOOKED)
        for n, at in enumerate(starts, start=1)
    ]
    slot = Slot(starts[1], starts[1] + timedelta(hours=1), "jun", days=(date(2026, 3, 12),))
    until, hold = starts[0], "offer#o-2-1"
    offer = Offer("o-2-1", "o-2", "cut", "jun", slot.starts, slot.ends, BOOKED, until, hold)
    entries[1] = entries[1].offered(offer, Change(KEPT, BOOKED))
    freed[1] = freed[1].with_offers(LiveOffer("c-1-w2", "o-2-1", slot, until, hold))
    starts_at, ends_at, over_at = (int(at.timestamp()) for at in (slot.starts, slot.ends, until))
    held = Entry(hold, starts_at // 60, ends_at // 60, hold_until=over_at)
    day_pages.put_alone("lotus", DayPage("staff:jun", date(2026, 3, 12), entries=(held,)))
    with together() as transaction:
        for entry, opening in zip(entries, freed, strict=True):
            waitlist.put(entry, transaction, ends=wish.ends(ZoneInfo("Asia/Shanghai")))
            waitlist.put_opening(opening, transaction, due_at=until)
    for number in (1, 2):
        ticket = Ticket("lotus", date(2026, 3, 2), number, "cut", came_at=MORNING)
        tickets.put(ticket if number == 1 else ticket.begin("a-22", at=MORNING), over=None)
    elsewhere = Ticket("lotus", date(2026, 3, 2), 3, "cut", came_at=MORNING)
    tickets.put(elsewhere.ask_to_be_told("c-1", at=MORNING), over=None)
    announced_delays.put("lotus", Announced("mei", 20, BOOKED, str(MEI)))


def _owes() -> None:
    """Li Na a hundred yuan for a-4, of which she has paid thirty; and she has points of visits long ago."""
    before = ledger.balance("lotus", "c-1", "CNY")

    def how(act: str) -> Occasion:
        return Occasion(ledger.line_id("c-1", "a-4", act), str(MEI), BOOKED, BOOKED.date(), "a-4", MISSED)

    fee = acts.fee(Statement(before), how("v1-fee"), Money(10_000, "CNY"))
    paid = acts.paid(Statement(before.after(fee)), how("paid-1"), Money(3_000, "CNY"), Means.CASH)
    points = acts.points(Statement(before), how("points-1"), 120)
    lines = [fee, paid, points, *_deposits(before.after(fee, paid, points))]
    with together() as transaction:
        ledger.put(before, lines, transaction)


def _deposits(before: Balance) -> Iterator[Transaction]:
    """A hundred yuan are asked for a-17, and were paid for a-18, which was given up in time."""
    hundred = Money(10_000, "CNY")

    def how(visit: str, act: str) -> Occasion:
        return Occasion(ledger.line_id("c-1", visit, act), str(MEI), BOOKED, BOOKED.date(), visit)

    yield acts.deposit_asked(statement(before, []), how("a-17", "v1-deposit-asked"), hundred)
    account = VisitAccount(before, [])
    account.add(acts.deposit_asked(account.now, how("a-18", "v1-deposit-asked"), hundred))
    account.add(acts.deposit_paid(account.now, how("a-18", "deposit-paid-1"), hundred, Means.CASH))
    account.add(acts.deposit_returned(account.now, how("a-18", "v1-deposit-returned"), hundred))
    yield from account.made


def _put_back() -> None:
    """A change that the figures could not take in, which is to be tried again."""
    changes_aside.put("lotus", Failed("figures", Kind.APPOINTMENT, "a-1", BOOKED, "1", "LookupError"))
    aside.put_back(Key(Lane.EVENT, "lotus", changes_aside.name("figures", Kind.APPOINTMENT, "a-1")))


def _heard_elsewhere() -> None:
    """The till hears of everything, and has not answered for days when a-1 was booked."""
    till = Endpoint("lotus", "till", "https://till.lotus.example/kept", SigningSecret("k1", 1), BOOKED, "jun")
    webhooks.put_endpoint(till, over=None)
    booked = replace(an_appointment(), revision=1)
    (event,) = events_of(AggregateChange("lotus", Kind.APPOINTMENT, "a-1", None, booked, BOOKED, "1"))
    event_log.put(event, now=BOOKED)
    said = Attempt(BOOKED, 500, 12, "Internal Server Error")
    given_up = of_event(replace(event, id="evt_0"), till, now=BOOKED).answered(said).over(DeliveryStatus.GIVEN_UP)
    webhooks.put(given_up)


def _on_wechat() -> Business:
    """The salon, which can be asked for a reminder there; staff may let a client off fifty yuan, and points buy."""
    bought = PointsRules(per_visit=10, price=100, credit=2_000)
    business = replace(lotus.the_salon().business, money=MoneyRules(staff_waives=5_000), points=bought)
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
    missed = at(-1, "a-5").mark_no_show(Change(KEPT, STARTS - timedelta(minutes=45)), evidence=())
    yield missed.raise_dispute(Change(CLIENT, STARTS - timedelta(minutes=15), "I was there"), within=timedelta(days=14))
    yield at(26, "a-6").cancel(Change(CLIENT, BOOKED, "need"), rules=ChangeRules())
    with_deposit = Terms(timedelta(hours=48), timedelta(minutes=15), currency="CNY", deposit=10_000)
    asked = replace(at(50, "a-17"), accepted=with_deposit, status=Status.AWAITING_DEPOSIT, history=())
    asked = replace(asked, held_until=STARTS + timedelta(hours=48))
    yield asked.noted(AWAITING_DEPOSIT, Change(CLIENT, BOOKED))
    given_up = replace(at(74, "a-18"), accepted=with_deposit)
    yield given_up.cancel(Change(CLIENT, BOOKED, "need"), rules=ChangeRules())
    for hours, id, until in ((27, "a-7", 20), (29, "a-8", 20), (31, "a-9", 3)):
        starts = STARTS + timedelta(hours=hours)
        yield an_appointment_asked_for(id, starts=starts, until=STARTS + timedelta(hours=until))
    yield at(98, "a-21").tell_delay(20, Change(KEPT, BOOKED))
    arrived = at(-3, "a-22").check_in(Change(CLIENT, STARTS - timedelta(hours=3)))
    yield arrived.begin(Change(MEI, STARTS - timedelta(hours=3)))
    yield at(-4, "a-4").mark_no_show(Change(KEPT, STARTS - timedelta(hours=4)), evidence=())


def _lunch() -> Block:
    """Mei's, from eleven to twelve."""
    starts = STARTS - timedelta(hours=6)
    return Block("lotus", "b-1", Slot(starts, starts + timedelta(hours=1), "mei"), "lunch", "mei")


def _closed() -> Closure:
    """The house, for an hour of the evening in which nobody is booked."""
    starts = STARTS + timedelta(hours=2)
    return Closure(
        "lotus", "cl-1", ClosedTime(Scope.HOUSE, "", starts, starts + timedelta(hours=1)), "storm", "mei", BOOKED
    )


def _searched() -> None:
    """Clients were searched for before, and Zhao Lei and Wang Fang are in the index; Li Na is not yet."""
    for id in ("c-2", "c-3", "c-4"):
        clients.put_indexed(clients.records("lotus", [id])[id])
    client_search.begin("lotus")
    client_search.go_on("lotus", 1, None)


def _undecided() -> Client:
    """Zhao Lei asked for invitations by e-mail, agreed to them by text message, and cannot be reached by that."""
    (told,) = a_client().consents
    asked = replace(told, purpose=Purpose.PROMOTIONAL, said=ConsentWord.ASKED_FOR)
    by_text = replace(told, purpose=Purpose.PROMOTIONAL, channel=Channel.SMS)
    zhao = replace(a_client(), id="c-2", name="Zhao Lei", phone="+8613700001111", email="zhao@example.com")
    zhao = replace(zhao, consents=(told, asked, by_text), notes=(Note("n-1", "Peanut allergy", "mei", told.at),))
    zhao = replace(zhao, standing_set=StandingSet(Standing.GOOD, "She was ill.", "mei", told.at))
    zhao = zhao.stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=told.at)
    return merged(zhao, _as_entered(), Merge("mei", BOOKED))[0]


def _once_more() -> Client:
    """Zhao Lei, who was entered twice; both were just made one."""
    return replace(_as_entered(), merged_into="c-2")


def _dismissed() -> Client:
    """Wang Fang, whom the salon sees no more."""
    wang = replace(a_client(), id="c-4", name="Wang Fang", phone="+8613700002222", email="wang@example.com")
    return replace(wang, standing_set=StandingSet(Standing.DISMISSED, "She shouted at Bo.", "jun", BOOKED))


def _as_entered() -> Client:
    return replace(a_client(), id="c-3", name="赵磊", email=None, consents=())


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


def _asks_for_terms() -> FollowUp:
    """She comes often; it was opened while she was no VIP yet, so nobody is reminded of it on that Monday."""
    return open_for(
        a_client(Tier.REGULAR),
        "c-1-terms_review-2026-03-02",
        cause=OpenedBy.TERMS_REVIEW,
        about="",
        assignee="mei",
        policy=lotus.the_salon().follow_up_policy,
        change=Change(KEPT, STARTS - timedelta(hours=3), str(because(Code.COMES_OFTEN, kept=6, missed=0, late=1))),
    )


def _over() -> FollowUp:
    asked = replace(_opened_by_the_no_show(), id="f-over", about="")
    return asked.resolve(Change(MEI, asked.opened_at + timedelta(minutes=5)))


def _instant(milliseconds: int | str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
