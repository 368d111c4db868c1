"""What is due of the waitlist: freed time that is looked at, and who waits to the end of their last day."""

from datetime import datetime

from kept.actor import KEPT, Change
from kept.storage import catalogs
from kept.storage.waitlist import FREE, WAITLIST, WAITS
from kept.use_cases.waitlist import joining, offering


def look(business: str, id: str, *, now: datetime) -> None:
    """By its name among what is due. Repeated, it finds nothing to do."""
    name = id.removeprefix(WAITLIST)
    if name.startswith(FREE):
        offering.look(business, name.removeprefix(FREE), now=now)
    else:
        joining.end(catalogs.load(business), name.removeprefix(WAITS), Change(KEPT, now))
