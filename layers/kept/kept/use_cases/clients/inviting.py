"""Staff invite one client, by hand."""

from kept.actor import Change
from kept.business.catalog import Catalog
from kept.channels import Purpose
from kept.clients.refusals import PromotionNotAgreed
from kept.due_work.queues import hand_over
from kept.errors import KeyReused
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, channel_for
from kept.storage import clients, messages
from kept.use_cases.optimistic_retry import retried

RECALL = "recall"


def invite(catalog: Catalog, client: str, service: str, change: Change) -> Message:
    """The message, which still waits for a good hour; once for each idempotency key.

    Raises UnknownClient, UnknownService, PromotionNotAgreed, and KeyReused for another service under the same key.
    """
    business = catalog.business

    def attempt() -> Message:
        if first := _under(change.key, business.id, client):
            if first.detail != (service,):
                raise KeyReused
            return first
        invitation = _invitation(catalog, client, service, change)
        messages.put_alone(invitation)
        hand_over([messages.key(invitation)])
        return invitation

    return retried(attempt)


def _under(key: str, business: str, client: str) -> Message | None:
    said = (one for id in clients.load(business, client).ids for one in messages.about(business, id))
    return next((message for message in said if (message.stage, message.occasion) == (RECALL, key)), None)


def _invitation(catalog: Catalog, client: str, service: str, change: Change) -> Message:
    business, invited = catalog.business, clients.load(catalog.business.id, client)
    if not any(invited.agreed(Purpose.PROMOTIONAL, channel) for channel in business.channels):
        raise PromotionNotAgreed
    return about_no_visit(
        invited,
        RECALL,
        channel_for(invited, business, Purpose.PROMOTIONAL),
        Purpose.PROMOTIONAL,
        now=change.at,
        occasion=change.key,
        detail=(catalog.service(service).id,),
    )
