"""The lines by which a step of a visit brings its deposit to where that is to be."""

from dataclasses import replace

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.ledger import deposits
from kept.ledger.deposits import Name
from kept.ledger.visit_account import Fate, VisitAccount
from kept.policy.deposit import fate


def step(account: VisitAccount, before: Appointment, after: Appointment, change: Change, how: Name) -> None:
    """Of a visit whose terms ask for one. A step that changes nothing for it adds nothing. Moved further than it goes
    along, it ends with the date that it was for."""
    minor = before.accepted.deposit if before.accepted else 0
    to, was = fate(after), fate(before)
    if after.version > before.version and to is was is Fate.HELD:
        if not before.deposit_goes_along(after.slot, change):
            deposits.leave(account, minor, how, lost=after.late)
    elif to is not was:
        deposits.settle(account, to, how, price=after.price.minor if after.price else None)
    if to is Fate.DUE:
        deposits.ask(account, minor, how)


def secured(account: VisitAccount, after: Appointment, how: Name) -> Appointment:
    """On again, with what of its deposit can be had back."""
    deposits.settle(account, Fate.HELD, how)
    return as_held(account, after)


def as_held(account: VisitAccount, after: Appointment) -> Appointment:
    """It stands with as much as is held, for nobody is told of what is not there."""
    if after.accepted is None:
        return after
    return replace(after, accepted=replace(after.accepted, deposit=account.visit.deposit))
