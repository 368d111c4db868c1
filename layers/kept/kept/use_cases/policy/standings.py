"""How a client stands by their record, and what staff set in its place."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import Change
from kept.attendance.record import VisitFigures, figures
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.clients.standing import Standing, StandingSet, must_hold
from kept.errors import ReasonRequired, RoleRequired
from kept.policy.early_cancelling import EarlyCancelling, early_cancelling
from kept.policy.standing import ClientStanding, standing
from kept.use_cases.clients.clients import change_client
from kept.use_cases.clients.visits import known


@dataclass(frozen=True, slots=True)
class Record:
    """Of the same visits, which are read once."""

    figures: VisitFigures
    standing: ClientStanding
    early: EarlyCancelling


def record(client: Client, business: Business, *, now: datetime) -> Record:
    visits = known(client)
    return Record(
        figures(visits),
        standing(visits, business, client.standing_set, now=now),
        early_cancelling(visits, business, now=now),
    )


def set_standing(
    business: str, client: str, to: Standing, why: str, until: datetime | None, change: Change, *, leads: bool
) -> Client:
    """In the place of what the record says, until then. The same request again sets the same.

    To dismiss somebody, and to take that back, is for who `leads`. Raises UnknownClient, StandingEnded, RoleRequired.
    """
    return set_word(business, client, StandingSet(to, why, change.by.id, change.at, until), leads=leads)


def set_word(business: str, client: str, word: StandingSet, *, leads: bool) -> Client:
    """Raises what `set_standing` does."""
    must_hold(word)

    def act(it: Client) -> Client:
        if not leads and (word.standing is Standing.DISMISSED or it.is_dismissed):
            raise RoleRequired(needed="manager")
        is_same = it.standing_set is not None and replace(it.standing_set, at=word.at) == word
        return it if is_same else replace(it, standing_set=word)

    return change_client(business, client, act)


def end_standing(business: str, client: str, *, leads: bool) -> Client:
    """The record counts again; ended twice it is ended once. Who was dismissed is taken back by who `leads`.

    Raises UnknownClient, RoleRequired, and ReasonRequired of one who is dismissed.
    """

    def act(it: Client) -> Client:
        if it.is_dismissed:
            raise ReasonRequired if leads else RoleRequired(needed="manager")
        return replace(it, standing_set=None)

    return change_client(business, client, act)
