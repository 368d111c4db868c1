"""What comes back from the providers: receipts for what was sent, and what clients write.

SNS brings it for e-mail, SMS and WhatsApp; inbound_calls puts into the same queue what WeChat and gateways call.
"""

from kept import clock
from kept.desk import receipts, replies
from kept.desk.inbound import said
from kept.messaging.inbound import Receipt
from kept.records import consumer


def take(body: str) -> None:
    """Each of what one event says; a repeat finds what the first did. Raises Unreadable for what is none of theirs."""
    for one in said(body):
        if isinstance(one, Receipt):
            receipts.take(one, now=clock.now())
        else:
            replies.take(one, now=clock.now())


handler = consumer(take, job=__name__)
