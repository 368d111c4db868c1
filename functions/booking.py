"""The public API: what a business offers, when it is free, holding a slot and booking it."""

from datetime import datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from kept import clock
from kept.actor import CLIENT
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking import answers, bookings
from kept.api.booking.requests import Date, HoldRequest, Id, NewBookingRequest
from kept.api.network import network
from kept.booking.availability import encode
from kept.client_links.tokens import hold_token, read_hold
from kept.errors import InvalidRequest
from kept.storage import catalogs
from kept.use_cases.booking import open_times
from kept.use_cases.booking.book import hold
from kept.use_cases.limits import strangers

LONGEST_RANGE = timedelta(days=31)

app = http_app()
handler = entrance(app)
Business = Annotated[Id, Path()]


def own_hold(token: str | None, business: str, now: datetime) -> str | None:
    """Raises LinkInvalid, and HoldExpired for one that nobody remembers."""
    return read_hold(token, business, now=now).ref if token else None


@app.get("/v1/businesses/<business>")
def show(business: Business) -> answers.BusinessAnswer:
    return answers.business(catalogs.load(business))


@app.get("/v1/businesses/<business>/availability")
def availability(
    business: Business,
    service: Annotated[str, Query()],
    first: Annotated[Date, Query(alias="from")],
    last: Annotated[Date, Query(alias="to")],
    staff: Annotated[str | None, Query()] = None,
    zone: Annotated[str | None, Query()] = None,
    hold: Annotated[str | None, Query()] = None,
) -> answers.AvailabilityAnswer:
    """Free starts on those days of the business, both included, at most 31, each with how busy its hour is; told in
    `zone`.

    The slot of one's own `hold` is free to oneself.
    """
    if not timedelta(0) <= last - first < LONGEST_RANGE:
        raise InvalidRequest(fields=[{"field": "to", "reason": "from is not after to, and they span 31 days at most"}])
    catalog = catalogs.load(business)
    told_in, now = identity.zone(zone, catalog.business.tz), clock.now()
    question = open_times.ask(catalog, service, staff, zone=told_in, now=now, own=own_hold(hold, business, now))
    slots, busy = open_times.free_and_busy(question, first, last)
    return answers.free(question.zone, encode(slots, question.zone), busy)


@app.post("/v1/businesses/<business>/holds", status_code=201)
def hold_slot(business: Business, wanted: HoldRequest) -> answers.HoldAnswer:
    """Keeps a slot for five minutes while details are entered: few at one time from one network, never a whole day.

    With an Idempotency-Key a repeat is answered by the same hold for as long as it lives.
    """
    catalog = catalogs.load(business)
    zone = identity.zone(wanted.zone, catalog.business.tz)
    now = clock.now()
    own = own_hold(wanted.instead_of, business, now)
    question = open_times.ask(catalog, wanted.service, wanted.staff, zone=zone, now=now, own=own)
    admission = strangers.holding(catalog.business, network(app.current_event), now=question.now)
    change = identity.change_by(app.current_event, CLIENT, question.now) if identity.key(app.current_event) else None
    held = hold(question, wanted.start, admission, change=change)
    slot = held.slot
    token = hold_token(business, held)
    return answers.HoldAnswer(hold=token, start=slot.starts, end=slot.ends, staff=slot.staff, until=held.until)


@app.post("/v1/businesses/<business>/appointments", status_code=201)
def book_slot(business: Business, wanted: NewBookingRequest) -> answers.BookedAnswer:
    """Books, and sends the confirmation. With an Idempotency-Key a repeat is answered as the first time."""
    now: datetime = clock.now()
    change = identity.change_by(app.current_event, CLIENT, now)
    return bookings.book_for(catalogs.load(business), wanted, change, network=network(app.current_event))
