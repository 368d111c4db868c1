"""The same numbers counted again from the tables, item by item: nothing of the product is used, nor of the play."""

import json
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zlib import decompress
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Numbers = dict[str, int]
Everything = Callable[[str], Iterable[Mapping[str, Any]]]
"""The items of a table, as they are stored."""
DECAY, FEWEST = timedelta(days=180), 3
ON_TIME = timedelta(minutes=5)
STANDARD = 15
"""Minutes: whoever waits longer is made good (product default)."""
NOT_YET = ("asked_for", "awaiting_deposit", "cancelled")
UNDECIDED = ("queued", "delayed", "sending", "to_call")
REMINDS = ("two_days", "same_day", "at_risk")


class Rows:
    """Everything of a run that numbers are made of, as plain rows."""

    def __init__(self, everything: Everything) -> None:
        self.bookings = [row for row, id in _rows(everything("appointments")) if "#" not in id and "slot" in row]
        self.visits = [row for row in self.bookings if was_booked(row)]
        said = [(row, id) for row, id in _rows(everything("messages")) if "stage" in row]
        self.messages = [row | {"id": id} for row, id in said if row["purpose"] == "transactional"]
        self.follow_ups = {id: row for row, id in _rows(everything("follow_ups")) if "#" not in id}
        self.waits = [row for row, _ in _rows(everything("waitlist")) if "wish" in row]
        ledger = _rows(everything("ledger"))
        self.lines = [row for row, id in ledger if "#balance#" not in id]
        self.balances = [row for row, id in ledger if "#balance#" in id]
        self.by_visit: dict[str, list[Row]] = defaultdict(list)
        for message in self.messages:
            self.by_visit[message["about"]].append(message)


def numbers(rows: Rows, *, standing: Mapping[str, int], now: datetime) -> Numbers:
    """`standing` has what the salon's settings say, where they are not the product's own."""
    return _of_visits(rows) | _of_money(rows) | _of_standing(rows, standing, now) | _of_follow_ups(rows)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def extras(rows: Rows) -> Numbers:
    """What the product tells no number of, yet."""
    asked = [visit for visit in rows.visits if visit["status"] == "completed" and was_asked(visit, rows)]
    gone = [visit for visit in rows.visits if visit["status"] == "cancelled" and visit.get("late")]
    reminders = [it for it in rows.messages if it["stage"] in REMINDS and it["status"] == "sent"]
    freed = sum(_minutes(visit) for visit in gone)
    offers = [offer for wait in rows.waits for offer in wait.get("offers", ())]
    return {
        "rescued": len(asked),
        "reminders_sent": len(reminders),
        "reminders_arrived": len([it for it in reminders if it.get("delivery") in ("delivered", "read")]),
        "texts": sum(it.get("parts", 0) for it in rows.messages if it["status"] == "sent"),
        "late_minutes": freed,
        "late_minutes_refilled": sum(_refilled(visit, rows) for visit in gone),
        "late_refilled": len([visit for visit in gone if 2 * _refilled(visit, rows) >= _minutes(visit)]),
        "waits": len(rows.waits),
        "offers": len(offers),
        "offers_taken": len([it for it in offers if it.get("answer") == "accepted"]),
        "kept_waiting": len([visit for visit in rows.visits if (waited(visit) or 0) >= STANDARD]),
        "waited_minutes": sum(waited(visit) or 0 for visit in rows.visits),
        "missed_minutes": sum(_minutes(visit) for visit in rows.visits if visit["status"] == "no_show"),
        "walked_in": len([visit for visit in rows.visits if visit["booked_at"] == visit["slot"]["starts"]]),
        "clients": len({visit["client"] for visit in rows.visits}),
    }


def was_booked(row: Row) -> bool:
    """What only waited for a deposit, or for somebody's yes, and came to nothing, was no visit."""
    return any(line["status"] not in NOT_YET for line in row["history"])


def waited(visit: Row) -> int | None:
    """Full minutes from when they came, or the agreed start where that is later, until they were begun. None where that
    was not said, or they came late: the day had gone on without them."""
    lines = {line["what"]: line for line in visit["history"]}
    if not {"arrived", "in_service"} <= lines.keys():
        return None
    starts, came = at(visit["slot"]["starts"]), at(lines["arrived"]["at"])
    if came > starts + ON_TIME:
        return None
    return max(timedelta(0), at(lines["in_service"]["at"]) - max(starts, came)) // timedelta(minutes=1)


def was_asked(visit: Row, rows: Rows) -> bool:
    """They were asked whether they are on their way, were reached, and were here after that."""
    here = next((line["at"] for line in visit["history"] if line["status"] in ("arrived", "completed")), "")
    return any(
        it["stage"] == "on_my_way" and it["version"] == visit.get("version", 1) and it.get("delivered_at", "~") <= here
        for it in rows.by_visit[visit["id"]]
    )


def _of_visits(rows: Rows) -> Numbers:
    status = Counter(visit["status"] for visit in rows.visits)
    late = [it for it in rows.visits if it["status"] == "cancelled" and it.get("late")]
    missed = [it for it in rows.visits if it["status"] == "no_show"]
    came = [it for it in rows.visits if it["status"] in ("completed", "arrived", "in_service")]
    sent = Counter(_sent(it) for it in rows.messages if it["status"] not in UNDECIDED)
    return {
        "booked": len(rows.visits),
        "came": len(came),
        "no_show": status["no_show"],
        "cancelled": status["cancelled"],
        "cancelled_late": len(late),
        "came_late": len([visit for visit in came if _was_late(visit)]),
        "confirmed": len([visit for visit in rows.visits if _was_confirmed(visit)]),
        "revenue": sum(visit["price"]["minor"] for visit in came),
        "lost": sum(visit["price"]["minor"] for visit in (*missed, *late)),
        "messages_sent": sent["sent"],
        "messages_failed": sent["failed"],
        "messages_not_sent": sent["not_sent"],
    }


def _was_late(visit: Row) -> bool:
    """Whoever was given up came late, where it was still going on."""
    lines = [line for line in visit["history"] if line["status"] == "arrived"]
    checked_in = any(line["what"] == "arrived" and at(line["at"]) > at(line["starts"]) + ON_TIME for line in lines)
    return checked_in or any(line["what"] == "no_show_reversed" for line in lines)


def _was_confirmed(visit: Row) -> bool:
    """As the slot now is."""
    version = visit.get("version", 1)
    return any(line["status"] == "confirmed" and line["version"] == version for line in visit["history"])


def _sent(message: Row) -> str:
    if message["status"] == "sent":
        return "failed" if message.get("delivery") == "failed" else "sent"
    return "failed" if message["status"] == "failed" else "not_sent"


def _of_money(rows: Rows) -> Numbers:
    count, minor = Counter[str](), Counter[str]()
    for line in rows.lines:
        sign, much = (-1 if line.get("reverses") else 1), max(abs(entry["minor"]) for entry in line["entries"])
        count[line["what"]] += sign
        minor[line["what"]] += sign * much
    owed = Counter[str]()
    for line in rows.lines:
        owed[line["client"]] += sum(entry["minor"] for entry in line["entries"] if entry["account"] == "receivable")
    found: Numbers = {"owed_minor": sum(max(0, it) for it in owed.values())}
    names = {"fee": "fees_charged", "waiver": "fees_waived", "paid": "fees_paid", "credit": "credited"}
    for what, name in names.items():
        found |= {name: count[what], f"{name}_minor": minor[what]}
    for what in ("deposit_asked", "kept", "forfeited", "refunded"):
        found |= {f"deposits_{what}": count[what]}
    return found


def _of_standing(rows: Rows, rules: Mapping[str, int], now: datetime) -> Numbers:
    """Of those who booked."""
    record: dict[str, Counter[str]] = defaultdict(Counter)
    for visit in rows.visits:
        is_late = visit["status"] == "cancelled" and visit.get("late")
        what = "late" if is_late else str(visit["status"])
        if now >= at(visit["slot"]["starts"]) + DECAY:
            continue
        record[visit["client"]][what] += 1
    booked = {visit["client"] for visit in rows.visits if visit["booked_at"] != visit["slot"]["starts"]}
    found = {"standing_deposit_required": 0, "standing_restricted": 0}
    for client in booked:
        did = record[client]
        if did["late"] + did["no_show"] + did["completed"] < FEWEST:
            continue
        if did["no_show"] >= rules["restricted_missed"]:
            found["standing_restricted"] += 1
        elif did["no_show"] >= rules["deposit_missed"] or did["late"] >= rules["deposit_late"]:
            found["standing_deposit_required"] += 1
    return found


def _of_follow_ups(rows: Rows) -> Numbers:
    found: Numbers = dict.fromkeys(("ladder_opened", "ladder_tried", "ladder_reached", "ladder_ghosted"), 0)
    for id, row in rows.follow_ups.items():
        if not id.endswith("-no_show"):
            continue
        said = [(line["what"], line.get("to", "")) for line in row["history"]]
        found["ladder_opened"] += 1
        found["ladder_tried"] += len([what for what, _ in said if what in ("tried", "answered")])
        found["ladder_reached"] += ("answered", "") in said
        found["ladder_ghosted"] += ("resolved", "ghosted") in said
    return found


def by_week(rows: Rows, first: date, weeks: int, zone: ZoneInfo) -> list[Numbers]:
    """Of each week what was to come, and what of it was missed or called off too late."""
    found: list[Numbers] = [{"booked": 0, "no_show": 0, "cancelled_late": 0} for _ in range(weeks)]
    for visit in rows.visits:
        week = found[(at(visit["slot"]["starts"]).astimezone(zone).date() - first).days // 7]
        week["booked"] += 1
        week["no_show"] += visit["status"] == "no_show"
        week["cancelled_late"] += bool(visit["status"] == "cancelled" and visit.get("late"))
    return found


def _minutes(visit: Row) -> int:
    return (at(visit["slot"]["ends"]) - at(visit["slot"]["starts"])) // timedelta(minutes=1)


def _refilled(gone: Row, rows: Rows) -> int:
    """Minutes of its slot that the same person then had another visit in."""
    slot = gone["slot"]
    begins, ends = at(slot["starts"]), at(slot["ends"])
    minutes = 0
    for other in rows.visits:
        theirs = other["slot"]
        if other["status"] == "cancelled" or theirs["staff"] != slot["staff"]:
            continue
        both = min(ends, at(theirs["ends"])) - max(begins, at(theirs["starts"]))
        minutes += max(0, both // timedelta(minutes=1))
    return minutes


def _rows(items: Iterable[Mapping[str, Any]]) -> list[tuple[Row, str]]:
    return list(_read(items))


def _read(items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Row, str]]:
    for item in items:
        text = item["body"]["S"]
        plain = decompress(b64decode(text[1:])) if text.startswith("~") else text
        yield json.loads(plain) if plain[:1] in (b"{", "{") else {}, item["id"]["S"]
