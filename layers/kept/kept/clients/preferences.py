"""What a client wants to hear: how a yes and a no of theirs come to stand in the ledger, and what makes sense."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.holding import OPTED_OUT
from kept.errors import InvalidSetting

YES = frozenset({ConsentWord.GIVEN, ConsentWord.ASKED_FOR})

CONFIRMED_BY_LINK = (Purpose.PROMOTIONAL, Channel.EMAIL)
"""Double opt-in: anybody can tick a box for somebody else's address, so a link sent there has to say yes."""

QUESTION = "confirm_subscription"
"""The text that holds the link."""

ONE_DAY = timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=10)
"""However often the box is ticked meanwhile, the question is not sent again; the link in the last one still works."""

MOST_A_DAY = 3
"""Questions to one address: whoever holds a forwarded link could else have it asked every ten minutes."""


def agreeing_to(client: Client, yes: Consent) -> Client:
    """With their yes or, where a link has to confirm it, with their asking for it; itself where that stands already."""
    if client.said(yes.purpose, yes.channel) in YES:
        return client
    by_link = (yes.purpose, yes.channel) == CONFIRMED_BY_LINK
    return client.stating(replace(yes, said=ConsentWord.ASKED_FOR if by_link else ConsentWord.GIVEN))


def declining(client: Client, no: Consent) -> Client:
    return client.stating(replace(no, said=ConsentWord.WITHDRAWN))


def left_alone(client: Client, no: Consent, *, address: str) -> Client:
    """Nothing more over that channel to where they said so: be it their own, or one that they typed for a booking.

    So the no of one number stops nothing at another that the same client is reached by.
    """
    if client.address(no.channel) != address:
        return client.stopping(no.channel, why=OPTED_OUT, at=no.at, address=address)
    for purpose in (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL):
        client = declining(client, replace(no, purpose=purpose))
    return client


def declining_invitations(client: Client, *, at: datetime, source: str, words: str) -> Client:
    """Over every channel that reaches them or of which they ever spoke."""
    for channel in Channel:
        if client.address(channel) or client.said(Purpose.PROMOTIONAL, channel):
            client = declining(client, Consent(Purpose.PROMOTIONAL, channel, at, source, words))
    return client


def confirming(client: Client, yes: Consent) -> Client:
    """Itself where nothing waits for a yes: it was never asked for, taken back, or confirmed before."""
    return client.stating(yes) if client.said(*CONFIRMED_BY_LINK) is ConsentWord.ASKED_FOR else client


def asking_again(client: Client, *, at: datetime) -> Client:
    """For the question that has not been answered; itself where it was sent a moment ago."""
    last = _asked(client)
    if last is None or client.said(*CONFIRMED_BY_LINK) is not ConsentWord.ASKED_FOR or not _may_be_asked(client, at):
        return client
    return replace(client, consents=(*client.consents, replace(last, at=at, is_old=False)))


def question_due(before: Client, after: Client) -> datetime | None:
    """When they asked for invitations by e-mail, if that is news."""
    asked = _asked(after)
    if asked is None or asked == _asked(before) or not _may_be_asked(before, asked.at):
        return None
    return asked.at


def hours_make_sense(begins: time | None, ends: time | None) -> None:
    """Either may be left open. Raises InvalidSetting."""
    if begins and ends and ends <= begins:
        raise InvalidSetting(field="best_until", reason="Must be later than best_from.")


def _may_be_asked(client: Client, at: datetime) -> bool:
    """Not just now, nor for the fourth time in a day."""
    asked = [
        c.at for c in client.consents if c.said is ConsentWord.ASKED_FOR and (c.purpose, c.channel) == CONFIRMED_BY_LINK
    ]
    if asked and at - asked[-1] < AGAIN_AFTER:
        return False
    sent = [*asked[:1], *(then for before, then in pairwise(asked) if then - before >= AGAIN_AFTER)]
    return sum(at - then < ONE_DAY for then in sent) < MOST_A_DAY


def _asked(client: Client) -> Consent | None:
    asked: Iterable[Consent] = (c for c in reversed(client.consents) if c.said is ConsentWord.ASKED_FOR)
    return next((c for c in asked if (c.purpose, c.channel) == CONFIRMED_BY_LINK), None)
