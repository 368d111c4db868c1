"""A client is dismissed: what that would bring about, the decision itself, and taking it back; for who leads."""

from datetime import datetime

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api import identity
from kept.api.base import Answer
from kept.api.clients import answers, visit_answers
from kept.api.clients.asked import ClientId, asked, shown
from kept.api.clients.requests import DismissalEndRequest, DismissalRequest
from kept.channels import Channel
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.reasons_in_words import in_words
from kept.storage import clients
from kept.storage.client_visits import Visits
from kept.use_cases.policy import dismissing
from kept.use_cases.policy.dismissing import Ending, LetterWay

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
LEADING = (
    "GET /v1/desk/clients/<client>/dismissal",
    "POST /v1/desk/clients/<client>/dismissal",
    "POST /v1/desk/clients/<client>/dismissal/end",
)


class LetterAnswer(Answer):
    """As the client would read it, by which channel; where it has to wait, why and until when."""

    channel: Channel
    language: str
    subject: str
    text: str
    waits: str
    until: datetime | None


class ClosedAnswer(Answer):
    """A channel that does not carry it, and why."""

    channel: Channel
    why: str


class EndedAnswer(Answer):
    """A follow-up that ends."""

    id: str
    cause: OpenedBy


class DismissalAnswer(Answer):
    """What a dismissal would bring about: the letter, null where no channel carries it (`closed` says why); the visits
    to come, and the follow-ups that end."""

    letter: LetterAnswer | None
    closed: list[ClosedAnswer]
    visits: list[visit_answers.VisitAnswer]
    follow_ups: list[EndedAnswer]


@router.get("/v1/desk/clients/<client>/dismissal")
def show(client: ClientId) -> DismissalAnswer:
    """Nothing is changed by it."""
    catalog, change = asked(router.current_event, "looked at a dismissal", client, at_least="manager")
    found = dismissing.preview(catalog, client, now=change.at)
    name = clients.load(catalog.business.id, client).name
    visits = visit_answers.visits(found.visits, Visits(()), name, catalog).coming
    return _answer(found, visits, identity.language(router.current_event))


@router.post("/v1/desk/clients/<client>/dismissal")
def dismiss(client: ClientId, told: DismissalRequest) -> answers.ClientAnswer:
    """With the letter, and the end of what is planned. What is booked is cancelled a moment later, where that is
    asked for."""
    catalog, change = asked(router.current_event, "dismissed a client", client, at_least="manager")
    after = dismissing.dismiss(catalog, client, told.why, letter=told.letter, cancels=told.cancel, change=change)
    return shown(after, catalog, router.current_event)


@router.post("/v1/desk/clients/<client>/dismissal/end")
def take_back(client: ClientId, told: DismissalEndRequest) -> answers.ClientAnswer:
    """The record counts again, and a note says why. What was cancelled stays so."""
    catalog, change = asked(router.current_event, "took a dismissal back", client, at_least="manager")
    return shown(dismissing.take_back(catalog, client, told.why, change), catalog, router.current_event)


def _answer(it: Ending, visits: list[visit_answers.VisitAnswer], language: str) -> DismissalAnswer:
    return DismissalAnswer(
        letter=_letter(it.letter, language) if it.letter else None,
        closed=[ClosedAnswer(channel=channel, why=in_words(why, language)) for channel, why in it.closed],
        visits=visits,
        follow_ups=[EndedAnswer(id=one.id, cause=one.cause) for one in it.follow_ups],
    )


def _letter(it: LetterWay, language: str) -> LetterAnswer:
    return LetterAnswer(
        channel=it.channel,
        language=it.rendered.language,
        subject=it.rendered.subject,
        text=it.rendered.text,
        waits=in_words(it.waits, language),
        until=it.until,
    )
