"""Clients put into the search index, each as they change, and all of a business that was never searched."""

from contextlib import suppress

from kept.clients.client import Client
from kept.clients.search_mark import is_to_index
from kept.clients.search_tokens import alphabetical, tokens
from kept.due_work.queues import hand_over
from kept.lanes import Key, Lane
from kept.storage import client_search, clients
from kept.storage.transaction import Lost

AT_ONCE = 150
"""Items of a business that are looked through for one key; a third of them, about, are clients."""


def index(business: str, id: str) -> None:
    """One client as they are now, or (`id` is #all) some more of a business. Once more does nothing.

    They stay due until it is done: a crash has it done again. Raises Lost where they changed meanwhile.
    """
    if id == client_search.ALL:
        _go_on(business)
    elif (client := clients.record(business, id)) is None:
        client_search.take_out(business, id)
    else:
        _index(client)


def _index(client: Client) -> None:
    if client.merged_into:
        client_search.take_out(client.business, client.id)
    elif is_to_index(client):
        client_search.write(client, tokens(client), alphabetical(client.name))
    clients.put_indexed(client)


def _go_on(business: str) -> None:
    if (reached := client_search.progress(business)) is None:
        return
    revision, last = reached
    found, more = clients.some(business, after=last, limit=AT_ONCE)
    for client in found:
        if is_to_index(client):
            with suppress(Lost):  # by somebody who changed them, and who has made them due
                _index(client)
    client_search.go_on(business, revision, more)
    if more is not None:
        hand_over([Key(Lane.SEARCH, business, client_search.ALL)])
