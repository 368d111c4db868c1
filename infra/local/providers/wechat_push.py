"""What WeChat sends to an account's own server: XML, signed with the token that the two agreed on."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from infra.local.providers.events import Post

POPUP = "subscribe_msg_popup_event"
FROM_A_PAGE = "1"


def popup(template: str, answer: str) -> dict[str, str]:
    """What the window asked for, and what they said to it: accept, or reject."""
    inner = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": FROM_A_PAGE}
    return {"SubscribeMsgPopupEvent": f"<List>{''.join(map(_member, inner, inner.values()))}</List>"}


def push(kind: str, of: str, path: str, token: str, reader: str, said: Mapping[str, str], at: datetime) -> Post:
    """An event where `said` names one, otherwise words."""

    def signed(_: bytes, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
        timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**10))
        query = {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        return query | {"openid": reader}, {"Content-Type": "text/xml"}

    members = {
        "ToUserName": "gh_kept",
        "FromUserName": reader,
        "CreateTime": str(int(at.timestamp())),
        "MsgType": "event" if "Event" in said else "text",
    }
    return Post(kind, of, path, _xml({**members, **said}).encode(), signed)


def signature(token: str, timestamp: str, nonce: str) -> str:
    return hashlib.sha1("".join(sorted([token, timestamp, nonce])).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def _xml(members: Mapping[str, str]) -> str:
    inner = "".join(f"{_member(name, value)}\n" for name, value in members.items())
    return f"<xml>\n{inner}</xml>"


def _member(name: str, value: str) -> str:
    return f"<{name}>{value if value.startswith('<List>') else _value(value)}</{name}>"


def _value(text: str) -> str:
    """Numbers stand as they are, words in CDATA, which cannot hold its own end."""
    if text.isdecimal():
        return text
    return escape(text) if "]]>" in text else f"<![CDATA[{text}]]>"
