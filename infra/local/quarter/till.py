"""Money at the desk: what somebody owes is asked for when they come next, or let go of when they ask for that."""

from datetime import timedelta
from functools import partial

from infra.local.quarter import salon
from infra.local.quarter.people import DAY, HOUR, Visit
from infra.local.quarter.salon import local
from infra.local.quarter.stage import Stage

CURRENCY = "USD"


class Till:
    """What is done with fees."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def was_charged(self, visit: Visit) -> None:
        """Some ask to be let off, on the next day on which somebody is there."""
        if visit.happens("asks_to_waive"):
            tomorrow = self._stage.today + DAY
            day = next(it for n in range(7) if salon.is_open(it := tomorrow + DAY * n))
            self._stage.at(local(day, salon.OPENS + 1.5), partial(self._asks_to_be_let_off, visit))

    def asks_for_deposit(self, visit: Visit) -> None:
        """Within the day somebody brings it, and the desk writes that down; who does not lets the booking go."""
        if not visit.happens("pays_deposit"):
            self._lets_go(visit)
            return
        brings = self._stage.now + timedelta(hours=visit.between(0.1, 6, "brings it in"))
        self._stage.at(min(brings, visit.starts - 3 * HOUR), partial(self._brings_deposit, visit))

    def _brings_deposit(self, visit: Visit) -> None:
        """Where it was too late, the booking is gone."""
        client = self._shown(f"/v1/desk/appointments/{visit.id}", function="front_desk")["client"]
        path = f"/v1/desk/clients/{client}/money"
        due = (self._shown(f"{path}/visits/{visit.id}")["deposit"] or {}).get("due", 0)
        told = {"minor": due, "currency": CURRENCY, "appointment": visit.id, "means": "transfer"}
        answer = self._stage.desk(f"POST {path}/deposits", told, function="clients", key=f"deposit-{visit.id}")
        if answer.code:
            self._stage.refused(answer, "a deposit")
            self._lets_go(visit)
            return
        visit.paid_deposit = True
        self._stage.journal.did["paid a deposit"] += 1

    def _lets_go(self, visit: Visit) -> None:
        visit.outcome = "cancelled"
        self._stage.journal.did["let a booking go for its deposit"] += 1

    def settles(self, visit: Visit) -> None:
        """After a visit, whatever is owed; not everybody does."""
        path = f"/v1/desk/clients/{visit.person.id}/money"
        owed = self._shown(path)["balance"]["owed"]
        if owed and visit.happens("pays"):
            told = {"minor": owed, "currency": CURRENCY, "means": "terminal"}
            answer = self._stage.desk(f"POST {path}/payments", told, function="clients", key=f"pay-{visit.id}")
            self._stage.surely(answer, "a payment")
            self._stage.journal.did["paid"] += 1

    def _asks_to_be_let_off(self, visit: Visit) -> None:
        """An emergency is one; whoever is charged for the first time may be forgiven."""
        client = self._shown(f"/v1/desk/appointments/{visit.id}", function="front_desk")["client"]
        path = f"/v1/desk/clients/{client}/money"
        owed = self._shown(f"{path}/visits/{visit.id}")["owed"]
        reason = "emergency" if visit.happens("emergency") else "goodwill"
        is_granted = reason == "emergency" or (not visit.person.waived and visit.happens("first_is_waived"))
        if not (owed and is_granted):
            return
        visit.person.waived = True
        told = {"minor": owed, "currency": CURRENCY, "appointment": visit.id, "reason": reason}
        answer = self._stage.desk(f"POST {path}/waivers", told, function="clients", key=f"waive-{visit.id}")
        self._stage.surely(answer, "a waiver")
        self._stage.journal.did["let off"] += 1

    def _shown(self, path: str, function: str = "clients") -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = self._stage.surely(self._stage.desk(f"GET {path}", function=function), path)
        return found
