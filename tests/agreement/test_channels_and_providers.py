"""The stand-in providers and the channels were written from the same documents; here they meet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused, Request
from infra.local.providers.events import Event, Notice
from infra.local.providers.provider import Provider
from kept.channels import Channel
from kept.messaging.channels import Parcel, Rejected, email, sms, standard_webhooks, webhook, wechat_inbound, whatsapp
from kept.messaging.channels.email import Email
from kept.messaging.channels.sms import Sms
from kept.messaging.channels.webhook import Gateway, Webhook
from kept.messaging.channels.wechat import Account, WeChat
from kept.messaging.channels.whatsapp import WhatsApp
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Tapped
from tests.domain.channel_wires import MAIL, PARCEL, TO_WECHAT, TO_WHATSAPP, Http, Wire, on_wire
from tests.local.requests_to_providers import ACCOUNTS, BUSINESS, NOW, OPENID, all_providers, an_inbox, posted

PROVIDERS = "/console/providers"
HOST = f"http://127.0.0.1:8765{PROVIDERS}"
PARCELS = {
    Channel.EMAIL: MAIL,
    Channel.SMS: PARCEL,
    Channel.WHATSAPP: TO_WHATSAPP,
    Channel.WECHAT: replace(TO_WECHAT, to=OPENID),
    Channel.WEBHOOK: PARCEL,
}
OUTCOMES: dict[Channel, dict[str, tuple[ReceiptStatus, ...]]] = {
    Channel.EMAIL: {
        "delivered": (ReceiptStatus.DELIVERED,),
        "bounce": (ReceiptStatus.BOUNCED,),
        "soft": (ReceiptStatus.FAILED,),
        "suppressed": (ReceiptStatus.BOUNCED,),
        "complaint": (ReceiptStatus.DELIVERED, ReceiptStatus.COMPLAINED),
        "spam": (ReceiptStatus.COMPLAINED,),
    },
    Channel.SMS: {
        "delivered": (ReceiptStatus.DELIVERED,),
        "invalid": (ReceiptStatus.BOUNCED,),
        "unreachable": (ReceiptStatus.FAILED,),
        "carrier_unreachable": (ReceiptStatus.FAILED,),
        "blocked": (ReceiptStatus.FAILED,),
        "spam": (ReceiptStatus.FAILED,),
        "expired": (ReceiptStatus.FAILED,),
    },
    Channel.WHATSAPP: {
        "delivered": (ReceiptStatus.DELIVERED,),
        "read": (ReceiptStatus.READ,),
        "unreachable": (ReceiptStatus.BOUNCED,),
        "unwanted": (ReceiptStatus.FAILED,),
        "stopped": (ReceiptStatus.FAILED, ReceiptStatus.COMPLAINED),
        "no_template": (ReceiptStatus.FAILED,),
        "paused": (ReceiptStatus.FAILED,),
    },
    Channel.WECHAT: {
        "delivered": (ReceiptStatus.DELIVERED,),
        "blocked": (ReceiptStatus.OPTED_OUT,),
        "failed": (ReceiptStatus.FAILED,),
    },
    Channel.WEBHOOK: {
        "delivered": (ReceiptStatus.DELIVERED,),
        "read": (ReceiptStatus.READ,),
        "failed": (ReceiptStatus.FAILED,),
        "invalid": (ReceiptStatus.BOUNCED,),
        "opted_out": (ReceiptStatus.OPTED_OUT,),
    },
}
REFUSED_AT_ONCE = {
    Channel.SMS: {"opted_out": "Suppressed"},
    Channel.WECHAT: {
        "invalid": "WrongAddress",
        "unfollowed": "Suppressed",
        "blacklisted": "Suppressed",
        "refuses": "Suppressed",
    },
}


@dataclass
class Joined(Wire):
    """A wire that leads to a stand-in."""

    answers: list[Any] = field(default_factory=list)
    provider: Provider | None = None
    fates: dict[str, str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    now: datetime = NOW

    def answer(self, request: Any) -> tuple[int, bytes]:
        assert self.provider
        try:
            taken = self.provider.take(_as_it_comes(request), self.fates, self.now)
        except Refused as refused:
            return refused.answer[0], refused.answer[2]
        self.sent += taken.sent
        return taken.answer[0], taken.answer[2]


def _as_it_comes(request: Any) -> Request:
    if isinstance(request, dict):
        return posted("/", request)
    url = urlsplit(request.url)
    path = url.path.removeprefix(PROVIDERS)
    return posted(path, request.body, query=dict(parse_qsl(url.query)), named=request.headers)


@pytest.fixture
def providers(tmp_path: Path) -> dict[str, Provider]:
    return all_providers(an_inbox(tmp_path))


def send(channel: Channel, wire: Joined, parcel: Parcel) -> str:
    http, account = cast(Any, Http(wire)), ACCOUNTS[BUSINESS]
    match channel:
        case Channel.EMAIL:
            return Email(on_wire("sesv2", wire), sender="desk@kept.example", configuration_set="kept").compose(parcel)()
        case Channel.SMS:
            client = on_wire("pinpoint-sms-voice-v2", wire)
            return Sms(client, origination="+12065550100", configuration_set="kept", max_price="0.30").compose(parcel)()
        case Channel.WHATSAPP:
            return WhatsApp(on_wire("socialmessaging", wire), phone_number_id="phone-number-id-01").compose(parcel)()
        case Channel.WECHAT:
            return WeChat(http, Account(**account["wechat"] | {"base_url": f"{HOST}/wechat"})).compose(parcel)()
    gateway = Gateway(f"{HOST}/gateway/{BUSINESS}", account["webhook"]["secret"])
    return Webhook(http, gateway, clock=lambda: NOW).compose(parcel)()


def read(channel: Channel, event: Event) -> Sequence[Receipt | Reply | Tapped]:
    """As the product's two doors do: from the queue behind the topic, or after the look at the signature."""
    if isinstance(event, Notice):
        reader = {Channel.EMAIL: email.events, Channel.SMS: sms.events, Channel.WHATSAPP: whatsapp.events}[channel]
        return reader(json.loads(event.text))
    account = ACCOUNTS[BUSINESS]
    query, headers = event.signed(event.body, NOW)
    if channel is Channel.WECHAT:
        assert wechat_inbound.is_genuine(query, token=account["wechat"]["token"], now=NOW)
        return wechat_inbound.events(event.body, business=BUSINESS)
    assert standard_webhooks.is_genuine(event.body, headers, secret=account["webhook"]["secret"], now=NOW)
    return webhook.events(json.loads(event.body), business=BUSINESS)


@pytest.mark.parametrize(("channel", "fate"), [(c, fate) for c, fates in OUTCOMES.items() for fate in fates])
def test_what_a_provider_tells_is_understood(channel: Channel, fate: str, providers: dict[str, Provider]) -> None:
    wire = Joined(provider=providers[channel])
    id = send(channel, wire, PARCELS[channel])
    (sent,) = wire.sent
    told = [one for event in wire.provider.tell(sent, fate, NOW) for one in read(channel, event)]  # type: ignore[union-attr]
    receipts = [one for one in told if isinstance(one, Receipt)]
    assert tuple(receipt.tells for receipt in receipts) == OUTCOMES[channel][fate]
    by_our_name = {(receipt.business, receipt.message) for receipt in receipts} == {(BUSINESS, PARCEL.message)}
    assert by_our_name or {receipt.provider_id for receipt in receipts} == {id}


def test_nothing_that_a_provider_can_tell_is_left_out(providers: dict[str, Provider]) -> None:
    known = {c: fates.keys() | REFUSED_AT_ONCE.get(c, {}).keys() for c, fates in OUTCOMES.items()}
    assert known == {Channel(name): provider.fates | provider.later for name, provider in providers.items()}


@pytest.mark.parametrize(
    ("channel", "fate", "means"),
    [(channel, fate, means) for channel, fates in REFUSED_AT_ONCE.items() for fate, means in fates.items()],
)
def test_what_a_provider_refuses_is_understood(
    channel: Channel, fate: str, means: str, providers: dict[str, Provider]
) -> None:
    wire = Joined(provider=providers[channel], fates={PARCELS[channel].to: fate})
    with pytest.raises(Rejected) as raised:
        send(channel, wire, PARCELS[channel])
    assert type(raised.value).__name__ == means


@pytest.mark.parametrize("channel", [channel for channel in OUTCOMES if channel is not Channel.EMAIL])
def test_what_a_reader_writes_arrives(channel: Channel, providers: dict[str, Provider]) -> None:
    reader = PARCELS[channel].to
    business = BUSINESS if channel in (Channel.WECHAT, Channel.WEBHOOK) else "+12065550100"
    written = Written("w-1", channel, reader, business, NOW.isoformat(), "改到周五吧")
    (reply,) = read(channel, providers[channel].hear(written, None))
    assert isinstance(reply, Reply)
    assert (reply.channel, reply.address, reply.text) == (channel, reader, "改到周五吧")


def test_a_token_of_wechat_that_is_over_is_fetched_anew(providers: dict[str, Provider]) -> None:
    wire, parcel = Joined(provider=providers[Channel.WECHAT]), PARCELS[Channel.WECHAT]
    send(Channel.WECHAT, wire, parcel)
    wire.now += timedelta(hours=3)
    send(Channel.WECHAT, wire, replace(parcel, message="another"))
    assert len(wire.sent) == 2


def test_a_message_that_is_repeated_comes_once(providers: dict[str, Provider]) -> None:
    """Over the channels whose provider can tell by our id; over the others a doubt may cost a second copy."""
    for channel in (Channel.WECHAT, Channel.WEBHOOK):
        wire = Joined(provider=providers[channel])
        ids = {send(channel, wire, PARCELS[channel]) for _ in range(2)}
        assert (len(ids), len(wire.sent)) == (1, 1)
