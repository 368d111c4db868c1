"""The money of a business, told line by line, and counted again from its ledger."""

from kept.insight.fact import MoneyFact
from kept.storage import catalogs, ledger
from kept.storage.tables import LedgerItem
from kept.use_cases.insight import comparing, recording
from kept.use_cases.insight.comparing import Difference
from tests.made_year import change_of


def money_differs(business: str = "lotus") -> list[Difference]:
    """What the nightly comparison would set aside of all days on which something was written: nothing, if all is
    well."""
    items = [it for it in LedgerItem.query(business) if not ledger.is_balance(it.id)]
    lines = sorted(map(ledger.as_transaction, items), key=lambda it: (it.at, bool(it.reverses)))
    for line in lines:
        recording.record(change_of(None, line, at=line.at))
    catalog = catalogs.load(business)
    found = [it for day in {line.day for line in lines} for it in comparing.differences(catalog, day)]
    return [it for it in found if isinstance(it.stands or it.should, MoneyFact)]
