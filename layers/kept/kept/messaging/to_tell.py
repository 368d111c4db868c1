"""What somebody is to tell a client on the telephone: what was done, by whom, why no message told it, where to call."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.business.catalog import Catalog
from kept.clients.client import SAID_STOP, Client
from kept.clients.written_number import as_written
from kept.follow_up.events import What, own
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import Cause
from kept.follow_up.untold import TAKEN_BACK, TOLD_BY, Untold

CANCELLED, RESCHEDULED, REASSIGNED = "cancelled", "rescheduled", "reassigned"
ACTS = frozenset({*TOLD_BY, REASSIGNED, TAKEN_BACK})
"""What words.j2 has a sentence for."""

BARRIERS = {
    SAID_STOP: "stop",
    "opted out": "stop",
    "they refused these messages": "stop",
    "unsubscribed": "stop",
    "do not disturb": "undisturbed",
    "the address does not exist": "dead",
    "there is no such number": "dead",
    "it bounced before": "dead",
    "too late to be of use": "late",
    "in doubt whether it was sent": "doubt",
    "no text tells of it": "textless",
}
BEGIN_WITH = {"no consent for": "unasked", "no address for": "unknown", "quiet hours": "late"}
OTHER = "other"
KINDS = frozenset({*BARRIERS.values(), *BEGIN_WITH.values(), OTHER})


@dataclass(frozen=True, slots=True)
class ToTell:
    """`at` and `before` (where it was until then) in the business's zone; `by` "" is the business as such.

    `barrier` is the kind of reason, `channel` the last one tried, `reach` the number to call, or else an address.
    """

    act: str
    by: str
    at: datetime
    before: datetime | None
    person: str
    barrier: str
    channel: str
    reach: str


def to_tell(follow_up: FollowUp, visit: Appointment | None, client: Client, catalog: Catalog) -> ToTell | None:
    """None for a matter of another kind, and for a visit that is gone."""
    untold = Untold.read(own(follow_up.history, What.OPENED)[0].why) if follow_up.cause is Cause.NOT_TOLD else None
    act = _act(visit, untold) if visit and untold else None
    if visit is None or untold is None or act is None:
        return None
    before, zone = _before(visit, act), catalog.business.zone
    moved = act.what == RESCHEDULED and before is not None and before.starts != act.starts
    return ToTell(
        act=REASSIGNED if act.what == RESCHEDULED and not moved else act.what,
        by=catalog.staff_name(act.by.partition(":")[2]),
        at=act.starts.astimezone(zone),
        before=before.starts.astimezone(zone) if before else None,
        person=catalog.staff_name(act.staff),
        barrier=_barrier(untold.reason),
        channel=untold.channel,
        reach=as_written(reach, catalog.business.country) if (reach := client.reach) == client.phone else reach,
    )


def _act(visit: Appointment, untold: Untold) -> Event | None:
    found = (e for e in visit.history if (e.what, e.version) == (untold.act, untold.version))
    return next(found, None)


def _before(visit: Appointment, act: Event) -> Event | None:
    """How it stood right before."""
    earlier = visit.history[: visit.history.index(act)]
    return earlier[-1] if earlier else None


def _barrier(reason: str) -> str:
    begins = (kind for words, kind in BEGIN_WITH.items() if reason.startswith(words))
    return BARRIERS.get(reason) or next(begins, OTHER)
