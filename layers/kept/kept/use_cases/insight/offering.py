"""The hours that a business offers on a day, of each of its people."""

from collections.abc import Mapping
from datetime import date

from kept.business.catalog import Catalog
from kept.insight.hours_offered import by_hour
from kept.insight.sums import Hours
from kept.timekeeping.weekly_hours import open_minutes
from kept.use_cases.booking.open_times import hours_of


def hours_offered(catalog: Catalog, day: date) -> Mapping[str, Hours]:
    """Of all who are booked and work on it, less their time off and the holidays of the place."""
    business, booked = catalog.business, {id for it in catalog.services.values() for id in it.staff}
    zone = business.zone
    members = (member for id, member in catalog.staff.items() if id in booked)
    hours = {
        it.id: by_hour(open_minutes(hours_of(business, it, day, day), zone, day, day), zone, day) for it in members
    }
    return {id: of for id, of in hours.items() if of}
