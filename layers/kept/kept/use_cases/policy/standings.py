"""How a client stands by their record, and what staff set in its place."""

from dataclasses import replace
from datetime import datetime

from kept.actor import Change
from kept.attendance.record import VisitFigures, figures
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.clients.standing import Standing, StandingSet, must_hold
from kept.errors import RoleRequired
from kept.policy.standing import ClientStanding, standing
from kept.use_cases.clients.clients import change_client
from kept.use_cases.clients.visits import known


def record(client: Client, business: Business, *, now: datetime) -> tuple[VisitFigures, ClientStanding]:
    """Both of the same visits, which are read once."""
    visits = known(client)
    return figures(visits), standing(visits, business, client.standing_set, now=now)


def set_standing(
    business: str, client: str, to: Standing, why: str, until: datetime | None, change: Change, *, leads: bool
) -> Client:
    """In the place of what the record says, until then. The same request again sets the same.

    To dismiss somebody, and to take that back, is for who `leads`. Raises UnknownClient, StandingEnded, RoleRequired.
    """
    word = StandingSet(to, why, change.by.id, change.at, until)
    must_hold(word)

    def act(it: Client) -> Client:
        if not leads and (to is Standing.DISMISSED or _is_dismissed(it)):
            raise RoleRequired(needed="manager")
        is_same = it.standing_set is not None and replace(it.standing_set, at=word.at) == word
        return it if is_same else replace(it, standing_set=word)

    return change_client(business, client, act)


def end_standing(business: str, client: str, *, leads: bool) -> Client:
    """The record counts again; ended twice it is ended once. Who was dismissed is taken back by who `leads`.

    Raises UnknownClient, RoleRequired.
    """

    def act(it: Client) -> Client:
        if _is_dismissed(it) and not leads:
            raise RoleRequired(needed="manager")
        return replace(it, standing_set=None)

    return change_client(business, client, act)


def _is_dismissed(it: Client) -> bool:
    return it.standing_set is not None and it.standing_set.standing is Standing.DISMISSED
