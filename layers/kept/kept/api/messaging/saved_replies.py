"""Saved replies as JSON, and their routes: staff use them, who leads the business keeps them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, Field, StringConstraints

from kept import clock
from kept.api import identity
from kept.api.base import Answer, Revised
from kept.api.booking.requests import Id, Name
from kept.api.messaging.staff_answers import said
from kept.business.saved_reply import LONGEST, MOST, PLACES, SavedReply
from kept.storage import catalogs
from kept.storage.saved_replies import load, revision
from kept.use_cases.messaging import saved_replies
from kept.use_cases.messaging.saved_replies import FilledReply

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
MOST_LANGUAGES = 10
ReplyText = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(said)]
ReplyId = Annotated[Id, Path()]
LEADING = [f"{method} /v1/desk/saved-replies/<reply>" for method in ("PUT", "DELETE")]


class SavedReplyRequest(Revised):
    """`texts` by language, with {name}, {when}, {service}, {staff}, {place}, {business} and {phone} for what Kept fills
    in."""

    title: Name
    texts: Annotated[
        dict[Annotated[str, StringConstraints(max_length=20)], ReplyText], Field(max_length=MOST_LANGUAGES)
    ]

    def reply(self, id: str) -> SavedReply:
        return SavedReply(id, self.title, self.texts)


class SavedReplyAnswer(Answer):
    """Asked for a client, `text` is it in their `language` with everything filled in but what is `missing`, which
    stands in it in its braces."""

    id: str
    title: str
    texts: dict[str, str]
    revision: str
    language: str | None = None
    text: str | None = None
    missing: list[str] = Field(default_factory=list)


class SavedRepliesAnswer(Answer):
    """All that are kept, at most `most`, and what can stand in their braces."""

    replies: list[SavedReplyAnswer]
    most: int
    places: list[str]


class DroppedReplyAnswer(Answer):
    """It is kept no more."""

    id: str


@router.get("/v1/desk/saved-replies")
def show(
    client: Annotated[Id | None, Query()] = None, about: Annotated[Id | None, Query()] = None
) -> SavedRepliesAnswer:
    """Filled for that client, about their next visit or the one that is named."""
    business, _ = identity.staff(router.current_event)
    if client is None:
        found = [_answer(reply) for reply in load(business)]
    else:
        catalog = catalogs.load(business)
        found = [_filled(one) for one in saved_replies.for_client(catalog, client, about, now=clock.now())]
    return SavedRepliesAnswer(replies=found, most=MOST, places=list(PLACES))


@router.put("/v1/desk/saved-replies/<reply>")
def keep(reply: ReplyId, wanted: SavedReplyRequest) -> SavedReplyAnswer:
    seen = identity.seen(router.current_event) or wanted.revision or None
    return _answer(saved_replies.save(_led(), wanted.reply(reply), seen=seen))


@router.delete("/v1/desk/saved-replies/<reply>")
def drop(reply: ReplyId) -> DroppedReplyAnswer:
    """Whether it was kept makes no difference."""
    saved_replies.drop(_led(), reply, seen=identity.seen(router.current_event))
    return DroppedReplyAnswer(id=reply)


def _led() -> str:
    """Raises SignInRequired, RoleRequired."""
    return identity.leading(router.current_event)


def _answer(it: SavedReply) -> SavedReplyAnswer:
    return SavedReplyAnswer(id=it.id, title=it.title, texts=dict(it.texts), revision=revision(it))


def _filled(it: FilledReply) -> SavedReplyAnswer:
    told = {"language": it.language, "text": it.text, "missing": list(it.missing)}
    return _answer(it.reply).model_copy(update=told)
