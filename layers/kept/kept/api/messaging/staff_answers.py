"""What one of the staff writes to a client: asked for, tried out, and its routes."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, StringConstraints

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.base import Answer, Body
from kept.api.booking.requests import Id
from kept.api.clients.answers import SaidAnswer, sent
from kept.api.reasons import Facts, told
from kept.business.catalog import Catalog
from kept.channels import Channel
from kept.messaging.personal import LONGEST, MOST_PARTS, Length
from kept.messaging.reasons_in_words import in_words
from kept.runtime import log
from kept.storage import catalogs
from kept.use_cases.messaging import staff_answers
from kept.use_cases.messaging.staff_answers import AnswerChannel, AnswerPreview, StaffAnswer
from kept.visible import lines, shows

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


def said(text: str) -> str:
    """Lines stay; what no reader sees goes, and what is left must show something."""
    if not shows(text):
        raise ValueError("It says nothing.")
    return lines(text)


def typed_so_far(text: str) -> str:
    """Nothing is as good as what shows nothing."""
    return lines(text) if shows(text) else ""


Typed = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(typed_so_far)]
Said = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(said)]
ClientId = Annotated[Id, Path()]


class TypedRequest(Body):
    """What is being typed, which is nothing at first; without `channel` over the one that they last wrote over, or else
    the first that is open."""

    text: Typed = ""
    channel: Channel | None = None

    def answer(self) -> StaffAnswer:
        return StaffAnswer(self.text, self.channel)


class StaffAnswerRequest(TypedRequest):
    """`about` is the appointment it speaks of and `follow_up` what it answers; left out, those of what they last wrote.

    Once it is sent, and no sooner, the clock of that follow-up stops.
    """

    text: Said
    about: Id | None = None
    follow_up: Id | None = None

    def answer(self) -> StaffAnswer:
        return StaffAnswer(self.text, self.channel, self.about, self.follow_up)


class WayAnswer(Answer):
    """Whether it can go over this channel now. Of one that is not `open` its `why` says what is in the way, and `until`
    when the time for free words was over; one that is open waits for its `why` until then, or takes free words until
    then."""

    channel: Channel
    open: bool
    why: str
    why_code: str
    facts: Facts
    until: datetime | None


class TypedAnswer(Answer):
    """How long it is over the channel that is `chosen`: null where none is open.

    Of a text message `parts` of at most `most_parts`, and `left` is the room in the last of them; of the others `left`
    is how many characters still fit. `too_long` is the reason for which it is refused, "" where it fits. `subject` is
    that of an e-mail.
    """

    channels: list[WayAnswer]
    chosen: Channel | None
    characters: int
    parts: int
    most_parts: int
    left: int
    encoding: str
    too_long: str
    subject: str | None


@router.post("/v1/desk/clients/<client>/answer-preview")
def preview(client: ClientId, typed: TypedRequest) -> TypedAnswer:
    """Changes nothing. Before anything is typed it tells over which channels an answer could go, and until when."""
    catalog, change = _asked("tried an answer", client)
    found = staff_answers.preview(catalog, client, typed.answer(), change)
    return previewed(found, identity.language(router.current_event))


@router.post("/v1/desk/clients/<client>/answer", status_code=201)
def answer(client: ClientId, written: StaffAnswerRequest) -> SaidAnswer:
    """The line of the conversation, which tells what becomes of it; it is sent by the one sender, within its rules."""
    catalog, change = _asked("wrote to a client", client)
    return sent(staff_answers.send(catalog, client, written.answer(), change), identity.language(router.current_event))


def previewed(it: AnswerPreview, language: str) -> TypedAnswer:
    chosen = it.chosen
    size = chosen.length if chosen else Length(0, 0, 0)
    return TypedAnswer(
        channels=[_way(way, language) for way in it.ways],
        chosen=chosen.channel if chosen else None,
        characters=size.characters,
        parts=size.parts,
        most_parts=MOST_PARTS,
        left=size.left,
        encoding=size.encoding,
        too_long=in_words(size.why, language),
        subject=it.subject if chosen and chosen.channel is Channel.EMAIL else None,
    )


def _way(it: AnswerChannel, language: str) -> WayAnswer:
    return WayAnswer(channel=it.channel, open=it.is_open, **told(it.why, "why", language), until=it.until)


def _asked(what: str, client: str) -> tuple[Catalog, Change]:
    """Logged by ids alone, also where it is refused afterwards. Raises SignInRequired, RoleRequired."""
    business, by = identity.staff(router.current_event)
    log.info(what, extra={"business": business, "client": client, "by": str(by)})
    return catalogs.load(business), identity.change_by(router.current_event, by, clock.now())
