"""Tell people of a follow-up's clock: reminders to whoever has it, the breach, and each level above."""

from kept import clock
from kept.desk.settled import hand_over
from kept.due import Key
from kept.follow_up.clock import looked_at
from kept.follow_up.notices import messages as told_of
from kept.runtime import worker
from kept.storage import catalog, follow_ups, messages
from kept.storage.transaction import Lost, together


@worker
def handler(business: str, id: str) -> None:
    """Notices and the cursor that says they were decided, in one write.

    A crash before it costs nothing, for it stays due; one after it costs a minute, until the outbox is swept.
    """
    now = clock.now()
    follow_up = follow_ups.load(business, id)
    told = told_of(follow_up, catalog.load(business), now=now)
    if not told:
        return
    try:
        with together() as transaction:
            follow_ups.put(looked_at(follow_up, now=now), transaction)
            for message in told:
                messages.put(message, transaction)
    except Lost:
        return  # Somebody was first: another worker, or an answer. What is still owed is still due.
    hand_over(Key(message.business, message.id) for message in told if message.is_owed)
