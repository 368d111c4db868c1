"""A business booked by more strangers in an hour than it takes: an alarm for who deployed it, a mail for itself."""

from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from kept.business.catalog import Business
from kept.business.text_names import FLOODED
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import letter_of_day
from kept.runtime import log
from kept.storage import messages
from kept.storage.transaction import Lost


def raise_the_alarm(business: Business, *, now: datetime) -> None:
    """The mail once in a day of the business, however many are refused in it; a crash before it costs nothing more."""
    log.warning("no more strangers are booked in this hour", extra={"business": business.id})
    with single_metric("StrangersRefused", MetricUnit.Count, 1, namespace="Kept") as metric:
        metric.add_dimension("service", "kept")
    told = _mail(business, now)
    if messages.find(business.id, told.id):
        return
    try:
        written = messages.put_alone(told)
    except Lost:
        return
    hand_over([messages.key(written)])


def _mail(business: Business, now: datetime) -> Message:
    today = now.astimezone(business.zone).date()
    return letter_of_day(business.id, business.id, FLOODED, "strangers", today, now=now)
