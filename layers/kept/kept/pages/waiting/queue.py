"""One's own place in the queue, a number by the code at the door, that code to be printed, and the screen on the wall:
light, without script, loaded again by themselves."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from markupsafe import Markup

from kept import ids
from kept.actor import CLIENT, Change
from kept.api.network import network
from kept.business.catalog import Catalog, Service
from kept.channels import Channel
from kept.client_links.links import LinkPurpose, join_page
from kept.client_links.refusals import LinkInvalid
from kept.client_links.tokens import queue_token, read_queue
from kept.clients.client import Client
from kept.clients.guest import Details, agreeable
from kept.clients.guest import guest as guest_client
from kept.clients.refusals import ConsentRequired, InvalidEmail, InvalidPhone, NoContact, NotTextable, SmsNotServed
from kept.errors import TooManyRequests
from kept.pages.page_request import PageRequest
from kept.pages.reader import Reader, guest
from kept.pages.render import again_later, page, see_other
from kept.settings import setting
from kept.storage import tickets
from kept.use_cases.limits import strangers
from kept.use_cases.waiting import near
from kept.use_cases.waiting.arrivals import leave as leave_queue
from kept.use_cases.waiting.arrivals import walk_in
from kept.use_cases.waiting.line import InLine, QueueStage, line, today_of
from kept.waiting_room.refusals import UnknownNumber
from kept.waiting_room.ticket import Ticket
from kept.waiting_room.turn_near import is_near

AGAIN, AGAIN_SOON = 30, 15
"""Seconds after which a page asks again by itself; sooner for who is next."""
STILL = "still"
"""Asked for by who reads slowly: the page stays as it is until they load it."""
SHOWN = 12
"""Numbers on the wall."""


@dataclass(frozen=True, slots=True)
class MyPlace:
    """The link may have been forwarded: the number is shown, and no name."""

    reader: Reader
    ticket: Ticket

    def at(self, step: str = "", **query: object) -> str:
        token = self.reader.visit.path.split("/")[2]
        return self.reader.to(f"/q/{token}{step}", **query)


def show(visit: PageRequest, token: str) -> Response[str]:
    """Opening it changes nothing."""
    return _place(visit, _opened(visit, token))


def _place(
    visit: PageRequest, mine: MyPlace, typed: str = "", wrong: str = "", *, too_many: bool = False
) -> Response[str]:
    catalog = _catalog(mine.reader)
    mine.ticket.must_be_of(today_of(catalog, visit.now))
    place = line(catalog, now=visit.now).of(mine.ticket)
    goes_on = place.stage in (QueueStage.WAITING, QueueStage.IN_SERVICE)
    soon = AGAIN_SOON if place.is_called or (place.told and place.told.is_next) else AGAIN
    service = catalog.services.get(mine.ticket.service)
    asks, is_wrong = _asks(catalog, mine.ticket, place), bool(wrong or too_many)
    status = TooManyRequests.status if too_many else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page(
        mine.reader,
        "queue",
        status,
        asks=asks,
        typed=typed,
        wrong=wrong,
        too_many=too_many,
        key=ids.new("k"),
        told_at=mine.reader.local(mine.ticket.told_near_at) if mine.ticket.told_near_at else None,
        mine=mine,
        place=place,
        back=mine.reader.local(place.back_at) if place.back_at else None,
        again=soon if goes_on and not (is_wrong or visit.asked.get(STILL)) else 0,
        goes_on=goes_on,
        service=service.name if service else "",
        stages=_stages(place, service),
    )


def leave(visit: PageRequest, token: str) -> Response[str]:
    mine = _opened(visit, token)
    leave_queue(_catalog(mine.reader), mine.ticket.id, Change(CLIENT, visit.now))
    return see_other(mine.at())


def tell(visit: PageRequest, token: str) -> Response[str]:
    """Ten minutes before, over the contact of their appointment or the one that they typed here; or not any more."""
    mine, form = _opened(visit, token), visit.typed()
    catalog, change = _catalog(mine.reader), Change(CLIENT, visit.now)
    if form.one("no"):
        near.take_back(catalog, mine.ticket.id, change)
        return see_other(mine.at())
    contact, by_name = form.one("contact"), near.reachable(catalog, mine.ticket)
    try:
        if by_name:
            near.ask(catalog, mine.ticket.id, change)
        else:
            client = _typed(mine, catalog, contact, change)
            admission = strangers.booking(catalog.business, client, network(visit.event), now=visit.now)
            near.ask(catalog, mine.ticket.id, change, typed=client, admission=admission)
    except TooManyRequests as refusal:
        return again_later(_place(visit, mine, contact, too_many=True), refusal)
    except (InvalidPhone, InvalidEmail, NoContact, ConsentRequired, NotTextable, SmsNotServed) as refusal:
        return _place(visit, mine, contact, wrong=refusal.code)
    return see_other(mine.at())


def _typed(mine: MyPlace, catalog: Catalog, contact: str, change: Change) -> Client:
    """A number or an address; asking for it is the consent to it."""
    is_email, ticket, business = "@" in contact, mine.ticket, catalog.business
    details = Details(
        ticket.name or f"#{ticket.number}",
        "" if is_email else contact,
        contact if is_email else "",
        tuple(it for it in agreeable(business) if (it is Channel.EMAIL) is is_email),
        mine.reader.language.tag,
        business.tz,
    )
    words = mine.reader.language.says("queue.tell.words", business=business.name)
    id = ids.from_key("c", business.id, ids.digest(f"queue\n{ticket.id}\n{contact}"))
    return guest_client(details, business, id, source="queue page", words=words, now=change.at)


def _asks(catalog: Catalog, ticket: Ticket, place: InLine) -> str:
    """What is offered them: `tell`, with the contact known, `type` it, take it `back`, or nothing of it any more."""
    if place.stage is not QueueStage.WAITING or place.is_called or ticket.told_near_at:
        return ""
    if ticket.tell:
        return "back"
    if is_near(place.told, called=False) or not agreeable(catalog.business):
        return ""
    return "tell" if near.reachable(catalog, ticket) else "type"


def wall(visit: PageRequest, token: str) -> Response[str]:
    """Numbers, and no names."""
    link = read_queue(token, now=visit.now, purpose=LinkPurpose.WALL)
    reader = guest(visit, link.business)
    found = line(_catalog(reader), now=visit.now).places
    called = [it for it in found if it.is_called]
    waiting = [it for it in found if it.is_waiting and not it.is_called]
    served = [it for it in found if it.stage is QueueStage.IN_SERVICE]
    return page(
        reader,
        "wall",
        again=AGAIN_SOON,
        called=called,
        waiting=waiting[:SHOWN],
        more=max(len(waiting) - SHOWN, 0),
        served=served,
    )


def ask_to_join(visit: PageRequest, token: str) -> Response[str]:
    """Opening it takes no number."""
    reader = _at_the_door(visit, token)
    catalog = _catalog(reader)
    return page(reader, "join", services=list(catalog.services.values()), key=ids.new("k"))


def code(visit: PageRequest, token: str) -> Response[str]:
    """The address by which a number is taken, as a picture to be printed and hung at the door."""
    import segno  # no other page draws

    reader = _at_the_door(visit, token)
    drawn = segno.make_qr(join_page(setting("PUBLIC_URL"), token), error="m")
    return page(reader, "door", code=Markup(drawn.svg_inline(omitsize=True, svgclass="code")))  # noqa: S704  # ours


def join(visit: PageRequest, token: str) -> Response[str]:
    """The form sent twice is one number."""
    reader, form = _at_the_door(visit, token), visit.typed()
    catalog, change = _catalog(reader), visit.change_by(form)
    admission = strangers.queueing(catalog.business, network(visit.event), now=visit.now)
    ticket = walk_in(catalog, form.one("service"), None, "", change, admission)
    return see_other(reader.to(f"/q/{queue_token(ticket.business, ticket.id, now=ticket.came_at)}"))


def _at_the_door(visit: PageRequest, token: str) -> Reader:
    """Raises LinkInvalid, LinkExpired."""
    return guest(visit, read_queue(token, now=visit.now, purpose=LinkPurpose.JOIN).business)


def _catalog(reader: Reader) -> Catalog:
    """Of a guest there always is one."""
    if reader.catalog is None:
        raise LinkInvalid
    return reader.catalog


@dataclass(frozen=True, slots=True)
class ShownStage:
    """`name` where the service calls it so, and the `minutes` that it usually takes; else what it is for all."""

    stage: QueueStage
    is_here: bool
    name: str = ""
    minutes: int = 0
    is_past: bool = False


def _stages(place: InLine, service: Service | None) -> list[ShownStage]:
    """In their order; those of the service's own stand for the time in the chair."""
    own = service.visit_stages if service else ()
    at = place.at_stage(len(own))
    chair = [ShownStage(QueueStage.IN_SERVICE, n == at, it.name, it.minutes) for n, it in enumerate(own)]
    usual = [ShownStage(QueueStage.IN_SERVICE, place.stage is QueueStage.IN_SERVICE)]
    first, last = (ShownStage(it, it is place.stage) for it in (QueueStage.WAITING, QueueStage.DONE))
    shown = [first, *(chair or usual), last]
    here = next((n for n, it in enumerate(shown) if it.is_here), 0)
    return [replace(it, is_past=n < here) for n, it in enumerate(shown)]


def _opened(visit: PageRequest, token: str) -> MyPlace:
    """Raises LinkInvalid, LinkExpired."""
    link = read_queue(token, now=visit.now)
    try:
        ticket = tickets.load(link.business, link.subject)
    except UnknownNumber as error:
        raise LinkInvalid from error
    return MyPlace(guest(visit, link.business), ticket)
