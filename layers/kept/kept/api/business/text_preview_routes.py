"""How a text would read, asked while it is written: over each of its channels, with its parts counted."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api import identity
from kept.api.base import Answer
from kept.api.business.asked import Named
from kept.api.business.text_settings import TextSettings
from kept.channels import Channel
from kept.storage import catalogs
from kept.use_cases.business.settings import stages_of

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class TextSaidAnswer(Answer):
    """`parts` and `encoding` are those of a text message, 1 and "" elsewhere; `left` is what still fits in the last."""

    channel: Channel
    subject: str
    text: str
    characters: int
    parts: int
    left: int
    encoding: str


class TextPreviewAnswer(Answer):
    """Of an ordinary matter; `names` can stand in its braces, and `ours` are the parts of our own text as they are
    written."""

    said: list[TextSaidAnswer]
    names: list[str]
    ours: dict[str, str]


@router.post("/v1/desk/texts/<language>/<stage>/preview")
def try_text(language: Named, stage: Named, told: TextSettings) -> TextPreviewAnswer:
    """With nothing in it, ours. Imports here: of all settings these alone need templates."""
    from kept.messaging.segments import segments
    from kept.messaging.trial import previewed

    catalog = catalogs.load(identity.leading(router.current_event))
    preview = previewed(told.text(language, stage), stages_of(catalog), catalog.business)
    said = []
    for channel, it in preview.said.items():
        cut = segments(it.text) if channel is Channel.SMS else None
        said.append(
            TextSaidAnswer(
                channel=channel,
                subject=it.subject,
                text=it.text,
                characters=len(it.text),
                parts=cut.count if cut else 1,
                left=cut.left if cut else 0,
                encoding=cut.encoding if cut else "",
            )
        )
    return TextPreviewAnswer(said=said, names=list(preview.names), ours=dict(preview.ours))
