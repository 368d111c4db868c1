"""A booking request made into a booking: the same for clients and, with their own rights, for staff."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from kept import ids
from kept.actor import Change
from kept.api import identity
from kept.api.booking import answers
from kept.api.booking.requests import ClientDetails, NewBookingRequest
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.channels import Channel
from kept.client_links.links import appointment_page
from kept.client_links.tokens import manage_token, read_hold
from kept.clients.client import Client
from kept.clients.contact import normal_email, normal_phone
from kept.clients.guest import Details, agreeable, guest
from kept.clients.held import ContactKind
from kept.clients.mending import Mending
from kept.errors import InvalidRequest
from kept.settings import setting
from kept.storage import clients
from kept.use_cases.booking.book import BookingRequest, book, booked_before
from kept.use_cases.booking.mending import mend
from kept.use_cases.limits import strangers
from kept.use_cases.limits.counting import FREE
from kept.use_cases.optimistic_retry import unless_done
from kept.use_cases.policy.deposit_asking import DepositChoice

if TYPE_CHECKING:
    from kept.api.booking.desk_requests import DeskBookingRequest, DeskClientDetails, MendRequest

WORDS = "agreed to be told about this booking"
"""What the API's callers say when they name a channel in `agrees_to`; pages keep the words that were shown."""


def book_for(
    catalog: Catalog, wanted: NewBookingRequest, change: Change, *, network: str | None = None
) -> answers.BookedAnswer:
    """Raises whatever is wrong with the details, and why the slot cannot be had.

    From a `network` it comes by somebody who is not signed in, and then TooManyRequests as well. A repeat finds the
    first booking also where the hold, the service or the channel that it was made with is no more.
    """

    def made() -> Appointment:
        client = _client(catalog, wanted.client, change)
        request = _request(wanted, client, wanted.start, wanted.client, catalog, change)
        admission = FREE if network is None else strangers.booking(catalog.business, client, network, now=change.at)
        return book(catalog, request, change, admission)

    return _booked(catalog, made, change)


def book_at_the_desk(catalog: Catalog, wanted: "DeskBookingRequest", change: Change) -> answers.BookedAnswer:
    """The same by staff, with their own rights: also for a client on record, and for who stands before them. Raises
    UnknownClient as well."""

    if wanted.walk_in == bool(wanted.start) or (wanted.walk_in and wanted.hold):
        raise InvalidRequest(fields=[{"field": "start", "reason": "Either a start, or walk_in without a hold"}])

    def made() -> Appointment:
        about, starts = wanted.client, wanted.start or change.at
        if about.id:
            client = clients.load(catalog.business.id, about.id)
        else:
            client = _client(catalog, ClientDetails.model_validate(about.model_dump(exclude={"id"})), change)
        request = _request(wanted, client, starts, about, catalog, change)
        by_hand = bool(wanted.override)
        deposit = DepositChoice(wanted.deposit, wanted.no_deposit_because)
        request = replace(request, known=bool(about.id), by_hand=by_hand, walk_in=wanted.walk_in, deposit=deposit)
        return book(catalog, request, change)

    return _booked(catalog, made, change)


def _booked(catalog: Catalog, make: Callable[[], Appointment], change: Change) -> answers.BookedAnswer:
    made = unless_done(make, lambda: booked_before(catalog.business.id, change))
    token = manage_token(made)
    return answers.booked(made, catalog, link=token, page=appointment_page(setting("PUBLIC_URL"), token))


def _request(
    wanted: "NewBookingRequest | DeskBookingRequest",
    client: Client,
    starts: datetime,
    about: "ClientDetails | DeskClientDetails",
    catalog: Catalog,
    change: Change,
) -> BookingRequest:
    hold = read_hold(wanted.hold, catalog.business.id, now=change.at) if wanted.hold else None
    open = frozenset(name for name, said in (("locale", about.locale), ("tz", about.zone)) if not said)
    return BookingRequest(
        wanted.service, starts, client, client.zone, wanted.staff, wanted.note, hold, open=open, answers=wanted.answers
    )


def mended(catalog: Catalog, id: str, wanted: "MendRequest", change: Change) -> Appointment:
    """By staff. Raises InvalidRequest, and what a guest is refused for."""
    _must_be_in_use(wanted.agrees_to or (), catalog, "agrees_to")
    country = catalog.business.country
    contacts = {}
    if wanted.phone is not None:
        contacts[ContactKind.PHONE] = normal_phone(wanted.phone, country) if wanted.phone else ""
    if wanted.email is not None:
        contacts[ContactKind.EMAIL] = normal_email(wanted.email) if wanted.email else ""
    said = Mending(wanted.name, contacts, wanted.agrees_to, wanted.note)
    return mend(catalog, id, said, change, words=WORDS, source=str(change.by), version=wanted.version)


def _must_be_in_use(agreed: Iterable[Channel], catalog: Catalog, field: str) -> None:
    if unused := set(agreed) - set(agreeable(catalog.business)):
        reason = f"This business does not use {', '.join(sorted(unused))}"
        raise InvalidRequest(fields=[{"field": field, "reason": reason}])


def _client(catalog: Catalog, details: ClientDetails, change: Change) -> Client:
    """Raises InvalidRequest, UnknownZone, and what a guest is refused for."""
    _must_be_in_use(details.agrees_to, catalog, "client.agrees_to")
    zone = identity.zone(details.zone, catalog.business.tz)
    typed = Details(
        details.name, details.phone or "", details.email or "", details.agrees_to, details.locale or "", zone.key
    )
    by_staff = not change.by.is_client
    return guest(
        typed, catalog.business, ids.new("c"), source=str(change.by), words=WORDS, now=change.at, by_staff=by_staff
    )
