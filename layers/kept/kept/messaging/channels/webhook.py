"""The business's own gateway: every message as a signed webhook, and what it tells of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from kept.channels import Channel
from kept.clients.names import said_to_them
from kept.messaging.channels import Parcel, ProviderUnavailable, Rejected, Sending, Throttled
from kept.messaging.channels.provider import called
from kept.messaging.channels.reading import instant, reading, text
from kept.messaging.channels.standard_webhooks import signed
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Unreadable
from kept.reasons import Code, Reason, because

if TYPE_CHECKING:
    from urllib3 import PoolManager

SEND = "message.send"
FINAL = frozenset({400, 410, 413, 422})
"""What is wrong with this message, or wanted no more; what is wrong with the address or the secret can be mended."""

TOO_FAST = 429

TOLD = {
    "message.delivered": ReceiptStatus.DELIVERED,
    "message.read": ReceiptStatus.READ,
    "message.failed": ReceiptStatus.FAILED,
}
NEVER_AGAIN = {"invalid_address": ReceiptStatus.BOUNCED, "opted_out": ReceiptStatus.OPTED_OUT}
"""Reasons of a failure after which nothing goes to that address any more."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where it listens, and the secret it shares with us: whsec_ and base64."""

    url: str
    secret: str = field(repr=False)


class Webhook:
    """One business's gateway. `http` knows how long to wait; `clock` tells when it is signed."""

    def __init__(self, http: "PoolManager", gateway: Gateway, *, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._gateway = gateway
        self._clock = clock

    def compose(self, parcel: Parcel) -> Sending:
        now, id = self._clock(), parcel.message.replace(".", "-")
        body = json.dumps(said(parcel, now), ensure_ascii=False).encode()
        headers = signed(body, id=id, secret=self._gateway.secret, now=now)
        return partial(self._send, body, headers, id)

    def _send(self, body: bytes, headers: Mapping[str, str], id: str) -> str:
        """Its own id, or ours where it gives none; by ours it can tell a repeated message."""
        with called():
            answer = self._http.request(
                "POST",
                self._gateway.url,
                body=body,
                headers={"content-type": "application/json", **headers},
                retries=False,
                redirect=False,
            )
        _check(answer.status)
        return _its_id(answer.data) or id


def said(parcel: Parcel, now: datetime) -> dict[str, Any]:
    """What the gateway gets to know; `unsubscribe` and `link` are empty where there are none."""
    return {
        "type": SEND,
        "timestamp": now.isoformat(timespec="seconds"),
        "data": {
            "business": parcel.business,
            "message": parcel.message,
            "to": parcel.to,
            "reader": said_to_them(parcel.reader),
            "sender": parcel.sender,
            "language": parcel.rendered.language,
            "text": parcel.rendered.text,
            "link": parcel.rendered.named.get("link", ""),
            "unsubscribe": parcel.unsubscribe,
        },
    }


def events(payload: Mapping[str, Any], *, business: str) -> list[Receipt | Reply]:
    """`business` is the one whose secret signed it, whatever it says itself.

    A reply may name the message that it answers in `in_reply_to`: by the `message` it was given, or by its own id.
    """
    with reading(Channel.WEBHOOK):
        kind, data, at = payload["type"], payload["data"], instant(payload["timestamp"])
        if kind == "message.reply":
            address, words, id = (text(data[name]) for name in ("from", "text", "id"))
            answers = text(data.get("in_reply_to") or data.get("message") or "")
            return [Reply(Channel.WEBHOOK, address, words, id, at, business, answers)]
        if kind not in TOLD:
            raise Unreadable("webhook: an event of no known type")
        why = text(data.get("reason", ""))
        tells = NEVER_AGAIN.get(why, TOLD[kind]) if kind == "message.failed" else TOLD[kind]
        id = text(data.get("id", ""))
        return [Receipt(Channel.WEBHOOK, tells, at, business, text(data["message"]), id, _in_its_words(tells, why))]


def _in_its_words(tells: ReceiptStatus, why: str) -> Reason | None:
    """A gateway's own reason is shown; its two words of ours are put better by what they mean."""
    return because(Code.IN_THEIR_WORDS, words=why) if why and tells is ReceiptStatus.FAILED else None


def _check(status: int) -> None:
    if status == TOO_FAST:
        raise Throttled(str(status))
    if status in FINAL:
        raise Rejected(because(Code.REFUSED_BY_GATEWAY, error=status))
    if not 200 <= status < 300:
        raise ProviderUnavailable(str(status))


def _its_id(answer: bytes) -> str:
    """It has taken the message, whatever it says."""
    try:
        match json.loads(answer):
            case {"id": str(id)}:
                return id
    except ValueError:
        return ""
    return ""
