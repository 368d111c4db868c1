"""How much of a person's day is kept by holds: never so much that whoever books finds nothing left."""

from datetime import timedelta

from kept.booking.day_page import DayPage
from kept.errors import TooManyRequests
from kept.timekeeping.weekly_hours import open_minutes
from kept.use_cases.booking.open_times import AvailabilityQuery, staff_key


def leave_some_of_the_day(question: AvailabilityQuery, pages: tuple[DayPage, ...], ref: str) -> None:
    """With the hold of this name on them the pages still have room, or it is the only one. Raises TooManyRequests.

    The page is written on the condition that it is as it was read, so two at once cannot pass this together.
    """
    share = question.business.strangers.day_share
    for page in pages:
        mine, others = page.held(ref, now=question.now)
        if others and (mine + others) * 100 > _open(question, page) * share:
            wait = page.next_to_run_out(ref, now=question.now) or timedelta(0)
            retry_after = max(1, int(wait.total_seconds()))
            raise TooManyRequests(of="day", retry_after=retry_after, phone=question.business.phone)


def _open(question: AvailabilityQuery, page: DayPage) -> int:
    """Minutes of that person's day; a room has none of its own that would matter."""
    member = next((one for one in question.staff if staff_key(one.id) == page.calendar), None)
    if member is None:
        return 24 * 60
    spans = open_minutes(member.hours, question.business.zone, page.day, page.day)
    return sum(ends - begins for begins, ends in spans)
