"""What the desk does by itself: it works through its follow-ups twice a day, and takes whoever walks in."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from infra.local.quarter import salon
from infra.local.quarter.chairs import Chairs, Guest, lasts
from infra.local.quarter.people import DAY, service_of
from infra.local.quarter.rates import rate
from infra.local.quarter.salon import Policy, local
from infra.local.quarter.stage import Stage, instant
from infra.local.quarter.visiting import Visiting

ROUNDS = (9.25, 17.0)
"""By the clock on the wall."""


class DeskRounds:
    """The desk's own day."""

    def __init__(self, stage: Stage, visiting: Visiting, chairs: Chairs) -> None:
        self._stage, self._visiting, self._chairs = stage, visiting, chairs

    def plan(self, day: date) -> None:
        """Everything that the desk will do on a day on which it is open."""
        if not salon.is_open(day):
            return
        for hour in ROUNDS:
            self._stage.at(local(day, hour), self._goes_round)
        if day > self._stage.plan.last:
            return
        for number in range(round(2 * rate("walk_ins"))):
            if self._stage.chance.of("walks in", day, number) < 0.5:
                hours = (salon.OPENS + 1, salon.CLOSES - 2)
                hour = self._stage.chance.between(*hours, "walks in at", day, number)
                self._stage.at(local(day, hour), partial(self._walks_in, day, number))

    def _goes_round(self) -> None:
        lines: list[dict[str, Any]] = []
        query: dict[str, str] = {}
        while True:
            answer = self._stage.desk("GET /v1/desk/follow-ups", function="follow_ups", query=query)
            part = self._stage.surely(answer, "the board")
            lines += part["follow_ups"]
            if not part["next"]:
                break
            query = {"after": part["next"]}
        for line in lines:
            self._works_on(line)

    def _works_on(self, line: Mapping[str, Any]) -> None:
        visit = self._stage.journal.visits.get(line["appointment"])
        if line["cause"] == "asked_for" and visit is not None and not visit.over:
            self._visiting.is_approved(visit)
        elif line["cause"] != "no_show" or visit is None:
            self._did(line, "answer", {})
            self._did(line, "resolve", {"outcome": "answered"})
        elif visit.returned:
            self._did(line, "resolve", {"outcome": "they have booked again"})
        elif Policy.LADDER in self._stage.plan.policies:
            return  # it writes to them again by itself
        elif self._stage.now > visit.starts + DAY:
            self._did(line, "resolve", {"outcome": "nobody asks them", "as": "ghosted"})

    def _did(self, line: Mapping[str, Any], what: str, body: Mapping[str, Any]) -> None:
        path = f"POST /v1/desk/follow-ups/{line['id']}/{what}"
        self._stage.surely(self._stage.desk(path, body, function="follow_ups"), what)

    def _walks_in(self, day: date, number: int) -> None:
        service = service_of(self._stage.chance.of("walks in for", day, number))
        body = {"service": service, "walk_in": True, "client": {"name": f"Walk-in {day:%m%d} {number}"}}
        answer = self._stage.desk("POST /v1/desk/appointments", body, key=f"walk-in-{day}-{number}")
        if answer.code:
            self._stage.refused(answer, "walk-in")
            return
        self._stage.journal.did["walked in"] += 1
        starts, ends = instant(answer.body["start"]), instant(answer.body["end"])
        takes, id = lasts(ends - starts, self._stage.chance.of("lasts", day, number)), answer.body["id"]
        self._chairs.waits(Guest(id, answer.body["staff"], starts, takes, lambda: None, partial(self._is_done, id)))

    def _is_done(self, id: str) -> None:
        self._stage.surely(self._stage.desk(f"POST /v1/desk/appointments/{id}/complete", {}), "complete")
