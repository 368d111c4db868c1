"""How full the hours of a week usually are: one item of a business, so that asking what is free reads one more."""

from kept.booking.busy_hours import NOT_KNOWN, UsualHours
from kept.storage.codec import from_json, packed, to_json
from kept.storage.tables import FactItem

USUAL = "usual_hours"


def load(business: str) -> UsualHours:
    """Half a unit of reading for four kilobytes; what a night has just written may show a moment later."""
    try:
        item = FactItem.get(business, USUAL)
    except FactItem.DoesNotExist:
        return NOT_KNOWN
    return from_json(UsualHours, item.body)


def put(business: str, hours: UsualHours) -> None:
    """In the place of whatever stood there: who is later knows as much."""
    FactItem(business, USUAL, body=packed(to_json(hours))).save()
