"""Who comes to the salon, and what each of them does: by the rates, by what reached them, and by nothing else.

They know what people know: what they booked, what was written to them, what their page says. Whatever they do is a
request to the API, a tap on a link's page, a text message or a word to the desk.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.quarter.rates import Chance, rate
from infra.local.quarter.salon import SERVICES

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NOTICE = timedelta(hours=48)
"""Before that a change is free by the salon's terms; people plan by it."""
NAMES = ("Alva", "Bo", "Cass", "Dee", "Eden", "Fay", "Gale", "Hollis", "Ira", "Jo", "Kit", "Lane", "Max", "Noor", "Oak")
SURNAMES = ("Abbot", "Birch", "Cole", "Dale", "Eads", "Frost", "Gray", "Hale", "Ives", "Jory", "Kerr", "Lund", "Marsh")
TOO_LATE = timedelta(hours=1)
"""Nobody looks for another time when it is so near."""


@dataclass(slots=True)
class Person:
    """A client; `id` is known once they booked."""

    number: int
    chance: Chance
    id: str = ""
    visits: int = 0
    waived: bool = False

    @property
    def name(self) -> str:
        return f"{NAMES[self.number % len(NAMES)]} {SURNAMES[self.number // len(NAMES) % len(SURNAMES)]} {self.number}"

    @property
    def texts(self) -> bool:
        return self.chance.happens("texts", self.number)

    @property
    def address(self) -> str:
        """A telephone number that is kept free for plays, or an address in a domain that is."""
        return f"+1212555{1000 + self.number}" if self.texts else f"client-{self.number}@mail.example"

    @property
    def has_wrong_address(self) -> bool:
        return self.chance.happens("wrong_address", self.number)

    @property
    def details(self) -> dict[str, object]:
        channel = "sms" if self.texts else "email"
        return {"name": self.name, "phone" if self.texts else "email": self.address, "agrees_to": [channel]}

    @property
    def rhythm(self) -> timedelta:
        least = rate("weeks_between") - 2.5
        return timedelta(weeks=self.chance.between(least, least + 5, "rhythm", self.number))

    @property
    def forgets(self) -> float:
        """Their own share of visits forgotten: over all clients the average is the rate."""
        few, times = rate("forgetful"), rate("forgetful_times")
        if self.chance.happens("forgetful", self.number):
            return rate("forgets") * times
        return rate("forgets") * (1 - few * times) / (1 - few)

    @property
    def reminded(self) -> float:
        """By so much a reminder lowers it."""
        return self.chance.between(rate("reminded_least"), rate("reminded_most"), "reminded", self.number)


@dataclass(slots=True)
class Visit:
    """One visit as its client knows it. `reached` are the stages that arrived for it as it now is."""

    person: Person
    number: int
    id: str
    link: str
    service: str
    starts: datetime
    ends: datetime
    version: int
    booked_at: datetime
    costs_late: bool
    costs_missed: bool
    paid_deposit: bool = False
    reached: set[str] = field(default_factory=set)
    confirmed: bool = False
    outcome: str = ""
    """came, missed or cancelled, once it is over."""
    came: bool = False
    called_off: bool = False
    """They know that they will not come, and have told nobody."""
    waited: timedelta = timedelta(0)
    """By their own watch: from when they came, or the agreed start where that is later."""
    asked: bool = False
    """Whether they are on their way, before they were here."""
    contacts: int = 0
    """To win them back."""
    returned: bool = False

    @property
    def over(self) -> bool:
        return bool(self.outcome)

    def lot(self, *about: object) -> float:
        """Of this client and this visit of theirs, whatever became of others."""
        return self.person.chance.of(*about, self.person.number, self.number)

    def happens(self, name: str) -> bool:
        return self.lot(name) < rate(name)

    def between(self, least: float, most: float, *about: object) -> float:
        return least + (most - least) * self.lot(*about)

    @property
    def is_forgotten(self) -> bool:
        """By what has reached them until now."""
        share = self.person.forgets
        if self.reached & {"two_days", "same_day", "at_risk"}:
            share *= 1 - self.person.reminded
        if self.paid_deposit:
            share *= 1 - rate("deposit")
        if self.costs_missed:
            share *= 1 - rate("fee_forgets")
        return self.lot("forgets") < share

    def change_of_plans(self) -> tuple[datetime, bool] | None:
        """When they find out that they cannot come as planned, and whether it is late; None where they can."""
        if not self.happens("plans_change"):
            return None
        free_until = self.starts - NOTICE
        late = self.happens("changes_late") or free_until <= self.booked_at
        if late and self.costs_late and self.happens("fee_comes"):
            return None
        since, until = self.booked_at + 20 * MINUTE, free_until - 10 * MINUTE
        if late:
            on_the_day = self.happens("changes_today")
            since = max(since, self.starts - (10 * HOUR if on_the_day else NOTICE - 10 * MINUTE))
            until = self.starts - (30 * MINUTE if on_the_day else 12 * HOUR)
        return (since + (until - since) * self.lot("when")).replace(microsecond=0), late

    @property
    def minutes_late(self) -> int:
        """Before the start where it is negative."""
        return (
            round(self.between(6, 28, "late by")) if self.happens("comes_late") else round(self.between(-10, 3, "at"))
        )


def service_of(visit: float) -> str:
    """By the share of each."""
    for service, (_, _, share) in SERVICES.items():
        if visit < share:
            return service
        visit -= share
    return next(iter(SERVICES))
