"""An endpoint that was switched off because of what it answered: a mail to the business."""

from datetime import datetime

from kept.business.text_names import WEBHOOK_OFF
from kept.due_work.queues import hand_over
from kept.events.receivers import Endpoint
from kept.messaging.outgoing import letter_of_day
from kept.runtime import log
from kept.storage import catalogs, messages
from kept.storage.transaction import Lost


def tell_of(endpoint: Endpoint, *, now: datetime) -> None:
    """Once for each endpoint in a day of the business. A crash before it costs the mail: the screen says it."""
    log.warning("webhook switched off", extra={"business": endpoint.business, "id": endpoint.id, "why": endpoint.off})
    business = catalogs.load(endpoint.business).business
    today = now.astimezone(business.zone).date()
    told = letter_of_day(business.id, business.id, WEBHOOK_OFF, f"webhook-{endpoint.id}", today, now=now)
    try:
        hand_over([messages.key(messages.put_alone(told))])
    except Lost:
        return
