"""A business's own gateway: takes signed webhooks, and tells of them in the same way (Standard Webhooks)."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused, Request, Taken, as_json
from infra.local.providers.events import Event, Post

ADDRESS = "/gateway"
_TOLERANCE = timedelta(minutes=5)
_KINDS = {"delivered": "message.delivered", "read": "message.read"}
_REASONS = {"failed": "no room on the telephone", "invalid": "invalid_address", "opted_out": "opted_out"}


@dataclass(slots=True)
class Gateway:
    """The gateways of all businesses that `accounts` tells of, each at an address of its own."""

    accounts: Callable[[], Mapping[str, Any]]
    fates: ClassVar = frozenset({"delivered", *_REASONS})
    later: ClassVar = frozenset({"read"})
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:  # noqa: ARG002
        """A webhook that came before is welcome again and does nothing."""
        business = request.path.removeprefix(ADDRESS).strip("/")
        account = self.accounts().get(business, {}).get("webhook")
        if not account:
            raise _refusal(404, "There is no such gateway.")
        id = _verified(request, account["secret"], now)
        said = _payload(request)
        if (business, id) in self._seen:
            return Taken(as_json({"id": f"gw_{id}"}, 202))
        self._seen.add((business, id))
        data = said["data"]
        sent = Sent(
            id=str(uuid.uuid4()),
            channel="webhook",
            to=data["to"],
            sender=business,
            at=now.isoformat(timespec="seconds"),
            text=data["text"],
            details={"business": business, "message": data["message"], "id": f"gw_{id}"},
        )
        return Taken(as_json({"id": sent.details["id"]}, 202), (sent,))

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        data = {"message": sent.details["message"], "id": sent.details["id"]}
        if reason := _REASONS.get(fate):
            data["reason"] = reason
        return [self._post(_KINDS.get(fate, "message.failed"), sent.id, sent.sender, data, at)]

    def hear(self, written: Written, answered: Sent | None) -> Event:
        said = {"id": written.id, "from": written.reader, "text": written.text}
        if answered:
            said["in_reply_to"] = answered.details["message"]
        return self._post("message.reply", written.to, written.business, said, datetime.fromisoformat(written.at))

    def throttled(self) -> Refused:
        return _refusal(429, "Too many webhooks.", ("Retry-After", "1"))

    def _post(self, kind: str, of: str, business: str, data: Mapping[str, str], at: datetime) -> Post:
        account = self.accounts().get(business, {}).get("webhook")
        if not account:
            raise ValueError(f"{business} has no gateway.")
        id = f"evt_{uuid.uuid4().hex}"
        timestamp = at.isoformat(timespec="seconds").replace("+00:00", "Z")
        body = json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False).encode()

        def signed(content: bytes, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
            return {}, {"Content-Type": "application/json"} | headers(account["secret"], id, now, content)

        return Post(kind, of, f"/v1/inbound/webhook/{business}", body, signed)


def headers(secret: str, id: str, now: datetime, body: bytes) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    signature = f"v1,{_signature(secret, id, timestamp, body)}"
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def _verified(request: Request, secret: str, now: datetime) -> str:
    """Its id. Raises Refused when it is unsigned, signed by somebody else, or not of these five minutes."""
    id, timestamp, signatures = (
        request.headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature")
    )
    if not (id and timestamp.isdecimal() and signatures):
        raise _refusal(400, "webhook-id, webhook-timestamp or webhook-signature is missing.")
    if abs(now.timestamp() - int(timestamp)) > _TOLERANCE.total_seconds():
        raise _refusal(401, "webhook-timestamp is not of these five minutes.")
    expected = f"v1,{_signature(secret, id, timestamp, request.body)}"
    if not any(hmac.compare_digest(expected, signature) for signature in signatures.split()):
        raise _refusal(401, "webhook-signature is not of this content.")
    return str(id)


def _signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def _payload(request: Request) -> Mapping[str, Any]:
    match request.json():
        case {"type": str(), "timestamp": str(), "data": {"message": str(), "to": str(), "text": str()}} as said:
            return dict(said)
    raise _refusal(400, "A webhook has a type, a timestamp and data; data says at least message, to and text.")


def _refusal(status: int, words: str, *more: tuple[str, str]) -> Refused:
    return Refused(words, as_json({"message": words}, status, *more))
