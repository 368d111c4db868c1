"""A booking keeps the name, address, language and zone it was made with; who types a number does not become its owner.

Whatever was typed before, by whomever and in whichever order: the messages of a booking go to what was typed for that
booking and to nothing else, under the name it was made with, and what was only typed opens and tells nothing.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

import client_pages
import clients as clients_function
import follow_ups as follow_ups_function
import front_desk
import my_appointment
from kept.actor import KEPT, Change
from kept.api.booking.bookings import WORDS
from kept.booking.appointment import Appointment
from kept.channels import Channel, Purpose
from kept.client_links import tokens
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.held import ContactKind
from kept.clients.holding import KEPT as KEPT_FOR
from kept.clients.holding import RENEWED, held
from kept.clients.preferences import left_alone
from kept.clients.refusals import UnknownClient
from kept.follow_up.follow_up import FollowUp
from kept.messaging.channels import Parcel, WrongAddress
from kept.messaging.inbound import Reply
from kept.messaging.message import Message
from kept.messaging.outgoing import UNDO, list_of_the_day
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.storage.tables import AppointmentItem, ClientItem, DayPageItem, FollowUpItem
from kept.storage.transaction import together
from kept.use_cases.booking import book as book_module
from kept.use_cases.booking.attendance import mark_no_show
from kept.use_cases.clients import filing
from kept.use_cases.clients.clients import change_client
from kept.use_cases.clients.inviting import invite
from kept.use_cases.clients.proving import proved_by_reply
from kept.use_cases.messaging.addressees import addressee_of
from kept.use_cases.replies import reading
from tests import lotus
from tests.asked_of_aws import meddling
from tests.asking import Answer, ask
from tests.builders import BOOKED, a_client, a_follow_up, an_appointment
from tests.functions.plain_browser import Browser
from tests.functions.postbox import Postbox, as_typed, every, opened
from tests.reasons import outcome, short

P, P2, P3 = "+8613800138000", "+8613900139000", "+8613700137000"
ES, EO, EW = "stranger@example.com", "owner@example.com", "wife@example.com"
TWO_DAYS, DAY, MINUTE = timedelta(days=2), timedelta(days=1), timedelta(minutes=1)
NARROW = "\N{NARROW NO-BREAK SPACE}"
Typed = dict[str, Any]
T = TypeVar("T")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    return opened(monkeypatch)


def visit(id: str) -> Appointment:
    return appointments.load("lotus", id)


def client_of(id: str) -> Client:
    return clients.load("lotus", visit(id).client)


def by_staff(route: str, body: Typed | None = None) -> Answer:
    return ask(front_desk.handler, route, body, role="staff", staff="jun")


def holder(contact: str, box: Postbox) -> Client | None:
    return clients.by_contact("lotus", contact, now=box.now)


def person(name: str, phone: str = "", email: str = "", **more: Any) -> Typed:
    return {"name": name} | ({"phone": phone} if phone else {}) | ({"email": email} if email else {}) | more


STRANGER, OWNER = person("Mallory", P, ES), person("Li Na", P, EO)

BOOKINGS = {
    "the stranger's trick": (STRANGER, OWNER),
    "the stranger comes second": (OWNER, STRANGER),
    "the stranger types the number alone": (person("Mallory", P), OWNER),
    "the owner types the number alone": (STRANGER, person("Li Na", P)),
    "the stranger types the address of another": (person("Mallory", P2, EO), OWNER),
    "the stranger comes twice": (STRANGER, OWNER, STRANGER),
    "the owner comes twice": (STRANGER, OWNER, OWNER),
    "between two bookings of the owner": (OWNER, STRANGER, OWNER),
    "two strangers": (STRANGER, person("Trudy", P, EW), OWNER),
    "a family on one number": (person("Wang Wei", P), person("Li Na", P), person("Wang Xiao", P)),
    "a family, each with an address": (person("Wang Wei", P, EO), person("Li Na", P, EW), person("Wang Xiao", P, ES)),
    "a family on one address": (person("Wang Wei", P, EO), person("Li Na", P2, EO), person("Wang Xiao", "", EO)),
    "a changed address": (person("Li Na", P, EO), person("Li Na", P, EW)),
    "a changed number": (person("Li Na", P, EO), person("Li Na", P2, EO)),
    "both changed": (person("Li Na", P, EO), person("Li Na", P2, EW), person("Li Na", P, EW)),
    "one address with two numbers": (person("Li Na", P, EO), person("Li Na", P2, EO), person("Li Na", P, EO)),
    "an address comes to a number": (person("Li Na", P), person("Li Na", P, EO), person("Li Na", P)),
    "a number comes to an address": (person("Li Na", "", EO), person("Li Na", P, EO), person("Li Na", "", EO)),
    "the number of one, the address of another": (person("A", P), person("B", "", EO), person("C", P, EO)),
    "crosswise": (person("A", P, EO), person("B", P2, EW), person("C", P, EW), person("D", P2, EO)),
    "crosswise, twice": (person("A", P, EO), person("B", P2, EW), person("C", P, EW), person("C", P, EW)),
    "a chain": (person("A", P), person("B", P, EO), person("C", P2, EO), person("D", P2, EW), person("E", "", EW)),
}


@pytest.mark.parametrize(
    ("bookings", "door"),
    [
        *(pytest.param(bookings, "api", id=f"{name}, by the API") for name, bookings in BOOKINGS.items()),
        *(pytest.param(bookings, "page", id=f"{name}, on the page") for name, bookings in [*BOOKINGS.items()][::4]),
    ],
)
def test_the_messages_of_a_booking_go_to_what_was_typed_for_it(
    box: Postbox, bookings: tuple[Typed, ...], door: str
) -> None:
    """The confirmation, a reminder over every channel, the move and the cancellation: under its own name."""
    made = [(box.id_of(door, **typed), typed) for typed in bookings]
    for id, typed in made:
        assert visit(id).booked_as
        box.remind(id, TWO_DAYS)
        by_staff(f"POST /v1/desk/appointments/{id}/cancel", {"reason": "other"})
        box.at(box.now + UNDO)
        box.deliver()
        said = box.about(id)
        assert {one.stage for one in said} >= {"confirmation", "two_days", "cancelled"}
        assert box.reached(id) <= as_typed(typed)
        others = {other["name"] for other in bookings} - {typed["name"]}
        for one in said:
            assert not [name for name in others if name in one.text and len(name) > 1]
    for one in box.sent:
        assert not one.link or tokens.read_manage(one.link, now=box.now).subject == one.about


@pytest.mark.parametrize("bookings", BOOKINGS.values(), ids=BOOKINGS)
def test_staff_see_a_booking_under_its_own_name_whoever_it_is_filed_with(
    box: Postbox, bookings: tuple[Typed, ...]
) -> None:
    """On the desk and in the day's list; beside it the name on record, where that is another."""
    made = [(box.id_of("api", **typed), typed["name"]) for typed in bookings]
    for id, name in made:
        told = ask(front_desk.handler, f"GET /v1/desk/appointments/{id}", role="staff").body
        assert told["client_name"] == name
        assert told["record_name"] == (None if client_of(id).name == name else client_of(id).name)


@pytest.mark.parametrize("bookings", BOOKINGS.values(), ids=BOOKINGS)
def test_a_guest_is_answered_as_if_nobody_were_known(box: Postbox, bookings: tuple[Typed, ...]) -> None:
    """Status, language, zone and every field but the ids: as in an empty salon. So is whoever opens the page."""
    for typed in bookings[:-1]:
        box.id_of("api", locale="zh-Hans", zone="Asia/Tokyo", **typed)
    last, start = bookings[-1] | {"locale": "en", "zone": "America/New_York"}, box.next_slot()
    here, page = _told(box, start, last)
    for model in (ClientItem, AppointmentItem, DayPageItem):
        for item in model.scan():
            item.delete()
    assert (here, page) == _told(box, start, last)
    assert page[0] == "en"


def _told(box: Postbox, start: str, typed: Typed) -> tuple[Typed, tuple[str, str]]:
    answer = box.books(start=start, **typed)
    assert answer.status == 201
    page = Browser(client_pages.handler, "").get(f"/a/{answer.body['link']}")
    names = ("id", "link", "page")
    told = {name: value for name, value in answer.body.items() if name not in names}
    return told, (page.lang, page.text)


def test_by_staff_the_messages_go_to_what_they_typed_and_to_their_clients_own_wechat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = opened(monkeypatch, Channel.EMAIL, Channel.SMS, Channel.WECHAT)
    yes = tuple(Consent(Purpose.TRANSACTIONAL, c, BOOKED, "page", "yes") for c in (Channel.EMAIL, Channel.WECHAT))
    lotus.known(replace(a_client(), phone=P, wechat="oLi", preferred=Channel.WECHAT, consents=yes))
    by_hand, guests = box.id_of("staff", name="Li Na", phone=P), box.id_of("api", name="Mallory", phone=P)
    assert (visit(by_hand).client, visit(guests).client) == ("c-1", "c-1")
    assert box.reached(by_hand) == {"oLi"}
    assert box.reached(guests) == {P}


def test_the_stranger_can_do_nothing_to_the_owners_booking(box: Postbox) -> None:
    """The trick as it was played: a number of somebody else's, an address of one's own, and to wait."""
    strangers = box.id_of("api", **STRANGER, agrees_to=["email"])
    owners = box.id_of("api", **OWNER, agrees_to=["email"])
    assert [(one.to, one.about) for one in box.sent] == [(ES, strangers), (EO, owners)]
    token = box.got(ES)[-1].link
    assert box.acts(token, "cancel", reason="other").body["id"] == strangers
    assert visit(owners).is_expected


# The people of one number


def a_family(box: Postbox) -> tuple[str, str, str]:
    """All by the number of the husband, in this order, an hour each."""
    wang, li, xiao = (box.id_of("api", **person(name, P)) for name in ("Wang Wei", "Li Na", "Wang Xiao"))
    return wang, li, xiao


def test_a_family_on_one_number_is_one_client_with_three_names(box: Postbox) -> None:
    ids = a_family(box)
    assert len({visit(id).client for id in ids}) == 1
    assert [one.text.count(name) > 0 for one, name in zip(box.got(P), ("Wang Wei", "Li Na", "Wang Xiao"), strict=True)]


def test_each_of_a_family_stands_by_their_own_name_in_what_staff_are_told(box: Postbox) -> None:
    """On the desk, in the list of the day, and in the notice that one of them has cancelled."""
    ids = a_family(box)
    day = visit(ids[0]).starts.astimezone(lotus.the_salon().business.zone).date()
    told = ask(front_desk.handler, "GET /v1/desk/appointments", query={"on": str(day)}, role="staff").body
    assert [it["client_name"] for it in told] == ["Wang Wei", "Li Na", "Wang Xiao"]
    box.at(visit(ids[0]).starts - timedelta(minutes=30))
    messages.put_alone(list_of_the_day("mei", "lotus", day, now=box.now))
    box.deliver()
    (listed,) = box.got("mei@lotus.example")
    assert all(name in listed.text for name in ("Wang Wei", "Li Na", "Wang Xiao"))
    box.acts(tokens.manage_token(visit(ids[1])), "cancel", reason="other")
    notice = box.got("mei@lotus.example")[-1]
    assert (notice.stage, "Li Na" in notice.text, "Wang" in notice.text) == ("staff_cancelled", True, False)


def test_a_short_text_says_whom_it_is_for_where_that_is_another_than_the_client(box: Postbox) -> None:
    for name, begins in (("Wang Wei", "Lotus"), ("Li Na", "Lotus for Li Na"), ("Wang Wei", "Lotus")):
        id = box.id_of("api", **person(name, P), locale="en")
        for stage in ("two_days", "same_day", "at_risk", "on_my_way", "confirmed", "rescheduled", "waits", "received"):
            box.owe(id, stage)
        by_staff(f"POST /v1/desk/appointments/{id}/cancel", {"reason": "other"})
        box.at(box.now + UNDO)
        box.deliver()
        assert [one.text.strip().partition(":")[0] for one in box.about(id)] == [begins] * 10


@pytest.mark.parametrize("what", ["call", "no_show"])
def test_each_of_a_family_is_called_by_their_own_name_and_number(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Who calls about a visit calls whom it was made for; also where the number is none of the client's own."""
    box = opened(monkeypatch, Channel.CALL, Channel.EMAIL, Channel.SMS)
    husband, child = box.id_of("api", **person("Wang Wei", "", EO)), box.id_of("api", **person("Wang Xiao", P, EO))
    assert visit(husband).client == visit(child).client
    if what == "call":
        box.owe(child, "two_days", Channel.CALL)
    else:
        box.at(visit(child).ends)
        mark_no_show(catalogs.load("lotus"), child, Change(KEPT, box.now))
    (matter,) = [one for one in every(FollowUp, FollowUpItem) if one.about == child]
    told = ask(follow_ups_function.handler, f"GET /v1/desk/follow-ups/{matter.id}", role="staff").body
    assert (told["client_name"], told["record_name"], told["client_phone"]) == ("Wang Xiao", "Wang Wei", P)
    assert what != "call" or "Wang Xiao" in matter.history[0].why
    notice = Message(
        business="lotus",
        about=matter.id,
        version=1,
        stage="follow_up_breached",
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient="mei",
        created_at=box.now,
        due_at=box.now,
        detail=("first_response",),
    )
    messages.put_alone(notice)
    box.deliver()
    assert "Wang Xiao" in box.got("mei@lotus.example")[-1].text


def test_a_move_keeps_who_it_was_made_for(box: Postbox) -> None:
    """By themselves, and by staff: name, address, language, zone, and what was proved."""
    box.id_of("api", **OWNER)
    id = box.id_of("api", **person("Mallory", P, ES), agrees_to=["email"], locale="en", zone="America/New_York")
    made = visit(id)
    assert box.acts(box.got(ES)[-1].link, "reschedule", start=box.next_slot()).status == 200
    path = f"POST /v1/desk/appointments/{id}/reschedule"
    assert by_staff(path, {"start": box.next_slot(), "override": "asked"}).status == 200
    box.deliver()
    moved = visit(id)
    assert (moved.version, moved.tz) == (3, "America/New_York")
    assert moved.booked_as == replace(made.booked_as, proved=(ContactKind.EMAIL,)) if made.booked_as else False
    assert box.reached(id) == {ES}
    assert "New York" in box.got(ES)[-1].text or "GMT-5" in box.got(ES)[-1].text


def test_the_mail_and_the_page_show_the_zone_in_which_it_was_chosen(box: Postbox) -> None:
    """The client's own, whom the owner of the address has told us of, is another's, and has nothing to do with it."""
    lotus.known(replace(a_client(), email=EO))
    id = box.id_of("api", **person("Ann", "", EO), locale="en", zone="America/New_York")
    starts = visit(id).starts.astimezone(ZoneInfo("America/New_York"))
    mail, page = box.got(EO)[-1], Browser(client_pages.handler, "zh").get(f"/a/{box.got(EO)[-1].link}")
    for text in (mail.text, page.text):
        assert f"{starts:%-I:%M}" in text.replace(NARROW, " ")
    assert page.lang == "en"


# Proof


def elsewhere(does: Callable[[], T]) -> T:
    """By another worker, while this one waits."""
    with ThreadPoolExecutor(max_workers=1) as another:
        return another.submit(does).result()


def book_first(box: Postbox) -> tuple[str, str]:
    """The stranger, then the owner; by both addresses."""
    return box.id_of("api", **STRANGER), box.id_of("api", **OWNER)


def link_to(box: Postbox, id: str, address: str) -> str:
    """Of a message about it that went there; it is reminded over that channel where none did yet."""
    if not [one for one in box.about(id) if one.to == address]:
        box.owe(id, "two_days", Channel.EMAIL if "@" in address else Channel.SMS)
    return [one for one in box.about(id) if one.to == address][-1].link


def how(contact: str, box: Postbox) -> str:
    """Whose it is and how they hold it."""
    if (found := holder(contact, box)) is None:
        return "nobody's"
    kind = ContactKind.EMAIL if "@" in contact else ContactKind.PHONE
    one = held(found, kind)
    return f"{found.name}: {one.how}" if one else "nobody's"


PROOFS = {
    "confirm": (lambda box, token: box.acts(token), True),
    "move": (lambda box, token: box.acts(token, "reschedule", start=box.next_slot()), True),
    "cancel": (lambda box, token: box.acts(token, "cancel", reason="other"), False),
    "opening, by the API": (lambda _, token: ask(my_appointment.handler, "GET /v1/appointment", bearer=token), False),
    "opening the page": (lambda _, token: Browser(client_pages.handler).get(f"/a/{token}"), False),
    "a scanner that follows every link": (lambda _, token: scan(token), False),
    "the page's button": (lambda box, token: press(box, token, "/confirm"), True),
    "a refused act": (lambda box, token: box.acts(token, "on-my-way", minutes=10_000), False),
    "an outdated act": (lambda box, token: box.acts(token, version=7), False),
}


def scan(token: str) -> None:
    """It opens what is linked, and what is linked there."""
    browser = Browser(client_pages.handler)
    for _, href in browser.get(f"/a/{token}").links:
        if href.startswith("/a/"):
            browser.ask(f"GET {href}")


def press(box: Postbox, token: str, button: str) -> None:
    browser = Browser(client_pages.handler)
    browser.press(browser.get(f"/a/{token}").form(button))
    box.deliver()


@pytest.mark.parametrize(("act", "proves"), PROOFS.values(), ids=PROOFS)
def test_what_proves_that_an_address_is_theirs(box: Postbox, act: Any, proves: bool) -> None:
    strangers, owners = book_first(box)
    assert how(P, box) == "Mallory: typed"
    act(box, link_to(box, owners, P))
    assert how(P, box) == ("Li Na: proved" if proves else "Mallory: typed")
    assert (client_of(strangers).phone is None) is proves
    booked = visit(strangers).booked_as
    assert booked
    assert booked.phone == P
    assert {visit(strangers).client, visit(owners).client} == {one.id for one in clients.anywhere(P, now=box.now)}


def test_a_link_that_was_only_shown_proves_nothing(box: Postbox) -> None:
    """After booking, by the API or on the page, or in a message of the time before links told."""
    _, owners = book_first(box)
    box.acts(tokens.manage_token(visit(owners)))
    assert visit(owners).status == "confirmed"
    assert (how(P, box), how(EO, box)) == ("Mallory: typed", "Li Na: typed")


def test_a_reply_from_there_proves_it_as_well(box: Postbox) -> None:
    strangers, owners = book_first(box)
    catalog = catalogs.load("lotus")
    for address in (P2, "nobody@example.com", ES):
        proved_by_reply(catalog, owners, address, now=box.now)
    assert how(P, box) == "Mallory: typed"
    proved_by_reply(catalog, owners, P, now=box.now)
    assert how(P, box) == "Li Na: proved"
    assert client_of(strangers).phone is None


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("1", "proved"),
        ("I'll be there", "proved"),
        ("2", "proved"),
        ("3", "used"),
        ("STOP", "used"),
        ("what?", "used"),
        ("hello, who is this?", "used"),
    ],
)
def test_a_text_from_there_that_takes_the_booking_up_proves_the_number(box: Postbox, words: str, holds: str) -> None:
    """A no, a question and a STOP may come from whoever was only written to; they are remembered, and no more."""
    id = box.id_of("api", **person("Li Na", P, EO, agrees_to=["sms"]))
    box.deliver()
    reading.take(Reply(Channel.SMS, P, words, "in-1", at=box.now), now=box.now)
    assert visit(id).booked_as
    assert how(P, box) == f"Li Na: {holds}"


def test_an_address_joins_a_known_client_once_both_were_proved(box: Postbox) -> None:
    """The stranger can prove their own address; the owner's number they cannot."""
    lotus.known(replace(a_client(), email=None, phone=P))
    id = box.id_of("api", **person("Li Na", P, ES))
    assert visit(id).client == "c-1"
    box.acts(link_to(box, id, ES))
    assert (client_of(id).email, how(ES, box)) == (None, "nobody's")
    box.acts(link_to(box, id, P), "reschedule", start=box.next_slot())
    assert (client_of(id).email, how(ES, box), how(P, box)) == (ES, "Li Na: proved", "Li Na: proved")


def test_the_address_of_one_of_the_family_joins_nobody_else(box: Postbox) -> None:
    """The wife books with the number of both, and acts from both: her mail is not the husband's."""
    lotus.known(replace(a_client(), name="Wang Wei", email=None, phone=P))
    id = box.id_of("api", **person("Li Na", P, EW))
    box.acts(link_to(box, id, EW))
    box.acts(link_to(box, id, P), "reschedule", start=box.next_slot())
    assert (client_of(id).email, how(EW, box), how(P, box)) == (None, "nobody's", "Wang Wei: proved")
    assert visit(id).booked_as == BookedAs(
        "Li Na",
        "zh-Hans",
        P,
        EW,
        agreed=(Channel.SMS, Channel.EMAIL),
        source="client",
        words=WORDS,
        proved=(ContactKind.EMAIL, ContactKind.PHONE),
    )


def test_what_another_has_proved_stays_theirs(box: Postbox) -> None:
    owners = box.id_of("api", **OWNER)
    box.acts(link_to(box, owners, P))
    strangers = box.id_of("api", **STRANGER)
    box.acts(link_to(box, strangers, ES))
    box.acts(link_to(box, strangers, P), "reschedule", start=box.next_slot())
    assert (how(P, box), how(ES, box)) == ("Li Na: proved", "Mallory: proved")
    assert client_of(owners).email == EO


def test_the_owner_who_was_filed_with_a_stranger_becomes_a_client_of_their_own(box: Postbox) -> None:
    strangers, owners = box.id_of("api", **STRANGER), box.id_of("api", **person("Li Na", P))
    box.acts(link_to(box, strangers, ES))
    assert visit(owners).client == visit(strangers).client
    box.acts(link_to(box, owners, P))
    assert visit(owners).client != visit(strangers).client
    assert (how(P, box), how(ES, box)) == ("Li Na: proved", "Mallory: proved")
    again = box.id_of("api", **person("Li Na", P))
    assert visit(again).client == visit(owners).client


def test_what_staff_type_is_proved(box: Postbox) -> None:
    strangers = box.id_of("api", **person("Mallory", P2, ES))
    box.id_of("api", **person("Li Na", P))
    by_hand = box.id_of("staff", name="Li Na", phone=P, email=ES)
    assert (how(P, box), how(ES, box)) == ("Li Na: proved", "Li Na: proved")
    assert client_of(strangers).email is None
    assert box.reached(by_hand) <= {P, ES}


NOTED = {
    "a changed address": ({"email": EW}, 200, {EW: "Li Na: proved", EO: "nobody's", P: "Li Na: used"}),
    "a changed number": ({"phone": P2}, 200, {P2: "Li Na: proved", P: "nobody's"}),
    "written otherwise": (
        {"phone": "139 0013 9000", "email": "WIFE@Example.com"},
        200,
        {P2: "Li Na: proved", EW: "Li Na: proved"},
    ),
    "what is theirs already": ({"email": EO}, 200, {EO: "Li Na: proved"}),
    "what a stranger typed": ({"email": ES}, 200, {ES: "Li Na: proved", P3: "Mallory: typed"}),
    "what another has proved": ({"phone": P2, "email": "proved@example.com"}, 409, {P2: "nobody's", P: "Li Na: used"}),
    "not theirs any more": ({"phone": None}, 200, {P: "nobody's", EO: "Li Na: used"}),
    "nothing left": ({"phone": None, "email": None}, 422, {P: "Li Na: used", EO: "Li Na: used"}),
    "no number": ({"phone": "12"}, 422, {P: "Li Na: used"}),
    "nothing named": ({}, 200, {P: "Li Na: used", EO: "Li Na: used"}),
}


@pytest.mark.parametrize(("said", "status", "then"), NOTED.values(), ids=NOTED)
def test_what_staff_note_to_be_theirs_is_theirs(box: Postbox, said: Typed, status: int, then: dict[str, str]) -> None:
    """Nothing is agreed to yet at a new address, and bookings keep what they were made with."""
    lotus.known(replace(a_client(), email=EO, phone=P))
    theirs = box.id_of("api", **person("Li Na", P, EO), agrees_to=["email"])
    box.id_of("api", **person("Mallory", P3, ES))
    box.acts(link_to(box, box.id_of("api", **person("Wang", "", "proved@example.com")), "proved@example.com"))
    answer = ask(clients_function.handler, "POST /v1/desk/clients/c-1/contacts", said, role="staff")
    assert answer.status == status, answer.body
    assert {contact: how(contact, box) for contact in then} == then
    if "email" in said and said["email"] != EO and status == 200:
        assert not clients.load("lotus", "c-1").agreed(Purpose.TRANSACTIONAL, Channel.EMAIL)
    assert "c-1" in {one.id for one in clients.anywhere(EO, now=box.now)}
    box.sent.clear()
    box.remind(theirs, TWO_DAYS)
    assert box.reached(theirs) == {EO}


def test_nobody_notes_contacts_without_signing_in_or_for_another_business(box: Postbox) -> None:
    assert box.now
    lotus.known(replace(a_client(), email=EO, phone=P))
    path, before = "POST /v1/desk/clients/c-1/contacts", lotus.everything()
    assert ask(clients_function.handler, path, {"phone": P2}).status == 401
    assert ask(clients_function.handler, path, {"phone": P2}, role="owner", business="garage").status == 404
    assert lotus.everything() == before


def test_two_proofs_at_once_come_to_the_same(box: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes second reads again."""
    _, owners = book_first(box)
    tokens, once = [link_to(box, owners, address) for address in (P, EO)], list[bool]()
    real = clients.holders

    def meanwhile(*args: Any, **how: Any) -> Any:
        found = real(*args, **how)
        if not once:
            once.append(True)
            with meddling():
                elsewhere(lambda: box.acts(tokens[1]))
        return found

    monkeypatch.setattr(clients, "holders", meanwhile)
    box.acts(tokens[0])
    assert (how(P, box), how(EO, box)) == ("Li Na: proved", "Li Na: proved")


# Races and repeats


@pytest.mark.parametrize("second", [OWNER, person("Li Na", P), STRANGER, person("Li Na", P2, ES)], ids=str)
def test_two_first_bookings_at_once_are_settled_by_who_wrote_first(
    box: Postbox, monkeypatch: pytest.MonkeyPatch, second: Typed
) -> None:
    """The second reads again under the claim that it lost, and each booking keeps what it was made with."""
    real, made = filing.write, list[str]()

    def meanwhile(*args: Any, **how: Any) -> None:
        if not made:
            made.append("")
            made[0] = elsewhere(lambda: box.id_of("page", **second))
        real(*args, **how)

    monkeypatch.setattr(book_module, "write", meanwhile)
    first = box.id_of("api", **STRANGER)
    for id, typed in ((first, STRANGER), (made[0], second)):
        booked = visit(id).booked_as
        assert booked
        assert set(booked.contacts.values()) == as_typed(typed)
        assert box.reached(id) <= as_typed(typed)
    held_by = [one.id for contact in (P, ES) if (one := holder(contact, box))]
    assert visit(made[0]).client in held_by


def test_a_repeat_is_answered_as_the_first_and_changes_nothing(box: Postbox) -> None:
    start = box.next_slot()
    first = box.books(key="key-0001", start=start, **STRANGER)
    box.acts(link_to(box, first.body["id"], ES))
    box.id_of("api", **OWNER)
    before = lotus.everything()
    again = box.books(key="key-0001", start=start, **STRANGER)
    assert (again.status, {**again.body, "status": ""}) == (201, {**first.body, "status": ""})
    assert lotus.everything() == before


# A wish to be left alone


def no(channel: Channel, at: datetime) -> Consent:
    return Consent(Purpose.TRANSACTIONAL, channel, at, "sms reply", "STOP", ConsentWord.WITHDRAWN)


LEFT_ALONE = {
    "withdrew": (lambda it, at: it.stating(no(Channel.SMS, at)), "opted_out"),
    "opted out with the carrier": (
        lambda it, at: it.stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=at),
        "opted_out",
    ),
    "a number that does not exist": (
        lambda it, at: it.stopping(Channel.SMS, why="no such number", at=at),
        "no such number",
    ),
    "wants no disturbance": (lambda it, _: replace(it, do_not_disturb=True), "do_not_disturb"),
}


@pytest.mark.parametrize(("act", "why"), LEFT_ALONE.values(), ids=LEFT_ALONE)
@pytest.mark.parametrize("by", [person("Mallory", P, ES), person("Mallory", P, EW)], ids=["new", "known"])
def test_an_address_of_another_who_wants_nothing_there_is_respected(
    box: Postbox, act: Any, why: str, by: Typed
) -> None:
    """Whoever types it, for themselves or for a client who is known; what they gave beside it still reaches them."""
    owners = box.id_of("api", **OWNER)
    box.id_of("api", **person("Trudy", P3, EW))
    change_client("lotus", visit(owners).client, lambda it: act(it, box.now))
    box.sent.clear()
    id = box.id_of("api", **by, agrees_to=["sms", "email"])
    box.remind(id, TWO_DAYS)
    over = box.owe(id, "same_day", Channel.SMS)
    assert not box.got(P)
    assert {one.to for one in box.about(id)} == {by["email"]}
    told = messages.find("lotus", over.id)
    assert told
    assert why in outcome(told)


@pytest.mark.parametrize(("act", "why"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_a_booking_takes_up_nothing_that_its_client_took_back(box: Postbox, act: Any, why: str) -> None:
    first = box.id_of("api", **person("Li Na", P))
    change_client("lotus", visit(first).client, lambda it: act(it, box.now))
    box.sent.clear()
    id = box.id_of("api", **person("Li Na", P))
    assert visit(id).client == visit(first).client
    assert not box.got(P)
    assert why


def test_who_wants_no_disturbance_is_not_told_of_to_a_stranger(box: Postbox) -> None:
    """Their number stays silent; what a stranger gave beside it is written to, as for anybody."""
    lotus.known(replace(a_client(), email=None, phone=P, do_not_disturb=True))
    id = box.id_of("api", **person("Mallory", P, ES))
    assert visit(id).client == "c-1"
    box.remind(id, TWO_DAYS)
    assert box.reached(id) == {ES}


def test_an_address_that_does_not_exist_is_written_down_for_the_booking_alone(box: Postbox) -> None:
    """It fails once; the client's own channels are none the worse."""
    lotus.known(replace(a_client(), email=None, phone=P))

    def fails(parcel: Parcel) -> None:
        if parcel.to == ES:
            raise WrongAddress(because(Code.NO_SUCH_ADDRESS))

    box.fails = fails
    id = box.id_of("api", **person("Mallory", P, ES), agrees_to=["email", "sms"])
    assert box.reached(id) == {P}
    assert client_of(id).stopped_because(Channel.EMAIL) is None
    assert [(s.address, short(s.why)) for s in client_of(id).stopped] == [(ES, "no_such_address")]
    box.fails = lambda _: None
    again = box.id_of("api", **person("Mallory", P, ES), agrees_to=["email", "sms"])
    assert box.reached(again) == {P}


def test_the_stop_of_a_number_stops_what_goes_there_and_nothing_else(box: Postbox) -> None:
    """With everybody who holds or typed it, and for whoever types it next."""
    owners, strangers = box.id_of("api", **OWNER), box.id_of("api", **STRANGER)
    other = box.id_of("api", **person("Mallory", P2, ES))
    assert visit(other).client == visit(strangers).client
    for one in clients.anywhere(P, now=box.now):
        change_client(one.business, one.id, lambda it: left_alone(it, no(Channel.SMS, box.now), address=P))
    box.sent.clear()
    for id in (owners, strangers, other, box.id_of("api", **person("Trudy", P, EW), agrees_to=["sms"])):
        box.owe(id, "same_day", Channel.SMS)
    assert [one.about for one in box.sent if one.channel is Channel.SMS] == [other]


def test_whoever_said_stop_is_remembered_though_they_only_typed(box: Postbox) -> None:
    id = box.id_of("api", **person("Li Na", P))
    change_client("lotus", visit(id).client, lambda it: it.stating(no(Channel.SMS, box.now)))
    box.at(box.now + timedelta(days=400))
    assert how(P, box) == "Li Na: used"


# What they want to hear


def ways_out(box: Postbox, address: str) -> list[str]:
    return re.findall(r"/p/([\w.-]+)", "\n".join(one.text for one in box.got(address)))


def test_wishes_are_opened_from_an_address_of_their_own_alone(box: Postbox) -> None:
    lotus.known(replace(a_client(), email=None, phone=P))
    box.id_of("api", **person("Mallory", P, ES), agrees_to=["email"])
    assert len(box.got(ES)) == 1
    assert not ways_out(box, ES)
    box.id_of("api", **person("Wang", "", EW))
    (token,) = ways_out(box, EW)
    assert Browser(client_pages.handler).get(f"/p/{token}").status == 200


def test_a_link_to_wishes_ends_with_the_address_it_went_to(box: Postbox) -> None:
    """Another has proved that it is theirs."""
    strangers = box.id_of("api", **person("Mallory", P, EO), agrees_to=["email"])
    (token,) = ways_out(box, EO)
    assert Browser(client_pages.handler).get(f"/p/{token}").status == 200
    owners = box.id_of("api", **person("Li Na", P2, EO))
    box.acts(link_to(box, owners, EO))
    assert (how(EO, box), client_of(strangers).email) == ("Li Na: proved", None)
    assert Browser(client_pages.handler).ask(f"GET /p/{token}")["statusCode"] == 410


def test_what_was_only_typed_beside_it_is_not_theirs_to_choose_for(box: Postbox) -> None:
    """Or a stranger silences a number by their own mail."""
    id = box.id_of("api", **STRANGER, agrees_to=["email"])
    (token,) = ways_out(box, ES)
    browser = Browser(client_pages.handler)
    page = browser.get(f"/p/{token}")
    assert "8000" not in page.text
    browser.press(page.forms[0], "", transactional=[], promotional=[])
    assert client_of(id).said(Purpose.TRANSACTIONAL, Channel.SMS) is None
    assert how(P, box) == "Mallory: typed"
    assert how(ES, box) == "Mallory: used"


def test_invitations_go_to_what_is_the_clients_own(box: Postbox) -> None:
    """Nor does the yes of a booking to an address that is another's count for whoever has it."""
    yes = Consent(Purpose.PROMOTIONAL, Channel.SMS, BOOKED, "desk", "yes")
    lotus.known(replace(a_client(), email=None, phone=P, consents=(yes,)))
    id = box.id_of("api", **person("Mallory", P, ES), agrees_to=["email", "sms"])
    assert client_of(id).said(Purpose.TRANSACTIONAL, Channel.SMS) is None
    box.sent.clear()
    box.at(box.now.replace(hour=2))
    invite(catalogs.load("lotus"), "c-1", "cut", Change(KEPT, box.now, key="k"))
    box.at(box.now + 10 * DAY)
    box.deliver()
    assert box.reached("c-1") <= {P}


# Forgetting


def test_what_was_neither_used_nor_proved_is_forgotten(box: Postbox) -> None:
    """The client, their claims, and who typed what: absent for whoever asks, and swept by their time."""
    id = box.id_of("api", **STRANGER)
    ends = visit(id).ends
    box.at(ends + KEPT_FOR - MINUTE)
    assert how(P, box) == "Mallory: typed"
    box.at(ends + RENEWED)
    assert (how(P, box), how(ES, box)) == ("nobody's", "nobody's")
    assert {item.expires for item in ClientItem.scan()} == {int((ends + RENEWED).timestamp())}
    owners = box.id_of("api", start=(box.now + DAY).isoformat(), **OWNER)
    assert how(P, box) == "Li Na: typed"
    assert visit(owners).client != visit(id).client


def test_a_stranger_pointer_is_forgotten_a_month_after_the_visit(box: Postbox) -> None:
    lotus.known(replace(a_client(), email=None, phone=P))
    id = box.id_of("api", **person("Mallory", P, ES))
    ends = visit(id).ends
    assert [one.id for one in clients.anywhere(ES, now=ends + KEPT_FOR - MINUTE)] == ["c-1"]
    assert clients.anywhere(ES, now=ends + KEPT_FOR) == []
    (pointer,) = [item for item in ClientItem.scan() if item.id.startswith("typed#")]
    assert (pointer.body, pointer.expires) == ("c-1", int((ends + KEPT_FOR).timestamp()))


def test_whoever_came_is_not_forgotten(box: Postbox) -> None:
    id = box.id_of("api", **STRANGER)
    box.at(visit(id).starts)
    ask(front_desk.handler, f"POST /v1/desk/appointments/{id}/check-in", {}, role="staff")
    box.at(box.now + timedelta(days=400))
    assert (how(P, box), how(ES, box)) == ("Mallory: used", "Mallory: used")
    assert {item.expires for item in ClientItem.scan()} == {None}


def test_a_visit_that_is_moved_far_ahead_keeps_its_client_for_as_long(box: Postbox) -> None:
    lotus.known(replace(a_client(), email=EW, phone=P2))
    id = box.id_of("api", **person("Mallory", P2, ES))
    later = (visit(id).starts + 55 * DAY).isoformat()
    path = f"POST /v1/desk/appointments/{id}/reschedule"
    assert by_staff(path, {"start": later, "override": "on holiday"}).status == 200
    assert clients.anywhere(P2, now=visit(id).ends + KEPT_FOR - MINUTE)
    assert {one.id for one in clients.anywhere(P2, now=visit(id).ends)} == {"c-1", visit(id).client}
    found = holder(ES, replace(box, now=visit(id).ends + KEPT_FOR - MINUTE))
    assert found is not None


def test_a_booking_of_one_who_was_forgotten_is_still_shown(box: Postbox) -> None:
    id = box.id_of("api", **STRANGER)
    for item in ClientItem.scan():
        item.delete()
    told = ask(front_desk.handler, f"GET /v1/desk/appointments/{id}", role="staff").body
    assert (told["client_name"], told["record_name"], told["client_email"]) == ("Mallory", None, ES)
    follow_ups.put_alone(replace(a_follow_up(), client=visit(id).client, about=id))
    told = ask(follow_ups_function.handler, "GET /v1/desk/follow-ups/f-1", role="staff").body
    assert (told["client_name"], told["record_name"], told["client_phone"]) == ("Mallory", None, P)


def test_an_erased_client_of_the_time_before_is_nobody(box: Postbox) -> None:
    lotus.put(an_appointment())
    assert box.now
    with pytest.raises(UnknownClient):
        addressee_of(visit("a-1"))


# Who is who, over all businesses


def test_whoever_typed_it_is_found_with_whoever_holds_it(box: Postbox) -> None:
    """So that a reply from there, or a STOP, reaches them all."""
    owners = box.id_of("api", **OWNER)
    strangers = box.id_of("api", **STRANGER)
    with together() as transaction:
        clients.put_new(replace(a_client(), business="garage", id="c-9", phone=P, email=None), transaction)
    found = {(one.business, one.id) for one in clients.anywhere(P, now=box.now)}
    assert found == {("lotus", visit(owners).client), ("lotus", visit(strangers).client), ("garage", "c-9")}
    assert clients.anywhere(EW, now=box.now) == []


def test_a_booking_of_the_time_before_is_as_its_client_is(box: Postbox) -> None:
    lotus.known(replace(a_client(), phone=P))
    lotus.put(an_appointment())
    assert visit("a-1").booked_as is None
    box.acts(tokens.manage_token(visit("a-1"), sent_to=ContactKind.EMAIL))
    assert how("li@example.com", box) == "Li Na: used"
    box.owe("a-1", "two_days")
    assert box.reached("a-1") == {"li@example.com"}
