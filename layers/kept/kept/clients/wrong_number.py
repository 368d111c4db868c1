"""A number that is somebody else's: a state of the contact, and no word of the client's own.

Nothing goes there for this client, over whatever channel; another client who has the same number is reached as before.
It is over when START comes from there, or when somebody proves by acting from it that it is theirs after all.
"""

from datetime import datetime

from kept.channels import Channel
from kept.clients.client import Client
from kept.reasons import Code, because

WRONG_NUMBER = because(Code.NOT_THEIR_NUMBER)
BY_NUMBER = (Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK, Channel.CALL)


def not_theirs(client: Client, number: str, *, at: datetime) -> Client:
    for channel in BY_NUMBER:
        client = client.stopping(channel, why=WRONG_NUMBER, at=at, address=number)
    return client


def theirs_after_all(client: Client, address: str) -> Client:
    """With everything there as it was before it was called wrong."""
    return client.without_stop(address, WRONG_NUMBER)
