"""What stands behind a number, with the names that a person knows it by."""

from collections.abc import Mapping
from dataclasses import dataclass

from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.insight.fact import Fact, FactKind, MoneyFact, kind_of
from kept.messaging.message import MessageName
from kept.storage import appointments, clients, follow_ups, ledger


@dataclass(frozen=True, slots=True)
class Named:
    """All that these facts are about, by id; a request for every hundred."""

    visits: Mapping[str, Appointment]
    follow_ups: Mapping[str, FollowUp]
    clients: Mapping[str, Client]


def named(business: str, some: list[Fact]) -> Named:
    """A message may be about a visit or a follow-up: what is not found as the one is looked for as the other."""
    wanted = {about(fact) for fact in some if kind_of(fact) is not FactKind.FOLLOW_UP} - {""}
    visits = {it.id: it for it in appointments.several(business, wanted)} if wanted else {}
    others = {about(fact) for fact in some if not isinstance(fact, MoneyFact)} - visits.keys()
    found = follow_ups.several(business, others) if others else {}
    known = {it.client for it in visits.values()} | {it.client for it in found.values()}
    known |= set(filter(None, map(whose, some)))
    return Named(visits, found, clients.several(business, known) if known else {})


def about(fact: Fact) -> str:
    """The id of the visit or the follow-up that it speaks of; "" of money that is about no visit."""
    if isinstance(fact, MoneyFact):
        return ledger.visit_of(fact.id) or ""
    name = MessageName.read(fact.id) if kind_of(fact) is FactKind.MESSAGE else None
    return name.about if name else fact.id


def whose(fact: Fact) -> str | None:
    """The client of money, which may be about no visit; of all else None."""
    return ledger.client_of(fact.id) if isinstance(fact, MoneyFact) else None
