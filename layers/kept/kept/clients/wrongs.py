"""What was done to a client: we made them wait, or cancelled or moved a visit of theirs at short notice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

MOST = 20
"""The latest: nobody comes more first for having been wronged more often."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """In which visit, and when; `made_up_by` is the visit in which they were served well since."""

    visit: str
    at: datetime
    made_up_by: str = ""


Wrongs = tuple[Wrong, ...]


def wronged(wrongs: Wrongs, visit: str, *, at: datetime) -> Wrongs:
    """With what happened in this visit; once, however often it is said."""
    if any(wrong.visit == visit for wrong in wrongs):
        return wrongs
    return (*wrongs, Wrong(visit, at))[-MOST:]


def righted(wrongs: Wrongs, visit: str) -> Wrongs:
    """Nothing was done to them in this visit after all."""
    return tuple(wrong for wrong in wrongs if wrong.visit != visit)


def made_up(wrongs: Wrongs, by: str) -> Wrongs:
    """They were served well in that visit, so whatever stood open before it is over."""
    return tuple(wrong if wrong.made_up_by else replace(wrong, made_up_by=by) for wrong in wrongs)


def open_again(wrongs: Wrongs, by: str) -> Wrongs:
    """They were not served well in that visit after all."""
    return tuple(replace(wrong, made_up_by="") if wrong.made_up_by == by else wrong for wrong in wrongs)


def of_both(one: Wrongs, other: Wrongs) -> Wrongs:
    """Of two records of one person."""
    known: Iterable[Wrong] = {wrong.visit: wrong for wrong in (*other, *one)}.values()
    return tuple(sorted(known, key=lambda wrong: wrong.at))[-MOST:]


def without_those(wrongs: Wrongs, others: Wrongs) -> Wrongs:
    """Of whoever was taken for the same person and is not."""
    visits = {wrong.visit for wrong in others}
    return tuple(wrong for wrong in wrongs if wrong.visit not in visits)
