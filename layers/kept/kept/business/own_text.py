"""What a business says in its own words, in one language, where it does not like ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnText:
    """A block left empty stays ours. `stage` names one of our texts, or a stage of reminding of its own."""

    language: str
    stage: str
    subject: str = ""
    body: str = ""
    sms: str = ""
    button: str = ""

    @property
    def id(self) -> str:
        return f"{self.language}/{self.stage}"
