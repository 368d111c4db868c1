"""Who waits for time to come free, and what each says to a time that is offered: one who found none, and one who would
come sooner than they are booked."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from infra.local.quarter.booking_ahead import BookingAhead
from infra.local.quarter.people import DAY, Person, Visit
from infra.local.quarter.providers import Told, a_text
from infra.local.quarter.rates import rate
from infra.local.quarter.salon import ZONE, Policy
from infra.local.quarter.stage import Stage, instant
from infra.local.quarter.visiting import Visiting
from kept.client_links.tokens import wait_token

OFFERED = "time_offered"
WORTH = timedelta(days=5)
"""Whoever comes within that time does not ask to come sooner."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The entry of somebody; `visit` is what they would have sooner, `number` of the visit that they found no time
    for."""

    entry: str
    person: Person
    number: int
    visit: Visit | None = None


class Waiting:
    """Nobody waits where the salon has no waitlist."""

    def __init__(self, stage: Stage, visiting: Visiting, booking: BookingAhead) -> None:
        self._stage, self._visiting, self._booking = stage, visiting, booking
        self._waits: dict[str, list[Wait]] = {}
        if Policy.WAITLIST not in stage.plan.policies:
            return
        booking.found_nothing, booking.has_booked = self._found_nothing, self._has_booked
        stage.world.memory.wrote = stage.world.streams
        stage.world.hears(self._hears)

    def _found_nothing(self, person: Person, number: int, service: str, first: date) -> None:
        """Who is known there asks to be told; others look elsewhere."""
        if person.id and self._stage.chance.of("waits", person.number, number) < rate("waits"):
            wish = {"services": [service], "first": str(first), "last": str(first + 6 * DAY)}
            self._joins(person.id, Wait("", person, number), wish)

    def _has_booked(self, visit: Visit) -> None:
        """They think of it a day later, when it is theirs."""
        if visit.starts - self._stage.now > WORTH and visit.happens("asks_sooner"):
            self._stage.at(self._stage.now + DAY, partial(self._would_come_sooner, visit))

    def _would_come_sooner(self, visit: Visit) -> None:
        if visit.over:
            return
        days = (self._stage.today, visit.starts.astimezone(ZONE).date())
        wish = {"services": [], "sooner_than": visit.id, "first": str(days[0]), "last": str(days[1])}
        client = visit.person.id or self._client_of(visit)
        self._joins(client, Wait("", visit.person, visit.number, visit), wish)

    def _joins(self, client: str, wait: Wait, wish: dict[str, Any]) -> None:
        """Its entry has its name by then."""
        answer = self._stage.desk("POST /v1/desk/waitlist", wish | {"client": client})
        if answer.code:
            self._stage.refused(answer, "waitlist")
            return
        self._stage.journal.did["asked to be told of a time"] += 1
        self._waits.setdefault(client, []).append(replace(wait, entry=answer.body["id"]))

    def _client_of(self, visit: Visit) -> str:
        path = f"GET /v1/desk/appointments/{visit.id}"
        return str(self._stage.surely(self._stage.desk(path), path)["client"])

    # what they say to an offer

    def _hears(self, told: Told) -> None:
        about, _, rest = told.message.partition("#v")
        if not told.arrived or f"#{OFFERED}#" not in f"#{rest}#":
            return
        for wait in self._waits.get(about, ()):
            if told.to == wait.person.address and (offer := self._offered(wait, rest)):
                self._stage.journal.did["was offered a time"] += 1
                if self._stage.chance.of("takes", wait.entry, offer["id"]) < rate("takes_offer"):
                    minutes = 1 + round(self._stage.chance.between(0, 8, "takes in", wait.entry, offer["id"]))
                    self._stage.at(self._stage.now + timedelta(minutes=minutes), partial(self._takes, wait, offer))

    def _offered(self, wait: Wait, message: str) -> dict[str, Any] | None:
        """What that message of ours was about, if it is still theirs to take."""
        open_ones = (it for it in self._entry(wait)["offers"] if not it["answer"])
        return next((it for it in open_ones if it["id"] in message), None)

    def _entry(self, wait: Wait) -> dict[str, Any]:
        path = f"GET /v1/desk/waitlist/{wait.entry}"
        found: dict[str, Any] = self._stage.surely(self._stage.desk(path), path)
        return found

    def _takes(self, wait: Wait, offer: dict[str, Any]) -> None:
        """By a text message, or on the page that the link of the mail opens."""
        stage, person = self._stage, wait.person
        if wait.visit and wait.visit.over:
            return
        if person.texts:
            stage.world.bring(a_text("1", person.address, next(stage.numbers)))
        else:
            token = wait_token(stage.world.business, wait.entry, now=stage.now)
            stage.world.press(f"/w/{token}/take", urlencode({"offer": offer["id"]}))
        booked = self._entry(wait)["booked"]
        if not booked:
            stage.journal.did["came too late for an offer"] += 1
            return
        stage.journal.did["took an offered time"] += 1
        told = stage.surely(stage.desk(f"GET /v1/desk/appointments/{booked}"), "what they took")
        if wait.visit:
            self._visiting.was_moved(wait.visit, instant(told["start"]), instant(told["end"]), told["version"])
        else:
            self._booking.has(person, wait.number, told)
