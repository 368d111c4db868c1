"""Figures counted again, row by row, by a script that shares nothing with the product but the zone's own data."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def within(rows: Iterable[Row], at: str, first: date, last: date, zone: ZoneInfo) -> list[Row]:
    return [row for row in rows if first <= day_of(row[at], zone) <= last]


REASONS = ("convenience", "time", "expectation", "cost", "need", "illness", "other", "not_said")
OF_DEPOSITS = ("asked", "paid", "kept", "forfeited", "refunded")
MONEY = ("fee", "waived", "paid", "refunded", "credited", *(f"deposit_{what}" for what in OF_DEPOSITS))
SHARES = {
    "fees_waived": ("waived", "fee"),
    "fees_paid": ("paid", "fee"),
    "deposits_paid": ("deposit_paid", "deposit_asked"),
    "deposits_kept": ("deposit_kept", "deposit_paid"),
    "deposits_forfeited": ("deposit_forfeited", "deposit_paid"),
    "deposits_refunded": ("deposit_refunded", "deposit_paid"),
}


def won_back(row: Row, everything: Iterable[Row]) -> bool:
    """They were asked why by a page, said it, and were called or booked anew within fourteen days."""
    if not row["said"]:
        return False
    until = row["cancelled_at"] + timedelta(days=14)
    others = (it for it in everything if it["client"] == row["client"] and it["name"] != row["name"])
    return row["called"] or any(row["cancelled_at"] <= it["booked"] <= until for it in others)


def ledger(lines: list[Row], currency: str) -> dict[str, Any]:
    """By kind and cause, in that currency; what is in another is only counted."""
    own = [row for row in lines if row["currency"] == currency]

    def told(rows: list[Row]) -> dict[str, int]:
        return {"count": len(rows), "minor": sum(row["minor"] for row in rows)}

    def causes(rows: list[Row]) -> dict[str, dict[str, int]]:
        return {cause: told([row for row in rows if row["cause"] == cause]) for cause in {row["cause"] for row in rows}}

    of = {what: [row for row in own if row["what"] == what] for what in MONEY}
    return {
        "money": {what: told(rows) | {"causes": causes(rows)} for what, rows in of.items()},
        "other_currencies": len(lines) - len(own),
        **{name: share(len(of[part]), len(of[whole])) for name, (part, whole) in SHARES.items()},
    }


def numbers(
    visits: list[Row],
    messages: list[Row],
    follow_ups: list[Row],
    offered: dict[int, int],
    zone: ZoneInfo,
    money_lines: list[Row],
    currency: str,
) -> dict[str, Any]:
    """As the API tells them."""

    def many(outcome: str, rows: Iterable[Row] = visits) -> int:
        return len([row for row in rows if row["outcome"] == outcome])

    def money(*rows: Row) -> int:
        return sum(row["price"] or 0 for row in rows)

    came, missed = many("came"), many("no_show")
    closed = [row for row in visits if row["outcome"] in ("came", "no_show")]
    reminded = [row for row in closed if row["slot"] in row["reminders"]]
    others = [row for row in closed if row["slot"] not in row["reminders"]]
    met, too_late = sum(row["met"] for row in follow_ups), sum(row["missed"] for row in follow_ups)
    stars = [row["stars"] for row in follow_ups if row["stars"]]
    a, b = share(many("came", reminded), len(reminded)), share(many("came", others), len(others))
    both = min(len(reminded), len(others)) >= 50
    nudged = [row for row in closed if row["slot"] in row["nudges"]]
    theirs = [row for row in visits if row["reason"]]
    offers = [row for row in visits if row["said"]]
    return {
        "booked": len(visits),
        "confirmed": share(sum(row["confirmed"] for row in visits), len(visits)),
        "came": share(came, came + missed),
        "no_show": share(missed, came + missed),
        "late": share(sum(row["late"] for row in visits), came),
        "cancelled": share(many("cancelled"), len(visits)),
        "cancelled_late": share(sum(row["cancelled_late"] for row in visits), len(visits)),
        "fill": share(sum(filled(visits, zone).values()), sum(offered.values())),
        "revenue": money(*(row for row in visits if row["outcome"] == "came")),
        "expected": money(*(row for row in visits if row["outcome"] == "expected")),
        "lost": money(*(row for row in visits if row["outcome"] == "no_show" or row["cancelled_late"])),
        "unpriced": len([row for row in visits if row["price"] is None]),
        "lead": middle([rounded_lead(row) for row in visits]),
        "reminders": {"reminded": a, "others": b, "difference": a["ratio"] - b["ratio"] if both else None},
        "messages": {
            name: len([row for row in messages if row["sent"] == name]) for name in ("sent", "failed", "not_sent")
        }
        | {"parts": sum(row["parts"] for row in messages), "cost": None},
        "follow_ups": len(follow_ups),
        "attainment": share(met, met + too_late),
        "rated": share(len(stars), sum(row["asked"] for row in follow_ups)),
        "satisfaction": sum(stars) / len(stars) if stars else None,
        "moved_late": share(sum(row["moved_late"] for row in visits), len(visits)),
        "rescued": share(many("came", nudged), len(nudged)),
        "reasons": {it: share(sum(row["reason"] == it for row in theirs), len(theirs)) for it in REASONS},
        "said_why": share(sum(row["reason"] != "not_said" for row in theirs), len(theirs)),
        "won_back": share(sum(row["won"] for row in offers), len(offers)),
        **ledger(money_lines, currency),
    }


def said(messages: list[Row]) -> dict[str, int | None]:
    ended = {name: len([row for row in messages if row["sent"] == name]) for name in ("sent", "failed", "not_sent")}
    return {**ended, "parts": sum(row["parts"] for row in messages), "cost": None}


def share(part: int, whole: int) -> dict[str, Any]:
    return {"part": part, "whole": whole, "ratio": part / whole if whole else None, "enough": whole >= 50}


def rounded_lead(row: Row) -> int:
    """To the hour below two days, to the day above."""
    minutes = int((row["start"] - row["booked"]).total_seconds() // 60)
    return minutes // 60 * 60 if minutes < 2880 else minutes // 1440 * 1440


def middle(some: list[int]) -> int | None:
    ordered, count = sorted(some), len(some)
    if not count:
        return None
    return ordered[count // 2] if count % 2 else (ordered[count // 2 - 1] + ordered[count // 2]) // 2


def filled(visits: Iterable[Row], zone: ZoneInfo) -> dict[int, int]:
    """Minute by minute, by the clock as it showed when the visit began."""
    hours: dict[int, int] = defaultdict(int)
    for row in visits:
        if row["outcome"] in ("came", "expected"):
            shown = row["start"].astimezone(zone).replace(tzinfo=None)
            for minute in range(row["minutes"]):
                hours[(shown + timedelta(minutes=minute)).hour] += 1
    return dict(hours)


@cache
def offered(hours: tuple[tuple[int, int], ...], day: date, zone: ZoneInfo) -> dict[int, int]:
    """Minute by minute through the local day, however long it is."""
    found: dict[int, int] = defaultdict(int)
    at = datetime.combine(day, time(0), zone).astimezone(UTC)
    while (local := at.astimezone(zone)).date() == day:
        for opens, closes in hours:
            if opens <= local.hour < closes:
                found[local.hour] += 15
        at += timedelta(minutes=15)
    return dict(found)


def added(some: Iterable[dict[int, int]]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for hours in some:
        for hour, minutes in hours.items():
            found[hour] += minutes
    return dict(found)
