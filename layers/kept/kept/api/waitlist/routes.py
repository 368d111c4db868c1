"""The waitlist for staff: who waits, in which order and why, what came free, and what is done about either."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.booking.answers import AppointmentAnswer
from kept.api.booking.answers import appointment as appointment_answer
from kept.api.booking.requests import Id
from kept.api.waitlist import answers
from kept.api.waitlist.requests import JoinRequest, OfferRequest, PassOverRequest, WishRequest
from kept.business.catalog import Catalog
from kept.storage import catalogs, clients
from kept.storage import waitlist as stored
from kept.use_cases.waitlist import at_desk, joining
from kept.waitlist.entry import WaitlistEntry

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
EntryId = Annotated[Id, Path()]
OpeningId = Annotated[str, Query(max_length=100)]


@router.get("/v1/desk/waitlist")
def show(opening: OpeningId = "") -> answers.WaitlistAnswer:
    """Who waits, in their order with the reason of each place; of some freed time (`opening`) those whom it fits and
    who were not asked yet."""
    catalog, _ = _asked()
    it = at_desk.shown(catalog, opening, now=clock.now())
    return answers.waitlist(it, catalog.business.zone, _language())


@router.post("/v1/desk/waitlist")
def join(wanted: JoinRequest) -> answers.EntryAnswer:
    """A client on record waits from now on, and is told so."""
    catalog, change = _asked()
    client = clients.load(catalog.business.id, wanted.client)
    return _answer(catalog, joining.join(catalog, client, wanted.wish(), change, **wanted.how()))


@router.get("/v1/desk/waitlist/<entry>")
def one(entry: EntryId) -> answers.WholeEntryAnswer:
    """With its offers, their answers, and all that was done about it; also of one that is over."""
    catalog, _ = _asked()
    found = stored.load(catalog.business.id, entry)
    client = clients.find(catalog.business.id, found.client)
    return answers.whole(found, client, catalog.business, _language(), now=clock.now())


@router.put("/v1/desk/waitlist/<entry>")
def change_wish(entry: EntryId, wanted: WishRequest) -> answers.EntryAnswer:
    """They keep their place; what they had on offer is withdrawn. Whom staff took off the list, or booked for what
    was cancelled since, is back in their old place."""
    catalog, change = _asked()
    found = stored.load(catalog.business.id, entry)
    client = clients.load(catalog.business.id, found.client)
    return _answer(catalog, joining.change_wish(catalog, entry, wanted.wish(), change, client=client, **wanted.how()))


@router.delete("/v1/desk/waitlist/<entry>")
def leave(entry: EntryId) -> answers.EntryAnswer:
    """They wait no more; of one that is over, whatever it came to."""
    catalog, change = _asked()
    return _answer(catalog, joining.leave(catalog, entry, change))


@router.post("/v1/desk/waitlist/<entry>/pass-over")
def pass_over(entry: EntryId, wanted: PassOverRequest) -> answers.EntryAnswer:
    """This freed time is not offered to them, for a reason that is kept; what they have on offer of it is taken
    back."""
    catalog, change = _asked(wanted.reason)
    return _answer(catalog, joining.pass_over(catalog, entry, wanted.opening, change))


@router.post("/v1/desk/waitlist/<entry>/offer")
def offer(entry: EntryId, wanted: OfferRequest) -> answers.EntryAnswer:
    """Held for them until its deadline, though it be not their turn."""
    catalog, change = _asked()
    made = at_desk.offer_by_hand(catalog, entry, wanted.service, wanted.staff, wanted.start, wanted.opening, change)
    return _answer(catalog, made)


@router.post("/v1/desk/waitlist/<entry>/book")
def book(entry: EntryId, wanted: OfferRequest) -> AppointmentAnswer:
    """They have it, and wait no more; who waited for an earlier time has theirs moved."""
    catalog, change = _asked()
    visit = at_desk.book_by_hand(catalog, entry, wanted.service, wanted.staff, wanted.start, change)
    return appointment_answer(visit, catalog)


def _answer(catalog: Catalog, entry: WaitlistEntry) -> answers.EntryAnswer:
    client = clients.find(catalog.business.id, entry.client)
    return answers.entry(entry, client, catalog.business.zone, _language())


def _asked(why: str = "") -> tuple[Catalog, Change]:
    """Raises SignInRequired, RoleRequired, UnknownBusiness."""
    business, by = identity.staff(router.current_event)
    return catalogs.load(business), identity.change_by(router.current_event, by, clock.now(), why=why)


def _language() -> str:
    return identity.language(router.current_event)
