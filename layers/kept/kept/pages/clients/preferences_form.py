"""The form of a client's wishes: as it stands, as it was filled in, and what that makes of the client."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import TypeVar

from kept.channels import Channel, Purpose
from kept.clients.client import Client, Occupation
from kept.clients.consent import Consent
from kept.clients.preferences import YES, agreeing_to, declining
from kept.errors import InvalidRequest
from kept.pages.clients.client_link_page import Theirs
from kept.pages.language import LANGUAGES
from kept.pages.page_request import PageForm

SOURCE = "preferences page"
ASKED = (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL)
Box = tuple[Purpose, Channel]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wishes:
    """`were` are the boxes that the page showed ticked: what is the same as then is no statement.

    So a page left open does not take back what was said elsewhere in the meantime. The hours are local.
    """

    boxes: frozenset[Box]
    were: frozenset[Box]
    preferred: Channel | None
    occupation: Occupation | None
    best_from: time | None
    best_until: time | None
    do_not_disturb: bool
    locale: str


def standing(theirs: Theirs) -> Wishes:
    client = theirs.client
    boxes = frozenset(box for box in _boxes(theirs) if client.said(*box) in YES)
    return Wishes(
        boxes=boxes,
        were=boxes,
        preferred=client.preferred,
        occupation=client.occupation,
        best_from=client.best_from,
        best_until=client.best_until,
        do_not_disturb=client.do_not_disturb,
        locale=client.locale,
    )


def typed(form: PageForm, theirs: Theirs) -> Wishes:
    """Raises InvalidRequest for what the page does not offer."""
    boxes = _boxes(theirs)
    return Wishes(
        boxes=frozenset(box for box in boxes if box[1] in form.every(box[0])),
        were=frozenset(box for box in boxes if name(box) in form.every("were")),
        preferred=_one_of(form, "preferred", {str(channel): channel for channel in theirs.open}),
        occupation=_one_of(form, "occupation", {str(it): it for it in Occupation}),
        best_from=_clock(form, "best_from"),
        best_until=_clock(form, "best_until"),
        do_not_disturb=bool(form.one("do_not_disturb")),
        locale=_one_of(form, "locale", {tag: tag for tag in LANGUAGES}) or theirs.client.locale,
    )


def wishing(client: Client, *, wishes: Wishes, theirs: Theirs) -> Client:
    """One statement for every box that was changed, in the words beside it."""
    for box in sorted(wishes.boxes ^ wishes.were):
        statement = Consent(*box, theirs.reader.visit.now, SOURCE, words(box, theirs))
        client = agreeing_to(client, statement) if box in wishes.boxes else declining(client, statement)
    return replace(
        client,
        preferred=wishes.preferred,
        occupation=wishes.occupation,
        best_from=wishes.best_from,
        best_until=wishes.best_until,
        do_not_disturb=wishes.do_not_disturb,
        locale=wishes.locale,
    )


def name(box: Box) -> str:
    return ".".join(box)


def words(box: Box, theirs: Theirs) -> str:
    """What stood above the box, and beside it; whose address it is the channel says."""
    says = theirs.reader.language.says
    return says("dot").join((theirs.asks(box[0]), says("channel." + box[1])))


def _boxes(theirs: Theirs) -> list[Box]:
    return [(purpose, channel) for purpose in ASKED for channel in theirs.choices(purpose)]


def _one_of(form: PageForm, field: str, offered: Mapping[str, T]) -> T | None:
    said = form.one(field)
    if said and said not in offered:
        raise InvalidRequest(fields=[{"field": field, "reason": "one of those on the page"}])
    return offered.get(said)


def _clock(form: PageForm, field: str) -> time | None:
    """A browser's own: 10:30."""
    try:
        return (
            time.fromisoformat(form.one(field)).replace(second=0, microsecond=0, tzinfo=None)
            if form.one(field)
            else None
        )
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": field, "reason": "not a time of day"}]) from error
