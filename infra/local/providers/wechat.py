"""A WeChat Official Account: tokens, messages and their errcodes, and what it tells of them."""

import hashlib
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from infra.local.inbox import Inbox, Sent, Written
from infra.local.providers.answers import Refused, Request, Taken, as_json
from infra.local.providers.events import Event, Post
from infra.local.providers.wechat_message import Message, read_template, read_words, refusal
from infra.local.providers.wechat_push import POPUP, popup, push
from infra.local.providers.wechat_tokens import Tokens

ADDRESS = "/wechat"
TOKEN, TEMPLATE, WORDS = "/cgi-bin/stable_token", "/cgi-bin/message/template/send", "/cgi-bin/message/custom/send"
ONCE = "/cgi-bin/message/subscribe/bizsend"
WINDOW = timedelta(hours=48)
"""For so long after a reader wrote they can be written to freely."""
_REMEMBERS = timedelta(minutes=10)
"""How long a `client_msg_id` keeps a message from being sent to the same reader twice."""
_REFUSALS = {
    "invalid": (40003, "invalid openid"),
    "unfollowed": (43004, "require subscribe"),
    "blacklisted": (43019, "require remove blacklist"),
    "refuses": (43101, "user refuse to accept the msg"),
}
_STATUSES = {"delivered": "success", "blocked": "failed:user block", "failed": "failed: system failed"}


@dataclass(slots=True)
class WeChat:
    """The provider, for all accounts that `accounts` tells of."""

    accounts: Callable[[], Mapping[str, Any]]
    inbox: Inbox
    tokens: Tokens = field(default_factory=Tokens)
    fates: ClassVar = frozenset({*_REFUSALS, *_STATUSES})
    later: ClassVar = frozenset[str]()
    _numbers: Any = field(default_factory=lambda: itertools.count(int(time.time() * 1000)))
    _seen: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _taps: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many messages of a template each reader still allows."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:
        said, path = request.json(), request.path.removeprefix(ADDRESS)
        if not isinstance(said, dict):
            raise refusal(47001, "data format error")
        if path == TOKEN:
            return Taken(as_json(self._token(said, now)))
        if path not in (TEMPLATE, WORDS, ONCE):
            raise refusal(-1, "This stand-in knows stable_token, template/send, subscribe/bizsend and custom/send.")
        business = self._business(request.query.get("access_token", ""), now)
        message = read_words(said) if path == WORDS else read_template(said)
        if (fate := fates.get(message.to, "")) in _REFUSALS:
            raise refusal(*_REFUSALS[fate])
        if path == ONCE:
            self._spend(message)
        return self._sent(business, message, now) if message.template else self._said(business, message, now)

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        """Of free words nothing is ever told."""
        if not sent.details["msgid"]:
            return []
        event = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": sent.details["msgid"], "Status": _STATUSES[fate]}
        return [self._push(f"{event['Event']} {event['Status']}", sent.id, sent.sender, sent.to, event, at)]

    def hear(self, written: Written, answered: Sent | None) -> Event:  # noqa: ARG002
        """`#subscribe`, `#subscribe <key>` and `#unsubscribe` are no words but events: following, and leaving.

        `#accept <template>` and `#reject <template>` answer the window that asks for one more message of a template.
        """
        at = datetime.fromisoformat(written.at)
        match written.text.split():
            case ["#accept" | "#reject" as answer, template]:
                self._tapped(written.reader, template, accepted=answer == "#accept")
                said = {"Event": POPUP, **popup(template, answer.removeprefix("#"))}
                return self._push(answer, written.to, written.business, written.reader, said, at)
            case ["#subscribe" | "#unsubscribe" as event, *key]:
                said = {"Event": event.removeprefix("#"), "EventKey": f"qrscene_{key[0]}" if key else ""}
                return self._push(event, written.to, written.business, written.reader, said, at)
        number = int(hashlib.sha256(written.id.encode()).hexdigest()[:15], 16)
        said = {"Content": written.text, "MsgId": str(number)}
        return self._push("inbound", written.to, written.business, written.reader, said, at)

    def _tapped(self, reader: str, template: str, *, accepted: bool) -> None:
        with self._lock:
            taps = self._taps.get((reader, template), 0)
            self._taps[reader, template] = taps + 1 if accepted else 0

    def _spend(self, message: Message) -> None:
        """One message for each tap. Of who never answered a window here, what they ticked on the product's own page
        counts, of which this side knows nothing. Raises Refused."""
        with self._lock:
            if (left := self._taps.get((message.to, message.template))) == 0:
                raise refusal(43101, "user refuse to accept the msg")
            if left:
                self._taps[message.to, message.template] = left - 1

    def throttled(self) -> Refused:
        return refusal(45009, "reach max api daily quota limit")

    def _token(self, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        if said.get("grant_type") != "client_credential":
            raise refusal(40002, "invalid grant_type")
        for name, code in (("appid", 41002), ("secret", 41004)):
            if not said.get(name):
                raise refusal(code, f"{name} missing")
        for business, account in self.accounts().items():
            if account.get("wechat", {}).get("app_id") == said["appid"]:
                if account["wechat"]["app_secret"] != said["secret"]:
                    raise refusal(40125, "invalid appsecret")
                return self.tokens.token(business, now, anew=said.get("force_refresh") is True)
        raise refusal(40013, "invalid appid")

    def _business(self, token: str, now: datetime) -> str:
        if not token:
            raise refusal(41001, "access_token missing")
        business, is_expired = self.tokens.holder(token, now)
        if not business:
            raise refusal(40001, "invalid credential, access_token is invalid or not latest")
        if is_expired:
            raise refusal(42001, "access_token expired")
        return business

    def _sent(self, business: str, message: Message, now: datetime) -> Taken:
        """What is repeated within ten minutes is answered as the first was, and sent no more."""
        key = (message.to, message.own_id)
        with self._lock:
            seen_at, number = self._seen.get(key, (now - _REMEMBERS, 0))
            if is_new := not message.own_id or now >= seen_at + _REMEMBERS:
                number = next(self._numbers)
                self._seen[key] = (now, number)
        sent = (_kept(business, message, now, number, str(number)),) if is_new else ()
        return Taken(as_json({"errcode": 0, "errmsg": "ok", "msgid": number}), sent)

    def _said(self, business: str, message: Message, now: datetime) -> Taken:
        wrote = self.inbox.wrote_last("wechat", message.to)
        if wrote is None or now >= wrote + WINDOW:
            raise refusal(45015, "response out of time limit or subscription is canceled")
        return Taken(as_json({"errcode": 0, "errmsg": "ok"}), (_kept(business, message, now, next(self._numbers), ""),))

    def _push(self, kind: str, of: str, business: str, reader: str, said: Mapping[str, str], at: datetime) -> Post:
        account = self.accounts().get(business, {}).get("wechat")
        if not account:
            raise ValueError(f"{business} has no WeChat account.")
        return push(kind, of, f"/v1/inbound/wechat/{business}", account["token"], reader, said, at)


def _kept(business: str, message: Message, now: datetime, number: int, msgid: str) -> Sent:
    return Sent(
        id=f"wechat-{number}",
        channel="wechat",
        to=message.to,
        sender=business,
        at=now.isoformat(timespec="seconds"),
        subject=message.template,
        text=message.text,
        details={"msgid": msgid, "business": business, "message": message.own_id},
    )
