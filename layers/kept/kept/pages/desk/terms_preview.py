"""What a client would read of terms, asked while they are written: the sentences of the pages, and none of its own."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.booking.whose_time import ToldTime
from kept.business.catalog import Business, Service
from kept.business.change_validation import check_changes
from kept.clients.client import Tier
from kept.pages.language import Language
from kept.pages.render import sentences
from kept.policy.accepted import accepted
from kept.policy.cost import of_booking_now

A_WEEK, AN_HOUR = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TermsRead:
    """Before the button: of a visit far ahead (`booking`), and of one within the notice; then on the pages that cancel
    and move, once it is late. Without a notice nothing is late: "" . `deposit` is what stands there where one is asked
    of them."""

    booking: str
    deposit: str = ""
    booking_late: str = ""
    cancelling: str = ""
    moving: str = ""


def read(business: Business, service: Service, tier: Tier, language: Language, *, now: datetime) -> TermsRead:
    """By a client of that tier, as if they booked now, by the business's clock. Raises InvalidSetting."""
    check_changes(business.changes)
    terms = accepted(business, service, tier, is_client=True)
    notice = terms.free_until

    def before_the_button(starts: datetime) -> str:
        told = ToldTime((starts - notice).astimezone(business.zone), named=False, beside=None)
        return sentences(
            "agreed", language, of_booking_now(terms, starts, now=now), min(terms.grace, starts - now), told
        )

    far = now.replace(minute=0, second=0, microsecond=0) + AN_HOUR + notice + A_WEEK
    cost, until = of_booking_now(terms, far, now=now), business.changes.deposits.pay_until(far, now=now)
    deposit = sentences("deposit", language, cost, until.astimezone(business.zone), business.deposit_text)
    if not notice:
        return TermsRead(before_the_button(far), deposit)
    late = replace(of_booking_now(terms, far, now=now), late=True)
    cancelling, moving = (sentences("late", language, late, act) for act in ("cancelling", "moving"))
    return TermsRead(before_the_button(far), deposit, before_the_button(now + notice / 2), cancelling, moving)
