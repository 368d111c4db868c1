"""Points exchanged for a credit, at the desk or by the client themself: once, and never more than there are."""

from kept import ids
from kept.actor import Change
from kept.business.catalog import Business, Money
from kept.business.loyalty_rules import PointsRules
from kept.errors import KeyReused
from kept.ledger import acts
from kept.ledger.balance import Statement
from kept.ledger.refusals import AboveBalance, PointsOfferChanged
from kept.ledger.transaction import Transaction
from kept.storage import clients, ledger
from kept.storage.transaction import together
from kept.use_cases.money.fees import occasion
from kept.use_cases.optimistic_retry import retried

Lines = tuple[Transaction, ...]


def exchange(business: Business, client: str, points: int, credit: Money, change: Change) -> Lines:
    """So many for that credit, as whoever asks was told. All records of the client give what they have, the first of
    them, their own, gets the credit; in one write.

    A repeat of the request is answered with the lines that it wrote. Raises UnknownClient, PointsOfferChanged,
    AboveBalance, KeyReused.
    """

    def attempt() -> Lines:
        records = clients.load(business.id, client).ids
        name = f"exchanged-{ids.digest(change.key)}"
        hows = {one: occasion(business, ledger.line_id(one, None, name), change, None) for one in records}
        if first := tuple(ledger.several(business.id, (how.id for how in hows.values())).values()):
            if any(line.request != hows[records[0]].request for line in first):
                raise KeyReused
            return first
        _must_be_the_offer(business.points, points, credit, business.currency)
        balances = ledger.balances(business.id, records, business.currency)
        parts = _parts({one: balances[one].points for one in records}, points)
        made = tuple(
            acts.exchanged(Statement(balances[one]), hows[one], parts[one], credit if one == records[0] else None)
            for one in records
            if parts[one] or one == records[0]
        )
        with together() as transaction:
            for line in made:
                ledger.put(balances[line.client], (line,), transaction)
        return made

    return retried(attempt)


def _must_be_the_offer(rules: PointsRules, points: int, credit: Money, currency: str) -> None:
    """Raises PointsOfferChanged."""
    if not rules.buy or (points, credit) != (rules.price, Money(rules.credit, currency)):
        raise PointsOfferChanged(points=rules.price, minor=rules.credit, currency=currency)


def _parts(rooms: dict[str, int], points: int) -> dict[str, int]:
    """What each record gives, from the first on. Raises AboveBalance."""
    left, parts = points, dict[str, int]()
    for record, room in rooms.items():
        parts[record] = max(0, min(room, left))
        left -= parts[record]
    if left:
        raise AboveBalance(most=sum(max(0, room) for room in rooms.values()))
    return parts
