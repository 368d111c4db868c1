"""What a client agreed to, statement by statement: an append-only ledger in which the last word counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.bounds import moving
from kept.channels import Channel, Purpose
from kept.reasons import Reason


class ConsentWord(StrEnum):
    """Asked for is a yes that still has to be confirmed by a link sent to that very address (double opt-in)."""

    GIVEN = "given"
    ASKED_FOR = "asked_for"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One statement on one purpose over one channel: when, where (`source`), and the words that were agreed to.

    `is_old`: it stands in an item of its own as well.
    """

    purpose: Purpose
    channel: Channel
    at: datetime
    source: str
    words: str
    said: ConsentWord = ConsentWord.GIVEN
    is_old: bool = False

    @property
    def is_no_on_wechat(self) -> bool:
        return self.said is ConsentWord.WITHDRAWN and self.channel is Channel.WECHAT


Ledger = tuple[Consent, ...]


def shortened(ledger: Ledger) -> tuple[Ledger, Ledger]:
    """What the client keeps of it, and the lines that move out now, if there are too many.

    Of old ones it keeps the last of each kind of statement on each purpose and channel: no rule asks for more.
    """
    marked, moved = moving(ledger, lambda line: line.words)
    last = {(line.purpose, line.channel, line.said): n for n, line in enumerate(marked)}.values()
    return tuple(line for n, line in enumerate(marked) if not line.is_old or n in last), moved


@dataclass(frozen=True, slots=True)
class Stopped:
    """A channel that does not reach them at `address` any more: why, and since when."""

    channel: Channel
    address: str
    at: datetime
    why: Reason


@dataclass(frozen=True, slots=True)
class Wrote:
    """The last time they wrote to us over a channel; WhatsApp allows free words for a day after."""

    channel: Channel
    at: datetime
