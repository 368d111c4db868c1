"""What WeChat sends to an account's own server: XML, signed with the token that the two agreed on."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from infra.local.providers.events import Post


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
    inner = "".join(f"<{name}>{_value(value)}</{name}>\n" for name, value in members.items())
    return f"<xml>\n{inner}</xml>"


def _value(text: str) -> str:
    """Numbers stand as they are, words in CDATA, which cannot hold its own end."""
    if text.isdecimal():
        return text
    return escape(text) if "]]>" in text else f"<![CDATA[{text}]]>"
