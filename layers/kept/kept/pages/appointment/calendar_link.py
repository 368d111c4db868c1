"""All of a client's appointments in their own calendar: asked for on the page whose link was sent to them."""

from datetime import datetime

from aws_lambda_powertools.event_handler import Response

from kept.client_links.calendar_links import webcal
from kept.client_links.refusals import CalendarNotTheirs
from kept.clients.client import Client
from kept.clients.held import How
from kept.clients.holding import contact, held, remembered
from kept.pages.appointment.appointment_page import AppointmentPage, opened
from kept.pages.page_request import PageRequest
from kept.pages.render import page, see_other
from kept.storage import clients
from kept.use_cases.booking.calendar_links import current, of_client, take_back
from kept.use_cases.booking.calendar_links import make as made


def ask(visit: PageRequest, token: str) -> Response[str]:
    """What it holds, how old it may be, and the buttons that make it or end it. Raises CalendarNotTheirs."""
    mine = opened(visit, token)
    client = _client(mine)
    link = current(of_client(client), now=visit.now)
    return _page(mine, made_at=link.made_at if link else None, ended="ended" in visit.asked)


def make(visit: PageRequest, token: str) -> Response[str]:
    """The address stands on the page that answers, for it cannot be shown again; or it is taken back. Pressing the
    button shows that their number or address is theirs, as any on the appointment's page. Raises CalendarNotTheirs."""
    mine, form = opened(visit, token), visit.typed()
    _client(mine)
    mine.acted()
    mine = opened(visit, token)
    client = _client(mine, is_proved=True)
    if form.one("end"):
        take_back(of_client(client))
        return see_other(mine.at("/calendar", ended=1))
    link = made(of_client(client), now=visit.now, sent_to=_sent_to(mine))
    return _page(mine, address=link.address)


def _page(
    mine: AppointmentPage, *, made_at: datetime | None = None, address: str = "", ended: bool = False
) -> Response[str]:
    """`made_at` is when the address was made that they have, if they have one; `address` that of one just made."""
    since = made_at and mine.reader.local(made_at)
    subscribe = webcal(address) if address else ""
    return page(mine.reader, "calendar", mine=mine, made_at=since, address=address, subscribe=subscribe, ended=ended)


def _client(mine: AppointmentPage, *, is_proved: bool = False) -> Client:
    """Whose record it is filed with, if the link was sent to a contact that is theirs. What was only typed is somebody
    else's as well as not, until a button was pressed that proves it. Raises CalendarNotTheirs."""
    found = clients.find(mine.appointment.business, mine.appointment.client)
    client = remembered(found, now=mine.reader.visit.now) if found else None
    kind, sent_to = mine.sent_to, _sent_to(mine)
    if client is None or kind is None or sent_to is None or contact(client, kind) != sent_to:
        raise CalendarNotTheirs
    how = held(client, kind)
    if is_proved and how and how.how is How.TYPED:
        raise CalendarNotTheirs
    return client


def _sent_to(mine: AppointmentPage) -> str | None:
    """The contact of the booking that the link went to; one that was mended since got no link."""
    said, kind = mine.appointment.booked_as, mine.sent_to
    if kind is None or (said and kind in said.retyped):
        return None
    return contact(mine.client, kind)
