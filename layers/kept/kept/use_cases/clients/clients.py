"""Changes to a client where they stand: what they want to hear, and what stopped reaching them."""

from collections.abc import Callable

from kept.clients.client import Client
from kept.clients.holding import spoken
from kept.storage import clients
from kept.storage.transaction import together
from kept.use_cases.optimistic_retry import retried


def change_client(business: str, id: str, act: Callable[[Client], Client]) -> Client:
    """As they now are; nothing is written where `act` changes nothing. Raises UnknownClient and what `act` refuses."""

    def attempt() -> Client:
        before = clients.load(business, id)
        after = spoken(before, act(before))
        if after == before:
            return before
        if after.held == before.held:
            clients.put_alone(after)
        else:
            with together() as transaction:
                clients.put_changed(before, after, transaction)
        return after

    return retried(attempt)
