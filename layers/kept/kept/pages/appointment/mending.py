"""Mending the details of one's own appointment: the name it is booked under, the note, another number or address.

Whoever holds the link may have been sent it by somebody else, so no number or address is shown but by its last letters,
and mending proves nothing of whose they are.
"""

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.actor import CLIENT, Change
from kept.api.network import network
from kept.channels import Channel
from kept.clients.booked_as import BookedAs, booked_as
from kept.clients.contact import normal_email, normal_phone
from kept.clients.held import ContactKind
from kept.clients.masked import masked
from kept.clients.mending import Mending
from kept.errors import TooManyRequests
from kept.pages.appointment.appointment_page import AppointmentPage, opened
from kept.pages.booking.details import Typed, form_page, problems, typed
from kept.pages.page_request import PageRequest
from kept.pages.render import again_later, see_other
from kept.use_cases.booking.mending import mend


def ask(visit: PageRequest, token: str) -> Response[str]:
    """Raises what mending would."""
    mine = opened(visit, token)
    it = mine.appointment
    it.mend(it.booked_as, f"{it.note}.", Change(CLIENT, visit.now))
    was = _as_it_is(mine)
    name = it.booked_as.name if it.booked_as else ""
    return _form(mine, Typed(name, "", "", it.note, was.agreed, ids.new("k")))


def save(visit: PageRequest, token: str) -> Response[str]:
    mine, form = opened(visit, token), visit.typed()
    business, was = mine.catalog.business, _as_it_is(mine)
    said = typed(form, business)
    if wrong := problems(_whole(said, was), business, lenient=not was.contacts and not (said.phone or said.email)):
        return _form(mine, said, wrong)
    contacts = {ContactKind.PHONE: normal_phone(said.phone, business.country)} if said.phone else {}
    contacts |= {ContactKind.EMAIL: normal_email(said.email)} if said.email else {}
    try:
        mend(
            mine.catalog,
            mine.appointment.id,
            Mending(said.name, contacts, said.agrees_to, said.note),
            visit.change_by(form),
            words=mine.reader.language.says("consent.words", business=business.name),
            source="appointment page",
            version=form.version(),
            network=network(visit.event),
        )
    except TooManyRequests as refusal:
        return again_later(_form(mine, said, too_many=True), refusal)
    return see_other(mine.at(done="mended"))


def _as_it_is(mine: AppointmentPage) -> BookedAs:
    """As it was typed; of a booking that did not keep that, nothing is shown of the client's record but its reach."""
    return mine.appointment.booked_as or booked_as(mine.client, is_first=False)


def _whole(said: Typed, was: BookedAs) -> Typed:
    """With the contacts that stay."""
    return Typed(said.name, said.phone or was.phone or "", said.email or was.email or "", said.note, said.agrees_to, "")


def _form(
    mine: AppointmentPage, said: Typed, wrong: dict[str, str] | None = None, *, too_many: bool = False
) -> Response[str]:
    reached = {"phone": masked(mine.client, Channel.SMS), "email": masked(mine.client, Channel.EMAIL)}
    business = mine.catalog.business
    return form_page(mine.reader, "mend", said, business, wrong, too_many=too_many, mine=mine, reached=reached)
