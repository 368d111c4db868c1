"""Short links in the place of signed ones in what is sent, and looking up what somebody opens.

One is written down by the first message that says it, and found there by those after it: a text message costs a read
more, and the first one a write. A crash in between leaves a name that nobody was told.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from kept.client_links import short_tokens, signing_keys
from kept.client_links.refusals import LinkExpired, LinkInvalid
from kept.client_links.short_links import ShortLink, short_page, stands_for
from kept.messaging.letter import Links
from kept.storage import short_links
from kept.storage.transaction import Lost
from kept.use_cases.limits import guessing


def shortened(links: Links, public_url: str, *, now: datetime) -> tuple[Links, Mapping[str, ShortLink]]:
    """The same links, short where that is shorter, and what each of the short addresses stands for."""
    known: dict[str, ShortLink] = {}

    def short(address: str) -> str:
        if not address:
            return address
        link = stands_for(address, now=now)
        name = short_page(public_url, short_tokens.made(signing_keys.current(), link.said))
        if len(name) >= len(address):
            return address
        known[name] = link
        return name

    return Links(**{what: short(address) for what, address in asdict(links).items()}), known


def keep_those_in(text: str, known: Mapping[str, ShortLink]) -> bool:
    """So that those which are said there can be opened. False where one of the names is another link's already."""
    return all(_keep(address.rpartition("/")[2], link) for address, link in known.items() if address in text)


def opened(typed: str, network: str, *, now: datetime) -> ShortLink:
    """Raises LinkInvalid, LinkExpired, and TooManyLinks where too many were tried from there that nobody has."""
    letters = short_tokens.typed(typed)
    guessing.must_not_guess(network, now=now)
    names = short_tokens.stored_names(signing_keys.current(), letters)
    found = next(filter(None, map(short_links.find, names)), None)
    if found is None:
        guessing.guessed(network, now=now)
        raise LinkInvalid
    if now >= found.until:
        raise LinkExpired(business=found.business)
    return found


def _keep(letters: str, link: ShortLink) -> bool:
    name, *_ = short_tokens.stored_names(signing_keys.current(), letters)
    found = short_links.find(name, consistently=False)
    if found is None:
        with suppress(Lost):
            short_links.put_new(name, link)
            return True
        found = short_links.find(name)
    return found == link
