"""A business's own texts as JSON: a part left out stays ours."""

from kept.api.base import Revised
from kept.api.business.business_settings import Long
from kept.business.own_text import OwnText


class TextSettings(Revised):
    """Templates that name what ours do ({{ client }}, {{ when }}, {{ link }}); `sms` is what any conversation says."""

    subject: Long = ""
    body: Long = ""
    sms: Long = ""
    button: Long = ""

    def text(self, language: str, stage: str) -> OwnText:
        return OwnText(language, stage, self.subject, self.body, self.sms, self.button)


class SavedText(TextSettings):
    """Of one text in one language; with nothing in it, ours is said."""

    language: str
    stage: str


def saved(it: OwnText, revision: str) -> SavedText:
    told = dict(TextSettings.model_validate(it, from_attributes=True))
    return SavedText(**told | {"language": it.language, "stage": it.stage, "revision": revision})
