"""All providers of one instance: a request comes in, fails as it was told to, is taken or refused, and is told of."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.local.inbox import Inbox, Sent
from infra.local.place import Place
from infra.local.product_clock import ProductClock
from infra.local.providers import email, gateway, sms, stripe, wechat, whatsapp
from infra.local.providers.answers import Answer, Refused, Request, as_json, aws_refusal, hang_up
from infra.local.providers.events import AFTER_THE_ANSWER, Event, Events
from infra.local.providers.faults import Down, Receipts, Switchboard
from infra.local.providers.provider import Provider
from infra.local.providers.stack_ses import StackSes
from infra.local.providers.stripe_books import Books


class StandIn:
    """`accounts` tells what each business has with WeChat, its gateway and Stripe."""

    def __init__(
        self, place: Place, clock: ProductClock, inbox: Inbox, accounts: Callable[[], Mapping[str, Any]]
    ) -> None:
        self._clock, self._inbox = clock, inbox
        self.stripe = stripe.Stripe(accounts, place.url, Books(place.payments_file))
        self.providers: dict[str, Provider] = {
            "email": email.Email(StackSes(place)),
            "sms": sms.Sms(),
            "whatsapp": whatsapp.WhatsApp(inbox),
            "wechat": wechat.WeChat(accounts, inbox),
            "webhook": gateway.Gateway(accounts),
            "stripe": self.stripe,
        }
        self.faults = Switchboard({channel: provider.fates for channel, provider in self.providers.items()})
        self.events = Events(place, clock)
        self.refused: deque[tuple[str, str, str]] = deque(maxlen=50)

    def answer(self, request: Request) -> Answer:
        """Raises SystemExit where there is to be none."""
        channel = _channel(request)
        if not channel:
            return aws_refusal(404, "UnknownOperationException", "This stand-in knows no such operation.").answer
        now, faults = self._clock.now(), self.faults.of(channel)
        try:
            self._pass_faults(channel)
            taken = self.providers[channel].take(request, faults.addresses, now)
        except Refused as refused:
            self.refused.append((now.isoformat(timespec="seconds"), channel, str(refused)))
            return refused.answer
        for sent in taken.sent:
            self._inbox.keep(sent)
            self._tell(sent, now)
        self.tell_account(taken.events, now)
        if faults.silent is not None and (taken.sent or taken.events):
            self.faults.count(channel)
            time.sleep(faults.silent)
            hang_up()
        return taken.answer

    def tell_later(self, sent: Sent, what: str) -> None:
        """What the channel can still tell of a message that arrived. Raises ValueError."""
        provider = self.providers[sent.channel]
        if what not in provider.later:
            raise ValueError(f"{sent.channel} tells nothing such of a message that has arrived.")
        now = self._clock.now()
        self.send(sent.channel, provider.tell(sent, what, now), now)

    def send(self, channel: str, events: list[Event], at: datetime) -> None:
        """Twice where the channel repeats itself."""
        times = 2 if self.faults.of(channel).receipts is Receipts.TWICE else 1
        self.events.schedule(events * times, at)

    def tell_account(self, events: Sequence[Event], now: datetime) -> None:
        """What Stripe has to tell of one request."""
        faults = self.faults.of("stripe")
        told = self.stripe.as_told(events, faults.receipts)
        if faults.receipts is Receipts.EARLY:
            self.events.deliver(told)
        elif faults.receipts is not Receipts.OFF:
            late = timedelta(seconds=faults.late) if faults.receipts is Receipts.LATE else AFTER_THE_ANSWER
            self.send("stripe", told, now + late)

    def state(self) -> dict[str, Any]:
        fates = {channel: sorted(provider.fates) for channel, provider in self.providers.items()}
        return {
            "channels": self.faults.all(),
            "fates": fates,
            "pending": [
                {"at": at.isoformat(timespec="seconds"), "kind": event.kind, "of": event.of}
                for at, event in self.events.pending()
            ],
            "undelivered": [
                {"kind": event.kind, "of": event.of, "why": why} for event, why in list(self.events.undelivered)
            ],
            "refused": [{"at": at, "channel": channel, "why": why} for at, channel, why in list(self.refused)],
        }

    def _pass_faults(self, channel: str) -> None:
        faults = self.faults.of(channel)
        time.sleep(faults.delay)
        if faults.down is not Down.NO:
            self.faults.count(channel)
        if faults.down is Down.RESET:
            hang_up()
        if faults.down is Down.UNAVAILABLE:
            raise Refused("answered 503", as_json({"message": "Service Unavailable"}, 503))
        if not self.faults.takes_place(channel):
            raise self.providers[channel].throttled()

    def _tell(self, sent: Sent, now: datetime) -> None:
        faults, provider = self.faults.of(sent.channel), self.providers[sent.channel]
        if faults.receipts is Receipts.OFF:
            return
        at = now + (timedelta(seconds=faults.late) if faults.receipts is Receipts.LATE else AFTER_THE_ANSWER)
        fate = sent.details.get("fate") or faults.addresses.get(sent.to, "delivered")
        events = provider.tell(sent, fate, at)
        if faults.reads and fate == "delivered" and "read" in provider.later:
            events += provider.tell(sent, "read", at)
        if faults.receipts is Receipts.EARLY:
            self.events.deliver(events)
        else:
            self.send(sent.channel, events, at)


def _channel(request: Request) -> str:
    """Whom it is for, "" for nobody."""
    if request.headers.get("X-Amz-Target") == sms.TARGET:
        return "sms"
    if request.path.startswith(wechat.ADDRESS + "/"):
        return "wechat"
    if request.path.startswith(gateway.ADDRESS + "/"):
        return "webhook"
    if request.path.startswith(stripe.ADDRESS + "/"):
        return "stripe"
    return {email.SEND: "email", whatsapp.SEND: "whatsapp"}.get(request.path, "")
