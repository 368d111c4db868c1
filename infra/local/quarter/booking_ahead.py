"""When somebody wants to come again, and how they book: on the page of the salon, or by calling."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from math import log
from typing import Any

from infra.local.quarter import salon
from infra.local.quarter.finding import a_slot
from infra.local.quarter.people import DAY, HOUR, MINUTE, Person, Visit, service_of
from infra.local.quarter.rates import rate
from infra.local.quarter.salon import ID, ZONE, local
from infra.local.quarter.stage import Stage, instant
from infra.local.quarter.visiting import Visiting
from infra.local.quarter.world import Answer

AWAKE = (8, 22)
"""By the clock on the wall, when people book for themselves; those who call do it when somebody is there."""
LONGEST_AHEAD = 30.0
"""Days."""


class BookingAhead:
    """Everybody's next booking."""

    def __init__(self, stage: Stage, visiting: Visiting) -> None:
        self._stage, self._visiting = stage, visiting
        self.found_nothing: Callable[[Person, int, str, date], None] = lambda *_: None
        self.has_booked: Callable[[Visit], None] = lambda _: None
        visiting.comes_back = self.comes_back

    def is_born(self, person: Person) -> None:
        """When each wants to come first is spread over their rhythm, as if all had been clients for long."""
        if person.has_wrong_address:
            self._stage.world.providers.wrong.add(person.address)
        share = self._stage.chance.of("first", person.number)
        self._wants(person, local(salon.FIRST, 12) + person.rhythm * share)

    def comes_back(self, visit: Visit, *, soon: bool) -> None:
        """To book again: within two weeks, or at their next turn."""
        visit.returned = True
        days = visit.between(2, 14, "back in")
        wait = timedelta(days=days) if soon else visit.person.rhythm * visit.between(0.8, 1.2, "turn")
        self._wants(visit.person, self._stage.now + wait)

    def _wants(self, person: Person, wanted: datetime) -> None:
        """To come about then; they book some days before."""
        stage, number = self._stage, person.visits
        lot = partial(stage.chance.of, person.number, number)
        ahead = timedelta(days=min(LONGEST_AHEAD, -rate("days_ahead") * log(max(1 - lot("ahead"), 1e-9))))
        calls = lot("books_by_telephone") < rate("books_by_telephone")
        begins, ends = (salon.OPENS, salon.CLOSES) if calls else AWAKE
        day = max(wanted - ahead, stage.now + HOUR).astimezone(ZONE).date()
        books = local(day, begins + (ends - begins) * lot("hour"))
        if books < stage.now + MINUTE:
            books += DAY
        if books.astimezone(ZONE).date() <= stage.plan.last:
            stage.at(books, partial(self._books, person, number, wanted, calls=calls))

    def _books(self, person: Person, number: int, wanted: datetime, *, calls: bool) -> None:
        stage = self._stage
        first = max(wanted, stage.now).astimezone(ZONE).date()
        if person.visits != number or first > stage.plan.last:
            return
        person.visits += 1
        service = service_of(stage.chance.of("service", person.number, number))
        slot = a_slot(stage, service, first, 7, "slot", person.number, number)
        if slot is None:
            stage.journal.did["found no time"] += 1
            self.found_nothing(person, number, service, first)
            return
        answer = self._booked(person, number, {"service": service, "start": slot["start"]}, calls=calls)
        if answer.status != 201:
            stage.refused(answer, "booking")
            return
        stage.journal.did["booked"] += 1
        self.has_booked(self.has(person, number, answer.body))

    def _booked(self, person: Person, number: int, wish: Mapping[str, Any], *, calls: bool) -> Answer:
        key = f"booking-{person.number}-{number}"
        if calls:
            body = {**wish, "client": {"id": person.id} if person.id else person.details}
            return self._stage.desk("POST /v1/desk/appointments", body, key=key)
        return self._stage.world.ask(
            f"POST /v1/businesses/{ID}/appointments",
            {**wish, "client": person.details},
            function="booking",
            key=key,
            network=f"198.51.{100 + person.number // 250}.{person.number % 250}",
        )

    def has(self, person: Person, number: int, told: Mapping[str, Any]) -> Visit:
        """A visit that they know of from now on."""
        fees = told["fees"]
        visit = Visit(
            person=person,
            number=number,
            id=told["id"],
            link=told["link"],
            service=told["service"],
            starts=instant(told["start"]),
            ends=instant(told["end"]),
            version=told["version"],
            booked_at=self._stage.now,
            costs_late=bool(fees["cancelling"]),
            costs_missed=bool(fees["missing"]),
        )
        self._stage.journal.visits[visit.id] = visit
        self._visiting.expects(visit, awaits_deposit=told["status"] == "awaiting_deposit")
        return visit
