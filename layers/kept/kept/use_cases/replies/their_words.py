"""What a client wrote last of a matter, as they wrote it."""

from kept.actor import CLIENT
from kept.follow_up.events import FollowUpEvent, What
from kept.follow_up.follow_up import FollowUp
from kept.storage import clients, messages

WRITES = frozenset({What.OPENED, What.CLIENT_WROTE})
LONGEST = 300
"""Characters that a mail to staff shows of it; the desk shows all of them."""


def their_words(follow_up: FollowUp) -> str:
    """ "" where the matter began without them. What they wrote to us is found by its key; what staff took down of
    a call stands in the line itself."""
    if (line := last_of_theirs(follow_up)) is None:
        return ""
    whose = clients.ids(follow_up.business, follow_up.client) if line.key else ()
    written = next(iter(messages.received_under(follow_up.business, whose, [line.key])), None)
    return (written.text if written else line.why)[:LONGEST]


def last_of_theirs(follow_up: FollowUp) -> FollowUpEvent | None:
    """The line that it stands in."""
    lines = (line for line in reversed(follow_up.history) if line.what in WRITES)
    return next((one for one in lines if one.what is What.CLIENT_WROTE or one.by.startswith(CLIENT.kind)), None)
