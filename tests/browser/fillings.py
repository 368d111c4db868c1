"""The salon as a desk finds it on a Monday at 12:25: nobody yet, an ordinary day, and one that is full to the brim."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Slot
from kept.booking.block import Block
from kept.booking.states import Status
from kept.business.catalog import Catalog, Resource, Service
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent
from kept.clients.notes import Note
from kept.clients.search_tokens import alphabetical, tokens
from kept.follow_up.events import What
from kept.follow_up.follow_up import line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.lanes import Key, Lane
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.reasons import Code, because
from tests.builders import STARTS, a_catalog, a_client, a_member, an_appointment

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOON = STARTS - 5 * HOUR
"""Of that Monday, in Shanghai."""
NOW = NOON + 25 * MINUTE
MEI = Actor("staff", "mei")
LONGEST = "Wilhelmina Featherstonehaugh-Montgomery "
"""A name of 40 letters; with a number behind it."""
NAMES = (
    "Li Na",
    "王芳",
    "Zhao Lei",
    "Anna Brandt",
    "陈洁",
    "José García",
    "Wu Min",
    "Sofia Rossi",
    "刘洋",
    "Tom O'Brien",
)
SERVICES = (
    Service("cut", "Cut", 60, staff=()),
    Service("colour", "Colour and gloss", 90, staff=(), rooms=("basin", "chair"), before=5, after=10),
    Service("dry", "Blow-dry", 30, staff=()),
)
ORDINARY = (
    ("mei", 9, 0, "cut", Status.COMPLETED),
    ("mei", 10, 15, "colour", Status.IN_SERVICE),
    ("mei", 12, 0, "cut", Status.BOOKED),
    ("mei", 14, 0, "colour", Status.CONFIRMED),
    ("mei", 17, 0, "cut", Status.BOOKED),
    ("jun", 9, 30, "cut", Status.NO_SHOW),
    ("jun", 11, 0, "dry", Status.CANCELLED),
    ("jun", 12, 0, "cut", Status.ARRIVED),
    ("jun", 16, 0, "colour", Status.CONFIRMED),
    ("bo", 10, 0, "dry", Status.COMPLETED),
    ("bo", 13, 0, "dry", Status.BOOKED),
    ("bo", 16, 0, "cut", Status.BOOKED),
)
"""Who, at which hour and minute, what, and what became of it by now."""
SAID = (
    (Intent.QUESTION, "Is there parking nearby? I come by car and cannot walk far at the moment.", True),
    (Intent.MOVE, "可以改到星期五下午吗？三点以后都行，谢谢！", True),
    (Intent.CONFIRM, "yes, see you!", False),
    (Intent.LATE, "Stuck in traffic, about ten minutes", False),
)


def nobody() -> None:
    """Three people, and neither clients nor bookings."""
    _open(("mei", "jun", "bo"))


def ordinary() -> None:
    """In every state somebody, something blocked, two who wait for an answer, and Li Na, who may be there twice."""
    _open(("mei", "jun", "bo"))
    for n, name in enumerate(NAMES):
        _known(_somebody(n, name))
    _known(replace(_somebody(40, "Li Na"), email="na.li@example.com"))
    for n, (staff, hour, minute, service, status) in enumerate(ORDINARY):
        _visit(n, n % len(NAMES), staff, NOON + (hour - 12) * HOUR + minute * MINUTE, service, status)
    _block("mei", NOON + HOUR, "Lunch")
    _work("", f"a-{len(ORDINARY)}")


def full(visits: int = 60, *, alike: bool = True) -> None:
    """Ten people, as many visits, everybody's name as long as names get, and more to do than fits. `alike` names are
    easily packed together; otherwise no two are."""
    team = ("mei", "jun", "bo", "lin", "ana", "tao", "eva", "max", "yue", "kai")
    _open(team)
    for n in range(visits):
        _known(_somebody(n, f"{LONGEST}{n % 10}" if alike else sha256(b"%d" % n).hexdigest()[: 8 + n % 16]))
        _visit(n, n, team[n % 10], NOON + (n // 10 - 3) * HOUR, "cut", _by_now(n))
    _block("mei", NOON + 7 * HOUR, "An errand at the other end of the town, by bus and on foot")
    _work(LONGEST, f"a-{visits}")


def _by_now(n: int) -> Status:
    """Ten begin in every hour from nine on."""
    if n < 30:  # it is past noon
        return Status.NO_SHOW if n == 13 else Status.COMPLETED
    return (Status.IN_SERVICE, Status.BOOKED, Status.ARRIVED, Status.CONFIRMED)[n % 4 if n < 40 else n % 2 * 2 + 1]


FILLINGS: dict[str, Callable[[], None]] = {"empty": nobody, "ordinary": ordinary, "full": full}


def _open(team: tuple[str, ...]) -> None:
    from tests import lotus

    members = [a_member(name, "owner" if name == "mei" else "staff") for name in team]
    services = {it.id: replace(it, staff=team) for it in SERVICES}
    rooms = {"basin": Resource("basin", "Basin"), "chair": Resource("chair", "Chair by the window")}
    found: Catalog = replace(a_catalog(*members), services=services, rooms=rooms)
    lotus.store(replace(found, business=replace(found.business, name="Lotus Hair", locale="en")))


def _somebody(n: int, name: str) -> Client:
    tier = (Tier.VIP, Tier.REGULAR, Tier.PROSPECT)[n % 3]
    over = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
    agreed = tuple(
        Consent(Purpose.TRANSACTIONAL, it, NOW - 300 * HOUR, "booking page", "Tell me of it.") for it in over
    )
    notes = (
        Note("n-1", "Allergic to ammonia: patch test first", "mei", NOW - 90 * HOUR, pinned=True),
        Note("n-2", "Likes the chair by the window, and tea without sugar. " * 3, "jun", NOW - 60 * HOUR),
    )
    return replace(
        a_client(tier),
        id=f"c-{n + 1}",
        name=name,
        locale="en",
        phone=f"+861381234{n:04}",
        email=f"guest{n}@example.com",
        consents=agreed,
        tags=("balayage", "tea") if n % 4 == 0 else (),
        notes=notes if n % 4 == 0 else (),
    )


def _known(client: Client) -> None:
    from kept.storage import client_search
    from tests import lotus

    lotus.known(client)
    client_search.write(client, tokens(client), alphabetical(client.name))


def _visit(n: int, who: int, staff: str, starts: datetime, service: str, status: Status) -> None:
    from tests import lotus

    long = next(it for it in SERVICES if it.id == service)
    room = "basin" if long.rooms else None
    slot = Slot(starts, starts + timedelta(minutes=long.duration), staff, room, long.before, long.after)
    made = an_appointment(f"a-{n + 1}", starts=starts)
    note = "Has a wedding on Saturday; bring the colour chart." if n % 5 == 0 else ""
    lotus.put(replace(made, client=f"c-{who + 1}", service=service, slot=slot, status=status, note=note))


def _block(staff: str, starts: datetime, why: str) -> None:
    from tests import lotus

    lotus.block(Block("lotus", f"b-{staff}", Slot(starts, starts + 45 * MINUTE, staff), why, "staff:mei"))


def _work(name: str, last: str) -> None:
    """What some wrote, what is to be done about it, what could not be told, and what was set aside."""
    from kept.storage import aside, messages

    for n, (intent, text, is_open) in enumerate(SAID if not name else SAID * 6):
        id = f"w-{n + 1}"
        done = because(Code.LEFT_TO_A_PERSON, follow_up=id) if is_open else None
        at = NOW - (n * 17 + 4) * MINUTE
        words = text * 4 if name else text
        messages.put_received(
            Received(
                "lotus", f"c-{n + 1}", f"k-{n}", Channel.WHATSAPP, words, at, intent=intent, confidence=0.9, done=done
            )
        )
        if is_open:
            _follow_up(n, id, OpenedBy.ENQUIRY, at - 23 * HOUR, says=words)
    messages.put_alone(_told("a-1", "confirmation", Delivery.READ, NOW - 60 * HOUR))
    messages.put_alone(
        _told(
            "c-1",
            "staff_answer",
            Delivery.DELIVERED,
            NOW - 30 * HOUR,
            text="Yes, of course. See you on Monday.",
            by="mei",
        )
    )
    causes = (OpenedBy.CALL, OpenedBy.FAILED_MESSAGE, OpenedBy.NO_SHOW, OpenedBy.COMPLAINT, OpenedBy.MANUAL)
    for n, cause in enumerate(causes if not name else causes * 4):
        _follow_up(n + 4, f"f-{n + 1}", cause, NOW - (n * 9 + 2) * HOUR, why="Please say that Friday at two is free.")
    aside.set_aside(Key(Lane.REMINDER, "lotus", last), now=NOW)


def _told(about: str, stage: str, delivery: Delivery, at: datetime, *, text: str = "", by: str = "") -> Message:
    made = Message("lotus", about, 1, stage, Channel.WHATSAPP, Purpose.TRANSACTIONAL, "c-1", at, None, text=text, by=by)
    return replace(made, status=MessageStatus.SENT, sent_at=at, delivery=delivery, delivered_at=at + MINUTE)


def _follow_up(n: int, id: str, cause: OpenedBy, opened: datetime, *, says: str = "", why: str = "") -> None:
    from kept.storage import clients, follow_ups
    from tests import lotus

    client = clients.load("lotus", f"c-{n + 1}")
    made = open_for(client, id, cause=cause, about="", assignee="mei", policy=1, change=Change(KEPT, opened, why=why))
    if says:
        wrote = line(What.CLIENT_WROTE, Change(CLIENT, opened + MINUTE, why=says))
        made = made.record(wrote, follow_ups.policies(made), now=wrote.at)
    lotus.open_follow_up(made)
