"""Saved replies: kept by who leads the business, and filled for one client in their own language."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog
from kept.business.checks import must
from kept.business.saved_reply import MOST, SavedReply, check_reply, filled
from kept.clients.client import Client
from kept.clients.names import said_to_them
from kept.errors import Outdated
from kept.messaging.letter import Links, greeting, letter
from kept.messaging.text_context import names
from kept.messaging.words import words_in
from kept.storage import appointments, clients, saved_replies
from kept.use_cases.messaging.conversation import visits_to_come
from kept.use_cases.optimistic_retry import retried

NOWHERE = Links("", "", "")


@dataclass(frozen=True, slots=True)
class FilledReply:
    """In that language; `missing` are the places for which nothing is known, which stand in it in their braces."""

    reply: SavedReply
    language: str
    text: str
    missing: tuple[str, ...]


def save(business: str, reply: SavedReply, *, seen: str | None) -> SavedReply:
    """Over the revision that the asker has seen, if they say so. Raises InvalidSetting, Outdated."""
    check_reply(reply)

    def attempt() -> SavedReply:
        before = saved_replies.find(business, reply.id)
        if before == reply:
            return reply
        _must_be_seen(before, seen)
        if before is None:
            must(len(saved_replies.load(business)) < MOST, "id", f"There are {MOST}; give one of them up first.")
        saved_replies.save(business, reply, over=before)
        return reply

    return retried(attempt)


def drop(business: str, id: str, *, seen: str | None) -> None:
    """Whether it was there before makes no difference. Raises Outdated."""

    def attempt() -> None:
        if before := saved_replies.find(business, id):
            _must_be_seen(before, seen)
            saved_replies.drop(business, before)

    retried(attempt)


def for_client(catalog: Catalog, client: str, about: str | None, *, now: datetime) -> list[FilledReply]:
    """`about` is the visit that they speak of; None for their next. Raises UnknownClient, UnknownAppointment."""
    business = catalog.business
    known = clients.load(business.id, client)
    visit = _visit(known, about, now)
    says = _says(known, visit, catalog)
    found = []
    for reply in saved_replies.load(business.id):
        language, text = reply.in_language(known.locale, business.locale)
        found.append(FilledReply(reply, language, *filled(text, says)))
    return found


def _must_be_seen(before: SavedReply | None, seen: str | None) -> None:
    is_now = saved_replies.revision(before)
    if seen is not None and seen != is_now:
        raise Outdated(revision=is_now)


def _visit(client: Client, about: str | None, now: datetime) -> Appointment | None:
    if about is None:
        return next(iter(visits_to_come([client], now=now)), None)
    visit = appointments.load(client.business, about)
    if visit.client not in client.ids:
        raise UnknownAppointment
    return visit


def _says(client: Client, visit: Appointment | None, catalog: Catalog) -> dict[str, str]:
    """As a message of ours would name it, in the reader's language and zone."""
    known = addressee(client, visit) if visit else client
    matter = (
        letter(visit, known, catalog, stage=None, links=NOWHERE)
        if visit
        else greeting(known, catalog, service="", links=NOWHERE)
    )
    told = names(matter, words_in(known.locale))
    says = {place: str(told.get(place, "")) for place in ("when", "service", "staff", "place", "business", "phone")}
    return says | {"name": said_to_them(known.name)}
