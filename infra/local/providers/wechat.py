"""A WeChat Official Account: tokens, template messages and their errcodes, as the documents of Weixin have them."""

import hashlib
import itertools
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused, Request, Taken, as_json
from infra.local.providers.events import Event, Post
from infra.local.providers.wechat_push import push
from infra.local.providers.wechat_tokens import Tokens

ADDRESS = "/wechat"
TOKEN, SEND = "/cgi-bin/stable_token", "/cgi-bin/message/template/send"
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_TEMPLATE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_ID = 32
_REMEMBERS = timedelta(minutes=10)
"""How long a `client_msg_id` keeps a message from being sent to the same reader twice."""
_REFUSALS = {
    "invalid": (40003, "invalid openid"),
    "unfollowed": (43004, "require subscribe"),
    "refuses": (43101, "user refuse to accept the msg"),
}
_STATUSES = {"delivered": "success", "blocked": "failed:user block", "failed": "failed: system failed"}


@dataclass(slots=True)
class WeChat:
    """The provider, for all accounts that `accounts` tells of."""

    accounts: Callable[[], Mapping[str, Any]]
    tokens: Tokens = field(default_factory=Tokens)
    fates: ClassVar = frozenset({*_REFUSALS, *_STATUSES})
    later: ClassVar = frozenset[str]()
    _numbers: Any = field(default_factory=lambda: itertools.count(int(time.time() * 1000)))
    _seen: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:
        said = request.json()
        if not isinstance(said, dict):
            raise refusal(47001, "data format error")
        match request.path.removeprefix(ADDRESS):
            case path if path == TOKEN:
                return Taken(as_json(self._token(said, now)))
            case path if path == SEND:
                return self._send(said, request.query.get("access_token", ""), fates, now)
        raise refusal(-1, "This stand-in knows stable_token and message/template/send only.")

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        event = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": sent.details["msgid"], "Status": _STATUSES[fate]}
        return [
            self._push(f"{event['Event']} {event['Status']}", sent.id, sent.details["business"], sent.to, event, at)
        ]

    def hear(self, written: Written, answered: Sent | None) -> Event:  # noqa: ARG002
        """`#subscribe`, `#subscribe <key>` and `#unsubscribe` are no words but events: following, and leaving."""
        at = datetime.fromisoformat(written.at)
        match written.text.split():
            case ["#subscribe" | "#unsubscribe" as event, *key]:
                said = {"Event": event.removeprefix("#"), "EventKey": f"qrscene_{key[0]}" if key else ""}
                return self._push(event, written.to, written.business, written.reader, said, at)
        number = int(hashlib.sha256(written.id.encode()).hexdigest()[:15], 16)
        said = {"Content": written.text, "MsgId": str(number)}
        return self._push("inbound", written.to, written.business, written.reader, said, at)

    def throttled(self) -> Refused:
        return refusal(45009, "reach max api daily quota limit")

    def _token(self, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        if said.get("grant_type") != "client_credential":
            raise refusal(40002, "invalid grant_type")
        for name, code in (("appid", 41002), ("secret", 41004)):
            if not said.get(name):
                raise refusal(code, f"{name} missing")
        business = next(
            (b for b, a in self.accounts().items() if a.get("wechat", {}).get("app_id") == said["appid"]), ""
        )
        if not business:
            raise refusal(40013, "invalid appid")
        if self.accounts()[business]["wechat"]["app_secret"] != said["secret"]:
            raise refusal(40125, "invalid appsecret")
        return self.tokens.token(business, now, anew=said.get("force_refresh") is True)

    def _send(self, said: Mapping[str, Any], token: str, fates: Mapping[str, str], now: datetime) -> Taken:
        business = self._business(token, now)
        to, template = said.get("touser"), said.get("template_id")
        if not (isinstance(to, str) and _OPENID.fullmatch(to)):
            raise refusal(40003, "invalid openid")
        if not (isinstance(template, str) and _TEMPLATE.fullmatch(template)):
            raise refusal(40037, "invalid template_id")
        lines = _lines(said.get("data"))
        if len(own_id := str(said.get("client_msg_id", ""))) > _LONGEST_ID:
            raise refusal(40035, "invalid client_msg_id size")
        if (fate := fates.get(to, "")) in _REFUSALS:
            raise refusal(*_REFUSALS[fate])
        number, is_new = self._numbered(to, own_id, now)
        sent = Sent(
            id=f"wechat-{number}",
            channel="wechat",
            to=to,
            sender=business,
            at=now.isoformat(timespec="seconds"),
            subject=template,
            text="\n".join([*lines, *([said["url"]] if said.get("url") else [])]),
            details={"msgid": str(number), "business": business, "message": own_id},
        )
        return Taken(as_json({"errcode": 0, "errmsg": "ok", "msgid": number}), (sent,) if is_new else ())

    def _business(self, token: str, now: datetime) -> str:
        if not token:
            raise refusal(41001, "access_token missing")
        business, is_expired = self.tokens.holder(token, now)
        if not business:
            raise refusal(40001, "invalid credential, access_token is invalid or not latest")
        if is_expired:
            raise refusal(42001, "access_token expired")
        return business

    def _numbered(self, to: str, own_id: str, now: datetime) -> tuple[int, bool]:
        """The message's number, and whether it is new: what is repeated within ten minutes gets the first one's."""
        with self._lock:
            seen = self._seen.get((to, own_id)) if own_id else None
            if seen and now < seen[0] + _REMEMBERS:
                return seen[1], False
            number = next(self._numbers)
            if own_id:
                self._seen[to, own_id] = (now, number)
            return number, True

    def _push(self, kind: str, of: str, business: str, reader: str, said: Mapping[str, str], at: datetime) -> Post:
        account = self.accounts().get(business, {}).get("wechat")
        if not account:
            raise ValueError(f"{business} has no WeChat account.")
        return push(kind, of, f"/v1/inbound/wechat/{business}", account["token"], reader, said, at)


def refusal(code: int, words: str) -> Refused:
    """WeChat refuses with 200, and a number in the body."""
    return Refused(f"{code} {words}", as_json({"errcode": code, "errmsg": f"{words} rid: {secrets.token_hex(4)}"}))


def _lines(data: Any) -> list[str]:
    """What the card shows, a line for each of its fields."""
    if not (isinstance(data, dict) and data):
        raise refusal(47001, "data format error")
    for value in data.values():
        if not (isinstance(value, dict) and isinstance(value.get("value"), str)):
            raise refusal(47003, "argument invalid!")
    return [f"{name}: {value['value']}" for name, value in data.items()]
