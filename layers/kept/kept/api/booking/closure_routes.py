"""A day that cannot be: whom it would reach, the decision, how far it is, and taking it back."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, StringConstraints

from kept.api.base import Answer, Body
from kept.api.booking.day_routes import identify
from kept.api.booking.requests import Id, Moment, Text
from kept.booking.closure import ClosedTime, ReachedState, Scope
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.channels import Channel
from kept.messaging.message import MessageStatus
from kept.storage import closures
from kept.use_cases.booking import closing
from kept.use_cases.booking.closing import ClosureNow, Decision, Proposed
from kept.use_cases.messaging.addressees import all_as_shown

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
REMEMBERED = "POST /v1/desk/closures.*"
FOR_LEADERS = (
    "GET /v1/desk/closures",
    "POST /v1/desk/closures",
    "POST /v1/desk/closures/preview",
    "GET /v1/desk/closures/<closure>",
    "POST /v1/desk/closures/<closure>/go-on",
    "POST /v1/desk/closures/<closure>/undo",
)
NEWEST = 50
ClosureId = Annotated[Id, Path()]
Tag = Annotated[str, StringConstraints(max_length=20)]


class ClosedTimeRequest(Body):
    """A person (`staff`) or a room (`room`), by its id in `of`, or the `house`; 14 days at most."""

    scope: Scope
    of: Id | None = None
    start: Moment
    end: Moment

    def time(self) -> ClosedTime:
        """Raises InvalidRequest."""
        return ClosedTime(self.scope, self.of or "", self.start, self.end)


class ClosureRequest(ClosedTimeRequest):
    """`why` stands in the history of each visit; `words` are what its client reads of it, by language."""

    why: Text
    words: dict[Tag, Text] = Field(default_factory=dict, max_length=10)


class ProposedAnswer(Answer):
    """Where a visit would go: with whom and when, null where nothing is free. Over which `channel` its client would
    hear of it, and from when on (`tell_at`); null where somebody has to call."""

    appointment: str
    client_name: str
    service: str
    start: datetime
    staff: str
    instead: datetime | None
    instead_staff: str | None
    channel: Channel | None
    tell_at: datetime | None


class ClosurePreviewAnswer(Answer):
    """In the order of their start; `words` is what the business has prepared to say, by language."""

    reached: list[ProposedAnswer]
    words: dict[str, str]


class ReachedAnswer(Answer):
    """One that was reached: as it `was`, as it is (null where it is forgotten), from when on its client is told, what
    `became` of it, the last message of it over its `channel`, and the follow-up of whoever is to call."""

    appointment: str
    client_name: str
    service: str
    was: datetime
    was_staff: str
    start: datetime | None
    staff: str | None
    status: Status | None
    tell_at: datetime
    became: ReachedState
    channel: Channel | None
    message: MessageStatus | None
    follow_up: str | None


class ClosureAnswer(Answer):
    """While `complete` is false visits are left to be moved: ask for it to go on."""

    id: str
    scope: Scope
    of: str | None
    start: datetime
    end: datetime
    why: str
    by: str
    at: datetime
    undone_at: datetime | None
    complete: bool
    reached: list[ReachedAnswer]


class ShortClosureAnswer(Answer):
    """One decision, without those that it reached."""

    id: str
    scope: Scope
    of: str | None
    start: datetime
    end: datetime
    why: str
    undone_at: datetime | None


@router.get("/v1/desk/closures")
def newest() -> list[ShortClosureAnswer]:
    """The last fifty, the newest first."""
    catalog, _ = identify(router.current_event)
    zone = catalog.business.zone
    return [
        ShortClosureAnswer(
            id=it.id,
            scope=it.time.scope,
            of=it.time.of or None,
            start=it.time.starts.astimezone(zone),
            end=it.time.ends.astimezone(zone),
            why=it.why,
            undone_at=_local(it.undone_at, zone),
        )
        for it in closures.some(catalog.business.id, limit=NEWEST)
    ]


@router.post("/v1/desk/closures/preview")
def preview(wanted: ClosedTimeRequest) -> ClosurePreviewAnswer:
    """Whom it would reach, and what would be proposed to each; nothing is changed."""
    catalog, change = identify(router.current_event)
    return _preview(closing.preview(catalog, wanted.time(), change), catalog)


@router.post("/v1/desk/closures", status_code=201)
def decide(wanted: ClosureRequest) -> ClosureAnswer:
    """The hours are closed, and each visit is moved to a time that is its client's from then on; they are told in the
    order of their start, ten at once, ten minutes apart, the first after two minutes."""
    catalog, change = identify(router.current_event)
    return _now(closing.decide(catalog, Decision(wanted.time(), wanted.why, wanted.words), change), catalog)


@router.get("/v1/desk/closures/<closure>")
def follow(closure: ClosureId) -> ClosureAnswer:
    """Who was told, who has answered, and who has to be called."""
    catalog, change = identify(router.current_event)
    return _now(closing.follow(catalog, closure, now=change.at), catalog)


@router.post("/v1/desk/closures/<closure>/go-on")
def go_on(closure: ClosureId) -> ClosureAnswer:
    """With what is left to be moved, and with what was booked meanwhile."""
    catalog, change = identify(router.current_event)
    return _now(closing.go_on(catalog, closure, change), catalog)


@router.post("/v1/desk/closures/<closure>/undo")
def undo(closure: ClosureId) -> ClosureAnswer:
    """The hours are as before, and so is each visit whose client was not told yet."""
    catalog, change = identify(router.current_event)
    return _now(closing.undo(catalog, closure, change), catalog)


def _preview(found: list[Proposed], catalog: Catalog) -> ClosurePreviewAnswer:
    zone = catalog.business.zone
    names = [client.name for client, _ in all_as_shown([it.visit for it in found])]
    return ClosurePreviewAnswer(
        reached=[
            ProposedAnswer(
                appointment=it.visit.id,
                client_name=name,
                service=it.visit.service,
                start=it.visit.starts.astimezone(zone),
                staff=it.visit.slot.staff,
                instead=it.instead[0].astimezone(zone) if it.instead else None,
                instead_staff=it.instead[1] if it.instead else None,
                channel=it.told.channel if it.told else None,
                tell_at=_local(it.told.at if it.told else None, zone),
            )
            for it, name in zip(found, names, strict=True)
        ],
        words={tag: text for tag, text in closing.prepared(catalog.business).items() if text},
    )


def _now(it: ClosureNow, catalog: Catalog) -> ClosureAnswer:
    zone, time = catalog.business.zone, it.closure.time
    visits = [one.visit for one in it.followed if one.visit]
    names = {visit.id: client.name for visit, (client, _) in zip(visits, all_as_shown(visits), strict=True)}
    return ClosureAnswer(
        id=it.closure.id,
        scope=time.scope,
        of=time.of or None,
        start=time.starts.astimezone(zone),
        end=time.ends.astimezone(zone),
        why=it.closure.why,
        by=it.closure.by,
        at=it.closure.at.astimezone(zone),
        undone_at=_local(it.closure.undone_at, zone),
        complete=it.complete,
        reached=[
            ReachedAnswer(
                appointment=one.reached.visit,
                client_name=names.get(one.reached.visit, ""),
                service=one.visit.service if one.visit else "",
                was=one.reached.slot.starts.astimezone(zone),
                was_staff=one.reached.slot.staff,
                start=one.visit.starts.astimezone(zone) if one.visit else None,
                staff=one.visit.slot.staff if one.visit else None,
                status=one.visit.status if one.visit else None,
                tell_at=one.tell_at.astimezone(zone),
                became=one.became,
                channel=one.message.channel if one.message else None,
                message=one.message.status if one.message else None,
                follow_up=one.follow_up,
            )
            for one in it.followed
        ],
    )


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone) if at else None
