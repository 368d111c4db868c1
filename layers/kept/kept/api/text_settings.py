"""A business's own texts as they travel: a part left out stays ours."""

from kept.api.business_settings import Long
from kept.api.shapes import Body
from kept.messaging.own_text import OwnText


class TextSettings(Body):
    """Templates that name what ours do ({{ client }}, {{ when }}, {{ link }}); `sms` is what any conversation says."""

    subject: Long = ""
    body: Long = ""
    sms: Long = ""
    button: Long = ""

    def text(self, language: str, stage: str) -> OwnText:
        return OwnText(language, stage, **dict(self))


class SavedText(TextSettings):
    """Of one text in one language; with nothing in it, ours is said."""

    language: str
    stage: str


def saved(it: OwnText) -> SavedText:
    return SavedText.model_validate(it, from_attributes=True)
