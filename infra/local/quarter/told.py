"""The numbers of a run as the product tells them, over its own API: figures, ledger, standing, follow-ups."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from infra.local.quarter import salon
from infra.local.quarter.playing import Quarter
from kept.use_cases.insight import rebuilding

Numbers = dict[str, int]
DAY = timedelta(days=1)


def numbers(quarter: Quarter) -> Numbers:
    """Call inside `world.in_place()`. The streams that feed the figures are not played: figures are rebuilt from the
    tables first, as after a stream was lost."""
    rebuilding.rebuild(salon.ID, now=quarter.world.now)
    return _of_figures(quarter) | _of_money(quarter) | _of_clients(quarter) | _of_follow_ups(quarter)


def _of_figures(quarter: Quarter) -> Numbers:
    days = {"from": str(salon.FIRST), "to": str(quarter.plan.last + DAY * 14)}
    total = _asked(quarter, "GET /v1/desk/figures", function="figures", query=days)["total"]
    shares = {name: total[name]["part"] for name in ("came", "no_show", "cancelled", "cancelled_late", "confirmed")}
    money = {name: total[name] for name in ("revenue", "lost")}
    said = {f"messages_{name}": total["messages"][name] for name in ("sent", "failed", "not_sent")}
    return {"booked": total["booked"], "came_late": total["late"]["part"], **shares, **money, **said}


def _of_money(quarter: Quarter) -> Numbers:
    """Net of what was taken back; how many of each, and how much in minor units."""
    count, minor = Counter[str](), Counter[str]()
    for line in _lines(quarter):
        sign = -1 if line["reverses"] else 1
        count[line["what"]] += sign
        minor[line["what"]] += sign * line["minor"]
    found: Numbers = {}
    names = {"fee": "fees_charged", "waiver": "fees_waived", "paid": "fees_paid", "credit": "credited"}
    for what, name in names.items():
        found |= {name: count[what], f"{name}_minor": minor[what]}
    for what in ("deposit_asked", "kept", "forfeited", "refunded"):
        found |= {f"deposits_{what}": count[what]}
    return found


def _lines(quarter: Quarter) -> Iterator[dict[str, Any]]:
    for n in range((quarter.plan.last - salon.FIRST).days + 14):
        query = {"day": str(salon.FIRST + DAY * n)}
        while True:
            part = _asked(quarter, "GET /v1/desk/money", function="clients", query=query)
            yield from part["entries"]
            if not part["next"]:
                break
            query["after"] = part["next"]


def _of_clients(quarter: Quarter) -> Numbers:
    """By their record, at the end: of all who booked."""
    standing = Counter[str]()
    owed = 0
    for id in sorted(_clients(quarter)):
        standing[_asked(quarter, f"GET /v1/desk/clients/{id}", function="clients")["standing"]["by_record"]] += 1
        owed += _asked(quarter, f"GET /v1/desk/clients/{id}/money", function="clients")["balance"]["owed"]
    return {f"standing_{name}": standing[name] for name in ("deposit_required", "restricted")} | {"owed_minor": owed}


def _clients(quarter: Quarter) -> set[str]:
    """Who has come is known at the desk; the others by their visits."""
    others = [id for id, visit in quarter.journal.visits.items() if not visit.person.id]
    shown = (_asked(quarter, f"GET /v1/desk/appointments/{id}", function="front_desk") for id in others)
    return {it["client"] for it in shown} | {person.id for person in quarter.people if person.id}


def _of_follow_ups(quarter: Quarter) -> Numbers:
    """Of missed visits."""
    found: Numbers = dict.fromkeys(("ladder_opened", "ladder_tried", "ladder_reached", "ladder_ghosted"), 0)
    for visit in quarter.journal.visits.values():
        path = f"GET /v1/desk/follow-ups/{visit.id}-v{visit.version}-no_show"
        answer = quarter.desk(path, function="follow_ups")
        if answer.status == 200:
            said = [(line["what"], line["to"]) for line in answer.body["history"]]
            found["ladder_opened"] += 1
            found["ladder_tried"] += len([what for what, _ in said if what in ("tried", "answered")])
            found["ladder_reached"] += ("answered", "") in said
            found["ladder_ghosted"] += ("resolved", "ghosted") in said
    return found


def _asked(quarter: Quarter, route: str, *, function: str, query: dict[str, str] | None = None) -> Any:
    return quarter.surely(quarter.desk(route, function=function, query=query), route)
