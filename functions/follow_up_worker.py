"""Tell people of a follow-up's clock: reminders to whoever has it, the breach, and each level above."""

from datetime import datetime

from kept import clock
from kept.desk.settled import hand_over
from kept.follow_up.clock import looked_at
from kept.follow_up.notices import messages as notices
from kept.records import worker
from kept.runtime import log
from kept.storage import catalog, follow_ups, messages
from kept.storage.transaction import Lost, together


@worker
def handler(business: str, id: str) -> None:
    tell(business, id, now=clock.now())


def tell(business: str, id: str, *, now: datetime) -> None:
    """The notices reached, and how far the clock was looked at, in one write.

    A crash before it leaves the follow-up due, one after it leaves the messages due; both are swept again.
    """
    follow_up = follow_ups.load(business, id)
    told = notices(follow_up, catalog.load(business), now=now)
    if not told:
        return
    try:
        with together() as transaction:
            follow_ups.put(looked_at(follow_up, now=now), transaction)
            for message in told:
                messages.put(message, transaction)
    except Lost:
        log.info("somebody was first", extra={"business": business, "follow_up": id})
        return
    hand_over(messages.key(message) for message in told if message.is_owed)
