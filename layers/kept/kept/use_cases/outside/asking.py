"""What calls a stranger's server is a function of its own, which is asked and not waited for.

It has its own processes and permissions, and runs once for a server however much is due there: so one that takes a
quarter of a minute for each answer keeps no other work of ours waiting. Asked in vain, or twice, it does no harm: what
is due stays due until it was done, and whoever comes second finds that somebody is at it.
"""

import json

from kept.runtime import aws
from kept.settings import setting


def sender(business: str, endpoint: str) -> None:
    """Of events, for one endpoint."""
    _ask(setting("WEBHOOK_SENDER"), business=business, endpoint=endpoint)


def reader(business: str, staff: str) -> None:
    """Of one person's own calendar."""
    _ask(setting("CALENDAR_READER"), business=business, staff=staff)


def payer(business: str, payment: str) -> None:
    """Of one payment, or of all of a business: ""."""
    _ask(setting("PAYMENT_WORKER"), business=business, payment=payment)


def _ask(function: str, **about: str) -> None:
    aws("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(about))
