"""What happens to a booking in capacity units, as the tables say it, and 1,000 bookings in money."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from tests.bench import naive_booking
from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import STARTS, a_catalog, a_client

NOW = STARTS - timedelta(days=10)
REMINDERS = 3
# On-demand prices of us-east-1 in dollars.
WRITE, READ = 0.625e-6, 0.125e-6
SQS_REQUEST, API_REQUEST, LAMBDA_REQUEST = 0.40e-6, 1.00e-6, 0.20e-6
GB_SECOND = 0.0000133334
"""Of an arm64 Lambda; EventBridge's rules on its default bus cost nothing."""
SECONDS, GB = 0.1, 0.5
"""Assumed of one warm call; its memory is the template's."""
QUEUE_CALLS = 3
"""Send, receive and delete, of a message that travels alone."""


HOLD = {
    "booking, known client, with its message": "≤ 9 write",
    "the same on a day with 24 others": "no more",
    "events: a booking in the log": "≤ 2 write",
    "events: a message sent, in the log": "≤ 2 write",
    "reminder: sending it": "≤ 9 write with its commit",
    "money: a fee charged": "≤ 6 write",
    "money: a payment recorded": "≤ 6 write",
    "deposit: booking with one": "≤ 24 write",
    "deposit: received, and booked": "≤ 20 write",
    "deposit: cancelled too late": "≤ 26 write",
    "short link: composing the first text that says it": "≤ 1 write",
    "short link: composing one after that": "0 write",
}


def rows(cloud: Cloud) -> Iterator[Figure]:
    """Table and index writes apart; the catalog is warm, as in all but the first call of a minute."""
    costs = dict(_life(cloud))
    naive = cloud.meter.of(lambda: naive_booking.book(cloud.stack.client("dynamodb"), "capacity", "c-1"))
    for what, units in costs.items():
        beside = f"{naive} (check then write)" if what.startswith("booking, known") else ""
        yield Figure(f"units: {what}", str(units), beside, HOLD.get(what, ""))
    yield from _money(costs, naive)


def _life(cloud: Cloud) -> Iterator[tuple[str, Units]]:
    """Of one appointment, from a look at the month to its cancellation."""
    import reminder_worker
    from kept.actor import CLIENT, Change
    from kept.booking.appointment import Appointment
    from kept.reminders.timeline import next_due
    from kept.storage import appointments, catalogs, messages
    from kept.use_cases.booking.book import BookingRequest, book, hold
    from kept.use_cases.booking.change import apply_change
    from kept.use_cases.booking.moves import Move, reschedule
    from kept.use_cases.booking.open_times import ask, free
    from kept.use_cases.limits import strangers
    from kept.use_cases.messaging import client_message
    from kept.use_cases.messaging.sending import deliver

    shop = a_catalog()
    catalogs.put("lotus", [shop.business, *shop.services.values(), *shop.staff.values()])
    salon, of, change = catalogs.load("lotus"), cloud.meter.of, Change(CLIENT, NOW)
    question = ask(salon, "cut", "mei", zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    first, client = STARTS.date(), a_client()

    def wanted(starts: datetime, who: Client) -> BookingRequest:
        return BookingRequest("cut", starts, who, question.zone, "mei")

    yield "booking, new client, with its message", of(lambda: book(salon, wanted(STARTS, client), change))
    for hours in range(1, 8):
        book(salon, wanted(STARTS + timedelta(days=hours % 4, hours=hours - 7), client), change)
    booked = []
    known = wanted(STARTS + timedelta(days=1), client)
    yield "booking, known client, with its message", of(lambda: booked.append(book(salon, known, change)))
    id = booked[0].id
    yield from _events(cloud, id)
    full = STARTS + timedelta(days=6)
    _fill(full)
    yield "the same on a day with 24 others", of(lambda: book(salon, wanted(full, client), change))
    more = wanted(STARTS + timedelta(days=3, hours=1), client)
    stranger = strangers.booking(salon.business, client, "203.0.113.7", now=NOW)
    yield "the same by a stranger, counted", of(lambda: book(salon, more, change, stranger))
    yield "hold", of(lambda: hold(question, STARTS + timedelta(days=2)))
    holder = strangers.holding(salon.business, "203.0.113.7", now=NOW)
    yield "hold by a stranger, counted", of(lambda: hold(question, STARTS + timedelta(days=3, hours=-1), holder))
    yield "availability of 30 days, one person", of(lambda: free(question, first, first + timedelta(days=29)))
    _, at = next_due(appointments.load("lotus", id), salon) or (None, NOW)
    yield "reminder: its commit", of(lambda: reminder_worker.remind("lotus", id, now=at))
    said = next(message for message in messages.about("lotus", id) if message.stage == "two_days")
    yield "reminder: sending it", of(lambda: deliver(said, now=at))
    texted = book(salon, wanted(STARTS + timedelta(days=4, hours=2), a_client_by_text()), change).id
    (confirmation,) = messages.about("lotus", texted)
    by_text = client_message.to_client(confirmation, salon, now=NOW)
    assert by_text
    yield "short link: composing the first text that says it", of(lambda: by_text.parcel(now=NOW))
    yield "short link: composing one after that", of(lambda: by_text.parcel(now=NOW))
    to = STARTS + timedelta(days=5)
    yield "moving to another day", of(lambda: reschedule(salon, id, Move(to), change))
    cancel = partial(Appointment.cancel, change=change, rules=salon.business.changes)
    yield "cancelling", of(lambda: apply_change(salon, id, cancel, change))
    yield from _money_of(cloud, id)
    yield from _deposits(cloud, client)


def _money_of(cloud: Cloud, id: str) -> Iterator[tuple[str, Units]]:
    """A fee, charged in a write of its own, and a payment of it at the desk."""
    from kept.actor import KEPT, Actor, Change
    from kept.business.catalog import Money
    from kept.ledger.accounts import Means
    from kept.reasons import Code, because
    from kept.storage import appointments, catalogs
    from kept.storage.transaction import together
    from kept.use_cases.money.acts_at_desk import DeskAct, record_payment
    from kept.use_cases.money.fees import charge_fee

    salon, visit = catalogs.load("lotus").business, appointments.load("lotus", id)

    def charge() -> None:
        with together() as transaction:
            charge_fee(salon, visit, 5_000, because(Code.FEE_LATE_CANCELLATION), transaction, Change(KEPT, NOW))

    yield "money: a fee charged", cloud.meter.of(charge)
    pays = DeskAct(salon, visit.client, "staff", Change(Actor("staff", "mei"), NOW, key="pays"), id)
    yield (
        "money: a payment recorded",
        cloud.meter.of(lambda: record_payment(pays, Money(2_000, salon.currency), Means.CASH)),
    )


def _deposits(cloud: Cloud, client: Client) -> Iterator[tuple[str, Units]]:
    """A booking that waits for its deposit, the deposit received, and the late cancellation by which it is lost."""
    from kept.actor import CLIENT, Actor, Change
    from kept.booking.appointment import Appointment
    from kept.business.catalog import Money
    from kept.business.change_rules import Charge, DepositRules
    from kept.ledger.accounts import Means
    from kept.storage import catalogs
    from kept.use_cases.booking.book import BookingRequest, book
    from kept.use_cases.booking.change import apply_change
    from kept.use_cases.policy.deposits import deposit_received

    salon = catalogs.load("lotus")
    rules = replace(salon.business.changes, deposits=DepositRules(charge=Charge(minor=10_000)))
    salon = replace(salon, business=replace(salon.business, changes=rules))
    starts = STARTS + timedelta(days=9)
    change, of = Change(CLIENT, NOW, key="with-deposit"), cloud.meter.of
    made: list[Appointment] = []
    request = BookingRequest("cut", starts, client, client.zone)
    yield "deposit: booking with one", of(lambda: made.append(book(salon, request, change)))
    by_staff, id = Change(Actor("staff", "mei"), NOW), made[0].id
    paid = partial(deposit_received, salon, id, "p-1", Money(10_000, salon.business.currency), Means.CASH, by_staff)
    yield "deposit: received, and booked", of(paid)
    late = Change(CLIENT, starts - timedelta(hours=1))
    cancel = partial(Appointment.cancel, change=late, rules=rules)
    yield "deposit: cancelled too late", of(lambda: apply_change(salon, id, cancel, late))


def _fill(starts: datetime) -> None:
    """The page of Mei's whole day but for that hour, a quarter of an hour each."""
    from kept import ids
    from kept.booking.day_page import DayPage, Entry
    from kept.storage import day_pages

    first = int(starts.timestamp()) // 60 - 8 * 60
    others = tuple(Entry(ids.new("a"), first + 15 * n, first + 15 * n + 15) for n in range(24))
    day_pages.put_alone("lotus", DayPage("staff:mei", starts.date(), entries=others))


def _events(cloud: Cloud, id: str) -> Iterator[tuple[str, Units]]:
    """What the log of events takes for a booking, and one address that hears of it: to be woken, and its delivery."""
    from kept.events.change import AggregateChange, Kind
    from kept.events.delivery import Attempt
    from kept.events.receivers import Endpoint, SigningSecret
    from kept.messaging.message import MessageStatus
    from kept.storage import appointments, messages, webhooks
    from kept.use_cases.events import recording

    def change(business: str) -> AggregateChange:
        visit = replace(appointments.load("lotus", id), business=business, revision=1)
        return AggregateChange(business, Kind.APPOINTMENT, id, None, visit, NOW, "1")

    told, heard = change("lotus"), change("heard")
    webhooks.endpoints("lotus")
    yield "events: a booking in the log", cloud.meter.of(lambda: recording.record(told))
    (message,) = messages.about("lotus", id)
    sent = replace(message, status=MessageStatus.SENT, sent_at=NOW)
    said = AggregateChange("lotus", Kind.MESSAGE, message.id, message, sent, NOW, "2")
    yield "events: a message sent, in the log", cloud.meter.of(lambda: recording.record(said))
    webhooks.put_endpoint(
        Endpoint("heard", "books", "https://books.example/", SigningSecret("k1", 1), NOW, "jun"), over=None
    )
    webhooks.endpoints("heard")
    yield "events: the same, and an address that hears of it", cloud.meter.of(lambda: recording.record(heard))
    (waits,) = webhooks.page("heard", "books", waiting=True, after=None, limit=9).deliveries
    taken = waits.answered(Attempt(NOW, 200, 5, "ok"))
    yield "events: its delivery, taken", cloud.meter.of(lambda: webhooks.put(taken))


def a_client_by_text() -> Client:
    """Somebody who is reached by text message alone."""
    agreed = Consent(Purpose.TRANSACTIONAL, Channel.SMS, NOW, "booking page", "yes")
    return replace(a_client(), id="c-2", name="Wu Min", phone="+8613700001111", email=None, consents=(agreed,))


def _money(costs: dict[str, Units], naive: Units) -> Iterator[Figure]:
    """A look at the month, the booking by a known client and its message, and REMINDERS reminders, each sent."""
    sent = REMINDERS + 1
    tables = sum(
        times * (costs[what].writes * WRITE + costs[what].reads * READ)
        for what, times in {
            "availability of 30 days, one person": 1,
            "the same by a stranger, counted": 1,
            "reminder: its commit": REMINDERS,
            "reminder: sending it": sent,
        }.items()
    )
    calls = 2 + REMINDERS + sent
    compute = calls * (LAMBDA_REQUEST + SECONDS * GB * GB_SECOND)
    queues = (REMINDERS + sent) * QUEUE_CALLS * SQS_REQUEST
    parts = {"tables": tables, "Lambda": compute, "SQS": queues, "API": 2 * API_REQUEST}
    of_it = ", ".join(f"{name} {1000 * dollars:.4f}" for name, dollars in parts.items())
    least = 1000 * (naive.writes * WRITE + naive.reads * READ)
    yield Figure(
        f"1,000 bookings with {REMINDERS} reminders, on paper",
        f"${1000 * sum(parts.values()):.4f}",
        f"${least:.4f} (check then write: tables only, no messages)",
        "≤ $0.04",
    )
    yield Figure(f"    of it {of_it}", "")
    told = costs["events: a booking in the log"].writes + sent * costs["events: a message sent, in the log"].writes
    yield Figure("    beside it their events in the log", f"${1000 * told * WRITE:.4f}", "what figures add: figures")
