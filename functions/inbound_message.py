"""What comes back from the providers: receipts for what was sent, what clients write, and what they tap on WeChat.

SNS brings it for e-mail, SMS and WhatsApp; inbound_calls puts into the same queue what WeChat and gateways call.
"""

from datetime import datetime

from kept import clock
from kept.due_work import queues
from kept.due_work.queue_worker import dated_consumer
from kept.messaging.inbound import Receipt, Tapped
from kept.runtime import log
from kept.use_cases.clients import subscriptions
from kept.use_cases.messaging import receipts
from kept.use_cases.messaging.inbound import apart, parse, unwrapped
from kept.use_cases.replies import reading


def take(body: str, queued: datetime | None) -> None:
    """Each of what one record brings; what fails of several comes again alone, and ends with the dead letters alone.

    A crash between the new record and the end of this one has some taken twice, which does nothing.
    """
    brought = unwrapped(body)
    came = min(filter(None, (brought.came and clock.ours(brought.came), queued)), default=None)
    first, *others = apart(brought.body) or [""]
    if not others:
        _take(first, came)
        return
    for one in (first, *others):
        try:
            _take(one, came)
        except Exception as error:  # whatever it is, its neighbours are not to suffer for it
            log.warning("comes again alone", extra={"error": f"{type(error).__name__}: {error}"})
            queues.send_body("INBOUND_QUEUE", one)


def _take(body: str, came: datetime | None) -> None:
    """A repeat finds what the first did. Raises Unreadable for what is none of theirs."""
    for one in parse(body) if body else ():
        if isinstance(one, Receipt):
            receipts.take(one, now=clock.now())
        elif isinstance(one, Tapped):
            subscriptions.take(one)
        else:
            reading.take(one, now=clock.now(), came=came)


handler = dated_consumer(take, job=__name__)
