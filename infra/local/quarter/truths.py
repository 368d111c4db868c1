"""What must be true at the end of every run, whatever its policies: each that is not, in words."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from infra.local.quarter.people import MINUTE
from infra.local.quarter.playing import Quarter
from infra.local.quarter.recount import REMINDS, Row, Rows, at, waited, was_asked
from infra.local.quarter.salon import ZONE

OUTCOMES = {"completed": "came", "no_show": "missed", "cancelled": "cancelled"}
BEYOND, DAY_CAP = ((15, 5), (30, 10), (60, 25)), 20_000
"""From so many minutes on so many per cent; in minor units."""
TURN = timedelta(seconds=2)
"""A message is dated by its turn at its provider's gate, which may be so long after it was decided."""
QUIET_FROM, QUIET_UNTIL = 21, 8
"""By the client's clock (product default): nobody is reminded between."""


def untrue(quarter: Quarter, rows: Rows) -> list[str]:
    """None, if all is well."""
    checks = (
        _ended,
        _as_lived,
        _book,
        _money,
        _charged_once,
        _made_good,
        _said_once,
        _said_after,
        _followed_up,
        _offered,
        _nothing_left,
    )
    return [words for check in checks for words in check(quarter, rows)]


def _ended(_: Quarter, rows: Rows) -> Iterator[str]:
    """Every visit was kept, missed or called off."""
    for visit in rows.bookings:
        if visit["status"] not in OUTCOMES:
            yield f"{visit['id']} is {visit['status']} for ever"


def _as_lived(quarter: Quarter, rows: Rows) -> Iterator[str]:
    """What the product has of a visit is what its client did."""
    there = {visit["id"]: visit for visit in rows.bookings}
    for id, lived in quarter.journal.visits.items():
        if id not in there:
            yield f"{id} was booked and is nowhere"
        elif (became := OUTCOMES.get(there[id]["status"])) != lived.outcome:
            yield f"{id}: its client {lived.outcome or 'did nothing'}, it is {became}"
        elif (there_too := waited(there[id])) is not None and there_too != lived.waited // MINUTE:
            yield f"{id}: its client waited {lived.waited}, by the tables {there_too} minutes"
        elif lived.came and lived.asked is not was_asked(there[id], rows):
            yield f"{id}: asked and then here is {lived.asked} by its client, and not by the tables"


def _book(_: Quarter, rows: Rows) -> Iterator[str]:
    """Nobody was with two clients at once."""
    by_staff: dict[str, list[Row]] = defaultdict(list)
    for visit in rows.visits:
        if visit["status"] != "cancelled":
            by_staff[visit["slot"]["staff"]].append(visit)
    for visits in by_staff.values():
        ordered = sorted(visits, key=lambda it: str(it["slot"]["starts"]))
        for before, after in pairwise(ordered):
            if at(before["slot"]["ends"]) > at(after["slot"]["starts"]):
                yield f"{before['id']} and {after['id']} overlap"


def _money(_: Quarter, rows: Rows) -> Iterator[str]:
    """Each line sums to nothing, and a client's balance is the sum of their lines."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for line in rows.lines:
        if sum(entry["minor"] for entry in line["entries"]):
            yield f"{line['id']} does not sum to nothing"
        for entry in line["entries"]:
            sums[line["client"]][entry["account"]] += entry["minor"]
    for balance in rows.balances:
        of_lines = {account: minor for account, minor in sums.pop(balance["client"], Counter()).items() if minor}
        if of_lines != balance.get("totals", {}):
            yield f"the balance of {balance['client']} is not the sum of their lines"
    for client in sums:
        yield f"{client} has lines and no balance"


def _charged_once(_: Quarter, rows: Rows) -> Iterator[str]:
    """By the terms that were accepted, for what became of it in the end, less the deposit that this lost, and never
    twice: a deposit that was lost by a late move pays for nothing after it."""
    fees = _by_visit(rows, "fee")
    lost = {by_move: _by_visit(rows, "forfeited", by_move=by_move) for by_move in (True, False)}
    for visit in rows.visits:
        terms, owed = visit.get("accepted", {}), 0
        if visit["status"] == "no_show":
            owed = terms.get("missed_fee", 0)
        elif visit["status"] == "cancelled" and visit.get("late"):
            owed = terms.get("late_fee", 0)
        elif visit["status"] != "cancelled" and visit.get("late"):
            owed = terms.get("move_fee", 0)
        is_over = visit["status"] in ("no_show", "cancelled")
        owed = max(0, owed - lost[not is_over][visit["id"]])
        if fees[visit["id"]] != owed:
            yield f"{visit['id']} ({visit['status']}) costs {owed} by its terms, {fees[visit['id']]} was charged"


def _by_visit(rows: Rows, what: str, *, by_move: bool | None = None) -> Counter[str]:
    """In minor units, net of what was taken back; `by_move`: of late moves alone, or of all else alone."""
    found = Counter[str]()
    for line in rows.lines:
        if line["what"] == what and by_move in (None, "fee_late_move" in str(line.get("why"))):
            minor = max(abs(entry["minor"]) for entry in line["entries"])
            found[line["appointment"]] += -minor if line.get("reverses") else minor
    return found


def _made_good(_: Quarter, rows: Rows) -> Iterator[str]:
    """Whoever waited beyond the standard is credited by how far, once, as far as the day's cap goes, and nobody else is
    (product defaults)."""
    credited, spent = _by_visit(rows, "credit"), Counter[date]()
    begun = {it["id"]: line["at"] for it in rows.visits for line in it["history"] if line["what"] == "in_service"}
    for visit in sorted(rows.visits, key=lambda it: begun.get(it["id"], "")):
        long = waited(visit) or 0
        percent = next((percent for least, percent in reversed(BEYOND) if long >= least), 0)
        if percent:
            day = at(begun[visit["id"]]).astimezone(ZONE).date()
            share = min((visit["price"]["minor"] * percent + 50) // 100, DAY_CAP - spent[day])
            spent[day] += share
        else:
            share = 0
        if (had := credited[visit["id"]]) != share:
            yield f"{visit['id']} waited {long} minutes, for which {share} is due, and was credited {had}"


def _said_once(quarter: Quarter, _: Rows) -> Iterator[str]:
    """A message goes out once."""
    for message, times in Counter(id for _, _, id in quarter.world.providers.sent).items():
        if times > 1:
            yield f"{message} was sent {times} times"


def _said_after(_: Quarter, rows: Rows) -> Iterator[str]:
    """Nobody is reminded of what is over or stands elsewhere by then, nor by night."""
    there = {visit["id"]: visit for visit in rows.visits}
    for message in rows.messages:
        if message["stage"] not in (*REMINDS, "on_my_way") or message["status"] != "sent":
            continue
        visit, sent = there[message["about"]], at(message["sent_at"])
        for line in visit["history"]:
            is_over = line["status"] in ("cancelled", "no_show", "completed") or line["version"] > message["version"]
            if is_over and at(line["at"]) + TURN < sent:
                yield f"{message['id']} was sent after it was {line['what']}"
        if message["stage"] in REMINDS and not QUIET_UNTIL <= sent.astimezone(ZONE).hour < QUIET_FROM:
            yield f"{message['id']} was sent by night"


def _followed_up(_: Quarter, rows: Rows) -> Iterator[str]:
    """Each missed visit was somebody's to follow up, once, and every follow-up came to an end."""
    for visit in rows.visits:
        id = f"{visit['id']}-v{visit.get('version', 1)}-no_show"
        if visit["status"] == "no_show" and id not in rows.follow_ups:
            yield f"{visit['id']} was missed, and nobody follows up"
    for id, row in rows.follow_ups.items():
        if not any(line["what"] == "resolved" for line in row["history"]):
            yield f"{id} is open still"


def _offered(_: Quarter, rows: Rows) -> Iterator[str]:
    """A time that was taken is a visit of whoever took it, and nobody's offer runs on when all is over."""
    whose = {visit["id"]: visit["client"] for visit in rows.bookings}
    for wait in rows.waits:
        answers = [offer.get("answer") for offer in wait.get("offers", ())]
        if "accepted" in answers and whose.get(wait.get("booked")) != wait["client"]:
            yield f"{wait['id']} took a time that is not theirs"
        if None in answers:
            yield f"{wait['id']} has an offer that runs for ever"


def _nothing_left(quarter: Quarter, rows: Rows) -> Iterator[str]:
    """Nothing of a visit that is over is due, and no message waits."""
    if (due := quarter.world.memory.next_due()) and due[0] < (quarter.world.now - timedelta(minutes=5)).timestamp():
        yield f"{due} is due still"
    for message in rows.messages:
        if message["status"] in ("queued", "delayed", "sending"):
            yield f"{message['id']} waits still: {message['status']}"
