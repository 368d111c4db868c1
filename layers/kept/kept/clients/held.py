"""How a client holds a number or an address: as it was typed once, as somebody who came, or proved."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ContactKind(StrEnum):
    """What a contact is; the value is the name of its field, of a client as of a booking."""

    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"


class How(StrEnum):
    """First come, first held, but weakly: what was typed or used goes to whoever proves that it is theirs."""

    TYPED = "typed"
    USED = "used"
    PROVED = "proved"


@dataclass(frozen=True, slots=True)
class Held:
    """One contact of a client; what was only typed is forgotten at `until`."""

    kind: ContactKind
    how: How
    until: datetime | None = None
