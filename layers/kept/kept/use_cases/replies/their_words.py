"""What a client wrote last of a matter, as they wrote it."""

from kept.actor import CLIENT
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.storage import messages

WRITES = frozenset({What.OPENED, What.CLIENT_WROTE})
LONGEST = 300
"""Characters that a mail to staff shows of it; the desk shows all of them."""


def their_words(follow_up: FollowUp) -> str:
    """ "" where the matter began without them. What they wrote to us is found by its key; what staff took down of
    a call stands in the line itself."""
    lines = (line for line in reversed(follow_up.history) if line.what in WRITES)
    line = next((one for one in lines if one.what is What.CLIENT_WROTE or one.by.startswith(CLIENT.kind)), None)
    if line is None:
        return ""
    written = messages.written(follow_up.business, follow_up.client, line.key) if line.key else None
    return (written.text if written else line.why)[:LONGEST]
