"""A business that is to be made, as its first owner typed it, and what it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from kept.business.catalog import Business, Service, StaffMember
from kept.business.country_rules import usual_channels
from kept.business.trades import trade

OWNER = "owner"
"""The id of whoever opens it, until they change it."""


@dataclass(frozen=True, slots=True)
class NewBusiness:
    """`id` stands in its addresses for good; `locale` is what it speaks, and what its draft is written in."""

    id: str
    name: str
    country: str
    tz: str
    currency: str
    locale: str
    trade: str
    owner: str
    email: str

    def business(self) -> Business:
        draft = trade(self.trade)
        return Business(
            self.id,
            self.name,
            self.tz,
            self.country,
            self.currency,
            self.locale,
            email=self.email,
            stages=draft.stages(),
            channels=usual_channels(self.country),
            attendance=draft.attendance(),
            changes=draft.changes(),
        )

    def staff(self) -> StaffMember:
        return StaffMember(OWNER, self.owner, trade(self.trade).hours(), self.email, role="owner")

    def services(self) -> Sequence[Service]:
        return trade(self.trade).services(self.business(), OWNER)
