"""Rules of what a change costs that make no sense, refused when they are saved."""

from collections.abc import Iterable
from datetime import timedelta

from kept.business.change_rules import SHORTEST, ChangeRow, ChangeRules, Charge, DepositRules
from kept.business.checks import must

NONE, A_DAY = timedelta(0), timedelta(days=1)
LONGEST_TO_PAY, FARTHEST = timedelta(days=14), timedelta(days=90)
MOST_ROWS = 50
MOST_MINOR = 10**9


def check_changes(rules: ChangeRules) -> None:
    """Raises InvalidSetting."""
    must(rules.free_until >= NONE, "changes.free_until", "It cannot be negative.")
    must(NONE <= rules.grace <= A_DAY, "changes.grace", "It is from 0 to 1440 minutes.")
    must(rules.reschedules >= 0, "changes.reschedules", "It cannot be negative.")
    for name in ("late_fee", "move_fee", "missed_fee"):
        _check_charge(f"changes.{name}", getattr(rules, name))
    _check_deposits(rules.deposits)
    must(len(rules.rows) <= MOST_ROWS, "changes.rows", f"At most {MOST_ROWS} rows.")
    for n, row in enumerate(rules.rows):
        _check_row(f"changes.rows.{n}", row, rules.rows[:n])


def check_services_named(rules: ChangeRules, services: Iterable[str]) -> None:
    """What is offered no more may be named still: what was booked of it is. Raises InvalidSetting."""
    known: set[str | None] = set(services)
    for n, row in enumerate(rules.rows):
        must(row.service in known | {None}, f"changes.rows.{n}.service", f"There is no service called {row.service}.")


def _check_row(field: str, row: ChangeRow, earlier: tuple[ChangeRow, ...]) -> None:
    must(row.service or row.tier, field, "It is for a service, a tier of clients, or both.")
    reached = not any(it.matches(row.service, row.tier) for it in earlier)
    must(reached, field, "It is never reached: an earlier row matches all that it does.")
    told = (row.free_until, row.late_fee, row.move_fee, row.missed_fee, row.deposit)
    must(any(it is not None for it in told), field, "It changes nothing.")
    must(row.free_until is None or row.free_until >= NONE, f"{field}.free_until", "It cannot be negative.")
    for name in ("late_fee", "move_fee", "missed_fee", "deposit"):
        if (charge := getattr(row, name)) is not None:
            _check_charge(f"{field}.{name}", charge)


def _check_deposits(rules: DepositRules) -> None:
    field = "changes.deposits"
    _check_charge(f"{field}.charge", rules.charge)
    must(rules.above is None or 0 <= rules.above <= MOST_MINOR, f"{field}.above", "It is from nothing to 1000000000.")
    must(SHORTEST <= rules.within <= LONGEST_TO_PAY, f"{field}.within", "It is from 15 minutes to 14 days.")
    must(NONE <= rules.before <= LONGEST_TO_PAY, f"{field}.before", "It is from nothing to 14 days.")
    is_days = not rules.moves % A_DAY and NONE <= rules.moves <= FARTHEST
    must(is_days, f"{field}.moves", "It is whole days, from 0 to 90.")


def _check_charge(field: str, charge: Charge) -> None:
    must(0 <= charge.minor <= MOST_MINOR, f"{field}.minor", "It is from nothing to 1000000000.")
    must(0 <= charge.percent <= 100, f"{field}.percent", "It is from 0 to 100.")
    must(not (charge.minor and charge.percent), field, "It is a sum, or a share of the price.")
