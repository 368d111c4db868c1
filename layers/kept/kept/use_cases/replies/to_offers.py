"""What is said to a time that is held for who waits: it is taken, or let pass. Everything else is for a person."""

from contextlib import suppress
from datetime import datetime

from kept.actor import Change
from kept.business.catalog import Catalog
from kept.business.text_names import TIME_OFFERED
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.reasons import Code, Reason, because
from kept.storage import messages, waitlist
from kept.storage.transaction import Lost
from kept.use_cases.waitlist import answering, telling
from kept.waitlist.entry import Offer, WaitlistEntry
from kept.waitlist.refusals import OfferOver, UnknownWait


def take(catalog: Catalog, client: Client, answers: str, change: Change) -> Reason:
    """`answers` is the message they answer. Told in the same hour that the time is gone, where it is. Raises
    UnknownWait, and what booking refuses: what is asked of who books only they can answer."""
    entry, offer = _offer(catalog, answers)
    try:
        answering.accept(catalog, entry.id, offer.id, change)
    except OfferOver:
        _tell_it_is_gone(catalog, client, entry, offer, change.at)
        return because(Code.OFFER_ENDED)
    return because(Code.OFFER_TAKEN)


def let_pass(catalog: Catalog, answers: str, change: Change) -> Reason:
    """Raises UnknownWait."""
    entry, offer = _offer(catalog, answers)
    with suppress(OfferOver):
        answering.decline(catalog, entry.id, offer.id, change)
    return because(Code.OFFER_DECLINED)


def _offer(catalog: Catalog, answers: str) -> tuple[WaitlistEntry, Offer]:
    message = messages.find(catalog.business.id, answers)
    if message is None or message.stage != TIME_OFFERED:
        raise UnknownWait
    entry = waitlist.load(catalog.business.id, message.detail[1])
    offer = next((it for it in entry.offers if it.id == message.occasion), None)
    if offer is None:
        raise UnknownWait
    return entry, offer


def _tell_it_is_gone(catalog: Catalog, client: Client, entry: WaitlistEntry, offer: Offer, now: datetime) -> None:
    """Once; who was told already is not told again."""
    message = telling.gone(entry, offer, client, catalog.business, now=now)
    with suppress(Lost):
        messages.put_alone(message)
        hand_over([messages.key(message)])
