"""What must never be at the end of a played quarter, each made so on purpose, and the words that tell of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from infra.local.inbox import Sent
from infra.local.quarter.playing import Quarter
from infra.local.quarter.recount import Row, Rows, at, waited

Fault = Callable[[Quarter, Rows], None]


def a_visit(rows: Rows, status: str, **is_so: Any) -> Row:
    return next(it for it in rows.visits if it["status"] == status and all(it.get(n) == v for n, v in is_so.items()))


def forgotten_by_the_desk(_: Quarter, rows: Rows) -> None:
    a_visit(rows, "completed")["status"] = "arrived"


def missed_though_they_came(_: Quarter, rows: Rows) -> None:
    came = next(it for it in rows.visits if it["status"] == "completed" and "phone" in it["booked_as"])
    came["status"] = "no_show"


def never_written(_: Quarter, rows: Rows) -> None:
    rows.bookings.remove(next(it for it in rows.bookings if it["booked_as"].get("phone")))


def two_at_once(_: Quarter, rows: Rows) -> None:
    one = a_visit(rows, "completed")
    rows.visits.append(one | {"id": "a-2"})


def charged_twice(_: Quarter, rows: Rows) -> None:
    fee = next(it for it in rows.lines if it["what"] == "fee")
    rows.lines.append(fee | {"id": f"{fee['id']}-2"})


def charged_for_coming(_: Quarter, rows: Rows) -> None:
    fee = next(it for it in rows.lines if it["what"] == "fee")
    fee["appointment"] = a_visit(rows, "completed")["id"]


def not_charged(_: Quarter, rows: Rows) -> None:
    rows.lines.remove(next(it for it in rows.lines if it["what"] == "fee"))


def not_made_good(_: Quarter, rows: Rows) -> None:
    rows.lines = [it for it in rows.lines if it["what"] != "credit"]


def made_good_twice(_: Quarter, rows: Rows) -> None:
    credit = next(it for it in rows.lines if it["what"] == "credit")
    rows.lines.append(credit | {"id": f"{credit['id']}-2"})


def made_good_without_waiting(_: Quarter, rows: Rows) -> None:
    credit = next(it for it in rows.lines if it["what"] == "credit")
    credit["appointment"] = next(it["id"] for it in rows.visits if waited(it) == 0)


def waited_for_longer(quarter: Quarter, rows: Rows) -> None:
    """By the tables, than by their own watch."""
    here = next(it for it in rows.visits if waited(it) == 0 and it["id"] in quarter.journal.visits)
    began = next(line for line in here["history"] if line["what"] == "in_service")
    began["at"] = (at(here["slot"]["starts"]) + timedelta(minutes=7)).isoformat()


def out_of_nothing(_: Quarter, rows: Rows) -> None:
    rows.lines[0]["entries"][0]["minor"] += 1


def balance_off(_: Quarter, rows: Rows) -> None:
    rows.balances[0]["totals"] = {"receivable": 1, "fees": -1}


def balance_gone(_: Quarter, rows: Rows) -> None:
    del rows.balances[0]


def reminded_of_what_was_cancelled(_: Quarter, rows: Rows) -> None:
    reminder = next(it for it in rows.messages if it["stage"] == "two_days" and it["status"] == "sent")
    visit = next(it for it in rows.visits if it["id"] == reminder["about"])
    cancelled = visit["history"][0] | {"what": "cancelled", "status": "cancelled"}
    visit["history"].insert(0, cancelled)


def reminded_by_night(_: Quarter, rows: Rows) -> None:
    reminder = next(it for it in rows.messages if it["stage"] == "two_days" and it["status"] == "sent")
    reminder["sent_at"] = reminder["sent_at"][:11] + "05:00:00Z"


def said_twice(quarter: Quarter, _: Rows) -> None:
    sent: list[tuple[Any, Sent, str]] = quarter.world.providers.sent
    sent.append(sent[0])


def nobody_followed_up(_: Quarter, rows: Rows) -> None:
    visit = a_visit(rows, "no_show")
    rows.follow_ups.pop(f"{visit['id']}-v{visit.get('version', 1)}-no_show")


def never_ended(_: Quarter, rows: Rows) -> None:
    follow_up = next(iter(rows.follow_ups.values()))
    follow_up["history"] = [line for line in follow_up["history"] if line["what"] != "resolved"]


def never_sent(_: Quarter, rows: Rows) -> None:
    rows.messages[0]["status"] = "queued"


def taken_by_another(_: Quarter, rows: Rows) -> None:
    visit = a_visit(rows, "completed")
    rows.waits.append({"id": "w-1", "client": "c-other", "booked": visit["id"], "offers": [{"answer": "accepted"}]})


def offered_for_ever(_: Quarter, rows: Rows) -> None:
    rows.waits.append({"id": "w-2", "client": "c-other", "offers": [{"until": "2026-02-10T10:00:00Z"}]})


FAULTS: tuple[tuple[Fault, str], ...] = (
    (forgotten_by_the_desk, "is arrived for ever"),
    (missed_though_they_came, "its client came, it is missed"),
    (never_written, "was booked and is nowhere"),
    (two_at_once, "overlap"),
    (charged_twice, "was charged"),
    (charged_for_coming, "(completed) costs 0 by its terms"),
    (not_charged, "0 was charged"),
    (not_made_good, "and was credited 0"),
    (made_good_twice, "and was credited"),
    (made_good_without_waiting, "waited 0 minutes, for which 0 is due"),
    (waited_for_longer, "by the tables 7 minutes"),
    (out_of_nothing, "does not sum to nothing"),
    (balance_off, "is not the sum of their lines"),
    (balance_gone, "has lines and no balance"),
    (reminded_of_what_was_cancelled, "was sent after it was cancelled"),
    (reminded_by_night, "was sent by night"),
    (said_twice, "was sent 2 times"),
    (nobody_followed_up, "nobody follows up"),
    (never_ended, "is open still"),
    (never_sent, "waits still"),
    (taken_by_another, "took a time that is not theirs"),
    (offered_for_ever, "has an offer that runs for ever"),
)
