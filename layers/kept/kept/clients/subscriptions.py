"""One-time subscriptions: a tap of a client's that allows one message of its kind over WeChat, at any later time.

Each is a consent with a count of one. The message that is about to be sent takes it; where it is known that nothing
went out it is given back, and where it cannot be used any more it says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kept.reasons import Reason


class TapKind(StrEnum):
    """What the client taps: "remind me", "tell me when I am due"."""

    REMINDER = "reminder"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Subscription:
    """When it was tapped, where (`source`), and the words beside the button.

    `occasion` tells taps apart: the booking that it was asked for with, or WeChat's own event. `confirmed`: WeChat
    itself told of it. `spent_on` is the message that took it; `void` why it can be used no more.
    """

    kind: TapKind
    at: datetime
    source: str
    words: str
    occasion: str
    confirmed: bool = False
    spent_on: str = ""
    void: Reason | None = None

    @property
    def is_open(self) -> bool:
        return not (self.spent_on or self.void)


Taps = tuple[Subscription, ...]

MOST_OPEN, MOST_OVER = 10, 20
"""Of each kind, and of those that are over; of more, the latest are kept."""


def subscribed(taps: Taps, tap: Subscription) -> Taps:
    """With one more; itself where this tap is there already, be it spent by now.

    What WeChat tells of, and the page has told of before, is one tap and not two.
    """
    if any((one.kind, one.occasion) == (tap.kind, tap.occasion) for one in taps):
        return taps
    unheard = next((one for one in taps if tap.confirmed and _may_be_it(one, tap)), None)
    if unheard:
        return _with(taps, unheard, replace(unheard, confirmed=True))
    return _kept((*taps, tap))


def to_spend(taps: Taps, kind: TapKind, message: str) -> Subscription | None:
    """The one that this message has taken already, else the oldest that is open: those that WeChat told of first."""
    taken = (one for one in taps if one.kind is kind and one.spent_on == message and not one.void)
    free = sorted((one for one in taps if one.kind is kind and one.is_open), key=lambda one: not one.confirmed)
    return next(taken, None) or next(iter(free), None)


def spent(taps: Taps, kind: TapKind, message: str) -> Taps:
    """Taken by this message, once however often it is tried; itself where there is none to take."""
    one = to_spend(taps, kind, message)
    return _with(taps, one, replace(one, spent_on=message)) if one else taps


def given_back(taps: Taps, message: str) -> Taps:
    """By a message that did not go out."""
    return _each(taps, lambda it: it.spent_on == message and not it.void, lambda it: replace(it, spent_on=""))


def voided(taps: Taps, kind: TapKind, why: Reason) -> Taps:
    """All of a kind that are open: WeChat knows of none, or the client wants none any more."""
    return _each(taps, lambda it: it.kind is kind and it.is_open, lambda it: replace(it, void=why))


def voided_with(taps: Taps, message: str, kind: TapKind, why: Reason) -> Taps:
    """The one that this message took, and the others of its kind, which are worth as little."""
    taken = _each(taps, lambda it: it.spent_on == message and not it.void, lambda it: replace(it, void=why))
    return voided(taken, kind, why)


def count(taps: Taps, kind: TapKind) -> int:
    return sum(one.kind is kind and one.is_open for one in taps)


def _may_be_it(one: Subscription, tap: Subscription) -> bool:
    return one.kind is tap.kind and one.is_open and not one.confirmed


def _with(taps: Taps, before: Subscription, after: Subscription) -> Taps:
    return tuple(after if one is before else one for one in taps)


def _each(taps: Taps, which: Callable[[Subscription], bool], act: Callable[[Subscription], Subscription]) -> Taps:
    return tuple(act(one) if which(one) else one for one in taps)


def _kept(taps: Taps) -> Taps:
    """In order of time."""
    over = [one for one in taps if not one.is_open][-MOST_OVER:]
    left = [one for kind in TapKind for one in [it for it in taps if it.kind is kind and it.is_open][-MOST_OPEN:]]
    return tuple(one for one in taps if one in over or one in left)
