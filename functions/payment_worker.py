"""Brings one payment to what the ledger says of it, or at night compares all of a business with its provider: apart
from all other work, for it asks a server that is not ours, by a library that no other function has.

Asked for by due_worker, once for each that is due; what could not be done is due again.
"""

from collections.abc import Mapping
from typing import Any

from kept import clock
from kept.payments.refusals import NotPaidOnline
from kept.runtime import log
from kept.storage import catalogs, payments
from kept.use_cases.payments.bringing import AGAIN, bring
from kept.use_cases.payments.comparing import compare
from kept.use_cases.payments.provider_of import provider_of


def handler(event: Mapping[str, Any], context: object) -> Any:  # noqa: ARG001
    business, now = event["business"], clock.now()
    try:
        provider = provider_of(business)
    except NotPaidOnline:  # its account was taken away: it waits for a person who gives it another
        if event.get("payment"):
            payments.postpone(business, event["payment"], at=now + 12 * AGAIN)
        return {"state": None}
    if not event.get("payment"):
        return {"differ": compare(catalogs.load(business), provider, now=now)}
    done = bring(catalogs.load(business), event["payment"], provider, now=now)
    said = {"state": done.state if done else None}
    log.info("payment", extra={"job": __name__, **said})
    return said
