"""Whose visit is at another place than they were told: what a change of an address or of a service's `where` concerns.

Nobody is told by saving: the same change mends a slip of the pen. The owner sees who is concerned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog, Service
from kept.storage import appointments
from kept.use_cases.booking.breaks import LISTED, LOOKED_AT, refs_to_come
from kept.use_cases.booking.open_times import staff_key
from kept.use_cases.messaging.addressees import all_as_shown


@dataclass(frozen=True, slots=True)
class MovedPlace:
    """A visit, whose it is, and where it is now; "" is no place."""

    visit: Appointment
    client_name: str
    was: str
    place: str


@dataclass(frozen=True, slots=True)
class MovedPlaces:
    """The soonest LISTED of `total`; not `complete` where there were more visits than are looked at."""

    total: int = 0
    listed: tuple[MovedPlace, ...] = ()
    complete: bool = True


def moved_places(before: Catalog, after: Catalog, *, now: datetime) -> MovedPlaces:
    """Reads nothing where no place is another."""
    known = {**before.gone.services, **before.services}
    if not any(before.business.place_of(it) != after.business.place_of(_now(it, after)) for it in known.values()):
        return MovedPlaces()
    refs = refs_to_come(before, map(staff_key, (*before.staff, *before.gone.staff)), now)
    found = appointments.several(before.business.id, refs[:LOOKED_AT]) if refs else ()
    moved = sorted(_moved(found, known, before, after, now), key=lambda it: it[0].starts)
    shown = all_as_shown([visit for visit, _, _ in moved[:LISTED]])
    listed = (
        MovedPlace(visit, client.name, *places) for (visit, *places), (client, _) in zip(moved, shown, strict=False)
    )
    return MovedPlaces(len(moved), tuple(listed), complete=len(refs) <= LOOKED_AT)


def _moved(
    visits: Iterable[Appointment], known: dict[str, Service], before: Catalog, after: Catalog, now: datetime
) -> Iterable[tuple[Appointment, str, str]]:
    for visit in visits:
        if visit.is_to_come and visit.ends > now and (service := known.get(visit.service)):
            was, place = before.business.place_of(service), after.business.place_of(_now(service, after))
            if was != place:
                yield visit, was, place


def _now(service: Service, after: Catalog) -> Service:
    """As it is by now; what is offered no more stays as it was."""
    return after.services.get(service.id, service)
